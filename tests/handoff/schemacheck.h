#pragma once

#include <QJsonObject>
#include <QString>

namespace tierline::test {

/// Checks a value against a JSON Schema, as far as our own schemas use the language: type, const,
/// enum, properties, required, additionalProperties (false), items, minimum, maximum, pattern,
/// anyOf and $ref into $defs. Empty, or the path of the first thing that is wrong and why.
/// A keyword that it does not know is an error too, so that no schema is checked by half.
QString schemaFault(const QJsonValue &value, const QJsonObject &schema);

/// resources/schemas/NAME as an object.
QJsonObject publishedSchema(const QString &name);

} // namespace tierline::test
