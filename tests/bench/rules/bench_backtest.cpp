#include "core/base/freedmemory.h"
#include "core/rules/backtest.h"
#include "core/rules/parse.h"
#include "tests/support/pasts/pastmaker.h"

#include <QCoreApplication>
#include <QElapsedTimer>

#include <cstdio>

#include <sys/resource.h>

// What a backtest costs: 60 days, 100,000 tickets, 50 rules, in at most 5 s of wall time on the cores there are.
// Beside it what folding the same logs without any rule takes, and the same on one thread: the outcome must be
// the same to the letter. Tickets are made beforehand and stand in memory; `rules backtest` on a workspace says
// what reading adds.
//   bench_backtest [tickets]

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

double secondsOf(const QElapsedTimer &timer)
{
    return double(timer.nsecsElapsed()) / 1e9;
}

/// Of the whole process, all threads together.
double processorSeconds()
{
    rusage used {};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds
        = [](const timeval &time) { return double(time.tv_sec) + 1e-6 * double(time.tv_usec); };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

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

/// Everything that a backtest says, as one number.
size_t digestOf(const BacktestResult &result)
{
    size_t digest = size_t(result.tickets);
    for (const BacktestRule &rule : result.rules) {
        digest = qHashMulti(
            digest, rule.name, rule.count, rule.tickets, rule.unjudged, rule.unjudgedWhy);
        for (const BacktestFire &fire : rule.fires)
            digest = qHashMulti(
                digest, fire.ticket.v, fire.at.ms, fire.sentence, fire.tier, fire.escalates);
    }
    return digest;
}

struct Played {
    double seconds = 0, processor = 0;
    qint64 fires = 0;
    size_t digest = 0;
};

Played play(const RuleSet &set, Past &past, const LifeFrame &frame, int threads)
{
    const BacktestSpan span { .to = { 1'775'001'600'000 + 75LL * 86'400'000 }, .threads = threads };
    QElapsedTimer timer;
    timer.start();
    const double before = processorSeconds();
    const auto result = backtest(set, past, frame, span);
    Played played { secondsOf(timer), processorSeconds() - before, 0, 0 };
    if (!result)
        std::exit(1);
    played.fires = firesOf(*result);
    played.digest = digestOf(*result);
    return played;
}

void inMemory(int tickets)
{
    const triage::TextReader reader;
    LifeFrame frame { .reader = &reader };
    frame.agreements = test::someAgreements({ 1'775'001'600'000 }, 30);
    const auto set = compile(someRules());
    test::PastMaker maker(
        1, { .minutes = 60 * 24 * 60, .accounts = 5'000, .mostSteps = 14, .gap = 600 });
    test::ListPast past(maker.tickets(tickets));
    qint64 events = 0;
    QElapsedTimer timer;
    timer.start();
    TicketLife life(frame);
    for (const PastTicket &ticket : past.tickets) {
        life.begin(ticket.id, ticket.customer, ticket.textOf);
        for (const Event &event : ticket.events)
            life.apply(event);
        events += qint64(ticket.events.size());
    }
    const double folding = secondsOf(timer);
    const Played all = play(*set, past, frame, 0);
    const Played one = play(*set, past, frame, 1);
    if (all.digest != one.digest) {
        std::fprintf(stderr, "several threads found something else than one\n");
        std::exit(1);
    }
    std::printf("%d tickets, %lld events, 50 rules: %lld fires, the same on one thread\n", tickets,
        static_cast<long long>(events), static_cast<long long>(all.fires));
    std::printf("folding the logs alone   %8.2f s\n", folding);
    std::printf("on one thread            %8.2f s (processor %.2f)\n", one.seconds, one.processor);
    std::printf("backtest                 %8.2f s (processor %.2f)  bar <= %.2f %s\n", all.seconds,
        all.processor, 5.0 * tickets / 1e5,
        all.seconds <= 5.0 * tickets / 1e5 ? "holds" : "MISSED");
    std::fflush(stdout);
}

} // namespace

int main(int argc, char **argv)
{
    returnLargeBuffers(); // as the programs do
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    inMemory(words.value(1, u"100000"_s).toInt());
    return 0;
}
