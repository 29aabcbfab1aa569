#include "core/storage/columns.h"

#include "core/base/json.h"

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
    return QJsonDocument::fromJson(QByteArray::fromRawData(json.data(), json.size())).object();
}

} // namespace tierline::storage
