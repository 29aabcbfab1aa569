#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// template list, set, remove
QList<Command> templateCommands();

} // namespace tierline::cli
