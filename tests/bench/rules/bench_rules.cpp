#include "core/base/ids.h"
#include "core/rules/columns.h"
#include "core/rules/parse.h"

#include <QElapsedTimer>

#include <cstdio>

// What rules cost. A full pass of 50 rules over a million tickets against a bare loop over a table of
// (field, operator, value), both counting the same hits; one ticket's change against 1,000 rules; one changed
// field against judging only the rules that read it.

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant now { 1'780'912'800'000 };
const QStringList plans { u"free"_s, u"business"_s, u"enterprise"_s };

/// A ticket as the bare loop has it: seven numbers.
struct Bare {
    qint64 fields[7]; // plan, category, priority, revenue, health, reopened, waiting since
};

struct BareCondition {
    int field;
    enum { Equal, AtLeast, Below } op;
    qint64 value;
};
using BareRule = std::vector<BareCondition>;

Bare makeTicket(RandomSource &random)
{
    return { { random.below(3), random.below(12), random.below(4), random.below(500'000),
        random.below(101), random.below(4), now.ms - random.below(72 * 60) * 60'000 } };
}

/// Three or four conditions each, written twice: for the loop and in words.
void makeRules(RandomSource &random, int count, std::vector<BareRule> &bare, QString &text)
{
    for (int i = 0; i < count; ++i) {
        const qint64 plan = random.below(3), category = random.below(12),
                     hours = 1 + random.below(48);
        BareRule rule { { 0, BareCondition::Equal, plan }, { 1, BareCondition::Equal, category },
            { 6, BareCondition::Below, now.ms - hours * 3'600'000 + 1 } };
        QString when
            = u"plan is %1 and category is c%2 and no agent reply for %3h"_s.arg(plans[plan])
                  .arg(category)
                  .arg(hours);
        if (i % 2) {
            const qint64 revenue = random.below(500) * 1'000;
            rule.push_back({ 3, BareCondition::AtLeast, revenue });
            when += u" and arr is at least $%1"_s.arg(revenue);
        }
        if (i % 3 == 0) {
            const qint64 health = random.below(100);
            rule.push_back({ 4, BareCondition::Below, health });
            when += u" and health is under %1"_s.arg(health);
        }
        bare.push_back(rule);
        text += u"rule \"R%1\"\n  when %2\n  then remind\n  continue\n"_s.arg(i).arg(when);
    }
}

std::vector<Rule> rulesOf(const QString &text)
{
    Parsed parsed = parse(text);
    if (!parsed.isWhole()) {
        std::fprintf(stderr, "%s\n", qPrintable(parsed.problems.front().text()));
        std::exit(1);
    }
    return std::move(parsed.document.rules);
}

/// A subject of the same ticket.
struct Full {
    Ticket ticket;
    Organization customer;
    Subject subject;
    explicit Full(const Bare &bare)
    {
        set(bare);
        subject.ticket = &ticket;
        subject.customer = &customer;
        subject.now = now;
    }
    void set(const Bare &bare)
    {
        customer.plan = plans[bare.fields[0]];
        ticket.category = u'c' + QString::number(bare.fields[1]);
        ticket.priority = Priority(bare.fields[2]);
        customer.arr = bare.fields[3];
        customer.health = int(bare.fields[4]);
        subject.activity.reopened = bare.fields[5];
        subject.activity.waitingSince = Instant { bare.fields[6] };
    }
};

qint64 bareHits(const std::vector<Bare> &tickets, const std::vector<BareRule> &rules)
{
    qint64 hits = 0;
    for (const Bare &ticket : tickets) {
        for (const BareRule &rule : rules) {
            bool holds = true;
            for (const BareCondition &condition : rule) {
                const qint64 value = ticket.fields[condition.field];
                holds = condition.op == BareCondition::Equal ? value == condition.value
                    : condition.op == BareCondition::AtLeast ? value >= condition.value
                                                             : value < condition.value;
                if (!holds)
                    break;
            }
            hits += holds;
        }
    }
    return hits;
}

double seconds(const std::function<void()> &work)
{
    QElapsedTimer took;
    took.start();
    work();
    return double(took.nsecsElapsed()) / 1e9;
}

double median(std::vector<double> values)
{
    std::sort(values.begin(), values.end());
    return values[values.size() / 2];
}

void say(const char *what, double value, const char *unit, double bar, bool isAtLeast)
{
    std::printf("%-58s %10.3f %-4s bar %s %g %s\n", what, value, unit, isAtLeast ? ">=" : "<=", bar,
        (isAtLeast ? value >= bar : value <= bar) ? "holds" : "MISSED");
    std::fflush(stdout);
}

void fullPass(RandomSource &random, int count)
{
    std::vector<BareRule> bareRules;
    QString text;
    makeRules(random, 50, bareRules, text);
    const RuleSet set(rulesOf(text), {});
    std::vector<Bare> tickets;
    FactColumns columns(set);
    columns.reserve(size_t(count));
    const double reading = seconds([&] {
        Full full({});
        for (int i = 0; i < count; ++i) {
            tickets.push_back(makeTicket(random));
            full.set(tickets.back());
            columns.append(set.read(full.subject));
        }
    });
    std::vector<double> ratios, ours;
    for (int round = 0; round < 5; ++round) {
        qint64 wanted = 0, found = 0;
        const double peer = seconds([&] { wanted = bareHits(tickets, bareRules); });
        const double own = seconds([&] {
            ColumnEvaluator pass(set);
            pass.judge(columns, now, [&](int, size_t, int rows, const quint8 *truths) {
                for (int i = 0; i < rows; ++i)
                    found += truths[i] == quint8(Truth::Yes);
            });
        });
        if (wanted != found) {
            std::fprintf(stderr, "%lld hits, the bare loop has %lld\n",
                static_cast<long long>(found), static_cast<long long>(wanted));
            std::exit(1);
        }
        ratios.push_back(peer / own);
        ours.push_back(own);
    }
    std::printf("%d tickets x 50 rules: %.0f M evaluations a second; reading them took %.2f s\n",
        count, count * 50.0 / median(ours) / 1e6, reading);
    say("F18 rate / bare loop", median(ratios), "", 0.3, true);
}

void oneTicket(RandomSource &random)
{
    std::vector<BareRule> bareRules;
    QString text;
    makeRules(random, 1'000, bareRules, text);
    const RuleSet set(rulesOf(text), {});
    const std::vector<int> all = set.allRules();
    Evaluator evaluator(set);
    const auto mayFire = [](int, const QString &) { return true; };
    std::vector<double> micros;
    for (int i = 0; i < 500; ++i) {
        Full full(makeTicket(random));
        micros.push_back(seconds([&] {
            const FactRow row = set.read(full.subject);
            evaluator.start(row, now);
            evaluator.round(all, mayFire);
        }) * 1e6);
    }
    say("one ticket read and judged by 1,000 rules", median(micros), "us", 200, false);
}

void oneField(RandomSource &random)
{
    // Every tenth of 200 rules reads the field that changes.
    QString text;
    std::vector<BareRule> bareRules;
    makeRules(random, 200, bareRules, text);
    std::vector<Rule> rules = rulesOf(text);
    const Expr extra = parseCondition(u"priority is high").expr;
    std::vector<Rule> readers;
    for (size_t i = 0; i < rules.size(); i += 10) {
        rules[i].when.children.push_back(extra);
        readers.push_back(rules[i]);
    }
    const RuleSet whole(rules, {}), only(readers, {});
    const FactSet changed = factTable().changedBy(Changes(Change::Priority)) & whole.facts();
    Evaluator first(whole), second(only);
    const auto mayFire = [](int, const QString &) { return true; };
    Full full(makeTicket(random));
    FactRow wholeRow = whole.read(full.subject), onlyRow = only.read(full.subject);
    const std::vector<int> all = only.allRules();
    std::vector<double> ratios;
    for (int round = 0; round < 101; ++round) {
        const double ours = seconds([&] {
            for (int i = 0; i < 200; ++i) {
                whole.read(wholeRow, full.subject, changed);
                first.start(wholeRow, now);
                first.round(whole.rulesReading(changed), mayFire);
            }
        });
        const double peer = seconds([&] {
            for (int i = 0; i < 200; ++i) {
                only.read(onlyRow, full.subject, changed);
                second.start(onlyRow, now);
                second.round(all, mayFire);
            }
        });
        ratios.push_back(ours / peer);
    }
    say("F20 one field of 200 rules / only the 20 that read it", median(ratios), "", 2, false);
}

} // namespace

int main(int argc, char **argv)
{
    const quint64 seed = 20260613;
    SeededRandom random(seed);
    const int count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1'000'000;
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    fullPass(random, count);
    oneTicket(random);
    oneField(random);
    return 0;
}
