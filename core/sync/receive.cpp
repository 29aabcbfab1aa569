#include "core/sync/receiver_p.h"

#include "core/escalation/eventdata.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/sync/card.h"
#include "core/sync/echoes.h"
#include "core/sync/ownlog.h"

#include <QJsonArray>

namespace tierline::sync {

using namespace Qt::StringLiterals;
namespace field = connectors::field;

Result<Received> Receiver::run()
{
    TIERLINE_CHECK(load());
    if (!m_row) {
        // What never was here and is not there (any more) needs no row.
        if (m_remote.presence != Presence::There)
            return m_received;
        begin();
    }
    for (const RemoteEntry &entry : m_remote.entries)
        TIERLINE_CHECK(takeEntry(entry));
    if (m_remote.presence == Presence::There) {
        TIERLINE_CHECK(settleFields());
    } else {
        takePresence();
    }
    TIERLINE_CHECK(write());
    return m_received;
}

Result<Done> Receiver::load()
{
    TIERLINE_TRY(row, storage::findRemote(m_scope.connection(), m_account, m_remote.id));
    m_row = row;
    if (!m_row)
        return Done {};
    m_received.ticket = m_row->ticket;
    m_base = m_baseBefore = m_row->base;
    TIERLINE_TRY(open, storage::loadConflicts(m_scope.connection(), m_row->ticket));
    m_open = std::move(open);
    return reloadPending();
}

Result<Done> Receiver::reloadPending()
{
    TIERLINE_TRY(waiting, storage::loadOutboxOf(m_scope.connection(), m_row->ticket));
    TIERLINE_TRY(pending, pendingFields(waiting, m_map));
    m_pending = std::move(pending);
    return Done {};
}

void Receiver::begin()
{
    m_received.isNew = true;
    QJsonObject first = m_remote.fields;
    for (auto at = m_remote.fieldsAtCreation.begin(); at != m_remote.fieldsAtCreation.end(); ++at)
        first[at.key()] = at.value();

    Event created { .at = ours(m_remote.created), .kind = EventKind::Created };
    created.actor = u"customer"_s;
    created.actorKind = AuthorKind::Customer;
    created.origin = originOf(m_account, u"created:"_s + m_remote.id);
    m_map.apply(first, created);
    Ticket &ticket = m_history.ticket;
    ticket.key = keyOf(m_account, m_remote.id);
    ticket.subject = first.value(field::subject).toString();
    ticket.channel = m_remote.channel;
    ticket.created = created.at;
    ticket.tier = created.tier.value_or(m_map.placeOf({}).tier);
    ticket.team = created.team.value_or(QString());
    ticket.assignee = created.assignee.value_or(QString());
    m_history.requester.name
        = m_remote.requester.name.isEmpty() ? m_remote.requester.id : m_remote.requester.name;
    m_history.requester.email = m_remote.requester.email;
    m_history.organization.name = m_remote.organization;
    add(std::move(created));
}

Result<Done> Receiver::takeEntry(const RemoteEntry &entry)
{
    TIERLINE_TRY(known, storage::findEntry(m_scope.connection(), m_account, entry.id));
    const bool isRepeated
        = std::ranges::any_of(m_entries, [&](const Entry &taken) { return taken.id == entry.id; });
    if (isRepeated)
        return Done {};
    if (!known)
        return entry.message ? takeMessage(entry) : takeFields(entry);
    if (m_row && known->ticket == m_row->ticket)
        return Done {};
    // It came with another ticket that was merged into this one: what was said there belongs here, what
    // was set there was never set here.
    if (entry.message)
        takeWords(entry);
    else
        m_entries.push_back({ entry.id, {}, entry.at });
    return Done {};
}

Result<Done> Receiver::takeMessage(const RemoteEntry &entry)
{
    if (m_row) {
        TIERLINE_TRY(
            own, ownOperation(m_scope, m_account, m_row->ticket, m_map.account().myId(), entry));
        if (!own.isEmpty()) {
            // At once: the next entry of this page may be a copy.
            TIERLINE_CHECK(
                storage::rememberEntry(m_scope, m_account, entry.id, m_row->ticket, own, entry.at));
            TIERLINE_CHECK(noteReached(m_scope, m_account, m_row->ticket, own, ours(entry.at)));
            return reloadPending();
        }
    }
    TIERLINE_TRY(isCard, takeCard(entry));
    if (!isCard)
        takeWords(entry);
    return Done {};
}

/// A message of somebody: one more in the thread.
void Receiver::takeWords(const RemoteEntry &entry)
{
    const RemoteEntry::Text &text = *entry.message;
    Message message { .at = ours(entry.at),
        .kind = text.kind,
        .author = entry.author.isAgent ? AuthorKind::Agent : AuthorKind::Customer,
        .authorName
        = entry.author.isAgent ? m_map.agentOf(entry.author.id) : m_map.nameOf(entry.author),
        .text = text.text,
        .html = text.html };
    if (text.kind == MessageKind::InternalNote && !markedOperation(text.text).isEmpty())
        message.text = withoutCard(text.text);
    if (text.isShortened)
        message.text += u"\n\n[Shortened: the whole text is in “%1”.]"_s.arg(m_account);
    for (const connectors::RemoteFile &file : text.files)
        m_files.push_back({ m_history.messages.size(), file });
    m_history.messages.push_back(std::move(message));
    m_entries.push_back({ entry.id, {}, entry.at });
    ++m_received.messages;
    add(eventOf(entry, EventKind::Message), static_cast<qint64>(m_history.messages.size()) - 1);
}

Result<bool> Receiver::takeCard(const RemoteEntry &entry)
{
    const auto card = cardOf(entry, m_map.clockOffset());
    if (!card) {
        m_received.problems.append(
            u"%1: %2"_s.arg(keyOf(m_account, m_remote.id), card.error().detail));
        return false; // shown as the note that it also is
    }
    if (!*card)
        return false;
    TIERLINE_TRY(agents, storage::loadAgents(m_scope.connection()));
    TIERLINE_TRY(tiers, storage::loadTiers(m_scope.connection()));
    const auto isAgent = [&](const QString &id) {
        return std::ranges::any_of(agents, [&](const Agent &agent) { return agent.id == id; });
    };
    const Card &found = **card;
    if (!found.ticket.isEmpty() && found.ticket != m_remote.id)
        return false; // copied from another ticket, or merged with it
    // A copy of what is known already, by whoever: a note like any other.
    bool isCopy = std::ranges::any_of(
        m_history.events, [&](const Event &event) { return event.operation == found.operation; });
    if (m_row && !isCopy) {
        TIERLINE_TRY(
            isHeld, storage::hasOperation(m_scope.connection(), m_row->ticket, found.operation));
        isCopy = isHeld;
    }
    if (isCopy)
        return false;
    const FieldMap::Place place = m_map.placeOf(found.sets.value(field::place).toString());
    // Ids of agents are each workspace's own: they mean somebody here only where the sign-in is ours too.
    const bool isOwnSignIn = entry.author.id == m_map.account().myId();
    int index = 0;
    for (Event event : found.events) {
        event.order = event.at;
        event.actor
            = isOwnSignIn && isAgent(found.actor) ? found.actor : m_map.agentOf(entry.author.id);
        event.actorKind = AuthorKind::Agent;
        event.operation = found.operation;
        event.origin = originOf(m_account, u"%1:%2"_s.arg(found.operation).arg(index++));
        const bool hasTier = event.tier
            && std::ranges::any_of(tiers, [&](const Tier &tier) { return tier.id == *event.tier; });
        if (event.tier && !hasTier) {
            event.tier = place.tier;
            event.team = place.team;
        }
        if (event.assignee && !event.assignee->isEmpty() && !isAgent(*event.assignee))
            event.assignee = m_map.agentOf(found.sets.value(field::owner).toString());
        if (event.kind == EventKind::Undone) {
            m_undone.push_back(std::move(event));
            continue;
        }
        if (event.kind == EventKind::Escalated && !found.package.isEmpty())
            m_packages.push_back({ event.data.value(eventdata::escalation)
                                       .toObject()
                                       .value(eventdata::id)
                                       .toString(),
                event.at, found.package });
        add(std::move(event));
    }
    for (auto at = found.sets.begin(); at != found.sets.end(); ++at) {
        m_expected.append({ .operation = found.operation,
            .field = at.key(),
            .value = echoValue(at.key(), at.value()),
            .author = entry.author.id,
            .at = entry.at });
    }
    m_entries.push_back({ entry.id, found.operation, entry.at });
    return true;
}

Result<Done> Receiver::takeFields(const RemoteEntry &entry)
{
    QJsonObject fields = entry.fields;
    QString operation;
    if (m_row) {
        TIERLINE_TRY(own, takeEchoes(m_scope, m_account, m_row->ticket, entry, fields));
        operation = own.operation;
        for (auto at = own.arrived.begin(); at != own.arrived.end(); ++at)
            m_base[at.key()] = normalised(at.key(), at.value());
        if (!own.arrived.isEmpty())
            TIERLINE_CHECK(reloadPending());
    }
    // What a Tierline elsewhere set with a note that came in this same page.
    for (qsizetype i = m_expected.size() - 1; i >= 0; --i) {
        const storage::Echo &echo = m_expected[i];
        if (echo.author == entry.author.id && fields.contains(echo.field)
            && echo.value == echoValue(echo.field, fields.value(echo.field))) {
            operation = echo.operation;
            fields.remove(echo.field);
            m_expected.removeAt(i);
        }
    }
    m_entries.push_back({ entry.id, operation, entry.at });
    if (m_row && !operation.isEmpty()) {
        TIERLINE_TRY(undo, undoStandIn(m_scope.connection(), m_account, m_row->ticket, operation));
        if (undo) {
            undo->at = ours(entry.at);
            undo->origin = originOf(m_account, u"stand-in:"_s + entry.id);
            add(std::move(*undo));
        }
    }
    // What waits to be sent is not overwritten here: settleFields() decides.
    for (const QString &name : fields.keys()) {
        if (m_pending.fields.contains(name)) {
            m_lastChange[name] = entry;
            fields.remove(name);
        }
    }
    if (fields.isEmpty())
        return Done {};
    Event event
        = eventOf(entry, fields.contains(field::place) ? EventKind::Moved : EventKind::Changed);
    m_map.apply(fields, event);
    const QString scoreField = m_map.account().options.value("csat_field"_L1).toString();
    const int score = fields.value(field::custom + scoreField).toString().toInt();
    add(event);
    if (!scoreField.isEmpty() && score >= 1 && score <= 5) {
        Event csat = eventOf(entry, EventKind::Csat);
        csat.actor = u"customer"_s;
        csat.actorKind = AuthorKind::Customer;
        csat.origin = originOf(m_account, u"csat:"_s + entry.id);
        csat.data[eventdata::score] = score;
        add(std::move(csat));
    }
    return Done {};
}

Event Receiver::eventOf(const RemoteEntry &entry, EventKind kind) const
{
    Event event { .at = ours(entry.at), .kind = kind };
    event.actorKind = entry.author.isAgent ? AuthorKind::Agent : AuthorKind::Customer;
    event.actor = entry.author.isAgent ? m_map.agentOf(entry.author.id) : u"customer"_s;
    event.origin = originOf(m_account, u"entry:"_s + entry.id);
    return event;
}

void Receiver::add(Event event, qint64 message)
{
    if (event.order.ms == 0)
        event.order = event.at;
    m_history.events.push_back(std::move(event));
    m_history.messageOf.push_back(message);
}

/// Adds to a ticket that is there already.
Result<Done> Receiver::merge(commands::History &history)
{
    if (history.events.empty())
        return Done {};
    history.ticket.key = keyOf(m_account, m_remote.id);
    TIERLINE_TRY(fresh, commands::merge(m_scope, m_received.ticket, history));
    m_received.events += fresh;
    return Done {};
}

/// Undos come after what they undo, which may have come in the same page.
Result<Done> Receiver::writeUndone()
{
    for (Event &event : m_undone) {
        TIERLINE_CHECK(nameUndone(m_scope.connection(), m_received.ticket, event));
        commands::History history;
        history.events.push_back(std::move(event));
        history.messageOf.push_back(-1);
        TIERLINE_CHECK(merge(history));
    }
    return Done {};
}

/// The ticket that goes on for both says in its own log that this one came in.
Result<Done> Receiver::tellHeir()
{
    TIERLINE_TRY(heir, storage::findRemote(m_scope.connection(), m_account, m_remote.mergedInto));
    if (!heir || heir->ticket == m_received.ticket)
        return Done {};
    const QString key = keyOf(m_account, m_remote.id);
    TIERLINE_TRY(state, storage::loadTicket(m_scope.connection(), heir->ticket));
    Event event { .at = *m_mergedAt,
        .order = *m_mergedAt,
        .kind = EventKind::Changed,
        .actor = m_account,
        .actorKind = AuthorKind::System,
        .note = u"%1 was merged into this ticket."_s.arg(key),
        .data = { { eventdata::mergedFrom, key } } };
    event.origin = originOf(m_account, u"merged:"_s + m_remote.id);
    commands::History history { .ticket = state.ticket };
    history.events.push_back(std::move(event));
    history.messageOf.push_back(-1);
    TIERLINE_CHECK(commands::merge(m_scope, heir->ticket, history));
    return Done {};
}

Result<Done> Receiver::write()
{
    if (!m_row) {
        // Under a key of this account there may be an imported ticket: it keeps its own history.
        TIERLINE_TRY(made, commands::ingest(m_scope, m_history, {}, true));
        m_received.ticket = made;
        m_received.events = static_cast<int>(m_history.events.size());
        m_scope.touch(made);
    } else {
        TIERLINE_CHECK(merge(m_history));
    }
    TIERLINE_CHECK(writeUndone());
    const TicketId ticket = m_received.ticket;
    for (const Entry &entry : m_entries)
        TIERLINE_CHECK(storage::rememberEntry(
            m_scope, m_account, entry.id, ticket, entry.operation, entry.at));
    for (const storage::Echo &echo : m_expected)
        TIERLINE_CHECK(storage::expectEcho(m_scope, m_account, ticket, echo));
    for (const storage::Conflict &conflict : m_conflicts)
        TIERLINE_CHECK(storage::saveConflict(m_scope, conflict));
    if (m_remote.presence == Presence::There)
        TIERLINE_CHECK(showThere());
    TIERLINE_CHECK(writePackages());
    for (const File &file : m_files) {
        const Message &message = m_history.messages[file.message];
        if (!message.id)
            continue; // the thread had it
        if (file.file.bytes) {
            Attachment attachment {
                .message = message.id, .name = file.file.name, .contentType = file.file.contentType
            };
            TIERLINE_CHECK(storage::appendAttachment(m_scope, attachment, *file.file.bytes));
            continue;
        }
        storage::RemoteFileRow row { .account = m_account,
            .remote = file.file.id,
            .message = message.id,
            .name = file.file.name,
            .contentType = file.file.contentType,
            .size = file.file.size };
        TIERLINE_CHECK(storage::insertRemoteFile(m_scope, row));
    }
    const bool isThere = m_remote.presence == Presence::There;
    storage::RemoteRow row { .account = m_account,
        .remote = m_remote.id,
        .ticket = ticket,
        .version = isThere || !m_row ? m_remote.version : m_row->version,
        .base = m_base,
        .updated = m_row ? qMax(m_row->updated, m_remote.updated) : m_remote.updated,
        .presence = static_cast<int>(m_remote.presence),
        .mergedInto = m_remote.mergedInto,
        .link = m_remote.link };
    if (!m_row || *m_row != row)
        TIERLINE_CHECK(storage::saveRemote(m_scope, row));
    if (m_mergedAt)
        TIERLINE_CHECK(tellHeir());
    return settleConflicts(m_scope, ticket, m_settled);
}

Result<Done> Receiver::writePackages()
{
    if (m_packages.empty())
        return Done {};
    TIERLINE_TRY(state, storage::loadTicket(m_scope.connection(), m_received.ticket));
    for (const Package &package : m_packages) {
        // Two may have escalated the same flagged ticket, or one move met a state in which it is none:
        // both packages stay, with the record that stands.
        QString heir;
        for (const Escalation &record : state.escalations) {
            if (record.id == package.escalation) {
                heir = record.id;
                break;
            }
            if (heir.isEmpty() || record.opened <= package.frozen)
                heir = record.id;
        }
        if (heir.isEmpty())
            continue;
        TIERLINE_TRY(version, storage::handoffVersion(m_scope.connection(), heir));
        TIERLINE_CHECK(storage::insertHandoff(m_scope,
            { .escalation = heir,
                .ticket = m_received.ticket,
                .version = version + 1,
                .frozen = package.frozen,
                .document = package.document }));
    }
    return Done {};
}

QString keyOf(const QString &account, const QString &remoteId)
{
    return account + u':' + remoteId;
}

Result<Received> receive(storage::WriteScope &scope, const FieldMap &map, RandomSource &random,
    const RemoteTicket &ticket)
{
    return Receiver(scope, map, random, ticket).run();
}

} // namespace tierline::sync
