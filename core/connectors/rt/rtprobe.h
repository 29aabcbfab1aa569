#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// Looks at the account: who we are, which queues are there, and what will not work. About ten small
/// requests; changes nothing. `done` is called later.
void probeAccount(Session &session, Answer<Probe> done);

} // namespace tierline::connectors::rt
