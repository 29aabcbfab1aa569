#pragma once

#include "core/calendar/oncall.h"
#include "core/calendar/rosterjson.h"
#include "tests/calendar/calendartest.h"

namespace tierline::test {

/// From JSON with ' for ".
inline roster::Roster rosterOf(const QByteArray &json)
{
    auto read = roster::rosterFromJson(object(json));
    if (!read)
        qFatal("%s: %s", json.constData(), qPrintable(read.error().detail));
    return *read;
}

/// One layer of ada, ben and cem, from Monday 2026-01-05 on; `rest` are its other keys.
inline roster::Roster threeOf(const QByteArray &zone, const QByteArray &rest)
{
    return rosterOf("{'name':'Test','zone':'" + zone
        + "','layers':[{'name':'First','agents':['ada','ben','cem'],'starts':'2026-01-05'," + rest
        + "}]}");
}

inline QStringList agentsOf(const std::vector<roster::OnCall> &ladder)
{
    QStringList agents;
    for (const roster::OnCall &one : ladder)
        agents.append(one.agent);
    return agents;
}

/// "ada ben cem", in the order in which they are asked.
inline QString asked(
    const roster::Roster &roster, const char *iso, const std::vector<Absence> &absences = {})
{
    return agentsOf(onCall(roster, absences, at(iso))).join(u' ');
}

/// "ada 2026-03-28T08:00:00Z ben 2026-03-29T07:00:00Z": who begins when, first in the ladder.
inline QString handovers(const roster::Roster &roster, const char *from, const char *to,
    const std::vector<Absence> &absences = {})
{
    QStringList all;
    for (const roster::Shift &shift : shifts(roster, absences, at(from), at(to)))
        all += { shift.ladder.empty() ? QStringLiteral("-") : shift.ladder.front().agent,
            shift.span.from.iso() };
    return all.join(u' ');
}

} // namespace tierline::test
