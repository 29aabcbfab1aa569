#include "core/connectors/rt/rtwrite.h"

#include "core/connectors/rt/rtjson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr qsizetype subjectLimit = 200;

WritePart partOfField(const QString &name)
{
    if (name == field::place)
        return WritePart::Queue;
    return name == field::owner ? WritePart::Owner : WritePart::Rest;
}

// What it makes of a subject: one line, cut.
QString subjectThere(const QString &subject)
{
    return subject.simplified().left(subjectLimit);
}

QStringList sortedTexts(const QJsonValue &value)
{
    QStringList texts;
    for (const QJsonValue item : value.toArray())
        texts += item.toString();
    texts.removeDuplicates();
    texts.sort();
    return texts;
}

QJsonObject customFieldOf(const QJsonObject &raw, const QString &name)
{
    for (const QJsonValue item : raw.value("CustomFields"_L1).toArray()) {
        const QString told = textOf(item.toObject().value("name"_L1), MaxName);
        if (QString::compare(told, name, Qt::CaseInsensitive) == 0)
            return item.toObject();
    }
    return {};
}

// The value as a PUT takes it. A list is the new whole, and an empty one clears single fields too.
QJsonValue customValue(const FieldShape &shape, const QJsonValue &value)
{
    if (value.isArray())
        return QJsonArray::fromStringList(sortedTexts(value));
    const QString text = value.toString();
    if (text.isEmpty())
        return QJsonArray();
    if (!shape.isInstant)
        return text;
    const auto at = Instant::parse(text, true);
    return at ? sqlInstant(*at) : text;
}

Result<Done> writeCustom(const QString &name, const QJsonValue &value, const QJsonObject &raw,
    const Mapping &mapping, const Names &names, QJsonObject &customFields)
{
    const QString customName = mapping.customField(name);
    const QJsonObject there = customFieldOf(raw, customName);
    if (customName.isEmpty() || there.isEmpty()) {
        return badInput(
            u"Request Tracker has no %1 for this ticket's queue."_s.arg(fieldWords(name, mapping)));
    }
    if (hasTooManyValues(there.value("values"_L1))) {
        return badInput(
            u"Request Tracker holds more than %2 values in %1, and they would be lost: change them there."_s
                .arg(fieldWords(name, mapping))
                .arg(MaxValues));
    }
    // By number where it is known: a name could be written by two queues for two fields.
    const QString id = idOf(there.value("id"_L1));
    customFields.insert(id.isEmpty() ? customName : id, customValue(names.fields.value(id), value));
    return Done {};
}

Result<Done> writeOne(const QString &name, const QJsonValue &value, const Mapping &mapping,
    const Names &names, QJsonObject &body)
{
    const QString text = value.toString();
    if (name == field::place) {
        // A name of digits only would be read as a number.
        const QString known = isId(text) ? names.queues.key(text) : QString();
        body.insert(u"Queue"_s, known.isEmpty() ? text : known);
    } else if (name == field::owner) {
        body.insert(u"Owner"_s, text.isEmpty() ? u"Nobody"_s : text);
    } else if (name == field::subject) {
        body.insert(u"Subject"_s, subjectThere(text));
    } else if (name == field::status) {
        const auto status = fromCode<Status>(text);
        const auto word = status ? mapping.statusWords.find(*status) : mapping.statusWords.end();
        if (word == mapping.statusWords.end()) {
            return badInput(
                u"Request Tracker has no status for “%1”; name one in the account's option “statuses”, such as “stalled=%1”."_s
                    .arg(text));
        }
        body.insert(u"Status"_s, word->second);
    } else if (name == field::priority) {
        const auto priority = fromCode<Priority>(text);
        if (!priority)
            return badInput(u"“%1” is no priority."_s.arg(text));
        body.insert(u"Priority"_s, mapping.numberOf(*priority));
    } else {
        return badInput(u"Request Tracker has no field “%1”."_s.arg(name));
    }
    return Done {};
}

/// The word that stands for a status there; empty where there is none.
QString wordOf(const QString &status, const Mapping &mapping)
{
    const auto known = fromCode<Status>(status);
    const auto word = known ? mapping.statusWords.find(*known) : mapping.statusWords.end();
    return word == mapping.statusWords.end() ? QString() : word->second;
}

} // namespace

QString fieldWords(const QString &name, const Mapping &mapping)
{
    if (name == field::place)
        return u"queue"_s;
    const QString customName = mapping.customField(name);
    return customName.isEmpty() ? name : u"custom field “%1”"_s.arg(customName);
}

bool isSameValue(
    const QString &name, const QJsonValue &a, const QJsonValue &b, const Mapping &mapping)
{
    if (a.isArray() || b.isArray()) {
        const auto texts = [](const QJsonValue &value) {
            return value.isArray()           ? sortedTexts(value)
                : value.toString().isEmpty() ? QStringList()
                                             : QStringList { value.toString() };
        };
        return texts(a) == texts(b);
    }
    const QString left = a.toString(), right = b.toString();
    if (name == field::subject)
        return subjectThere(left) == subjectThere(right);
    if (name == field::place || name == field::owner)
        return QString::compare(left, right, Qt::CaseInsensitive) == 0;
    if (left == right)
        return true;
    if (name == field::status) {
        const QString word = wordOf(left, mapping);
        return !word.isEmpty() && word == wordOf(right, mapping);
    }
    const auto from = Instant::parse(left, true), to = Instant::parse(right, true);
    return from && to && left.size() > 10 && *from == *to;
}

QJsonObject openWishes(
    WritePart part, const QJsonObject &wanted, const QJsonObject &present, const Mapping &mapping)
{
    QJsonObject wishes;
    for (auto wish = wanted.constBegin(); wish != wanted.constEnd(); ++wish) {
        if (partOfField(wish.key()) == part
            && !isSameValue(wish.key(), wish.value(), present.value(wish.key()), mapping))
            wishes.insert(wish.key(), wish.value());
    }
    return wishes;
}

Result<QJsonObject> writeBody(
    const QJsonObject &wishes, const QJsonObject &raw, const Mapping &mapping, const Names &names)
{
    QJsonObject body, customFields;
    for (auto wish = wishes.constBegin(); wish != wishes.constEnd(); ++wish) {
        const QString &name = wish.key();
        if (name == field::tags || name.startsWith(field::custom)) {
            TIERLINE_CHECK(writeCustom(name, wish.value(), raw, mapping, names, customFields));
        } else {
            TIERLINE_CHECK(writeOne(name, wish.value(), mapping, names, body));
        }
    }
    if (!customFields.isEmpty())
        body.insert(u"CustomFields"_s, customFields);
    return body;
}

} // namespace tierline::connectors::rt
