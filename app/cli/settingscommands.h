#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// settings export, import
QList<Command> settingsCommands();

} // namespace tierline::cli
