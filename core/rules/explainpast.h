#pragma once

#include "core/rules/replay.h"

namespace tierline::rules {

/// How one rule stood for one ticket at one instant.
struct PastVerdict {
    bool isThere = false; ///< the ticket had begun by then; nothing below counts where it had not
    Truth verdict = Truth::Unknown;
    QString
        sentence; ///< the conditions that decided; why it could not be judged, where it could not
    std::vector<Explained> conditions; ///< every one, in written order
    std::optional<Instant> next; ///< when it is looked at again if nothing happens until then
};

/// Asks a rule of the replay's set as of an instant: only what was known then counts. The replay is at that
/// ticket and instant afterwards.
PastVerdict explainPast(
    const RuleSet &set, int rule, Replay &replay, PastTicket &ticket, Instant at);

} // namespace tierline::rules
