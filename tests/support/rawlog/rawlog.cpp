#include "tests/support/rawlog/rawlog.h"

#include <QDateTime>
#include <QFile>
#include <QHash>
#include <QRegularExpression>

#include <zlib.h>

#include <algorithm>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

/// The whole file, unpacked where it is packed (zlib passes plain files through).
Result<QByteArray> readAll(const QString &path)
{
    const gzFile file = gzopen(QFile::encodeName(path).constData(), "rb");
    if (!file)
        return notFound(u"%1 cannot be opened."_s.arg(path));
    QByteArray all, block(1 << 16, '\0');
    int got = 0;
    while ((got = gzread(file, block.data(), static_cast<unsigned>(block.size()))) > 0)
        all.append(block.constData(), got);
    gzclose(file);
    if (got < 0)
        return badInput(u"%1 is damaged."_s.arg(path));
    return all;
}

/// A table without quotes: every line is cut at the delimiter.
class Table
{
public:
    Table(const QByteArray &bytes, char delimiter)
        : m_delimiter(delimiter)
        , m_lines(bytes.split('\n'))
    {
        const QStringList names = cells(0);
        for (qsizetype i = 0; i < names.size(); ++i)
            m_columns.insert(names[i], i);
    }
    qsizetype size() const { return m_lines.size(); }
    bool isEmpty(qsizetype line) const { return m_lines[line].trimmed().isEmpty(); }
    QStringList cells(qsizetype line) const
    {
        return QString::fromLatin1(m_lines[line].trimmed()).split(QLatin1Char(m_delimiter));
    }
    qsizetype column(const QString &name) const { return m_columns.value(name, -1); }

private:
    char m_delimiter;
    QList<QByteArray> m_lines;
    QHash<QString, qsizetype> m_columns;
};

/// Turns values of rows into what an event says: only what differs from the row before.
struct Values {
    QString tier, team, assignee;
    std::optional<Status> status;
    std::optional<Priority> priority;

    void tell(Event &event, const Values &row)
    {
        const auto text = [](QString &held, const QString &now) -> std::optional<QString> {
            if (now.isEmpty() || now == held)
                return std::nullopt;
            held = now;
            return now;
        };
        event.tier = text(tier, row.tier);
        event.team = text(team, row.team);
        event.assignee = text(assignee, row.assignee);
        if (row.status && row.status != status)
            event.status = status = row.status;
        if (row.priority && row.priority != priority)
            event.priority = priority = row.priority;
    }
};

struct Row {
    qint64 number = 0; ///< line in the file: the order of equal instants
    Instant at, order;
    Values values;
    bool isAwaiting = false;
};

/// The events of one case, sorted first, so that "changed" means against the row before in order.
std::vector<Event> eventsOf(std::vector<Row> rows)
{
    std::stable_sort(rows.begin(), rows.end(), [](const Row &a, const Row &b) {
        return a.order != b.order ? a.order < b.order : a.number < b.number;
    });
    std::vector<Event> events;
    Values held;
    for (const Row &row : rows) {
        Event event { .id = { row.number },
            .at = row.at,
            .order = row.order,
            .kind = events.empty() ? EventKind::Created : EventKind::LogRow,
            .actor = row.values.assignee };
        held.tell(event, row.values);
        if (row.isAwaiting)
            event.data.insert(u"awaiting"_s, true);
        event.origin = static_cast<quint64>(row.number);
        events.push_back(std::move(event));
    }
    return events;
}

/// "29/2/2016 01:16", UTC. Nothing for "?". By hand: the toolkit reads local time by a format, which asks the zone data
/// for each one, and takes tenths of a millisecond since Qt 6.8.
std::optional<Instant> dayFirst(const QString &text)
{
    static const QRegularExpression form(
        u"\\A(\\d{1,2})/(\\d{1,2})/(\\d{4}) (\\d{2}):(\\d{2})\\z"_s);
    const QRegularExpressionMatch match = form.match(text);
    const auto number = [&match](int group) { return match.capturedView(group).toInt(); };
    const QDate date(number(3), number(2), number(1));
    const QTime time(number(4), number(5));
    if (!match.hasMatch() || !date.isValid() || !time.isValid())
        return std::nullopt;
    return Instant { QDate(1970, 1, 1).daysTo(date) * DayMs + time.msecsSinceStartOfDay() };
}

QString orNothing(const QString &cell)
{
    return cell == u"?" ? QString() : cell;
}

/// "1 - Critical" … "4 - Low"
std::optional<Priority> priorityOf(const QString &cell)
{
    const int digit = cell.isEmpty() ? 0 : cell.front().digitValue();
    if (digit < 1 || digit > 4)
        return std::nullopt;
    return static_cast<Priority>(4 - digit);
}

} // namespace

Result<RawLog> readProblems(const QString &path)
{
    TIERLINE_TRY(bytes, readAll(path));
    const Table table(bytes, ';');
    const qsizetype number = table.column(u"Problem Number"_s);
    const qsizetype time = table.column(u"Problem Change Date+Time"_s);
    const qsizetype team = table.column(u"Problem Involved Owner ST"_s);
    const qsizetype status = table.column(u"Problem Status"_s);
    const qsizetype product = table.column(u"Product"_s);
    const qsizetype first = table.column(u"Problem Involved Action Owner First Name"_s);
    const qsizetype country = table.column(u"Problem Involved Action Owner Country"_s);

    RawLog log;
    QHash<QString, size_t> places;
    std::vector<std::vector<Row>> rows;
    for (qsizetype line = 1; line < table.size(); ++line) {
        if (table.isEmpty(line))
            continue;
        const QStringList cells = table.cells(line);
        TIERLINE_TRY(at, Instant::parse(cells[time]));
        const QString group = orNothing(cells[team]);
        const QString word = group.section(u' ', -1);
        Row row { .number = line, .at = at, .order = at };
        row.values.team = group;
        row.values.tier = word == u"3rd" ? u"L3"_s : word == u"2nd" ? u"L2"_s : u"L1"_s;
        row.values.assignee = cells[first] + u", "_s + cells[country];
        row.values.status = cells[status] == u"Completed" ? Status::Solved : Status::Open;
        const auto known = places.constFind(cells[number]);
        const size_t place = known == places.cend() ? rows.size() : *known;
        if (place == rows.size()) {
            places.insert(cells[number], place);
            rows.emplace_back();
            log.cases.push_back({ .ticket = { .key = cells[number], .product = cells[product] } });
        }
        rows[place].push_back(std::move(row));
        ++log.rows;
    }
    for (size_t i = 0; i < rows.size(); ++i) {
        RawCase &one = log.cases[i];
        one.events = eventsOf(std::move(rows[i]));
        one.ticket.created = one.events.front().at;
    }
    return log;
}

Result<RawLog> readIncidents(const QString &path)
{
    TIERLINE_TRY(bytes, readAll(path));
    const Table table(bytes, ',');
    const auto column = [&](const char *name) { return table.column(QString::fromLatin1(name)); };
    const qsizetype number = column("number"), state = column("incident_state");
    const qsizetype order = column("sys_mod_count"), time = column("sys_updated_at");
    const qsizetype group = column("assignment_group"), agent = column("assigned_to");
    const qsizetype priority = column("priority"), opened = column("opened_at");
    const qsizetype resolved = column("resolved_at"), sla = column("made_sla");

    RawLog log;
    QHash<QString, size_t> places;
    std::vector<std::vector<Row>> rows;
    std::vector<Instant> lastOrder;
    for (qsizetype line = 1; line < table.size(); ++line) {
        if (table.isEmpty(line))
            continue;
        const QStringList cells = table.cells(line);
        Row row { .number = line,
            .at = dayFirst(cells[time]).value_or(Instant {}),
            .order = { cells[order].toLongLong() } };
        row.values.team = orNothing(cells[group]);
        row.values.assignee = orNothing(cells[agent]);
        row.values.priority = priorityOf(cells[priority]);
        const bool isDone = cells[state] == u"Resolved" || cells[state] == u"Closed";
        row.values.status = isDone ? Status::Solved : Status::Open;
        row.isAwaiting = cells[state] == u"Awaiting User Info";
        const auto known = places.constFind(cells[number]);
        const size_t place = known == places.cend() ? rows.size() : *known;
        if (place == rows.size()) {
            places.insert(cells[number], place);
            rows.emplace_back();
            lastOrder.push_back({ -1 });
            log.cases.push_back({ .ticket = { .key = cells[number] } });
        }
        Ticket &ticket = log.cases[place].ticket;
        if (row.order >= lastOrder[place]) { // what the last row says of the whole incident
            lastOrder[place] = row.order;
            QJsonObject facts { { u"sla_met"_s,
                cells[sla].compare(u"true", Qt::CaseInsensitive) == 0 } };
            if (const auto at = dayFirst(cells[resolved]))
                facts.insert(u"resolved_at"_s, at->iso());
            ticket.fields = { { u"known"_s, facts } };
            ticket.created = dayFirst(cells[opened]).value_or(Instant {});
        }
        rows[place].push_back(std::move(row));
        ++log.rows;
    }
    for (size_t i = 0; i < rows.size(); ++i)
        log.cases[i].events = eventsOf(std::move(rows[i]));
    return log;
}

} // namespace tierline::test
