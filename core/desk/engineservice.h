#pragma once

#include "core/desk/questions.h"
#include "core/engine/engine.h"
#include "core/notify/api/sink.h"

#include <QFuture>
#include <QObject>
#include <QTimer>

namespace tierline::desk {

class Session;

/// How the rules of the open workspace run, for the status line.
struct EngineState {
    bool isRunning = false; ///< this program or another one fires
    bool isHolder = false; ///< this one does
    bool isWalking = false; ///< tickets are looked at since rules changed
    int questions = 0; ///< wait for somebody's yes
    QString problem; ///< why the last step failed; empty: it did not
    bool operator==(const EngineState &) const = default;
};

/// Runs the workspace's rules inside the desktop: the engine's steps are jobs of the store's thread, some
/// milliseconds each, so that a person's own changes get in between; this object only says when. Hands the
/// notices that are for this person to the sinks.
/// Thread: ui, which waits for nothing. Owned by its session.
class EngineService : public QObject
{
    Q_OBJECT
public:
    explicit EngineService(Session &session);
    ~EngineService() override;

    /// Begins as soon as the session can be written. Sinks outlive the session's shutDown().
    /// `ways`: the kinds of ways over networks there can be; outlives it.
    void start(std::vector<notify::Sink *> sinks, const notify::WayRegistry *ways = nullptr);
    /// Gives the engine's lock back on the store's thread. Called by the session before that ends.
    void shutDown();

    const EngineState &state() const { return m_state; }
    /// What waits for a yes, of tickets that this person may see.
    QFuture<Result<std::vector<OpenQuestion>>> questions();
    /// mayAnswer() says who may. A yes does what was asked about.
    QFuture<Result<engine::Tally>> answer(const QString &question, bool isYes);

signals:
    void changed(); ///< state()
    /// Rules did something; said together where it was much at once.
    void fired(const tierline::engine::Tally &tally);

private:
    struct Held; ///< lives on the store's thread
    void begin();
    void wake();
    void step();
    void stepped(const Result<engine::Step> &step);
    void deliver();
    void tellNext(std::vector<notify::Message> messages);
    void setState(EngineState state);

    Session &m_session;
    std::shared_ptr<Held> m_held;
    std::vector<notify::Sink *> m_sinks;
    EngineState m_state;
    QTimer m_tick;
    QTimer m_gather; ///< several changes are one look for notices
    Millis m_delivered { 0 }; ///< when notices were last looked for
    bool m_isStarted = false;
    bool m_isBegun = false;
    bool m_isStepping = false;
    bool m_isWanted = false; ///< again, once the step that runs has ended
    bool m_isDelivering = false;
    bool m_hasMore = false; ///< notices, than were read at once
    bool m_isOver = false;
};

} // namespace tierline::desk
