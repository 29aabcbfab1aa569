#include "core/model/columncache.h"

#include "core/model/columnsort.h"

#include <algorithm>
#include <string_view>

namespace tierline::model {

using storage::ColumnRow;

namespace {

constexpr quint8 flaggedBit = 0x20, awaitingBit = 0x40;

constexpr quint32 unknownHealth = 128;

quint32 healthOf(const ColumnRow &row)
{
    return row.health < 0 ? unknownHealth : static_cast<quint32>(std::min(row.health, 127));
}

quint8 stateOf(const ColumnRow &row)
{
    return static_cast<quint8>(static_cast<uint>(row.priority) | static_cast<uint>(row.status) << 2
        | (row.isFlagged ? flaggedBit : 0u) | (row.isAwaitingYes ? awaitingBit : 0u));
}

/// Signed numbers as unsigned ones of the same order.
quint64 ordered(qint64 value)
{
    return static_cast<quint64>(value) ^ (quint64(1) << 63);
}

std::string_view letters(QByteArrayView text)
{
    return { text.data(), static_cast<size_t>(text.size()) };
}

/// Eight letters from one on, as a number of the same order; zeroes behind the end.
quint64 lettersAsNumber(QByteArrayView text, qsizetype from)
{
    quint64 number = 0;
    const qsizetype end = std::min(text.size(), from + 8);
    for (qsizetype at = from; at < end; ++at)
        number |= quint64(static_cast<uchar>(text[at])) << (56 - 8 * (at - from));
    return number;
}

} // namespace

quint32 ColumnCache::Dictionary::code(QByteArrayView value)
{
    if (m_last < m_values.size() && m_values[m_last] == value)
        return m_last;
    const auto found = m_codes.constFind(QByteArray::fromRawData(value.data(), value.size()));
    if (found != m_codes.constEnd())
        return m_last = *found;
    m_last = static_cast<quint32>(m_values.size());
    m_values.push_back(value.toByteArray());
    m_codes.insert(m_values.back(), m_last);
    return m_last;
}

std::optional<quint32> ColumnCache::Dictionary::find(const QString &value) const
{
    const auto found = m_codes.constFind(value.toUtf8());
    return found == m_codes.constEnd() ? std::nullopt : std::optional(*found);
}

std::vector<quint32> ColumnCache::Dictionary::ranks() const
{
    std::vector<std::pair<QByteArray, quint32>> texts;
    texts.reserve(m_values.size());
    for (size_t i = 0; i < m_values.size(); ++i)
        texts.emplace_back(foldedText(m_values[i]), static_cast<quint32>(i));
    std::sort(texts.begin(), texts.end(), [](const auto &a, const auto &b) {
        if (a.first.isEmpty() != b.first.isEmpty())
            return b.first.isEmpty();
        return a.first < b.first;
    });
    // The same text under two spellings is one rank, so that the order of work decides.
    std::vector<quint32> ranks(m_values.size());
    quint32 rank = 0;
    for (size_t i = 0; i < texts.size(); ++i) {
        if (i > 0 && texts[i].first != texts[i - 1].first)
            ++rank;
        ranks[texts[i].second] = rank;
    }
    return ranks;
}

template<typename F>
void ColumnCache::eachColumn(F visit)
{
    visit(m_id);
    visit(m_due);
    visit(m_created);
    visit(m_updated);
    visit(m_tier);
    visit(m_team);
    visit(m_assignee);
    visit(m_customer);
    visit(m_plan);
    visit(m_state);
    visit(m_health);
}

Result<std::shared_ptr<ColumnCache>> ColumnCache::load(
    storage::Connection &connection, const Visibility &visibility)
{
    auto cache = std::make_shared<ColumnCache>();
    TIERLINE_TRY(rows, storage::columnRowsAtMost(connection));
    cache->eachColumn([n = static_cast<size_t>(rows)](auto &column) { column.reserve(n); });
    cache->m_work.reserve(static_cast<size_t>(rows));
    cache->m_subject.reserve(rows);
    TIERLINE_CHECK(storage::eachColumnRow(
        connection, visibility, [&](const ColumnRow &row) { cache->append(row); }));
    cache->m_subject.compact();
    cache->orderForWork();
    return cache;
}

void ColumnCache::append(const ColumnRow &row)
{
    m_id.append(row.id);
    m_due.append(row.due);
    m_created.append(row.created);
    m_updated.append(row.updated);
    m_tier.append(m_tiers.code(row.tier));
    m_team.append(m_teams.code(row.team));
    m_assignee.append(m_assignees.code(row.assignee));
    m_customer.append(m_customers.code(row.customer));
    m_plan.append(m_plans.code(row.plan));
    m_state.append(stateOf(row));
    m_health.append(healthOf(row));
    m_subject.append(foldedText(row.subject));
}

void ColumnCache::set(size_t at, const ColumnRow &row)
{
    if (m_due[at] != row.due || m_created[at] != row.created || priorityOf(at) != row.priority)
        m_work.clear();
    m_due.set(at, row.due);
    m_created.set(at, row.created);
    m_updated.set(at, row.updated);
    m_tier.set(at, m_tiers.code(row.tier));
    m_team.set(at, m_teams.code(row.team));
    m_assignee.set(at, m_assignees.code(row.assignee));
    m_customer.set(at, m_customers.code(row.customer));
    m_plan.set(at, m_plans.code(row.plan));
    m_state.set(at, stateOf(row));
    m_health.set(at, healthOf(row));
    m_subject.set(at, foldedText(row.subject));
}

Result<Done> ColumnCache::apply(storage::Connection &connection, const Visibility &visibility,
    const std::vector<TicketId> &changed)
{
    std::vector<TicketId> ids = changed;
    std::sort(ids.begin(), ids.end());
    ids.erase(std::unique(ids.begin(), ids.end()), ids.end());
    const size_t before = m_id.size();
    std::vector<TicketId> gone;
    size_t next = 0;
    const auto missing = [&](qint64 until) {
        for (; next < ids.size() && ids[next].v < until; ++next)
            gone.push_back(ids[next]);
    };
    const auto done = storage::columnRowsOf(connection, visibility, ids, [&](const ColumnRow &row) {
        missing(row.id);
        ++next;
        const size_t at = m_id.lowerBound(0, before, row.id);
        if (at < before && m_id[at] == row.id)
            set(at, row);
        else
            append(row); // behind the sorted ones, until all are known
    });
    // What was not read is left as it was; the rows behind the sorted ones must not stay there.
    if (done)
        missing(std::numeric_limits<qint64>::max());
    insertAndRemove(done ? gone : std::vector<TicketId> {}, before);
    m_subject.compact();
    return done;
}

void ColumnCache::insertAndRemove(const std::vector<TicketId> &gone, size_t sorted)
{
    RowRanges ranges;
    quint32 from = 0;
    size_t added = sorted, lost = 0;
    const auto keepUntil = [&](qint64 id) {
        const auto to = static_cast<quint32>(m_id.lowerBound(from, sorted, id));
        if (to > from)
            ranges.emplace_back(from, to);
        from = to;
    };
    bool isSame = true;
    while (added < m_id.size() || lost < gone.size()) {
        if (lost == gone.size() || (added < m_id.size() && m_id[added] < gone[lost].v)) {
            keepUntil(m_id[added]);
            ranges.emplace_back(static_cast<quint32>(added), static_cast<quint32>(added) + 1);
            ++added;
            isSame = false;
            continue;
        }
        keepUntil(gone[lost].v);
        if (from < sorted && m_id[from] == gone[lost].v) {
            ++from;
            isSame = false;
        }
        ++lost;
    }
    if (isSame)
        return;
    keepUntil(std::numeric_limits<qint64>::max());
    const size_t roomFor = m_id.size() + 64;
    eachColumn([&](auto &column) { column.splice(ranges, roomFor); });
    m_subject.splice(ranges);
    m_work.clear();
}

void ColumnCache::orderForWork()
{
    std::vector<KeyedRow> rows(m_id.size());
    for (quint32 row = 0; row < rows.size(); ++row) {
        const auto rank
            = storage::spineEntry({}, std::nullopt, priorityOf(row), { m_created[row] }).rank;
        rows[row] = { ordered(rank), row };
    }
    sortByKey(rows);
    // Where no clock runs, the number is so far off that it would cost passes of its own.
    qint64 last = std::numeric_limits<qint64>::min();
    for (size_t i = 0; i < m_due.size(); ++i) {
        if (const qint64 due = m_due[i]; due != TimeColumn::Never)
            last = std::max(last, due);
    }
    for (KeyedRow &row : rows)
        row.key = ordered(std::min(m_due[row.row], last + 1));
    sortByKey(rows);
    m_work.resize(rows.size());
    std::transform(
        rows.begin(), rows.end(), m_work.begin(), [](const KeyedRow &row) { return row.row; });
}

std::vector<char> ColumnCache::shown(const storage::QueueQuery &query, const QueueFilter &filter,
    const std::function<bool()> &isCancelled) const
{
    const size_t n = m_id.size();
    std::vector<char> mask(n);
    for (size_t i = 0; i < n; ++i) {
        const bool isHere
            = query.onlyAwaitingYes ? (m_state[i] & awaitingBit) != 0 : isWorkable(statusOf(i));
        mask[i] = isHere && (!query.onlyFlagged || (m_state[i] & flaggedBit))
            && (!filter.priority || priorityOf(i) == *filter.priority)
            && (!filter.status || statusOf(i) == *filter.status);
    }
    const auto keep
        = [&](const CodeColumn &column, const Dictionary &dictionary, const QString &value) {
              if (value.isEmpty())
                  return;
              const auto code = dictionary.find(value);
              for (size_t i = 0; i < n; ++i)
                  mask[i] &= static_cast<char>(code && column[i] == *code);
          };
    keep(m_tier, m_tiers, query.tier);
    keep(m_team, m_teams, query.team);
    if (query.assignee == QLatin1String("-")) {
        const auto nobody = m_assignees.find({});
        for (size_t i = 0; i < n; ++i)
            mask[i] &= static_cast<char>(nobody && m_assignee[i] == *nobody);
    } else {
        keep(m_assignee, m_assignees, query.assignee);
    }
    keep(m_tier, m_tiers, filter.tier);
    keep(m_team, m_teams, filter.team);
    keep(m_assignee, m_assignees, filter.assignee);
    keep(m_customer, m_customers, filter.customer);
    keep(m_plan, m_plans, filter.plan);
    // Text last: only what is left is read.
    TextColumn::Room room;
    const QByteArrayList words = foldedText(filter.text.simplified().toUtf8()).split(' ');
    for (const QByteArray &word : words) {
        if (word.isEmpty())
            continue;
        for (size_t i = 0; i < n; ++i) {
            if (mask[i])
                mask[i]
                    = letters(m_subject.at(i, room)).find(letters(word)) != std::string_view::npos;
            if ((i & 0x3FFF) == 0 && isCancelled())
                return {};
        }
    }
    return mask;
}

const ColumnCache::Dictionary *ColumnCache::dictionaryOf(QueueOrder order) const
{
    switch (order) {
    case QueueOrder::Tier: return &m_tiers;
    case QueueOrder::Team: return &m_teams;
    case QueueOrder::Assignee: return &m_assignees;
    case QueueOrder::Customer: return &m_customers;
    case QueueOrder::Plan: return &m_plans;
    default: return nullptr;
    }
}

quint64 ColumnCache::key(QueueOrder order, size_t row) const
{
    switch (order) {
    case QueueOrder::Priority:
        return static_cast<quint64>(Priority::Urgent) - static_cast<quint64>(priorityOf(row));
    case QueueOrder::Created: return ordered(m_created[row]);
    case QueueOrder::Updated: return ordered(m_updated[row]);
    case QueueOrder::Tier: return m_tier[row];
    case QueueOrder::Team: return m_team[row];
    case QueueOrder::Status: return static_cast<quint64>(statusOf(row));
    case QueueOrder::Assignee: return m_assignee[row];
    case QueueOrder::Customer: return m_customer[row];
    case QueueOrder::Plan: return m_plan[row];
    case QueueOrder::Health: return m_health[row];
    default: return 0;
    }
}

void ColumnCache::orderBySubject(bool isDescending, Rows &rows) const
{
    TextColumn::Room room;
    const auto turned
        = [isDescending](quint64 letters) { return isDescending ? ~letters : letters; };
    const auto keyAt = [&](quint32 row, qsizetype from) {
        return turned(lettersAsNumber(m_subject.at(row, room, from + 8), from));
    };
    // Texts are read once, one after the other: jumping between them costs more than all comparing. Few
    // subjects agree in more than 24 letters.
    constexpr qsizetype headLetters = 24;
    std::vector<std::array<quint64, headLetters / 8>> heads(
        rows.size() > m_id.size() / 4 ? m_id.size() : 0);
    for (size_t row = 0; row < heads.size(); ++row) {
        const QByteArrayView text = m_subject.at(row, room, headLetters);
        for (size_t part = 0; part < heads[row].size(); ++part)
            heads[row][part] = turned(lettersAsNumber(text, static_cast<qsizetype>(part) * 8));
    }
    std::vector<KeyedRow> keyed(rows.size());
    for (size_t i = 0; i < rows.size(); ++i)
        keyed[i] = { heads.empty() ? keyAt(rows[i], 0) : heads[rows[i]][0], rows[i] };
    sortByKey(keyed);

    // Those that agree so far, by their next letters.
    struct Run {
        size_t from, to;
        qsizetype letter;
    };
    std::vector<Run> open { { 0, keyed.size(), 0 } };
    const quint64 over = turned(0);
    while (!open.empty()) {
        const Run run = open.back();
        open.pop_back();
        if (run.letter > 0) {
            const bool isRead = !heads.empty() && run.letter < headLetters;
            for (size_t i = run.from; i < run.to; ++i)
                keyed[i].key = isRead ? heads[keyed[i].row][static_cast<size_t>(run.letter / 8)]
                                      : keyAt(keyed[i].row, run.letter);
            sortByKey(std::span(keyed).subspan(run.from, run.to - run.from));
        }
        for (size_t from = run.from; from < run.to;) {
            size_t to = from + 1;
            while (to < run.to && keyed[to].key == keyed[from].key)
                ++to;
            if (to - from > 1 && keyed[from].key != over)
                open.push_back({ from, to, run.letter + 8 });
            from = to;
        }
    }
    std::transform(
        keyed.begin(), keyed.end(), rows.begin(), [](const KeyedRow &row) { return row.row; });
}

void ColumnCache::orderBy(const Arrangement &arrangement, Rows &rows) const
{
    if (arrangement.order == QueueOrder::Work) {
        if (arrangement.isDescending)
            std::reverse(rows.begin(), rows.end());
        return;
    }
    if (arrangement.order == QueueOrder::Subject)
        return orderBySubject(arrangement.isDescending, rows);
    const Dictionary *dictionary = dictionaryOf(arrangement.order);
    const std::vector<quint32> ranks = dictionary ? dictionary->ranks() : std::vector<quint32> {};
    std::vector<KeyedRow> keyed(rows.size());
    for (size_t i = 0; i < rows.size(); ++i) {
        const quint64 plain = key(arrangement.order, rows[i]);
        const quint64 ranked = dictionary ? ranks[plain] : plain;
        keyed[i] = { arrangement.isDescending ? ~ranked : ranked, rows[i] };
    }
    sortByKey(keyed);
    std::transform(
        keyed.begin(), keyed.end(), rows.begin(), [](const KeyedRow &row) { return row.row; });
}

Result<std::vector<TicketId>> ColumnCache::arranged(const storage::QueueQuery &query,
    const Arrangement &arrangement, const std::function<bool()> &isCancelled)
{
    if (m_work.size() != m_id.size())
        orderForWork();
    const std::vector<char> mask = shown(query, arrangement.filter, isCancelled);
    if (isCancelled())
        return cancelled();
    Rows rows;
    rows.reserve(static_cast<size_t>(std::count(mask.begin(), mask.end(), char(1))));
    for (const quint32 row : m_work) {
        if (mask[row])
            rows.push_back(row);
    }
    orderBy(arrangement, rows);
    std::vector<TicketId> ids(rows.size());
    std::transform(rows.begin(), rows.end(), ids.begin(),
        [this](quint32 row) { return TicketId { m_id[row] }; });
    if (isCancelled())
        return cancelled();
    return ids;
}

qint64 ColumnCache::bytes() const
{
    size_t sum = m_work.capacity() * sizeof(quint32);
    const_cast<ColumnCache *>(this)->eachColumn([&](const auto &column) { sum += column.bytes(); });
    return static_cast<qint64>(sum) + m_subject.bytes();
}

} // namespace tierline::model
