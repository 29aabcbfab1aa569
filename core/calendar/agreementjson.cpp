#include "core/calendar/agreementjson.h"

#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/calendar/jsonkeys.h"

#include <QFile>
#include <QJsonArray>

// A static library's resources are known only once this has run; it cannot stand in a namespace.
static void loadDefaults()
{
    Q_INIT_RESOURCE(agreements);
}

namespace tierline::sla {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostPolicies = 200;
constexpr qsizetype mostCalendars = 200;
constexpr qsizetype mostTargets = 200; ///< of one policy

QString allClockCodes()
{
    QStringList all;
    for (const ClockKind kind : allClocks)
        all.append(code(kind));
    return all.join(u", "_s);
}

/// The lists of words that a condition may have, by their names in the file.
constexpr std::pair<const char *, QStringList FieldMatch::*> matchLists[] {
    { "tier", &FieldMatch::tiers },
    { "team", &FieldMatch::teams },
    { "channel", &FieldMatch::channels },
    { "plan", &FieldMatch::plans },
    { "organization", &FieldMatch::organizations },
    { "category", &FieldMatch::categories },
    { "product", &FieldMatch::products },
    { "type", &FieldMatch::types },
    { "tag", &FieldMatch::tags },
};

template<typename Code>
Result<std::vector<Code>> codesFrom(Keys &keys, const QString &name)
{
    std::vector<Code> found;
    TIERLINE_TRY(words, keys.texts(name));
    for (const QString &word : words) {
        const auto known = fromCode<Code>(word);
        if (!known)
            return keys.wrong(name, u"of "_s + codes<Code>().join(u", "_s));
        found.push_back(*known);
    }
    return found;
}

Result<FieldMatch> matchFrom(const QJsonValue &value, const QString &where)
{
    FieldMatch match;
    if (value.isUndefined())
        return match;
    if (!value.isObject())
        return badInput(u"“when” of %1 must be an object of lists."_s.arg(where), where);
    Keys keys(value.toObject(), u"“when” of "_s + where);
    for (const auto &[name, list] : matchLists) {
        TIERLINE_TRY(words, keys.texts(QString::fromLatin1(name)));
        match.*list = words;
    }
    TIERLINE_TRY(priorities, codesFrom<Priority>(keys, u"priority"_s));
    TIERLINE_TRY(severities, codesFrom<Severity>(keys, u"severity"_s));
    TIERLINE_CHECK(keys.nothingElse());
    match.priorities = priorities;
    match.severities = severities;
    return match;
}

Result<PolicyTarget> targetFrom(const QJsonValue &value, const QString &where)
{
    if (!value.isObject())
        return badInput(u"A target of %1 must be {\"clock\",\"target\"}."_s.arg(where), where);
    Keys keys(value.toObject(), u"a target of "_s + where);
    TIERLINE_TRY(clockCode, keys.text(u"clock"_s));
    const auto clock = clockFromCode(clockCode);
    if (!clock)
        return keys.wrong(u"clock"_s, u"one of "_s + allClockCodes());
    TIERLINE_TRY(length, keys.length(u"target"_s));
    TIERLINE_TRY(when, matchFrom(keys.take(u"when"_s), where));
    TIERLINE_CHECK(keys.nothingElse());
    return PolicyTarget { *clock, length, when };
}

Result<Done> takeLists(Keys &keys, Policy &policy, const QString &where)
{
    TIERLINE_TRY(targets, keys.list(u"targets"_s, mostTargets));
    for (const QJsonValue &value : targets) {
        TIERLINE_TRY(target, targetFrom(value, where));
        policy.targets.push_back(target);
    }
    TIERLINE_TRY(pauses, keys.texts(u"pauses"_s));
    for (const QString &text : pauses) {
        const auto clock = clockFromCode(text);
        if (!clock)
            return keys.wrong(u"pauses"_s, u"of "_s + allClockCodes());
        policy.pauses.push_back(*clock);
    }
    return Done {};
}

Result<Policy> policyFrom(const QJsonValue &value, qsizetype number)
{
    QString where = u"policy %1"_s.arg(number);
    if (!value.isObject())
        return badInput(u"Policy %1 is no object."_s.arg(number), where);
    Policy policy;
    policy.name = validText(value.toObject()[u"name"_s].toString());
    if (!policy.name.isEmpty())
        where += u" (“%1”)"_s.arg(policy.name.left(60));
    Keys keys(value.toObject(), where);
    TIERLINE_TRY(name, keys.text(u"name"_s));
    TIERLINE_TRY(party,
        keys.coded(u"for"_s, Party::Customer, partyFromCode, u"customer, internal, supplier"_s));
    TIERLINE_TRY(isDefault, keys.flag(u"default"_s));
    TIERLINE_TRY(when, matchFrom(keys.take(u"when"_s), where));
    TIERLINE_TRY(calendar, keys.text(u"calendar"_s));
    TIERLINE_TRY(zone,
        keys.coded(u"zone"_s, ZoneChoice::Calendar, zoneChoiceFromCode,
            u"calendar, customer, organization, team"_s));
    TIERLINE_TRY(callsAnswer, keys.flag(u"calls_answer"_s));
    TIERLINE_TRY(runsLadder, keys.flag(u"change_runs_ladder"_s));
    TIERLINE_CHECK(takeLists(keys, policy, where));
    if (keys.has(u"grace"_s)) {
        TIERLINE_TRY(grace, keys.length(u"grace"_s));
        policy.grace = grace;
    }
    if (keys.has(u"climbs_to"_s)) {
        TIERLINE_TRY(climbs,
            keys.coded(u"climbs_to"_s, Priority::Urgent, fromCode<Priority>,
                codes<Priority>().join(u", "_s)));
        policy.climbsTo = climbs;
    }
    keys.take(u"grace"_s);
    keys.take(u"climbs_to"_s);
    TIERLINE_CHECK(keys.nothingElse());
    policy.name = name.trimmed();
    policy.party = party;
    policy.isDefault = isDefault;
    policy.when = when;
    policy.calendar = calendar.trimmed();
    policy.zone = zone;
    policy.callsAnswer = callsAnswer;
    policy.changeRunsLadder = runsLadder;
    return policy;
}

QJsonObject toJson(const FieldMatch &match)
{
    QJsonObject json;
    const auto put = [&json](const char *name, const QStringList &values) {
        if (!values.isEmpty())
            json[QString::fromLatin1(name)] = QJsonArray::fromStringList(values);
    };
    for (const auto &[name, list] : matchLists)
        put(name, match.*list);
    const auto words = [](const auto &values) {
        QStringList all;
        for (const auto value : values)
            all.append(code(value));
        return all;
    };
    put("priority", words(match.priorities));
    put("severity", words(match.severities));
    return json;
}

QJsonObject toJson(const Policy &policy)
{
    QJsonObject json { { u"name"_s, policy.name }, { u"for"_s, code(policy.party) },
        { u"calendar"_s, policy.calendar } };
    const auto flag = [&json](const QString &name, bool isSet) {
        if (isSet)
            json[name] = true;
    };
    flag(u"default"_s, policy.isDefault);
    flag(u"calls_answer"_s, policy.callsAnswer);
    flag(u"change_runs_ladder"_s, policy.changeRunsLadder);
    if (!policy.when.isBlank())
        json[u"when"_s] = toJson(policy.when);
    if (policy.zone != ZoneChoice::Calendar)
        json[u"zone"_s] = code(policy.zone);
    if (policy.grace > Millis(0))
        json[u"grace"_s] = targetText(policy.grace);
    if (policy.climbsTo)
        json[u"climbs_to"_s] = code(*policy.climbsTo);
    QJsonArray targets;
    for (const PolicyTarget &target : policy.targets) {
        QJsonObject one { { u"clock"_s, code(target.clock) },
            { u"target"_s, targetText(target.length) } };
        if (!target.when.isBlank())
            one[u"when"_s] = toJson(target.when);
        targets.append(one);
    }
    json[u"targets"_s] = targets;
    QJsonArray pauses;
    for (const ClockKind clock : policy.pauses)
        pauses.append(code(clock));
    if (!pauses.isEmpty())
        json[u"pauses"_s] = pauses;
    return json;
}

} // namespace

Result<Policies> policiesFromJson(const QJsonArray &json)
{
    if (json.size() > mostPolicies)
        return badInput(u"There are more than %1 policies."_s.arg(mostPolicies), u"policies"_s);
    Policies policies;
    for (const QJsonValue &value : json) {
        TIERLINE_TRY(policy, policyFrom(value, static_cast<qsizetype>(policies.size()) + 1));
        policies.push_back(policy);
    }
    return policies;
}

Result<Agreements> agreementsFromJson(const QJsonObject &json, const QStringList &known)
{
    Keys keys(json, u"the document"_s);
    keys.take(u"$schema"_s);
    Agreements agreements;
    const QJsonValue calendars = keys.take(u"calendars"_s);
    if (!calendars.isObject() && !calendars.isUndefined())
        return keys.wrong(u"calendars"_s, u"an object, name to calendar"_s);
    const QJsonObject byName = calendars.toObject();
    if (byName.size() > mostCalendars)
        return badInput(u"There are more than %1 calendars."_s.arg(mostCalendars), u"calendars"_s);
    QStringList names = known;
    for (auto at = byName.begin(); at != byName.end(); ++at) {
        const QString name = validText(at.key()).trimmed();
        if (name.isEmpty() || name.size() > 200 || !at.value().isObject())
            return badInput(u"A calendar needs a name of at most 200 characters, and must be an "
                            "object."_s,
                u"calendars"_s);
        auto calendar = calendarFromJson(at.value().toObject());
        if (!calendar)
            return badInput(
                u"Calendar “%1”: %2"_s.arg(name, calendar.error().detail), u"calendars"_s);
        agreements.calendars.insert_or_assign(name, *calendar);
        names.append(name);
    }
    TIERLINE_TRY(list, keys.list(u"policies"_s, mostPolicies));
    TIERLINE_CHECK(keys.nothingElse());
    TIERLINE_TRY(policies, policiesFromJson(list));
    TIERLINE_CHECK(check(policies, names));
    agreements.policies = policies;
    return agreements;
}

QJsonArray toJson(const Policies &policies)
{
    QJsonArray json;
    for (const Policy &policy : policies)
        json.append(toJson(policy));
    return json;
}

QJsonObject toJson(const Agreements &agreements)
{
    QJsonObject calendars;
    for (const auto &[name, calendar] : agreements.calendars)
        calendars[name] = toJson(calendar);
    return { { u"calendars"_s, calendars }, { u"policies"_s, toJson(agreements.policies) } };
}

const Agreements &defaultAgreements()
{
    static const Agreements defaults = [] {
        loadDefaults();
        QFile file(u":/tierline/policies/agreements.json"_s);
        if (!file.open(QIODevice::ReadOnly))
            qFatal("The default agreements are not in the program.");
        auto read = readJsonObject(file.readAll()).and_then([](const QJsonObject &json) {
            return agreementsFromJson(json);
        });
        if (!read)
            qFatal("The default agreements: %s", qPrintable(read.error().detail));
        return *read;
    }();
    return defaults;
}

} // namespace tierline::sla
