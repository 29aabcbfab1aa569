#include "core/storage/tickets.h"

#include "core/storage/columns.h"
#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

constexpr int maxCandidates = 6;

Error noTicket(const QString &key)
{
    return notFound(u"There is no ticket “%1” in this workspace."_s.arg(key));
}

bool isRemoteNumber(const QString &key)
{
    return !key.isEmpty() && key.size() <= 64 && !key.contains(u':');
}

/// Keys of remote tickets whose number is `number`: "zd:4812" for 4812.
Result<TicketId> findByNumber(
    Connection &connection, const QString &number, const Visibility &visibility)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 2));
    TIERLINE_TRY(find,
        connection.prepareText(
            u"SELECT t.id, t.key FROM ticket t"
            " WHERE substr(t.key, instr(t.key, ':') + 1) = ?1"
            " AND instr(t.key, ':') > 0%1 ORDER BY t.key LIMIT %2"_s.arg(visible.sql())
                .arg(maxCandidates)));
    visible.bind(find);
    find.bind(1, number);
    TicketId found;
    QStringList keys;
    while (true) {
        TIERLINE_TRY(hasRow, find.step());
        if (!hasRow)
            break;
        found.v = find.integer(0);
        keys.append(find.text(1));
    }
    if (keys.isEmpty())
        return noTicket(number);
    if (keys.size() > 1) {
        return badInput(
            u"“%1” names tickets of several accounts: %2. Give one of these in full."_s.arg(
                number, keys.join(u", "_s)),
            u"ticket"_s);
    }
    return found;
}

} // namespace

Result<TicketId> findTicket(
    Connection &connection, const QString &key, const Visibility &visibility)
{
    {
        TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 2));
        TIERLINE_TRY(find,
            connection.prepareText(
                u"SELECT t.id FROM ticket t WHERE t.key = ?1%1"_s.arg(visible.sql())));
        visible.bind(find);
        TIERLINE_TRY(hasRow, find.bind(1, key).step());
        if (hasRow)
            return TicketId { find.integer(0) };
    }
    return isRemoteNumber(key) ? findByNumber(connection, key, visibility) : noTicket(key);
}

Result<TicketId> findAnyTicket(Connection &connection, const QString &key)
{
    TIERLINE_TRY(find, connection.prepare("SELECT id FROM ticket WHERE key = ?1"));
    TIERLINE_TRY(hasRow, find.bind(1, key).step());
    if (!hasRow)
        return noTicket(key);
    return TicketId { find.integer(0) };
}

// ---- reading a ticket with its escalations

namespace {

Result<Ticket> loadRow(Connection &connection, TicketId id)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT key, subject, channel, category, product, type, priority, severity, status,"
            " is_awaiting_yes, is_complex, tier, start_tier, team, assignee, requester, organization,"
            " created, updated, tags, followers, fields, flag_note, reason, clock, clock_start, due"
            " FROM ticket WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id.v).step());
    if (!hasRow)
        return notFound(u"There is no ticket with number %1."_s.arg(id.v));
    Ticket ticket { .id = id,
        .key = row.text(0),
        .subject = row.text(1),
        .channel = row.text(2),
        .category = row.text(3),
        .product = row.text(4),
        .type = row.text(5),
        .priority = static_cast<Priority>(row.integer(6)) };
    if (!row.isNull(7))
        ticket.severity = static_cast<Severity>(row.integer(7));
    ticket.status = static_cast<Status>(row.integer(8));
    ticket.isAwaitingYes = row.integer(9) != 0;
    ticket.isComplex = row.integer(10) != 0;
    ticket.tier = row.text(11);
    ticket.startTier = row.text(12);
    ticket.team = row.text(13);
    ticket.assignee = row.text(14);
    ticket.requester.v = row.integer(15);
    ticket.organization.v = row.integer(16);
    ticket.created.ms = row.integer(17);
    ticket.updated.ms = row.integer(18);
    ticket.tags = listOf(row.utf8(19));
    ticket.followers = listOf(row.utf8(20));
    ticket.fields = objectOf(row.utf8(21));
    ticket.flagNote = row.text(22);
    ticket.reason = row.text(23);
    ticket.clock = row.text(24);
    ticket.clockStart = optionalInstant(row, 25);
    if (row.integer(26) != noDue)
        ticket.due = Instant { row.integer(26) };
    return ticket;
}

Escalation escalationOf(const Statement &row)
{
    Escalation escalation { .id = row.text(1),
        .kind = static_cast<EscalationKind>(row.integer(2)),
        .trigger = static_cast<Trigger>(row.integer(3)),
        .reasonCode = row.text(4),
        .sentence = row.text(5),
        .fromTier = row.text(6),
        .toTier = row.text(7),
        .fromRank = static_cast<int>(row.integer(8)),
        .toRank = static_cast<int>(row.integer(9)),
        .fromTeam = row.text(10),
        .toTeam = row.text(11),
        .fromAssignee = row.text(12) };
    if (!row.isNull(13))
        escalation.priorityBefore = static_cast<Priority>(row.integer(13));
    escalation.actor = row.text(14);
    escalation.note = row.text(15);
    escalation.opened.ms = row.integer(16);
    escalation.moved = optionalInstant(row, 17);
    escalation.accepted = optionalInstant(row, 18);
    escalation.acceptedBy = row.text(19);
    escalation.ended = optionalInstant(row, 20);
    escalation.outcome = static_cast<Outcome>(row.integer(21));
    if (!row.isNull(22))
        escalation.verdict = static_cast<Verdict>(row.integer(22));
    escalation.noticeSkipped = row.text(23);
    return escalation;
}

Result<Done> loadStages(Connection &connection, TicketId id, std::vector<Escalation> &escalations)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT escalation, stage, owner, entered, limit_at, left_at FROM stage"
                           " WHERE ticket = ?1 ORDER BY escalation, position"));
    rows.bind(1, id.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        const auto position = static_cast<size_t>(rows.integer(0));
        if (position >= escalations.size())
            return storageError(u"A stage of ticket %1 belongs to no escalation."_s.arg(id.v));
        escalations[position].stages.push_back({ .stage = static_cast<Stage>(rows.integer(1)),
            .owner = rows.text(2),
            .entered = { rows.integer(3) },
            .limit = optionalInstant(rows, 4),
            .left = optionalInstant(rows, 5) });
    }
}

} // namespace

Result<TicketState> loadTicket(Connection &connection, TicketId id)
{
    TIERLINE_TRY(ticket, loadRow(connection, id));
    TicketState state { .ticket = std::move(ticket) };
    {
        TIERLINE_TRY(rows,
            connection.prepare(
                "SELECT position, id, kind, trigger_kind, reason_code, sentence, from_tier, to_tier,"
                " from_rank, to_rank, from_team, to_team, from_assignee, priority_before, actor, note,"
                " opened, moved, accepted, accepted_by, ended, outcome, verdict, notice_skipped"
                " FROM escalation WHERE ticket = ?1 ORDER BY position"));
        rows.bind(1, id.v);
        while (true) {
            TIERLINE_TRY(hasRow, rows.step());
            if (!hasRow)
                break;
            state.escalations.push_back(escalationOf(rows));
        }
    }
    if (!state.escalations.empty())
        TIERLINE_CHECK(loadStages(connection, id, state.escalations));
    return state;
}

Result<std::vector<RelatedTicket>> relatedTickets(Connection &connection, const Ticket &ticket,
    Instant since, int limit, const Visibility &visibility)
{
    std::vector<RelatedTicket> related;
    const bool byOrganization = bool(ticket.organization);
    if (!byOrganization && !ticket.requester)
        return related;
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 5));
    TIERLINE_TRY(rows,
        connection.prepareText(
            u"SELECT t.id, t.key, t.subject, t.category, t.tier, t.status, t.created"
            " FROM ticket t WHERE t.%1 = ?1 AND t.id <> ?2 AND t.created >= ?3"
            " AND t.status <> 6%2 ORDER BY t.id DESC LIMIT ?4"_s.arg(
                byOrganization ? u"organization"_s : u"requester"_s, visible.sql())));
    visible.bind(rows);
    rows.bind(1, byOrganization ? ticket.organization.v : ticket.requester.v)
        .bind(2, ticket.id.v)
        .bind(3, since.ms)
        .bind(4, limit);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return related;
        related.push_back({ .id = { rows.integer(0) },
            .key = rows.text(1),
            .subject = rows.text(2),
            .category = rows.text(3),
            .tier = rows.text(4),
            .status = static_cast<Status>(rows.integer(5)),
            .created = { rows.integer(6) } });
    }
}

} // namespace tierline::storage
