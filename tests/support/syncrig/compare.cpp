#include "tests/support/syncrig/syncrig.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/sync/card.h"
#include "core/sync/echoes.h"

#include <QJsonArray>

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

/// Where what belonged to a ticket stands now.
QString SyncSide::nowIn(QString ticket) const
{
    while (true) {
        const auto there = m_desk.ticketFor(u"9"_s, ticket, false);
        if (there.presence != connectors::Presence::Merged)
            return ticket;
        ticket = there.mergedInto;
    }
}

/// What of ours a message of the desk is.
const SyncSide::Expected *SyncSide::expected(const MessagePicture &there) const
{
    const auto found = std::ranges::find_if(m_expected, [&](const Expected &one) {
        return one.operation == there.operation && one.message.kind == there.kind
            && (one.isCard ? there.text.startsWith(one.message.text) // and what was chosen since
                           : there.text == one.message.text);
    });
    return found == m_expected.end() ? nullptr : &*found;
}

/// Whether somebody decided that the remote never gets it.
bool SyncSide::isKeptBack(const Expected &one)
{
    if (one.isCard)
        return false;
    QSet<qint64> unsent;
    const auto events = must(storage::loadEvents(connection(), idOf(one.ticket)));
    for (const Event &event : events) {
        for (const QJsonValue message : event.data.value(eventdata::unsent).toArray())
            unsent.insert(message.toInteger());
    }
    if (unsent.isEmpty())
        return false;
    const auto messages = must(storage::loadMessages(connection(), idOf(one.ticket)));
    return std::ranges::any_of(events, [&](const Event &event) {
        return event.operation == one.operation && unsent.contains(event.message.v)
            && std::ranges::any_of(messages, [&](const Message &message) {
                   return message.id == event.message && message.kind == one.message.kind
                       && message.text.trimmed() == one.message.text.trimmed();
               });
    });
}

QString SyncSide::wrongMessages(
    const QString &ticket, const TicketPicture &here, const TicketPicture &there)
{
    QStringList sent, arrived; // of this ticket, in order, and of those merged into it
    QStringList sentElsewhere, arrivedElsewhere;
    std::vector<MessagePicture> othersHere, othersThere;
    const auto open = waiting();
    for (const Expected &one : std::as_const(m_expected)) {
        if (open.contains(one.operation) || nowIn(one.ticket) != ticket || isKeptBack(one))
            continue;
        (one.ticket == ticket ? sent : sentElsewhere) += texts({ one.message });
    }
    for (const MessagePicture &message : there.messages) {
        const Expected *ours = expected(message);
        if (ours && !open.contains(ours->operation))
            (ours->ticket == ticket ? arrived : arrivedElsewhere) += texts({ ours->message });
        if (ours && ours->ticket == ticket)
            continue;
        const Expected *theirs = m_other ? m_other->expected(message) : nullptr;
        if (!theirs || !theirs->isCard || theirs->ticket != ticket)
            othersThere.push_back({ message.kind, message.text, {} });
    }
    for (const MessagePicture &message : here.messages) {
        if (!m_queued.contains(message.operation))
            othersHere.push_back({ message.kind, message.text, {} });
    }
    if (hadConflict(ticket)) { // what waited for a choice lets others pass
        sent.sort();
        arrived.sort();
    }
    sentElsewhere.sort();
    arrivedElsewhere.sort();
    QString wrong;
    if (sent != arrived || sentElsewhere != arrivedElsewhere)
        wrong += u"#%1 sent\n  %2\narrived\n  %3\n"_s.arg(ticket,
            (sent + sentElsewhere).join(u"\n  "_s), (arrived + arrivedElsewhere).join(u"\n  "_s));
    // Markers are not shown.
    for (std::vector<MessagePicture> *messages : { &othersHere, &othersThere }) {
        for (MessagePicture &message : *messages) {
            if (message.kind == MessageKind::InternalNote)
                message.text = sync::withoutCard(message.text);
        }
    }
    QStringList linesHere = texts(othersHere), linesThere = texts(othersThere);
    if (m_desk.hasTakenIn(
            ticket)) { // what was said at the same instant in both stands in any order
        linesHere.sort();
        linesThere.sort();
    }
    if (linesHere != linesThere)
        wrong += u"#%1 others here\n  %2\nthere\n  %3\n"_s.arg(
            ticket, linesHere.join(u"\n  "_s), linesThere.join(u"\n  "_s));
    return wrong;
}

QString SyncSide::wrongLog(const QString &ticket)
{
    const TicketId id = idOf(ticket);
    TicketState rows = must(storage::loadTicket(connection(), id));
    // A due time that follows from an agreement is no part of the log.
    escalation::setStageClock(rows);
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
    const auto open = waiting();
    for (const storage::OutboxEntry &entry : open) {
        const auto row = must(storage::remoteOf(connection(), entry.ticket));
        // Of a ticket that one cannot see nobody can know what has arrived.
        const bool isOut = entry.state == OutboxState::Unknown && row && row->presence != 0;
        if (entry.state == OutboxState::Conflict || entry.state == OutboxState::Refused || isOut)
            stopped.insert(entry.ticket.v);
    }
    for (const storage::OutboxEntry &entry : open) {
        if (!stopped.contains(entry.ticket.v))
            wrong += u"%1 (%2) still waits: %3\n"_s.arg(entry.id, entry.kind, entry.error);
    }
    for (const storage::Conflict &conflict : conflicts()) {
        const bool isHeld = std::ranges::any_of(open,
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
