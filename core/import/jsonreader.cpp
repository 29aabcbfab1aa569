#include "core/import/ticketline_p.h"

#include <cmath>

namespace tierline::importing {

using namespace Qt::StringLiterals;
namespace dom = simdjson::dom;

namespace {

QString fromView(std::string_view utf8)
{
    return validText(QString::fromUtf8(utf8.data(), static_cast<qsizetype>(utf8.size())));
}

QJsonValue toQt(dom::element element)
{
    switch (element.type()) {
    case dom::element_type::ARRAY: {
        QJsonArray list;
        for (const dom::element item : dom::array(element))
            list.append(toQt(item));
        return list;
    }
    case dom::element_type::OBJECT: {
        QJsonObject object;
        for (const dom::key_value_pair field : dom::object(element))
            object[fromView(field.key)] = toQt(field.value);
        return object;
    }
    case dom::element_type::INT64: return qint64(int64_t(element));
    case dom::element_type::UINT64: return double(uint64_t(element));
    case dom::element_type::DOUBLE: return double(element);
    case dom::element_type::STRING: return fromView(std::string_view(element));
    case dom::element_type::BOOL: return bool(element);
    case dom::element_type::NULL_VALUE: break;
    }
    return QJsonValue::Null;
}

} // namespace

QString JsonReader::text(Object object, const char *key, qsizetype cap, const QString &path)
{
    const auto element = find(object, key);
    if (!element)
        return {};
    std::string_view utf8;
    if (element->get(utf8)) {
        fail(u"%1 must be a text"_s.arg(name(key, path)));
        return {};
    }
    return shortened(fromView(utf8), cap);
}

/// A text; a whole number is taken for one, exactly, since some tools number their tickets.
QString JsonReader::identifier(Object object, const char *key)
{
    const auto element = find(object, key);
    int64_t number = 0;
    if (element && !element->get(number))
        return QString::number(number);
    return text(object, key, 100'000).trimmed();
}

QStringList JsonReader::texts(
    Object object, const char *key, int most, qsizetype cap, const QString &path)
{
    QStringList result;
    const auto element = find(object, key);
    if (!element)
        return result;
    dom::array items;
    if (element->get(items)) {
        fail(u"%1 must be a list of texts"_s.arg(name(key, path)));
        return result;
    }
    for (const dom::element item : items) {
        std::string_view utf8;
        if (item.get(utf8)) {
            fail(u"%1 must be a list of texts"_s.arg(name(key, path)));
            return result;
        }
        if (result.size() == most) {
            fail(u"%1 has more than %2 entries"_s.arg(name(key, path)).arg(most));
            return result;
        }
        result.append(shortened(fromView(utf8), cap));
    }
    return result;
}

std::optional<bool> JsonReader::boolean(Object object, const char *key, const QString &path)
{
    const auto element = find(object, key);
    if (!element)
        return std::nullopt;
    bool value = false;
    if (element->get(value))
        fail(u"%1 must be true or false"_s.arg(name(key, path)));
    return value;
}

std::optional<qint64> JsonReader::integer(Object object, const char *key, const QString &path)
{
    const auto element = find(object, key);
    if (!element)
        return std::nullopt;
    int64_t whole = 0;
    if (!element->get(whole))
        return whole;
    double real = 0;
    constexpr double exact = 9'007'199'254'740'992.0; // 2^53: beyond it a double is no whole number
    if (element->get(real) || std::trunc(real) != real || std::abs(real) > exact) {
        fail(u"%1 must be a whole number"_s.arg(name(key, path)));
        return std::nullopt;
    }
    return static_cast<qint64>(real);
}

std::optional<Instant> JsonReader::instant(Object object, const char *key, const QString &path)
{
    const QString word = text(object, key, 100, path);
    if (word.isNull())
        return std::nullopt;
    const auto parsed = Instant::parse(word);
    if (!parsed) {
        fail(u"%1: %2"_s.arg(name(key, path), parsed.error().detail));
        return std::nullopt;
    }
    return *parsed;
}

Instant JsonReader::required(Object object, const char *key, const QString &path)
{
    const auto at = instant(object, key, path);
    if (!at)
        fail(u"%1 is missing"_s.arg(name(key, path)));
    return at.value_or(Instant {});
}

std::optional<JsonReader::Object> JsonReader::child(
    Object object, const char *key, const QString &path)
{
    const auto element = find(object, key);
    if (!element)
        return std::nullopt;
    return asObject(*element, path + QString::fromLatin1(key));
}

std::optional<JsonReader::Object> JsonReader::asObject(Element element, const QString &path)
{
    dom::object object;
    if (element.get(object)) {
        fail(u"“%1” must be an object"_s.arg(path));
        return std::nullopt;
    }
    return object;
}

std::vector<JsonReader::Element> JsonReader::list(Object object, const char *key, int most)
{
    std::vector<Element> result;
    const auto element = find(object, key);
    if (!element)
        return result;
    dom::array items;
    if (element->get(items)) {
        fail(u"%1 must be a list"_s.arg(name(key, {})));
        return result;
    }
    for (const dom::element item : items) {
        if (static_cast<int>(result.size()) == most) {
            fail(u"%1 has more than %2 entries"_s.arg(name(key, {})).arg(most));
            return {};
        }
        result.push_back(item);
    }
    return result;
}

QJsonValue JsonReader::value(Object object, const char *key)
{
    const auto element = find(object, key);
    return element ? toQt(*element) : QJsonValue(QJsonValue::Null);
}

QJsonObject JsonReader::object(Object object, const char *key, const QString &path)
{
    const auto inner = child(object, key, path);
    return inner ? toQt(Element(*find(object, key))).toObject() : QJsonObject();
}

qint64 JsonReader::scoreOf(Object object, const QString &path)
{
    const auto element = find(object, "to");
    std::string_view word;
    if (element && !element->get(word))
        return fromView(word).toLongLong();
    return integer(object, "to", path).value_or(0);
}

} // namespace tierline::importing
