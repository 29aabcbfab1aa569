#pragma once

#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

enum class ProbeDepth : quint8 {
    Greeting, ///< who we are, what is there, and its clock: two requests
    Whole, ///< which queues and colleagues are there, and what will not work: twenty and more
};

/// Looks at the account; changes nothing. `done` is called later.
void probeAccount(Session &session, ProbeDepth depth, Answer<Probe> done);

} // namespace tierline::connectors::rt
