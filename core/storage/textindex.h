#pragma once

#include "core/storage/connection.h"

#include <map>

namespace tierline::storage {

/// Keeps the text index in step with the tickets of one write transaction. An index over content
/// that lies elsewhere must be told the exact old text to forget, so that is read before the first
/// change; the index itself is written once for each ticket, in ascending order, at the commit.
class TextIndex
{
public:
    /// Before any change to the ticket's text.
    Result<Done> willChange(Connection &connection, qint64 ticket);
    /// Before the ticket is deleted.
    Result<Done> willRemove(Connection &connection, qint64 ticket);
    /// A ticket that was not there before this transaction.
    void isNew(qint64 ticket) { m_pending[ticket].isToBeIndexed = true; }
    Result<Done> flush(Connection &connection);

    /// Whether the index holds this ticket. One indexed look-up.
    static Result<bool> holds(Connection &connection, qint64 ticket);

private:
    struct Pending {
        bool isInIndex = false; ///< the index still holds the old text, kept below
        bool isToBeIndexed = false;
        QByteArray subject, people, body;
    };
    Result<Done> forget(Connection &connection, qint64 ticket, Pending &pending);
    Result<Done> forgetAll(Connection &connection);

    std::map<qint64, Pending> m_pending;
    qint64 m_bytes = 0; ///< of old text held in memory
};

} // namespace tierline::storage
