#include "core/storage/logwalk.h"

#include "core/storage/eventrow.h"
#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

using Visit = std::function<Result<Done>(const WalkedLog &)>;

/// A table in the order of tickets, read along with another one that ascends by ticket too. `read` is given
/// each row of the ticket asked for.
class Along
{
public:
    explicit Along(Statement statement)
        : m_statement(std::move(statement))
    {
    }
    template<typename F>
    Result<Done> readUntil(qint64 ticket, F &&read)
    {
        while (true) {
            if (!m_isRowReady) {
                if (m_isOver)
                    return Done {};
                TIERLINE_TRY(hasRow, m_statement.step());
                m_isOver = !hasRow;
                m_isRowReady = hasRow;
                if (m_isOver)
                    return Done {};
                m_ticket = m_statement.integer(m_ticketColumn);
            }
            if (m_ticket > ticket)
                return Done {};
            if (m_ticket == ticket)
                read(m_statement);
            m_isRowReady = false;
        }
    }

private:
    static constexpr int m_ticketColumn = 16;
    Statement m_statement;
    qint64 m_ticket = 0;
    bool m_isRowReady = false, m_isOver = false;
};

Escalation endOf(const Statement &row)
{
    Escalation escalation;
    escalation.outcome = static_cast<Outcome>(row.integer(0));
    escalation.verdict = optionalCode<Verdict>(row, 1);
    escalation.moved = optionalInstant(row, 2);
    escalation.ended = optionalInstant(row, 3);
    return escalation;
}

Result<Done> walk(Statement tickets, Statement events, Statement escalations, const Visit &visit)
{
    Along log(std::move(events)), records(std::move(escalations));
    std::vector<Event> ownEvents;
    std::vector<Escalation> ownEscalations;
    while (true) {
        TIERLINE_TRY(hasRow, tickets.step());
        if (!hasRow)
            return Done {};
        const TicketId id { tickets.integer(0) };
        const QString key = tickets.text(1);
        const QString email = tickets.text(4);
        const QString name = email.isEmpty() ? tickets.text(5) : email;
        ownEvents.clear();
        ownEscalations.clear();
        TIERLINE_CHECK(log.readUntil(
            id.v, [&](const Statement &row) { ownEvents.push_back(eventOf(row, id)); }));
        TIERLINE_CHECK(records.readUntil(
            id.v, [&](const Statement &row) { ownEscalations.push_back(endOf(row)); }));
        TIERLINE_CHECK(visit({ id, key, { tickets.integer(2) }, { tickets.integer(3) }, name,
            static_cast<Status>(tickets.integer(6)), ownEvents, ownEscalations }));
    }
}

// The ticket stands in the same column of both, so that they are read alike.
constexpr auto eventColumns
    = "SELECT id, at, ord, kind, actor, actor_kind, tier, team, assignee, status, priority, note,"
      " message, data, operation, origin, ticket FROM event"_L1;
constexpr auto escalationColumns
    = "SELECT outcome, verdict, moved, ended, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, ticket"
      " FROM escalation"_L1;
constexpr auto ticketColumns
    = "SELECT t.id, t.key, coalesce(t.organization, 0), coalesce(t.requester, 0),"
      " coalesce(r.email, ''), coalesce(r.name, ''), t.status"
      " FROM ticket t LEFT JOIN requester r ON r.id = t.requester"_L1;

} // namespace

Result<Done> walkLogs(Connection &connection, const Visibility &visibility, const Visit &visit)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 1));
    TIERLINE_TRY(tickets,
        connection.prepareText(
            ticketColumns + u" WHERE 1"_s + visible.sql() + u" ORDER BY t.id"_s));
    visible.bind(tickets);
    TIERLINE_TRY(events,
        connection.prepareText(eventColumns + u" WHERE ticket > 0 ORDER BY ticket, ord, id"_s));
    TIERLINE_TRY(
        escalations, connection.prepareText(escalationColumns + u" ORDER BY ticket, position"_s));
    return walk(std::move(tickets), std::move(events), std::move(escalations), visit);
}

Result<Done> visitLog(Connection &connection, TicketId id, const Visit &visit)
{
    TIERLINE_TRY(tickets, connection.prepareText(ticketColumns + u" WHERE t.id = ?1"_s));
    TIERLINE_TRY(
        events, connection.prepareText(eventColumns + u" WHERE ticket = ?1 ORDER BY ord, id"_s));
    TIERLINE_TRY(escalations,
        connection.prepareText(escalationColumns + u" WHERE ticket = ?1 ORDER BY position"_s));
    tickets.bind(1, id.v);
    events.bind(1, id.v);
    escalations.bind(1, id.v);
    bool isThere = false;
    TIERLINE_CHECK(walk(
        std::move(tickets), std::move(events), std::move(escalations), [&](const WalkedLog &log) {
            isThere = true;
            return visit(log);
        }));
    if (!isThere)
        return notFound(u"There is no ticket with number %1."_s.arg(id.v));
    return Done {};
}

Result<QString> loadMessageText(Connection &connection, MessageId id)
{
    TIERLINE_TRY(row, connection.prepare("SELECT text FROM message WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id.v).step());
    return hasRow ? row.text(0) : QString();
}

} // namespace tierline::storage
