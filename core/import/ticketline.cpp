#include "core/import/ticketline.h"

#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/import/eventprint.h"
#include "core/import/rowmapper.h"
#include "core/import/ticketline_p.h"
#include "core/text/plaintext.h"

#include <QJsonArray>

namespace tierline::importing {

using namespace Qt::StringLiterals;
namespace dom = simdjson::dom;

namespace {

constexpr size_t maxDepth = 64;
constexpr qint64 maxRevenue
    = 1'000'000'000'000'000; ///< far above any, far below what sums overflow at
constexpr int maxIgnoredKeys = 100;

/// simdjson refuses lone surrogates, as they are no Unicode; here they become U+FFFD.
QJsonValue mended(const QJsonValue &value)
{
    if (value.isString())
        return validText(value.toString());
    if (value.isArray()) {
        QJsonArray list;
        for (const QJsonValue &item : value.toArray())
            list.append(mended(item));
        return list;
    }
    if (value.isObject()) {
        QJsonObject object;
        const QJsonObject given = value.toObject();
        for (auto it = given.begin(); it != given.end(); ++it)
            object[validText(it.key())] = mended(it.value());
        return object;
    }
    return value;
}

/// One of the log's entries before they are put in order.
struct Entry {
    Event event;
    qint64 message = -1;
    qint64 sequence = 0;
};

} // namespace

struct TicketLineParser::Json {
    dom::parser parser;
    QByteArray mendedLine;
};

/// Reads one line; the first thing that is wrong stays in m_problem.
class TicketLineParser::Reader : public JsonReader
{
public:
    Reader(const Options &options, QHash<QString, qint64> &ignored)
        : m_options(options)
        , m_ignored(ignored)
    {
    }
    Result<commands::History> run(dom::object root);

private:
    void readTicket(dom::object root);
    void readPeople(dom::object root);
    void readCreated(dom::object root);
    void readMessages(dom::object root);
    void readMessage(dom::object object, const QString &path);
    void readEvents(dom::object root);
    void readEvent(dom::object object, const QString &path);
    void readSimpleEvent(
        dom::object object, const QString &kind, const QString &path, Event &event);
    void readField(dom::object object, const QString &path, Event &event);
    void readLog(dom::object entry, const QString &path, Event &event);
    std::optional<QString> tier(dom::object object, const char *key, const QString &path);
    void countUnknown(dom::object root);
    void assemble();

    const Options &m_options;
    QHash<QString, qint64> &m_ignored;
    commands::History m_history;
    Event m_created;
    std::vector<Entry> m_entries;
};

std::optional<QString> TicketLineParser::Reader::tier(
    dom::object object, const char *key, const QString &path)
{
    const QString id = text(object, key, MaxName, path);
    if (id.isEmpty())
        return std::nullopt;
    if (!m_options.tiers.contains(id))
        fail(
            u"%1 is “%2”, a tier that this workspace does not have (it has %3); add the tier first"_s
                .arg(name(key, path), id.left(60), m_options.tiers.join(u", "_s)));
    return id;
}

void TicketLineParser::Reader::readTicket(dom::object root)
{
    Ticket &ticket = m_history.ticket;
    ticket.key = identifier(root, "id");
    if (ticket.key.isEmpty())
        fail(u"it has no “id”"_s);
    else if (ticket.key.size() > MaxKeyLength)
        fail(u"its “id” is longer than %1 characters"_s.arg(MaxKeyLength));
    for (const QChar c : ticket.key) {
        if (c.category() == QChar::Other_Control)
            fail(u"its “id” holds a control character"_s);
    }
    ticket.created = instant(root, "created", {}).value_or(Instant {});
    if (!has(root, "created"))
        fail(u"it has no “created”"_s);
    ticket.subject = text(root, "subject", MaxSubject);
    ticket.channel = text(root, "channel", MaxName);
    ticket.category = text(root, "category", MaxName);
    ticket.product = text(root, "product", MaxName);
    ticket.type = text(root, "type", MaxName);
    ticket.severity = coded<Severity>(root, "severity");
    ticket.isComplex = boolean(root, "complex").value_or(false);
    ticket.tags = texts(root, "tags", MaxTags, MaxName);
    ticket.fields = object(root, "fields");
}

void TicketLineParser::Reader::readPeople(dom::object root)
{
    if (const auto person = child(root, "requester")) {
        m_history.requester.name = text(*person, "name", MaxName, u"requester."_s);
        m_history.requester.email = text(*person, "email", MaxName, u"requester."_s);
    }
    const auto company = child(root, "organization");
    if (!company)
        return;
    const QString path = u"organization."_s;
    Organization &organization = m_history.organization;
    organization.name = text(*company, "name", MaxName, path);
    organization.plan = text(*company, "plan", MaxName, path);
    organization.flags = texts(*company, "flags", MaxTags, MaxName, path);
    if (const auto arr = integer(*company, "arr", path)) {
        if (*arr < 0)
            fail(u"“organization.arr” is %1, and revenue cannot be negative"_s.arg(*arr));
        else if (*arr > maxRevenue)
            fail(u"“organization.arr” is larger than any revenue"_s);
        organization.arr = *arr;
    }
    if (const auto health = integer(*company, "health", path)) {
        if (*health < 0 || *health > 100)
            fail(u"“organization.health” is %1 and must be 0 to 100"_s.arg(*health));
        else
            organization.health = static_cast<int>(*health);
    }
    const QString renewal = text(*company, "renewal", MaxName, path);
    if (!renewal.isEmpty()) {
        organization.renewal = QDate::fromString(renewal, Qt::ISODate);
        if (!organization.renewal.isValid() || organization.renewal.year() < 1900
            || organization.renewal.year() > 2199)
            fail(
                u"“organization.renewal” is “%1” and must be a day such as 2026-09-01, years 1900 to 2199"_s
                    .arg(renewal.left(40)));
    }
}

void TicketLineParser::Reader::readCreated(dom::object root)
{
    m_created.kind = EventKind::Created;
    m_created.at = m_created.order = m_history.ticket.created;
    m_created.tier = tier(root, "tier", {}).value_or(m_options.frontline);
    if (const QString team = text(root, "team", MaxName); !team.isEmpty())
        m_created.team = team;
    if (const QString assignee = text(root, "assignee", MaxName); !assignee.isEmpty())
        m_created.assignee = assignee;
    m_created.status = coded<Status>(root, "status").value_or(Status::New);
    m_created.priority = coded<Priority>(root, "priority");
    m_created.actor = u"customer"_s;
    m_created.actorKind = AuthorKind::Customer;
    if (const auto log = child(root, "log")) {
        m_created.actor = text(*log, "actor", MaxName, u"log."_s);
        m_created.actorKind
            = coded<AuthorKind>(*log, "actor_kind", u"log."_s).value_or(AuthorKind::Agent);
        m_created.note = text(*log, "note", MaxText, u"log."_s);
        m_created.operation = text(*log, "operation", MaxName, u"log."_s);
        m_created.at = instant(*log, "at", u"log."_s).value_or(m_created.at);
        m_created.order = instant(*log, "order", u"log."_s).value_or(m_created.at);
        if (const auto more = child(*log, "data", u"log."_s)) {
            for (const char *key : { "awaiting", "tier_assumed" }) {
                if (boolean(*more, key, u"log.data."_s).value_or(false))
                    m_created.data[QLatin1StringView(key)] = true;
            }
        }
    }
}

void TicketLineParser::Reader::readMessage(dom::object given, const QString &path)
{
    Message message;
    message.at = required(given, "at", path);
    const auto from = coded<AuthorKind>(given, "from", path);
    message.author = from.value_or(AuthorKind::Customer);
    message.authorName = text(given, "author", MaxName, path);
    message.html = text(given, "html", MaxHtml, path);
    message.text = text(given, "text", MaxText, path);
    if (message.text.isEmpty() && !message.html.isEmpty() && m_options.readsText)
        message.text = text::htmlToText(message.html);
    const bool isPublic = boolean(given, "public", path).value_or(true);
    message.kind = message.author == AuthorKind::Bot ? MessageKind::BotTurn
        : message.author == AuthorKind::System       ? MessageKind::System
        : isPublic                                   ? MessageKind::PublicReply
                                                     : MessageKind::InternalNote;
    if (const QString kind = text(given, "kind", MaxName, path); !kind.isEmpty())
        message.kind = fromCode<MessageKind>(kind).value_or(message.kind);

    Entry entry { .message = static_cast<qint64>(m_history.messages.size()) };
    entry.event.kind = EventKind::Message;
    entry.event.at = message.at;
    entry.event.actorKind = message.author;
    entry.event.actor = message.author == AuthorKind::Customer ? u"customer"_s : message.authorName;
    if (message.kind == MessageKind::InternalNote)
        entry.event.data[u"internal"_s] = true;
    entry.event.order = entry.event.at;
    readLog(given, path, entry.event);
    entry.sequence = integer(given, "seq", path).value_or(entry.message);
    m_entries.push_back(std::move(entry));
    m_history.messages.push_back(std::move(message));
}

void TicketLineParser::Reader::readMessages(dom::object root)
{
    int n = 0;
    for (const dom::element item : list(root, "messages", MaxMessages)) {
        const QString path = u"messages[%1]."_s.arg(n++);
        if (const auto message = asObject(item, path.chopped(1)))
            readMessage(*message, path);
        if (hasFailed())
            return;
    }
}

void TicketLineParser::Reader::readField(dom::object given, const QString &path, Event &event)
{
    QString field = text(given, "name", MaxName, path);
    if (field.isEmpty())
        field = text(given, "field", MaxName, path);
    const QJsonValue to = value(given, "to");
    static const QStringList own { u"subject"_s, u"category"_s, u"product"_s, u"type"_s,
        u"severity"_s, u"complex"_s, u"tags"_s };
    if (own.contains(field))
        event.data[field] = to;
    else if (!field.isEmpty())
        event.data[u"fields"_s] = QJsonObject { { field, to } };
    else
        event.data[u"to"_s] = to; // which field it was is in the note, if anywhere
}

void TicketLineParser::Reader::readSimpleEvent(
    dom::object given, const QString &kind, const QString &path, Event &event)
{
    const auto toText = [&] { return text(given, "to", MaxName, path); };
    event.kind = EventKind::Changed;
    if (kind == u"tier") {
        event.kind = EventKind::Moved;
        event.tier = tier(given, "to", path);
        if (!event.tier)
            fail(u"“%1to” names no tier"_s.arg(path));
    } else if (kind == u"team") {
        event.kind = EventKind::Moved;
        event.team = toText();
    } else if (kind == u"assignee") {
        event.assignee = toText();
    } else if (kind == u"status") {
        event.status = coded<Status>(given, "to", path);
        if (!event.status)
            fail(u"“%1to” names no status"_s.arg(path));
    } else if (kind == u"priority") {
        event.priority = coded<Priority>(given, "to", path);
        if (!event.priority)
            fail(u"“%1to” names no priority"_s.arg(path));
    } else if (kind == u"accept") {
        event.kind = EventKind::Accepted;
        if (const QString agent = toText(); !agent.isEmpty())
            event.assignee = agent;
    } else if (kind == u"return") {
        event.kind = EventKind::Returned;
        event.tier = tier(given, "to", path);
    } else if (kind == u"csat") {
        event.kind = EventKind::Csat;
        event.actorKind = AuthorKind::Customer;
        const qint64 score = scoreOf(given, path);
        if (score < 1 || score > 5)
            fail(u"“%1to” must be a score of 1 to 5"_s.arg(path));
        event.data[u"score"_s] = score;
    } else if (kind == u"field") {
        readField(given, path, event);
    } else {
        fail(
            u"“%1kind” is “%2” and must be tier, team, assignee, status, priority, accept, return, csat or field"_s
                .arg(path, kind.left(40)));
    }
}

void TicketLineParser::Reader::readEvent(dom::object given, const QString &path)
{
    Entry entry;
    Event &event = entry.event;
    event.at = event.order = required(given, "at", path);
    event.actor = text(given, "actor", MaxName, path);
    event.actorKind = event.actor.isEmpty() || event.actor.startsWith(u"rule:") ? AuthorKind::System
        : event.actor == u"customer" ? AuthorKind::Customer
                                     : AuthorKind::Agent;
    event.note = text(given, "note", MaxText, path);
    readSimpleEvent(given, text(given, "kind", MaxName, path), path, event);
    if (const auto verdict = coded<Verdict>(given, "verdict", path))
        event.data[u"verdict"_s] = code(*verdict);
    readLog(given, path, event);
    // Behind all messages of the same instant, where the line does not say more.
    entry.sequence
        = integer(given, "seq", path).value_or(MaxMessages + static_cast<qint64>(m_entries.size()));
    m_entries.push_back(std::move(entry));
}

/// What our own exports add so that nothing is lost: the event as it stood in the log.
void TicketLineParser::Reader::readLog(dom::object given, const QString &path, Event &event)
{
    const auto log = child(given, "log", path);
    if (!log)
        return;
    const QString inside = path + u"log."_s;
    const auto kind = fromCode<EventKind>(text(*log, "kind", MaxName, inside));
    if (!kind || *kind == EventKind::Undone)
        fail(u"“%1kind” is no kind of event that can be imported"_s.arg(inside));
    event.kind = kind.value_or(event.kind);
    event.actor = has(*log, "actor") ? text(*log, "actor", MaxName, inside) : event.actor;
    event.actorKind = coded<AuthorKind>(*log, "actor_kind", inside).value_or(event.actorKind);
    event.tier = tier(*log, "tier", inside);
    event.team
        = has(*log, "team") ? std::optional(text(*log, "team", MaxName, inside)) : std::nullopt;
    event.assignee = has(*log, "assignee") ? std::optional(text(*log, "assignee", MaxName, inside))
                                           : std::nullopt;
    event.status = coded<Status>(*log, "status", inside);
    event.priority = coded<Priority>(*log, "priority", inside);
    event.note = has(*log, "note") ? text(*log, "note", MaxText, inside) : event.note;
    event.data = object(*log, "data", inside);
    event.operation = text(*log, "operation", MaxName, inside);
    event.order = instant(*log, "order", inside).value_or(event.order);
}

void TicketLineParser::Reader::readEvents(dom::object root)
{
    int n = 0;
    for (const dom::element item : list(root, "events", MaxEvents)) {
        const QString path = u"events[%1]."_s.arg(n++);
        if (const auto event = asObject(item, path.chopped(1)))
            readEvent(*event, path);
        if (hasFailed())
            return;
    }
}

void TicketLineParser::Reader::countUnknown(dom::object root)
{
    static const QStringList known { u"id"_s, u"created"_s, u"subject"_s, u"channel"_s,
        u"category"_s, u"priority"_s, u"tags"_s, u"requester"_s, u"organization"_s, u"tier"_s,
        u"team"_s, u"assignee"_s, u"status"_s, u"messages"_s, u"events"_s, u"product"_s, u"type"_s,
        u"severity"_s, u"complex"_s, u"fields"_s, u"log"_s };
    for (const dom::key_value_pair field : root) {
        const QString key
            = QString::fromUtf8(field.key.data(), static_cast<qsizetype>(field.key.size()))
                  .left(60);
        if (!known.contains(key) && (m_ignored.size() < maxIgnoredKeys || m_ignored.contains(key)))
            ++m_ignored[key];
    }
}

/// Puts everything into the one order: by instant, the creation first, then as the line says.
void TicketLineParser::Reader::assemble()
{
    std::stable_sort(m_entries.begin(), m_entries.end(), [](const Entry &a, const Entry &b) {
        return a.event.order != b.event.order ? a.event.order < b.event.order
                                              : a.sequence < b.sequence;
    });
    OriginCounter origins;
    m_created.origin = origins.next(eventPrint(m_created, m_history.ticket.key));
    m_history.events.reserve(m_entries.size() + 1);
    m_history.messageOf.reserve(m_entries.size() + 1);
    m_history.events.push_back(m_created);
    m_history.messageOf.push_back(-1);
    for (Entry &entry : m_entries) {
        Event &event = entry.event;
        const QString text = entry.message < 0
            ? QString()
            : m_history.messages[static_cast<size_t>(entry.message)].text;
        event.origin = origins.next(eventPrint(event, text));
        // A message that is older than its ticket stays where it was in time, behind the creation.
        event.order = qMax(event.order, m_created.order);
        m_history.events.push_back(std::move(event));
        m_history.messageOf.push_back(entry.message);
    }
}

Result<commands::History> TicketLineParser::Reader::run(dom::object root)
{
    countUnknown(root);
    readTicket(root);
    readPeople(root);
    readCreated(root);
    readMessages(root);
    readEvents(root);
    if (hasFailed())
        return badInput(problem());
    assemble();
    return std::move(m_history);
}

TicketLineParser::TicketLineParser(Options options)
    : m_options(std::move(options))
    , m_json(std::make_unique<Json>())
{
}

TicketLineParser::~TicketLineParser() = default;

Result<commands::History> TicketLineParser::parse(QByteArrayView line)
{
    dom::element root;
    const auto read = [&](QByteArrayView bytes) {
        const auto size = static_cast<size_t>(bytes.size());
        if (m_json->parser.capacity() < size || m_json->parser.max_depth() != maxDepth) {
            if (const auto failed = m_json->parser.allocate(qMax(size, size_t(64) << 10), maxDepth))
                return failed;
        }
        return m_json->parser.parse(bytes.data(), size).get(root);
    };
    if (read(line)) {
        // Slower, but says where it is broken, and takes what simdjson refuses for its surrogates.
        auto object = readJsonObject(line, { .bytes = 64 << 20, .depth = int(maxDepth) });
        if (!object) {
            QString why = object.error().detail;
            if (!object.error().where.isEmpty())
                why += u" ("_s + object.error().where.section(u", "_s, -1) + u')';
            return badInput(why);
        }
        m_json->mendedLine = compactJson(mended(*object).toObject()).toUtf8();
        if (read(m_json->mendedLine))
            return badInput(u"the JSON cannot be read"_s);
    }
    dom::object object;
    if (root.get(object))
        return badInput(u"the line is no JSON object: it must begin with “{”"_s);
    return Reader(m_options, m_ignored).run(object);
}

} // namespace tierline::importing
