#include "core/base/ids.h"
#include "core/rules/columns.h"
#include "core/rules/parse.h"

#include <QCoreApplication>
#include <QDir>
#include <QElapsedTimer>
#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>

#include <cstdio>
#include <cstdlib>

// What rules cost. A full pass of 20 and of 50 rules over a million tickets against a bare loop over a table of
// (field, operator, value), both counting the same hits, and against json-rules-engine on 20,000 of them where
// node and npm are there; one ticket's change against 1,000 rules; one changed field against judging only the
// rules that read it, among few tickets and many, and against judging everything anew.
//   bench_rules [tickets]

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

/// What both peers and Tierline judge.
struct Pass {
    std::vector<BareRule> bareRules;
    std::unique_ptr<RuleSet> set;
    std::vector<Bare> tickets;
    double own = 0; ///< seconds of a pass on one core
};

void fullPass(RandomSource &random, int count, int rules, Pass &pass)
{
    QString text;
    makeRules(random, rules, pass.bareRules, text);
    pass.set = std::make_unique<RuleSet>(rulesOf(text), Lists {});
    FactColumns columns(*pass.set);
    columns.reserve(size_t(count));
    const double reading = seconds([&] {
        Full full({});
        for (int i = 0; i < count; ++i) {
            pass.tickets.push_back(makeTicket(random));
            full.set(pass.tickets.back());
            columns.append(pass.set->read(full.subject));
        }
    });
    std::vector<double> ratios, ours;
    for (int round = 0; round < 9; ++round) {
        qint64 wanted = 0, found = 0;
        const double peer = seconds([&] { wanted = bareHits(pass.tickets, pass.bareRules); });
        const double own = seconds([&] {
            ColumnEvaluator evaluator(*pass.set);
            evaluator.judge(columns, now, [&](int, size_t, int rows, const quint8 *truths) {
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
    pass.own = median(ours);
    std::printf("%d tickets x %d rules: %.0f M evaluations a second; reading them took %.2f s\n",
        count, rules, double(count) * rules / pass.own / 1e6, reading);
    say(rules == 20 ? "F18 rate of 20 rules / bare loop" : "F18 rate of 50 rules / bare loop",
        median(ratios), "", 0.3, true);
}

void write(const QString &path, const QJsonArray &array)
{
    QFile file(path);
    if (!file.open(QIODevice::WriteOnly)
        || file.write(QJsonDocument(array).toJson(QJsonDocument::Compact)) < 0) {
        std::fprintf(stderr, "%s cannot be written\n", qPrintable(path));
        std::exit(1);
    }
}

/// The bare loop's rules and tickets, as the peer reads them.
void writeForPeer(const QString &folder, const Pass &pass, int facts)
{
    static const QStringList names { u"plan"_s, u"category"_s, u"priority"_s, u"arr"_s, u"health"_s,
        u"reopened"_s, u"waitingSince"_s };
    static const QStringList operators { u"equal"_s, u"greaterThanInclusive"_s, u"lessThan"_s };
    QJsonArray rules, tickets;
    for (const BareRule &bare : pass.bareRules) {
        QJsonArray all;
        for (const BareCondition &condition : bare)
            all.append(QJsonObject { { u"fact"_s, names[condition.field] },
                { u"operator"_s, operators[condition.op] }, { u"value"_s, condition.value } });
        rules.append(all);
    }
    for (int i = 0; i < facts; ++i) {
        QJsonObject ticket;
        for (qsizetype field = 0; field < names.size(); ++field)
            ticket[names[field]] = pass.tickets[size_t(i)].fields[field];
        tickets.append(ticket);
    }
    write(folder + u"/rules.json"_s, rules);
    write(folder + u"/facts.json"_s, tickets);
}

bool runs(const QString &command)
{
    return std::system(QFile::encodeName(command).constData()) == 0;
}

/// json-rules-engine, which npm fetches into the build folder the first time.
void againstJsonRulesEngine(const Pass &pass)
{
    constexpr int facts = 20'000;
    const QString folder = QCoreApplication::applicationDirPath() + u"/json-rules-engine"_s;
    const QString quoted = u'\'' + folder + u'\'';
    QDir().mkpath(folder);
    const auto leave = [](const char *why) { std::printf("F19 was not measured: %s\n", why); };
    if (int(pass.tickets.size()) < facts)
        return leave("it takes 20,000 tickets and more");
    if (!runs(u"command -v node npm >/dev/null"_s))
        return leave("node and npm are not there");
    if (!QFile::exists(folder + u"/node_modules/json-rules-engine"_s)
        && !runs(
            u"npm install --silent --no-audit --no-fund --prefix %1 json-rules-engine@7.3.1 >&2"_s
                .arg(quoted)))
        return leave("npm could not fetch json-rules-engine");
    writeForPeer(folder, pass, facts);
    if (!runs(u"node '%1/jsonrulesengine.mjs' %2 >%2/result.txt"_s.arg(
            QStringLiteral(TIERLINE_BENCH_FOLDER), quoted)))
        return leave("the peer did not run");
    QFile result(folder + u"/result.txt"_s);
    const QList<QByteArray> told = result.open(QIODevice::ReadOnly)
        ? result.readAll().trimmed().split(' ')
        : QList<QByteArray>();
    const qint64 wanted
        = bareHits({ pass.tickets.begin(), pass.tickets.begin() + facts }, pass.bareRules);
    if (told.size() != 3 || told[0].toLongLong() != wanted) {
        std::fprintf(stderr, "json-rules-engine found %s, not %lld\n", told.value(0).constData(),
            static_cast<long long>(wanted));
        std::exit(1);
    }
    // What more facts cost, without what starting costs.
    const double slope = (told[2].toDouble() - told[1].toDouble()) / (facts - facts / 4);
    std::printf(
        "json-rules-engine: %.1f us a fact over %d facts of the same rules\n", slope * 1e6, facts);
    say("F19 rate / json-rules-engine", slope * double(pass.tickets.size()) / pass.own, "x", 500,
        true);
}

void oneTicket(RandomSource &random)
{
    std::vector<BareRule> bareRules;
    QString text;
    makeRules(random, 1'000, bareRules, text);
    const RuleSet set(rulesOf(text), {});
    const std::vector<int> all = set.allRules();
    Evaluator evaluator(set);
    const auto mayFire = [](int, const Anchor &) { return true; };
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

/// 200 rules of which `readers` read the priority; and the same readers alone.
struct FieldRules {
    std::unique_ptr<RuleSet> whole, only;
    FactSet changed;

    FieldRules(RandomSource &random, int readers)
    {
        QString text;
        std::vector<BareRule> bareRules;
        makeRules(random, 200, bareRules, text);
        std::vector<Rule> rules = rulesOf(text);
        const Expr extra = parseCondition(u"priority is high").expr;
        std::vector<Rule> reading;
        for (size_t i = 0; i < rules.size(); i += rules.size() / size_t(readers)) {
            rules[i].when.children.push_back(extra);
            reading.push_back(rules[i]);
        }
        whole = std::make_unique<RuleSet>(std::move(rules), Lists {});
        only = std::make_unique<RuleSet>(std::move(reading), Lists {});
        changed = factTable().changedBy(Changes(Change::Priority)) & whole->facts();
    }
};

/// One field of random tickets of many changes, `times` times.
class FieldChange
{
public:
    FieldChange(
        const RuleSet &set, const FactSet &changed, const std::vector<Bare> &tickets, size_t count)
        : m_set(set)
        , m_changed(changed)
        , m_evaluator(set)
        , m_full(tickets.front())
    {
        for (size_t i = 0; i < count; ++i) {
            m_full.set(tickets[i]);
            m_rows.push_back(set.read(m_full.subject));
        }
    }
    double run(int times)
    {
        const auto mayFire = [](int, const Anchor &) { return true; };
        SeededRandom random(7);
        return seconds([&] {
            for (int i = 0; i < times; ++i) {
                FactRow &row = m_rows[size_t(random.below(qint64(m_rows.size())))];
                m_full.ticket.priority = Priority(i % 4);
                m_set.read(row, m_full.subject, m_changed);
                m_evaluator.start(row, now);
                m_evaluator.round(m_set.rulesReading(m_changed), mayFire);
            }
        }) / times;
    }

private:
    const RuleSet &m_set;
    FactSet m_changed;
    Evaluator m_evaluator;
    Full m_full;
    std::vector<FactRow> m_rows;
};

void oneField(RandomSource &random, const std::vector<Bare> &tickets)
{
    constexpr int times = 2'000, pairs = 31;
    const FieldRules rules(random, 20), twice(random, 40);
    const size_t few = std::min<size_t>(1'000, tickets.size());
    FieldChange whole(*rules.whole, rules.changed, tickets, few);
    FieldChange only(*rules.only, rules.changed, tickets, few);
    FieldChange many(*rules.whole, rules.changed, tickets, tickets.size());
    FieldChange more(*twice.whole, twice.changed, tickets, few);
    std::vector<double> ratios, growth, linear, ours;
    for (int round = 0; round < pairs; ++round) {
        const double own = whole.run(times);
        ours.push_back(own);
        ratios.push_back(own / only.run(times));
        growth.push_back(many.run(times) / own);
        linear.push_back(more.run(times) / own);
    }
    say("F20 one field of 200 rules / only the 20 that read it", median(ratios), "", 2, false);
    std::printf(
        "one field among %zu tickets / among %zu %29.2f (a row that nothing else keeps in the cache)\n",
        tickets.size(), few, median(growth));
    std::printf("40 readers / 20 readers %52.2f\n", median(linear));
    FactColumns columns(*rules.whole);
    columns.reserve(tickets.size());
    Full full({});
    for (const Bare &ticket : tickets) {
        full.set(ticket);
        columns.append(rules.whole->read(full.subject));
    }
    std::vector<double> passes;
    for (int round = 0; round < 3; ++round) {
        passes.push_back(seconds([&] {
            ColumnEvaluator evaluator(*rules.whole);
            evaluator.judge(columns, now, [](int, size_t, int, const quint8 *) {});
        }));
    }
    std::printf("one field %.2f us, all 200 rules over %zu tickets %.3f s\n", median(ours) * 1e6,
        tickets.size(), median(passes));
    say("F21 full evaluation / one field", median(passes) / median(ours), "x", 10'000, true);
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const quint64 seed = 20260613;
    SeededRandom random(seed);
    const int count = argc > 1 ? std::max(1, std::atoi(argv[1])) : 1'000'000;
    std::printf("seed %llu\n", static_cast<unsigned long long>(seed));
    Pass twenty, fifty;
    fullPass(random, count, 20, twenty);
    fullPass(random, count, 50, fifty);
    oneTicket(random);
    oneField(random, fifty.tickets);
    againstJsonRulesEngine(fifty);
    return 0;
}
