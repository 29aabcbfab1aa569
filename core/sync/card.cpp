#include "core/sync/card.h"

#include "core/base/json.h"
#include "core/base/unicode.h"
#include "core/escalation/eventdata.h"

#include <QJsonArray>
#include <QRegularExpression>

namespace tierline::sync {

using namespace Qt::StringLiterals;

namespace {

constexpr int Form = 1;
constexpr qint64 MaxBytes = 1 << 20;
constexpr int MaxDepth = 40;
constexpr qsizetype MaxEvents = 50;
constexpr auto blockStart = "-----BEGIN TIERLINE-----"_L1;
constexpr auto blockEnd = "-----END TIERLINE-----"_L1;

const QRegularExpression &markerShape()
{
    static const QRegularExpression shape(
        u"\\[tl:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\]\\s*$"_s);
    return shape;
}

bool isOperation(const QString &text)
{
    static const QRegularExpression shape(
        u"^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$"_s);
    return shape.match(text).hasMatch();
}

/// Moves every instant of an event, the frozen limit included.
QJsonObject shifted(QJsonObject event, Millis offset)
{
    if (offset == Millis(0))
        return event;
    if (const auto at = Instant::parse(event.value("at"_L1).toString()))
        event[u"at"_s] = (*at + offset).iso();
    QJsonObject data = event.value("data"_L1).toObject();
    if (data.contains(eventdata::limit)) {
        data[eventdata::limit] = data.value(eventdata::limit).toInteger() + offset.count();
        event[u"data"_s] = data;
    }
    return event;
}

std::optional<QString> optionalText(const QJsonObject &json, QLatin1StringView name)
{
    const QJsonValue value = json.value(name);
    return value.isString() ? std::optional(validText(value.toString())) : std::nullopt;
}

/// Kinds that a card may bring. Threads, creations and scores come from the remote itself.
bool mayTravel(EventKind kind)
{
    switch (kind) {
    case EventKind::Flagged:
    case EventKind::Unflagged:
    case EventKind::Triaged:
    case EventKind::Claimed:
    case EventKind::Reassigned:
    case EventKind::Escalated:
    case EventKind::Accepted:
    case EventKind::Returned:
    case EventKind::Withdrawn:
    case EventKind::Undone: return true;
    default: return false;
    }
}

Result<Event> eventFromJson(const QJsonObject &json)
{
    const auto kind = fromCode<EventKind>(json.value("kind"_L1).toString());
    const auto at = Instant::parse(json.value("at"_L1).toString());
    if (!kind || !at)
        return badInput(
            u"An event of the handoff has no kind or no time that this version knows."_s);
    Event event { .at = *at, .kind = *kind };
    event.tier = optionalText(json, "tier"_L1);
    event.team = optionalText(json, "team"_L1);
    event.assignee = optionalText(json, "assignee"_L1);
    event.status = fromCode<Status>(json.value("status"_L1).toString());
    event.priority = fromCode<Priority>(json.value("priority"_L1).toString());
    event.note = validText(json.value("note"_L1).toString());
    event.data = json.value("data"_L1).toObject();
    return event;
}

} // namespace

QString marker(const QString &operation)
{
    return u"[tl:%1]"_s.arg(operation);
}

QString markedOperation(QStringView text)
{
    const QStringView tail = text.right(80); // the marker and what mail programs add after it
    const auto match = markerShape().match(tail.toString());
    return match.hasMatch() ? match.captured(1) : QString();
}

QByteArray writeCard(const Card &card, const QJsonArray &events, Millis offset)
{
    QJsonArray moved;
    for (const QJsonValue &event : events)
        moved.append(shifted(event.toObject(), offset));
    QJsonObject json { { u"tierline"_s, Form }, { u"operation"_s, card.operation },
        { u"ticket"_s, card.ticket }, { u"kind"_s, card.kind }, { u"actor"_s, card.actor },
        { u"actor_name"_s, card.actorName }, { u"events"_s, moved }, { u"sets"_s, card.sets } };
    if (!card.package.isEmpty())
        json[u"package"_s] = card.package;
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

Result<Card> readCard(QByteArrayView bytes, Millis offset)
{
    TIERLINE_TRY(json, readJsonObject(bytes, { .bytes = MaxBytes, .depth = MaxDepth }));
    const int form = json.value("tierline"_L1).toInt();
    if (form > Form)
        return badInput(u"The handoff was written by a newer version of Tierline."_s);
    Card card { .operation = json.value("operation"_L1).toString(),
        .ticket = validText(json.value("ticket"_L1).toString()),
        .kind = validText(json.value("kind"_L1).toString()),
        .actor = validText(json.value("actor"_L1).toString()),
        .actorName = validText(json.value("actor_name"_L1).toString()),
        .package = json.value("package"_L1).toObject(),
        .sets = json.value("sets"_L1).toObject() };
    const QJsonArray events = json.value("events"_L1).toArray();
    if (form != Form || !isOperation(card.operation) || events.isEmpty()
        || events.size() > MaxEvents)
        return badInput(u"The attached handoff is not one."_s);
    for (const QJsonValue &value : events) {
        TIERLINE_TRY(event, eventFromJson(shifted(value.toObject(), -offset)));
        if (mayTravel(event.kind))
            card.events.push_back(std::move(event));
    }
    return card;
}

QString noteText(const QString &words, const QString &operation, QByteArrayView document)
{
    QString text = words.trimmed() + u"\n\n"_s;
    if (!document.isEmpty())
        text += blockStart + u'\n' + QString::fromLatin1(document.toByteArray().toBase64()) + u'\n'
            + blockEnd + u"\n\n"_s;
    return text + marker(operation);
}

Result<std::optional<Card>> cardOf(const connectors::RemoteEntry &entry, Millis offset)
{
    if (!entry.message || entry.message->kind != MessageKind::InternalNote || !entry.author.isAgent)
        return std::optional<Card>();
    const QString operation
        = entry.operation.isEmpty() ? markedOperation(entry.message->text) : entry.operation;
    if (operation.isEmpty())
        return std::optional<Card>();
    QByteArray document;
    const QString name = u"tierline-%1.json"_s.arg(operation);
    for (const connectors::RemoteFile &file : entry.message->files) {
        if (file.name == name && file.bytes)
            document = *file.bytes;
    }
    if (document.isEmpty()) {
        const QString &text = entry.message->text;
        const qsizetype from = text.lastIndexOf(blockStart);
        const qsizetype to = text.indexOf(blockEnd, qMax(from, qsizetype(0)));
        if (from >= 0 && to > from) {
            const QStringView block
                = QStringView(text).mid(from + blockStart.size(), to - from - blockStart.size());
            document = QByteArray::fromBase64(block.toLatin1());
        }
    }
    if (document.isEmpty())
        return std::optional<Card>();
    TIERLINE_TRY(card, readCard(document, offset));
    if (card.operation != operation)
        return badInput(u"The attached handoff belongs to another note."_s);
    return std::optional<Card>(std::move(card));
}

QString withoutCard(const QString &text)
{
    QString words = text;
    if (!markedOperation(words).isEmpty())
        words = words.left(words.lastIndexOf(u"[tl:"));
    const qsizetype from = words.lastIndexOf(blockStart);
    const qsizetype to = words.indexOf(blockEnd, qMax(from, qsizetype(0)));
    if (from >= 0 && to > from)
        words.remove(from, to + blockEnd.size() - from);
    return words.trimmed();
}

} // namespace tierline::sync
