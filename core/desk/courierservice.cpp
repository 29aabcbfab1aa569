#include "core/desk/courierservice.h"

#include "core/desk/engineservice.h"
#include "core/desk/session.h"
#include "core/storage/ways.h"

#include <QMutex>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis betweenLooks { 10'000 };

} // namespace

/// The store's thread as the courier sees it. What was asked for may end after the courier has: nobody is told then.
class CourierService::Gate final : public engine::CourierStore
{
public:
    explicit Gate(storage::StoreThread &store)
        : m_store(store)
    {
    }
    ~Gate() override
    {
        const QMutexLocker lock(&m_state->mutex);
        m_state->isClosed = true;
    }
    void run(QObject *courier, Work work, std::function<void(Result<Done>)> then) override
    {
        m_store.run([state = m_state, courier, work = std::move(work), then = std::move(then)](
                        storage::Store &store) -> Result<Done> {
            const Result<Done> done = work(store);
            const QMutexLocker lock(&state->mutex);
            if (!state->isClosed)
                QMetaObject::invokeMethod(
                    courier, [then, done] { then(done); }, Qt::QueuedConnection);
            return done;
        });
    }

private:
    struct State {
        QMutex mutex;
        bool isClosed = false;
    };
    storage::StoreThread &m_store;
    std::shared_ptr<State> m_state = std::make_shared<State>();
};

/// Everything here is called by posting to it.
struct CourierService::Room : QObject {
    Room(engine::CourierStore &store, const Setup &setup, const Clock &clock, RandomSource &random)
        : kinds(setup.kinds)
        , clock(clock)
        , random(random)
        , courier(store, kinds, clock, random, setup.settings)
    {
        courier.setParent(this); // so that it moves with this
    }

    const notify::WayRegistry &kinds;
    const Clock &clock;
    RandomSource &random;
    engine::Courier courier;
};

CourierService::CourierService(Session &session)
    : m_session(session)
{
    m_thread.setObjectName(u"courier"_s);
    m_again.setInterval(betweenLooks);
    connect(&m_again, &QTimer::timeout, this, &CourierService::look);
}

CourierService::~CourierService()
{
    shutDown();
}

void CourierService::start(Setup setup)
{
    if (std::exchange(m_isStarted, true) || m_isOver)
        return;
    m_setup = std::move(setup);
    connect(&m_session.engine(), &EngineService::changed, this, &CourierService::look);
    connect(&m_session.engine(), &EngineService::fired, this,
        [this] { toRoom([](Room &room) { room.courier.wake(); }); });
    connect(&m_session, &Session::ticketsChanged, this, [this](const auto &, bool everything) {
        if (everything)
            look();
        toRoom([](Room &room) { room.courier.wake(); });
    });
    m_again.start();
    look();
}

template<typename F>
void CourierService::toRoom(F work)
{
    if (m_room)
        QMetaObject::invokeMethod(
            m_room.get(), [room = m_room.get(), work = std::move(work)]() mutable { work(*room); },
            Qt::QueuedConnection);
}

void CourierService::look()
{
    if (m_isOver || !m_session.openStore())
        return;
    if (!m_session.engine().state().isHolder) {
        close(); // whoever fires sends
        return;
    }
    if (std::exchange(m_isReading, true))
        return;
    m_session
        .read([](storage::Connection &connection, const Visibility &) {
            return storage::loadWays(connection);
        })
        .then(this, [this](Result<std::vector<Way>> ways) {
            m_isReading = false;
            if (!m_isOver && ways && m_session.engine().state().isHolder)
                takeWays(std::move(*ways));
        });
}

void CourierService::takeWays(std::vector<Way> ways)
{
    if (m_ways == ways)
        return;
    m_ways = ways;
    m_keys = std::make_unique<WayKeys>(*m_setup.secrets, m_setup.kinds, ways,
        [this](std::vector<KeyedWay> keyed) { this->keyed(std::move(keyed)); });
}

void CourierService::keyed(std::vector<KeyedWay> ways)
{
    m_keys.reset();
    storage::StoreThread *store = m_session.openStore();
    if (m_isOver || !store)
        return;
    if (!m_room) {
        m_gate = std::make_unique<Gate>(*store);
        m_room = std::make_unique<Room>(*m_gate, m_setup, m_session.clock(), m_random);
        connect(&m_room->courier, &engine::Courier::changed, this, [this] {
            m_session.feed().poke();
            emit changed();
        });
        connect(&m_room->courier, &engine::Courier::wayShut, this, &CourierService::look);
        m_room->moveToThread(&m_thread);
        m_thread.start();
    }
    toRoom([this, ways = std::move(ways)](Room &room) mutable {
        room.courier.setWays(openWays(room.kinds, ways, room.clock, room.random));
        std::map<QString, QString> problems;
        for (const KeyedWay &one : ways) {
            if (!one.problem.isEmpty())
                problems[one.way.name] = one.problem;
        }
        QMetaObject::invokeMethod(
            this,
            [this, problems] {
                m_problems = problems;
                emit changed();
            },
            Qt::QueuedConnection);
    });
}

/// Nothing is under way when this returns; the thread is not waited for longer than a turn of its loop takes.
void CourierService::close()
{
    m_keys.reset();
    m_ways.reset();
    if (!m_room)
        return;
    m_gate.reset(); // nobody is told anything from here on
    toRoom([](Room &room) {
        room.courier.stop();
        room.deleteLater();
        QThread::currentThread()->quit();
    });
    m_room.release();
    m_thread.wait();
}

void CourierService::shutDown()
{
    if (std::exchange(m_isOver, true))
        return;
    m_again.stop();
    close();
}

} // namespace tierline::desk
