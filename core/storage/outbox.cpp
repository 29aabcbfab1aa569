#include "core/storage/outbox.h"

#include "core/base/json.h"

namespace tierline::storage {

using namespace Qt::StringLiterals;

Result<Done> queueOperation(WriteScope &scope, const OutboxEntry &entry)
{
    TIERLINE_TRY(insert,
        scope.connection().prepare(
            "INSERT INTO outbox (id, account, ticket, kind, body, state, created) "
            "VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', max(?6, 1 + "
            "coalesce((SELECT max(created) FROM outbox WHERE ticket = ?3), 0)))"));
    insert.bind(1, entry.id).bind(2, entry.account).bind(3, entry.ticket.v).bind(4, entry.kind);
    insert.bind(5, compactJson(entry.body)).bind(6, entry.created.ms);
    return insert.run();
}

Result<bool> cancelOperation(WriteScope &scope, const QString &id)
{
    TIERLINE_TRY(remove,
        scope.connection().prepare("DELETE FROM outbox WHERE id = ?1 AND state = 'waiting'"));
    remove.bind(1, id);
    TIERLINE_CHECK(remove.run());
    return scope.connection().changes() > 0;
}

Result<std::vector<OutboxEntry>> loadOutbox(Connection &connection)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id, account, ticket, kind, body, state, created "
                           "FROM outbox ORDER BY created, id"));
    std::vector<OutboxEntry> entries;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return entries;
        OutboxEntry entry { .id = rows.text(0),
            .account = rows.text(1),
            .ticket = { rows.integer(2) },
            .kind = rows.text(3),
            .state = rows.text(5),
            .created = { rows.integer(6) } };
        TIERLINE_TRY(body, readJsonObject(rows.utf8(4)));
        entry.body = body;
        entries.push_back(std::move(entry));
    }
}

} // namespace tierline::storage
