#pragma once

#include "app/cli/command.h"

namespace tierline::cli {

/// sla list import export holidays zone explain set release no-answer promise recompute
QList<Command> agreementCommands();

} // namespace tierline::cli
