#pragma once

#include "widgets/docks/api/dockregistry.h"

namespace tierline::ui {

/// Calls every dock's registration; written by the build from the folders below widgets/docks.
void registerAllDocks(DockRegistry &registry, Workbench &workbench);

} // namespace tierline::ui
