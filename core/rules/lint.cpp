#include "core/rules/lint_p.h"

#include "core/rules/logic.h"
#include "core/rules/print.h"

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

constexpr int longRule = 12;
constexpr int filledEnough = 80; // percent

Finding found(const QString &code, Gravity gravity, const Rule &rule, const QString &message)
{
    return { code, gravity, rule.name, {}, rule.place, message };
}

Place firstPlace(const Expr &expr)
{
    Place place;
    bool isFirst = true;
    forEachTest(expr, [&](const Test &test) {
        if (isFirst)
            place = test.place;
        isFirst = false;
    });
    return place;
}

/// Branches that nothing can reach, where the whole can be.
void findDeadBranches(
    const Rule &rule, const Expr &expr, const std::vector<Expr> &around, Findings &findings)
{
    for (size_t i = 0; i < expr.children.size(); ++i) {
        const Expr &child = expr.children[i];
        std::vector<Expr> more = around;
        if (expr.kind == Expr::Kind::Or) {
            Expr here { .kind = Expr::Kind::And };
            here.children = around;
            here.children.push_back(child);
            if (neverHolds(here) == Claim::Yes) {
                Finding dead = found(u"dead-branch"_s, Gravity::Doubtful, rule,
                    u"“%1”: the branch “%2” can never hold here; take it out, or mend it."_s.arg(
                        rule.name, print(child)));
                dead.place = firstPlace(child);
                findings.push_back(dead);
                continue;
            }
        } else if (expr.kind == Expr::Kind::And) {
            for (size_t j = 0; j < expr.children.size(); ++j) {
                if (j != i)
                    more.push_back(expr.children[j]);
            }
        } else {
            continue; // inside a not, what never holds is what always does
        }
        findDeadBranches(rule, child, more, findings);
    }
}

void lintCondition(const Rule &rule, Findings &findings)
{
    if (neverHolds(rule.when) == Claim::Yes) {
        findings.push_back(found(u"never-holds"_s, Gravity::Wrong, rule,
            u"“%1” can never act: its conditions contradict each other."_s.arg(rule.name)));
        return;
    }
    if (alwaysHolds(rule.when) == Claim::Yes) {
        findings.push_back(found(u"always-holds"_s, Gravity::Doubtful, rule,
            u"“%1” holds for every ticket: its conditions leave nothing out."_s.arg(rule.name)));
        return;
    }
    findDeadBranches(rule, rule.when, {}, findings);
}

int rankOf(const LintContext &context, const QString &tier)
{
    for (const Tier &known : context.tiers) {
        if (known.id.compare(tier, Qt::CaseInsensitive) == 0)
            return known.rank;
    }
    // By the shipped names, where no workspace says otherwise.
    if (!context.tiers.isEmpty())
        return -1;
    bool isNumber = false;
    const int rank = tier.mid(1).toInt(&isNumber);
    return isNumber && tier.startsWith(u'L', Qt::CaseInsensitive) ? rank : -1;
}

/// The tiers at which the condition may hold, or nothing where it does not say.
QStringList tiersOf(const Expr &expr)
{
    if (expr.kind == Expr::Kind::Test && expr.test.fact->id == u"tier"
        && expr.test.op == Operator::Is) {
        QStringList tiers;
        for (const Value &value : expr.test.values)
            tiers.append(value.text);
        return tiers;
    }
    if (expr.kind != Expr::Kind::And)
        return {};
    for (const Expr &child : expr.children) {
        if (const QStringList tiers = tiersOf(child); !tiers.isEmpty())
            return tiers;
    }
    return {};
}

void lintMoves(const Rule &rule, const LintContext &context, Findings &findings)
{
    bool isHigh = false;
    const QStringList from = tiersOf(rule.when);
    forEachAction(rule.then, [&](const Action &action) {
        if (action.info->id != u"escalate")
            return;
        const QString tier = action.text(Slot::Tier);
        const int to = rankOf(context, tier);
        isHigh = isHigh || to >= 3;
        const bool goesUp = from.isEmpty() || to < 0
            || std::ranges::any_of(
                from, [&](const QString &name) { return rankOf(context, name) < to; });
        if (goesUp)
            return;
        Finding finding = found(u"goes-nowhere"_s, Gravity::Wrong, rule,
            u"“%1” escalates from %2 to %3, which is not up; an escalation goes to a higher tier."_s
                .arg(rule.name, from.join(u" or "_s), tier));
        finding.place = action.place;
        findings.push_back(finding);
    });
    if (isHigh && rule.when.kind == Expr::Kind::Or) {
        findings.push_back(found(u"or-for-l3"_s, Gravity::Advice, rule,
            u"“%1” goes to the top tier on any one of its conditions. Few people work there: join the "
            "conditions with “and”, and leave “or” to the tier below."_s.arg(rule.name)));
    }
}

/// What this version has no way to do, whatever the workspace.
void lintReach(const Rule &rule, const LintContext &context, Findings &findings)
{
    static constexpr std::pair<Slot, NoticeTarget> targets[] {
        { Slot::Channel, NoticeTarget::Channel }, { Slot::Pager, NoticeTarget::Pager },
        { Slot::Mail, NoticeTarget::Mail }, { Slot::Hook, NoticeTarget::Webhook }
    };
    const auto say = [&](const QString &code, const Action &action, const QString &message) {
        Finding finding = found(code, Gravity::Doubtful, rule, message);
        finding.place = action.place;
        findings.push_back(finding);
    };
    forEachAction(rule.then, [&](const Action &action) {
        for (const auto &[slot, kind] : targets) {
            const QString target = action.text(slot);
            if (!target.isEmpty() && !context.hasWays)
                say(u"unheard"_s, action,
                    u"“%1” tells the %2 “%3”, and nothing leads there yet: nobody hears it. Tell an agent, a "
                    "team or a role besides."_s.arg(rule.name, tierline::code(kind), target));
        }
        if (action.info->id == u"checklist" || action.info->id == u"open-issue")
            say(u"refused"_s, action,
                u"“%1” says “%2”, which this version always refuses: do it by hand, or leave it out."_s
                    .arg(rule.name, print(action)));
    });
}

/// Who is told, and is nobody.
void lintEars(const Rule &rule, const LintContext &context, Findings &findings)
{
    if (context.agents.isEmpty())
        return;
    const auto anybody = [&](auto &&is) {
        return std::ranges::any_of(
            context.agents, [&](const Agent &agent) { return agent.isActive && is(agent); });
    };
    const auto say = [&](const Action &action, const QString &who) {
        Finding finding = found(u"unheard"_s, Gravity::Doubtful, rule,
            u"“%1” tells %2, and nobody is there to hear it."_s.arg(rule.name, who));
        finding.place = action.place;
        findings.push_back(finding);
    };
    forEachAction(rule.then, [&](const Action &action) {
        if (!action.info->notifies)
            return;
        const QString team = action.text(Slot::Team), role = action.text(Slot::Role);
        const QString agent = action.text(Slot::Agent);
        if (!team.isEmpty() && !anybody([&](const Agent &a) {
                return a.teams.contains(team, Qt::CaseInsensitive);
            }))
            say(action, u"team “%1”"_s.arg(team));
        if (!role.isEmpty() && !anybody([&](const Agent &a) {
                return tierline::code(a.role).compare(role, Qt::CaseInsensitive) == 0;
            }))
            say(action, u"role %1"_s.arg(role));
        const bool isKnown = std::ranges::any_of(context.agents,
            [&](const Agent &a) { return a.id.compare(agent, Qt::CaseInsensitive) == 0; });
        if (isKnown && !anybody([&](const Agent &a) {
                return a.id.compare(agent, Qt::CaseInsensitive) == 0;
            }))
            say(action, u"agent %1, who is not active"_s.arg(agent));
    });
}

bool readsMood(const Rule &rule)
{
    bool reads = false;
    forEachTest(rule.when, [&](const Test &test) {
        reads = reads || test.fact->id == u"sentiment" || test.fact->id == u"sentiment-score"
            || test.fact->id == u"risk";
    });
    return reads;
}

void lintLists(const std::vector<LintRule> &rules, const std::vector<WordList> &lists,
    const LintContext &context, Findings &findings)
{
    QStringList known = context.vocabulary.lists, used;
    for (const WordList &list : lists)
        known.append(list.name);
    for (const LintRule &entry : rules) {
        forEachTest(entry.rule->when, [&](const Test &test) {
            for (const Value &value : test.values) {
                if (value.kind != ValueKind::List)
                    continue;
                used.append(value.text);
                if (known.contains(value.text, Qt::CaseInsensitive))
                    continue;
                Finding finding = found(u"missing-list"_s, Gravity::Wrong, *entry.rule,
                    u"“%1” looks for the words of the list “%2”, and there is no such list."_s.arg(
                        entry.rule->name, value.text));
                finding.place = test.place;
                findings.push_back(finding);
            }
        });
    }
    for (const WordList &list : lists) {
        if (used.contains(list.name, Qt::CaseInsensitive))
            continue;
        findings.push_back({ u"unused-list"_s, Gravity::Advice, {}, {}, list.place,
            u"No rule here reads the list “%1”."_s.arg(list.name) });
    }
}

} // namespace

QString code(Gravity gravity)
{
    switch (gravity) {
    case Gravity::Wrong: return u"error"_s;
    case Gravity::Doubtful: return u"warning"_s;
    case Gravity::Advice: break;
    }
    return u"note"_s;
}

std::vector<Finding> lintRule(const Rule &rule, const LintContext &context)
{
    Findings findings;
    lintCondition(rule, findings);
    lintMoves(rule, context, findings);
    lintReach(rule, context, findings);
    lintEars(rule, context, findings);
    lintNames(rule, context, findings);
    int tests = 0;
    forEachTest(rule.when, [&](const Test &) { ++tests; });
    if (tests > longRule)
        findings.push_back(found(u"long-rule"_s, Gravity::Advice, rule,
            u"“%1” has %2 conditions: nobody reads that as one sentence. Make two rules of it."_s
                .arg(rule.name)
                .arg(tests)));
    const int filled = context.filled.value(rule.name, 100);
    if (filled < filledEnough)
        findings.push_back(found(u"mostly-empty"_s, Gravity::Doubtful, rule,
            u"“%1” can judge only %2 % of the open tickets: the others lack a field that it reads."_s
                .arg(rule.name)
                .arg(filled)));
    if (context.neverFired.contains(rule.name, Qt::CaseInsensitive))
        findings.push_back(found(u"never-fired"_s, Gravity::Doubtful, rule,
            u"“%1” ran for a month and never fired."_s.arg(rule.name)));
    return findings;
}

std::vector<Finding> lint(const std::vector<LintRule> &rules, const std::vector<WordList> &lists,
    const LintContext &context)
{
    Findings findings;
    std::vector<LintRule> running;
    bool hasMood = false;
    for (const LintRule &entry : rules) {
        if (entry.state == RuleState::Retired && !entry.isCandidate)
            continue;
        const Findings own = lintRule(*entry.rule, context);
        findings.insert(findings.end(), own.begin(), own.end());
        const bool runs = entry.isCandidate || entry.state == RuleState::Live;
        hasMood = hasMood || (runs && readsMood(*entry.rule));
        if (runs || entry.state == RuleState::Shadow)
            running.push_back(entry);
    }
    lintLists(rules, lists, context, findings);
    lintPairs(running, findings);
    const bool anyLive = std::ranges::any_of(
        running, [](const LintRule &r) { return r.isCandidate || r.state == RuleState::Live; });
    if (anyLive && !hasMood)
        findings.push_back({ u"no-mood"_s, Gravity::Advice, {}, {}, {},
            u"No live rule reads sentiment or escalation risk: an unhappy customer is seen by nobody "
            "until a clock ends."_s });
    return findings;
}

} // namespace tierline::rules
