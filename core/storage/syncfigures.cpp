#include "core/storage/syncfigures.h"

#include "core/storage/columns.h"
#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

SyncFigures &figuresOf(QList<SyncFigures> &all, const QString &account)
{
    for (SyncFigures &one : all) {
        if (one.account == account)
            return one;
    }
    all.append({ .account = account });
    return all.last();
}

Result<Done> addOutbox(
    Connection &connection, const VisibleTickets &visible, QList<SyncFigures> &all)
{
    const QString seen = u"sum(iif(1 %1, %2, 0))"_s;
    TIERLINE_TRY(rows,
        connection.prepareText(
            u"SELECT o.account, %1, %2, max(o.created),"
            " min(iif(o.state IN ('waiting', 'sending', 'unknown'),"
            " max(o.next_try, o.not_before), NULL))"
            " FROM outbox o JOIN ticket t ON t.id = o.ticket GROUP BY o.account"_s.arg(
                seen.arg(visible.sql(), u"1"_s),
                seen.arg(visible.sql(), u"o.state = 'refused'"_s))));
    visible.bind(rows);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        SyncFigures &figures = figuresOf(all, rows.text(0));
        figures.waiting = static_cast<int>(rows.integer(1));
        figures.refused = static_cast<int>(rows.integer(2));
        figures.newest = { rows.integer(3) };
        figures.due = optionalInstant(rows, 4);
    }
}

Result<Done> addConflicts(
    Connection &connection, const VisibleTickets &visible, QList<SyncFigures> &all)
{
    TIERLINE_TRY(rows,
        connection.prepareText(u"SELECT c.account, count(*) FROM conflict c"
                               " JOIN ticket t ON t.id = c.ticket WHERE c.resolved IS NULL"_s
            + visible.sql() + u" GROUP BY c.account"_s));
    visible.bind(rows);
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        figuresOf(all, rows.text(0)).conflicts = static_cast<int>(rows.integer(1));
    }
}

} // namespace

Result<QList<SyncFigures>> loadSyncFigures(Connection &connection, const Visibility &visibility)
{
    TIERLINE_TRY(visible, VisibleTickets::load(connection, visibility, u"t"_s, 1));
    QList<SyncFigures> all;
    TIERLINE_CHECK(addOutbox(connection, visible, all));
    TIERLINE_CHECK(addConflicts(connection, visible, all));
    return all;
}

} // namespace tierline::storage
