#include "core/storage/columns.h"
#include "core/storage/tickets.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

// The columns of a ticket stand in three groups, so that a change touches no index it need not:
// what the text index is made of, what queues are ordered and picked by, and the rest.

void bindIdentity(Statement &to, int at, const Ticket &ticket)
{
    to.bind(at, ticket.key).bind(at + 1, ticket.subject);
    ticket.requester ? to.bind(at + 2, ticket.requester.v) : to.bindNull(at + 2);
    ticket.organization ? to.bind(at + 3, ticket.organization.v) : to.bindNull(at + 3);
}

void bindQueueColumns(Statement &to, int at, const Ticket &ticket)
{
    to.bind(at, static_cast<int>(ticket.priority))
        .bind(at + 1, static_cast<int>(ticket.status))
        .bind(at + 2, ticket.isAwaitingYes ? 1 : 0)
        .bind(at + 3, ticket.tier)
        .bind(at + 4, ticket.team)
        .bind(at + 5, ticket.assignee)
        .bind(at + 6, ticket.created.ms)
        .bind(at + 7, ticket.flagNote)
        .bind(at + 8, ticket.due ? ticket.due->ms : noDue);
}

void bindRest(Statement &to, int at, const Ticket &ticket)
{
    to.bind(at, ticket.channel)
        .bind(at + 1, ticket.category)
        .bind(at + 2, ticket.product)
        .bind(at + 3, ticket.type)
        .bindOptional(at + 4, ticket.severity)
        .bind(at + 5, ticket.isComplex ? 1 : 0)
        .bind(at + 6, ticket.startTier)
        .bind(at + 7, ticket.updated.ms)
        .bind(at + 8, listText(ticket.tags))
        .bind(at + 9, listText(ticket.followers))
        .bind(at + 10, objectText(ticket.fields))
        .bind(at + 11, ticket.reason)
        .bind(at + 12, ticket.clock)
        .bindOptional(at + 13, ticket.clockStart);
}

bool isSameIdentity(const Ticket &a, const Ticket &b)
{
    return a.key == b.key && a.subject == b.subject && a.requester == b.requester
        && a.organization == b.organization;
}

bool isSameInQueues(const Ticket &a, const Ticket &b)
{
    return a.priority == b.priority && a.status == b.status && a.isAwaitingYes == b.isAwaitingYes
        && a.tier == b.tier && a.team == b.team && a.assignee == b.assignee
        && a.created == b.created && a.flagNote == b.flagNote && a.due == b.due;
}

bool isSameInRest(const Ticket &a, const Ticket &b)
{
    return a.channel == b.channel && a.category == b.category && a.product == b.product
        && a.type == b.type && a.severity == b.severity && a.isComplex == b.isComplex
        && a.startTier == b.startTier && a.updated == b.updated && a.tags == b.tags
        && a.followers == b.followers && a.fields == b.fields && a.reason == b.reason
        && a.clock == b.clock && a.clockStart == b.clockStart;
}

Result<Done> insertRow(WriteScope &scope, const Ticket &ticket, ImportId import)
{
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO ticket (id, import, key, subject, requester, organization,"
            " priority, status, is_awaiting_yes, tier, team, assignee, created, flag_note, due,"
            " channel, category, product, type, severity, is_complex, start_tier, updated, tags,"
            " followers, fields, reason, clock, clock_start)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18,"
            " ?19, ?20, ?21, ?22, ?23, ?24, ?25, ?26, ?27, ?28, ?29)"));
    row.bind(1, ticket.id.v).bind(2, import.v);
    bindIdentity(row, 3, ticket);
    bindQueueColumns(row, 7, ticket);
    bindRest(row, 16, ticket);
    return row.run();
}

Result<Done> saveRow(WriteScope &scope, const Ticket &before, const Ticket &after)
{
    Connection &connection = scope.connection();
    if (!isSameIdentity(before, after)) {
        TIERLINE_CHECK(scope.textChanges(after.id));
        TIERLINE_TRY(row,
            connection.prepare("UPDATE ticket SET key = ?2, subject = ?3, requester = ?4,"
                               " organization = ?5 WHERE id = ?1"));
        row.bind(1, after.id.v);
        bindIdentity(row, 2, after);
        TIERLINE_CHECK(row.run());
    }
    if (!isSameInQueues(before, after)) {
        TIERLINE_TRY(row,
            connection.prepare("UPDATE ticket SET priority = ?2, status = ?3, is_awaiting_yes = ?4,"
                               " tier = ?5, team = ?6, assignee = ?7, created = ?8, flag_note = ?9,"
                               " due = ?10 WHERE id = ?1"));
        row.bind(1, after.id.v);
        bindQueueColumns(row, 2, after);
        TIERLINE_CHECK(row.run());
    }
    if (!isSameInRest(before, after)) {
        TIERLINE_TRY(row,
            connection.prepare(
                "UPDATE ticket SET channel = ?2, category = ?3, product = ?4, type = ?5,"
                " severity = ?6, is_complex = ?7, start_tier = ?8, updated = ?9,"
                " tags = ?10, followers = ?11, fields = ?12, reason = ?13, clock = ?14,"
                " clock_start = ?15 WHERE id = ?1"));
        row.bind(1, after.id.v);
        bindRest(row, 2, after);
        TIERLINE_CHECK(row.run());
    }
    return Done {};
}

// ---- escalations and their stages

Result<Done> saveEscalationRow(
    Connection &connection, TicketId ticket, int position, const Escalation &escalation)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "INSERT INTO escalation (ticket, position, id, kind, trigger_kind, reason_code, sentence,"
            " from_tier, to_tier, from_rank, to_rank, from_team, to_team, from_assignee,"
            " priority_before, actor, note, opened, moved, accepted, accepted_by, ended, outcome,"
            " verdict, notice_skipped) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13,"
            " ?14, ?15, ?16, ?17, ?18, ?19, ?20, ?21, ?22, ?23, ?24, ?25)"
            " ON CONFLICT (ticket, position) DO UPDATE SET id = excluded.id, kind = excluded.kind,"
            " trigger_kind = excluded.trigger_kind, reason_code = excluded.reason_code,"
            " sentence = excluded.sentence, from_tier = excluded.from_tier,"
            " to_tier = excluded.to_tier, from_rank = excluded.from_rank, to_rank = excluded.to_rank,"
            " from_team = excluded.from_team, to_team = excluded.to_team,"
            " from_assignee = excluded.from_assignee, priority_before = excluded.priority_before,"
            " actor = excluded.actor, note = excluded.note, opened = excluded.opened,"
            " moved = excluded.moved, accepted = excluded.accepted,"
            " accepted_by = excluded.accepted_by, ended = excluded.ended,"
            " outcome = excluded.outcome, verdict = excluded.verdict,"
            " notice_skipped = excluded.notice_skipped"));
    row.bind(1, ticket.v).bind(2, position).bind(3, escalation.id);
    row.bind(4, static_cast<int>(escalation.kind)).bind(5, static_cast<int>(escalation.trigger));
    row.bind(6, escalation.reasonCode).bind(7, escalation.sentence);
    row.bind(8, escalation.fromTier).bind(9, escalation.toTier);
    row.bind(10, escalation.fromRank).bind(11, escalation.toRank);
    row.bind(12, escalation.fromTeam).bind(13, escalation.toTeam).bind(14, escalation.fromAssignee);
    row.bindOptional(15, escalation.priorityBefore)
        .bind(16, escalation.actor)
        .bind(17, escalation.note);
    row.bind(18, escalation.opened.ms).bindOptional(19, escalation.moved);
    row.bindOptional(20, escalation.accepted).bind(21, escalation.acceptedBy);
    row.bindOptional(22, escalation.ended).bind(23, static_cast<int>(escalation.outcome));
    row.bindOptional(24, escalation.verdict).bind(25, escalation.noticeSkipped);
    return row.run();
}

Result<Done> saveStage(
    Connection &connection, TicketId ticket, int escalation, int position, const StageEntry &stage)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "INSERT INTO stage (ticket, escalation, position, stage, owner, entered, limit_at, left_at)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (ticket, escalation, position)"
            " DO UPDATE SET stage = excluded.stage, owner = excluded.owner,"
            " entered = excluded.entered, limit_at = excluded.limit_at, left_at = excluded.left_at"));
    row.bind(1, ticket.v).bind(2, escalation).bind(3, position);
    row.bind(4, static_cast<int>(stage.stage)).bind(5, stage.owner).bind(6, stage.entered.ms);
    return row.bindOptional(7, stage.limit).bindOptional(8, stage.left).run();
}

Result<Done> removeFrom(Connection &connection, const char *sql, TicketId ticket, qint64 first,
    std::optional<qint64> second = {})
{
    TIERLINE_TRY(row, connection.prepare(sql));
    row.bind(1, ticket.v).bind(2, first);
    if (second)
        row.bind(3, *second);
    return row.run();
}

/// `before` is nullptr for an escalation that is new.
Result<Done> saveEscalation(Connection &connection, TicketId ticket, int position,
    const Escalation *before, const Escalation &after)
{
    if (before && *before == after)
        return Done {};
    bool isSameRow = false;
    if (before) {
        Escalation withoutStages = *before;
        withoutStages.stages = after.stages;
        isSameRow = withoutStages == after;
    }
    if (!isSameRow)
        TIERLINE_CHECK(saveEscalationRow(connection, ticket, position, after));

    // What is gone goes first: the store holds that only one stage is open at a time.
    const auto stages = static_cast<qint64>(after.stages.size());
    if (before && before->stages.size() > after.stages.size()) {
        TIERLINE_CHECK(removeFrom(connection,
            "DELETE FROM stage WHERE ticket = ?1 AND escalation = ?2 AND position >= ?3", ticket,
            position, stages));
    }
    for (size_t i = 0; i < after.stages.size(); ++i) {
        if (!before || i >= before->stages.size() || before->stages[i] != after.stages[i])
            TIERLINE_CHECK(
                saveStage(connection, ticket, position, static_cast<int>(i), after.stages[i]));
    }
    return Done {};
}

Result<Done> saveEscalations(Connection &connection, TicketId ticket,
    const std::vector<Escalation> &before, const std::vector<Escalation> &after)
{
    if (before.size() > after.size()) {
        const auto kept = static_cast<qint64>(after.size());
        TIERLINE_CHECK(removeFrom(
            connection, "DELETE FROM stage WHERE ticket = ?1 AND escalation >= ?2", ticket, kept));
        TIERLINE_CHECK(removeFrom(connection,
            "DELETE FROM escalation WHERE ticket = ?1 AND position >= ?2", ticket, kept));
    }
    for (size_t i = 0; i < after.size(); ++i) {
        TIERLINE_CHECK(saveEscalation(connection, ticket, static_cast<int>(i),
            i < before.size() ? &before[i] : nullptr, after[i]));
    }
    return Done {};
}

} // namespace

Result<Done> insertTicket(WriteScope &scope, TicketState &state, ImportId import, bool indexText)
{
    Ticket &ticket = state.ticket;
    if (ticket.key.isEmpty())
        return badInput(u"A ticket needs a key."_s, u"key"_s);
    TIERLINE_TRY(id, scope.nextTicketId(ticket.created));
    ticket.id = id;
    if (const auto inserted = insertRow(scope, ticket, import); !inserted) {
        if (inserted.error().fault == Fault::Conflict)
            return conflictError(u"There is a ticket “%1” already."_s.arg(ticket.key));
        return inserted.error();
    }
    TIERLINE_CHECK(saveEscalations(scope.connection(), id, {}, state.escalations));
    if (indexText)
        scope.textIsNew(id);
    if (import)
        scope.hide(id);
    scope.touch(id);
    return Done {};
}

Result<Done> saveTicket(WriteScope &scope, const TicketState &before, const TicketState &after)
{
    if (before == after)
        return Done {};
    if (before.ticket.id != after.ticket.id || !after.ticket.id)
        return Error { .fault = Fault::Bug,
            .detail = u"Two states of different tickets were compared."_s };
    TIERLINE_CHECK(saveRow(scope, before.ticket, after.ticket));
    TIERLINE_CHECK(saveEscalations(
        scope.connection(), after.ticket.id, before.escalations, after.escalations));
    scope.touch(after.ticket.id);
    return Done {};
}

} // namespace tierline::storage
