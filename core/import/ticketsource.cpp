#include "core/import/historysource_p.h"
#include "core/import/linepump_p.h"
#include "core/import/staging.h"
#include "core/storage/people.h"

#include <QFileInfo>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis lineSlice { 20 };
constexpr int linesPerSlice = 2000; ///< whatever the clock says
constexpr int linesPerLook = 32; ///< between two looks at the clock

/// Ticket lines: parsed on a second thread in both passes. The file is read again for the second,
/// so that nothing but one batch is ever in memory.
class TicketSource final : public HistorySource
{
public:
    TicketSource(QString path, QString name, TicketLineParser::Options options, const Clock &clock)
        : m_path(std::move(path))
        , m_name(std::move(name))
        , m_options(std::move(options))
        , m_clock(clock)
    {
    }

    Result<Done> openPump(bool isCheck)
    {
        m_pump.reset();
        TIERLINE_TRY(source, ByteSource::open(m_path));
        TicketLineParser::Options options = m_options;
        options.readsText = !isCheck;
        m_pump = std::make_unique<LinePump>(std::move(source), std::move(options), !isCheck);
        m_isCheck = isCheck;
        return Done {};
    }

    Result<bool> checkSome(ImportReport &report, qint64 maxBad) override;
    Result<Supply> next(Incoming &incoming) override;
    Result<Done> putAside(const Incoming &incoming) override;
    Result<Supply> nextAside(Incoming &incoming) override;
    std::pair<qint64, qint64> progress() const override
    {
        return { m_pump->bytesTaken(), m_pump->bytesTotal() };
    }

private:
    QString m_path, m_name;
    TicketLineParser::Options m_options;
    const Clock &m_clock;
    std::unique_ptr<LinePump> m_pump;
    bool m_isCheck = true;
    qint64 m_good = 0, m_given = 0;
    std::unique_ptr<Staging> m_staging; ///< made when the first ticket is put aside
    std::optional<TicketLineParser> m_asideParser;
    std::optional<storage::Statement> m_asideCursor; // last: goes before its connection
};

Result<bool> TicketSource::checkSome(ImportReport &report, qint64 maxBad)
{
    const Millis began = m_clock.monotonic();
    LinePump::Parsed parsed;
    for (int n = 1; n <= linesPerSlice; ++n) {
        TIERLINE_TRY(taken, m_pump->take(parsed, lineSlice));
        if (taken == LinePump::Taken::NotYet)
            return true;
        if (taken == LinePump::Taken::End) {
            const auto ignored = m_pump->ignored();
            for (auto it = ignored.begin(); it != ignored.end(); ++it)
                report.ignored[it.key()] = it.value();
            m_good = report.tickets;
            TIERLINE_CHECK(openPump(false));
            return false;
        }
        ++report.rows;
        if (parsed.history) {
            ++report.tickets;
            report.events += static_cast<qint64>(parsed.history->events.size());
        } else {
            TIERLINE_CHECK(noteBad(report, maxBad, parsed.line, parsed.problem, m_name));
        }
        if (n % linesPerLook == 0 && m_clock.monotonic() - began > lineSlice)
            break;
    }
    return true;
}

Result<Supply> TicketSource::next(Incoming &incoming)
{
    for (;;) {
        LinePump::Parsed parsed;
        TIERLINE_TRY(taken, m_pump->take(parsed, lineSlice));
        if (taken == LinePump::Taken::NotYet)
            return Supply::NotYet;
        if (taken == LinePump::Taken::End) {
            if (m_given != m_good)
                return badInput(
                    u"“%1” was changed while it was being imported, so nothing was taken. Try again."_s
                        .arg(m_name));
            return Supply::End;
        }
        if (!parsed.history)
            continue; // reported in the first pass, and allowed
        incoming.history = std::move(*parsed.history);
        incoming.raw = std::move(parsed.raw);
        ++m_given;
        return Supply::Item;
    }
}

Result<Done> TicketSource::putAside(const Incoming &incoming)
{
    if (!m_staging) {
        TIERLINE_TRY(staging,
            Staging::create("CREATE TABLE aside (id INTEGER PRIMARY KEY, line BLOB NOT NULL)"));
        m_staging = std::move(staging);
    }
    TIERLINE_TRY(insert, m_staging->connection().prepare("INSERT INTO aside (line) VALUES (?1)"));
    return insert.bindBlob(1, incoming.raw).run();
}

Result<Supply> TicketSource::nextAside(Incoming &incoming)
{
    if (!m_staging)
        return Supply::End;
    if (!m_asideCursor) {
        TIERLINE_TRY(
            cursor, m_staging->connection().prepareText(u"SELECT line FROM aside ORDER BY id"_s));
        m_asideCursor.emplace(std::move(cursor));
        m_asideParser.emplace(m_options);
    }
    TIERLINE_TRY(hasRow, m_asideCursor->step());
    if (!hasRow)
        return Supply::End;
    incoming.raw = m_asideCursor->blob(0);
    TIERLINE_TRY(history, m_asideParser->parse(incoming.raw));
    incoming.history = std::move(history);
    return Supply::Item;
}

} // namespace

Result<std::unique_ptr<ImportJob>> startTickets(
    storage::Store &store, const QString &file, ImportOptions options)
{
    TIERLINE_TRY(tiers, storage::loadTiers(store.connection()));
    TicketLineParser::Options lines;
    for (const Tier &tier : tiers) {
        lines.tiers.append(tier.id);
        if (tier.rank > 0 && lines.frontline.isEmpty())
            lines.frontline = tier.id; // by rank: the lowest human tier
    }
    const QString name = QFileInfo(file).fileName();
    auto source = std::make_unique<TicketSource>(file, name, std::move(lines), store.clock());
    TIERLINE_CHECK(source->openPump(true));
    return std::make_unique<ImportJob>(store, std::move(source), name, options);
}

} // namespace tierline::importing
