#pragma once

#include "core/base/result.h"

namespace tierline::test {

/// A fingerprint of every row of every table of a workspace's store, and of its schema: the same
/// exactly where nothing changed, wherever SQLite keeps the pages.
Result<QByteArray> storePicture(const QString &folder);

} // namespace tierline::test
