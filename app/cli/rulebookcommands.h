#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// rules check format load list set show log move cap rollback
QList<Command> rulebookCommands();

} // namespace tierline::cli
