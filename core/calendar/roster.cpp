#include "core/calendar/roster.h"

#include "core/base/unicode.h"

namespace tierline::roster {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis shortestWait { 60'000 };

/// What reads back as it was written, and shows as it is.
bool isPlainLine(const QString &text)
{
    return text.size() <= MostName && text.trimmed() == text && validText(text) == text
        && std::ranges::none_of(text, [](QChar c) {
               return c.category() == QChar::Other_Control || c.category() == QChar::Other_Format;
           });
}

Result<Done> checkName(const QString &name, const QString &what, const QString &where)
{
    if (name.isEmpty() || !isPlainLine(name))
        return badInput(u"%1 needs a plain name of one line, 1 to %2 characters without spaces "
                        "around it."_s.arg(what)
                            .arg(MostName),
            where);
    return Done {};
}

Result<Done> checkReason(const QString &why, const QString &where)
{
    if (!isPlainLine(why))
        return badInput(
            u"The reason must be one plain line of at most %1 characters."_s.arg(MostName), where);
    return Done {};
}

Result<Done> checkHours(const Layer &layer, const QString &zone, const QString &where)
{
    const bool isRestricted
        = std::ranges::any_of(layer.hours, [](const DayHours &day) { return !day.empty(); });
    if (!isRestricted)
        return Done {};
    for (const DayHours &day : layer.hours) {
        if (day.size() > MostHours)
            return badInput(
                u"A day has more than %1 intervals of hours; join some."_s.arg(MostHours), where);
        for (const WallSpan &span : day) {
            if (span.from % 1'000 != 0 || span.to % 1'000 != 0)
                return badInput(u"Hours begin and end on whole seconds."_s, where);
        }
    }
    auto calendar = Calendar::make({ .zone = zone, .week = layer.hours });
    if (!calendar)
        return badInput(calendar.error().detail, where);
    return Done {};
}

Result<Done> checkRotation(const Layer &layer, const QString &where)
{
    const Rotation &rotation = layer.rotation;
    if (rotation.every < 1 || rotation.every > MostEvery)
        return badInput(
            u"The handover comes every 1 to %1 hours, days or weeks."_s.arg(MostEvery), where);
    if (rotation.weekday < Qt::Monday || rotation.weekday > Qt::Sunday)
        return badInput(u"There is no such day of the week for the handover."_s, where);
    if (layer.handover < 0 || layer.handover >= DayMs || layer.handover % 60'000 != 0)
        return badInput(
            u"The handover must be a time of day in whole minutes, 00:00 to 23:59."_s, where);
    if (!layer.starts.isValid() || layer.starts.year() < 1900 || layer.starts.year() > 2199)
        return badInput(u"The layer needs the date on which it starts, 1900 to 2199."_s, where);
    return Done {};
}

Result<Done> checkAgents(const QStringList &agents, const QString &where)
{
    if (agents.isEmpty())
        return badInput(u"Nobody is in this layer; name at least one agent."_s, where);
    if (agents.size() > MostAgents)
        return badInput(u"A layer has at most %1 agents."_s.arg(MostAgents), where);
    for (qsizetype i = 0; i < agents.size(); ++i) {
        TIERLINE_CHECK(checkName(agents[i], u"Agent %1"_s.arg(i + 1), where));
        if (agents.lastIndexOf(agents[i]) != i)
            return badInput(
                u"“%1” is named twice; name everybody once."_s.arg(agents[i].left(60)), where);
    }
    return Done {};
}

Result<Done> checkLayers(const Roster &roster)
{
    if (roster.layers.empty() || roster.layers.size() > MostLayers)
        return badInput(u"A roster has 1 to %1 layers."_s.arg(MostLayers), u"layers"_s);
    QStringList names;
    for (const Layer &layer : roster.layers) {
        QString where = u"layer %1"_s.arg(names.size() + 1);
        TIERLINE_CHECK(checkName(layer.name, u"A layer"_s, where));
        where += u" (“%1”)"_s.arg(layer.name.left(60));
        if (names.contains(layer.name))
            return badInput(u"Another layer has this name; choose a new one."_s, where);
        names.append(layer.name);
        TIERLINE_CHECK(checkAgents(layer.agents, where));
        TIERLINE_CHECK(checkRotation(layer, where));
        TIERLINE_CHECK(checkHours(layer, roster.zone, where));
    }
    return Done {};
}

Result<Done> checkOverride(const Override &swap, const Roster &roster, const QString &where)
{
    TIERLINE_CHECK(checkName(swap.agent, u"Who takes over"_s, where));
    if (!swap.instead.isEmpty())
        TIERLINE_CHECK(checkName(swap.instead, u"Who is replaced"_s, where));
    TIERLINE_CHECK(checkReason(swap.why, where));
    if (swap.agent == swap.instead)
        return badInput(u"“%1” cannot replace themself."_s.arg(swap.agent.left(60)), where);
    if (swap.from.ms < Instant::MinMs || swap.to.ms > Instant::MaxMs)
        return badInput(u"It must lie in the years 1900 to 2199."_s, where);
    if (swap.to <= swap.from)
        return badInput(u"It ends at %1, which is not after its begin at %2."_s.arg(
                            swap.to.iso(), swap.from.iso()),
            where);
    if (swap.to - swap.from > LongestOverride)
        return badInput(
            u"It lasts longer than 366 days; change the order of the layer instead."_s, where);
    if (!swap.layer.isEmpty()
        && std::ranges::find(roster.layers, swap.layer, &Layer::name) == roster.layers.end())
        return badInput(u"There is no layer “%1”; name one of the roster, or none for all."_s.arg(
                            swap.layer.left(60)),
            where);
    return Done {};
}

} // namespace

Result<Done> check(const Roster &roster)
{
    TIERLINE_CHECK(checkName(roster.name, u"The roster"_s, u"name"_s));
    if (auto zone = Zone::named(roster.zone); !zone)
        return zone.error();
    if (roster.escalateAfter < shortestWait || roster.escalateAfter > Millis(DayMs)
        || roster.escalateAfter.count() % 1'000 != 0)
        return badInput(u"The next person is asked after 1 minute to 24 hours, in whole seconds."_s,
            u"escalate_after"_s);
    if (roster.loops < 1 || roster.loops > MostLoops)
        return badInput(u"The ladder is gone through 1 to %1 times."_s.arg(MostLoops), u"loops"_s);
    TIERLINE_CHECK(checkLayers(roster));
    if (roster.overrides.size() > MostOverrides)
        return badInput(
            u"A roster has at most %1 overrides; remove some that are over."_s.arg(MostOverrides),
            u"overrides"_s);
    for (size_t i = 0; i < roster.overrides.size(); ++i)
        TIERLINE_CHECK(checkOverride(roster.overrides[i], roster, u"override %1"_s.arg(i + 1)));
    return Done {};
}

} // namespace tierline::roster
