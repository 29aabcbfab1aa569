#pragma once

#include "core/base/instant.h"

#include <QByteArray>

#include <optional>

namespace tierline::net {

/// A date as HTTP writes it, in any of its three forms, always UTC. Nothing for anything else.
std::optional<Instant> parseHttpDate(QByteArrayView text);

} // namespace tierline::net
