#include "tests/support/syncrig/syncrig.h"

#include "core/escalation/fold.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/sync/card.h"
#include "core/sync/echoes.h"

// The master assertion.

namespace tierline::test {

using namespace Qt::StringLiterals;
using storage::OutboxState;

namespace {

template<typename T>
T must(Result<T> result)
{
    if (!result)
        qFatal("%s", qPrintable(result.error().detail));
    return std::move(*result);
}

QStringList texts(const std::vector<MessagePicture> &messages)
{
    QStringList lines;
    for (const MessagePicture &message : messages)
        lines.append(code(message.kind) + u' ' + message.operation + u' ' + message.text);
    return lines;
}

} // namespace

DeskState SyncSide::state()
{
    DeskState state;
    const auto account = must(storage::findAccount(connection(), m_account));
    const auto map = must(sync::FieldMap::load(connection(), account));
    auto rows = must(connection().prepare(
        "SELECT remote FROM remote_ticket WHERE account = ?1 AND presence = 0"));
    rows.bind(1, m_account);
    QStringList remotes;
    while (must(rows.step()))
        remotes.append(rows.text(0));
    for (const QString &remote : std::as_const(remotes)) {
        const auto row = *must(storage::findRemote(connection(), m_account, remote));
        const Ticket ticket = must(storage::loadTicket(connection(), row.ticket)).ticket;
        TicketPicture &picture = state.tickets[remote];
        picture.fields = saidFields(map.fieldsOf(ticket, row.base));
        QHash<qint64, Message> messages;
        for (const Message &message : must(storage::loadMessages(connection(), row.ticket)))
            messages.insert(message.id.v, message);
        for (const Event &event : must(storage::loadEvents(connection(), row.ticket))) {
            if (event.kind != EventKind::Message || !messages.contains(event.message.v))
                continue;
            const Message &message = messages[event.message.v];
            picture.messages.push_back({ message.kind, message.text, event.operation });
        }
    }
    return state;
}

bool SyncSide::hadConflict(const QString &ticket)
{
    auto row = must(connection().prepare("SELECT count(*) FROM conflict WHERE ticket = ?1"));
    must(row.bind(1, idOf(ticket).v).step());
    return row.integer(0) > 0;
}

QStringList SyncSide::waitingFields(const QString &ticket)
{
    const auto account = must(storage::findAccount(connection(), m_account));
    const auto map = must(sync::FieldMap::load(connection(), account));
    const auto waiting = must(storage::loadOutboxOf(connection(), idOf(ticket)));
    return must(sync::pendingFields(waiting, map)).fields.keys();
}

QString SyncSide::wrongFields(
    const QString &ticket, const TicketPicture &here, const TicketPicture &there)
{
    QString wrong;
    QStringList waits;
    for (const storage::Conflict &conflict :
        must(storage::loadConflicts(connection(), idOf(ticket))))
        waits.append(conflict.field);
    // What an operation that is parked before everybody's eyes would set.
    waits += waitingFields(ticket);
    if (m_other)
        waits += m_other->waitingFields(ticket);
    QStringList names = here.fields.keys();
    for (const QString &name : there.fields.keys()) {
        if (!names.contains(name))
            names.append(name);
    }
    for (const QString &name : std::as_const(names)) {
        if (!waits.contains(name)
            && !sync::isSame(name, here.fields.value(name), there.fields.value(name)))
            wrong += u"#%1 %2: here %3, there %4\n"_s.arg(ticket, name,
                sync::echoValue(name, here.fields.value(name)),
                sync::echoValue(name, there.fields.value(name)));
    }
    if (!wrong.isEmpty())
        wrong += printedLog(ticket);
    return wrong;
}

QString SyncSide::wrongMessages(
    const QString &ticket, const TicketPicture &here, const TicketPicture &there)
{
    std::vector<MessagePicture> wanted, arrived, othersHere, othersThere;
    const auto open = waiting();
    for (const Expected &one : std::as_const(m_expected)) {
        if (one.ticket == ticket && !open.contains(one.operation))
            wanted.push_back(one.message);
    }
    for (const MessagePicture &message : there.messages) {
        if (m_queued.contains(message.operation)) {
            if (!open.contains(message.operation))
                arrived.push_back(message);
            continue;
        }
        othersThere.push_back({ message.kind, message.text, {} });
    }
    for (const MessagePicture &message : here.messages) {
        if (!m_queued.contains(message.operation))
            othersHere.push_back({ message.kind, message.text, {} });
    }
    QStringList sent = texts(wanted), there2 = texts(arrived);
    if (hadConflict(ticket)) { // what waited for a choice lets others pass
        sent.sort();
        there2.sort();
    }
    QString wrong;
    if (sent != there2)
        wrong += u"#%1 sent\n  %2\narrived\n  %3\n"_s.arg(
            ticket, sent.join(u"\n  "_s), there2.join(u"\n  "_s));
    // Cards of other workspaces are no messages here, and their markers are not shown.
    const auto plain = [](std::vector<MessagePicture> &messages) {
        for (MessagePicture &message : messages) {
            if (message.kind == MessageKind::InternalNote)
                message.text = sync::withoutCard(message.text);
        }
    };
    plain(othersHere);
    plain(othersThere);
    std::erase_if(othersThere, [&](const MessagePicture &one) {
        return one.kind == MessageKind::InternalNote && m_otherCards.contains(one.text);
    });
    if (texts(othersHere) != texts(othersThere))
        wrong += u"#%1 others here\n  %2\nthere\n  %3\n"_s.arg(
            ticket, texts(othersHere).join(u"\n  "_s), texts(othersThere).join(u"\n  "_s));
    return wrong;
}

QString SyncSide::wrongLog(const QString &ticket)
{
    const TicketId id = idOf(ticket);
    const TicketState rows = must(storage::loadTicket(connection(), id));
    if (const QString unsound = escalation::inconsistency(rows); !unsound.isEmpty())
        return u"#%1: %2\n"_s.arg(ticket, unsound);
    return escalation::replay(id, must(storage::loadEvents(connection(), id))) == rows
        ? QString()
        : u"#%1: the log says something else than the rows\n"_s.arg(ticket);
}

QString SyncSide::printedLog(const QString &ticket)
{
    QString text;
    for (const Event &event : must(storage::loadEvents(connection(), idOf(ticket)))) {
        text += u"  %1 %2 by %3 [%4]"_s.arg(event.order.ms)
                    .arg(code(event.kind), event.actor, event.operation.left(4));
        if (event.tier)
            text += u" tier="_s + *event.tier + u'/' + event.team.value_or(u"-"_s);
        if (event.assignee)
            text += u" assignee="_s + *event.assignee;
        if (event.status)
            text += u" status="_s + code(*event.status);
        if (event.priority)
            text += u" priority="_s + code(*event.priority);
        text += u'\n';
    }
    return text;
}

QString SyncSide::wrongOutbox()
{
    QString wrong;
    QSet<qint64> stopped; // tickets with something that waits for a person
    for (const storage::OutboxEntry &entry : waiting()) {
        if (entry.state == OutboxState::Conflict || entry.state == OutboxState::Refused)
            stopped.insert(entry.ticket.v);
    }
    for (const storage::OutboxEntry &entry : waiting()) {
        if (!stopped.contains(entry.ticket.v))
            wrong += u"%1 (%2) still waits: %3\n"_s.arg(entry.id, entry.kind, entry.error);
    }
    for (const storage::Conflict &conflict : conflicts()) {
        const bool isHeld = std::ranges::any_of(waiting(),
            [&](const storage::OutboxEntry &entry) { return entry.ticket == conflict.ticket; });
        if (!isHeld)
            wrong += u"a conflict of %1 with nothing to choose for\n"_s.arg(conflict.field);
    }
    return wrong;
}

bool SyncSide::isSettled()
{
    return wrongOutbox().isEmpty();
}

void SyncSide::know(SyncSide &other)
{
    m_other = &other;
    for (const Expected &one : other.m_expected) {
        if (one.isCard)
            m_otherCards.append(sync::withoutCard(one.message.text));
    }
}

QString SyncSide::wrong()
{
    QString wrong = wrongOutbox();
    if (m_last.error)
        wrong += u"the last round: "_s + m_last.error->detail + u'\n';
    const DeskState here = state();
    const DeskState there = m_desk.state(m_options.user);
    for (const auto &[id, ticket] : there.tickets) {
        const auto held = here.tickets.find(id);
        if (held == here.tickets.end()) {
            wrong += u"#%1 is missing\n"_s.arg(id);
            continue;
        }
        wrong += wrongFields(id, held->second, ticket) + wrongMessages(id, held->second, ticket)
            + wrongLog(id);
    }
    for (const auto &[id, ticket] : here.tickets) {
        if (!there.tickets.contains(id))
            wrong += u"#%1 is not there any more\n"_s.arg(id);
    }
    return wrong;
}

} // namespace tierline::test
