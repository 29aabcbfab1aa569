#include "core/storage/columns.h"
#include "core/storage/eventrow.h"
#include "core/storage/tickets.h"

#include <QCryptographicHash>

using namespace Qt::StringLiterals;

// What is only ever added to: events, messages, attachments and packages.

namespace tierline::storage {

Result<std::vector<Event>> loadEvents(Connection &connection, TicketId id)
{
    std::vector<Event> events;
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT id, at, ord, kind, actor, actor_kind, tier, team, assignee, status,"
            " priority, note, message, data, operation, origin FROM event"
            " WHERE ticket = ?1 ORDER BY ord, id"));
    rows.bind(1, id.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return events;
        events.push_back(eventOf(rows, id));
    }
}

Result<Done> appendEvent(WriteScope &scope, Event &event)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO event (ticket, ord, id, at, kind, actor, actor_kind, tier, team, assignee,"
            " status, priority, note, message, data, operation, origin) VALUES (?1, ?2, ?3, ?4, ?5, ?6,"
            " ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17)"));
    event.id = scope.nextEventId();
    row.bind(1, event.ticket.v).bind(2, event.order.ms).bind(3, event.id.v).bind(4, event.at.ms);
    row.bind(5, static_cast<int>(event.kind)).bind(6, event.actor);
    row.bind(7, static_cast<int>(event.actorKind));
    row.bindOptional(8, event.tier).bindOptional(9, event.team).bindOptional(10, event.assignee);
    row.bindOptional(11, event.status).bindOptional(12, event.priority).bind(13, event.note);
    event.message ? row.bind(14, event.message.v) : row.bindNull(14);
    row.bind(15, event.data.isEmpty() ? QString() : objectText(event.data));
    row.bind(16, event.operation).bind(17, static_cast<qint64>(event.origin));
    if (event.ticket)
        scope.touch(event.ticket);
    return row.run();
}

// ---- thread

Result<std::vector<Message>> loadMessages(Connection &connection, TicketId id)
{
    std::vector<Message> messages;
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id, at, kind, author, author_name, text, html FROM message"
                           " WHERE ticket = ?1 ORDER BY at, id"));
    rows.bind(1, id.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return messages;
        messages.push_back({ .id = { rows.integer(0) },
            .ticket = id,
            .at = { rows.integer(1) },
            .kind = static_cast<MessageKind>(rows.integer(2)),
            .author = static_cast<AuthorKind>(rows.integer(3)),
            .authorName = rows.text(4),
            .text = rows.text(5),
            .html = rows.text(6) });
    }
}

Result<Done> appendMessage(WriteScope &scope, Message &message, bool indexText)
{
    Connection &connection = scope.connection();
    bool isIndexed = indexText;
    if (!isIndexed) {
        // A ticket that the index holds already stays in step with it, whatever the caller plans.
        TIERLINE_TRY(holds, TextIndex::holds(connection, message.ticket.v));
        isIndexed = holds;
    }
    if (isIndexed)
        TIERLINE_CHECK(scope.textChanges(message.ticket));
    TIERLINE_TRY(row,
        connection.prepare("INSERT INTO message (ticket, at, kind, author, author_name, text, html)"
                           " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    row.bind(1, message.ticket.v).bind(2, message.at.ms).bind(3, static_cast<int>(message.kind));
    row.bind(4, static_cast<int>(message.author)).bind(5, message.authorName);
    TIERLINE_CHECK(row.bind(6, message.text).bind(7, message.html).run());
    message.id.v = connection.lastInsertId();
    scope.touch(message.ticket);
    return Done {};
}

// ---- attachments

Result<std::vector<Attachment>> loadAttachments(Connection &connection, TicketId id)
{
    std::vector<Attachment> attachments;
    TIERLINE_TRY(rows,
        connection.prepare("SELECT a.id, a.message, a.name, a.content_type, a.size, a.sha256"
                           " FROM message m JOIN attachment a ON a.message = m.id"
                           " WHERE m.ticket = ?1 ORDER BY a.id"));
    rows.bind(1, id.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return attachments;
        attachments.push_back({ .id = rows.integer(0),
            .message = { rows.integer(1) },
            .name = rows.text(2),
            .contentType = rows.text(3),
            .size = rows.integer(4),
            .sha256 = rows.blob(5) });
    }
}

Result<Done> appendAttachment(WriteScope &scope, Attachment &attachment, QByteArrayView bytes)
{
    Connection &connection = scope.connection();
    QCryptographicHash hash(QCryptographicHash::Sha256);
    hash.addData(QByteArray::fromRawData(bytes.data(), bytes.size()));
    attachment.sha256 = hash.result();
    attachment.size = bytes.size();
    {
        TIERLINE_TRY(blob,
            connection.prepare(
                "INSERT INTO blob (sha256, data) VALUES (?1, ?2) ON CONFLICT DO NOTHING"));
        TIERLINE_CHECK(blob.bindBlob(1, attachment.sha256).bindBlob(2, bytes).run());
    }
    TIERLINE_TRY(row,
        connection.prepare("INSERT INTO attachment (message, name, content_type, size, sha256)"
                           " VALUES (?1, ?2, ?3, ?4, ?5)"));
    row.bind(1, attachment.message.v).bind(2, attachment.name).bind(3, attachment.contentType);
    TIERLINE_CHECK(row.bind(4, attachment.size).bindBlob(5, attachment.sha256).run());
    attachment.id = connection.lastInsertId();
    TIERLINE_TRY(owner, connection.prepare("SELECT ticket FROM message WHERE id = ?1"));
    TIERLINE_TRY(hasRow, owner.bind(1, attachment.message.v).step());
    if (hasRow)
        scope.touch({ owner.integer(0) });
    return Done {};
}

Result<QByteArray> loadAttachmentBytes(Connection &connection, qint64 attachmentId)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT b.data FROM attachment a JOIN blob b ON b.sha256 = a.sha256"
                           " WHERE a.id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, attachmentId).step());
    if (!hasRow)
        return notFound(u"There is no attachment with number %1."_s.arg(attachmentId));
    return row.blob(0);
}

// ---- handoff packages

Result<Handoff> loadHandoff(Connection &connection, TicketId id)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT h.escalation, h.version, h.frozen, h.document FROM handoff h"
                           " JOIN escalation e ON e.id = h.escalation WHERE h.ticket = ?1"
                           " ORDER BY e.position DESC, h.version DESC LIMIT 1"));
    TIERLINE_TRY(hasRow, row.bind(1, id.v).step());
    if (!hasRow)
        return notFound(u"This ticket has no handoff package."_s);
    return Handoff { .escalation = row.text(0),
        .ticket = id,
        .version = static_cast<int>(row.integer(1)),
        .frozen = { row.integer(2) },
        .document = objectOf(row.utf8(3)) };
}

Result<Done> insertHandoff(WriteScope &scope, const Handoff &handoff)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO handoff (escalation, version, ticket, frozen, document)"
            " VALUES (?1, ?2, ?3, ?4, ?5)"));
    scope.touch(handoff.ticket);
    return row.bind(1, handoff.escalation)
        .bind(2, handoff.version)
        .bind(3, handoff.ticket.v)
        .bind(4, handoff.frozen.ms)
        .bind(5, objectText(handoff.document))
        .run();
}

// ---- keys

Result<QString> nextLocalKey(WriteScope &scope)
{
    Connection &connection = scope.connection();
    qint64 last = 0;
    {
        TIERLINE_TRY(
            counter, connection.prepare("SELECT value FROM meta WHERE key = 'last_local_key'"));
        TIERLINE_TRY(hasRow, counter.step());
        last = hasRow ? counter.integer(0) : 0;
    }
    // An imported ticket may have taken a key of ours.
    QString key;
    TIERLINE_TRY(taken, connection.prepare("SELECT 1 FROM ticket WHERE key = ?1"));
    while (true) {
        key = u"T-%1"_s.arg(++last);
        TIERLINE_TRY(isTaken, taken.bind(1, key).step());
        taken.reset();
        if (!isTaken)
            break;
    }
    TIERLINE_TRY(save,
        connection.prepare("INSERT INTO meta (key, value) VALUES ('last_local_key', ?1)"
                           " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    TIERLINE_CHECK(save.bind(1, QString::number(last)).run());
    return key;
}

} // namespace tierline::storage
