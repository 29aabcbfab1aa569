#pragma once

#include "core/handoff/package.h"

namespace tierline::handoff {

/// The document without its `first_screen`. Internal to core/handoff; the form has been checked.
QJsonObject documentOf(const PackageInput &input);

} // namespace tierline::handoff
