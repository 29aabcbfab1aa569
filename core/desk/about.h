#pragma once

#include <QString>

namespace tierline::desk {

/// What the program runs on, for the about box and for bug reports. Pure.
struct ProgramFacts {
    QString version;
    QString qt; ///< the library in use, not the one it was built with
    QString sqlite;
    bool hasWalResetRace = false; ///< of that SQLite: why one process at a time may write
};
ProgramFacts programFacts();

} // namespace tierline::desk
