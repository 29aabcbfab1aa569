#include "core/desk/settingsparts.h"

#include "core/base/json.h"
#include "core/commands/reasons.h"
#include "core/escalation/matrixjson.h"
#include "core/storage/people.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

const auto peopleFile = u"people.json"_s;
const auto templatesFile = u"templates.json"_s;
const auto labelsFile = u"labels.json"_s;
const auto recipesFile = u"recipes.json"_s;
const auto matrixFile = u"matrix.json"_s;
const auto workspaceFile = u"workspace.json"_s;
constexpr qsizetype mostEntries = 10'000;

QByteArray document(QJsonObject json)
{
    json[u"form"_s] = 1;
    return QJsonDocument(json).toJson();
}

// ---- as text

QJsonObject toJson(const Tier &tier)
{
    return { { u"id"_s, tier.id }, { u"name"_s, tier.name }, { u"rank"_s, tier.rank },
        { u"duty"_s, tier.duty }, { u"accept"_s, shortDuration(tier.acceptWithin) },
        { u"resolve"_s, shortDuration(tier.resolveWithin) },
        { u"reply"_s, shortDuration(tier.replyWithin) } };
}

QJsonObject toJson(const Team &team, const QList<Agent> &agents)
{
    QJsonArray members;
    for (const Agent &agent : agents) {
        if (agent.teams.contains(team.name))
            members.append(agent.id);
    }
    QJsonObject json { { u"name"_s, team.name }, { u"tier"_s, team.tier },
        { u"members"_s, members } };
    if (team.confidential != Confidential::No)
        json[u"confidential"_s] = code(team.confidential);
    return json;
}

QJsonObject toJson(const Agent &agent)
{
    QStringList granted = agent.grantedTiers;
    granted.sort();
    QJsonObject json { { u"id"_s, agent.id }, { u"name"_s, agent.name },
        { u"tier"_s, agent.homeTier }, { u"role"_s, code(agent.role) } };
    if (!granted.isEmpty())
        json[u"also_at"_s] = QJsonArray::fromStringList(granted);
    if (!agent.isActive)
        json[u"active"_s] = false;
    return json;
}

QByteArray peopleText(const SettingsParts &parts)
{
    QJsonArray tiers, teams, agents;
    for (const Tier &tier : parts.tiers)
        tiers.append(toJson(tier));
    for (const Team &team : parts.teams)
        teams.append(toJson(team, parts.agents));
    for (const Agent &agent : parts.agents)
        agents.append(toJson(agent));
    QJsonObject json { { u"tiers"_s, tiers }, { u"teams"_s, teams }, { u"agents"_s, agents } };
    if (parts.capacity)
        json[u"tickets_per_agent"_s] = *parts.capacity;
    return document(json);
}

/// Texts line by line, so that a difference is one of lines.
QJsonArray linesOf(const QString &text)
{
    return QJsonArray::fromStringList(text.split(u'\n'));
}

QByteArray templatesText(const commands::Templates &templates)
{
    QJsonObject all;
    for (auto one = templates.cbegin(); one != templates.cend(); ++one) {
        QJsonObject json { { u"text"_s, linesOf(one->text) } };
        QJsonObject languages;
        for (auto text = one->languages.cbegin(); text != one->languages.cend(); ++text)
            languages[text.key()] = linesOf(text.value());
        if (!languages.isEmpty())
            json[u"languages"_s] = languages;
        if (one->review.isValid())
            json[u"review"_s] = one->review.toString(Qt::ISODate);
        all[one.key()] = json;
    }
    return document({ { u"templates"_s, all } });
}

QByteArray recipesText(const commands::Recipes &recipes)
{
    QJsonArray all;
    for (const escalation::DoNotEscalate &one : recipes)
        all.append(QJsonObject { { u"words"_s, one.words }, { u"recipe"_s, linesOf(one.recipe) } });
    return document({ { u"do_not_escalate"_s, all } });
}

QByteArray labelsText(const commands::Labels &labels)
{
    QStringList should, shouldNot;
    for (auto label = labels.cbegin(); label != labels.cend(); ++label)
        (label.value() ? should : shouldNot).append(label.key());
    should.sort();
    shouldNot.sort();
    return document({ { u"should_escalate"_s, QJsonArray::fromStringList(should) },
        { u"should_not"_s, QJsonArray::fromStringList(shouldNot) } });
}

const QString quietOutsideOf = u"quiet_outside_the_hours_of"_s;

QByteArray workspaceText(const SettingsParts &parts)
{
    QJsonArray times;
    for (const TimeSpan &span : parts.quiet.spans)
        times.append(QJsonObject { { u"from"_s, span.from.iso() }, { u"to"_s, span.to.iso() } });
    QJsonObject json { { u"reasons"_s, QJsonArray::fromStringList(parts.reasons) },
        { u"quiet_times"_s, times },
        { u"critical_goes_past_quiet_times"_s, parts.quiet.criticalPasses } };
    if (!parts.quiet.outsideOf.isEmpty())
        json[quietOutsideOf] = parts.quiet.outsideOf;
    return document(json);
}

// ---- from text

Result<Done> checkKeys(const QJsonObject &json, const QStringList &known, const QString &of)
{
    for (auto it = json.begin(); it != json.end(); ++it) {
        if (!known.contains(it.key()))
            return badInput(u"“%1” is no key of %2; there is %3."_s.arg(
                it.key().left(40), of, known.join(u", "_s)));
    }
    return Done {};
}

Result<QJsonArray> listIn(const QJsonObject &json, const QString &key)
{
    const QJsonValue value = json[key];
    if (!value.isArray() || value.toArray().size() > mostEntries)
        return badInput(u"“%1” is a list of at most %2."_s.arg(key).arg(mostEntries));
    return value.toArray();
}

Result<QStringList> textsIn(const QJsonObject &json, const QString &key, bool mayMiss = false)
{
    if (mayMiss && !json.contains(key))
        return QStringList();
    TIERLINE_TRY(list, listIn(json, key));
    QStringList texts;
    for (const QJsonValue &value : list) {
        if (!value.isString())
            return badInput(u"“%1” is a list of texts."_s.arg(key));
        if (!texts.contains(value.toString()))
            texts.append(value.toString());
    }
    return texts;
}

Result<QString> textIn(const QJsonObject &json, const QString &key, const QString &of)
{
    if (!json[key].isString())
        return badInput(u"%1 needs its “%2” as a text."_s.arg(of, key));
    return json[key].toString();
}

Result<Tier> tierFrom(const QJsonObject &json)
{
    Tier tier;
    TIERLINE_TRY(id, textIn(json, u"id"_s, u"A tier"_s));
    const QString of = u"tier “%1”"_s.arg(id.left(40));
    TIERLINE_CHECK(checkKeys(json,
        { u"id"_s, u"name"_s, u"rank"_s, u"duty"_s, u"accept"_s, u"resolve"_s, u"reply"_s }, of));
    TIERLINE_TRY(name, textIn(json, u"name"_s, of));
    TIERLINE_TRY(duty, textIn(json, u"duty"_s, of));
    tier.id = id;
    tier.name = name;
    tier.duty = duty;
    tier.rank = json[u"rank"_s].toInt(-1);
    for (const auto &[key, limit] :
        { std::pair(u"accept"_s, &tier.acceptWithin), std::pair(u"resolve"_s, &tier.resolveWithin),
            std::pair(u"reply"_s, &tier.replyWithin) }) {
        TIERLINE_TRY(text, textIn(json, key, of));
        TIERLINE_TRY(length, parseDuration(text));
        *limit = length;
    }
    return tier;
}

Result<Team> teamFrom(const QJsonObject &json, QHash<QString, QStringList> &membersOf)
{
    Team team;
    TIERLINE_TRY(name, textIn(json, u"name"_s, u"A team"_s));
    const QString of = u"team “%1”"_s.arg(name.left(80));
    TIERLINE_CHECK(checkKeys(json, { u"name"_s, u"tier"_s, u"members"_s, u"confidential"_s }, of));
    TIERLINE_TRY(tier, textIn(json, u"tier"_s, of));
    TIERLINE_TRY(members, textsIn(json, u"members"_s));
    team.name = name;
    team.tier = tier;
    if (json.contains(u"confidential"_s)) {
        const auto kind = fromCode<Confidential>(json[u"confidential"_s].toString());
        if (!kind)
            return badInput(
                u"%1: confidential is one of %2."_s.arg(of, codes<Confidential>().join(u", "_s)));
        team.confidential = *kind;
    }
    membersOf.insert(name, members);
    return team;
}

/// What the file says of an agent; the rest stays as it is.
Result<Agent> agentFrom(const QJsonObject &json, const QList<Agent> &held)
{
    TIERLINE_TRY(id, textIn(json, u"id"_s, u"An agent"_s));
    const QString of = u"agent “%1”"_s.arg(id.left(64));
    TIERLINE_CHECK(checkKeys(
        json, { u"id"_s, u"name"_s, u"tier"_s, u"role"_s, u"also_at"_s, u"active"_s }, of));
    const auto known = std::ranges::find(held, id, &Agent::id);
    Agent agent = known == held.end() ? Agent { .id = id } : *known;
    TIERLINE_TRY(name, textIn(json, u"name"_s, of));
    TIERLINE_TRY(tier, textIn(json, u"tier"_s, of));
    TIERLINE_TRY(granted, textsIn(json, u"also_at"_s, true));
    const auto role = fromCode<Role>(json[u"role"_s].toString());
    if (!role)
        return badInput(u"%1: its role is one of %2."_s.arg(of, codes<Role>().join(u", "_s)));
    agent.name = name;
    agent.homeTier = tier;
    agent.role = *role;
    agent.grantedTiers = granted;
    agent.isActive = json[u"active"_s].toBool(true);
    return agent;
}

/// Those that are named, in their order by key, with those that stay.
template<typename T, typename Key>
Result<Done> merge(
    QList<T> &held, const QList<T> &named, Key T::*key, const QString &what, QStringList &remarks)
{
    QList<T> all = named;
    for (const T &one : named) {
        if (std::ranges::count(named, one.*key, key) > 1)
            return badInput(u"The %1 “%2” stands there twice."_s.arg(what, (one.*key).left(80)));
    }
    for (const T &one : held) {
        if (std::ranges::find(named, one.*key, key) != named.end())
            continue;
        all.append(one);
        remarks.append(
            u"note: The %1 “%2” stays: tickets and the log name it."_s.arg(what, one.*key));
    }
    held = all;
    return Done {};
}

template<typename T>
Result<QList<T>> all(const QJsonArray &list, auto read)
{
    QList<T> found;
    for (const QJsonValue &value : list) {
        TIERLINE_TRY(one, read(value.toObject()));
        found.append(one);
    }
    return found;
}

void orderPeople(SettingsParts &parts)
{
    std::ranges::stable_sort(parts.tiers, {}, &Tier::rank);
    std::ranges::sort(parts.teams, {}, &Team::name);
    std::ranges::sort(parts.agents, {}, &Agent::id);
}

Result<Done> readPeople(const QJsonObject &json, SettingsParts &parts, QStringList &remarks)
{
    TIERLINE_CHECK(checkKeys(json,
        { u"form"_s, u"tiers"_s, u"teams"_s, u"agents"_s, u"tickets_per_agent"_s }, peopleFile));
    TIERLINE_TRY(tierList, listIn(json, u"tiers"_s));
    TIERLINE_TRY(teamList, listIn(json, u"teams"_s));
    TIERLINE_TRY(agentList, listIn(json, u"agents"_s));
    QHash<QString, QStringList> membersOf;
    TIERLINE_TRY(tiers, all<Tier>(tierList, tierFrom));
    TIERLINE_TRY(teams,
        all<Team>(teamList, [&](const QJsonObject &one) { return teamFrom(one, membersOf); }));
    TIERLINE_TRY(agents, all<Agent>(agentList, [&](const QJsonObject &one) {
        return agentFrom(one, parts.agents);
    }));
    TIERLINE_CHECK(merge(parts.tiers, tiers, &Tier::id, u"tier"_s, remarks));
    TIERLINE_CHECK(merge(parts.teams, teams, &Team::name, u"team"_s, remarks));
    TIERLINE_CHECK(merge(parts.agents, agents, &Agent::id, u"agent"_s, remarks));
    // Who is in a team stands with the team. Teams that the file does not name keep theirs.
    for (Agent &agent : parts.agents) {
        for (auto team = membersOf.cbegin(); team != membersOf.cend(); ++team) {
            if (!team->contains(agent.id))
                agent.teams.removeAll(team.key());
            else if (!agent.teams.contains(team.key()))
                agent.teams.append(team.key());
        }
    }
    for (auto team = membersOf.cbegin(); team != membersOf.cend(); ++team) {
        for (const QString &member : *team) {
            if (std::ranges::find(parts.agents, member, &Agent::id) == parts.agents.end())
                return badInput(u"The team “%1” has a member “%2”, who is no agent."_s.arg(
                    team.key(), member.left(64)));
        }
    }
    const QJsonValue capacity = json[u"tickets_per_agent"_s];
    parts.capacity = capacity.isUndefined() ? std::nullopt : std::optional(capacity.toInt(-1));
    if (parts.capacity && (*parts.capacity < 1 || *parts.capacity > commands::largestCapacity))
        return badInput(
            u"tickets_per_agent is a whole number from 1 to %1."_s.arg(commands::largestCapacity));
    orderPeople(parts);
    return Done {};
}

Result<QString> textOf(const QJsonValue &value, const QString &of)
{
    QStringList lines;
    for (const QJsonValue &line : value.toArray()) {
        if (!line.isString())
            return badInput(u"%1 is a list of lines."_s.arg(of));
        lines.append(line.toString());
    }
    if (!value.isArray())
        return badInput(u"%1 is a list of lines."_s.arg(of));
    return lines.join(u'\n');
}

Result<commands::Template> templateFrom(const QJsonObject &json, const QString &of)
{
    TIERLINE_CHECK(checkKeys(json, { u"text"_s, u"languages"_s, u"review"_s }, of));
    commands::Template one;
    TIERLINE_TRY(text, textOf(json[u"text"_s], of));
    one.text = text;
    const QJsonObject languages = json[u"languages"_s].toObject();
    for (auto language = languages.begin(); language != languages.end(); ++language) {
        TIERLINE_TRY(words, textOf(*language, of));
        one.languages.insert(language.key(), words);
    }
    one.review = QDate::fromString(json[u"review"_s].toString(), Qt::ISODate);
    if (json.contains(u"review"_s) && !one.review.isValid())
        return badInput(u"%1: its day of review is written as 2027-01-31."_s.arg(of));
    if (const QString wrong = commands::wrongPlaces(one.text); !wrong.isEmpty())
        return badInput(u"%1: %2"_s.arg(of, wrong));
    return one;
}

Result<Done> readTemplateFile(const QJsonObject &json, SettingsParts &parts, QStringList &)
{
    TIERLINE_CHECK(checkKeys(json, { u"form"_s, u"templates"_s }, templatesFile));
    if (!json[u"templates"_s].isObject())
        return badInput(u"“templates” is missing."_s);
    parts.templates.clear();
    const QJsonObject templates = json[u"templates"_s].toObject();
    for (auto it = templates.begin(); it != templates.end(); ++it) {
        TIERLINE_TRY(
            one, templateFrom(it->toObject(), u"The template “%1”"_s.arg(it.key().left(80))));
        parts.templates.insert(it.key(), one);
    }
    return Done {};
}

Result<Done> readRecipeFile(const QJsonObject &json, SettingsParts &parts, QStringList &)
{
    TIERLINE_CHECK(checkKeys(json, { u"form"_s, u"do_not_escalate"_s }, recipesFile));
    TIERLINE_TRY(list, listIn(json, u"do_not_escalate"_s));
    parts.recipes.clear();
    for (const QJsonValue &value : list) {
        const QJsonObject one = value.toObject();
        TIERLINE_TRY(words, textIn(one, u"words"_s, u"A ticket that is not to be escalated"_s));
        const QString of = u"The recipe for “%1”"_s.arg(words.left(80));
        TIERLINE_CHECK(checkKeys(one, { u"words"_s, u"recipe"_s }, of));
        TIERLINE_TRY(recipe, textOf(one[u"recipe"_s], of));
        parts.recipes.append({ words, recipe });
    }
    return Done {};
}

Result<Done> readLabelFile(const QJsonObject &json, SettingsParts &parts, QStringList &)
{
    TIERLINE_CHECK(
        checkKeys(json, { u"form"_s, u"should_escalate"_s, u"should_not"_s }, labelsFile));
    TIERLINE_TRY(should, textsIn(json, u"should_escalate"_s));
    TIERLINE_TRY(shouldNot, textsIn(json, u"should_not"_s));
    parts.labels.clear();
    for (const QString &key : should)
        parts.labels.insert(key, true);
    for (const QString &key : shouldNot) {
        if (parts.labels.contains(key))
            return badInput(u"The ticket “%1” stands in both lists."_s.arg(key.left(80)));
        parts.labels.insert(key, false);
    }
    return Done {};
}

Result<Done> readWorkspace(const QJsonObject &json, SettingsParts &parts, QStringList &)
{
    const QString critical = u"critical_goes_past_quiet_times"_s;
    TIERLINE_CHECK(checkKeys(json,
        { u"form"_s, u"reasons"_s, u"quiet_times"_s, critical, quietOutsideOf }, workspaceFile));
    TIERLINE_TRY(reasons, textsIn(json, u"reasons"_s));
    TIERLINE_TRY(times, listIn(json, u"quiet_times"_s));
    parts.reasons = reasons;
    parts.quiet.spans.clear();
    for (const QJsonValue &value : times) {
        TIERLINE_TRY(from, Instant::parse(value[u"from"_s].toString()));
        TIERLINE_TRY(to, Instant::parse(value[u"to"_s].toString()));
        if (to <= from)
            return badInput(
                u"A quiet time that begins %1 has to end after that."_s.arg(from.iso()));
        parts.quiet.spans.push_back({ from, to });
    }
    parts.quiet.spans = unionOf(std::move(parts.quiet.spans));
    parts.quiet.criticalPasses = json[critical].toBool(true);
    parts.quiet.outsideOf = json[quietOutsideOf].toString();
    return Done {};
}

} // namespace

const QStringList &partFiles()
{
    static const QStringList files { labelsFile, matrixFile, peopleFile, recipesFile, templatesFile,
        workspaceFile };
    return files;
}

Result<SettingsParts> loadSettingsParts(
    storage::Connection &connection, const Visibility &visibility)
{
    SettingsParts parts;
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    TIERLINE_TRY(capacity, storage::loadSetting(connection, storage::capacitySetting));
    TIERLINE_TRY(reasons, commands::loadReasons(connection));
    TIERLINE_TRY(quiet, commands::loadQuietTimes(connection));
    TIERLINE_TRY(templates, commands::loadTemplates(connection));
    TIERLINE_TRY(labels, commands::visibleLabels(connection, visibility));
    TIERLINE_TRY(recipes, commands::loadRecipes(connection));
    TIERLINE_TRY(matrix, commands::loadMatrix(connection));
    parts.tiers = tiers;
    for (const Team &team : teams) {
        if (visibility.sees(team.name))
            parts.teams.append(team);
    }
    parts.agents = agents;
    if (const int most = capacity.toInt(); most > 0)
        parts.capacity = most;
    for (const QString &reason : reasons) {
        if (!shippedReasons().contains(reason))
            parts.reasons.append(reason);
    }
    parts.quiet = quiet;
    parts.templates = templates;
    parts.labels = labels;
    parts.recipes = recipes;
    parts.matrix = matrix;
    orderPeople(parts);
    return parts;
}

SettingsFiles filesOf(const SettingsParts &parts)
{
    return { { peopleFile, peopleText(parts) }, { templatesFile, templatesText(parts.templates) },
        { recipesFile, recipesText(parts.recipes) },
        { matrixFile, QJsonDocument(escalation::toJson(parts.matrix)).toJson() },
        { labelsFile, labelsText(parts.labels) }, { workspaceFile, workspaceText(parts) } };
}

Result<Done> readPart(
    const QString &file, const QByteArray &bytes, SettingsParts &parts, QStringList &remarks)
{
    TIERLINE_TRY(json, readJsonObject(bytes));
    if (json[u"form"_s].toInt() != 1)
        return badInput(u"Its form is not 1: a newer Tierline wrote it."_s);
    if (file == peopleFile)
        return readPeople(json, parts, remarks);
    if (file == templatesFile)
        return readTemplateFile(json, parts, remarks);
    if (file == recipesFile)
        return readRecipeFile(json, parts, remarks);
    if (file == labelsFile)
        return readLabelFile(json, parts, remarks);
    if (file == matrixFile) {
        TIERLINE_TRY(matrix, escalation::matrixFromJson(json));
        parts.matrix = matrix;
        return Done {};
    }
    return readWorkspace(json, parts, remarks);
}

void fillChange(
    const SettingsParts &before, const SettingsParts &after, commands::ReplaceSettings &change)
{
    const auto same = [](const auto &list, const auto &one, auto key, auto text) {
        const auto found = std::ranges::find(list, one.*key, key);
        return found != list.end() && text(*found) == text(one);
    };
    for (const Tier &tier : after.tiers) {
        if (!same(before.tiers, tier, &Tier::id, [](const Tier &one) { return toJson(one); }))
            change.people.tiers.append(tier);
    }
    for (const Team &team : after.teams) {
        if (!same(before.teams, team, &Team::name, [](const Team &one) { return toJson(one, {}); }))
            change.people.teams.append(team);
    }
    const auto agentText = [](const Agent &one) {
        QStringList teams = one.teams;
        teams.sort();
        return std::pair(toJson(one), teams);
    };
    for (const Agent &agent : after.agents) {
        if (!same(before.agents, agent, &Agent::id, agentText))
            change.people.agents.append(agent);
    }
    if (before.capacity != after.capacity)
        change.people.capacity = after.capacity;
    if (before.templates != after.templates)
        change.templates = after.templates;
    if (before.recipes != after.recipes)
        change.recipes = after.recipes;
    if (before.matrix != after.matrix)
        change.matrix = after.matrix;
    if (before.labels != after.labels)
        change.labels = after.labels;
    if (before.quiet != after.quiet)
        change.quiet = after.quiet;
    if (before.reasons != after.reasons)
        change.reasons = after.reasons;
}

} // namespace tierline::desk
