#include "tests/handoff/schemacheck.h"

#include <QFile>
#include <QJsonArray>
#include <QJsonDocument>
#include <QRegularExpression>

#include <cmath>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

bool hasType(const QJsonValue &value, const QString &type)
{
    if (type == u"string")
        return value.isString();
    if (type == u"object")
        return value.isObject();
    if (type == u"array")
        return value.isArray();
    if (type == u"boolean")
        return value.isBool();
    if (type == u"null")
        return value.isNull();
    if (type == u"number")
        return value.isDouble();
    return type == u"integer" && value.isDouble()
        && std::floor(value.toDouble()) == value.toDouble();
}

struct Checker {
    QJsonObject root;

    QString check(const QJsonValue &value, const QJsonObject &schema, const QString &path) const
    {
        for (auto it = schema.begin(); it != schema.end(); ++it) {
            if (const QString fault = keyword(it.key(), it.value(), value, schema, path);
                !fault.isEmpty())
                return fault;
        }
        return {};
    }

    QString keyword(const QString &name, const QJsonValue &says, const QJsonValue &value,
        const QJsonObject &schema, const QString &path) const
    {
        static const QStringList silent { u"$schema"_s, u"$id"_s, u"$defs"_s, u"title"_s,
            u"description"_s, u"properties"_s };
        if (name == u"$ref") {
            const QString target = says.toString().section(u'/', -1);
            const QJsonObject found = root.value(u"$defs").toObject().value(target).toObject();
            return found.isEmpty() ? path + u": no definition "_s + target
                                   : check(value, found, path);
        }
        if (name == u"type") {
            const QJsonArray types = says.isArray() ? says.toArray() : QJsonArray { says };
            for (const QJsonValue &type : types) {
                if (hasType(value, type.toString()))
                    return {};
            }
            return path + u": wrong type"_s;
        }
        if (name == u"const")
            return value == says ? QString() : path + u": not the constant"_s;
        if (name == u"enum")
            return says.toArray().contains(value) ? QString() : path + u": not one of the values"_s;
        if (name == u"anyOf") {
            for (const QJsonValue &choice : says.toArray()) {
                if (check(value, choice.toObject(), path).isEmpty())
                    return {};
            }
            return path + u": fits no choice"_s;
        }
        if (name == u"minimum" || name == u"maximum") {
            const double d = value.toDouble() - says.toDouble();
            const bool fits = name == u"minimum" ? d >= 0 : d <= 0;
            return !value.isDouble() || fits ? QString() : path + u": beyond its "_s + name;
        }
        if (name == u"pattern") {
            const QRegularExpression pattern(says.toString());
            return !value.isString() || pattern.match(value.toString()).hasMatch()
                ? QString()
                : path + u": does not match "_s + says.toString();
        }
        if (name == u"items")
            return items(value, says.toObject(), path);
        if (name == u"required" || name == u"additionalProperties")
            return members(name, says, value, schema, path);
        return silent.contains(name) ? QString() : path + u": unknown keyword "_s + name;
    }

    QString items(const QJsonValue &value, const QJsonObject &schema, const QString &path) const
    {
        const QJsonArray array = value.toArray();
        for (qsizetype i = 0; i < array.size(); ++i) {
            const QString fault
                = check(array.at(i), schema, path + u'[' + QString::number(i) + u']');
            if (!fault.isEmpty())
                return fault;
        }
        return {};
    }

    QString members(const QString &name, const QJsonValue &says, const QJsonValue &value,
        const QJsonObject &schema, const QString &path) const
    {
        if (!value.isObject())
            return {};
        const QJsonObject object = value.toObject();
        if (name == u"required") {
            for (const QJsonValue &key : says.toArray()) {
                if (!object.contains(key.toString()))
                    return path + u": lacks "_s + key.toString();
            }
            return {};
        }
        const QJsonObject properties = schema.value(u"properties").toObject();
        for (auto it = object.begin(); it != object.end(); ++it) {
            if (!properties.contains(it.key()))
                return path + u": has "_s + it.key() + u", which the schema does not know"_s;
            const QString fault
                = check(it.value(), properties.value(it.key()).toObject(), path + u'.' + it.key());
            if (!fault.isEmpty())
                return fault;
        }
        return {};
    }
};

} // namespace

QString schemaFault(const QJsonValue &value, const QJsonObject &schema)
{
    return Checker { schema }.check(value, schema, u"$"_s);
}

QJsonObject publishedSchema(const QString &name)
{
    QFile file(QStringLiteral(TIERLINE_SOURCE_DIR "/resources/schemas/") + name);
    if (!file.open(QIODevice::ReadOnly))
        return {};
    return QJsonDocument::fromJson(file.readAll()).object();
}

} // namespace tierline::test
