#pragma once

#include "core/calendar/clockfacts.h"
#include "core/calendar/slaclock.h"

#include <array>

namespace tierline::sla {

/// The clocks of a service agreement: eight that face the customer, three that face ourselves, and the one
/// that a supplier owes us.
enum class ClockKind : quint8 {
    FirstResponse,
    NextResponse,
    PeriodicUpdate,
    Promise,
    RequesterWait,
    AgentWork,
    FirstResolution,
    TotalResolution,
    Accept,
    TierResponse,
    TierResolution,
    Supplier, ///< from hold until the ticket is ours again; each hold a cycle
};
inline constexpr std::array allClocks { ClockKind::FirstResponse, ClockKind::NextResponse,
    ClockKind::PeriodicUpdate, ClockKind::Promise, ClockKind::RequesterWait, ClockKind::AgentWork,
    ClockKind::FirstResolution, ClockKind::TotalResolution, ClockKind::Accept,
    ClockKind::TierResponse, ClockKind::TierResolution, ClockKind::Supplier };
/// "first_response"; as policies, JSON and the ledger name it.
QString code(ClockKind kind);
std::optional<ClockKind> clockFromCode(QStringView text);

/// What a policy may decide of how a clock runs.
struct ClockOptions {
    bool pausesWhenPending = false; ///< of the clocks that pause by option only
    bool callsAnswer = false; ///< a logged call or a note for the customer is an answer
    bool operator==(const ClockOptions &) const = default;
};

/// A cycle as the facts give it, without its targets: those are the policy's.
struct FoundCycle {
    ClockKind kind = ClockKind::FirstResponse;
    Cycle cycle;
    QString tier; ///< of Accept, TierResponse and TierResolution: whose it is
    bool isClosedUnanswered = false; ///< a first response that a solve ended without a word
};

/// All cycles of one clock, oldest first, the running one last. `facts` as sortFacts() leaves them. Facts
/// that come late are given with the others, and everything is computed again. Pure; O(facts).
///
/// What a table of such clocks leaves open, and what holds here:
/// - A customer's word after the solve that reopens nothing begins no cycle; where the ticket is opened
///   again later, the next response runs from then.
/// - Solving ends the clocks of a tier: accept and response are cancelled, resolution is met. Handing back
///   cancels accept and response, and meets the resolution.
/// - A ticket that is deleted, or merged into another, ends every clock that still runs as cancelled.
/// - Of several promises each is a cycle of its own; the next word of ours after it meets them all.
std::vector<FoundCycle> cyclesOf(
    ClockKind kind, const std::vector<Fact> &facts, const ClockOptions &options = {});

} // namespace tierline::sla
