#include "core/import/importer.h"

#include "core/base/logging.h"
#include "core/import/eventprint.h"
#include "core/import/historysource_p.h"
#include "core/storage/imports.h"
#include "core/storage/search.h"
#include "core/storage/tickets.h"

#include <QJsonArray>
#include <QSet>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using storage::Durability;
using storage::WriteScope;

namespace {

constexpr Millis batchAim { 50 };
constexpr Millis indexAim {
    200
}; ///< the text index likes large batches; nobody notices 200 ms now and then
constexpr int firstIndexBatch = 256;
constexpr qint64 smallestBatch = 8, largestBatch = 20'000;
constexpr qsizetype batchCharacters = 4 << 20; ///< of text in one batch
constexpr int undoBatchSize = 200;

Result<qint64> oneNumber(storage::Connection &connection, const char *sql)
{
    TIERLINE_TRY(query, connection.prepare(sql));
    TIERLINE_TRY(hasRow, query.step());
    return hasRow ? query.integer(0) : 0;
}

qsizetype weight(const commands::History &history)
{
    qsizetype characters
        = history.ticket.subject.size() + 200 * static_cast<qsizetype>(history.events.size());
    for (const Message &message : history.messages)
        characters += message.text.size() + message.html.size();
    return characters;
}

/// Takes away the events that the ticket has already; gives how many are left. Besides by its origin
/// an event is known by what happened: that is how what was done here, or came from a log, is
/// recognised in ticket lines that we exported.
Result<qsizetype> keepNews(storage::Connection &connection, TicketId ticket, Incoming &incoming)
{
    commands::History &history = incoming.history;
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket));
    QSet<quint64> known;
    for (const Event &event : events)
        known.insert(event.origin);
    const bool isLine = !incoming.raw.isEmpty();
    if (isLine) {
        TIERLINE_TRY(messages, storage::loadMessages(connection, ticket));
        QHash<qint64, QString> texts;
        for (const Message &message : messages)
            texts.insert(message.id.v, message.text);
        OriginCounter origins;
        for (size_t i = 1; i < events.size(); ++i)
            known.insert(origins.next(eventPrint(events[i], texts.value(events[i].message.v))));
        // A ticket is created once, whatever else the line says of that.
        const Event &first = history.events.front();
        if (!events.empty() && events.front().kind == EventKind::Created
            && events.front().at == first.at)
            known.insert(first.origin);
    }
    size_t kept = 0;
    for (size_t i = 0; i < history.events.size(); ++i) {
        if (known.contains(history.events[i].origin))
            continue;
        if (kept != i) {
            history.events[kept] = std::move(history.events[i]);
            history.messageOf[kept] = history.messageOf[i];
        }
        ++kept;
    }
    history.events.resize(kept);
    history.messageOf.resize(kept);
    return static_cast<qsizetype>(kept);
}

/// Where the key is there already: its number, and the import that wrote it.
struct Present {
    TicketId ticket;
    ImportId import;
};
Result<Present> findPresent(storage::Connection &connection, const QString &key)
{
    TIERLINE_TRY(query, connection.prepare("SELECT id, import FROM ticket WHERE key = ?1"));
    query.bind(1, key);
    TIERLINE_TRY(hasRow, query.step());
    return hasRow ? Present { { query.integer(0) }, { query.integer(1) } } : Present {};
}

} // namespace

QJsonObject toJson(const ImportReport &report)
{
    QJsonArray bad;
    for (const BadRow &row : report.bad)
        bad.append(QJsonObject { { u"line"_s, row.line }, { u"why"_s, row.why } });
    QJsonObject object { { u"rows"_s, report.rows }, { u"tickets"_s, report.tickets },
        { u"events"_s, report.events }, { u"new"_s, report.added }, { u"bad"_s, bad },
        { u"seconds"_s, report.seconds } };
    if (report.badCount > static_cast<qint64>(report.bad.size()))
        object[u"bad_total"_s] = report.badCount;
    if (!report.ignored.isEmpty())
        object[u"ignored"_s] = report.ignored;
    return object;
}

Result<Done> noteBad(
    ImportReport &report, qint64 maxBad, qint64 line, const QString &why, const QString &file)
{
    ++report.badCount;
    if (report.bad.size() < MaxBadKept)
        report.bad.push_back({ line, why });
    if (report.badCount <= maxBad)
        return Done {};
    const QString reason = why.endsWith(u'.') ? why.chopped(1) : why;
    const QString count = maxBad == 0
        ? u"Nothing was changed"_s
        : u"That makes %1 bad rows where %2 are allowed, so nothing was changed"_s
              .arg(report.badCount)
              .arg(maxBad);
    return badInput(
        u"Line %1 of “%2” cannot be read: %3. %4. Correct it, or allow bad rows with --max-bad."_s
            .arg(line)
            .arg(file, reason, count),
        u"line %1"_s.arg(line));
}

ImportJob::ImportJob(storage::Store &store, std::unique_ptr<HistorySource> source, QString name,
    ImportOptions options)
    : m_store(store)
    , m_source(std::move(source))
    , m_name(std::move(name))
    , m_options(options)
    , m_began(store.clock().monotonic())
{
}

ImportJob::~ImportJob()
{
    if (!m_import)
        return;
    if (m_state == State::Writing || m_state == State::Indexing || m_state == State::Finishing)
        m_state = State::Undoing;
    while (m_state == State::Undoing) {
        if (const auto more = undoBatch(); !more || !*more) {
            if (m_state == State::Undoing) {
                qCWarning(
                    lcImport, "An unfinished import stays until the workspace is opened again.");
                return;
            }
        }
    }
}

Result<bool> ImportJob::step()
{
    if (m_isCancelled && m_state != State::Undoing && m_state != State::Over) {
        if (!fail(cancelled()))
            return *m_error;
    }
    switch (m_state) {
    case State::Checking: return checkSlice();
    case State::Beginning:
        if (auto begun = beginWriting(); !begun) {
            m_state = State::Over;
            m_error = begun.error();
            return begun.error();
        }
        return true;
    case State::Writing: {
        auto more = writeBatch();
        return more ? more : fail(more.error()) ? Result<bool>(true) : Result<bool>(*m_error);
    }
    case State::Indexing: {
        auto more = indexSome();
        return more ? more : fail(more.error()) ? Result<bool>(true) : Result<bool>(*m_error);
    }
    case State::Finishing: {
        auto done = finish();
        if (!done)
            return fail(done.error()) ? Result<bool>(true) : Result<bool>(*m_error);
        return false;
    }
    case State::Undoing: {
        TIERLINE_TRY(more, undoBatch());
        return more ? Result<bool>(true) : Result<bool>(*m_error);
    }
    case State::Over: break;
    }
    return m_error ? Result<bool>(*m_error) : Result<bool>(false);
}

/// Notes why the import ends. True: what was written must be taken back first.
bool ImportJob::fail(Error error)
{
    m_error = std::move(error);
    m_state = m_import ? State::Undoing : State::Over;
    return m_state == State::Undoing;
}

Result<bool> ImportJob::checkSlice()
{
    auto more = m_source->checkSome(m_report, m_options.maxBad);
    if (!more) {
        fail(more.error());
        return *m_error;
    }
    const auto [done, total] = m_source->progress();
    notePhase(ImportProgress::Phase::Checking, done, total);
    if (!*more)
        m_state = State::Beginning;
    return true;
}

Result<Done> ImportJob::beginWriting()
{
    TIERLINE_TRY(lock, storage::lockImports(m_store.workspace()));
    m_lock = std::move(lock);
    storage::Connection &connection = m_store.connection();
    // A job of this process that was dropped while it could not write.
    TIERLINE_TRY(abandoned, storage::unfinishedImports(connection));
    for (const ImportId import : abandoned) {
        qint64 left = 1;
        while (left > 0) {
            TIERLINE_CHECK(
                m_store.write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
                    TIERLINE_TRY(still, storage::removeImportBatch(scope, import, undoBatchSize));
                    left = still;
                    return Done {};
                }));
        }
    }
    TIERLINE_TRY(
        anyTicket, oneNumber(connection, "SELECT count(*) FROM (SELECT 1 FROM ticket LIMIT 1)"));
    m_wasEmpty = anyTicket == 0;
    TIERLINE_CHECK(m_store.write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(import, storage::beginImport(scope, m_name));
        m_import = import;
        return Done {};
    }));
    m_state = State::Writing;
    return Done {};
}

Result<bool> ImportJob::writeBatch()
{
    std::vector<Incoming> batch;
    qsizetype characters = 0;
    bool isEnd = false;
    while (static_cast<int>(batch.size()) < m_batch && characters < batchCharacters) {
        Incoming incoming;
        TIERLINE_TRY(supply, m_source->next(incoming));
        isEnd = supply == Supply::End;
        if (supply != Supply::Item)
            break;
        characters += weight(incoming.history);
        batch.push_back(std::move(incoming));
    }
    if (!batch.empty()) {
        const Millis before = m_store.clock().monotonic();
        const qint64 added = m_report.added;
        auto written
            = m_store.write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
                  for (Incoming &incoming : batch)
                      TIERLINE_CHECK(take(scope, incoming));
                  return Done {};
              });
        if (!written) {
            m_report.added = added;
            return written.error();
        }
        adaptBatch(static_cast<qint64>(batch.size()), batchAim, before);
    }
    const auto [done, total] = m_source->progress();
    notePhase(ImportProgress::Phase::Writing, done, total);
    if (isEnd) {
        m_state = m_wasEmpty ? State::Indexing : State::Finishing;
        m_batch = firstIndexBatch;
    }
    return true;
}

/// The text index of a store that was empty, in slices too: a person's commands come in between.
Result<bool> ImportJob::indexSome()
{
    TicketId last;
    const Millis before = m_store.clock().monotonic();
    TIERLINE_CHECK(m_store.write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(reached, storage::indexBatch(scope, m_indexed, m_batch));
        last = reached;
        return Done {};
    }));
    if (!last) {
        m_state = State::Finishing;
        return true;
    }
    m_indexed = last;
    m_indexedCount += m_batch;
    adaptBatch(m_batch, indexAim, before);
    notePhase(
        ImportProgress::Phase::Indexing, qMin(m_indexedCount, m_report.tickets), m_report.tickets);
    return true;
}

/// The next batch is as large as this one's speed allows, with some damping.
void ImportJob::adaptBatch(qint64 size, Millis aim, Millis began)
{
    const qint64 took = qMax<qint64>((m_store.clock().monotonic() - began).count(), 1);
    const qint64 fitting = size * aim.count() / took;
    m_batch
        = static_cast<int>(qBound(smallestBatch, qMin(fitting, qint64(m_batch) * 2), largestBatch));
}

Result<Done> ImportJob::take(WriteScope &scope, Incoming &incoming)
{
    commands::History &history = incoming.history;
    TIERLINE_TRY(present, findPresent(scope.connection(), history.ticket.key));
    if (!present.ticket) {
        const auto events = static_cast<qint64>(history.events.size());
        TIERLINE_CHECK(commands::ingest(scope, history, m_import, !m_wasEmpty));
        m_report.added += events;
        return Done {};
    }
    const bool isTwiceInFile = present.import == m_import;
    m_report.tickets -= isTwiceInFile;
    TIERLINE_TRY(news, keepNews(scope.connection(), present.ticket, incoming));
    if (news == 0)
        return Done {};
    if (!isTwiceInFile)
        return m_source->putAside(incoming);
    TIERLINE_TRY(merged, commands::merge(scope, present.ticket, history)); // still unseen
    m_report.added += merged;
    return Done {};
}

Result<Done> ImportJob::finish()
{
    notePhase(ImportProgress::Phase::Finishing, 0, 1);
    qint64 merged = 0;
    auto finished = m_store.write(Durability::Person, [&](WriteScope &scope) -> Result<Done> {
        for (;;) {
            Incoming incoming;
            TIERLINE_TRY(supply, m_source->nextAside(incoming));
            if (supply == Supply::End)
                break;
            TIERLINE_TRY(
                ticket, storage::findAnyTicket(scope.connection(), incoming.history.ticket.key));
            TIERLINE_TRY(news, keepNews(scope.connection(), ticket, incoming));
            if (news == 0)
                continue;
            TIERLINE_TRY(added, commands::merge(scope, ticket, incoming.history));
            merged += added;
        }
        return storage::finishImport(scope, m_import);
    });
    if (!finished)
        return finished.error();
    m_report.added += merged;
    m_report.seconds = static_cast<double>((m_store.clock().monotonic() - m_began).count()) / 1000;
    m_state = State::Over;
    m_lock.reset();
    notePhase(ImportProgress::Phase::Finishing, 1, 1);
    return Done {};
}

Result<bool> ImportJob::undoBatch()
{
    qint64 left = 0;
    auto undone = m_store.write(Durability::Background, [&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(still, storage::removeImportBatch(scope, m_import, undoBatchSize));
        left = still;
        return Done {};
    });
    if (!undone)
        return undone.error();
    notePhase(ImportProgress::Phase::Undoing, 0, left);
    if (left == 0) {
        m_state = State::Over;
        m_lock.reset();
    }
    return left > 0;
}

void ImportJob::notePhase(ImportProgress::Phase phase, qint64 done, qint64 total)
{
    m_phase = static_cast<quint8>(phase);
    m_done = done;
    m_total = total;
}

ImportProgress ImportJob::progress() const
{
    return { static_cast<ImportProgress::Phase>(m_phase.load()), m_done, m_total };
}

Result<ImportReport> runToEnd(
    ImportJob &job, const std::function<bool(const ImportProgress &)> &progress)
{
    for (;;) {
        TIERLINE_TRY(more, job.step());
        if (!more)
            return job.report();
        if (progress && !progress(job.progress()))
            job.cancel();
    }
}

} // namespace tierline::importing
