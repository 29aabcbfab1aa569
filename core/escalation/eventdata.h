#pragma once

#include "core/domain/event.h"

/// Names inside Event::data. Everybody who writes or reads events takes them from here; exports show
/// them as they are, so they never change. A key that is absent changes nothing.
namespace tierline::eventdata {

using namespace Qt::StringLiterals;

/// Event::actor of what triage wrote into a ticket's fields; no agent has a colon in the id.
inline constexpr auto triage = "system:triage"_L1;

// The ticket's fields: never of a Message.
inline constexpr auto key = "key"_L1; ///< Created only, as are channel, requester and organization
inline constexpr auto channel = "channel"_L1;
inline constexpr auto requester = "requester"_L1; ///< row numbers
inline constexpr auto organization = "organization"_L1;
inline constexpr auto subject = "subject"_L1;
inline constexpr auto category = "category"_L1;
inline constexpr auto product = "product"_L1;
inline constexpr auto type = "type"_L1;
inline constexpr auto severity = "severity"_L1; ///< code; "" clears
inline constexpr auto complex = "complex"_L1; ///< bool
inline constexpr auto tags = "tags"_L1; ///< array, replaces the list
inline constexpr auto fields = "fields"_L1; ///< object, merged by name; null or "" removes

// Message.
inline constexpr auto internal = "internal"_L1; ///< true: a note, unseen by the customer
/// True: written by the receiving side of the open escalation. What says nothing moves no stage.
inline constexpr auto receiving = "receiving"_L1;
/// True: an answer that a helpdesk has still to hear of. For the customer it is said once `reached` says so.
inline constexpr auto awaitsSending = "awaits_sending"_L1;
inline constexpr auto notice = "notice"_L1; ///< true: the customer's notice of an escalation

/// Of our public messages, and of Changed: until when more is promised, milliseconds since 1970.
inline constexpr auto promised = "promised"_L1;

// What a helpdesk was never told; of the event in which somebody decided so.
inline constexpr auto dropped = "dropped"_L1; ///< the operation that was given up
// Changed, by an account.
inline constexpr auto reached = "reached"_L1; ///< the operation whose answer the helpdesk has
inline constexpr auto reachedAt = "reached_at"_L1; ///< since when, by our clock, in milliseconds
inline constexpr auto unsent = "unsent"_L1; ///< array of the messages' ids that stay here for good

// A merge at the helpdesk; of Changed.
inline constexpr auto mergedInto = "mergedInto"_L1; ///< key of the ticket that goes on for both
inline constexpr auto mergedFrom = "mergedFrom"_L1; ///< of that one: key of the one that came in

// Clocks of service agreements; of Changed.
inline constexpr auto noAnswer
    = "noAnswer"_L1; ///< why the customer's last word needs no answer, in words
/// A due time set by hand: an object with `clock` (code), `due` (milliseconds since 1970; absent: released)
/// and `reason`.
inline constexpr auto handDue = "handDue"_L1;
inline constexpr auto clock = "clock"_L1;
inline constexpr auto due = "due"_L1;
/// The policy that rules a ticket whatever matches: an object with `party` (code) and `policy` (name; empty: given
/// back to what matches).
inline constexpr auto agreement = "agreement"_L1;
inline constexpr auto party = "party"_L1;
inline constexpr auto policy = "policy"_L1;

/// Any event that opens a stage: its limit, milliseconds since 1970, frozen when it was written.
inline constexpr auto limit = "limit"_L1;

/// Flagged, Escalated, and Moved/LogRow/Changed events whose tier goes up or down: an object with
inline constexpr auto escalation = "escalation"_L1;
inline constexpr auto id = "id"_L1; ///< Escalation::id
inline constexpr auto kind = "kind"_L1; ///< code
inline constexpr auto trigger = "trigger"_L1; ///< code
inline constexpr auto reason = "reason"_L1; ///< reason code
inline constexpr auto sentence = "sentence"_L1;
inline constexpr auto fromRank = "fromRank"_L1;
inline constexpr auto toRank = "toRank"_L1;
inline constexpr auto noticeSkipped = "noticeSkipped"_L1;
/// The line of the escalation matrix that it follows, of Reassigned beside everything: an object with
inline constexpr auto path = "path"_L1;
inline constexpr auto matrix = "matrix"_L1; ///< the edition's number
inline constexpr auto cell = "cell"_L1; ///< what the line names
inline constexpr auto step = "step"_L1; ///< of its path, from 0
inline constexpr auto overrideGuard = "overrideGuard"_L1; ///< why a warning was passed over

inline constexpr auto verdict = "verdict"_L1; ///< Returned: code
inline constexpr auto agent = "agent"_L1; ///< Followed: who
inline constexpr auto follows = "follows"_L1; ///< Followed: bool
inline constexpr auto score = "score"_L1; ///< Csat: 1 … 5
inline constexpr auto told = "told"_L1; ///< Confirmed: array of the agents who followed
inline constexpr auto undoes
    = "undoes"_L1; ///< Undone: array of the events' ids that no longer count
inline constexpr auto undoesOperation
    = "undoesOperation"_L1; ///< Undone: their operation, which other workspaces know them by

} // namespace tierline::eventdata
