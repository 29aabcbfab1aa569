#pragma once

#include "core/domain/event.h"

namespace tierline::rules {

/// What other tickets' rules read of one ticket, from its log alone. Value; an event costs some nanoseconds.
class NeighbourTrace
{
public:
    /// `after` is the ticket with the event applied, `at` since when that is known.
    void apply(const Event &event, const TicketState &after, Instant at);
    /// Of a ticket's whole log, without what was undone or never sent. An event costs a microsecond. Of its beginning
    /// only: when and by whom it was made, and nothing of what came later.
    enum class Extent : quint8 { Whole, Beginning };
    static NeighbourTrace of(
        TicketId id, const std::vector<Event> &events, Extent extent = Extent::Whole);

    struct Reopening {
        Instant at;
        QString issue; ///< see issueOf(); never empty
        bool operator==(const Reopening &) const = default;
    };
    /// Where the ticket takes somebody's time from an instant on; an empty team: nowhere.
    struct Load {
        Instant at;
        QString team;
        bool operator==(const Load &) const = default;
    };

    TicketId ticket;
    OrganizationId organization;
    RequesterId requester;
    std::optional<Instant> created;
    QString subject; ///< as it was first known
    std::optional<Instant> answered; ///< our first public answer, or the first solve
    std::vector<Reopening> reopenings; ///< in order
    std::vector<Load> loads; ///< in order

    bool operator==(const NeighbourTrace &) const = default;

    /// What tickets are about, to tell that two have the same issue: the field "issue" where it is filled,
    /// else category, product and type. Empty where there is no category either: nothing is known.
    static QString issueOf(const Ticket &ticket);

private:
    bool m_wasSolved = false;
};

} // namespace tierline::rules
