#include "tests/integration/rtschedules/rttruth.h"

#include <QJsonArray>
#include <QJsonObject>

#include <algorithm>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

QString idIn(const QJsonValue &reference)
{
    return reference.isObject() ? reference.toObject().value("id"_L1).toVariant().toString()
                                : reference.toVariant().toString();
}

/// All items of a list that has pages of a hundred; nothing where one could not be read.
std::optional<QJsonArray> allOf(RtLogin &root, const QStringList &path, const QString &fields)
{
    QJsonArray all;
    for (int page = 1; page < 50; ++page) {
        const auto answer = root.raw(net::Method::Get, path, {},
            { { u"per_page"_s, u"100"_s }, { u"page"_s, QString::number(page) },
                { u"fields"_s, fields } });
        if (answer.status != 200)
            return std::nullopt;
        const QJsonArray items = answer.json.object().value("items"_L1).toArray();
        for (const QJsonValue item : items)
            all.append(item);
        if (items.size() < 100)
            break;
    }
    return all;
}

void readRecord(const QJsonObject &record, RtTruth &truth)
{
    truth.subject = record.value("Subject"_L1).toString();
    truth.status = record.value("Status"_L1).toString();
    truth.queue = record.value("Queue"_L1).toObject().value("Name"_L1).toString();
    truth.owner = idIn(record.value("Owner"_L1));
    truth.priority = record.value("Priority"_L1).toVariant().toInt();
    for (const QJsonValue item : record.value("CustomFields"_L1).toArray()) {
        if (item.toObject().value("name"_L1).toString() == "CSAT"_L1)
            truth.satisfaction
                = item.toObject().value("values"_L1).toArray().first().toVariant().toString();
    }
}

} // namespace

RtTruth truthOf(RtLogin &root, const QString &ticket)
{
    RtTruth truth;
    const auto record = root.raw(
        net::Method::Get, { u"ticket"_s, ticket }, {}, { { u"fields[Queue]"_s, u"Name"_s } });
    const auto history
        = allOf(root, { u"ticket"_s, ticket, u"history"_s }, u"Type,Field,NewValue,Creator"_s);
    const auto parts = allOf(root, { u"ticket"_s, ticket, u"attachments"_s },
        u"TransactionId,Filename,ContentType,Content"_s);
    if (record.status != 200 || !history || !parts) {
        truth.error = u"ticket %1 could not be read from the server"_s.arg(ticket);
        return truth;
    }
    readRecord(record.json.object(), truth);
    for (const QJsonValue item : *history) {
        const QJsonObject row = item.toObject();
        truth.rows.push_back({ .id = idIn(row.value("id"_L1)).toLongLong(),
            .type = row.value("Type"_L1).toString(),
            .field = row.value("Field"_L1).toVariant().toString(),
            .to = row.value("NewValue"_L1).toVariant().toString(),
            .creator = idIn(row.value("Creator"_L1)) });
    }
    std::ranges::sort(truth.rows, {}, &RtTruth::Row::id);
    for (const QJsonValue item : *parts) {
        const QJsonObject part = item.toObject();
        const auto row = std::ranges::find(
            truth.rows, idIn(part.value("TransactionId"_L1)).toLongLong(), &RtTruth::Row::id);
        if (row == truth.rows.end())
            continue;
        if (const QString name = part.value("Filename"_L1).toString(); !name.isEmpty())
            row->files += name;
        else if (part.value("ContentType"_L1).toString().startsWith("text/"_L1))
            row->texts += part.value("Content"_L1).toString();
    }
    return truth;
}

QList<qint64> RtTruth::withText(const QString &type, const QString &token) const
{
    QList<qint64> ids;
    for (const Row &row : rows) {
        const bool has = std::ranges::any_of(
            row.texts, [&](const QString &text) { return text.contains(token); });
        if (row.type == type && has)
            ids += row.id;
    }
    return ids;
}

qsizetype RtTruth::countBy(const QString &type, const QString &creator) const
{
    return std::ranges::count_if(
        rows, [&](const Row &row) { return row.type == type && row.creator == creator; });
}

bool RtTruth::wasSetTo(const QString &field, const QString &value) const
{
    return std::ranges::any_of(
        rows, [&](const Row &row) { return row.field == field && row.to == value; });
}

QString RtTruth::printed() const
{
    QString text;
    for (const Row &row : rows)
        text += u"    %1 %2 %3 %4 by %5 %6 %7\n"_s.arg(row.id).arg(row.type, row.field, row.to,
            row.creator, row.texts.join(u'|').simplified().left(60), row.files.join(u','));
    return text;
}

} // namespace tierline::test
