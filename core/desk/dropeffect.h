#pragma once

#include "core/base/ids.h"
#include "core/domain/people.h"
#include "core/storage/connection.h"

#include <QList>

namespace tierline::desk {

/// What giving up a change that waits does, to be said before it is done: it has no undo.
struct DropEffect {
    struct Field {
        QString field; ///< by the names of core/connectors/api
        QString value; ///< what it returns to, as people read it; empty: nothing, or nobody
        bool operator==(const Field &) const = default;
    };
    QString account;
    QString key;
    QString subject;
    QString kind; ///< "reply", "escalate", … as core/commands names it
    QStringList replies; ///< beginnings of what the customer never gets
    QStringList notes; ///< beginnings of what colleagues at the helpdesk never read
    QList<Field> back;
    bool isWithdrawal = false; ///< the escalation is taken back
    bool isPartlyThere = false; ///< the helpdesk has heard a part of it, which stays there
    int behind = 0; ///< later changes of the ticket, which go on where this one held them

    bool operator==(const DropEffect &) const = default;
};

/// NotFound where nothing of that id waits, or its ticket may not be seen; Conflict where it may have
/// left already. Thread: the connection's. Cost: the ticket's part of the outbox.
Result<DropEffect> loadDropEffect(
    storage::Connection &connection, const Visibility &visibility, const QString &operation);

} // namespace tierline::desk
