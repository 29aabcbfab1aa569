#include "core/import/rowmapper.h"

#include "core/import/fingerprint_p.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

std::optional<bool> truth(const QString &text)
{
    const QString word = text.trimmed().toLower();
    if (word == u"true" || word == u"1" || word == u"yes" || word == u"y" || word == u"t")
        return true;
    if (word == u"false" || word == u"0" || word == u"no" || word == u"n" || word == u"f")
        return false;
    return std::nullopt;
}

} // namespace

QString shortened(QString text, qsizetype length)
{
    if (text.size() <= length)
        return text;
    qsizetype end = length - 1;
    if (end > 0 && text[end - 1].isHighSurrogate())
        --end;
    text.truncate(end);
    return text + u'…';
}

Result<RowMapper> RowMapper::make(const EventMap &map, const QStringList &tiers)
{
    const QStringList named = map.tiers();
    for (const QString &tier : named) {
        if (!tiers.contains(tier))
            return badInput(
                u"The map “%1” sends tickets to the tier “%2”, which this workspace does not have (it has "
                "%3). Add the tier, or correct the map."_s.arg(
                    map.name, tier.left(60), tiers.join(u", "_s)),
                u"tier"_s);
    }
    TIERLINE_TRY(times, TimeReader::make(map.timeFormat, map.zone));
    return RowMapper(map, times);
}

std::optional<QString> RowMapper::value(const LogRecord &record, int column) const
{
    if (column < 0 || m_map.isNull(record.values[column]))
        return std::nullopt;
    return record.values[column];
}

Result<std::optional<Instant>> RowMapper::time(const LogRecord &record, int column) const
{
    const auto text = value(record, column);
    if (!text)
        return std::optional<Instant>();
    auto instant = m_times.read(*text);
    if (!instant)
        return badInput(u"the column “%1” cannot be read: %2"_s.arg(
            m_map.columns[column], instant.error().detail));
    return std::optional(*instant);
}

Result<MappedRow> RowMapper::map(const LogRecord &record) const
{
    if (!record.problem.isEmpty())
        return badInput(record.problem);
    MappedRow row { .line = record.line };
    const auto key = value(record, m_map.caseColumn);
    row.ticket = key.value_or(QString()).trimmed();
    if (row.ticket.isEmpty())
        return badInput(u"the column “%1” is empty, so the row belongs to no ticket"_s.arg(
            m_map.columns[m_map.caseColumn]));
    if (row.ticket.size() > MaxKeyLength)
        return badInput(u"the ticket's number is longer than %1 characters"_s.arg(MaxKeyLength));
    TIERLINE_TRY(at, time(record, m_map.time));
    if (!at)
        return badInput(
            u"the column “%1” is empty, so the row has no time"_s.arg(m_map.columns[m_map.time]));
    row.at = *at;
    TIERLINE_CHECK(readMeaning(record, row));
    TIERLINE_CHECK(readKnown(record, row));

    // What an export writes back later onto old rows (when it was resolved, whether the SLA was met)
    // is no part of the row's identity, or a newer export would double every row.
    Fingerprint print;
    print.addOrNull(row.ticket);
    print.addOrNull(QString::number(row.at.ms));
    print.addOrNull(m_map.order >= 0 ? record.values[m_map.order] : QString());
    print.addOrNull(value(record, m_map.team).value_or(QString()));
    print.addOrNull(value(record, m_map.status).value_or(QString()));
    print.addOrNull(value(record, m_map.priority).value_or(QString()));
    print.addOrNull(row.agent.value_or(QString()));
    for (const QString &field : row.fields)
        print.addOrNull(field);
    row.fingerprint = print.value();
    return row;
}

Result<Done> RowMapper::readMeaning(const LogRecord &record, MappedRow &row) const
{
    row.order = row.at.ms;
    if (m_map.order >= 0) {
        const auto text = value(record, m_map.order).value_or(QString()).trimmed();
        bool isNumber = false;
        row.order = text.toLongLong(&isNumber);
        if (!isNumber) {
            const auto instant = m_times.read(text);
            if (!instant)
                return badInput(
                    u"the order column “%1” holds “%2”, which is no whole number and no time"_s.arg(
                        m_map.columns[m_map.order], text.left(40)));
            row.order = instant->ms;
        }
    }
    if (const auto team = value(record, m_map.team))
        row.team = shortened(*team, MaxKeyLength);
    if (const auto from = value(record, m_map.tierFrom))
        row.tier = m_map.tierOf(*from);
    QStringList agent;
    for (const int column : m_map.agent) {
        if (const auto part = value(record, column))
            agent.append(*part);
    }
    if (!agent.isEmpty())
        row.agent = shortened(agent.join(u", "_s), MaxKeyLength);
    if (const auto text = value(record, m_map.status)) {
        const auto known = m_map.statusOf.constFind(*text);
        row.status = known != m_map.statusOf.cend() ? std::optional(*known) : m_map.statusElse;
        if (!row.status)
            return badInput(
                u"the map's “status” does not know “%1” and has no “else”"_s.arg(text->left(60)));
    }
    for (const EventMap::Field &field : m_map.fields)
        row.fields.append(
            shortened(value(record, field.column).value_or(QString()), MaxFieldLength));
    return Done {};
}

Result<Done> RowMapper::readKnown(const LogRecord &record, MappedRow &row) const
{
    TIERLINE_TRY(created, time(record, m_map.createdAt));
    row.created = created;
    TIERLINE_TRY(resolved, time(record, m_map.resolvedAt));
    row.resolved = resolved;
    if (const auto text = value(record, m_map.slaMet)) {
        row.slaMet = truth(*text);
        if (!row.slaMet)
            return badInput(u"“%1” in the column “%2” is neither true nor false"_s.arg(
                text->left(40), m_map.columns[m_map.slaMet]));
    }
    if (const auto text = value(record, m_map.reopenCount)) {
        bool isNumber = false;
        row.reopened = text->trimmed().toLongLong(&isNumber);
        if (!isNumber || *row.reopened < 0)
            return badInput(u"“%1” in the column “%2” is no count"_s.arg(
                text->left(40), m_map.columns[m_map.reopenCount]));
    }
    if (const auto text = value(record, m_map.priority)) {
        const auto known = m_map.priorityOf.constFind(*text);
        row.priority
            = known != m_map.priorityOf.cend() ? std::optional(*known) : priorityFromText(*text);
        if (!row.priority)
            return badInput(
                u"“%1” is no priority; name it in “known.priority.map”"_s.arg(text->left(40)));
    }
    if (const auto text = value(record, m_map.awaiting)) {
        row.isAwaiting = m_map.awaitingStates.isEmpty() ? truth(*text).value_or(false)
                                                        : m_map.awaitingStates.contains(*text);
    }
    return Done {};
}

} // namespace tierline::importing
