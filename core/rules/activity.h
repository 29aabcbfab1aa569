#pragma once

#include "core/domain/event.h"
#include "core/rules/subject.h"

namespace tierline::rules {

/// Folds a ticket's log into what conditions on behaviour and time read, event by event: the live engine and a
/// backtest get the same answers from the same log. Undone events are left out by the caller, as in
/// escalation::replay(). Value; O(1) an event.
class ActivityFold
{
public:
    /// `after` is the ticket with the event applied (core/escalation/fold.h).
    void apply(const Event &event, const TicketState &after);

    const Activity &activity() const { return m_activity; }

private:
    void begin(const Event &event, const Ticket &ticket);
    void message(const Event &event);
    void nobodyWaits();
    void solved();
    void reopened(const Event &event);
    void place(const Event &event, const Ticket &ticket);
    void escalation(const Event &event, const TicketState &after);

    Activity m_activity;
    bool m_hasBegun = false;
    Status m_status = Status::New;
    QString m_tier, m_team, m_assignee;
    QString m_fixedAt; ///< tier at the last solve
    std::optional<Instant>
        m_accepted; ///< of the open escalation, while nobody has touched it since
};

} // namespace tierline::rules
