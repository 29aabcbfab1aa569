#pragma once

#include "core/base/instant.h"

#include <QJsonDocument>
#include <QJsonObject>

#include <optional>

namespace tierline {

/// Bounds for JSON from outside. Qt's own parser stops at depth 1024; to be held to less costs one more
/// pass over the bytes, for what is walked, kept or shown whole.
struct JsonLimits {
    static constexpr int ParserDepth = 1024;
    qint64 bytes = 16 << 20;
    int depth = 64;
};

/// Parses one JSON document from untrusted bytes. BadInput with line and column where it is broken,
/// too large or too deep. Strings in the result may still hold lone surrogates: see validText().
Result<QJsonDocument> readJson(QByteArrayView bytes, JsonLimits limits = {});

/// The same, where the document must be an object.
Result<QJsonObject> readJsonObject(QByteArrayView bytes, JsonLimits limits = {});

/// Null where there is nothing to tell.
inline QJsonValue orNull(const QString &text)
{
    return text.isEmpty() ? QJsonValue() : QJsonValue(text);
}
inline QJsonValue orNull(const std::optional<Instant> &at)
{
    return at ? QJsonValue(at->iso()) : QJsonValue();
}

/// One line, no spaces, keys in Qt's order: what is stored and compared.
QString compactJson(const QJsonObject &object);

} // namespace tierline
