#include "core/desk/session.h"

#include "core/desk/courierservice.h"
#include "core/desk/dueservice.h"
#include "core/desk/engineservice.h"
#include "core/desk/syncservice.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QCoreApplication>

namespace tierline::desk {

const Tier *People::tier(const QString &id) const
{
    for (const Tier &tier : tiers) {
        if (tier.id == id)
            return &tier;
    }
    return nullptr;
}

const Agent *People::agent(const QString &id) const
{
    for (const Agent &agent : agents) {
        if (agent.id == id)
            return &agent;
    }
    return nullptr;
}

QString People::nameOf(const QString &agentId) const
{
    const Agent *found = agent(agentId);
    return found ? found->name : agentId;
}

namespace {

Result<People> loadPeople(storage::Connection &connection, const QString &as)
{
    People people;
    // First, so that whatever changes from here on is told by the feed.
    TIERLINE_TRY(revision, storage::feedRevision(connection));
    people.revision = revision;
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    TIERLINE_TRY(me, as.isEmpty() ? storage::loadMe(connection) : Result<QString>(as));
    TIERLINE_TRY(agent, storage::findAgent(connection, me));
    people.tiers = tiers;
    people.teams = teams;
    people.agents = agents;
    people.me = agent;
    people.visibility = visibilityOf(agent, teams);
    return people;
}

} // namespace

Session::Session(storage::Workspace workspace, const Clock &clock, RandomSource &random, QString as)
    : m_workspace(std::move(workspace))
    , m_clock(clock)
    , m_random(random)
    , m_as(std::move(as))
    , m_readers(m_workspace)
    , m_feed(m_workspace, m_readers)
    , m_queues(m_readers, m_feed)
    , m_sync(std::make_unique<SyncService>(*this))
    , m_engine(std::make_unique<EngineService>(*this))
    , m_courier(std::make_unique<CourierService>(*this))
    , m_dues(std::make_unique<DueService>(*this))
{
    m_readers.deliverTo(&m_delivery);
    connect(
        &m_feed, &storage::FeedWatcher::changed, this, [this](const storage::ChangeSet &changes) {
            if (changes.everything)
                readPeople(false);
            emit ticketsChanged(QList<TicketId>(changes.tickets.begin(), changes.tickets.end()),
                changes.everything);
        });
}

Session::~Session()
{
    shutDown();
}

void Session::shutDown()
{
    m_sync->shutDown(); // its last words are written by the store's thread
    m_courier->shutDown();
    m_engine->shutDown();
    m_dues->shutDown();
    m_readers.stop();
    m_store.reset();
    // Endings that were handed over but not yet run: now, while those who wait for them are there.
    // An ending may ask for more, which then ends at once, with an ending of its own.
    QObject *endings = &m_delivery;
    do
        QCoreApplication::sendPostedEvents(endings); // fence: event-loop because only endings run
    while (m_readers.isDelivering());
}

QFuture<Result<TicketId>> Session::findTicket(const QString &key)
{
    return read([key](storage::Connection &connection, const Visibility &visibility) {
        return storage::findTicket(connection, key, visibility);
    });
}

QFuture<Result<std::shared_ptr<const OpenTicket>>> Session::openTicket(TicketId id)
{
    return read(
        [id, now = m_clock.now()](storage::Connection &connection, const Visibility &visibility) {
            return desk::openTicket(connection, id, visibility, now);
        });
}

QFuture<Result<storage::SearchPage>> Session::search(
    const QString &typed, int limit, storage::StopFlag stop, Millis patience)
{
    return read([typed, limit, stop, patience, clock = &m_clock](storage::Connection &connection,
                    const Visibility &visibility) -> Result<storage::SearchPage> {
        if (stop.isStopped())
            return cancelled();
        const storage::Connection::StopScope scope(
            connection, [&stop] { return stop.isStopped(); });
        const Millis end = clock->monotonic() + patience;
        return desk::search(connection, typed, visibility, limit, clock->now(),
            [&] { return patience.count() > 0 && clock->monotonic() >= end; });
    });
}

namespace {

Result<QList<storage::PlaceCount>> countAll(storage::Connection &connection,
    const QList<storage::QueueQuery> &queries, const Visibility &visibility, Instant now)
{
    QList<storage::PlaceCount> counts;
    for (const storage::QueueQuery &query : queries) {
        TIERLINE_TRY(count, storage::countPlace(connection, query, visibility, now));
        counts.append(count);
    }
    return counts;
}

} // namespace

QFuture<Result<QList<storage::PlaceCount>>> Session::countPlaces(
    const QList<storage::QueueQuery> &queries)
{
    return read(
        [queries, now = m_clock.now()](
            storage::Connection &connection, const Visibility &visibility) {
            return countAll(connection, queries, visibility, now);
        },
        storage::Lane::Figures);
}

QFuture<Result<metrics::Report>> Session::measure(metrics::Options options)
{
    options.now = m_clock.now();
    return read(
        [options](storage::Connection &connection, const Visibility &visibility) {
            return desk::measure(connection, visibility, options);
        },
        storage::Lane::Figures);
}

void Session::open()
{
    m_store = std::make_unique<storage::StoreThread>(m_workspace, m_clock);
    m_store->deliverTo(&m_delivery);
    readPeople(true);
    // Told by the event loop even where it ends at once: whoever is made after this hears it too.
    QMetaObject::invokeMethod(
        this,
        [this] {
            if (m_store)
                m_store->opened().then(
                    this, [this](const Result<Done> &done) { onStoreOpened(done); });
        },
        Qt::QueuedConnection);
}

void Session::onStoreOpened(const Result<Done> &done)
{
    if (!done) {
        emit failed(done.error());
        return;
    }
    m_isWritable = true;
    emit writable();
    // A store that had to be migrated first could not be read until now.
    if (!m_isOpen)
        readPeople(true);
}

void Session::readPeople(bool isFirst)
{
    m_readers
        .run([as = m_as](storage::Connection &connection) { return loadPeople(connection, as); })
        .then(this, [this, isFirst, isLastTry = m_isWritable](const Result<People> &people) {
            if (isFirst && m_isOpen)
                return;
            if (!people) {
                // Before the writer is open, its own words about the workspace are the better ones.
                if (isLastTry && !m_isOpen)
                    emit failed(people.error());
                return;
            }
            m_people = *people;
            m_queues.setVisibility(m_people.visibility);
            if (m_isOpen) {
                emit peopleChanged();
                return;
            }
            m_isOpen = true;
            m_feed.start(m_people.revision);
            emit opened();
        });
}

} // namespace tierline::desk
