#include "app/cli/waycommands.h"
#include "core/base/json.h"
#include "core/commands/ways.h"
#include "core/storage/deliveries.h"
#include "core/storage/tickets.h"

#include <QHash>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr int usualNotices = 200;

Result<std::optional<Delivery::State>> noticeState(const QString &word)
{
    QStringList known;
    for (int i = 0; i <= static_cast<int>(Delivery::State::Dropped); ++i) {
        const auto state = static_cast<Delivery::State>(i);
        if (code(state) == word)
            return std::optional(state);
        known.append(code(state));
    }
    if (word.isEmpty())
        return std::optional<Delivery::State>();
    return usageError(
        u"“%1” is no state of a notice: take one of %2."_s.arg(word.left(40), known.join(u", "_s)));
}

Result<int> noticeLimit(const Arguments &args)
{
    if (!args.has(u"--limit"_s))
        return usualNotices;
    bool isNumber = false;
    const int limit = args.value(u"--limit"_s).toInt(&isNumber);
    if (!isNumber || limit < 1 || limit > 1'000'000)
        return usageError(u"--limit takes a whole number from 1 to 1,000,000."_s);
    return limit;
}

QJsonObject noticeJson(const Delivery &one, const QString &ticket)
{
    return { { u"id"_s, one.id }, { u"ticket"_s, ticket }, { u"way"_s, one.way },
        { u"address"_s, orNull(one.address) }, { u"receiver"_s, orNull(one.receiver) },
        { u"act"_s, code(one.act) }, { u"state"_s, code(one.state) }, { u"urgent"_s, one.isUrgent },
        { u"fallback"_s, one.isFallback }, { u"attempts"_s, one.attempts },
        { u"made"_s, one.made.iso() }, { u"sent"_s, orNull(one.sent) },
        { u"next"_s, orNull(one.next) }, { u"error"_s, orNull(one.error) } };
}

Result<Answer> noticesList(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(state, noticeState(args.value(u"--state"_s)));
    TIERLINE_TRY(limit, noticeLimit(args));
    TIERLINE_TRY(desk, env.desk());
    storage::Connection &connection = desk->store().connection();
    storage::DeliveryQuery query {
        .state = state, .limit = limit, .visibility = desk->visibility()
    };
    if (!args.at(0).isEmpty()) {
        TIERLINE_TRY(ticket, storage::findTicket(connection, args.at(0), desk->visibility()));
        query.ticket = ticket;
    }
    TIERLINE_TRY(deliveries, storage::loadDeliveries(connection, query));
    TIERLINE_TRY(total, storage::countDeliveries(connection, query));
    QHash<qint64, QString> keys;
    QJsonArray rows;
    QList<QStringList> lines;
    for (const Delivery &one : deliveries) {
        if (!keys.contains(one.ticket.v)) {
            TIERLINE_TRY(of, storage::loadTicket(connection, one.ticket));
            keys.insert(one.ticket.v, of.ticket.key);
        }
        const QString key = keys.value(one.ticket.v);
        rows.append(noticeJson(one, key));
        lines.append({ one.id, key, one.way, one.address, code(one.act), code(one.state),
            QString::number(one.attempts), one.sent ? one.sent->iso() : QString(),
            one.next ? one.next->iso() : QString(), one.error });
    }
    if (deliveries.empty())
        return Answer { { { u"rows"_s, rows }, { u"total"_s, 0 } },
            u"There is no such notice: none was to reach anybody by a way.\n"_s };
    QString text = table({ u"id"_s, u"ticket"_s, u"way"_s, u"address"_s, u"act"_s, u"state"_s,
                             u"tries"_s, u"sent"_s, u"next"_s, u"why"_s },
        lines);
    if (rows.size() < total)
        text += u"%1 of %2 shown; --limit shows more.\n"_s.arg(rows.size()).arg(total);
    return Answer { { { u"rows"_s, rows }, { u"total"_s, total } }, text };
}

Result<Answer> noticesDrop(Environment &env, const Arguments &args)
{
    TIERLINE_CHECK(changeAsLead(env, commands::DropDelivery { args.at(0) }));
    return Answer { { { u"id"_s, args.at(0) } }, u"Dropped: nobody is told this any more.\n"_s };
}

Result<Answer> noticesRetry(Environment &env, const Arguments &args)
{
    TIERLINE_CHECK(changeAsLead(env, commands::RetryDelivery { args.at(0) }));
    return Answer { { { u"id"_s, args.at(0) } },
        u"It waits again, and goes out as soon as a program that sends is running.\n"_s };
}

} // namespace

QList<Command> noticeCommands()
{
    return {
        { u"notices"_s, u"[TICKET] [--state S] [--limit N]"_s,
            u"what is to reach people by ways, and what became of it"_s,
            { { u"[TICKET]"_s }, { u"--state"_s, u"--limit"_s }, {}, {} }, noticesList },
        { u"notices drop"_s, u"ID"_s, u"what waits is not sent"_s, { { u"ID"_s }, {}, {}, {} },
            noticesDrop },
        { u"notices retry"_s, u"ID"_s, u"what was refused or given up is tried again"_s,
            { { u"ID"_s }, {}, {}, {} }, noticesRetry },
    };
}

} // namespace tierline::cli
