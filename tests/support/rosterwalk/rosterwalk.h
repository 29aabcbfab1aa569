#pragma once

#include "core/calendar/oncall.h"

#include <QTimeZone>

namespace tierline::test {

/// The questions of core/calendar/oncall.h, answered by walking from the start of each layer by half hours, looking
/// at a wall clock and counting handovers: slow, and simple enough to be believed. Every instant and every
/// reading that it is given lies on a half hour, the zone's offsets too.
class RosterWalk
{
public:
    static constexpr qint64 StepMs = 1'800'000;

    RosterWalk(const roster::Roster &roster, const std::vector<Absence> &absences, Instant from,
        Instant to);

    /// At one of the half hours walked over. `since` and `until` are cut off where the walk begins and ends.
    std::vector<roster::OnCall> ladderAt(Instant at, bool withTimes) const;
    bool isAbsent(const QString &agent, Instant at) const;
    bool isOnDuty(const QString &layer, Instant at) const;

private:
    /// What the clock on the wall and the count of handovers say of a layer.
    struct Fact {
        bool isOnDuty = false;
        int turn = 0;
    };
    struct Stand {
        QString agent;
        roster::Reason reason = roster::Reason::Turn;
        QString of;
        int swap = -1;
        int turn = -1;
        bool operator==(const Stand &) const = default;
    };

    void walk(size_t layer);
    qint64 wallAt(Instant at) const;
    std::pair<QString, int> withSwaps(size_t layer, QString agent, Instant at) const;
    QString presentFor(const QString &agent, Instant at) const;
    std::optional<Stand> dutyOf(size_t layer, Instant at) const;
    std::optional<Stand> followerOf(size_t layer, const QString &place, Instant at) const;
    const Fact &factOf(size_t layer, Instant at) const;

    const roster::Roster &m_roster;
    const std::vector<Absence> &m_absences;
    QTimeZone m_zone;
    mutable qint64 m_day = -1; ///< looked at last, in UTC
    mutable qint64 m_offset = 0;
    mutable bool m_isOneOffset = false;
    Instant m_from;
    Instant m_to;
    std::vector<std::vector<Fact>> m_facts; ///< by layer, then by half hour
};

} // namespace tierline::test
