#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/engine/dispatch.h"

#include <QHash>
#include <QObject>
#include <QTimer>

#include <map>

namespace tierline::engine {

/// How the courier reaches the store: work runs where the store lives, one after the other; its end is told on the
/// courier's thread, later than the call.
class CourierStore
{
public:
    virtual ~CourierStore() = default;
    using Work = std::function<Result<Done>(storage::Store &)>;
    virtual void run(QObject *courier, Work work, std::function<void(Result<Done>)> then) = 0;
};

/// Of a program whose store lives on the courier's own thread.
class StoreHere final : public CourierStore
{
public:
    explicit StoreHere(storage::Store &store)
        : m_store(store)
    {
    }
    void run(QObject *courier, Work work, std::function<void(Result<Done>)> then) override;

private:
    storage::Store &m_store;
};

/// Ways that are open, by name: those that are not here wait (their secret is not known yet).
using OpenWays = std::map<QString, std::shared_ptr<notify::Way>>;

/// Takes notices to people over networks: makes deliveries of them (postage.h), tries each until it has arrived, once, and
/// keeps what could not be sent (dispatch.h). Runs where the engine fires, so that one program at a time sends; a program
/// that dies in the middle of a try leaves a row behind that says so, and it is looked for at its place before it is
/// tried again.
///
/// A telling's id is the same at every try. Of one topic at one place one telling is under way at a time, so that the
/// second one changes the first one's post. A way that fails is asked by one telling at a time, after growing pauses, until
/// one arrives; a way whose sign-in is refused is shut until a person sees to it, and what is for it waits. A failing way
/// holds no other up, and never the rule that fired. Who is listened to is asked four times a minute who took what.
/// Thread: one with a loop. Owns what is under way; stop() ends it, and the store knows the rest.
class Courier : public QObject
{
    Q_OBJECT
public:
    struct Settings {
        DispatchTerms terms {};
        int atOnce = 4; ///< tries under way at one way
        Millis hearEvery { 15'000 };
        Millis longestPause { 60'000 }; ///< of a way that fails
    };
    /// All outlive it.
    Courier(CourierStore &store, const notify::WayRegistry &kinds, const Clock &clock,
        RandomSource &random, Settings settings);
    ~Courier() override;

    /// Takes the place of those there were; what is under way there is dropped, and looked for again.
    void setWays(OpenWays ways);
    /// There may be something to send. Cheap; called after every firing.
    void wake();
    void stop();

    /// Nothing is under way, and nothing will be before time passes or somebody calls.
    bool isIdle() const
    {
        return m_underWay.empty() && !m_isLooking
            && (!m_timer.isActive() || m_timer.intervalAsDuration() > Millis(0));
    }

signals:
    void changed(); ///< what the store knows of deliveries, or of tickets that somebody took
    void wayShut(const QString &way, const QString &why);

private:
    struct Line {
        std::shared_ptr<notify::Way> way;
        int failures = 0; ///< since the last one arrived
        Millis pausedUntil { 0 }; ///< by the monotonic clock
        std::unique_ptr<notify::Errand> hearing;
    };
    struct UnderWay {
        QString way, place;
        std::unique_ptr<notify::Errand> errand;
    };
    void look();
    void took(const Result<Done> &done, Dispatched out);
    void send(Parcel parcel);
    void note(const QString &id, const notify::Told &told);
    void mind(const QString &way, const notify::Told &told);
    void hear();
    void hearAt(const QString &way, const std::vector<notify::Open> &open);
    std::vector<OpenWay> open() const;

    CourierStore &m_store;
    const notify::WayRegistry &m_kinds;
    const Clock &m_clock;
    RandomSource &m_random;
    Settings m_settings;
    std::map<QString, Line> m_lines;
    std::map<QString, UnderWay> m_underWay; ///< by id, until the store knows what became of it
    QTimer m_timer;
    QTimer m_hearTimer;
    bool m_isLooking = false;
    bool m_isWanted = false; ///< again, once the look that runs has ended
    bool m_isStopped = false;
};

} // namespace tierline::engine
