#include "core/engine/frame.h"

#include "core/commands/agreements.h"
#include "core/commands/paths.h"
#include "core/storage/accounts.h"
#include "core/storage/agreements.h"
#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/rulebook.h"
#include "core/storage/waiting.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

bool hasClimbing(const sla::AgreementBook &book)
{
    return !book.editions().empty()
        && std::ranges::any_of(book.editions().back().policies,
            [](const sla::Policy &policy) { return policy.climbsTo.has_value(); });
}

template<typename List>
auto find(const List &list, const QString &id, auto member)
{
    const auto found = std::ranges::find(list, id, member);
    return found == list.end() ? nullptr : &*found;
}

} // namespace

const Agent *Frame::agent(const QString &id) const
{
    return find(agents, id, &Agent::id);
}

const Team *Frame::team(const QString &name) const
{
    return find(teams, name, &Team::name);
}

bool Frame::reaches(NoticeTarget kind, const QString &target) const
{
    return isForDesktops(kind) || (m_office && !addressesFor(*m_office, kind, target).empty());
}

const Tier *Frame::tier(const QString &id) const
{
    return find(tiers, id, &Tier::id);
}

Result<std::unique_ptr<Frame>> Frame::load(
    storage::Connection &connection, const notify::WayRegistry *ways)
{
    std::unique_ptr<Frame> frame(new Frame);
    TIERLINE_CHECK(frame->loadPeople(connection));
    if (ways) {
        TIERLINE_TRY(office, PostOffice::load(connection, *ways));
        frame->m_office.emplace(std::move(office));
    }
    TIERLINE_CHECK(frame->loadRules(connection));
    TIERLINE_TRY(hasLadders, storage::hasLadders(connection));
    TIERLINE_TRY(hasQuestions, storage::hasOpenQuestions(connection));
    frame->isIdle = frame->rules.empty() && !frame->priority && !frame->climbs && !hasLadders
        && !frame->life.paths && !hasQuestions && frame->scored.isEmpty();
    return frame;
}

Result<Done> Frame::loadRules(storage::Connection &connection)
{
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    ruleRevision = book.revision;
    rules::BookRules read = rules::readBook(book, { RuleState::Live, RuleState::Shadow });
    unreadable = read.unreadable;
    std::vector<rules::Rule> all, alive;
    bool hasShadow = false;
    for (size_t i = 0; i < read.rules.size(); ++i) {
        rules.push_back({ read.stored[i], read.rules[i] });
        all.push_back(read.rules[i]);
        if (rules.back().isShadow()) {
            hasShadow = true;
        } else {
            alive.push_back(read.rules[i]);
            liveRules.push_back(static_cast<int>(i));
        }
    }
    live = std::make_unique<rules::RuleSet>(std::move(alive), read.lists);
    if (hasShadow)
        withShadows = std::make_unique<rules::RuleSet>(std::move(all), read.lists);
    if (read.priority) {
        priority = std::make_unique<rules::PriorityRules>(*read.priority, read.lists);
        priorityRule = *book.livePolicy();
        priorityParts = rules::partsFor(priority->facts());
    }
    readsClocks = climbs || (withShadows ? *withShadows : *live).readsAgreements()
        || (priorityParts & (rules::Parts(rules::Part::Clocks) | rules::Parts(rules::Part::Hours)))
            != 0;
    return Done {};
}

Result<Done> Frame::loadPeople(storage::Connection &connection)
{
    TIERLINE_TRY(allTiers, storage::loadTiers(connection));
    TIERLINE_TRY(allTeams, storage::loadTeams(connection));
    TIERLINE_TRY(allAgents, storage::loadAgents(connection));
    TIERLINE_TRY(book, commands::loadAgreements(connection));
    TIERLINE_TRY(accounts, storage::loadAccounts(connection));
    TIERLINE_TRY(texts, commands::loadTemplates(connection));
    TIERLINE_TRY(paths, commands::loadPathBook(connection));
    if (!paths.matrix.empty())
        life.paths = std::make_shared<const escalation::PathBook>(paths);
    templates = texts;
    hasLanguages = std::ranges::any_of(
        templates, [](const commands::Template &one) { return !one.languages.isEmpty(); });
    tiers = allTiers;
    teams = allTeams;
    agents = allAgents;
    life.agreements = book;
    life.reader = &triage::TextReader::shared();
    life.people = escalation::ClockPeople::of(tiers, agents);
    usesZones = book && book->usesZones();
    climbs = book && hasClimbing(*book);
    if (usesZones) {
        TIERLINE_TRY(zones, storage::loadTeamZones(connection));
        life.people.zoneOf = zones;
    }
    TIERLINE_TRY(setting, storage::loadSetting(connection, storage::capacitySetting));
    const qint64 perAgent = setting.toLongLong();
    for (const Agent &agent : agents) {
        if (perAgent <= 0 || !agent.isActive)
            continue;
        for (const QString &team : agent.teams)
            life.capacity[team] += perAgent;
    }
    for (const storage::Account &account : accounts) {
        if (account.options.value(storage::RunnerOption).toString() != u"yes") {
            foreignAccounts.insert(account.name);
            continue;
        }
        const auto names = [&](QLatin1StringView option) {
            return !account.options.value(option).toString().trimmed().isEmpty();
        };
        if (names(storage::SentimentFieldOption))
            scored[account.name].append(rules::sentimentField);
        if (names(storage::RiskFieldOption))
            scored[account.name].append(rules::riskField);
    }
    return Done {};
}

QString Frame::signature() const
{
    QStringList parts;
    const auto add = [&parts](const StoredRule &rule) {
        parts.append(u"%1 %2 %3 %4"_s.arg(rule.firingId(), QString::number(rule.version),
            code(rule.state), QString::number(rule.since.ms)));
    };
    for (const RunningRule &rule : rules)
        add(rule.stored);
    if (priority)
        add(priorityRule);
    return parts.join(u'\n');
}

} // namespace tierline::engine
