#include "tests/support/wire/rtdialect.h"

#include "core/base/unicode.h"
#include "tests/support/wire/rtwords_p.h"

#include <QJsonDocument>

// What the desk holds, in Request Tracker's words.

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::RemoteFile;
using connectors::RemoteTicket;
namespace field = connectors::field;

namespace {

constexpr qint64 partsOfMessage = 32; ///< numbers of a message's attachments
const QString unset = u"1970-01-01T00:00:00Z"_s;

QString seconds(Instant at)
{
    const Instant whole { at.ms - ((at.ms % 1000) + 1000) % 1000 };
    return QDateTime::fromMSecsSinceEpoch(whole.ms, Qt::UTC)
        .toString(u"yyyy-MM-dd'T'HH:mm:ss'Z'"_s);
}

QString urlOf(const QString &type, const QString &id)
{
    // From the server's own settings, and nowhere that one could reach.
    return u"http://inside.invalid/REST/2.0/"_s + type + u'/' + id;
}

QJsonObject reference(const QString &type, const QString &id)
{
    return { { u"type"_s, type }, { u"id"_s, id }, { u"_url"_s, urlOf(type, id) } };
}

QStringList textsOf(const QJsonValue &value)
{
    QStringList texts;
    if (!value.isArray())
        return value.toString().isEmpty() ? texts : QStringList { value.toString() };
    for (const QJsonValue one : value.toArray())
        texts.append(one.toString());
    return texts;
}

QString base64Lines(const QByteArray &bytes)
{
    QString text;
    const QByteArray packed = bytes.toBase64();
    for (qsizetype at = 0; at < packed.size(); at += 76)
        text += QString::fromLatin1(packed.mid(at, 76)) + u'\n';
    return text;
}

} // namespace

namespace rtwords {

QString ofStatus(const QString &status)
{
    return status == u"pending" ? u"stalled"_s
        : status == u"solved"   ? u"resolved"_s
        : status == u"closed"   ? u"rejected"_s
                                : status;
}

QString ofPriority(const QString &priority)
{
    return priority == u"urgent" ? u"90"_s
        : priority == u"high"    ? u"60"_s
        : priority == u"normal"  ? u"30"_s
                                 : u"10"_s;
}

} // namespace rtwords

QJsonObject RtDialect::userReference(const QString &id) const
{
    return reference(u"user"_s, id.isEmpty() ? u"Nobody"_s : id);
}

QJsonArray RtDialect::customFieldsOf(const QJsonObject &fields) const
{
    QJsonArray list;
    for (qsizetype i = m_fields.size() - 1; i >= 0; --i) {
        const QString id = QString::number(i + 1);
        const QString name
            = m_fields[i] == u"Tags" ? QString(field::tags) : field::custom + m_fields[i];
        list.append(QJsonObject { { u"id"_s, id }, { u"type"_s, u"customfield"_s },
            { u"_url"_s, urlOf(u"customfield"_s, id) }, { u"name"_s, m_fields[i] },
            { u"values"_s, QJsonArray::fromStringList(textsOf(fields.value(name))) } });
    }
    return list;
}

QJsonObject RtDialect::record(const RemoteTicket &ticket, bool isOfList, bool isTorn) const
{
    const QJsonObject &fields = ticket.fields;
    const QString place = fields.value(field::place).toString();
    QJsonObject queue = reference(u"queue"_s, queueId(place));
    queue.insert(u"Name"_s, place);
    QJsonObject requestor = userReference(ticket.requester.id);
    if (isOfList) {
        requestor.insert(u"Name"_s, ticket.requester.id);
        requestor.insert(u"RealName"_s, ticket.requester.name);
        requestor.insert(u"EmailAddress"_s, ticket.requester.email);
    }
    QJsonObject record { { u"Type"_s, u"ticket"_s }, { u"Subject"_s, fields.value(field::subject) },
        { u"Status"_s, rtwords::ofStatus(fields.value(field::status).toString()) },
        { u"Priority"_s, rtwords::ofPriority(fields.value(field::priority).toString()) },
        { u"Queue"_s, queue }, { u"Owner"_s, userReference(fields.value(field::owner).toString()) },
        { u"Requestor"_s, QJsonArray { requestor } }, { u"Created"_s, seconds(ticket.created) },
        { u"LastUpdated"_s, seconds(ticket.updated) }, { u"Due"_s, unset },
        { u"Told"_s, isOfList ? QJsonValue(unset) : QJsonValue() }, { u"TimeWorked"_s, u"0"_s },
        { u"CustomFields"_s, customFieldsOf(fields) } };
    // In lists a text; of one ticket a number.
    record.insert(u"id"_s, isOfList ? QJsonValue(ticket.id) : QJsonValue(ticket.id.toLongLong()));
    if (isTorn) {
        record.insert(u"Status"_s, u"frobnicated"_s);
        record.insert(u"Priority"_s, u"P0!"_s);
    }
    return record;
}

/// One value that changed, with what it was: numbers of users, queues and fields, as its tables have them.
void RtDialect::tellChange(
    const QJsonObject &before, const QJsonObject &fields, QJsonObject &row) const
{
    const QString name = fields.keys().front();
    const QJsonValue was = before.value(name), is = fields.value(name);
    const auto tell
        = [&](const QString &type, const QString &what, const QString &from, const QString &to) {
              row.insert(u"Type"_s, type);
              row.insert(u"Field"_s, what);
              row.insert(u"OldValue"_s, from);
              row.insert(u"NewValue"_s, to);
          };
    const auto owner = [](const QString &id) { return id.isEmpty() ? u"6"_s : id; };
    if (name == field::subject) {
        tell(u"Set"_s, u"Subject"_s, was.toString(), is.toString());
    } else if (name == field::status) {
        tell(u"Status"_s, u"Status"_s, rtwords::ofStatus(was.toString()),
            rtwords::ofStatus(is.toString()));
    } else if (name == field::priority) {
        tell(u"Set"_s, u"Priority"_s, rtwords::ofPriority(was.toString()),
            rtwords::ofPriority(is.toString()));
    } else if (name == field::place) {
        tell(u"Set"_s, u"Queue"_s, queueId(was.toString()), queueId(is.toString()));
    } else if (name == field::owner) {
        tell(u"Set"_s, u"Owner"_s, owner(was.toString()), owner(is.toString()));
    } else {
        const QStringList from = textsOf(was), to = textsOf(is);
        const QString id = fieldId(name == field::tags ? u"Tags"_s : name.section(u'.', 1));
        QStringList gone, come;
        std::ranges::copy_if(from, std::back_inserter(gone),
            [&](const QString &value) { return !to.contains(value); });
        std::ranges::copy_if(to, std::back_inserter(come),
            [&](const QString &value) { return !from.contains(value); });
        tell(u"CustomField"_s, id, gone.value(0), come.value(0));
    }
}

/// `before`: the fields of the row's own ticket up to it.
QJsonObject RtDialect::transaction(const FakeDesk::Row &row, const QJsonObject &before) const
{
    QJsonObject told { { u"id"_s, QString::number(row.number) }, { u"type"_s, u"transaction"_s },
        { u"ObjectId"_s, row.ticket }, { u"Type"_s, u"AddLink"_s }, { u"Field"_s, u"MergedInto"_s },
        { u"OldValue"_s, QString() }, { u"NewValue"_s, QString() } };
    if (!row.entry)
        return told;
    told.insert(u"Creator"_s, userReference(row.entry->author.id));
    told.insert(u"Created"_s, seconds(row.entry->at));
    if (!row.entry->message) {
        tellChange(before, row.entry->fields, told);
        return told;
    }
    const bool isNote = row.entry->message->kind == MessageKind::InternalNote;
    told.insert(u"Type"_s, isNote ? u"Comment"_s : u"Correspond"_s);
    told.insert(u"Field"_s, QString());
    QJsonArray links;
    for (const QJsonObject &part : attachmentsOf(row)) {
        links.append(QJsonObject { { u"ref"_s, u"attachment"_s },
            { u"_url"_s, urlOf(u"attachment"_s, part.value(u"id"_s).toString()) } });
    }
    told.insert(u"_hyperlinks"_s, links);
    if (m_options.hasReference) {
        told.insert(u"CustomFields"_s,
            QJsonArray { QJsonObject { { u"id"_s, u"99"_s }, { u"name"_s, u"Client Reference"_s },
                { u"values"_s,
                    row.entry->operation.isEmpty() ? QJsonArray()
                                                   : QJsonArray { row.entry->operation } } } });
    }
    return told;
}

/// A message's parts: its text, or, with files, a container, its text and they.
std::vector<QJsonObject> RtDialect::attachmentsOf(const FakeDesk::Row &row) const
{
    const auto &message = *row.entry->message;
    std::vector<QJsonObject> parts;
    const auto add = [&](const QString &type, const QString &name, const QByteArray &bytes,
                         const QJsonValue &content) {
        parts.push_back(
            { { u"id"_s, QString::number(row.number * partsOfMessage + qint64(parts.size())) },
                { u"TransactionId"_s, QString::number(row.number) }, { u"ContentType"_s, type },
                { u"Filename"_s, name }, { u"ContentLength"_s, QString::number(bytes.size()) },
                { u"Content"_s, content }, { u"bytes"_s, base64Lines(bytes) } });
    };
    if (!message.files.empty())
        add(u"multipart/mixed"_s, {}, {}, QString());
    if (!message.text.isEmpty())
        add(u"text/plain"_s, {}, validText(message.text).toUtf8(), message.text);
    for (const RemoteFile &file : message.files) {
        const auto bytes = m_desk.bytesOf(file.id, 64 << 20);
        const QByteArray all = bytes ? *bytes : QByteArray();
        // What a list says of a file's bytes is not to be used.
        add(file.contentType, file.name, all, QString::fromLatin1(all));
    }
    return parts;
}

} // namespace tierline::test
