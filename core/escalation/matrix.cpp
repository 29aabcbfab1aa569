#include "core/escalation/matrix.h"

#include <QStringList>

#include <array>
#include <tuple>

namespace tierline::escalation {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr std::array destinationCodes { std::pair(Destination::Tier, "tier"_L1),
    std::pair(Destination::Team, "team"_L1), std::pair(Destination::AccountTeam, "account-team"_L1),
    std::pair(Destination::Manager, "manager"_L1), std::pair(Destination::Person, "person"_L1) };

/// Most serious first, then none: the order in which people read a grid.
constexpr std::array severities { Severity::Critical, Severity::High, Severity::Medium,
    Severity::Low };

bool isSame(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

bool fits(const QString &named, const QString &asked)
{
    return named.isEmpty() || isSame(named, asked);
}

bool fits(const MatrixCell &cell, const MatrixAsk &ask)
{
    return fits(cell.category, ask.category) && fits(cell.type, ask.type)
        && fits(cell.plan, ask.plan) && (!cell.severity || cell.severity == ask.severity);
}

/// The more a line names the more it says; of as many the first of these counts most.
auto weight(const MatrixCell &cell)
{
    const bool category = !cell.category.isEmpty(), plan = !cell.plan.isEmpty();
    const bool severity = cell.severity.has_value(), type = !cell.type.isEmpty();
    return std::tuple(int(category) + plan + severity + type, category, plan, severity);
}

bool namesTheSame(const MatrixCell &a, const MatrixCell &b)
{
    return isSame(a.category, b.category) && isSame(a.type, b.type) && isSame(a.plan, b.plan)
        && a.severity == b.severity;
}

template<typename T, typename Key>
const T *find(const QList<T> &list, const QString &name, Key T::*key)
{
    const auto found = std::ranges::find(list, name, key);
    return found == list.end() ? nullptr : &*found;
}

Error inLine(size_t line, const QString &what)
{
    return badInput(u"Line %1 of the matrix: %2"_s.arg(line + 1).arg(what), u"cells"_s);
}

/// What is wrong with a step, or empty.
QString problemOf(const PathStep &step, bool isLast, const QList<Tier> &tiers,
    const QList<Team> &teams, const QList<Agent> &agents)
{
    const bool wantsName = step.to != Destination::AccountTeam && step.to != Destination::Manager;
    if (wantsName == step.name.isEmpty())
        return wantsName ? u"a step to a %1 has no name: say which."_s.arg(code(step.to))
                         : u"the manager and the account's team have no name of their own here."_s;
    if (step.to == Destination::Tier && !find(tiers, step.name, &Tier::id))
        return u"there is no tier “%1”."_s.arg(step.name.left(40));
    if (step.to == Destination::Team && !find(teams, step.name, &Team::name))
        return u"there is no team “%1”."_s.arg(step.name.left(80));
    if (step.to == Destination::Person && !find(agents, step.name, &Agent::id))
        return u"there is no agent “%1”."_s.arg(step.name.left(40));
    if (isLast && step.wait != 0ms)
        return u"its last step waits, and nothing comes after it: take the wait away."_s;
    if (!isLast && (step.wait < 1min || step.wait > 24h * 365))
        return u"between two steps there is a wait of a minute to a year."_s;
    return {};
}

QString stepInWords(const PathStep &step)
{
    switch (step.to) {
    case Destination::AccountTeam: return u"the account's team"_s;
    case Destination::Manager: return u"the manager"_s;
    case Destination::Tier:
    case Destination::Team:
    case Destination::Person: break;
    }
    return step.name;
}

Result<PathTarget> toTeam(const Team &team, const PathPlace &place)
{
    const bool isHere = team.name == place.team && team.tier == place.tier;
    return PathTarget {
        .tier = team.tier, .team = team.name, .isUp = team.tier != place.tier, .isThere = isHere
    };
}

/// A lead who belongs to the ticket's team, else one of its tier, else any.
const Agent *managerOf(const PathPlace &place)
{
    const Agent *found = nullptr;
    int best = -1;
    for (const Agent &agent : place.agents) {
        if (!agent.isActive || agent.role != Role::Lead)
            continue;
        const int near = !place.team.isEmpty() && agent.teams.contains(place.team) ? 2
            : agent.worksAt(place.tier)                                            ? 1
                                                                                   : 0;
        if (near > best) {
            best = near;
            found = &agent;
        }
    }
    return found;
}

Result<PathTarget> toAgent(const Agent &agent, const PathPlace &place)
{
    // Somebody who works where the ticket is gets it there; else it goes to their own tier.
    const QString tier = agent.worksAt(place.tier) ? place.tier : agent.homeTier;
    const Team *team = find(place.teams, place.team, &Team::name);
    const bool keepsTeam = team && tier == place.tier && agent.teams.contains(team->name);
    return PathTarget { .tier = tier,
        .team = keepsTeam ? team->name : QString(),
        .agent = agent.id,
        .isUp = tier != place.tier };
}

} // namespace

QString code(Destination destination)
{
    return std::ranges::find(
        destinationCodes, destination, &decltype(destinationCodes)::value_type::first)
        ->second;
}

std::optional<Destination> destinationFrom(QStringView code)
{
    for (const auto &[destination, word] : destinationCodes) {
        if (code == word)
            return destination;
    }
    return std::nullopt;
}

const MatrixCell *findCell(const Matrix &matrix, const MatrixAsk &ask)
{
    const MatrixCell *best = nullptr;
    for (const MatrixCell &cell : matrix) {
        if (fits(cell, ask) && (!best || weight(cell) > weight(*best)))
            best = &cell;
    }
    return best;
}

Result<Done> check(const Matrix &matrix, const QList<Tier> &tiers, const QList<Team> &teams,
    const QList<Agent> &agents)
{
    if (matrix.size() > size_t(mostCells))
        return badInput(u"A matrix has at most %1 lines."_s.arg(mostCells), u"cells"_s);
    for (size_t i = 0; i < matrix.size(); ++i) {
        const MatrixCell &cell = matrix[i];
        if (cell.steps.empty() || cell.steps.size() > mostSteps)
            return inLine(i, u"a path has between 1 and %1 steps."_s.arg(mostSteps));
        if (cell.priorityStep < 0 || cell.priorityStep > 3)
            return inLine(i, u"the priority goes up by 0 to 3 steps."_s);
        for (size_t s = 0; s < cell.steps.size(); ++s) {
            const QString problem
                = problemOf(cell.steps[s], s + 1 == cell.steps.size(), tiers, teams, agents);
            if (!problem.isEmpty())
                return inLine(i, problem);
        }
        for (size_t other = 0; other < i; ++other) {
            if (namesTheSame(cell, matrix[other]))
                return inLine(i,
                    u"“%1” stands in line %2 already: one of them has to go."_s.arg(nameOf(cell))
                        .arg(other + 1));
        }
    }
    return Done {};
}

Result<PathTarget> follow(const PathStep &step, const PathPlace &place)
{
    Result<PathTarget> target = notFound(u"The path leads to nobody."_s);
    if (step.to == Destination::Tier) {
        target = PathTarget {
            .tier = step.name, .isUp = step.name != place.tier, .isThere = step.name == place.tier
        };
    } else if (step.to == Destination::Person || step.to == Destination::Manager) {
        const Agent *agent = step.to == Destination::Manager
            ? managerOf(place)
            : find(place.agents, step.name, &Agent::id);
        if (!agent || !agent->isActive)
            return notFound(step.to == Destination::Manager
                    ? u"Nobody who works here is a lead."_s
                    : u"“%1” does not work here any more."_s.arg(step.name.left(40)));
        target = toAgent(*agent, place);
        // Sideways it stays with its team, which may be confidential.
        if (target && !target->isUp && !visibilityOf(*agent, place.teams).sees(place.team))
            return notFound(u"%1 may not see team %2, where the ticket is."_s.arg(
                agent->name.isEmpty() ? agent->id : agent->name, place.team));
    } else {
        const QString &name = step.to == Destination::AccountTeam ? place.accountTeam : step.name;
        const Team *team = find(place.teams, name, &Team::name);
        if (!team)
            return notFound(name.isEmpty()
                    ? u"No team has this customer's account."_s
                    : u"There is no team “%1” any more."_s.arg(name.left(80)));
        target = toTeam(*team, place);
    }
    const Tier *from = find(place.tiers, place.tier, &Tier::id);
    const Tier *to = find(place.tiers, target->tier, &Tier::id);
    if (!to)
        return notFound(u"There is no tier “%1” any more."_s.arg(target->tier.left(40)));
    if (from && to->rank < from->rank)
        return notFound(
            u"The path leads down to %1, and the ticket is at %2."_s.arg(to->id, from->id));
    return target;
}

Result<FollowedPath> follow(const MatrixCell &cell, const PathPlace &place, size_t from)
{
    QStringList why;
    for (size_t i = from; i < cell.steps.size(); ++i) {
        const Result<PathTarget> target = follow(cell.steps[i], place);
        if (!target)
            why.append(target.error().detail);
        else if (target->isThere)
            why.append(u"The ticket is at %1 already."_s.arg(stepInWords(cell.steps[i])));
        else
            return FollowedPath { i, *target };
    }
    why.removeDuplicates();
    return notFound(
        u"The path of “%1” leads nowhere from here. "_s.arg(nameOf(cell)) + why.join(u' '));
}

QString nameOf(const MatrixCell &cell)
{
    QStringList parts;
    for (const QString &one : { cell.category, cell.type, cell.plan }) {
        if (!one.isEmpty())
            parts.append(one);
    }
    if (cell.severity)
        parts.append(tierline::code(*cell.severity));
    return parts.isEmpty() ? u"everything else"_s : parts.join(u" · "_s);
}

QString pathInWords(const MatrixCell &cell)
{
    QString words;
    Millis waited { 0 };
    for (const PathStep &step : cell.steps) {
        if (!words.isEmpty())
            words += u", after %1 "_s.arg(durationText(waited));
        words += stepInWords(step);
        waited = step.wait;
    }
    return words;
}

std::vector<MatrixRow> combinations(
    const Matrix &matrix, const QStringList &categories, const QStringList &plans)
{
    std::vector<MatrixRow> rows;
    rows.reserve(size_t(categories.size() * plans.size()) * severities.size());
    for (const QString &category : categories) {
        for (const QString &plan : plans) {
            for (const Severity severity : severities) {
                const MatrixGap one { category, plan, severity };
                rows.push_back({ one,
                    findCell(
                        matrix, { .category = category, .plan = plan, .severity = severity }) });
            }
        }
    }
    return rows;
}

} // namespace tierline::escalation
