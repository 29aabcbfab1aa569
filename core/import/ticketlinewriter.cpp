#include "core/import/ticketlinewriter_p.h"

#include <QHash>
#include <QJsonArray>
#include <QSet>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

/// Fields of a ticket that are no custom fields, though an event can name both.
const QStringList ownFields { u"subject"_s, u"category"_s, u"product"_s, u"type"_s, u"severity"_s,
    u"complex"_s, u"tags"_s };

void put(QJsonObject &object, const QString &key, const QString &value)
{
    if (!value.isEmpty())
        object[key] = value;
}

/// One entry of "messages" or "events", and where it stood.
struct TimedEntry {
    QJsonObject object;
    Instant order;
    bool isMessage = false;
    int place = 0;
};

/// The event as it stood in the log.
QJsonObject logOf(const Event &event)
{
    QJsonObject log { { u"kind"_s, code(event.kind) } };
    log[u"actor"_s] = event.actor;
    log[u"actor_kind"_s] = code(event.actorKind);
    put(log, u"tier"_s, event.tier.value_or(QString()));
    if (event.team)
        log[u"team"_s] = *event.team;
    if (event.assignee)
        log[u"assignee"_s] = *event.assignee;
    if (event.status)
        log[u"status"_s] = code(*event.status);
    if (event.priority)
        log[u"priority"_s] = code(*event.priority);
    put(log, u"note"_s, event.note);
    QJsonObject data = event.data;
    data.remove(u"requester"_s); // row numbers of this workspace
    data.remove(u"organization"_s);
    if (!data.isEmpty())
        log[u"data"_s] = data;
    put(log, u"operation"_s, event.operation);
    if (event.order != event.at)
        log[u"order"_s] = event.order.iso();
    return log;
}

/// What a message's event looks like where nothing is special about it.
bool isPlainMessage(const Event &event, const Message &message)
{
    QJsonObject data;
    if (message.kind == MessageKind::InternalNote)
        data[u"internal"_s] = true;
    const QString actor
        = message.author == AuthorKind::Customer ? u"customer"_s : message.authorName;
    return event.kind == EventKind::Message && event.actor == actor
        && event.actorKind == message.author && !event.tier && !event.team && !event.assignee
        && !event.status && !event.priority && event.note.isEmpty() && event.data == data
        && event.operation.isEmpty() && event.order == event.at && event.at == message.at;
}

QJsonObject messageEntry(const Event &event, const Message &message)
{
    QJsonObject object { { u"at"_s, message.at.iso() }, { u"from"_s, code(message.author) },
        { u"public"_s, message.kind != MessageKind::InternalNote }, { u"text"_s, message.text } };
    put(object, u"author"_s, message.authorName);
    put(object, u"html"_s, message.html);
    const bool saysItself = message.author == AuthorKind::Bot ? message.kind == MessageKind::BotTurn
        : message.author == AuthorKind::System
        ? message.kind == MessageKind::System
        : message.kind == MessageKind::PublicReply || message.kind == MessageKind::InternalNote;
    if (!saysItself)
        object[u"kind"_s] = code(message.kind);
    if (!isPlainMessage(event, message))
        object[u"log"_s] = logOf(event);
    return object;
}

/// The plain form of an event, which other programs read; "log" beside it where it says too little.
class PlainEvent
{
public:
    PlainEvent(const Event &event, const QJsonObject &before)
        : m_event(event)
        , m_before(before)
    {
    }

    QJsonObject entry()
    {
        m_object = { { u"at"_s, m_event.at.iso() } };
        choose();
        put(m_object, u"actor"_s, m_event.actor);
        put(m_object, u"note"_s, m_event.note);
        put(m_object, u"verdict"_s, m_event.data.value(u"verdict"_s).toString());
        if (!isWhole())
            m_object[u"log"_s] = logOf(m_event);
        return m_object;
    }

private:
    void say(const QString &kind, const QJsonValue &to)
    {
        m_object[u"kind"_s] = kind;
        if (const QJsonValue from = m_before.value(kind);
            !from.isUndefined() && from != QJsonValue(u""_s))
            m_object[u"from"_s] = from;
        m_object[u"to"_s] = to;
    }

    void choose()
    {
        if (m_event.kind == EventKind::Csat) {
            say(u"csat"_s, m_event.data.value(u"score"_s));
        } else if (m_event.kind == EventKind::Accepted) {
            say(u"accept"_s, m_event.assignee ? QJsonValue(*m_event.assignee) : QJsonValue());
        } else if (m_event.kind == EventKind::Returned) {
            say(u"return"_s, m_event.tier ? QJsonValue(*m_event.tier) : QJsonValue());
            m_object[u"from"_s] = m_before.value(u"tier"_s);
        } else if (m_event.tier) {
            say(u"tier"_s, *m_event.tier);
        } else if (m_event.team) {
            say(u"team"_s, *m_event.team);
        } else if (m_event.status) {
            say(u"status"_s, code(*m_event.status));
        } else if (m_event.priority) {
            say(u"priority"_s, code(*m_event.priority));
        } else if (m_event.assignee) {
            say(u"assignee"_s, *m_event.assignee);
        } else {
            const QJsonObject fields = m_event.data.value(u"fields"_s).toObject();
            m_object[u"kind"_s] = u"field"_s;
            if (fields.size() == 1 && !ownFields.contains(fields.begin().key())) {
                m_object[u"name"_s] = fields.begin().key();
                m_object[u"to"_s] = fields.begin().value();
            } else {
                m_object[u"name"_s] = code(m_event.kind);
                m_object[u"to"_s] = QJsonValue();
            }
        }
    }

    /// Whether importing the plain form alone gives this very event.
    bool isWhole() const
    {
        const QString kind = m_object[u"kind"_s].toString();
        const int changes = m_event.tier.has_value() + m_event.team.has_value()
            + m_event.assignee.has_value() + m_event.status.has_value()
            + m_event.priority.has_value();
        const bool isMove = kind == u"tier" || kind == u"team";
        const EventKind implied = isMove ? EventKind::Moved
            : kind == u"accept"          ? EventKind::Accepted
            : kind == u"return"          ? EventKind::Returned
            : kind == u"csat"            ? EventKind::Csat
                                         : EventKind::Changed;
        const AuthorKind author = kind == u"csat"                           ? AuthorKind::Customer
            : m_event.actor.isEmpty() || m_event.actor.startsWith(u"rule:") ? AuthorKind::System
            : m_event.actor == u"customer"                                  ? AuthorKind::Customer
                                                                            : AuthorKind::Agent;
        QJsonObject data;
        if (kind == u"csat")
            data[u"score"_s] = m_event.data.value(u"score"_s);
        if (m_event.data.contains(u"verdict"_s))
            data[u"verdict"_s] = m_event.data.value(u"verdict"_s);
        if (kind == u"field")
            data[u"fields"_s]
                = QJsonObject { { m_object[u"name"_s].toString(), m_object[u"to"_s] } };
        const int expected = kind == u"csat" || kind == u"field" ? 0 : 1;
        const bool mayHaveNone = kind == u"accept" || kind == u"return";
        return implied == m_event.kind && author == m_event.actorKind
            && (changes == expected || (mayHaveNone && changes == 0)) && data == m_event.data
            && m_event.operation.isEmpty() && m_event.order == m_event.at;
    }

    const Event &m_event;
    const QJsonObject &m_before; ///< values before it, by kind of change
    QJsonObject m_object;
};

void follow(QJsonObject &values, const Event &event)
{
    if (event.tier)
        values[u"tier"_s] = *event.tier;
    if (event.team)
        values[u"team"_s] = *event.team;
    if (event.assignee)
        values[u"assignee"_s] = *event.assignee;
    if (event.status)
        values[u"status"_s] = code(*event.status);
    if (event.priority)
        values[u"priority"_s] = code(*event.priority);
}

void putPeople(QJsonObject &line, const LineSubject &subject)
{
    if (!subject.requester.name.isEmpty() || !subject.requester.email.isEmpty()) {
        QJsonObject person { { u"name"_s, subject.requester.name } };
        put(person, u"email"_s, subject.requester.email);
        line[u"requester"_s] = person;
    }
    const Organization &held = subject.organization;
    if (held.name.isEmpty())
        return;
    QJsonObject company { { u"name"_s, held.name } };
    put(company, u"plan"_s, held.plan);
    if (held.arr)
        company[u"arr"_s] = *held.arr;
    if (held.health)
        company[u"health"_s] = *held.health;
    if (held.renewal.isValid())
        company[u"renewal"_s] = held.renewal.toString(Qt::ISODate);
    if (!held.flags.isEmpty())
        company[u"flags"_s] = QJsonArray::fromStringList(held.flags);
    line[u"organization"_s] = company;
}

/// What the ticket was at its creation.
void putCreation(QJsonObject &line, const Event &created)
{
    const QJsonObject &data = created.data;
    for (const QString &key : { u"subject"_s, u"channel"_s, u"category"_s, u"product"_s, u"type"_s,
             u"severity"_s, u"complex"_s, u"tags"_s, u"fields"_s }) {
        if (data.contains(key))
            line[key] = data.value(key);
    }
    put(line, u"tier"_s, created.tier.value_or(QString()));
    put(line, u"team"_s, created.team.value_or(QString()));
    put(line, u"assignee"_s, created.assignee.value_or(QString()));
    if (created.status)
        line[u"status"_s] = code(*created.status);
    if (created.priority)
        line[u"priority"_s] = code(*created.priority);
    QJsonObject more; // what the first row of a log said besides
    for (const QString &key : { u"awaiting"_s, u"tier_assumed"_s }) {
        if (data.contains(key))
            more[key] = data.value(key);
    }
    const bool isPlain = more.isEmpty() && created.actor == u"customer"
        && created.actorKind == AuthorKind::Customer && created.note.isEmpty()
        && created.operation.isEmpty() && created.order == created.at;
    if (isPlain)
        return;
    QJsonObject log { { u"actor"_s, created.actor }, { u"actor_kind"_s, code(created.actorKind) } };
    put(log, u"note"_s, created.note);
    put(log, u"operation"_s, created.operation);
    if (!more.isEmpty())
        log[u"data"_s] = more;
    if (created.order != created.at)
        log[u"order"_s] = created.order.iso();
    line[u"log"_s] = log;
}

/// Whether a reader who knows only instants would put the entries in another order.
bool needsPlaces(const std::vector<TimedEntry> &entries)
{
    std::vector<const TimedEntry *> guessed;
    for (const TimedEntry &entry : entries)
        guessed.push_back(&entry);
    std::stable_sort(guessed.begin(), guessed.end(), [](const TimedEntry *a, const TimedEntry *b) {
        return a->order != b->order ? a->order < b->order : a->isMessage && !b->isMessage;
    });
    for (size_t i = 0; i < guessed.size(); ++i) {
        if (guessed[i] != &entries[i])
            return true;
    }
    return false;
}

} // namespace

std::vector<const Event *> standingEvents(const std::vector<Event> &events)
{
    QSet<qint64> undone;
    for (const Event &event : events) {
        if (event.kind != EventKind::Undone)
            continue;
        for (const QJsonValue &value : event.data.value(u"undoes"_s).toArray())
            undone.insert(value.toInteger());
    }
    std::vector<const Event *> standing;
    for (const Event &event : events) {
        if (event.kind != EventKind::Undone && !undone.contains(event.id.v))
            standing.push_back(&event);
    }
    return standing;
}

QJsonObject ticketLine(const LineSubject &subject)
{
    QHash<qint64, const Message *> messageOf;
    for (const Message &message : subject.messages)
        messageOf.insert(message.id.v, &message);

    QJsonObject line { { u"id"_s, subject.ticket.key },
        { u"created"_s, subject.ticket.created.iso() } };
    putPeople(line, subject);
    QJsonObject values;
    std::vector<TimedEntry> entries;
    bool isFirst = true;
    for (const Event *event : standingEvents(subject.events)) {
        if (isFirst) {
            putCreation(line, *event);
            follow(values, *event);
            isFirst = false;
            continue;
        }
        const Message *message = messageOf.value(event->message.v);
        TimedEntry entry { .order = event->order,
            .isMessage = message != nullptr,
            .place = static_cast<int>(entries.size()) };
        entry.object
            = message ? messageEntry(*event, *message) : PlainEvent(*event, values).entry();
        entries.push_back(std::move(entry));
        follow(values, *event);
    }
    const bool hasPlaces = needsPlaces(entries);
    QJsonArray messages, events;
    for (TimedEntry &entry : entries) {
        if (hasPlaces)
            entry.object[u"seq"_s] = entry.place;
        (entry.isMessage ? messages : events).append(entry.object);
    }
    line[u"messages"_s] = messages;
    line[u"events"_s] = events;
    return line;
}

} // namespace tierline::importing
