#include "core/storage/imports.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

Result<FileLock> lockImports(const Workspace &workspace)
{
    auto lock = FileLock::tryAcquire(workspace.importLockPath());
    if (!lock && lock.error().fault == Fault::Conflict) {
        return conflictError(u"Another import into this workspace is running. Try again when it is "
                             "done."_s);
    }
    return lock;
}

namespace {

// People have no number of an import, since the next ticket of anybody's may be theirs too. What is
// noted instead is the last of them from before it: who came later and has no ticket came with it.

QString markOf(ImportId import)
{
    return u"import_%1_people"_s.arg(import.v);
}

Result<Done> markPeople(Connection &connection, ImportId import)
{
    TIERLINE_TRY(mark,
        connection.prepare("INSERT INTO meta (key, value) SELECT ?1,"
                           " (SELECT coalesce(max(id), 0) FROM requester) || ' ' ||"
                           " (SELECT coalesce(max(id), 0) FROM organization)"));
    return mark.bind(1, markOf(import)).run();
}

Result<Done> forgetMark(Connection &connection, ImportId import)
{
    TIERLINE_TRY(forget, connection.prepare("DELETE FROM meta WHERE key = ?1"));
    return forget.bind(1, markOf(import)).run();
}

/// One batch of those whom only this import brought, once its tickets are gone; gives how many went.
Result<qint64> removePeople(Connection &connection, ImportId import, int batch)
{
    TIERLINE_TRY(mark, connection.prepare("SELECT value FROM meta WHERE key = ?1"));
    TIERLINE_TRY(isMarked, mark.bind(1, markOf(import)).step());
    if (!isMarked)
        return 0;
    const QString before = mark.text(0);
    TIERLINE_TRY(requesters,
        connection.prepare("DELETE FROM requester WHERE id IN (SELECT id FROM requester r"
                           " WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM ticket t"
                           " WHERE t.requester = r.id) LIMIT ?2)"));
    TIERLINE_CHECK(
        requesters.bind(1, before.section(u' ', 0, 0).toLongLong()).bind(2, batch).run());
    if (const qint64 gone = connection.changes(); gone > 0)
        return gone;
    TIERLINE_TRY(organizations,
        connection.prepare("DELETE FROM organization WHERE id IN (SELECT id FROM organization o"
                           " WHERE id > ?1 AND NOT EXISTS (SELECT 1 FROM ticket t"
                           " WHERE t.organization = o.id) AND id NOT IN (SELECT organization"
                           " FROM requester WHERE organization IS NOT NULL) LIMIT ?2)"));
    TIERLINE_CHECK(
        organizations.bind(1, before.section(u' ', 1, 1).toLongLong()).bind(2, batch).run());
    return connection.changes();
}

} // namespace

Result<bool> cameWith(Connection &connection, ImportId import, OrganizationId organization)
{
    TIERLINE_TRY(mark, connection.prepare("SELECT value FROM meta WHERE key = ?1"));
    TIERLINE_TRY(isMarked, mark.bind(1, markOf(import)).step());
    return isMarked && organization.v > mark.text(0).section(u' ', 1, 1).toLongLong();
}

Result<ImportId> beginImport(WriteScope &scope, const QString &source)
{
    TIERLINE_TRY(statement,
        scope.connection().prepare("INSERT INTO import (source, started) VALUES (?1, ?2)"));
    TIERLINE_CHECK(statement.bind(1, source).bind(2, scope.now().ms).run());
    const ImportId import { scope.connection().lastInsertId() };
    TIERLINE_CHECK(markPeople(scope.connection(), import));
    return import;
}

Result<Done> finishImport(WriteScope &scope, ImportId import)
{
    TIERLINE_TRY(statement,
        scope.connection().prepare(
            "UPDATE import SET finished = ?2 WHERE id = ?1 AND finished IS NULL"));
    TIERLINE_CHECK(statement.bind(1, import.v).bind(2, scope.now().ms).run());
    if (scope.connection().changes() != 1)
        return Error { .fault = Fault::Bug,
            .detail = u"The import %1 is not under way."_s.arg(import.v) };
    TIERLINE_CHECK(forgetMark(scope.connection(), import));
    scope.touchEverything();
    return Done {};
}

namespace {

Result<std::vector<qint64>> ticketsOfImport(Connection &connection, ImportId import, int batch)
{
    std::vector<qint64> tickets;
    TIERLINE_TRY(find,
        connection.prepare(
            "SELECT id FROM ticket WHERE import = ?1 AND import <> 0 ORDER BY id LIMIT ?2"));
    find.bind(1, import.v).bind(2, batch);
    while (true) {
        TIERLINE_TRY(hasRow, find.step());
        if (!hasRow)
            return tickets;
        tickets.push_back(find.integer(0));
    }
}

Result<Done> removeTicket(WriteScope &scope, qint64 ticket)
{
    TIERLINE_CHECK(scope.textIsRemoved({ ticket }));
    static constexpr const char *statements[] = {
        "DELETE FROM handoff WHERE escalation IN (SELECT id FROM escalation WHERE ticket = ?1)",
        "DELETE FROM stage WHERE ticket = ?1",
        "DELETE FROM escalation WHERE ticket = ?1",
        "DELETE FROM event WHERE ticket = ?1",
        "DELETE FROM attachment WHERE message IN (SELECT id FROM message WHERE ticket = ?1)",
        "DELETE FROM message WHERE ticket = ?1",
        "DELETE FROM ticket WHERE id = ?1",
    };
    for (const char *sql : statements) {
        TIERLINE_TRY(statement, scope.connection().prepare(sql));
        TIERLINE_CHECK(statement.bind(1, ticket).run());
    }
    scope.touch({ ticket });
    return Done {};
}

} // namespace

Result<qint64> removeImportBatch(WriteScope &scope, ImportId import, int batch)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(tickets, ticketsOfImport(connection, import, batch));
    for (const qint64 ticket : tickets)
        TIERLINE_CHECK(removeTicket(scope, ticket));

    TIERLINE_TRY(
        count, connection.prepare("SELECT count(*) FROM ticket WHERE import = ?1 AND import <> 0"));
    TIERLINE_CHECK(count.bind(1, import.v).step());
    const qint64 left = count.integer(0);
    if (left > 0)
        return left;
    TIERLINE_TRY(people, removePeople(connection, import, batch));
    if (people > 0)
        return people;
    TIERLINE_TRY(files,
        connection.prepare("DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM attachment)"));
    TIERLINE_CHECK(files.run());
    TIERLINE_TRY(end, connection.prepare("DELETE FROM import WHERE id = ?1 AND finished IS NULL"));
    TIERLINE_CHECK(end.bind(1, import.v).run());
    TIERLINE_CHECK(forgetMark(connection, import));
    scope.touchEverything();
    return 0;
}

Result<std::vector<ImportId>> unfinishedImports(Connection &connection)
{
    std::vector<ImportId> imports;
    TIERLINE_TRY(
        statement, connection.prepare("SELECT id FROM import WHERE finished IS NULL ORDER BY id"));
    while (true) {
        TIERLINE_TRY(hasRow, statement.step());
        if (!hasRow)
            return imports;
        imports.push_back({ statement.integer(0) });
    }
}

} // namespace tierline::storage
