#include "core/storage/columns.h"

#include "core/base/json.h"

#include <QCache>
#include <QJsonArray>
#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace tierline::storage {

QString listText(const QStringList &list)
{
    if (list.isEmpty())
        return u"[]"_s;
    return QString::fromUtf8(
        QJsonDocument(QJsonArray::fromStringList(list)).toJson(QJsonDocument::Compact));
}

QStringList listOf(QByteArrayView json)
{
    QStringList list;
    if (json.size() <= 2)
        return list;
    const QJsonArray array
        = QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).array();
    list.reserve(array.size());
    for (const QJsonValue &value : array)
        list.append(value.toString());
    return list;
}

QString objectText(const QJsonObject &object)
{
    return object.isEmpty() ? u"{}"_s : compactJson(object);
}

QJsonObject objectOf(QByteArrayView json)
{
    if (json.size() <= 2)
        return {};
    // A few texts come again and again (an account's options, what both sides of a ticket agree on):
    // comparing costs a tenth of parsing. Pure, so each thread has its own.
    static constexpr qsizetype longest = 2'000;
    thread_local QCache<QByteArray, QJsonObject> known(256 << 10);
    const QByteArray bytes = QByteArray::fromRawData(json.data(), json.size());
    if (const QJsonObject *found = known.object(bytes))
        return *found;
    const QJsonObject object = QJsonDocument::fromJson(bytes).object();
    if (json.size() <= longest)
        known.insert(json.toByteArray(), new QJsonObject(object), json.size());
    return object;
}

} // namespace tierline::storage
