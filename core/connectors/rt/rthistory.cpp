#include "core/connectors/rt/rthistory.h"

#include "core/base/unicode.h"
#include "core/connectors/rt/rtjson.h"
#include "core/text/plaintext.h"

#include <QJsonArray>
#include <QRegularExpression>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int maxPartsOfMessage = 500;

/// A change of one value, in the form that fields have here.
struct FieldChange {
    QString field;
    QString from, to;
    bool isMany = false;
};

bool changesOwner(const Change &change)
{
    // The row "SetWatcher" beside it says the same once more.
    static const QStringList types { u"Set"_s, u"Give"_s, u"Take"_s, u"Untake"_s, u"Steal"_s,
        u"Force"_s };
    return change.field == "Owner"_L1 && types.contains(change.type);
}

std::optional<FieldChange> priorityChange(const Change &change, const Mapping &mapping)
{
    const auto from = numberOf(QJsonValue(change.oldValue));
    const auto to = numberOf(QJsonValue(change.newValue));
    if (!from || !to)
        return std::nullopt;
    return FieldChange { field::priority, code(mapping.priority(*from)),
        code(mapping.priority(*to)) };
}

std::optional<FieldChange> customChange(
    const Change &change, const Mapping &mapping, const Names &names)
{
    const FieldShape shape = names.fields.value(change.field);
    FieldChange result { shape.name.isEmpty() ? QString() : mapping.fieldName(shape.name),
        singleOf(shape, change.oldValue), singleOf(shape, change.newValue) };
    result.isMany = shape.isMany || result.field == field::tags;
    // Long values are kept elsewhere; their rows are empty on both sides.
    if (result.field.isEmpty() || (result.from.isEmpty() && result.to.isEmpty()))
        return std::nullopt;
    return result;
}

std::optional<FieldChange> fieldChangeOf(
    const Change &change, const Mapping &mapping, const Names &names)
{
    if (change.type == "CustomField"_L1)
        return customChange(change, mapping, names);
    if (changesOwner(change)) {
        const auto login = [&](const QString &number) {
            return ownerOf(isId(number) ? names.logins.value(number, u'#' + number) : number);
        };
        return FieldChange { field::owner, login(change.oldValue), login(change.newValue) };
    }
    if (change.type == "Status"_L1 || (change.type == "Set"_L1 && change.field == "Status"_L1)) {
        return FieldChange { field::status, code(mapping.status(change.oldValue)),
            code(mapping.status(change.newValue)) };
    }
    if (change.type != "Set"_L1)
        return std::nullopt;
    if (change.field == "Subject"_L1)
        return FieldChange { field::subject, subjectOf(change.oldValue),
            subjectOf(change.newValue) };
    if (change.field == "Priority"_L1)
        return priorityChange(change, mapping);
    if (change.field == "Queue"_L1) {
        const auto queue
            = [&](const QString &id) { return isId(id) ? names.queues.value(id, u'#' + id) : id; };
        return FieldChange { field::place, queue(change.oldValue), queue(change.newValue) };
    }
    return std::nullopt;
}

// `state` with one value taken out and another put in.
void replaceValue(
    QJsonObject &state, const FieldChange &change, const QString &out, const QString &in)
{
    if (!change.isMany) {
        state.insert(change.field, in);
        return;
    }
    QStringList values;
    for (const QJsonValue value : state.value(change.field).toArray())
        values += value.toString();
    values.removeAll(out);
    if (!in.isEmpty() && !values.contains(in))
        values += in;
    values.sort();
    state.insert(change.field, QJsonArray::fromStringList(values));
}

RemoteUser authorOf(const Change &change, const RemoteUser &requester, const Names &names)
{
    const auto known = names.people.constFind(change.creator);
    if (known != names.people.cend())
        return *known;
    if (change.creator == requester.id)
        return requester;
    RemoteUser author;
    author.id = author.name = change.creator;
    if (author.id.contains(u'@'))
        author.email = author.id;
    // Nothing is told of this user: whoever comments inside and is not the requester works here.
    author.isAgent = change.isNote();
    return author;
}

RemoteEntry entryOf(const Change &change, const RemoteUser &requester, const Names &names)
{
    RemoteEntry entry;
    entry.id = change.id;
    entry.at = change.at;
    entry.author = authorOf(change, requester, names);
    return entry;
}

} // namespace

bool Part::isText() const
{
    return name.isEmpty() && (contentType == "text/plain"_L1 || contentType == "text/html"_L1);
}

bool Part::isPackage() const
{
    return size <= MaxPackageBytes && name.startsWith("tierline-"_L1) && name.endsWith(".json"_L1);
}

bool Change::isMessage() const
{
    return type == "Create"_L1 || type == "Correspond"_L1 || type == "Comment"_L1;
}

bool Change::isNote() const
{
    return type == "Comment"_L1;
}

std::optional<Change> changeOf(const QJsonObject &transaction, const QString &referenceField)
{
    Change change;
    change.id = idOf(transaction.value("id"_L1));
    if (change.id.isEmpty())
        return std::nullopt;
    change.ticket = idOf(transaction.value("ObjectId"_L1));
    change.type = textOf(transaction.value("Type"_L1), MaxName);
    change.field = textOf(transaction.value("Field"_L1), MaxName);
    change.oldValue = textOf(transaction.value("OldValue"_L1));
    change.newValue = textOf(transaction.value("NewValue"_L1));
    change.creator = referenceOf(transaction.value("Creator"_L1));
    change.at = instantOf(transaction.value("Created"_L1)).value_or(Instant {});
    for (const QJsonValue link : transaction.value("_hyperlinks"_L1).toArray()) {
        const QJsonObject object = link.toObject();
        if (object.value("ref"_L1).toString() != "attachment"_L1)
            continue;
        const QString id = lastIdOf(object.value("_url"_L1).toString().toLatin1());
        if (!id.isEmpty() && change.parts.size() < maxPartsOfMessage)
            change.parts += id;
    }
    for (const QJsonValue item : transaction.value("CustomFields"_L1).toArray()) {
        const QJsonObject object = item.toObject();
        if (QString::compare(
                textOf(object.value("name"_L1), MaxName), referenceField, Qt::CaseInsensitive)
            != 0)
            continue;
        change.hasReferenceField = true;
        change.reference = textOf(object.value("values"_L1).toArray().first(), MaxName);
    }
    return change;
}

std::optional<Part> partOf(const QJsonObject &attachment)
{
    Part part;
    part.id = idOf(attachment.value("id"_L1));
    part.transaction = idOf(attachment.value("TransactionId"_L1));
    if (part.id.isEmpty())
        return std::nullopt;
    part.contentType = textOf(attachment.value("ContentType"_L1), MaxName).toLower();
    part.name = textOf(attachment.value("Filename"_L1), MaxName);
    part.size = std::max<qint64>(0, numberOf(attachment.value("ContentLength"_L1)).value_or(0));
    if (attachment.value("Content"_L1).isString())
        part.content = attachment.value("Content"_L1).toString();
    return part;
}

std::optional<QByteArray> contentOf(const QJsonObject &attachment)
{
    if (!attachment.value("Content"_L1).isString())
        return std::nullopt;
    QByteArray text = attachment.value("Content"_L1).toString().toLatin1();
    text.removeIf([](char c) { return c == '\n' || c == '\r' || c == ' '; });
    auto decoded = QByteArray::fromBase64Encoding(text, QByteArray::AbortOnBase64DecodingErrors);
    return decoded ? std::optional(std::move(*decoded)) : std::nullopt;
}

QString Thread::version() const
{
    return changes.empty() ? QString() : changes.back().id;
}

void addWanted(const Thread &thread, const QString &requester, Wanted &wanted)
{
    for (const Change &change : thread.changes) {
        // A login that is a mail address and wrote the ticket is a customer; asking for each would
        // double the time of a first pull.
        const bool isPlainCustomer = change.creator == requester && change.creator.contains(u'@');
        if (!change.creator.isEmpty() && !isPlainCustomer)
            wanted.people.insert(change.creator);
        for (const QString &value : { change.oldValue, change.newValue }) {
            if (!isId(value))
                continue;
            if (changesOwner(change))
                wanted.users.insert(value);
            else if (change.type == "Set"_L1 && change.field == "Queue"_L1)
                wanted.queues.insert(value);
        }
        if (change.type == "CustomField"_L1 && isId(change.field))
            wanted.fields.insert(change.field);
    }
}

QString markerOf(QStringView text)
{
    static const QRegularExpression marker(
        u"\\[tl:([0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\\]\\s*\\z"_s);
    const auto match = marker.match(text.last(std::min<qsizetype>(text.size(), 200)).toString());
    return match.captured(1);
}

QString comparable(const QString &text, const QString &html)
{
    return (html.isEmpty() ? text : text::htmlToText(html)).simplified();
}

namespace {

void addText(const Part &part, RemoteEntry::Text &message, QStringList &plain)
{
    if (!part.content && !part.bytes) {
        message.isShortened = true;
        return;
    }
    QString content = part.bytes ? validText(QByteArrayView(*part.bytes)) : *part.content;
    const bool isHtml = part.contentType == "text/html"_L1;
    const qsizetype limit = isHtml ? MaxHtml : text::MaxPlainCharacters;
    if (content.size() > limit) {
        content.truncate(limit);
        message.isShortened = true;
    }
    content = validText(std::move(content));
    if (isHtml)
        message.html += content;
    else if (!content.isEmpty())
        plain += content;
}

} // namespace

RemoteEntry::Text messageOf(const Change &change, const QHash<QString, Part> &parts)
{
    RemoteEntry::Text message;
    message.kind = change.isNote() ? MessageKind::InternalNote : MessageKind::PublicReply;
    QStringList plain;
    for (const QString &id : change.parts) {
        const auto found = parts.constFind(id);
        if (found == parts.cend()) {
            message.isShortened = true;
            continue;
        }
        const Part &part = *found;
        if (part.isText()) {
            addText(part, message, plain);
        } else if (!part.isContainer() && (part.size > 0 || !part.name.isEmpty())) {
            message.files.push_back(
                { part.id, part.name.isEmpty() ? u"attachment %1"_s.arg(part.id) : part.name,
                    part.contentType, part.size, part.isPackage() ? part.bytes : std::nullopt });
        }
    }
    message.text = plain.isEmpty() ? text::htmlToText(message.html) : plain.join("\n\n"_L1);
    if (message.text.size() > text::MaxPlainCharacters) {
        message.text.truncate(text::MaxPlainCharacters);
        message.isShortened = true;
    }
    return message;
}

History historyOf(const QString &ticket, const Thread &thread, const QJsonObject &present,
    const RemoteUser &requester, const Mapping &mapping, const Names &names)
{
    History history;
    // Rows of a ticket that was merged into this one changed that one's fields, not these.
    const auto isOwn
        = [&](const Change &change) { return change.ticket.isEmpty() || change.ticket == ticket; };
    QJsonObject state = present;
    for (auto change = thread.changes.rbegin(); change != thread.changes.rend(); ++change) {
        if (const auto one = fieldChangeOf(*change, mapping, names); one && isOwn(*change))
            replaceValue(state, *one, one->to, one->from);
    }
    history.atCreation = state;
    for (const Change &change : thread.changes) {
        RemoteEntry entry = entryOf(change, requester, names);
        if (change.isMessage()) {
            entry.message = messageOf(change, thread.parts);
            const auto &message = *entry.message;
            if (message.text.isEmpty() && message.html.isEmpty() && message.files.empty()
                && !message.isShortened)
                continue;
            // Only what stands in the field: a marker in a text can be copied, and the engine weighs it.
            if (entry.author.isAgent)
                entry.operation = change.reference;
            history.entries.push_back(std::move(entry));
        } else if (const auto one = fieldChangeOf(change, mapping, names); one && isOwn(change)) {
            const QJsonValue before = state.value(one->field);
            replaceValue(state, *one, one->from, one->to);
            if (state.value(one->field) == before)
                continue;
            entry.fields.insert(one->field, state.value(one->field));
            history.entries.push_back(std::move(entry));
        }
    }
    return history;
}

} // namespace tierline::connectors::rt
