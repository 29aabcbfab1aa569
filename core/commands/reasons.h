#pragma once

#include "core/storage/connection.h"

namespace tierline::commands {

/// Reason codes of the workspace: the shipped ones and its own (setting "reasons", a JSON array).
Result<QStringList> loadReasons(storage::Connection &connection);

} // namespace tierline::commands
