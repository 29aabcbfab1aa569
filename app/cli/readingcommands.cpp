#include "app/cli/command.h"

#include "core/commands/agreements.h"
#include "core/desk/clockjson.h"
#include "core/desk/reading.h"
#include "core/handoff/draw.h"
#include "core/storage/people.h"
#include "core/storage/search.h"
#include "core/storage/tickets.h"

#include <QJsonDocument>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}

QJsonObject rowJson(const storage::QueueRow &row, Instant now)
{
    const bool isLate = row.due && now >= *row.due;
    return { { u"id"_s, row.key }, { u"tier"_s, row.tier }, { u"team"_s, orNull(row.team) },
        { u"priority"_s, code(row.priority) }, { u"status"_s, code(row.status) },
        { u"subject"_s, row.subject }, { u"customer"_s, orNull(row.customer) },
        { u"plan"_s, orNull(row.plan) },
        { u"health"_s, row.health ? QJsonValue(*row.health) : QJsonValue() },
        { u"reason"_s, orNull(row.reason) }, { u"clock"_s, orNull(row.clock) },
        { u"due"_s, row.due ? QJsonValue(row.due->iso()) : QJsonValue() },
        { u"overdue_s"_s,
            row.due ? QJsonValue(isLate ? static_cast<qint64>((now - *row.due).count() / 1000) : 0)
                    : QJsonValue() },
        { u"assignee"_s, orNull(row.assignee) }, { u"sync"_s, code(row.sync) } };
}

/// What people need to hear of it: that all is well needs no word.
QString syncWord(const storage::QueueRow &row)
{
    return row.sync > storage::SyncStand::Synced ? code(row.sync) : QString();
}

QStringList rowCells(const storage::QueueRow &row, Instant now)
{
    return { row.key, row.tier, row.team, code(row.priority), row.subject, row.customer, row.plan,
        row.health ? QString::number(*row.health) : QString(), row.reason, row.clock,
        dueText(
            row.due ? std::optional(static_cast<qint64>((*row.due - now).count())) : std::nullopt),
        syncWord(row) };
}

const QStringList queueHeader { u"id"_s, u"tier"_s, u"team"_s, u"priority"_s, u"subject"_s,
    u"customer"_s, u"plan"_s, u"health"_s, u"why"_s, u"clock"_s, u"due"_s, u"sync"_s };

Result<int> readLimit(const Arguments &args, int otherwise)
{
    if (!args.has(u"--limit"_s))
        return otherwise;
    bool isNumber = false;
    const int limit = args.value(u"--limit"_s).toInt(&isNumber);
    if (!isNumber || limit < 1 || limit > 1'000'000)
        return usageError(u"--limit takes a whole number from 1 to 1,000,000."_s);
    return limit;
}

Result<Answer> queue(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(limit, readLimit(args, 50));
    storage::QueueQuery query { .tier = args.value(u"--tier"_s), .team = args.value(u"--team"_s) };
    if (!query.tier.isEmpty())
        TIERLINE_CHECK(storage::findTier(store->connection(), query.tier));
    if (!query.team.isEmpty()) {
        TIERLINE_TRY(teams, storage::loadTeams(store->connection()));
        const bool isKnown = std::any_of(teams.cbegin(), teams.cend(),
            [&](const Team &t) { return t.name == query.team && desk->visibility().sees(t.name); });
        if (!isKnown)
            return notFound(u"There is no team “%1”; `team list` shows them."_s.arg(query.team));
    }
    TIERLINE_TRY(rows, storage::firstRows(store->connection(), query, desk->visibility(), limit));
    TIERLINE_TRY(total, storage::countQueue(store->connection(), query, desk->visibility()));
    const Instant now = env.clock().now();
    QJsonArray json;
    QList<QStringList> lines;
    for (const storage::QueueRow &row : rows) {
        json.append(rowJson(row, now));
        lines.append(rowCells(row, now));
    }
    QString text
        = lines.isEmpty() ? u"Nothing is waiting here.\n"_s : table(queueHeader, lines, 36);
    if (total > lines.size())
        text += u"%1 of %2 shown; --limit shows more.\n"_s.arg(lines.size()).arg(total);
    return Answer { { { u"rows"_s, json }, { u"total"_s, total } }, text };
}

/// How many tickets a search finds: exact up to ten thousand, null beyond it.
Result<QJsonValue> countFound(Environment &env, storage::Store &store, const desk::Desk &desk,
    const QString &typed, const storage::SearchPage &page)
{
    constexpr int maxCounted = 10'000;
    if (page.isComplete || !env.isJson())
        return QJsonValue(static_cast<qint64>(page.hits.size()));
    TIERLINE_TRY(all,
        desk::search(store.connection(), typed, desk.visibility(), maxCounted, env.clock().now()));
    return all.isComplete ? QJsonValue(static_cast<qint64>(all.hits.size())) : QJsonValue();
}

Result<Answer> search(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(limit, readLimit(args, 50));
    const QString typed = args.positionals().join(u' ');
    TIERLINE_TRY(page,
        desk::search(store->connection(), typed, desk->visibility(), limit, env.clock().now()));
    const Instant now = env.clock().now();
    QJsonArray json;
    QList<QStringList> lines;
    for (const storage::SearchHit &hit : page.hits) {
        QString snippet = hit.snippet;
        snippet.remove(QChar(2)).remove(QChar(3));
        QJsonObject row = rowJson(hit.row, now);
        row.insert(u"snippet"_s, snippet);
        json.append(row);
        lines.append({ hit.row.key, hit.row.tier, code(hit.row.status), hit.row.subject,
            hit.row.customer, snippet });
    }
    QString text = lines.isEmpty()
        ? u"Nothing found.\n"_s
        : table({ u"id"_s, u"tier"_s, u"status"_s, u"subject"_s, u"customer"_s, u"found"_s }, lines,
            48);
    if (!page.isComplete)
        text += u"The newest %1 are shown; --limit shows more.\n"_s.arg(lines.size());
    TIERLINE_TRY(total, countFound(env, *store, *desk, typed, page));
    return Answer { { { u"rows"_s, json }, { u"total"_s, total } }, text };
}

/// One line on how a ticket stands at its helpdesk; nothing where it is only here.
QString syncText(const desk::RemoteSide &side)
{
    if (side.isLocal())
        return {};
    QStringList said;
    using Presence = desk::RemoteSide::Presence;
    switch (side.presence) {
    case Presence::There: break;
    case Presence::Deleted: said << u"has deleted this ticket"_s; break;
    case Presence::Merged: said << u"has merged this ticket into %1"_s.arg(side.mergedInto); break;
    case Presence::Hidden: said << u"no longer shows us this ticket"_s; break;
    case Presence::Gone: said << u"no longer knows this ticket"_s; break;
    }
    QStringList fields;
    for (const desk::Disagreement &one : side.disagreements)
        fields << one.field;
    if (!fields.isEmpty())
        said << u"has another value for %1 (`conflict list`)"_s.arg(fields.join(u", "_s));
    qsizetype waiting = 0;
    for (const desk::WaitingChange &change : side.waiting) {
        if (change.state == storage::OutboxState::Refused)
            said << u"refused a change (`outbox list`): %1"_s.arg(
                change.error.endsWith(u'.') ? change.error.chopped(1) : change.error);
        else
            ++waiting;
    }
    if (waiting > 0)
        said << u"has not heard of %1 %2 yet"_s.arg(waiting).arg(
            waiting == 1 ? u"change"_s : u"changes"_s);
    if (said.isEmpty())
        said << u"has heard of everything"_s;
    return u"%1 %2\n"_s.arg(side.account, said.join(u"; "_s));
}

QString threadText(const desk::TicketDetails &d)
{
    QString text;
    const QSet<qint64> unsent = d.unsent();
    for (const Message &m : d.messages) {
        const QString kind = m.kind == MessageKind::InternalNote ? u" (internal note)"_s
            : m.kind == MessageKind::BotTurn                     ? u" (bot)"_s
                                                                 : QString();
        text += u"\n%1 %2%3%4\n"_s.arg(m.at.iso(), m.authorName, kind,
            unsent.contains(m.id.v) ? u" (given up, never sent)"_s : QString());
        for (const QString &line : m.text.split(u'\n'))
            text += u"    "_s + line + u'\n';
    }
    return text;
}

/// What can still be met, the nearest first.
QString clocksText(const std::vector<sla::TicketClock> &clocks, Instant now)
{
    QString text;
    for (const sla::TicketClock &clock : desk::inOrder(clocks)) {
        if (!clock.isOpen())
            continue;
        const auto due = clock.reading.due;
        text += u"%1 %2, %3\n"_s.arg(sla::code(clock.kind), sla::code(clock.reading.state),
            dueText(due ? std::optional(static_cast<qint64>((*due - now).count())) : std::nullopt));
    }
    return text;
}

/// Every clock under what is agreed, then the limits of the escalation's stages.
QJsonArray before(QJsonArray agreed, const QJsonArray &stages)
{
    for (const QJsonValue &stage : stages)
        agreed.append(stage);
    return agreed;
}

Result<Answer> ticketShow(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(details, desk::loadDetails(store->connection(), args.at(0), desk->visibility()));
    TIERLINE_TRY(side,
        desk::loadRemoteSide(store->connection(), desk->visibility(), details.state.ticket.id));
    const Ticket &t = details.state.ticket;
    const Instant now = env.clock().now();
    QString text = u"%1  %2\n%3, %4 priority, %5%6%7\n"_s.arg(t.key, t.subject, code(t.status),
        code(t.priority), t.tier, t.team.isEmpty() ? QString() : u" "_s + t.team,
        t.assignee.isEmpty() ? u", nobody has it"_s : u", "_s + t.assignee);
    text += u"%1 <%2>%3\n"_s.arg(details.requester.name, details.requester.email,
        details.organization.name.isEmpty() ? QString() : u", "_s + details.organization.name);
    if (t.due)
        text += u"%1 %2\n"_s.arg(t.clock, dueText(static_cast<qint64>((*t.due - now).count())));
    if (!t.reason.isEmpty())
        text += u"Escalated because: %1\n"_s.arg(t.reason);
    text += syncText(side);
    TIERLINE_TRY(clocks, commands::loadClocks(store->connection(), t, now));
    text += clocksText(clocks, now);
    text += threadText(details);
    QJsonObject document = desk::toJson(details, side, now);
    document[u"clocks"_s] = before(desk::toJson(clocks), document[u"clocks"_s].toArray());
    return Answer { document, printable(text) };
}

Result<Answer> handoffShow(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    const QString format = env.isJson() ? u"json"_s : args.value(u"--format"_s, u"text"_s);
    TIERLINE_TRY(id, storage::findTicket(store->connection(), args.at(0), desk->visibility()));
    TIERLINE_TRY(handoff, storage::loadHandoff(store->connection(), id));
    if (format == u"json")
        return Answer { handoff.document,
            QString::fromUtf8(QJsonDocument(handoff.document).toJson()), 0, true };
    if (format == u"html")
        return Answer { handoff.document, handoff::asHtml(handoff), 0, true };
    if (format == u"markdown")
        return Answer { handoff.document, handoff::asMarkdown(handoff) + u'\n', 0, true };
    if (format == u"text")
        return Answer { handoff.document, printable(handoff::asText(handoff)) + u'\n' };
    return usageError(u"“%1” is no format; one of: json, html, text, markdown."_s.arg(format));
}

} // namespace

QList<Command> readingCommands()
{
    return {
        { u"queue"_s, u"[--tier T] [--team T] [--limit N]"_s, u"tickets in the order of work"_s,
            { {}, { u"--tier"_s, u"--team"_s, u"--limit"_s }, {}, {} }, queue },
        { u"ticket show"_s, u"ID"_s, u"everything about one ticket"_s, { { u"ID"_s }, {}, {}, {} },
            ticketShow },
        { u"search"_s, u"QUERY… [--limit N]"_s,
            u"full text with filters such as tier:L2 is:open -tag:spam"_s,
            { { u"QUERY…"_s }, { u"--limit"_s }, {}, {}, true }, search },
        { u"handoff show"_s, u"ID [--format json|html|text|markdown]"_s,
            u"the newest package of a ticket"_s, { { u"ID"_s }, { u"--format"_s }, {}, {} },
            handoffShow },
    };
}

} // namespace tierline::cli
