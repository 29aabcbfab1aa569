// A backtest on several threads: to the letter what one thread finds, in the order in which tickets come; texts
// are fetched on the caller's thread where the past says so; stopping stops.

#include "core/rules/backtest.h"
#include "core/rules/parse.h"
#include "tests/support/pasts/pastmaker.h"

#include <QThread>
#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant start { 1'775'001'600'000 };

QString someRules()
{
    return u"rule \"Waits\" when no agent reply for 2h then escalate to L2 reason sla-risk continue\n"
           "rule \"Late\" when sla left below 30m then remind continue\n"
           "rule \"Person\" when asks for a human or text mentions \"refund\" then remind continue\n"
           "rule \"Many\" when 3 tickets from one account within 1d and open for 1h then remind continue\n"
           "rule \"Rich\" when arr is at least $50,000 and idle for 3h then notify channel \"#vip\"\n"
           "rule \"Last\" when plan is enterprise and urgency is at least 20 then remind"_s;
}

/// A past that is read from somewhere: each ticket is made for the visitor, who may take it, and texts may be asked
/// for on the thread that walks alone.
class ReadPast final : public Past
{
public:
    explicit ReadPast(std::vector<PastTicket> tickets)
        : m_tickets(std::move(tickets))
    {
    }
    Result<Done> walk(const Visit &visit) override
    {
        PastTicket shared; // as a reader does that keeps its buffers
        for (const PastTicket &ticket : m_tickets) {
            shared = ticket;
            shared.textOf
                = [this, walker = QThread::currentThread(), textOf = ticket.textOf](MessageId id) {
                      ++texts;
                      hasStrayed = hasStrayed || QThread::currentThread() != walker;
                      return textOf(id);
                  };
            TIERLINE_CHECK(visit(shared));
        }
        return Done {};
    }
    Result<PastTicket> one(TicketId) override { return notFound(u"Not asked for."_s); }

    int texts = 0;
    bool hasStrayed = false;

private:
    std::vector<PastTicket> m_tickets;
};

QStringList linesOf(const BacktestResult &result)
{
    QStringList lines { QString::number(result.tickets) };
    for (const BacktestRule &rule : result.rules) {
        lines.append(
            u"%1: %2 in %3, %4 unjudged %5, precision %6, recall %7, missed %8"_s.arg(rule.name)
                .arg(rule.count)
                .arg(rule.tickets)
                .arg(rule.unjudged)
                .arg(rule.unjudgedWhy)
                .arg(rule.precision.value_or(-1))
                .arg(rule.recall.value_or(-1))
                .arg(rule.missed.join(u',')));
        for (const BacktestFire &fire : rule.fires)
            lines.append(u"%1 %2 %3 [%4]%5"_s.arg(fire.key, fire.at.iso(), fire.sentence, fire.tier,
                fire.escalates ? u" escalates"_s : QString()));
        for (const auto &[day, count] : rule.perDay)
            lines.append(u"%1 %2"_s.arg(day.toString(Qt::ISODate)).arg(count));
    }
    for (const auto &[tier, load] : result.loadPerTier)
        lines.append(u"%1 %2"_s.arg(tier).arg(load));
    for (const auto &[who, count] : result.notices)
        lines.append(u"%1 %2"_s.arg(who).arg(count));
    return lines;
}

} // namespace

class TestReplayCrew : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void sameOnAnyNumberOfThreads();
    void textsComeFromTheWalker();
    void stopsInTheMiddle_data();
    void stopsInTheMiddle();

private:
    std::unique_ptr<RuleSet> m_set;
    std::vector<PastTicket> m_tickets;
    triage::TextReader m_reader;
    LifeFrame m_frame;
    BacktestSpan m_span { .from = start + Millis(6 * 3'600'000LL),
        .to = start + Millis(5 * 86'400'000LL) };
};

void TestReplayCrew::initTestCase()
{
    Parsed parsed = parse(someRules());
    QVERIFY2(
        parsed.isWhole(), parsed.problems.empty() ? "" : qPrintable(parsed.problems[0].text()));
    m_set = std::make_unique<RuleSet>(std::move(parsed.document.rules), Lists {});
    test::PastMaker maker(11, {});
    m_tickets = maker.tickets(500);
    for (size_t i = 0; i < m_tickets.size(); i += 3)
        m_tickets[i].shouldEscalate = i % 2 == 0;
    m_frame.reader = &m_reader;
    m_frame.agreements = test::someAgreements(start, 1);
}

void TestReplayCrew::sameOnAnyNumberOfThreads()
{
    test::ListPast past(m_tickets);
    m_span.threads = 1;
    const auto one = backtest(*m_set, past, m_frame, m_span);
    QVERIFY(one);
    const QStringList wanted = linesOf(*one);
    QCOMPARE(one->tickets, 500);
    for (const BacktestRule &rule : one->rules)
        QVERIFY2(rule.count > 10, qPrintable(rule.name));
    for (const int threads : { 0, 2, 3, 8 }) {
        m_span.threads = threads;
        for (int round = 0; round < 3; ++round) {
            const auto several = backtest(*m_set, past, m_frame, m_span);
            QVERIFY(several);
            QCOMPARE(linesOf(*several), wanted);
        }
    }
}

void TestReplayCrew::textsComeFromTheWalker()
{
    test::ListPast kept(m_tickets);
    const auto wanted = backtest(*m_set, kept, m_frame, m_span);
    QVERIFY(wanted);
    for (const int threads : { 1, 2, 4 }) {
        ReadPast past(m_tickets);
        m_span.threads = threads;
        const auto found = backtest(*m_set, past, m_frame, m_span);
        QVERIFY(found);
        QCOMPARE(linesOf(*found), linesOf(*wanted));
        QVERIFY(past.texts > 300);
        QVERIFY2(!past.hasStrayed, "a text was asked for on another thread");
    }
}

void TestReplayCrew::stopsInTheMiddle_data()
{
    // 2,000 tickets are told of four times while other tickets' traces are read, and four while they are played.
    QTest::addColumn<int>("stopAt");
    QTest::newRow("while traces are read") << 2;
    QTest::newRow("before the first ticket is played") << 4;
    QTest::newRow("while tickets are played") << 6;
}

void TestReplayCrew::stopsInTheMiddle()
{
    QFETCH(int, stopAt);
    std::vector<PastTicket> many;
    for (int i = 0; i < 4; ++i)
        many.insert(many.end(), m_tickets.begin(), m_tickets.end());
    BacktestSpan span = m_span;
    span.threads = 2;
    int told = 0;
    qint64 last = -1;
    span.progress = [&](qint64 tickets) {
        last = tickets;
        return told++ != stopAt;
    };
    ReadPast past(many);
    const auto result = backtest(*m_set, past, m_frame, span);
    QVERIFY(!result);
    QCOMPARE(result.error().fault, Fault::Cancelled);
    QCOMPARE(told, stopAt + 1);
    QVERIFY(stopAt < 6 ? last == 0 : last > 0 && last < 2'000);
}

QTEST_GUILESS_MAIN(TestReplayCrew)
#include "tst_replaycrew.moc"
