#include "core/connectors/rt/rtmapping.h"

#include "core/connectors/rt/rtjson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

// "a=b, c=d" as pairs, in order.
QList<QPair<QString, QString>> pairsOf(const QString &text)
{
    QList<QPair<QString, QString>> pairs;
    for (const QString &part : text.split(u',', Qt::SkipEmptyParts)) {
        pairs.append({ part.section(u'=', 0, 0).trimmed().toLower(),
            part.section(u'=', 1).trimmed().toLower() });
    }
    return pairs;
}

void readStatuses(const QString &text, Mapping &mapping, QStringList &problems)
{
    std::map<Status, QString> named;
    for (const auto &[word, meaning] : pairsOf(text)) {
        const auto status = fromCode<Status>(meaning);
        if (word.isEmpty() || !status) {
            problems
                += u"The option “statuses” says “%1=%2”; write the server's word, “=” and one of %3."_s
                       .arg(word, meaning, codes<Status>().join(u", "_s));
            continue;
        }
        mapping.statuses.insert(word, *status);
        // The first word given for a status is the one that is written.
        named.emplace(*status, word);
    }
    for (const auto &[status, word] : named)
        mapping.statusWords[status] = word;
    for (auto entry = mapping.statusWords.begin(); entry != mapping.statusWords.end();) {
        // A word that now means something else must no longer be written for what it meant.
        const bool isStale = mapping.statuses.value(entry->second) != entry->first;
        entry = isStale ? mapping.statusWords.erase(entry) : std::next(entry);
    }
}

void readPriorities(const QString &text, Mapping &mapping, QStringList &problems)
{
    Mapping changed = mapping;
    for (const auto &[name, number] : pairsOf(text)) {
        bool isNumber = false;
        const qint64 from = number.toLongLong(&isNumber);
        const auto priority = fromCode<Priority>(name);
        if (!isNumber || !priority || *priority == Priority::Low) {
            problems
                += u"The option “priorities” says “%1=%2”; write for example “urgent=80, high=50, normal=20”."_s
                       .arg(name, number);
            return;
        }
        (*priority == Priority::Urgent        ? changed.urgentFrom
                : *priority == Priority::High ? changed.highFrom
                                              : changed.normalFrom)
            = from;
    }
    if (changed.normalFrom < 1 || changed.normalFrom >= changed.highFrom
        || changed.highFrom >= changed.urgentFrom) {
        problems
            += u"The option “priorities” must rise from normal over high to urgent, and begin above 0."_s;
        return;
    }
    mapping = changed;
}

/// None where there are more than are taken: a part of them, sent back, would remove the others.
std::optional<QStringList> textsOf(const QJsonValue &values)
{
    QStringList texts;
    if (!values.isArray()) {
        if (const QString text = textOf(values); !text.isEmpty())
            texts += text;
        return texts;
    }
    if (hasTooManyValues(values))
        return std::nullopt;
    for (const QJsonValue value : values.toArray()) {
        // An empty value and none are the same thing.
        if (const QString text = textOf(value); !text.isEmpty())
            texts += text;
    }
    return texts;
}

QString textValue(const std::map<QString, QString> &options, const QString &name, QString otherwise)
{
    const auto found = options.find(name);
    return found == options.end() || found->second.trimmed().isEmpty() ? otherwise
                                                                       : found->second.trimmed();
}

} // namespace

QStringList Mapping::optionNames()
{
    return { u"statuses"_s, u"priorities"_s, u"tags_field"_s, u"reference_field"_s,
        u"sentiment_field"_s, u"risk_field"_s, u"census_hours"_s };
}

Mapping Mapping::fromOptions(const std::map<QString, QString> &options, QStringList *problems)
{
    Mapping mapping;
    QStringList found;
    mapping.statuses = { { u"new"_s, Status::New }, { u"open"_s, Status::Open },
        { u"stalled"_s, Status::Pending }, { u"resolved"_s, Status::Solved },
        { u"rejected"_s, Status::Closed }, { u"deleted"_s, Status::Deleted } };
    mapping.statusWords = { { Status::New, u"new"_s }, { Status::Open, u"open"_s },
        { Status::Pending, u"stalled"_s }, { Status::Solved, u"resolved"_s },
        { Status::Deleted, u"deleted"_s } };
    readStatuses(textValue(options, u"statuses"_s, {}), mapping, found);
    // What was done and confirmed was never “rejected” there: without a word of its own it is resolved.
    if (const auto solved = mapping.statusWords.find(Status::Solved);
        solved != mapping.statusWords.end())
        mapping.statusWords.emplace(Status::Closed, solved->second);
    readPriorities(textValue(options, u"priorities"_s, {}), mapping, found);
    mapping.tagsField = textValue(options, u"tags_field"_s, u"Tags"_s);
    const auto mapTriage = [&](const QString &option, QLatin1StringView name) {
        if (const QString custom = textValue(options, option, {}); !custom.isEmpty())
            mapping.triageFields.insert(field::custom + name, custom);
    };
    mapTriage(u"sentiment_field"_s, "sentiment_score"_L1);
    mapTriage(u"risk_field"_s, "escalation_risk"_L1);
    mapping.referenceField = textValue(options, u"reference_field"_s, u"Client Reference"_s);
    const QString hours = textValue(options, u"census_hours"_s, u"6"_s);
    bool isNumber = false;
    if (const double count = hours.toDouble(&isNumber); isNumber && count >= 0.1 && count <= 8760)
        mapping.censusEvery = Millis(static_cast<qint64>(count * 3'600'000));
    else
        found
            += u"The option “census_hours” is “%1”; write a number from 0.1 to 8760."_s.arg(hours);
    if (problems)
        *problems += found;
    return mapping;
}

Status Mapping::status(const QString &word) const
{
    return statuses.value(word.toLower(), Status::Open);
}

Priority Mapping::priority(qint64 number) const
{
    if (number >= urgentFrom)
        return Priority::Urgent;
    if (number >= highFrom)
        return Priority::High;
    return number >= normalFrom ? Priority::Normal : Priority::Low;
}

qint64 Mapping::numberOf(Priority priority) const
{
    switch (priority) {
    case Priority::Urgent: return urgentFrom + 10;
    case Priority::High: return std::min(highFrom + 10, urgentFrom - 1);
    case Priority::Normal: return std::min(normalFrom + 10, highFrom - 1);
    case Priority::Low: break;
    }
    return std::min<qint64>(10, normalFrom - 1);
}

QString Mapping::fieldName(const QString &customField) const
{
    if (QString::compare(customField, tagsField, Qt::CaseInsensitive) == 0)
        return field::tags;
    for (auto own = triageFields.cbegin(); own != triageFields.cend(); ++own) {
        if (QString::compare(customField, *own, Qt::CaseInsensitive) == 0)
            return own.key();
    }
    return field::custom + customField;
}

QString Mapping::customField(const QString &name) const
{
    if (name == field::tags)
        return tagsField;
    if (!name.startsWith(field::custom))
        return {};
    return triageFields.value(name, name.mid(field::custom.size()));
}

bool hasTooManyValues(const QJsonValue &values)
{
    return values.toArray().size() > MaxValues;
}

bool isNobody(const QString &login)
{
    return login.isEmpty() || login == "Nobody"_L1;
}

bool isSystem(const QString &login)
{
    return login == "RT_System"_L1;
}

QString ownerOf(const QString &login)
{
    return isNobody(login) ? QString() : login;
}

QString singleOf(const FieldShape &shape, const QString &raw)
{
    if (!shape.isInstant)
        return raw;
    if (raw.isEmpty())
        return {};
    const auto at = instantOf(QJsonValue(raw));
    return at ? at->iso() : QString();
}

QJsonValue valueOf(const FieldShape &shape, bool isTags, const QStringList &values)
{
    QStringList mapped;
    for (const QString &value : values) {
        if (const QString single = singleOf(shape, value); !single.isEmpty())
            mapped += single;
    }
    if (!isTags && !shape.isMany)
        return mapped.isEmpty() ? QString() : mapped.first();
    mapped.removeDuplicates();
    mapped.sort();
    return QJsonArray::fromStringList(mapped);
}

namespace {

/// The value of one custom field of a ticket; undefined where it is not taken. `known`: its shape.
QJsonValue fieldValue(const FieldShape *known, bool isTags, const QJsonObject &one)
{
    const QJsonValue raw = one.value("values"_L1);
    // Most have no value or one, and of those a list need not be made.
    const qsizetype count = raw.isArray() ? raw.toArray().size() : 1;
    if (count == 0 && !isTags && !(known && known->isMany))
        return QString();
    if (count == 1 && !isTags && !(known && (known->isMany || known->isInstant)))
        return textOf(raw.isArray() ? raw.toArray().first() : raw);
    const auto values = textsOf(raw);
    if (!values)
        return QJsonValue(QJsonValue::Undefined);
    const FieldShape unknown { .isMany = values->size() > 1 };
    return valueOf(known ? *known : unknown, isTags, *values);
}

void addCustomFields(
    const QJsonValue &list, const Mapping &mapping, const Names &names, QJsonObject &fields)
{
    // Absent, "" and {} where there are none. From the end: of two with one name the first one counts,
    // as in writing.
    const QJsonArray all = list.toArray();
    for (qsizetype i = all.size() - 1; i >= 0; --i) {
        const QJsonObject one = all.at(i).toObject();
        const QString name = textOf(one.value("name"_L1), MaxName);
        if (name.isEmpty())
            continue;
        const QString field = mapping.fieldName(name);
        const auto known = names.fields.constFind(idOf(one.value("id"_L1)));
        // One that is not taken is undefined, which is to be there no more.
        fields.insert(field,
            fieldValue(
                known == names.fields.cend() ? nullptr : &*known, field == field::tags, one));
    }
}

QString queueOf(const QJsonValue &queue, const Names &names)
{
    QString name = textOf(queue.toObject().value("Name"_L1), MaxName);
    if (!name.isEmpty())
        return name;
    const QString id = referenceOf(queue);
    return isId(id) ? names.queues.value(id, u'#' + id) : id;
}

} // namespace

QJsonObject fieldsOf(const QJsonObject &ticket, const Mapping &mapping, const Names &names)
{
    QJsonObject fields;
    if (const QJsonValue subject = ticket.value("Subject"_L1); !subject.isUndefined())
        fields.insert(
            field::subject, subjectOf(subject.isString() ? subject.toString() : textOf(subject)));
    if (const QString word = textOf(ticket.value("Status"_L1), MaxName); !word.isEmpty())
        fields.insert(field::status, code(mapping.status(word)));
    if (const auto number = numberOf(ticket.value("Priority"_L1)))
        fields.insert(field::priority, code(mapping.priority(*number)));
    if (const QString queue = queueOf(ticket.value("Queue"_L1), names); !queue.isEmpty())
        fields.insert(field::place, queue);
    if (const QString owner = referenceOf(ticket.value("Owner"_L1)); !owner.isEmpty())
        fields.insert(field::owner, ownerOf(owner));
    addCustomFields(ticket.value("CustomFields"_L1), mapping, names, fields);
    return fields;
}

RemoteUser personOf(const QJsonValue &reference)
{
    const QJsonObject object = reference.toObject();
    RemoteUser user;
    user.id = textOf(object.value("Name"_L1), MaxName);
    if (user.id.isEmpty())
        user.id = referenceOf(reference);
    if (isNobody(user.id))
        return {};
    user.name = textOf(object.value("RealName"_L1), MaxName);
    user.email = textOf(object.value("EmailAddress"_L1), MaxName);
    if (user.email.isEmpty() && user.id.contains(u'@'))
        user.email = user.id;
    if (user.name.isEmpty())
        user.name = user.id;
    return user;
}

RemoteTicket ticketOf(
    const QJsonObject &ticket, const Mapping &mapping, const Names &names, const QString &link)
{
    RemoteTicket result;
    result.id = idOf(ticket.value("id"_L1));
    result.fields = fieldsOf(ticket, mapping, names);
    result.created = instantOf(ticket.value("Created"_L1)).value_or(Instant {});
    result.updated = instantOf(ticket.value("LastUpdated"_L1)).value_or(result.created);
    const QJsonValue requestor = ticket.value("Requestor"_L1);
    result.requester = personOf(requestor.isArray() ? requestor.toArray().first() : requestor);
    result.link = link + result.id;
    if (result.fields.value(field::status).toString() == code(Status::Deleted))
        result.presence = Presence::Deleted;
    return result;
}

} // namespace tierline::connectors::rt
