#include "core/commands/clocks_p.h"
#include "core/commands/work_p.h"
#include "core/storage/rewrite.h"

#include <QJsonArray>
#include <QSet>

#include <numeric>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// Tiers are read once an event needs them: most imported tickets never change theirs.
class LazyTiers
{
public:
    explicit LazyTiers(storage::Connection &connection)
        : m_connection(connection)
    {
    }
    Result<const QList<Tier> *> get()
    {
        if (!m_tiers) {
            TIERLINE_TRY(tiers, storage::loadTiers(m_connection));
            m_tiers = std::move(tiers);
        }
        return &*m_tiers;
    }

private:
    storage::Connection &m_connection;
    std::optional<QList<Tier>> m_tiers;
};

/// Places of events in their one order; equal ones keep the source's.
std::vector<size_t> inOrder(const std::vector<Event> &events)
{
    std::vector<size_t> places(events.size());
    std::iota(places.begin(), places.end(), size_t(0));
    const auto earlier = [&](size_t a, size_t b) { return events[a].order < events[b].order; };
    if (!std::is_sorted(places.begin(), places.end(), earlier))
        std::stable_sort(places.begin(), places.end(), earlier);
    return places;
}

void describeTicket(const Ticket &ticket, Event &created)
{
    QJsonObject &data = created.data;
    const auto set = [&](QLatin1StringView name, const QString &value) {
        if (!value.isEmpty())
            data[name] = value;
    };
    set(eventdata::key, ticket.key);
    set(eventdata::subject, ticket.subject);
    set(eventdata::channel, ticket.channel);
    set(eventdata::category, ticket.category);
    set(eventdata::product, ticket.product);
    set(eventdata::type, ticket.type);
    if (ticket.severity)
        data[eventdata::severity] = code(*ticket.severity);
    if (ticket.isComplex)
        data[eventdata::complex] = true;
    if (!ticket.tags.isEmpty())
        data[eventdata::tags] = QJsonArray::fromStringList(ticket.tags);
    if (!ticket.fields.isEmpty()) {
        QJsonObject fields = data.value(eventdata::fields).toObject();
        for (auto field = ticket.fields.begin(); field != ticket.fields.end(); ++field)
            fields[field.key()] = field.value();
        data[eventdata::fields] = fields;
    }
    // Row numbers of the workspace that wrote it mean somebody else here.
    data.remove(eventdata::requester);
    data.remove(eventdata::organization);
    if (!created.tier)
        created.tier = ticket.tier;
    if (!created.team && !ticket.team.isEmpty())
        created.team = ticket.team;
    if (!created.assignee && !ticket.assignee.isEmpty())
        created.assignee = ticket.assignee;
    if (!created.status)
        created.status = ticket.status;
    if (!created.priority)
        created.priority = ticket.priority;
}

/// Finds or makes the people, and names them in the first event.
Result<Done> savePeople(
    storage::WriteScope &scope, History &history, ImportId import, Event &created)
{
    if (!history.organization.name.isEmpty()) {
        TIERLINE_CHECK(storage::saveOrganization(scope, history.organization, import));
        history.requester.organization = history.organization.id;
        created.data[eventdata::organization] = history.organization.id.v;
    }
    if (!history.requester.name.isEmpty() || !history.requester.email.isEmpty()) {
        TIERLINE_CHECK(storage::saveRequester(scope, history.requester));
        created.data[eventdata::requester] = history.requester.id.v;
    }
    return Done {};
}

/// Whether a public reply in an imported thread comes from the tier that the ticket went up to.
bool isReceiving(const Escalation &record, const Event &event)
{
    return event.actorKind == AuthorKind::Agent && event.actor != record.actor
        && event.actor != record.fromAssignee;
}

/// Marks what the fold cannot read from the event alone, freezes its limits, and applies it.
Result<Done> take(TicketState &state, Event &event, const Message *message, LazyTiers &tiers)
{
    const Escalation *record = state.openEscalation();
    if (message && event.kind == EventKind::Message) {
        event.actorKind = message->author;
        if (message->kind == MessageKind::InternalNote)
            event.data[eventdata::internal] = true;
        else if (record && isReceiving(*record, event))
            event.data[eventdata::receiving] = true;
    }
    const bool mayFreeze = record || event.tier || event.kind == EventKind::Flagged
        || event.kind == EventKind::Escalated;
    if (mayFreeze && event.kind != EventKind::Created) {
        TIERLINE_TRY(known, tiers.get());
        escalation::freeze(state, event, *known);
    }
    escalation::apply(state, event);
    return Done {};
}

const Message *messageAt(const History &history, size_t place)
{
    const qint64 index = place < history.messageOf.size() ? history.messageOf[place] : -1;
    return index >= 0 && static_cast<size_t>(index) < history.messages.size()
        ? &history.messages[static_cast<size_t>(index)]
        : nullptr;
}

/// Writes one event with the message that it points to.
Result<Done> append(
    storage::WriteScope &scope, History &history, size_t place, TicketId ticket, bool indexText)
{
    Event &event = history.events[place];
    event.ticket = ticket;
    if (const Message *found = messageAt(history, place)) {
        Message &message = history.messages[static_cast<size_t>(history.messageOf[place])];
        if (!found->id) { // several events may point to one message
            message.ticket = ticket;
            TIERLINE_CHECK(storage::appendMessage(scope, message, indexText));
        }
        event.message = message.id;
    }
    return storage::appendEvent(scope, event);
}

void giveOrders(History &history)
{
    for (Event &event : history.events) {
        if (event.order.ms == 0)
            event.order = event.at;
    }
}

/// Saves a state that was folded from the whole log.
Result<Done> saveFolded(
    storage::WriteScope &scope, const TicketState &before, const TicketState &after)
{
    const size_t shared = std::min(before.escalations.size(), after.escalations.size());
    for (size_t i = 0; i < shared; ++i) {
        if (before.escalations[i].id != after.escalations[i].id)
            return storage::rewriteTicket(scope, before, after);
    }
    if (after.escalations.size() < before.escalations.size())
        return storage::rewriteTicket(scope, before, after);
    return storage::saveTicket(scope, before, after);
}

/// The whole log with what is new in its place, and which places are new.
struct Joined {
    std::vector<Event> events;
    std::vector<qint64> placeInHistory; ///< -1: was there already
};

Joined join(
    const std::vector<Event> &held, const History &history, const std::vector<size_t> &fresh)
{
    Joined joined;
    size_t at = 0;
    const auto takeHeld = [&] {
        joined.events.push_back(held[at++]);
        joined.placeInHistory.push_back(-1);
    };
    for (const size_t place : fresh) {
        // Equal instants: what was there has the smaller number and comes first.
        while (at < held.size() && held[at].order <= history.events[place].order)
            takeHeld();
        joined.events.push_back(history.events[place]);
        joined.placeInHistory.push_back(static_cast<qint64>(place));
    }
    while (at < held.size())
        takeHeld();
    return joined;
}

/// Of a ticket that is not written yet: its events are in the source's places.
Result<Done> placeNextDue(storage::Connection &connection, TicketState &state,
    const History &history, const std::vector<size_t> &places, Instant now)
{
    if (!isWorkable(state.ticket.status) || std::ranges::is_sorted(places))
        return commands::placeNextDue(connection, state, history.events, now);
    std::vector<Event> events;
    for (const size_t place : places)
        events.push_back(history.events[place]);
    return commands::placeNextDue(connection, state, events, now);
}

} // namespace

Result<TicketId> ingest(
    storage::WriteScope &scope, History &history, ImportId import, bool indexText)
{
    if (history.events.empty() || history.events.front().kind != EventKind::Created)
        return Error { .fault = Fault::Bug,
            .detail = u"The history of %1 has no beginning."_s.arg(history.ticket.key) };
    giveOrders(history);
    describeTicket(history.ticket, history.events.front());
    TIERLINE_CHECK(savePeople(scope, history, import, history.events.front()));

    LazyTiers tiers(scope.connection());
    TicketState state;
    state.ticket.key = history.ticket.key;
    const std::vector<size_t> places = inOrder(history.events);
    for (const size_t place : places)
        TIERLINE_CHECK(take(state, history.events[place], messageAt(history, place), tiers));
    TIERLINE_CHECK(placeNextDue(scope.connection(), state, history, places, scope.now()));
    TIERLINE_CHECK(storage::insertTicket(scope, state, import, indexText));
    for (const size_t place : places)
        TIERLINE_CHECK(append(scope, history, place, state.ticket.id, indexText));
    return state.ticket.id;
}

Result<int> merge(storage::WriteScope &scope, TicketId ticket, History &history)
{
    giveOrders(history);
    TIERLINE_TRY(held, storage::loadEvents(scope.connection(), ticket));
    QSet<quint64> known;
    for (const Event &event : held)
        known.insert(event.origin);
    std::vector<size_t> fresh;
    for (const size_t place : inOrder(history.events)) {
        const quint64 origin = history.events[place].origin;
        if (origin != 0 && !known.contains(origin)) {
            known.insert(origin);
            fresh.push_back(place);
        }
    }
    if (fresh.empty())
        return 0;
    if (history.events.front().kind == EventKind::Created) {
        describeTicket(history.ticket, history.events.front());
        TIERLINE_CHECK(savePeople(scope, history, {}, history.events.front()));
    }
    TIERLINE_TRY(before, storage::loadTicket(scope.connection(), ticket));
    // A first walk freezes what is new where it stands; the second one leaves out what was undone.
    LazyTiers tiers(scope.connection());
    Joined joined = join(held, history, fresh);
    TicketState walked;
    walked.ticket.key = before.ticket.key;
    for (size_t i = 0; i < joined.events.size(); ++i) {
        if (joined.placeInHistory[i] < 0) {
            escalation::apply(walked, joined.events[i]);
            continue;
        }
        const auto place = static_cast<size_t>(joined.placeInHistory[i]);
        TIERLINE_CHECK(take(walked, history.events[place], messageAt(history, place), tiers));
        TIERLINE_CHECK(append(scope, history, place, ticket, true));
        joined.events[i] = history.events[place];
    }
    scope.touch(ticket);
    TicketState after = escalation::replay(ticket, joined.events);
    TIERLINE_CHECK(placeNextDue(scope.connection(), after, joined.events, scope.now()));
    TIERLINE_CHECK(saveFolded(scope, before, after));
    return static_cast<int>(fresh.size());
}

Result<bool> rebuild(storage::WriteScope &scope, TicketId ticket)
{
    TIERLINE_TRY(before, storage::loadTicket(scope.connection(), ticket));
    TIERLINE_TRY(events, storage::loadEvents(scope.connection(), ticket));
    TicketState after = escalation::replay(ticket, events);
    TIERLINE_CHECK(placeNextDue(scope.connection(), after, events, scope.now()));
    if (after == before)
        return true;
    scope.touch(ticket);
    TIERLINE_CHECK(saveFolded(scope, before, after));
    return false;
}

} // namespace tierline::commands
