#pragma once

#include "core/desk/rulepast.h"
#include "core/desk/session.h"

#include <QCoreApplication>
#include <QPointer>

#include <atomic>

namespace tierline::desk {

/// A look at the past of rules off the ui thread: tells how many tickets are done, and can be stopped. Starting
/// another takes the place of the one before. Thread: ui; the session outlives it. Destroying it stops it.
class PastWork : public QObject
{
    Q_OBJECT
public:
    ~PastWork() override { stop(); }

    void stop()
    {
        if (m_isRunning)
            m_shared->isStopped = true;
    }
    bool isRunning() const { return m_isRunning; }

signals:
    void progressed(qint64 tickets);

protected:
    PastWork(Session &session, QObject *parent)
        : QObject(parent)
        , m_session(session)
    {
    }
    /// `work(Connection &, const Visibility &, const rules::BacktestProgress &)` gives a Result on a reader's
    /// thread, which `done` is called with on the ui thread, unless something else was started or this object
    /// is gone.
    template<typename Work, typename Ready>
    void read(Work work, Ready done)
    {
        using R = std::invoke_result_t<Work, storage::Connection &, const Visibility &,
            const rules::BacktestProgress &>;
        stop();
        m_isRunning = true;
        m_shared = std::make_shared<Shared>();
        m_session
            .read(
                [work = std::move(work), tell = teller()](
                    storage::Connection &connection, const Visibility &visibility) -> R {
                    return work(connection, visibility, tell);
                },
                storage::Lane::Figures)
            .then(&m_session,
                [self = QPointer<PastWork>(this), shared = m_shared, done = std::move(done)](
                    const R &result) {
                    if (!self || self->m_shared != shared)
                        return;
                    self->m_isRunning = false;
                    done(result);
                });
    }
    /// The same of `work(RulePast &, const rules::BacktestProgress &)`.
    template<typename Work, typename Ready>
    void run(Work work, Ready done)
    {
        read(
            [work = std::move(work)](storage::Connection &connection, const Visibility &visibility,
                const rules::BacktestProgress &tell) {
                RulePast past(connection, visibility);
                return work(past, tell);
            },
            std::move(done));
    }

private:
    struct Shared {
        std::atomic<bool> isStopped = false;
    };
    /// Handed over by a queued call; where this object is gone by then, so is the call.
    rules::BacktestProgress teller()
    {
        return [self = QPointer<PastWork>(this), shared = m_shared](qint64 tickets) {
            QMetaObject::invokeMethod(
                QCoreApplication::instance(),
                [self, shared, tickets] {
                    if (self && self->m_shared == shared && !shared->isStopped)
                        emit self->progressed(tickets);
                },
                Qt::QueuedConnection);
            return !shared->isStopped;
        };
    }

    Session &m_session;
    std::shared_ptr<Shared> m_shared; ///< also held by the work under way
    bool m_isRunning = false;
};

} // namespace tierline::desk
