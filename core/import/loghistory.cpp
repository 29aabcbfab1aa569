#include "core/import/eventlogsource_p.h"

#include <QRegularExpression>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

/// Names of fields that are columns of a ticket, not custom fields.
bool isOwnField(const QString &name)
{
    return name == u"product" || name == u"category" || name == u"type" || name == u"subject";
}

/// "Problem Number" gives "Problem"; a name that says nothing ("number", "concept:name") gives "".
QString nounOf(const QString &column)
{
    static const QRegularExpression tail(u"\\s+(number|no\\.?|nr\\.?|id|key|ref(erence)?)$"_s,
        QRegularExpression::CaseInsensitiveOption);
    const auto match = tail.match(column.left(100));
    return match.hasMatch() ? column.left(match.capturedStart()) : QString();
}

} // namespace

LogHistory::LogHistory(const EventMap &map, QString frontline)
    : m_map(map)
    , m_frontline(std::move(frontline))
    , m_noun(nounOf(map.columns[map.caseColumn]))
{
}

void LogHistory::begin(const QString &key)
{
    m_history = {};
    m_history.ticket.key = key;
    m_before = {};
    m_before.fields = QStringList(static_cast<qsizetype>(m_map.fields.size()));
    m_last = {};
    m_origins = {};
    m_created.reset();
}

void LogHistory::add(const MappedRow &row)
{
    Event event;
    const bool isFirst = m_history.events.empty();
    event.kind = isFirst ? EventKind::Created : EventKind::LogRow;
    event.at = row.at;
    // Where the log has an order of its own, the instants may disagree with it: the place is then
    // the latest instant so far, and equal places go by number, so by the log's order.
    event.order = isFirst || row.at > m_history.events.back().order ? row.at
                                                                    : m_history.events.back().order;
    event.actor = row.agent.value_or(QString());
    event.actorKind = row.agent ? AuthorKind::Agent : AuthorKind::System;
    event.origin = m_origins.next(row.fingerprint);
    addChanges(row, event);
    addFields(row, event);
    if (row.isAwaiting)
        event.data[u"awaiting"_s] = true;
    if (isFirst)
        m_created = row.created;
    else if (row.created && !m_created)
        m_created = row.created;
    m_history.events.push_back(std::move(event));
    m_history.messageOf.push_back(-1);
    if (row.resolved)
        m_last.resolved = row.resolved;
    if (row.slaMet)
        m_last.slaMet = row.slaMet;
    if (row.reopened)
        m_last.reopened = row.reopened;
}

/// What differs from the row before; what the row does not say stays.
void LogHistory::addChanges(const MappedRow &row, Event &event)
{
    const bool isFirst = event.kind == EventKind::Created;
    const auto take = [](const auto &value, auto &before, auto &member) {
        if (value && value != before)
            member = before = value;
    };
    take(row.tier, m_before.tier, event.tier);
    take(row.team, m_before.team, event.team);
    take(row.agent, m_before.agent, event.assignee);
    take(row.status, m_before.status, event.status);
    take(row.priority, m_before.priority, event.priority);
    if (isFirst && !event.tier) {
        event.tier = m_before.tier = m_frontline;
        // A log without tiers says nothing of escalations, and figures must not count it as none.
        if (m_map.tierRules.empty())
            event.data[u"tier_assumed"_s] = true;
    }
    if (isFirst && !event.status)
        event.status = m_before.status = Status::New;
}

void LogHistory::addFields(const MappedRow &row, Event &event)
{
    const bool isFirst = event.kind == EventKind::Created;
    QJsonObject custom;
    for (size_t i = 0; i < m_map.fields.size(); ++i) {
        const auto at = static_cast<qsizetype>(i);
        const QString &value = row.fields[at];
        if (value.isNull() || value == m_before.fields[at])
            continue;
        m_before.fields[at] = value;
        const QString &name = m_map.fields[i].name;
        Ticket &ticket = m_history.ticket;
        if (name == u"requester")
            m_history.requester.name = value;
        else if (name == u"organization")
            m_history.organization.name = value;
        else if (name == u"channel" && isFirst)
            ticket.channel = value;
        else if (isOwnField(name) && !isFirst)
            event.data[name] = value;
        else if (name == u"product")
            ticket.product = value;
        else if (name == u"category")
            ticket.category = value;
        else if (name == u"type")
            ticket.type = value;
        else if (name == u"subject")
            ticket.subject = shortened(value, 1000);
        else if (isFirst)
            ticket.fields[name] = value;
        else
            custom[name] = value;
    }
    if (!custom.isEmpty())
        event.data[u"fields"_s] = custom;
}

/// Logs have no subjects: something that a person recognises, from what there is.
QString LogHistory::subject() const
{
    QStringList parts { m_noun.isEmpty() ? m_history.ticket.key
                                         : m_noun + u' ' + m_history.ticket.key };
    for (const QString &part : { m_history.ticket.product, m_history.ticket.category,
             m_history.ticket.fields[u"symptom"_s].toString() }) {
        if (!part.isEmpty())
            parts.append(part);
    }
    return shortened(parts.join(u" · "_s), 1000);
}

commands::History LogHistory::take()
{
    Ticket &ticket = m_history.ticket;
    // The log's own word on when the ticket was created counts; the first row keeps its place.
    Event &first = m_history.events.front();
    first.at = m_created.value_or(first.at);
    ticket.created = first.at;
    if (ticket.subject.isEmpty())
        ticket.subject = subject();
    QJsonObject known;
    if (m_last.resolved)
        known[u"resolved_at"_s] = m_last.resolved->iso();
    if (m_last.slaMet)
        known[u"sla_met"_s] = *m_last.slaMet;
    if (m_last.reopened)
        known[u"reopen_count"_s] = *m_last.reopened;
    // In the last event, so that a later, longer export of the same log brings newer words.
    if (known.isEmpty())
        return std::move(m_history);
    if (m_history.events.size() == 1) {
        ticket.fields[u"known"_s] = known;
    } else {
        QJsonObject &data = m_history.events.back().data;
        QJsonObject fields = data[u"fields"_s].toObject();
        fields[u"known"_s] = known;
        data[u"fields"_s] = fields;
    }
    return std::move(m_history);
}

} // namespace tierline::importing
