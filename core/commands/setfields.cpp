#include "core/commands/texts.h"
#include "core/commands/work_p.h"

#include <QJsonArray>
#include <QSet>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

constexpr int MaxTags = 100;
constexpr int MaxFields = 200;

Error noSuchValue(const QString &value, const QString &field, const QStringList &allowed)
{
    return badInput(
        u"“%1” is no %2: use one of %3."_s.arg(value.left(40), field, allowed.join(u", "_s)),
        field);
}

/// The changes as one event; what would change nothing is left out.
class Changes
{
public:
    explicit Changes(Work &work)
        : m_work(work)
        , m_event(work.event(EventKind::Changed))
    {
    }

    Result<Done> set(const QString &field, const QString &value);
    /// Adds the event, if anything changes.
    Result<Done> commit()
    {
        if (!m_fields.isEmpty())
            m_event.data[eventdata::fields] = m_fields;
        return m_isChange ? m_work.add(std::move(m_event)) : Result<Done>(Done {});
    }

private:
    Result<Done> setText(QLatin1StringView name, const QString &now, const QString &value);
    Result<Done> setPriority(const QString &value);
    Result<Done> setStatus(const QString &value);
    Result<Done> setSeverity(const QString &value);
    Result<Done> setComplex(const QString &value);
    Result<Done> setTags(const QString &value);
    Result<Done> setAssignee(const QString &value);
    Result<Done> setCustom(const QString &name, const QString &value);

    const Ticket &ticket() const { return m_work.ticket(); }
    void put(QLatin1StringView name, const QJsonValue &value)
    {
        m_event.data[name] = value;
        m_isChange = true;
    }

    Work &m_work;
    Event m_event;
    QJsonObject m_fields;
    bool m_isChange = false;
};

Result<Done> Changes::set(const QString &field, const QString &given)
{
    TIERLINE_TRY(value, cleaned(given, MaxLine, field));
    if (field == u"tier" || field == u"team")
        return badInput(
            u"The %1 is no plain field: it changes by escalate, return or reassign, with a note."_s
                .arg(field),
            field);
    if (field == u"subject" && value.isEmpty())
        return badInput(u"A ticket needs a subject."_s, field);
    if (field == u"subject")
        return setText(eventdata::subject, ticket().subject, value);
    if (field == u"category")
        return setText(eventdata::category, ticket().category, value);
    if (field == u"product")
        return setText(eventdata::product, ticket().product, value);
    if (field == u"type")
        return setText(eventdata::type, ticket().type, value);
    if (field == u"priority")
        return setPriority(value);
    if (field == u"status")
        return setStatus(value);
    if (field == u"severity")
        return setSeverity(value);
    if (field == u"complex")
        return setComplex(value);
    if (field == u"tags")
        return setTags(value);
    if (field == u"assignee")
        return setAssignee(value);
    if (field.startsWith(u"field."_s))
        return setCustom(field.mid(6), value);
    return badInput(
        u"There is no field “%1”: use subject, priority, status, category, product, type, severity, "
        "complex, tags, assignee or field.NAME."_s.arg(field.left(40)),
        field.left(40));
}

Result<Done> Changes::setText(QLatin1StringView name, const QString &now, const QString &value)
{
    if (now != value)
        put(name, value);
    return Done {};
}

Result<Done> Changes::setPriority(const QString &value)
{
    const auto priority = fromCode<Priority>(value);
    if (!priority)
        return noSuchValue(value, u"priority"_s, codes<Priority>());
    if (*priority != ticket().priority) {
        m_event.priority = priority;
        m_isChange = true;
    }
    return Done {};
}

Result<Done> Changes::setStatus(const QString &value)
{
    const auto status = fromCode<Status>(value);
    if (!status || !isWorkable(*status)) {
        if (status)
            return badInput(
                u"A ticket does not become %1 by a field: use solve, and confirm with the customer's "
                "yes."_s.arg(code(*status)),
                u"status"_s);
        return noSuchValue(value, u"status"_s, { u"new"_s, u"open"_s, u"pending"_s, u"hold"_s });
    }
    TIERLINE_CHECK(m_work.checkWorkable());
    if (*status != ticket().status) {
        m_event.status = status;
        m_isChange = true;
    }
    return Done {};
}

Result<Done> Changes::setSeverity(const QString &value)
{
    const auto severity = fromCode<Severity>(value);
    if (!severity && !value.isEmpty())
        return noSuchValue(value, u"severity"_s, codes<Severity>());
    if (severity != ticket().severity)
        put(eventdata::severity, severity ? code(*severity) : QString());
    return Done {};
}

Result<Done> Changes::setComplex(const QString &value)
{
    const QString word = value.toLower();
    const bool isYes = word == u"true" || word == u"yes" || word == u"1";
    if (!isYes && word != u"false" && word != u"no" && word != u"0" && !word.isEmpty())
        return noSuchValue(value, u"complex"_s, { u"true"_s, u"false"_s });
    if (isYes != ticket().isComplex)
        put(eventdata::complex, isYes);
    return Done {};
}

Result<Done> Changes::setTags(const QString &value)
{
    QStringList tags;
    for (const QString &part : value.split(u',')) {
        const QString tag = part.simplified();
        if (tag.size() > 80)
            return badInput(
                u"The tag “%1…” is longer than 80 characters."_s.arg(tag.left(30)), u"tags"_s);
        if (!tag.isEmpty() && !tags.contains(tag))
            tags.append(tag);
    }
    if (tags.size() > MaxTags)
        return badInput(u"A ticket takes at most %1 tags."_s.arg(MaxTags), u"tags"_s);
    if (tags != ticket().tags)
        put(eventdata::tags, QJsonArray::fromStringList(tags));
    return Done {};
}

Result<Done> Changes::setAssignee(const QString &value)
{
    if (value == ticket().assignee)
        return Done {};
    TIERLINE_CHECK(m_work.checkWorkable());
    if (!value.isEmpty())
        TIERLINE_CHECK(
            checkHolder(m_work.staff(), value, ticket().tier, ticket().team, u"assignee"_s));
    m_event.assignee = value;
    m_isChange = true;
    return Done {};
}

Result<Done> Changes::setCustom(const QString &name, const QString &value)
{
    const QString field = name.simplified();
    if (field.isEmpty() || field.size() > 80)
        return badInput(u"A custom field's name has 1 to 80 characters: field.NAME."_s, u"field"_s);
    const bool isNew = !ticket().fields.contains(field);
    if (isNew && value.isEmpty())
        return Done {};
    if (isNew && ticket().fields.size() + m_fields.size() >= MaxFields)
        return badInput(
            u"A ticket takes at most %1 custom fields."_s.arg(MaxFields), u"field."_s + field);
    if (!isNew && ticket().fields.value(field) == QJsonValue(value))
        return Done {};
    m_fields[field] = value.isEmpty() ? QJsonValue(QJsonValue::Null) : QJsonValue(value);
    m_isChange = true;
    return Done {};
}

} // namespace

Result<Done> setFields(Work &work, const SetFields &command)
{
    if (command.changes.isEmpty())
        return badInput(u"Nothing to change was given: write field=value."_s, u"changes"_s);
    Changes changes(work);
    QSet<QString> named;
    for (const auto &[given, value] : command.changes) {
        const QString word = given.trimmed();
        const QString field = word.toLower().startsWith(u"field."_s) ? word : word.toLower();
        if (named.contains(field))
            return badInput(
                u"“%1” is given twice: say once what it should be."_s.arg(field.left(80)),
                field.left(80));
        named.insert(field);
        TIERLINE_CHECK(changes.set(field, value));
    }
    return changes.commit();
}

Result<Outcome> run(Context &context, const SetFields &command)
{
    return onTicket(
        context, command.ticket, u"set"_s, [&](Work &work) { return setFields(work, command); });
}

} // namespace tierline::commands
