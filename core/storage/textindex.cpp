#include "core/storage/textindex.h"

namespace tierline::storage {

namespace {
/// Old text beyond this is forgotten by the index early, so that a transaction over many tickets
/// does not hold all of their threads in memory.
constexpr qint64 maxOldText = 8 << 20;
} // namespace

Result<bool> TextIndex::holds(Connection &connection, qint64 ticket)
{
    TIERLINE_TRY(statement, connection.prepare("SELECT 1 FROM search_docsize WHERE id = ?1"));
    return statement.bind(1, ticket).step();
}

Result<Done> TextIndex::willChange(Connection &connection, qint64 ticket)
{
    const auto [entry, isFirst] = m_pending.try_emplace(ticket);
    entry->second.isToBeIndexed = true;
    if (!isFirst)
        return Done {};
    TIERLINE_TRY(isHeld, holds(connection, ticket));
    if (!isHeld)
        return Done {};
    TIERLINE_TRY(
        old, connection.prepare("SELECT subject, people, body FROM search_document WHERE id = ?1"));
    TIERLINE_TRY(hasRow, old.bind(1, ticket).step());
    if (!hasRow)
        return Done {};
    Pending &pending = entry->second;
    pending.isInIndex = true;
    pending.subject = old.utf8(0).toByteArray();
    pending.people = old.utf8(1).toByteArray();
    pending.body = old.utf8(2).toByteArray();
    m_bytes += pending.subject.size() + pending.people.size() + pending.body.size();
    return m_bytes > maxOldText ? forgetAll(connection) : Result<Done>(Done {});
}

Result<Done> TextIndex::willRemove(Connection &connection, qint64 ticket)
{
    TIERLINE_CHECK(willChange(connection, ticket));
    m_pending[ticket].isToBeIndexed = false;
    return Done {};
}

Result<Done> TextIndex::forget(Connection &connection, qint64 ticket, Pending &pending)
{
    if (!pending.isInIndex)
        return Done {};
    TIERLINE_TRY(statement,
        connection.prepare("INSERT INTO search (search, rowid, subject, people, body)"
                           " VALUES ('delete', ?1, ?2, ?3, ?4)"));
    TIERLINE_CHECK(statement.bind(1, ticket)
                       .bindUtf8(2, pending.subject)
                       .bindUtf8(3, pending.people)
                       .bindUtf8(4, pending.body)
                       .run());
    m_bytes -= pending.subject.size() + pending.people.size() + pending.body.size();
    pending.isInIndex = false;
    pending.subject = pending.people = pending.body = QByteArray();
    return Done {};
}

Result<Done> TextIndex::forgetAll(Connection &connection)
{
    for (auto &[ticket, pending] : m_pending)
        TIERLINE_CHECK(forget(connection, ticket, pending));
    return Done {};
}

Result<Done> TextIndex::flush(Connection &connection)
{
    if (m_pending.empty())
        return Done {};
    // Read first, then written as values: after each INSERT … SELECT SQLite makes FTS5 write out all
    // that it has gathered, which doubles the cost of many rows.
    TIERLINE_TRY(read,
        connection.prepare("SELECT subject, people, body FROM search_document WHERE id = ?1"));
    TIERLINE_TRY(insert,
        connection.prepare(
            "INSERT INTO search (rowid, subject, people, body) VALUES (?1, ?2, ?3, ?4)"));
    for (auto &[ticket, pending] : m_pending) {
        TIERLINE_CHECK(forget(connection, ticket, pending));
        if (!pending.isToBeIndexed)
            continue;
        TIERLINE_TRY(hasRow, read.bind(1, ticket).step());
        if (hasRow)
            TIERLINE_CHECK(insert.bind(1, ticket)
                               .bindUtf8(2, read.utf8(0))
                               .bindUtf8(3, read.utf8(1))
                               .bindUtf8(4, read.utf8(2))
                               .run());
        read.reset();
    }
    m_pending.clear();
    return Done {};
}

} // namespace tierline::storage
