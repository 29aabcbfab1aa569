#include "core/import/eventlogsource_p.h"
#include "core/storage/people.h"

#include <QFileInfo>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis rowSlice { 20 };
constexpr int rowsPerSlice = 4000; ///< whatever the clock says
constexpr int rowsPerLook = 64; ///< between two looks at the clock
constexpr qint64 maxRows = 200'000'000;
// Fields lie in one text: neither character can stand in a text that was made valid.
constexpr QChar fieldEnd(u'\uFDD0');
constexpr QChar noField(u'\uFDD1');

constexpr const char *schema
    = "CREATE TABLE kase (id INTEGER PRIMARY KEY, key TEXT NOT NULL UNIQUE, first INTEGER NOT NULL,"
      " rows INTEGER NOT NULL DEFAULT 0);"
      "CREATE TABLE entry (kase INTEGER, ord INTEGER, seq INTEGER, at INTEGER, line INTEGER,"
      " team TEXT, tier TEXT, agent TEXT, status INTEGER, priority INTEGER, awaiting INTEGER,"
      " fields TEXT, created INTEGER, resolved INTEGER, sla INTEGER, reopened INTEGER,"
      " print INTEGER, PRIMARY KEY (kase, ord, seq)) WITHOUT ROWID;"
      "CREATE TABLE aside (kase INTEGER PRIMARY KEY)";

QString joined(const QStringList &fields)
{
    QString text;
    for (const QString &field : fields) {
        text += field.isNull() ? QString(noField) : field;
        text += fieldEnd;
    }
    return text;
}

QStringList split(const QString &text, qsizetype count)
{
    QStringList fields = text.split(fieldEnd);
    fields.resize(count);
    for (QString &field : fields) {
        if (field.size() == 1 && field[0] == noField)
            field = QString();
    }
    return fields;
}

template<typename T>
std::optional<T> optionalNumber(const storage::Statement &row, int column)
{
    if (row.isNull(column))
        return std::nullopt;
    if constexpr (std::is_same_v<T, Instant>)
        return Instant { row.integer(column) };
    else
        return static_cast<T>(row.integer(column));
}

std::optional<QString> optionalText(const storage::Statement &row, int column)
{
    return row.isNull(column) ? std::nullopt : std::optional(row.text(column));
}

} // namespace

EventLogSource::EventLogSource(
    Setup setup, std::unique_ptr<LogReader> reader, std::unique_ptr<Staging> staging)
    : m_setup(std::move(setup))
    , m_reader(std::move(reader))
    , m_staging(std::move(staging))
    , m_isSeen(static_cast<size_t>(m_setup.map.columns.size()), false)
{
}

Result<std::unique_ptr<EventLogSource>> EventLogSource::open(const QString &path, Setup setup)
{
    TIERLINE_TRY(bytes, ByteSource::open(path));
    setup.file = bytes->name();
    TIERLINE_TRY(reader, openLog(std::move(bytes), setup.map.format, setup.map.columns));
    TIERLINE_TRY(staging, Staging::create(schema));
    std::unique_ptr<EventLogSource> source(
        new EventLogSource(std::move(setup), std::move(reader), std::move(staging)));
    TIERLINE_TRY(mapper, RowMapper::make(source->m_setup.map, source->m_setup.tiers));
    source->m_mapper.emplace(std::move(mapper));
    return source;
}

Result<bool> EventLogSource::checkSome(ImportReport &report, qint64 maxBad)
{
    const Millis began = m_setup.clock->monotonic();
    for (int n = 1; n <= rowsPerSlice; ++n) {
        TIERLINE_TRY(more, m_reader->next(m_record));
        if (!more) {
            TIERLINE_CHECK(endCheck(report));
            return false;
        }
        if (++report.rows > maxRows)
            return badInput(u"“%1” has more than %2 rows."_s.arg(m_setup.file).arg(maxRows));
        for (qsizetype i = 0; i < m_record.values.size(); ++i)
            m_isSeen[static_cast<size_t>(i)]
                = m_isSeen[static_cast<size_t>(i)] || !m_record.values[i].isNull();
        auto row = m_mapper->map(m_record);
        if (!row) {
            TIERLINE_CHECK(
                noteBad(report, maxBad, m_record.line, row.error().detail, m_setup.file));
        } else {
            TIERLINE_CHECK(stage(*row));
            ++report.events;
        }
        if (n % rowsPerLook == 0 && m_setup.clock->monotonic() - began > rowSlice)
            break;
    }
    return true;
}

Result<Done> EventLogSource::stage(const MappedRow &row)
{
    storage::Connection &connection = m_staging->connection();
    const qint64 first = qMin(row.at, row.created.value_or(row.at)).ms;
    TIERLINE_TRY(find,
        connection.prepare(
            "INSERT INTO kase (key, first, rows) VALUES (?1, ?2, 1) ON CONFLICT (key)"
            " DO UPDATE SET first = min(first, excluded.first), rows = rows + 1"
            " RETURNING id, rows"));
    find.bind(1, row.ticket).bind(2, first);
    TIERLINE_TRY(hasCase, find.step());
    Q_UNUSED(hasCase);
    const qint64 kase = find.integer(0);
    if (find.integer(1) > MaxRowsOfACase)
        return badInput(
            u"The ticket “%1” has more than %2 rows: the map names the wrong column as the case."_s
                .arg(row.ticket)
                .arg(MaxRowsOfACase),
            u"line %1"_s.arg(row.line));
    TIERLINE_CHECK(find.run());
    TIERLINE_TRY(insert,
        connection.prepare("INSERT INTO entry VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11,"
                           " ?12, ?13, ?14, ?15, ?16, ?17)"));
    insert.bind(1, kase)
        .bind(2, row.order)
        .bind(3, ++m_sequence)
        .bind(4, row.at.ms)
        .bind(5, row.line);
    insert.bindOptional(6, row.team).bindOptional(7, row.tier).bindOptional(8, row.agent);
    insert.bindOptional(9, row.status)
        .bindOptional(10, row.priority)
        .bind(11, row.isAwaiting ? 1 : 0);
    insert.bind(12, joined(row.fields))
        .bindOptional(13, row.created)
        .bindOptional(14, row.resolved);
    insert.bindOptional(15, row.slaMet ? std::optional<qint64>(*row.slaMet) : std::nullopt);
    insert.bindOptional(16, row.reopened).bind(17, static_cast<qint64>(row.fingerprint));
    return insert.run();
}

Result<Done> EventLogSource::endCheck(ImportReport &report)
{
    for (size_t i = 0; i < m_isSeen.size() && report.events > 0; ++i) {
        if (!m_isSeen[i])
            return badInput(
                u"The attribute “%1” is in no event and no trace of “%2”. Check the map."_s.arg(
                    m_setup.map.columns[static_cast<qsizetype>(i)], m_setup.file));
    }
    storage::Connection &connection = m_staging->connection();
    TIERLINE_TRY(count, connection.prepare("SELECT count(*) FROM kase"));
    TIERLINE_CHECK(count.step());
    m_cases = count.integer(0);
    report.tickets = m_cases;
    m_reader.reset();
    m_isChecking = false;
    TIERLINE_TRY(cursor, connection.prepareText(u"SELECT id, key FROM kase ORDER BY first, id"_s));
    m_cursor.emplace(std::move(cursor));
    return Done {};
}

Result<commands::History> EventLogSource::historyOf(qint64 kase, const QString &key)
{
    TIERLINE_TRY(rows,
        m_staging->connection().prepare(
            "SELECT at, line, team, tier, agent, status, priority, awaiting, fields, created, resolved, sla, reopened,"
            " print FROM entry WHERE kase = ?1 ORDER BY ord, seq"));
    rows.bind(1, kase);
    LogHistory history(m_setup.map, m_setup.frontline);
    history.begin(key);
    MappedRow row;
    for (;;) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            break;
        row.at = { rows.integer(0) };
        row.line = rows.integer(1);
        row.team = optionalText(rows, 2);
        row.tier = optionalText(rows, 3);
        row.agent = optionalText(rows, 4);
        row.status = optionalNumber<Status>(rows, 5);
        row.priority = optionalNumber<Priority>(rows, 6);
        row.isAwaiting = rows.integer(7) != 0;
        row.fields = split(rows.text(8), static_cast<qsizetype>(m_setup.map.fields.size()));
        row.created = optionalNumber<Instant>(rows, 9);
        row.resolved = optionalNumber<Instant>(rows, 10);
        row.slaMet = optionalNumber<bool>(rows, 11);
        row.reopened = optionalNumber<qint64>(rows, 12);
        row.fingerprint = static_cast<quint64>(rows.integer(13));
        history.add(row);
    }
    return history.take();
}

Result<Supply> EventLogSource::nextFrom(storage::Statement &cases, Incoming &incoming)
{
    TIERLINE_TRY(hasCase, cases.step());
    if (!hasCase)
        return Supply::End;
    incoming.handle = cases.integer(0);
    TIERLINE_TRY(history, historyOf(incoming.handle, cases.text(1)));
    incoming.history = std::move(history);
    return Supply::Item;
}

Result<Supply> EventLogSource::next(Incoming &incoming)
{
    TIERLINE_TRY(supply, nextFrom(*m_cursor, incoming));
    m_given += supply == Supply::Item;
    return supply;
}

Result<Done> EventLogSource::putAside(const Incoming &incoming)
{
    TIERLINE_TRY(
        insert, m_staging->connection().prepare("INSERT OR IGNORE INTO aside VALUES (?1)"));
    return insert.bind(1, incoming.handle).run();
}

Result<Supply> EventLogSource::nextAside(Incoming &incoming)
{
    if (!m_asideCursor) {
        TIERLINE_TRY(cursor,
            m_staging->connection().prepareText(
                u"SELECT id, key FROM aside JOIN kase ON id = aside.kase ORDER BY first, id"_s));
        m_asideCursor.emplace(std::move(cursor));
    }
    return nextFrom(*m_asideCursor, incoming);
}

std::pair<qint64, qint64> EventLogSource::progress() const
{
    if (m_isChecking)
        return { m_reader->source().taken(), m_reader->source().total() };
    return { m_given, m_cases };
}

Result<std::unique_ptr<ImportJob>> startEventLog(
    storage::Store &store, const QString &file, const EventMap &map, ImportOptions options)
{
    TIERLINE_TRY(tiers, storage::loadTiers(store.connection()));
    EventLogSource::Setup setup { .map = map, .clock = &store.clock() };
    for (const Tier &tier : tiers) {
        setup.tiers.append(tier.id);
        if (tier.rank > 0 && setup.frontline.isEmpty())
            setup.frontline = tier.id; // by rank: the lowest human tier
    }
    TIERLINE_TRY(source, EventLogSource::open(file, std::move(setup)));
    return std::make_unique<ImportJob>(
        store, std::move(source), QFileInfo(file).fileName(), options);
}

} // namespace tierline::importing
