#pragma once

#include "core/storage/connection.h"

#include <QHash>
#include <QStringList>

namespace tierline::storage {

/// Words that tickets and customers of this workspace have, to find slips of the pen in rules.
struct SeenWords {
    QHash<QString, QStringList> words; ///< by what it is: plan, channel, category, product, type
    QStringList fields; ///< names of custom fields
};
/// Of the newest 20,000 tickets and of every organization, at most 500 words of each kind. Only words that
/// stand on tickets in general; nothing of what a ticket says.
Result<SeenWords> loadSeenWords(Connection &connection);

} // namespace tierline::storage
