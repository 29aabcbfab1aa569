#pragma once

#include "core/calendar/oncall.h"
#include "core/calendar/rosterturns.h"

namespace tierline::roster {

/// Who is on duty in a layer, or stands in a place of its order, and what makes it so. What is equal at two
/// instants, and all the time between, is one stretch.
struct Duty {
    static constexpr qint64 noTurn = -1;

    QString agent;
    Reason reason = Reason::Turn;
    QString of;
    qint64 turn = noTurn; ///< none where the handovers of the layer change nothing of it
    const Override *swap = nullptr;
    const QString *place = nullptr; ///< whose in the order, of one who follows
    bool operator==(const Duty &) const = default;
};

/// Reads a roster for oncall.h. All that it is given must outlive it. Thread: any.
class DutyReader
{
public:
    DutyReader(const Roster &roster, const Zone &zone, const std::vector<Absence> &absences);
    Q_DISABLE_COPY_MOVE(DutyReader)

    std::vector<OnCall> ladderAt(Instant at) const;
    /// After `at`, and not after the first instant at which the ladder is another one. Instants after the year
    /// 2199 where it stays for ever.
    Instant nextEdge(Instant at) const;

private:
    struct OpenLayer {
        const Layer &layer;
        DutyHours hours;
        Instant start;
    };
    struct Chosen;

    std::optional<Turn> openTurn(const OpenLayer &open, Instant at) const;
    std::optional<Duty> dutyAt(const OpenLayer &open, Instant at) const;
    std::optional<Duty> placeAt(const OpenLayer &open, const QString &place, Instant at) const;
    Chosen chosenAt(const Layer &layer, const QString &onTurn, Instant at) const;
    void addFollowers(const OpenLayer &open, Instant at, std::vector<OnCall> &ladder) const;
    template<typename Ask>
    OnCall entry(const OpenLayer &open, const Duty &duty, Instant at, Ask ask) const;

    const Roster &m_roster;
    const Zone m_zone;
    const std::vector<Absence> &m_absences;
    std::vector<OpenLayer> m_layers;
    std::vector<Instant> m_edges; ///< of overrides and absences, in order
};

} // namespace tierline::roster
