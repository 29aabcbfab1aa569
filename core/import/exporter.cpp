#include "core/import/exporter.h"

#include "core/base/json.h"
#include "core/domain/eventjson.h"
#include "core/import/recordwriter_p.h"
#include "core/import/ticketlinewriter_p.h"
#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/storage/walk.h"

#include <QJsonArray>
#include <QSet>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using storage::WalkedTicket;

namespace {

/// One read transaction, so that an export is a picture of one instant; within one that is under way, as
/// a reader's jobs are, a part of that.
class Snapshot
{
public:
    static Result<Snapshot> begin(storage::Connection &connection)
    {
        TIERLINE_CHECK(connection.execute("SAVEPOINT export"));
        return Snapshot(connection);
    }
    Snapshot(Snapshot &&other) noexcept
        : m_connection(std::exchange(other.m_connection, nullptr))
    {
    }
    ~Snapshot()
    {
        if (m_connection)
            Q_UNUSED(m_connection->execute("RELEASE export").has_value());
    }

private:
    explicit Snapshot(storage::Connection &connection)
        : m_connection(&connection)
    {
    }
    storage::Connection *m_connection;
};

/// People and companies of a ticket, kept while neighbours share them.
class People
{
public:
    explicit People(storage::Connection &connection)
        : m_connection(connection)
    {
    }
    Result<Done> load(const Ticket &ticket)
    {
        if (ticket.requester != requester.id) {
            requester = {};
            if (ticket.requester) {
                TIERLINE_TRY(found, storage::loadRequester(m_connection, ticket.requester));
                requester = found;
            }
        }
        if (ticket.organization != organization.id) {
            organization = {};
            if (ticket.organization) {
                TIERLINE_TRY(found, storage::loadOrganization(m_connection, ticket.organization));
                organization = found;
            }
        }
        return Done {};
    }

    Requester requester;
    Organization organization;

private:
    storage::Connection &m_connection;
};

Result<Done> told(const ExportOptions &options, qint64 rows)
{
    if (options.progress && !options.progress(rows))
        return cancelled();
    return Done {};
}

QJsonValue instantOrNull(Instant at)
{
    return at.ms == 0 ? QJsonValue() : QJsonValue(at.iso());
}

QJsonObject flatTicket(
    const Ticket &ticket, const Requester &requester, const Organization &organization)
{
    QJsonObject row { { u"id"_s, ticket.key }, { u"created"_s, instantOrNull(ticket.created) },
        { u"updated"_s, instantOrNull(ticket.updated) }, { u"subject"_s, ticket.subject },
        { u"channel"_s, ticket.channel }, { u"category"_s, ticket.category },
        { u"product"_s, ticket.product }, { u"type"_s, ticket.type },
        { u"priority"_s, code(ticket.priority) }, { u"status"_s, code(ticket.status) },
        { u"tier"_s, ticket.tier }, { u"start_tier"_s, ticket.startTier },
        { u"team"_s, ticket.team }, { u"assignee"_s, ticket.assignee },
        { u"requester"_s, requester.name }, { u"email"_s, requester.email },
        { u"organization"_s, organization.name }, { u"plan"_s, organization.plan },
        { u"renewal"_s, organization.renewal.toString(Qt::ISODate) },
        { u"tags"_s, ticket.tags.join(u", "_s) },
        { u"flags"_s, organization.flags.join(u", "_s) } };
    if (ticket.severity)
        row[u"severity"_s] = code(*ticket.severity);
    if (organization.arr)
        row[u"arr"_s] = *organization.arr;
    if (organization.health)
        row[u"health"_s] = *organization.health;
    if (!ticket.fields.isEmpty())
        row[u"fields"_s] = ticket.fields;
    return row;
}

const QStringList ticketColumns { u"id"_s, u"created"_s, u"updated"_s, u"subject"_s, u"channel"_s,
    u"category"_s, u"product"_s, u"type"_s, u"severity"_s, u"priority"_s, u"status"_s, u"tier"_s,
    u"start_tier"_s, u"team"_s, u"assignee"_s, u"requester"_s, u"email"_s, u"organization"_s,
    u"plan"_s, u"arr"_s, u"health"_s, u"renewal"_s, u"flags"_s, u"tags"_s, u"fields"_s };
const QStringList eventColumns { u"ticket"_s, u"at"_s, u"kind"_s, u"actor"_s, u"actor_kind"_s,
    u"tier"_s, u"team"_s, u"assignee"_s, u"status"_s, u"priority"_s, u"note"_s, u"data"_s };
const QStringList auditColumns { u"at"_s, u"ticket"_s, u"kind"_s, u"actor"_s, u"field"_s,
    u"before"_s, u"after"_s, u"note"_s, u"operation"_s };

QJsonObject eventRow(const QString &key, const Event &event)
{
    QJsonObject row = eventJson(event);
    row[u"ticket"_s] = key;
    row[u"actor"_s] = event.actor;
    row[u"actor_kind"_s] = code(event.actorKind);
    row[u"note"_s] = event.note;
    return row;
}

/// What one event changed, by name.
QJsonObject changesOf(const Event &event)
{
    QJsonObject changes = event.data;
    // Of an escalation's record what people decided: why it went, whom a warning did not stop, what was not told.
    const QJsonObject move = changes[u"escalation"_s].toObject();
    for (const auto &[from, to] : { std::pair(u"reason"_s, u"escalation.reason"_s),
             { u"kind"_s, u"escalation.kind"_s }, { u"sentence"_s, u"escalation.sentence"_s },
             { u"overrideGuard"_s, u"escalation.override_guard"_s },
             { u"noticeSkipped"_s, u"escalation.notice_skipped"_s } }) {
        if (move.contains(from))
            changes[to] = move[from];
    }
    for (const QString &frozen :
        { u"key"_s, u"limit"_s, u"receiving"_s, u"internal"_s, u"escalation"_s })
        changes.remove(frozen);
    const QJsonObject fields = changes.take(u"fields"_s).toObject();
    for (auto it = fields.begin(); it != fields.end(); ++it)
        changes[u"field."_s + it.key()] = it.value();
    const QJsonObject row = eventJson(event);
    for (const QString &name :
        { u"tier"_s, u"team"_s, u"assignee"_s, u"status"_s, u"priority"_s }) {
        if (row.contains(name))
            changes[name] = row.value(name);
    }
    return changes;
}

/// What a rule did or would have done, what it was for, and what was refused or waits for a yes.
QJsonObject firingRow(const QString &key, const Firing &firing)
{
    QJsonArray deeds;
    for (const Deed &deed : firing.deeds) {
        QJsonObject told { { u"action"_s, deed.action }, { u"outcome"_s, deed.outcome } };
        if (!deed.why.isEmpty())
            told[u"why"_s] = deed.why;
        deeds.append(told);
    }
    return { { u"at"_s, firing.at.iso() }, { u"ticket"_s, key }, { u"kind"_s, u"firing"_s },
        { u"actor"_s, u"rule:"_s + firing.name },
        { u"field"_s, u"rule.%1.%2"_s.arg(firing.name, code(firing.outcome)) },
        { u"before"_s, QJsonValue() },
        { u"after"_s,
            QJsonObject { { u"version"_s, firing.version }, { u"level"_s, firing.level },
                { u"due"_s, firing.due.iso() }, { u"deeds"_s, deeds } } },
        { u"note"_s, firing.sentence }, { u"operation"_s, firing.operation } };
}

/// What somebody answered to a rule that asked.
QJsonObject answerRow(const QString &key, const EngineQuestion &question)
{
    return { { u"at"_s, question.answered.value_or(question.asked).iso() }, { u"ticket"_s, key },
        { u"kind"_s, u"answer"_s }, { u"actor"_s, question.answeredBy },
        { u"field"_s, u"question"_s }, { u"before"_s, question.actions },
        { u"after"_s,
            question.isYes                      ? u"yes"_s
                : question.answeredBy.isEmpty() ? u"closed"_s
                                                : u"no"_s },
        { u"note"_s, question.why }, { u"operation"_s, question.id } };
}

/// Rows of the audit: one for each value that an event of ours changed.
Result<Done> addAudit(RecordWriter &writer, const QString &key, const std::vector<Event> &events)
{
    QJsonObject values;
    for (const Event &event : events) {
        const QJsonObject changes = changesOf(event);
        if (event.origin == 0) {
            QJsonObject row { { u"at"_s, event.at.iso() }, { u"ticket"_s, key },
                { u"kind"_s, code(event.kind) }, { u"actor"_s, event.actor },
                { u"note"_s, event.note }, { u"operation"_s, event.operation } };
            if (changes.isEmpty())
                TIERLINE_CHECK(writer.add(row));
            for (auto it = changes.begin(); it != changes.end(); ++it) {
                row[u"field"_s] = it.key();
                row[u"before"_s] = values.value(it.key());
                row[u"after"_s] = it.value();
                TIERLINE_CHECK(writer.add(row));
            }
        }
        for (auto it = changes.begin(); it != changes.end(); ++it)
            values[it.key()] = it.value();
    }
    return Done {};
}

/// Opens the file, walks over what may be seen, and gives the file its name.
Result<ExportReport> walk(storage::Connection &connection, const QString &file,
    const QStringList &columns, const ExportOptions &options,
    const std::function<Result<Done>(RecordWriter &, const WalkedTicket &)> &visit,
    const std::function<Result<Done>(RecordWriter &)> &before = {})
{
    TIERLINE_TRY(writer, RecordWriter::open(file, columns));
    TIERLINE_TRY(snapshot, Snapshot::begin(connection));
    Q_UNUSED(snapshot);
    ExportReport report;
    if (before)
        TIERLINE_CHECK(before(*writer));
    TIERLINE_CHECK(storage::walkTickets(
        connection, options.visibility, [](Instant) { return true; },
        [&](const WalkedTicket &walked) -> Result<Done> {
            ++report.tickets;
            TIERLINE_CHECK(visit(*writer, walked));
            return told(options, writer->rows());
        }));
    report.rows = writer->rows();
    TIERLINE_CHECK(writer->finish());
    return report;
}

void flatten(const QString &path, const QJsonValue &value, QJsonObject &flat, QStringList &columns)
{
    if (value.isObject()) {
        const QJsonObject object = value.toObject();
        for (auto it = object.begin(); it != object.end(); ++it)
            flatten(path.isEmpty() ? it.key() : path + u'.' + it.key(), it.value(), flat, columns);
        return;
    }
    if (!columns.contains(path))
        columns.append(path);
    flat[path] = value;
}

} // namespace

Result<ExportReport> exportTickets(
    storage::Connection &connection, const QString &file, const ExportOptions &options)
{
    TIERLINE_TRY(form, formOf(file));
    const bool isCsv = form == ExportForm::Csv;
    People people(connection);
    return walk(connection, file, ticketColumns, options,
        [&](RecordWriter &writer, const WalkedTicket &walked) -> Result<Done> {
            TIERLINE_CHECK(people.load(walked.ticket));
            if (isCsv)
                return writer.add(flatTicket(walked.ticket, people.requester, people.organization));
            TIERLINE_TRY(messages, storage::loadMessages(connection, walked.ticket.id));
            return writer.add(ticketLine(
                { walked.ticket, people.requester, people.organization, walked.events, messages }));
        });
}

Result<ExportReport> exportEvents(
    storage::Connection &connection, const QString &file, const ExportOptions &options)
{
    return walk(connection, file, eventColumns, options,
        [](RecordWriter &writer, const WalkedTicket &walked) -> Result<Done> {
            for (const Event &event : walked.events)
                TIERLINE_CHECK(writer.add(eventRow(walked.ticket.key, event)));
            return Done {};
        });
}

Result<ExportReport> exportAudit(
    storage::Connection &connection, const QString &file, const ExportOptions &options)
{
    TIERLINE_TRY(questions, storage::loadAnsweredQuestions(connection));
    return walk(
        connection, file, auditColumns, options,
        [&](RecordWriter &writer, const WalkedTicket &walked) -> Result<Done> {
            TIERLINE_CHECK(addAudit(writer, walked.ticket.key, walked.events));
            TIERLINE_TRY(firings,
                storage::loadFirings(connection,
                    { .ticket = walked.ticket.id,
                        .limit = std::numeric_limits<int>::max(),
                        .isOldestFirst = true }));
            for (const Firing &firing : firings)
                TIERLINE_CHECK(writer.add(firingRow(walked.ticket.key, firing)));
            const auto answered = std::ranges::equal_range(questions, walked.ticket.id.v, {},
                [](const EngineQuestion &question) { return question.ticket.v; });
            for (const EngineQuestion &question : answered)
                TIERLINE_CHECK(writer.add(answerRow(walked.ticket.key, question)));
            return Done {};
        },
        [&](RecordWriter &writer) -> Result<Done> {
            TIERLINE_TRY(events, storage::loadEvents(connection, TicketId {}));
            return addAudit(writer, {}, events);
        });
}

Result<ExportReport> exportMetrics(const QJsonObject &report, const QString &file)
{
    TIERLINE_TRY(form, formOf(file));
    const QJsonArray rows = report.value(u"rows"_s).toArray();
    QStringList columns { u"key"_s };
    std::vector<QJsonObject> flat;
    for (const QJsonValue &row : rows) {
        QJsonObject cells;
        flatten({}, row, cells, columns);
        flat.push_back(cells);
    }
    TIERLINE_TRY(writer, RecordWriter::open(file, columns));
    for (qsizetype i = 0; i < rows.size(); ++i)
        TIERLINE_CHECK(writer->add(
            form == ExportForm::Csv ? flat[static_cast<size_t>(i)] : rows[i].toObject()));
    if (form == ExportForm::Json)
        TIERLINE_CHECK(writer->replaceBy(QJsonDocument(report).toJson()));
    TIERLINE_CHECK(writer->finish());
    return ExportReport { .rows = rows.size() };
}

} // namespace tierline::importing
