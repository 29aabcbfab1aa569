#include "core/base/json.h"

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

QString position(QByteArrayView bytes, qsizetype offset)
{
    const QByteArrayView before = bytes.first(qBound<qsizetype>(0, offset, bytes.size()));
    const auto line = std::count(before.begin(), before.end(), '\n') + 1;
    const qsizetype column = before.size() - (before.lastIndexOf('\n') + 1) + 1;
    return u"line %1, column %2"_s.arg(line).arg(column);
}

/// Offset of the bracket that goes too deep, or -1. Knows strings, nothing else of the grammar.
qsizetype tooDeepAt(QByteArrayView bytes, int limit)
{
    int depth = 0;
    bool inString = false;
    for (qsizetype i = 0; i < bytes.size(); ++i) {
        const char c = bytes[i];
        if (inString) {
            if (c == '\\')
                ++i;
            else if (c == '"')
                inString = false;
        } else if (c == '"') {
            inString = true;
        } else if (c == '{' || c == '[') {
            if (++depth > limit)
                return i;
        } else if (c == '}' || c == ']') {
            --depth;
        }
    }
    return -1;
}

} // namespace

Result<QJsonDocument> readJson(QByteArrayView bytes, JsonLimits limits)
{
    if (bytes.size() > limits.bytes)
        return badInput(u"The JSON is %1 bytes long; at most %2 are taken."_s.arg(bytes.size())
                            .arg(limits.bytes));
    if (const qsizetype at = tooDeepAt(bytes, limits.depth); at >= 0)
        return badInput(u"The JSON is nested more than %1 levels deep."_s.arg(limits.depth),
            position(bytes, at));
    QJsonParseError problem;
    QJsonDocument document
        = QJsonDocument::fromJson(QByteArray::fromRawData(bytes.data(), bytes.size()), &problem);
    if (problem.error != QJsonParseError::NoError)
        return badInput(u"The JSON cannot be read: %1."_s.arg(problem.errorString()),
            position(bytes, problem.offset));
    return document;
}

Result<QJsonObject> readJsonObject(QByteArrayView bytes, JsonLimits limits)
{
    TIERLINE_TRY(document, readJson(bytes, limits));
    if (!document.isObject())
        return badInput(u"The JSON is no object: it must begin with “{”."_s);
    return document.object();
}

QString compactJson(const QJsonObject &object)
{
    return QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact));
}

} // namespace tierline
