#pragma once

#include "core/domain/event.h"

#include <vector>

namespace tierline::sla {

/// Something that happened to a ticket, as far as a clock of a service agreement can see it.
struct Fact {
    enum class Kind : quint8 {
        // In the order in which the parts of one save count; its creation comes before all of them.
        Created, ///< at `tier`
        CustomerWord, ///< public, by the customer
        HumanReply, ///< public, by one of us
        MachineReply, ///< public, by a bot or the system: satisfies nothing
        Call, ///< a logged call, or a note that the customer can see
        NoAnswerNeeded, ///< somebody said why the customer's last word needs none
        Promised, ///< one of us stated until when; `until`
        Accepted,
        HandedBack, ///< returned, or withdrawn by who escalated
        StatusSet,
        Escalated, ///< to `tier`
        TierSet, ///< any move, an escalation's too
        Merged, ///< into another ticket, which goes on for both
    };
    Instant at;
    Kind kind = Kind::CustomerWord;
    Status status = Status::Open; ///< StatusSet
    QString tier; ///< Created, Escalated, TierSet: where, or where to
    bool isBotTier = false; ///< Created, TierSet: nobody human works there
    QStringList tiers; ///< HumanReply: where its writer works
    Instant until; ///< Promised
    bool operator==(const Fact &) const = default;
};

/// Puts facts in the one order in which clocks read them: by instant; those of one instant by their kind,
/// as the parts of one save count; what is then still equal stays as it is (the source's own order).
void sortFacts(std::vector<Fact> &facts);

} // namespace tierline::sla
