#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// Sets fields: reads the ticket, compares its version with the step's, sends what is not yet so in up
/// to three requests, and reads back after each, since a 200 does not mean that anything was done. The
/// first part that is refused ends it. `done` is called later.
void pushFields(Session &session, const PushStep &step, Answer<PushOutcome> done);

} // namespace tierline::connectors::rt
