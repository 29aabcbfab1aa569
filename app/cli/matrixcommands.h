#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

QList<Command> matrixCommands(); ///< matrix

} // namespace tierline::cli
