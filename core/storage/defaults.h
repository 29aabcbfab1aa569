#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

/// Gives a store that has no tiers the default tiers, teams and the one agent who is `me`.
Result<Done> fillDefaults(Store &store);

} // namespace tierline::storage
