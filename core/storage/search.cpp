#include "core/storage/search.h"

#include "core/storage/visible.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// Words of text around the first match.
constexpr int snippetWords = 14;
/// A thread with more characters than this shows no snippet: finding one would take all of it apart.
constexpr int longestThreadForSnippet = 200'000;

/// Conditions as SQL with the values that belong to them, numbered as they come.
class Conditions
{
public:
    /// `id`: the column with the ticket's number that is read first, before the ticket itself.
    explicit Conditions(QString id)
        : m_id(std::move(id))
    {
    }
    const QString &id() const { return m_id; }
    /// `%1` in `sql` stands for the value's parameter, as often as it occurs.
    void add(const QString &sql, const QVariant &value, bool isNegated = false)
    {
        m_values.append(value);
        addPlain(QString(sql).replace("%1"_L1, u"?%1"_s.arg(m_values.size())), isNegated);
    }
    void addPlain(const QString &sql, bool isNegated = false)
    {
        m_sql += m_joint + (isNegated ? u"NOT ("_s : u"("_s) + sql + u')';
    }
    /// What is added until endAny() holds where any of it holds.
    void beginAny()
    {
        m_sql += u" AND (0"_s;
        m_joint = u" OR "_s;
    }
    void endAny()
    {
        m_sql += u')';
        m_joint = u" AND "_s;
    }
    bool isAny() const { return m_joint == u" OR "_s; }
    int nextParameter() const { return static_cast<int>(m_values.size()) + 1; }
    const QString &sql() const { return m_sql; }
    void bind(Statement &statement) const
    {
        int at = 1;
        for (const QVariant &value : m_values) {
            if (value.typeId() == QMetaType::QString)
                statement.bind(at++, value.toString());
            else
                statement.bind(at++, value.toLongLong());
        }
    }

private:
    QString m_id;
    QString m_sql;
    QString m_joint = u" AND "_s;
    QVariantList m_values;
};

/// A LIKE pattern for "contains", in which what the person typed stands for itself.
QString containing(QString text)
{
    text.replace(u'\\', "\\\\"_L1).replace(u'%', "\\%"_L1).replace(u'_', "\\_"_L1);
    return u'%' + text + u'%';
}

/// What no ticket is, such as a status that does not exist: nothing that a person types is an error.
const QString impossible = u"0"_s;

void addIs(Conditions &to, const QString &what, bool isNegated)
{
    static const QHash<QString, QString> meanings {
        { u"open"_s, u"t.status < 4"_s },
        { u"solved"_s, u"t.status IN (4, 5)"_s },
        { u"unassigned"_s, u"t.assignee = ''"_s },
    };
    /// What few tickets are at a time: their numbers from an index of their own, and how a ticket that
    /// the text index gives is looked up there, before it is read itself. The plus keeps SQLite from
    /// asking the text index anew for each number.
    struct Listed {
        QString ids;
        QString test;
    };
    const QString flagged = u"SELECT id FROM ticket WHERE flag_note <> ''"_s;
    const QString awaiting = u"SELECT id FROM ticket WHERE is_awaiting_yes = 1"_s;
    const QString escalated
        = u"SELECT ticket AS id FROM escalation WHERE moved IS NOT NULL AND ended IS NULL"_s;
    const QHash<QString, Listed> lists {
        { u"flagged"_s, { flagged, u"+%1 IN (%2)"_s.arg(to.id(), flagged) } },
        { u"awaiting"_s, { awaiting, u"+%1 IN (%2)"_s.arg(to.id(), awaiting) } },
        { u"escalated"_s, { escalated, u"EXISTS (%2 AND ticket = %1)"_s.arg(to.id(), escalated) } },
    };
    const QString name = what.toLower();
    const auto list = lists.find(name);
    if (list == lists.end())
        return to.addPlain(meanings.value(name, impossible), isNegated);
    to.addPlain(list->test, isNegated);
    // Such tickets lie close together, mostly among the newest: the rest of the text index is not read.
    if (!isNegated && !to.isAny())
        to.addPlain(u"%1 BETWEEN (SELECT ifnull(min(id), 1) FROM (%2))"
                    " AND (SELECT ifnull(max(id), 0) FROM (%2))"_s.arg(to.id(), list->ids),
            false);
}

void addTag(Conditions &to, const QString &tag, bool isNegated)
{
    static constexpr auto exactly
        = "EXISTS (SELECT 1 FROM json_each(t.tags) WHERE value = %1 COLLATE NOCASE)"_L1;
    const bool isPlain = std::ranges::all_of(
        tag, [](QChar c) { return c >= u' ' && c != u'"' && c != u'\\' && c < QChar(0x7f); });
    // Taking the list apart is dear; a look whether the letters occur at all is not.
    if (isPlain)
        to.add(u"instr(lower(t.tags), lower(%1)) AND "_s + exactly, tag, isNegated);
    else
        to.add(exactly, tag, isNegated);
}

/// One filter by its name.
void addFilter(Conditions &to, QStringView name, const QString &value, bool isNegated = false)
{
    if (name == "tier"_L1) {
        to.add(u"t.tier = %1 COLLATE NOCASE"_s, value, isNegated);
    } else if (name == "team"_L1) {
        to.add(u"t.team = %1 COLLATE NOCASE"_s, value, isNegated);
    } else if (name == "agent"_L1) {
        to.add(u"t.assignee = %1 COLLATE NOCASE"_s, value, isNegated);
    } else if (name == "tag"_L1) {
        addTag(to, value, isNegated);
    } else if (name == "customer"_L1) {
        // By way of the tickets' numbers, so that the customer's own are looked at and no others.
        to.add(to.id()
                + u" IN (SELECT id FROM ticket WHERE organization IN"
                  " (SELECT id FROM organization WHERE name LIKE %1 ESCAPE '\\')"
                  " UNION SELECT id FROM ticket WHERE requester IN (SELECT id FROM requester"
                  " WHERE name LIKE %1 ESCAPE '\\' OR email LIKE %1 ESCAPE '\\'))"_s,
            containing(value), isNegated);
    } else if (name == "status"_L1) {
        const auto status = fromCode<Status>(value.toLower());
        to.add(u"t.status = %1"_s, status ? static_cast<int>(*status) : -1, isNegated);
    } else if (name == "priority"_L1) {
        const auto priority = fromCode<Priority>(value.toLower());
        to.add(u"t.priority = %1"_s, priority ? static_cast<int>(*priority) : -1, isNegated);
    } else if (name == "is"_L1) {
        addIs(to, value, isNegated);
    } else {
        to.addPlain(impossible, isNegated);
    }
}

void addFilters(Conditions &to, const SearchQuery &query)
{
    const std::pair<QLatin1StringView, const QString &> texts[] = { { "tier"_L1, query.tier },
        { "team"_L1, query.team }, { "agent"_L1, query.agent }, { "customer"_L1, query.customer } };
    for (const auto &[name, value] : texts) {
        if (!value.isEmpty())
            addFilter(to, QString(name), value);
    }
    for (const QString &tag : query.tags)
        addFilter(to, u"tag", tag);
    if (query.status)
        to.add(u"t.status = %1"_s, static_cast<int>(*query.status));
    else if (std::none_of(
                 query.filters.begin(), query.filters.end(), [](const SearchFilter &filter) {
                     return filter.name == u"status"_s && !filter.isNegated;
                 }))
        to.addPlain(u"t.status <> 6"_s);
    if (query.priority)
        to.add(u"t.priority = %1"_s, static_cast<int>(*query.priority));
    for (const QString &is : query.is)
        addIs(to, is, false);
    for (const QString &filter : query.not_) {
        const qsizetype colon = std::max<qsizetype>(filter.indexOf(u':'), 0);
        addFilter(to, QStringView(filter).left(colon), filter.mid(colon + 1), true);
    }
    for (const SearchFilter &filter : query.filters) {
        const bool isAny = !filter.isNegated && filter.values.size() > 1;
        if (isAny)
            to.beginAny();
        for (const QString &value : filter.values)
            addFilter(to, filter.name, value, filter.isNegated);
        if (isAny)
            to.endAny();
    }
    if (!query.exclude.isEmpty())
        to.add(
            to.id() + u" NOT IN (SELECT rowid FROM search WHERE search MATCH %1)"_s, query.exclude);
    if (query.before)
        to.add(u"t.created < %1"_s, query.before->ms);
    if (query.after)
        to.add(u"t.created >= %1"_s, query.after->ms);
}

struct Found {
    TicketId id;
    QString snippet;
};

struct FoundTickets {
    std::vector<Found> tickets;
    bool isCutShort = false;
};

/// Newest first, one more than asked for, which tells whether there are more.
Result<FoundTickets> findTickets(Connection &connection, const SearchQuery &query,
    const Visibility &visibility, int limit, TicketId before, const std::function<bool()> &isEnough)
{
    const bool hasText = !query.match.isEmpty();
    const QString id = hasText ? u"search.rowid"_s : u"t.id"_s;
    Conditions conditions(id);
    addFilters(conditions, query);
    if (before)
        conditions.add(id + u" < %1"_s, before.v);
    QString from = u"'' FROM ticket t WHERE 1"_s;
    if (hasText) {
        conditions.add(u"search MATCH %1"_s, query.match);
        // CROSS JOIN holds the order: the index gives its newest hits first, and each is looked up
        // once. The other way round every ticket would be asked whether it matches.
        from
            = u"CASE WHEN ifnull((SELECT sum(length(m.text)) FROM message m WHERE m.ticket = t.id), 0)"
              " <= %1 THEN snippet(search, -1, char(2), char(3), '…', %2) ELSE '' END"
              " FROM search CROSS JOIN ticket t ON t.id = search.rowid WHERE 1"_s
                  .arg(longestThreadForSnippet)
                  .arg(snippetWords);
    }
    TIERLINE_TRY(
        visible, VisibleTickets::load(connection, visibility, u"t"_s, conditions.nextParameter()));
    TIERLINE_TRY(rows,
        connection.prepareText(u"SELECT "_s + id + u", "_s + from + conditions.sql() + visible.sql()
            + u" ORDER BY "_s + id + u" DESC LIMIT %1"_s.arg(limit + 1)));
    conditions.bind(rows);
    visible.bind(rows);
    FoundTickets found;
    const Connection::StopScope scope(connection, [&isEnough, &found] {
        found.isCutShort = found.isCutShort || (isEnough && isEnough());
        return found.isCutShort;
    });
    while (true) {
        const Result<bool> hasRow = rows.step();
        if (!hasRow && hasRow.error().fault == Fault::Cancelled && found.isCutShort)
            return found;
        if (!hasRow)
            return hasRow.error();
        if (!*hasRow)
            return found;
        found.tickets.push_back({ { rows.integer(0) }, rows.text(1) });
    }
}

} // namespace

Result<SearchPage> search(Connection &connection, const SearchQuery &query,
    const Visibility &visibility, int limit, TicketId before, const std::function<bool()> &isEnough)
{
    SearchPage page;
    TIERLINE_TRY(found, findTickets(connection, query, visibility, limit, before, isEnough));
    page.isCutShort = found.isCutShort;
    page.isComplete = !found.isCutShort;
    if (found.tickets.size() > static_cast<size_t>(limit)) {
        page.isComplete = false;
        found.tickets.pop_back();
    }
    std::vector<TicketId> ids;
    for (const Found &hit : found.tickets)
        ids.push_back(hit.id);
    TIERLINE_TRY(rows, loadRows(connection, ids));
    auto hit = found.tickets.begin();
    for (QueueRow &row : rows) {
        while (hit != found.tickets.end() && hit->id != row.id)
            ++hit;
        if (hit != found.tickets.end())
            page.hits.push_back({ std::move(row), std::move(hit->snippet) });
    }
    return page;
}

} // namespace tierline::storage
