#include "core/desk/dueservice.h"

#include "core/desk/agreementdesk.h"
#include "core/desk/session.h"

#include <QPointer>

namespace tierline::desk {

using namespace std::chrono_literals;

DueService::DueService(Session &session)
    : m_session(session)
{
    m_again.setSingleShot(true);
    m_again.setInterval(5s);
    connect(&m_again, &QTimer::timeout, this, &DueService::look);
    connect(&session, &Session::writable, this, [this] {
        m_isWritable = true;
        takeUpZoneData();
    });
    connect(
        &session, &Session::ticketsChanged, this, [this](const QList<TicketId> &, bool everything) {
            if (everything)
                look();
        });
}

/// A job of the store's thread, in the name of whoever sits here.
template<typename Job>
auto DueService::inContext(Job job) const
{
    return [job, random = &m_session.random(), me = m_session.people().me](storage::Store &store) {
        commands::Context context { .store = store,
            .random = *random,
            .actor = me,
            .visibility = Visibility::all(),
            .now = store.clock().now() };
        return job(context);
    };
}

void DueService::takeUpZoneData()
{
    m_session
        .onStore(inContext(commands::takeUpZoneData))
        // What could not be noted now, as with a full disk, is noted at the next start.
        .then(&m_session, [self = QPointer(this)](const Result<QStringList> &) {
            if (self)
                self->look();
        });
}

void DueService::look()
{
    if (m_isOver || !m_isWritable)
        return;
    if (std::exchange(m_isBusy, true)) {
        m_isWanted = true;
        return;
    }
    m_isWanted = false;
    m_session
        .read([](storage::Connection &connection, const Visibility &) {
            return commands::dueProgress(connection);
        })
        .then(&m_session, [self = QPointer(this)](const Result<commands::DueProgress> &progress) {
            if (self)
                self->take(progress);
        });
}

void DueService::place()
{
    m_session.onStore(inContext(commands::placeNextDueTimes))
        .then(&m_session, [self = QPointer(this)](const Result<commands::DueProgress> &progress) {
            if (self)
                self->take(progress);
        });
}

void DueService::take(const Result<commands::DueProgress> &progress)
{
    if (m_isOver)
        return;
    if (!progress) {
        m_isBusy = false;
        m_again.start();
        return;
    }
    if (std::exchange(m_progress, *progress) != *progress)
        emit changed();
    if (!progress->isWhole)
        return place();
    m_isBusy = false;
    if (m_isWanted)
        look();
}

} // namespace tierline::desk
