#include "core/rules/lint_p.h"
#include "core/rules/logic.h"

#include <set>

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostCompared = 300;

struct Entry {
    const Rule *rule = nullptr;
    std::set<FactNumber> facts;
};

bool readsAll(const Entry &narrow, const Entry &wide)
{
    return std::ranges::includes(narrow.facts, wide.facts);
}

/// Whether every time of `wide` that `narrow` waits for too is as long: a longer one is a later level, which
/// fires when its own instant comes.
bool beginsNoLater(const Rule &narrow, const Rule &wide)
{
    bool isLater = false;
    forEachTest(wide.when, [&](const Test &early) {
        if (!early.fact->isOnTime())
            return;
        forEachTest(narrow.when, [&](const Test &late) {
            isLater = isLater || (late.fact == early.fact && late.values != early.values);
        });
    });
    return !isLater;
}

/// What an action sets, by the fact that reads it.
struct Written {
    QString fact;
    QString name; ///< of a field
    QString value;
    bool isTaken = false; ///< a tag that is removed
    bool isRaise = false; ///< never lowers
};

std::vector<Written> writtenBy(const Rule &rule)
{
    std::vector<Written> written;
    for (const Action &action : rule.then) {
        const QString &id = action.info->id;
        const auto add = [&](const QString &fact, Slot slot) {
            if (const QString value = action.text(slot); !value.isEmpty())
                written.push_back({ fact, {}, value });
        };
        if (id == u"set-priority" || id == u"escalate")
            add(u"priority"_s, Slot::Priority);
        if (id == u"raise-priority")
            written.push_back({ u"priority"_s, {}, action.text(Slot::Priority), false, true });
        if (id == u"set-severity")
            add(u"severity"_s, Slot::Severity);
        if (id == u"set-status")
            add(u"status"_s, Slot::Status);
        if (id == u"set-category")
            add(u"category"_s, Slot::Category);
        if (id == u"set-type")
            add(u"type"_s, Slot::Type);
        if (id == u"tag")
            add(u"tags"_s, Slot::Tag);
        if (id == u"untag" && !action.text(Slot::Tag).isEmpty())
            written.push_back({ u"tags"_s, {}, action.text(Slot::Tag), true });
        if (id == u"set-field")
            written.push_back({ u"field"_s, action.text(Slot::Field), action.text(Slot::Text) });
        if (id == u"escalate" || id == u"assign") {
            add(u"tier"_s, Slot::Tier);
            add(u"team"_s, Slot::Team);
            add(u"assignee"_s, Slot::Agent);
        }
    }
    return written;
}

/// Whether a test that did not hold may come to hold by what was written.
bool starts(const Written &written, const Expr &expr, bool isNegated)
{
    if (expr.kind != Expr::Kind::Test) {
        const bool flips = expr.kind == Expr::Kind::Not;
        return std::ranges::any_of(expr.children,
            [&](const Expr &child) { return starts(written, child, isNegated != flips); });
    }
    const Test &test = expr.test;
    if (test.fact->id != written.fact || test.name.compare(written.name, Qt::CaseInsensitive) != 0)
        return false;
    const bool holds = holdsFor(test, written.value);
    if (test.fact->type == FactType::Names)
        return written.isTaken != (holds != isNegated) && !test.values.empty()
            && std::ranges::any_of(test.values, [&](const Value &value) {
                   return value.text.compare(written.value, Qt::CaseInsensitive) == 0;
               });
    return holds != isNegated;
}

/// Which rules each rule may start.
std::vector<std::vector<size_t>> startedBy(const std::vector<Entry> &rules)
{
    std::vector<std::vector<size_t>> edges(rules.size());
    for (size_t from = 0; from < rules.size(); ++from) {
        const std::vector<Written> written = writtenBy(*rules[from].rule);
        for (size_t to = 0; to < rules.size() && !written.empty(); ++to) {
            if (to == from)
                continue;
            const bool isStarted = std::ranges::any_of(
                written, [&](const Written &w) { return starts(w, rules[to].rule->when, false); });
            if (isStarted)
                edges[from].push_back(to);
        }
    }
    return edges;
}

/// The shortest way from a rule back to itself, or nothing.
std::vector<size_t> wayBack(const std::vector<std::vector<size_t>> &edges, size_t start)
{
    std::vector<size_t> from(edges.size(), edges.size()), queue { start };
    for (size_t at = 0; at < queue.size(); ++at) {
        for (const size_t next : edges[queue[at]]) {
            if (next == start) {
                std::vector<size_t> way;
                for (size_t i = queue[at]; i != start; i = from[i])
                    way.insert(way.begin(), i);
                way.insert(way.begin(), start);
                return way;
            }
            if (from[next] == edges.size() && next != start) {
                from[next] = queue[at];
                queue.push_back(next);
            }
        }
    }
    return {};
}

/// Whether writing undoes what the first rule of the circle needs: otherwise each fires once and it ends.
void findLoops(const std::vector<Entry> &rules, Findings &findings)
{
    const auto edges = startedBy(rules);
    std::set<std::vector<size_t>> told;
    for (size_t i = 0; i < rules.size(); ++i) {
        const std::vector<size_t> way = wayBack(edges, i);
        if (way.empty())
            continue;
        std::vector<size_t> members = way;
        std::ranges::sort(members);
        if (!told.insert(members).second)
            continue;
        QStringList names;
        for (const size_t member : way)
            names.append(u"“%1”"_s.arg(rules[member].rule->name));
        names.append(names.front());
        findings.push_back({ u"loop"_s, Gravity::Doubtful, rules[i].rule->name,
            rules[way.back()].rule->name, rules[i].rule->place,
            u"These start each other: %1. Each acts once and then the circle is cut; say which of them "
            "has the last word."_s.arg(names.join(u" → "_s)) });
    }
}

/// Whether the second takes back what the first did. To raise a priority further is no contradiction.
bool takesBack(const Written &second, const Written &first)
{
    if (first.fact != second.fact || first.name != second.name || first.fact == u"tags"
        || first.value.compare(second.value, Qt::CaseInsensitive) == 0)
        return false;
    if (first.fact == u"priority")
        return !second.isRaise
            && fromCode<Priority>(second.value) < fromCode<Priority>(first.value);
    if (first.fact == u"severity")
        return fromCode<Severity>(second.value) < fromCode<Severity>(first.value);
    return true;
}

/// What the lower rule takes back of what the upper one did: two categories, two tiers.
QString clashOf(const Rule &a, const Rule &b)
{
    for (const Written &first : writtenBy(a)) {
        for (const Written &second : writtenBy(b)) {
            if (takesBack(second, first))
                return first.fact == u"field" ? u"field “%1”"_s.arg(first.name) : first.fact;
        }
    }
    return {};
}

void compare(const Entry &above, const Entry &below, Findings &findings)
{
    const Rule &a = *above.rule;
    const Rule &b = *below.rule;
    const bool isInside = readsAll(below, above) && implies(b.when, a.when) == Claim::Yes;
    if (isInside && readsAll(above, below) && implies(a.when, b.when) == Claim::Yes) {
        findings.push_back({ u"same-condition"_s, a.goesOn ? Gravity::Advice : Gravity::Doubtful,
            b.name, a.name, b.place,
            u"“%1” and “%2” above it have the same condition%3"_s.arg(b.name, a.name,
                a.goesOn ? u"; make one rule of them."_s
                         : u", and the upper one stops: make one rule of them."_s) });
        return;
    }
    if (isInside && !a.goesOn && beginsNoLater(b, a)) {
        findings.push_back({ u"shadowed"_s, Gravity::Doubtful, b.name, a.name, b.place,
            u"“%1” never gets its turn: whatever it waits for makes “%2” above it act, which stops. Put "
            "it above, or let that one continue."_s.arg(b.name, a.name) });
        return;
    }
    if (!a.goesOn)
        return;
    const QString clash = clashOf(a, b);
    if (!clash.isEmpty() && mayHoldTogether(a.when, b.when))
        findings.push_back({ u"overlap"_s, Gravity::Doubtful, b.name, a.name, b.place,
            u"“%1” and “%2” may act on one ticket in one round and set its %3 to different things; the "
            "lower one wins."_s.arg(a.name, b.name, clash) });
}

} // namespace

void lintPairs(const std::vector<LintRule> &running, Findings &findings)
{
    if (running.size() > mostCompared)
        return;
    std::vector<Entry> entries;
    for (const LintRule &rule : running) {
        Entry entry { rule.rule, {} };
        forEachTest(
            rule.rule->when, [&](const Test &test) { entry.facts.insert(test.fact->number); });
        entries.push_back(std::move(entry));
    }
    for (size_t i = 0; i < entries.size(); ++i) {
        for (size_t j = i + 1; j < entries.size(); ++j)
            compare(entries[i], entries[j], findings);
    }
    findLoops(entries, findings);
}

} // namespace tierline::rules
