#include "core/storage/firings.h"

#include "core/storage/columns.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

QString deedsText(const std::vector<Deed> &deeds)
{
    QJsonArray array;
    for (const Deed &deed : deeds)
        array.append(QJsonArray { deed.action, deed.outcome, deed.why });
    return QString::fromUtf8(QJsonDocument(array).toJson(QJsonDocument::Compact));
}

std::vector<Deed> deedsOf(QByteArrayView json)
{
    std::vector<Deed> deeds;
    const QByteArray bytes = QByteArray::fromRawData(json.data(), json.size());
    for (const QJsonValue &value : QJsonDocument::fromJson(bytes).array())
        deeds.push_back({ value[0].toString(), value[1].toString(), value[2].toString() });
    return deeds;
}

#define FIRING_COLUMNS                                                                             \
    "number, ticket, rule, era, anchor, level, name, version, due, at, outcome, sentence, deeds,"  \
    " operation, led_by, depth, mode"

Firing firingOf(const Statement &row)
{
    Firing firing { .number = row.integer(0),
        .ticket = { row.integer(1) },
        .rule = row.text(2),
        .era = static_cast<int>(row.integer(3)),
        .anchor = row.text(4),
        .level = static_cast<int>(row.integer(5)),
        .name = row.text(6),
        .version = static_cast<int>(row.integer(7)),
        .due = { row.integer(8) },
        .at = { row.integer(9) },
        .outcome = static_cast<FiringOutcome>(row.integer(10)),
        .sentence = row.text(11),
        .deeds = deedsOf(row.utf8(12)),
        .operation = row.text(13) };
    if (!row.isNull(14))
        firing.ledBy = row.integer(14);
    firing.depth = static_cast<int>(row.integer(15));
    firing.isReal = row.integer(16) == 0;
    return firing;
}

/// All rows, each as `read` makes it.
template<typename Read>
auto readAll(Statement &rows, Read read) -> Result<std::vector<decltype(read(rows))>>
{
    std::vector<decltype(read(rows))> all;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return all;
        all.push_back(read(rows));
    }
}

/// The one row, where there is one.
template<typename Read>
auto readOne(Statement &row, Read read) -> Result<std::optional<decltype(read(row))>>
{
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? std::optional(read(row)) : std::nullopt;
}

SpentCause causeOf(const Statement &row)
{
    return { .rule = row.text(0),
        .era = static_cast<int>(row.integer(1)),
        .anchor = row.text(2),
        .outcome = static_cast<FiringOutcome>(row.integer(3)),
        .isReal = row.integer(4) == 0 };
}

} // namespace

Result<Done> insertFiring(WriteScope &scope, Firing &firing)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(row,
        connection.prepare(
            "INSERT INTO firing (ticket, rule, era, anchor, level, mode, name, version, due, at, outcome,"
            " sentence, deeds, operation, led_by, depth) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10,"
            " ?11, ?12, ?13, ?14, ?15, ?16)"));
    row.bind(1, firing.ticket.v).bind(2, firing.rule).bind(3, firing.era).bind(4, firing.anchor);
    row.bind(5, firing.level).bind(6, firing.isReal ? 0 : 1).bind(7, firing.name);
    row.bind(8, firing.version).bind(9, firing.due.ms).bind(10, firing.at.ms);
    row.bind(11, static_cast<int>(firing.outcome)).bind(12, firing.sentence);
    row.bind(13, deedsText(firing.deeds)).bind(14, firing.operation);
    TIERLINE_CHECK(row.bindOptional(15, firing.ledBy).bind(16, firing.depth).run());
    firing.number = connection.lastInsertId();
    return Done {};
}

Result<std::vector<Firing>> findFirings(
    Connection &connection, TicketId ticket, const QString &rule, int era, const QString &anchor)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT " FIRING_COLUMNS
            " FROM firing WHERE ticket = ?1 AND rule = ?2 AND era = ?3 AND anchor = ?4"
            " ORDER BY level, mode"));
    rows.bind(1, ticket.v).bind(2, rule).bind(3, era).bind(4, anchor);
    return readAll(rows, firingOf);
}

Result<std::vector<SpentCause>> loadSpentCauses(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT rule, era, anchor, outcome, mode FROM firing WHERE ticket = ?1 AND level = 0"));
    return readAll(rows.bind(1, ticket.v), causeOf);
}

Result<std::optional<Firing>> loadFiring(Connection &connection, qint64 number)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT " FIRING_COLUMNS " FROM firing WHERE number = ?1"));
    return readOne(row.bind(1, number), firingOf);
}

Result<std::optional<Firing>> findFiringOf(Connection &connection, const QString &operation)
{
    if (operation.isEmpty())
        return std::optional<Firing>();
    TIERLINE_TRY(row,
        connection.prepare("SELECT " FIRING_COLUMNS
                           " FROM firing WHERE operation = ?1 AND operation <> '' LIMIT 1"));
    return readOne(row.bind(1, operation), firingOf);
}

Result<std::vector<Firing>> loadFirings(Connection &connection, const FiringQuery &query)
{
    QString sql = u"SELECT " FIRING_COLUMNS " FROM firing WHERE number > ?7"_s;
    if (!query.rule.isEmpty())
        sql += u" AND rule = ?1"_s;
    if (query.ticket)
        sql += u" AND ticket = ?2"_s;
    if (query.from)
        sql += u" AND at >= ?3"_s;
    if (query.to)
        sql += u" AND at < ?4"_s;
    const bool isPaged = query.before > 0 && !query.isOldestFirst;
    if (isPaged)
        sql += u" AND number < ?5"_s;
    sql += query.isOldestFirst ? u" ORDER BY number LIMIT ?6"_s
                               : u" ORDER BY number DESC LIMIT ?6"_s;
    TIERLINE_TRY(rows, connection.prepareText(sql));
    if (!query.rule.isEmpty())
        rows.bind(1, query.rule);
    if (query.ticket)
        rows.bind(2, query.ticket->v);
    if (query.from)
        rows.bind(3, query.from->ms);
    if (query.to)
        rows.bind(4, query.to->ms);
    if (isPaged)
        rows.bind(5, query.before);
    rows.bind(6, query.limit).bind(7, query.after);
    return readAll(rows, firingOf);
}

Result<qint64> countFired(Connection &connection, const QString &rule, Instant from)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT count(*) FROM firing WHERE rule = ?1 AND at >= ?2 AND level = 0"
                           " AND outcome = 0"));
    TIERLINE_TRY(hasRow, row.bind(1, rule).bind(2, from.ms).step());
    return hasRow ? row.integer(0) : 0;
}

// ---- ladders

Result<Done> saveLadder(WriteScope &scope, const LadderRun &run)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO ladder (firing, ticket, text, clock, began, looked, cycle, state)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (firing) DO UPDATE SET"
            " began = excluded.began, looked = excluded.looked, cycle = excluded.cycle,"
            " state = excluded.state"));
    row.bind(1, run.firing).bind(2, run.ticket.v).bind(3, run.text).bind(4, run.clock);
    row.bind(5, run.began.ms).bind(6, run.looked.ms).bind(7, run.cycle);
    return row.bind(8, static_cast<int>(run.state)).run();
}

namespace {

LadderRun ladderOf(const Statement &row)
{
    return { .firing = row.integer(0),
        .ticket = { row.integer(1) },
        .text = row.text(2),
        .clock = row.text(3),
        .began = { row.integer(4) },
        .looked = { row.integer(5) },
        .cycle = static_cast<int>(row.integer(6)),
        .state = static_cast<LadderRun::State>(row.integer(7)) };
}

} // namespace

Result<std::vector<LadderRun>> loadLadders(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT firing, ticket, text, clock, began, looked, cycle, state"
                           " FROM ladder WHERE ticket = ?1 AND state < 2 ORDER BY firing"));
    return readAll(rows.bind(1, ticket.v), ladderOf);
}

Result<bool> hasLadders(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT EXISTS (SELECT 1 FROM ladder WHERE state < 2)"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow && row.integer(0) != 0;
}

// ---- questions

namespace {

#define QUESTION_COLUMNS                                                                           \
    "id, firing, ticket, asked, why, actions, answered, answer, answered_by, approver_kind, approver"

std::optional<Approver> approverOf(const Statement &row)
{
    return row.isNull(9)
        ? std::nullopt
        : std::optional(Approver { static_cast<NoticeTarget>(row.integer(9)), row.text(10) });
}

EngineQuestion questionOf(const Statement &row)
{
    return { .id = row.text(0),
        .firing = row.integer(1),
        .ticket = { row.integer(2) },
        .asked = { row.integer(3) },
        .why = row.text(4),
        .actions = row.text(5),
        .approver = approverOf(row),
        .answered = optionalInstant(row, 6),
        .isYes = row.integer(7) != 0,
        .answeredBy = row.text(8) };
}

} // namespace

Result<Done> insertQuestion(WriteScope &scope, const EngineQuestion &question)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO question (id, firing, ticket, asked, why, actions, approver_kind, approver)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)"));
    row.bind(1, question.id).bind(2, question.firing).bind(3, question.ticket.v);
    row.bind(4, question.asked.ms).bind(5, question.why).bind(6, question.actions);
    const std::optional<Approver> &approver = question.approver;
    row.bindOptional(7, approver ? std::optional(approver->kind) : std::nullopt);
    return row.bind(8, approver ? approver->who : QString()).run();
}

Result<Done> answerQuestion(
    WriteScope &scope, const QString &id, bool isYes, const QString &agent, Instant at)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(row,
        connection.prepare("UPDATE question SET answered = ?2, answer = ?3, answered_by = ?4"
                           " WHERE id = ?1 AND answered IS NULL"));
    TIERLINE_CHECK(row.bind(1, id).bind(2, at.ms).bind(3, isYes ? 1 : 0).bind(4, agent).run());
    if (connection.changes() == 1)
        return Done {};
    TIERLINE_TRY(found, loadQuestion(connection, id));
    if (!found)
        return notFound(u"There is no question “%1”."_s.arg(id.left(64)));
    return conflictError(u"%1 has answered this already."_s.arg(found->answeredBy));
}

Result<std::vector<EngineQuestion>> loadOpenQuestions(Connection &connection, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT " QUESTION_COLUMNS
                           " FROM question WHERE answered IS NULL ORDER BY asked, id LIMIT ?1"));
    return readAll(rows.bind(1, limit), questionOf);
}

Result<std::vector<EngineQuestion>> loadAnsweredQuestions(Connection &connection)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT " QUESTION_COLUMNS " FROM question WHERE answered IS NOT NULL"
                           " ORDER BY ticket, answered, id"));
    return readAll(rows, questionOf);
}

Result<std::optional<EngineQuestion>> loadQuestion(Connection &connection, const QString &id)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT " QUESTION_COLUMNS " FROM question WHERE id = ?1"));
    return readOne(row.bind(1, id), questionOf);
}

// ---- notices

namespace {

#define NOTICE_COLUMNS "id, firing, ticket, at, kind, target, text, is_urgent, state, topic"

Notice noticeOf(const Statement &row)
{
    return { .id = row.integer(0),
        .firing = row.integer(1),
        .ticket = { row.integer(2) },
        .at = { row.integer(3) },
        .kind = static_cast<NoticeTarget>(row.integer(4)),
        .target = row.text(5),
        .text = row.text(6),
        .isUrgent = row.integer(7) != 0,
        .state = static_cast<Notice::State>(row.integer(8)),
        .topic = row.text(9) };
}

} // namespace

Result<Done> insertNotice(WriteScope &scope, Notice &notice)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(row,
        connection.prepare(
            "INSERT INTO notice (firing, ticket, at, kind, target, text, is_urgent, state, topic)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)"));
    row.bindOptional(1, notice.firing ? std::optional(notice.firing) : std::nullopt)
        .bind(2, notice.ticket.v)
        .bind(3, notice.at.ms);
    row.bind(4, static_cast<int>(notice.kind)).bind(5, notice.target).bind(6, notice.text);
    row.bind(7, notice.isUrgent ? 1 : 0).bind(8, static_cast<int>(notice.state));
    TIERLINE_CHECK(row.bind(9, notice.topic).run());
    notice.id = connection.lastInsertId();
    scope.touch(notice.ticket); // programs with a way to whom it is for look for it then
    return Done {};
}

Result<std::vector<Notice>> loadNotices(Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT " NOTICE_COLUMNS " FROM notice WHERE ticket = ?1 ORDER BY id DESC"));
    return readAll(rows.bind(1, ticket.v), noticeOf);
}

Result<bool> handOverNotice(WriteScope &scope, qint64 id)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(
        row, connection.prepare("UPDATE notice SET state = 1 WHERE id = ?1 AND state = 0"));
    TIERLINE_CHECK(row.bind(1, id).run());
    return connection.changes() == 1;
}

Result<std::vector<Notice>> loadUnrouted(Connection &connection, Instant now, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT " NOTICE_COLUMNS " FROM notice WHERE routed = 0 AND at <= ?1"
                           " ORDER BY is_urgent DESC, at, id LIMIT ?2"));
    return readAll(rows.bind(1, now.ms).bind(2, limit), noticeOf);
}

Result<std::optional<Instant>> nextUnrouted(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT min(at) FROM notice WHERE routed = 0"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow && !row.isNull(0) ? std::optional(Instant { row.integer(0) }) : std::nullopt;
}

Result<Done> markRouted(WriteScope &scope, qint64 notice)
{
    TIERLINE_TRY(row, scope.connection().prepare("UPDATE notice SET routed = 1 WHERE id = ?1"));
    return row.bind(1, notice).run();
}

Result<std::optional<Notice>> loadNotice(Connection &connection, qint64 id)
{
    TIERLINE_TRY(row, connection.prepare("SELECT " NOTICE_COLUMNS " FROM notice WHERE id = ?1"));
    return readOne(row.bind(1, id), noticeOf);
}

} // namespace tierline::storage
