#pragma once

#include "core/base/result.h"
#include "core/domain/people.h"

namespace tierline::desk {

// Who may do what touches the workspace as a whole. Against mistakes, as all roles here: whoever can read its
// files can copy them.

/// A copy of everything, confidential teams included, or another content in its place: an admin's alone.
/// NotAllowed with a sentence that says so.
Result<Done> mayKeepWorkspace(const Agent &actor);
/// Making anew what is derived from the tickets: everybody's but a reader's.
Result<Done> mayRepair(const Agent &actor);

} // namespace tierline::desk
