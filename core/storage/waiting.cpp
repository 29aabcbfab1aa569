#include "core/storage/waiting.h"

#include "core/storage/visible.h"

#include <algorithm>
#include <tuple>

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

Result<Done> addNotices(Connection &connection, const NoticeAddress &to,
    const Visibility &visibility, Instant now, int limit, std::vector<WaitingNotice> &all)
{
    const bool isNamed = !to.target.isEmpty();
    TIERLINE_TRY(seen, VisibleTickets::load(connection, visibility, u"t"_s, 5));
    TIERLINE_TRY(rows,
        connection.prepareText(
            u"SELECT n.id, n.firing, n.ticket, n.at, n.kind, n.target, n.text, n.is_urgent,"
            " t.key, t.subject FROM notice n JOIN ticket t ON t.id = n.ticket"
            " WHERE n.state = 0 AND n.kind = ?1 AND n.at <= ?2%1%2"
            " ORDER BY n.at, n.id LIMIT ?3"_s.arg(
                isNamed ? u" AND n.target = ?4"_s : QString(), seen.sql())));
    rows.bind(1, static_cast<int>(to.kind)).bind(2, now.ms).bind(3, limit);
    if (isNamed)
        rows.bind(4, to.target);
    seen.bind(rows);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        all.push_back({ { .id = rows.integer(0),
                            .firing = rows.integer(1),
                            .ticket = { rows.integer(2) },
                            .at = { rows.integer(3) },
                            .kind = static_cast<NoticeTarget>(rows.integer(4)),
                            .target = rows.text(5),
                            .text = rows.text(6),
                            .isUrgent = rows.integer(7) != 0 },
            rows.text(8), rows.text(9) });
    }
}

} // namespace

Result<std::vector<WaitingNotice>> loadNoticesFor(Connection &connection,
    const std::vector<NoticeAddress> &to, const Visibility &visibility, Instant now, int limit)
{
    std::vector<WaitingNotice> waiting;
    for (const NoticeAddress &address : to)
        TIERLINE_CHECK(addNotices(connection, address, visibility, now, limit, waiting));
    const auto order
        = [](const WaitingNotice &one) { return std::tuple(one.notice.at, one.notice.id); };
    std::ranges::sort(waiting, {}, order);
    // Two addresses may mean one notice.
    waiting.erase(std::ranges::unique(waiting, {}, order).begin(), waiting.end());
    if (waiting.size() > size_t(limit))
        waiting.erase(waiting.begin() + limit, waiting.end());
    return waiting;
}

Result<int> countOpenQuestions(Connection &connection, const Visibility &visibility)
{
    TIERLINE_TRY(seen, VisibleTickets::load(connection, visibility, u"t"_s, 1));
    TIERLINE_TRY(row,
        connection.prepareText(u"SELECT count(*) FROM question q JOIN ticket t ON t.id = q.ticket"
                               " WHERE q.answered IS NULL"_s
            + seen.sql()));
    seen.bind(row);
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? static_cast<int>(row.integer(0)) : 0;
}

Result<bool> hasOpenQuestions(Connection &connection, std::optional<TicketId> ticket)
{
    TIERLINE_TRY(row,
        ticket
            ? connection.prepare(
                "SELECT EXISTS (SELECT 1 FROM question WHERE answered IS NULL AND ticket = ?1)")
            : connection.prepare("SELECT EXISTS (SELECT 1 FROM question WHERE answered IS NULL)"));
    if (ticket)
        row.bind(1, ticket->v);
    TIERLINE_TRY(hasRow, row.step());
    return hasRow && row.integer(0) != 0;
}

Result<Done> closeQuestions(WriteScope &scope, TicketId ticket, Instant at)
{
    TIERLINE_TRY(row,
        scope.connection().prepare("UPDATE question SET answered = ?2, answer = 0"
                                   " WHERE ticket = ?1 AND answered IS NULL"));
    return row.bind(1, ticket.v).bind(2, at.ms).run();
}

} // namespace tierline::storage
