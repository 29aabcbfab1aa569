#include "core/desk/about.h"

#include "core/storage/connection.h"

namespace tierline::desk {

ProgramFacts programFacts()
{
    return { .version = QStringLiteral(TIERLINE_VERSION),
        .qt = QString::fromLatin1(qVersion()),
        .sqlite = storage::sqliteVersion(),
        .hasWalResetRace = storage::hasWalResetRace(storage::sqliteVersionNumber()) };
}

} // namespace tierline::desk
