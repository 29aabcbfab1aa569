#pragma once

#include "core/domain/event.h"

#include <span>

namespace tierline::metrics {

/// How far an event counts in figures.
enum class Standing : quint8 {
    Counts,
    Undone, ///< it was undone, or it is the undoing: as if it had never been
    Withdrawn, ///< moves from a withdrawn escalation until its withdrawal: they count nowhere
    Restores, ///< the withdrawal itself: it puts things back silently
};

/// Says for each event of one log whether it counts. "Undone escalations count nowhere", and neither
/// do withdrawn ones. Holds nothing for the many logs that have neither. O(n).
class Validity
{
public:
    explicit Validity(std::span<const Event> events);

    Standing of(size_t index) const
    {
        return m_standing.empty() ? Standing::Counts : m_standing[index];
    }

private:
    void markUndone(std::span<const Event> events);
    void markWithdrawn(std::span<const Event> events);

    std::vector<Standing> m_standing;
};

} // namespace tierline::metrics
