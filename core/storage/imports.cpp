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

Result<ImportId> beginImport(WriteScope &scope, const QString &source)
{
    TIERLINE_TRY(statement,
        scope.connection().prepare("INSERT INTO import (source, started) VALUES (?1, ?2)"));
    TIERLINE_CHECK(statement.bind(1, source).bind(2, scope.now().ms).run());
    return ImportId { scope.connection().lastInsertId() };
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
    TIERLINE_TRY(files,
        connection.prepare("DELETE FROM blob WHERE sha256 NOT IN (SELECT sha256 FROM attachment)"));
    TIERLINE_CHECK(files.run());
    TIERLINE_TRY(end, connection.prepare("DELETE FROM import WHERE id = ?1 AND finished IS NULL"));
    TIERLINE_CHECK(end.bind(1, import.v).run());
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
