#include "core/rules/backtest.h"
#include "core/rules/parse.h"
#include "tests/support/pasts/pastmaker.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>

// What a backtest costs: 60 days, 100,000 tickets, 50 rules, in at most 5 s. Beside it what folding the same logs
// without any rule takes, so that the rules' own share is seen. Tickets are made in slices, which is not
// counted; `rules backtest` on a workspace says what reading adds.
//   bench_backtest [tickets]

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr int slice = 2'000;

double secondsOf(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e9;
}

/// Makes tickets as they are walked over, the same each time.
class MadePast final : public Past
{
public:
    explicit MadePast(int tickets)
        : m_tickets(tickets)
    {
    }
    Result<Done> walk(const Visit &visit) override
    {
        test::PastMaker maker(
            1, { .minutes = 60 * 24 * 60, .accounts = 5'000, .mostSteps = 14, .gap = 600 });
        for (int done = 0; done < m_tickets; done += slice) {
            QElapsedTimer timer;
            timer.start();
            std::vector<PastTicket> tickets = maker.tickets(std::min(slice, m_tickets - done));
            making += secondsOf(timer);
            for (PastTicket &ticket : tickets) {
                events += qint64(ticket.events.size());
                TIERLINE_CHECK(visit(ticket));
            }
        }
        return Done {};
    }
    Result<PastTicket> one(TicketId) override { return notFound(u"Not asked for."_s); }

    double making = 0; ///< seconds
    qint64 events = 0;

private:
    int m_tickets;
};

/// Fifty rules as teams write them: plain fields and times, some with clocks, words and other tickets.
QString someRules()
{
    static const QStringList plans { u"enterprise"_s, u"business"_s, u"free"_s };
    static const QStringList moods { u"asks for a human"_s, u"legal words"_s, u"churn intent"_s,
        u"urgency is at least 60"_s, u"text mentions \"refund\" or \"chargeback\""_s };
    QString text;
    for (int i = 0; i < 50; ++i) {
        QString when = u"plan is %1"_s.arg(plans[i % 3]);
        if (i % 2)
            when += u" and category is billing"_s;
        switch (i % 10) {
        case 0: when += u" and no agent reply for %1h"_s.arg(2 + i); break;
        case 1: when += u" and priority is at least high and unassigned for 30m"_s; break;
        case 2: when += u" and sla left below %1m"_s.arg(10 + i); break;
        case 3: when += u" and open for %1h and not status is pending"_s.arg(20 + i); break;
        case 4: when += u" and in tier for %1 service hours"_s.arg(1 + i % 5); break;
        case 5: when += u" and %1"_s.arg(moods[i / 10]); break;
        case 6: when += u" and (reopened 1 time or 2 messages without answer)"_s; break;
        case 7: when += u" and arr is at least $100,000 and idle for 4h"_s; break;
        case 8: when += u" and 2 attempts at L1 and no customer reply for 2d"_s; break;
        default:
            when += i == 49 ? u" and 5 tickets from one account within 7d"_s
                            : u" and unaccepted for 5m"_s;
            break;
        }
        text += u"rule \"R%1\"\n  when %2\n  then %3\n  continue\n"_s.arg(i).arg(
            when, i % 3 ? u"remind"_s : u"escalate to L2 reason sla-risk"_s);
    }
    return text;
}

std::unique_ptr<RuleSet> compile(const QString &text)
{
    Parsed parsed = parse(text);
    if (!parsed.isWhole()) {
        std::fprintf(stderr, "%s\n", qPrintable(parsed.problems.front().text()));
        std::exit(1);
    }
    return std::make_unique<RuleSet>(std::move(parsed.document.rules), Lists {});
}

qint64 firesOf(const BacktestResult &result)
{
    qint64 fires = 0;
    for (const BacktestRule &rule : result.rules)
        fires += rule.count;
    return fires;
}

void inMemory(int tickets)
{
    const triage::TextReader reader;
    LifeFrame frame { .reader = &reader };
    frame.agreements = test::someAgreements({ 1'775'001'600'000 }, 30);
    const auto set = compile(someRules());
    MadePast folded(tickets);
    QElapsedTimer timer;
    timer.start();
    TicketLife life(frame);
    (void)folded.walk([&](PastTicket &ticket) -> Result<Done> {
        life.begin(ticket.id, ticket.customer, ticket.textOf);
        for (const Event &event : ticket.events)
            life.apply(event);
        return Done {};
    });
    const double folding = secondsOf(timer) - folded.making;
    MadePast past(tickets);
    timer.start();
    const auto result
        = backtest(*set, past, frame, { .to = { 1'775'001'600'000 + 75LL * 86'400'000 } });
    const double played = secondsOf(timer) - past.making;
    if (!result)
        std::exit(1);
    std::printf("%d tickets, %lld events, 50 rules: %lld fires\n", tickets,
        static_cast<long long>(folded.events), static_cast<long long>(firesOf(*result)));
    std::printf("folding the logs alone   %8.2f s\n", folding);
    std::printf("backtest                 %8.2f s  bar <= %.2f %s\n", played, 5.0 * tickets / 1e5,
        played <= 5.0 * tickets / 1e5 ? "holds" : "MISSED");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    inMemory(words.value(1, u"100000"_s).toInt());
    return 0;
}
