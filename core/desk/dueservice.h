#pragma once

#include "core/commands/agreements.h"

#include <QObject>
#include <QTimer>

namespace tierline::desk {

class Session;

/// Places the due times of open tickets after agreements or the system's zone data changed, whoever changed them and however often a program
/// was ended in the middle: slices of a hundred tickets as jobs of the store's thread, so that a person's own
/// changes get in between. Begins by itself when the session can be written.
/// Thread: ui, which waits for nothing. Owned by its session.
class DueService : public QObject
{
    Q_OBJECT
public:
    explicit DueService(Session &session);

    /// No more slices; the one under way ends with the store's thread.
    void shutDown() { m_isOver = true; }
    const commands::DueProgress &progress() const { return m_progress; }

signals:
    void changed(); ///< progress()

private:
    template<typename Job>
    auto inContext(Job job) const;
    void takeUpZoneData();
    void look();
    void place();
    void take(const Result<commands::DueProgress> &progress);

    Session &m_session;
    commands::DueProgress m_progress;
    QTimer m_again; ///< after a failure, such as a full disk
    bool m_isBusy = false;
    bool m_isWanted = false; ///< something changed meanwhile
    bool m_isWritable = false;
    bool m_isOver = false;
};

} // namespace tierline::desk
