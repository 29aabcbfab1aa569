#pragma once

#include "core/connectors/rt/rtcursor.h"
#include "core/connectors/rt/rtsession.h"

namespace tierline::connectors::rt {

/// One page of a pull: some tickets of the first sync, a piece of the feed with the tickets it names,
/// or a stretch of a census. `done` is called later.
void pullPage(Session &session, const Cursor &cursor, Answer<PullPage> done);

} // namespace tierline::connectors::rt
