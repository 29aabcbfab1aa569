#include "core/calendar/rosterjson.h"

#include "core/calendar/jsonkeys.h"

namespace tierline::roster {

using namespace Qt::StringLiterals;

namespace {

using sla::Keys;

constexpr std::pair<Rotation::Unit, QLatin1StringView> units[] {
    { Rotation::Unit::Hours, "hours"_L1 },
    { Rotation::Unit::Days, "days"_L1 },
    { Rotation::Unit::Weeks, "weeks"_L1 },
};
constexpr QLatin1StringView weekdays[] { "mon"_L1, "tue"_L1, "wed"_L1, "thu"_L1, "fri"_L1, "sat"_L1,
    "sun"_L1 };

std::optional<Rotation::Unit> unitFromCode(const QString &code)
{
    for (const auto &[unit, name] : units) {
        if (name == code)
            return unit;
    }
    return {};
}

QString unitCode(Rotation::Unit wanted)
{
    for (const auto &[unit, name] : units) {
        if (unit == wanted)
            return name;
    }
    Q_UNREACHABLE();
}

std::optional<Qt::DayOfWeek> weekdayFromCode(const QString &code)
{
    const auto found = std::ranges::find(weekdays, code);
    if (found == std::end(weekdays))
        return {};
    return static_cast<Qt::DayOfWeek>(found - std::begin(weekdays) + 1);
}

bool isRestricted(const Layer &layer)
{
    return std::ranges::any_of(layer.hours, [](const DayHours &day) { return !day.empty(); });
}

/// Read as a calendar's, so that both mean the same.
Result<Done> takeHours(Keys &keys, const QString &zone, const QString &where, WeekHours &hours)
{
    const QJsonValue value = keys.take(u"hours"_s);
    if (value.isUndefined())
        return Done {};
    if (!value.isObject())
        return keys.wrong(u"hours"_s, u"an object, day to intervals"_s);
    auto calendar = sla::calendarFromJson({ { u"zone"_s, zone }, { u"hours"_s, value } });
    if (!calendar)
        return badInput(u"The hours of %1: %2"_s.arg(where, calendar.error().detail), where);
    hours = calendar->definition().week;
    return Done {};
}

Result<Done> takeRotation(Keys &keys, Rotation &rotation)
{
    TIERLINE_TRY(every, keys.number(u"every"_s, 1, 1, MostEvery));
    TIERLINE_TRY(
        unit, keys.coded(u"unit"_s, Rotation::Unit::Weeks, unitFromCode, u"hours, days, weeks"_s));
    rotation = { .unit = unit, .every = every };
    if (unit == Rotation::Unit::Weeks) {
        TIERLINE_TRY(weekday,
            keys.coded(
                u"weekday"_s, Qt::Monday, weekdayFromCode, u"mon, tue, wed, thu, fri, sat, sun"_s));
        rotation.weekday = weekday;
    }
    return Done {};
}

Result<Layer> layerFrom(const QJsonValue &value, const QString &zone, const QString &where)
{
    if (!value.isObject())
        return badInput(u"A layer must be an object."_s, where);
    Keys keys(value.toObject(), where);
    Layer layer;
    TIERLINE_TRY(name, keys.text(u"name"_s));
    TIERLINE_TRY(agents, keys.texts(u"agents"_s));
    TIERLINE_TRY(starts, keys.text(u"starts"_s));
    layer.name = name;
    layer.agents = agents;
    layer.starts = QDate::fromString(starts, u"yyyy-MM-dd"_s);
    if (!layer.starts.isValid())
        return keys.wrong(u"starts"_s, u"a date such as 2026-06-01"_s);
    TIERLINE_TRY(handover, sla::wallTimeFromJson(keys.take(u"handover"_s), where));
    layer.handover = handover;
    TIERLINE_CHECK(takeRotation(keys, layer.rotation));
    TIERLINE_CHECK(takeHours(keys, zone, where, layer.hours));
    TIERLINE_CHECK(keys.nothingElse());
    return layer;
}

Result<Instant> instantOf(Keys &keys, const QString &name, const QString &where)
{
    TIERLINE_TRY(text, keys.text(name));
    auto at = Instant::parse(text);
    if (!at)
        return badInput(u"“%1” of %2: %3"_s.arg(name, where, at.error().detail), where);
    return *at;
}

Result<Override> overrideFrom(const QJsonValue &value, const QString &where)
{
    if (!value.isObject())
        return badInput(u"An override must be an object."_s, where);
    Keys keys(value.toObject(), where);
    TIERLINE_TRY(from, instantOf(keys, u"from"_s, where));
    TIERLINE_TRY(to, instantOf(keys, u"to"_s, where));
    TIERLINE_TRY(layer, keys.text(u"layer"_s));
    TIERLINE_TRY(agent, keys.text(u"agent"_s));
    TIERLINE_TRY(instead, keys.text(u"instead"_s));
    TIERLINE_TRY(why, keys.text(u"why"_s));
    TIERLINE_CHECK(keys.nothingElse());
    return Override { from, to, layer, agent, instead, why };
}

QJsonObject toJson(const Layer &layer, const QString &zone)
{
    QJsonObject json { { u"name"_s, layer.name },
        { u"agents"_s, QJsonArray::fromStringList(layer.agents) },
        { u"starts"_s, layer.starts.toString(Qt::ISODate) },
        { u"handover"_s, sla::wallTimeText(layer.handover) }, { u"every"_s, layer.rotation.every },
        { u"unit"_s, unitCode(layer.rotation.unit) } };
    if (layer.rotation.unit == Rotation::Unit::Weeks)
        json[u"weekday"_s] = weekdays[layer.rotation.weekday - Qt::Monday];
    if (isRestricted(layer)) {
        if (const auto calendar = Calendar::make({ .zone = zone, .week = layer.hours }))
            json[u"hours"_s] = sla::toJson(*calendar)[u"hours"_s];
    }
    return json;
}

QJsonObject toJson(const Override &swap)
{
    QJsonObject json { { u"from"_s, swap.from.iso() }, { u"to"_s, swap.to.iso() },
        { u"agent"_s, swap.agent } };
    const auto put = [&json](const QString &name, const QString &text) {
        if (!text.isEmpty())
            json[name] = text;
    };
    put(u"layer"_s, swap.layer);
    put(u"instead"_s, swap.instead);
    put(u"why"_s, swap.why);
    return json;
}

} // namespace

Result<Roster> rosterFromJson(const QJsonObject &json)
{
    Keys keys(json, u"the roster"_s);
    Roster roster;
    TIERLINE_TRY(name, keys.text(u"name"_s));
    TIERLINE_TRY(zone, keys.text(u"zone"_s));
    roster.name = name;
    roster.zone = zone;
    if (keys.has(u"escalate_after"_s)) {
        TIERLINE_TRY(wait, keys.length(u"escalate_after"_s));
        roster.escalateAfter = wait;
    }
    keys.take(u"escalate_after"_s);
    TIERLINE_TRY(loops, keys.number(u"loops"_s, 1, 1, MostLoops));
    roster.loops = loops;
    TIERLINE_TRY(layers, keys.list(u"layers"_s, MostLayers));
    TIERLINE_TRY(overrides, keys.list(u"overrides"_s, MostOverrides));
    TIERLINE_CHECK(keys.nothingElse());
    // The zone before the hours that are read by it.
    if (auto known = Zone::named(zone); !known)
        return known.error();
    for (const QJsonValue &value : layers) {
        TIERLINE_TRY(layer, layerFrom(value, zone, u"layer %1"_s.arg(roster.layers.size() + 1)));
        roster.layers.push_back(layer);
    }
    for (const QJsonValue &value : overrides) {
        TIERLINE_TRY(swap, overrideFrom(value, u"override %1"_s.arg(roster.overrides.size() + 1)));
        roster.overrides.push_back(swap);
    }
    TIERLINE_CHECK(check(roster));
    return roster;
}

QJsonObject rosterToJson(const Roster &roster)
{
    QJsonArray layers;
    for (const Layer &layer : roster.layers)
        layers.append(toJson(layer, roster.zone));
    QJsonObject json { { u"name"_s, roster.name }, { u"zone"_s, roster.zone },
        { u"escalate_after"_s, sla::targetText(roster.escalateAfter) },
        { u"loops"_s, roster.loops }, { u"layers"_s, layers } };
    QJsonArray overrides;
    for (const Override &swap : roster.overrides)
        overrides.append(toJson(swap));
    if (!overrides.isEmpty())
        json[u"overrides"_s] = overrides;
    return json;
}

} // namespace tierline::roster
