#include "core/storage/walk.h"

#include "core/storage/tickets.h"
#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

Result<Done> readTimes(Connection &connection, TicketId id, std::vector<MessageTime> &times)
{
    times.clear();
    TIERLINE_TRY(rows,
        connection.prepare(
            "SELECT at, kind, author FROM message WHERE ticket = ?1 ORDER BY at, id"));
    rows.bind(1, id.v);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        times.push_back({ .at = { rows.integer(0) },
            .kind = static_cast<MessageKind>(rows.integer(1)),
            .author = static_cast<AuthorKind>(rows.integer(2)) });
    }
}

} // namespace

Result<Done> walkTickets(Connection &connection, const Visibility &visibility,
    const std::function<bool(Instant created)> &wants,
    const std::function<Result<Done>(const WalkedTicket &)> &visit)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 1));
    TIERLINE_TRY(tickets,
        connection.prepareText(u"SELECT t.id, t.created, coalesce(o.plan, '') FROM ticket t"
                               " LEFT JOIN organization o ON o.id = t.organization WHERE 1"_s
            + visible.sql() + u" ORDER BY t.id"_s));
    visible.bind(tickets);
    std::vector<MessageTime> times;
    while (true) {
        TIERLINE_TRY(hasRow, tickets.step());
        if (!hasRow)
            return Done {};
        if (!wants({ tickets.integer(1) }))
            continue;
        const TicketId id { tickets.integer(0) };
        const QString plan = tickets.text(2);
        TIERLINE_TRY(state, loadTicket(connection, id));
        TIERLINE_TRY(events, loadEvents(connection, id));
        TIERLINE_CHECK(readTimes(connection, id, times));
        TIERLINE_CHECK(visit({ state.ticket, plan, events, times, state.escalations }));
    }
}

} // namespace tierline::storage
