#include "core/base/json.h"

#include <array>
#include <cstring>

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

/// Behind the end of the string that begins before `from`, or the end of all.
const char *behindString(const char *from, const char *end)
{
    for (const char *at = from; at < end;) {
        const auto *quote
            = static_cast<const char *>(std::memchr(at, '"', static_cast<size_t>(end - at)));
        if (!quote)
            return end;
        qsizetype backslashes = 0;
        while (quote - backslashes > at && quote[-backslashes - 1] == '\\')
            ++backslashes;
        if (backslashes % 2 == 0)
            return quote + 1;
        at = quote + 1;
    }
    return end;
}

/// Offset of the bracket that goes too deep, or -1. Knows strings, nothing else of the grammar.
qsizetype tooDeepAt(QByteArrayView bytes, int limit)
{
    // Most of a document is neither: a table is quicker than five comparisons.
    static constexpr auto isOfInterest = [] {
        std::array<bool, 256> table {};
        for (const unsigned char c : { '"', '{', '[', '}', ']' })
            table[c] = true;
        return table;
    }();
    int depth = 0;
    const char *const end = bytes.data() + bytes.size();
    for (const char *at = bytes.data(); at < end;) {
        const char c = *at++;
        if (!isOfInterest[static_cast<unsigned char>(c)])
            continue;
        if (c == '"') {
            at = behindString(at, end);
        } else if (c == '{' || c == '[') {
            if (++depth > limit)
                return at - 1 - bytes.data();
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
    const qsizetype at
        = limits.depth < JsonLimits::ParserDepth ? tooDeepAt(bytes, limits.depth) : -1;
    if (at >= 0)
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
