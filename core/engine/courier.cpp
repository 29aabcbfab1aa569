#include "core/engine/courier.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

constexpr Millis afterFault { 5'000 };
/// The event loop's timers stand still while the machine sleeps: the clock is looked at this often.
constexpr Millis longestNap { 30'000 };

} // namespace

void StoreHere::run(QObject *courier, Work work, std::function<void(Result<Done>)> then)
{
    QMetaObject::invokeMethod(
        courier, [this, work = std::move(work), then = std::move(then)] { then(work(m_store)); },
        Qt::QueuedConnection);
}

Courier::Courier(CourierStore &store, const notify::WayRegistry &kinds, const Clock &clock,
    RandomSource &random, Settings settings)
    : m_store(store)
    , m_kinds(kinds)
    , m_clock(clock)
    , m_random(random)
    , m_settings(std::move(settings))
    , m_timer(this) // they move to another thread with it
    , m_hearTimer(this)
{
    m_timer.setSingleShot(true);
    m_timer.setTimerType(Qt::PreciseTimer);
    connect(&m_timer, &QTimer::timeout, this, &Courier::look);
    m_hearTimer.setInterval(m_settings.hearEvery);
    connect(&m_hearTimer, &QTimer::timeout, this, &Courier::hear);
}

Courier::~Courier()
{
    stop();
}

void Courier::setWays(OpenWays ways)
{
    // What is under way points into a way; dropped, its row still says Sending.
    m_underWay.clear();
    m_lines.clear();
    bool hears = false;
    for (auto &[name, way] : ways) {
        hears = hears || way->hears();
        m_lines[name].way = std::move(way);
    }
    if (hears && !m_isStopped)
        m_hearTimer.start();
    else
        m_hearTimer.stop();
    wake();
}

void Courier::wake()
{
    if (m_isStopped)
        return;
    m_isWanted = m_isLooking; // what runs may have read before
    m_timer.start(0);
}

void Courier::stop()
{
    m_isStopped = true;
    m_timer.stop();
    m_hearTimer.stop();
    m_underWay.clear();
    m_lines.clear();
}

std::vector<OpenWay> Courier::open() const
{
    std::vector<OpenWay> open;
    const Millis now = m_clock.monotonic();
    for (const auto &[name, line] : m_lines) {
        OpenWay one { .name = name };
        for (const auto &[id, under] : m_underWay) {
            if (under.way == name) {
                one.underWay.insert(id);
                one.busy.insert(under.place);
            }
        }
        const int most = line.failures > 0 ? 1 : m_settings.atOnce;
        if (line.pausedUntil <= now)
            one.room = std::max(0, most - int(one.underWay.size()));
        open.push_back(std::move(one));
    }
    return open;
}

void Courier::look()
{
    if (m_isStopped)
        return;
    if (std::exchange(m_isLooking, true)) {
        m_isWanted = true;
        return;
    }
    auto out = std::make_shared<Dispatched>();
    m_store.run(
        this,
        [out, open = open(), now = m_clock.now(), &kinds = m_kinds, terms = m_settings.terms](
            storage::Store &store) -> Result<Done> {
            TIERLINE_TRY(dispatched, dispatch(store, kinds, terms, open, now));
            *out = std::move(dispatched);
            return Done {};
        },
        [this, out](const Result<Done> &done) {
            m_isLooking = false;
            if (!m_isStopped)
                took(done, std::move(*out));
        });
}

void Courier::took(const Result<Done> &done, Dispatched out)
{
    for (Parcel &parcel : out.parcels)
        send(std::move(parcel));
    if (m_isStopped)
        return;
    if (std::exchange(m_isWanted, false) || out.hasMore) {
        m_timer.start(0);
        return;
    }
    Millis nap = done ? longestNap : afterFault;
    if (out.next)
        nap = std::min(nap, std::max(Millis(1), *out.next - m_clock.now()));
    for (const auto &[name, line] : m_lines) {
        const Millis paused = line.pausedUntil - m_clock.monotonic();
        if (paused > Millis(0))
            nap = std::min(nap, paused);
    }
    m_timer.start(nap);
}

void Courier::send(Parcel parcel)
{
    const auto line = m_lines.find(parcel.delivery.way);
    if (line == m_lines.end())
        return; // taken away meanwhile
    const QString id = parcel.delivery.id;
    UnderWay &under = m_underWay[id];
    under.way = parcel.delivery.way;
    under.place = parcel.delivery.topic + u'\n' + parcel.delivery.address;
    const auto told = [this, id](const notify::Told &told) { note(id, told); };
    notify::Way &way = *line->second.way;
    under.errand
        = parcel.mayHaveArrived ? way.look(parcel.telling, told) : way.tell(parcel.telling, told);
}

/// The row says Sending until the store has taken this: a full disk sends nothing twice.
void Courier::note(const QString &id, const notify::Told &told)
{
    m_store.run(
        this,
        [id, told, now = m_clock.now(), &kinds = m_kinds, terms = m_settings.terms,
            &random = m_random](
            storage::Store &store) { return noteTold(store, kinds, terms, id, told, now, random); },
        [this, id, told](const Result<Done> &done) {
            const auto under = m_underWay.find(id);
            if (m_isStopped || under == m_underWay.end())
                return;
            if (!done) {
                QTimer::singleShot(afterFault, this, [this, id, told] { note(id, told); });
                return;
            }
            const QString way = under->second.way;
            m_underWay.erase(under);
            mind(way, told);
            emit changed();
            wake();
        });
}

void Courier::mind(const QString &way, const notify::Told &told)
{
    const auto line = m_lines.find(way);
    if (line == m_lines.end())
        return;
    if (told.isWayShut) {
        m_lines.erase(line);
        std::erase_if(m_underWay, [&](const auto &one) { return one.second.way == way; });
        emit wayShut(way, told.error ? told.error->detail : QString());
        return;
    }
    using Outcome = notify::Told::Outcome;
    if (told.outcome == Outcome::Arrived || told.outcome == Outcome::Refused) {
        line->second.failures = 0;
        line->second.pausedUntil = {};
        return;
    }
    const Millis pause
        = backoff(m_settings.terms.waits, ++line->second.failures, m_random, told.wait);
    line->second.pausedUntil
        = m_clock.monotonic() + std::max(told.wait, std::min(pause, m_settings.longestPause));
}

// ---- who took what

void Courier::hear()
{
    for (auto &[name, line] : m_lines) {
        if (!line.way->hears() || line.hearing)
            continue;
        auto open = std::make_shared<std::vector<notify::Open>>();
        m_store.run(
            this,
            [open, way = name, now = m_clock.now()](storage::Store &store) -> Result<Done> {
                TIERLINE_TRY(told, openAt(store.connection(), way, now));
                *open = std::move(told);
                return Done {};
            },
            [this, open, way = name](const Result<Done> &done) {
                if (done && !m_isStopped && !open->empty())
                    hearAt(way, *open);
            });
    }
}

void Courier::hearAt(const QString &way, const std::vector<notify::Open> &open)
{
    const auto line = m_lines.find(way);
    if (line == m_lines.end() || line->second.hearing)
        return;
    line->second.hearing = line->second.way->hear(
        open, [this, way](const Result<std::vector<notify::Heard>> &heard) {
            // The errand may not go while it speaks.
            QMetaObject::invokeMethod(
                this,
                [this, way] {
                    if (const auto line = m_lines.find(way); line != m_lines.end())
                        line->second.hearing.reset();
                },
                Qt::QueuedConnection);
            if (!heard || heard->empty())
                return;
            auto accepted = std::make_shared<int>(0);
            m_store.run(
                this,
                [heard = *heard, accepted, now = m_clock.now(), &random = m_random](
                    storage::Store &store) -> Result<Done> {
                    TIERLINE_TRY(taken, takeHeard(store, random, heard, now));
                    *accepted = taken;
                    return Done {};
                },
                [this, accepted](const Result<Done> &) {
                    if (m_isStopped || *accepted == 0)
                        return;
                    emit changed();
                    wake();
                });
        });
}

} // namespace tierline::engine
