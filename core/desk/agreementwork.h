#pragma once

#include "core/calendar/holidays.h"
#include "core/desk/agreementdesk.h"
#include "core/desk/session.h"

#include <atomic>

namespace tierline::desk {

/// What is agreed at an instant, ready to be edited.
struct AgreementsNow {
    sla::Agreements
        agreements; ///< the policies in their order, and of each calendar what rules then
    int version = 0; ///< of the policies; 0 where nothing was ever agreed
    struct CalendarSince {
        int version = 1; ///< by its number from 1
        std::optional<Instant> from; ///< none: from ever
        std::optional<Instant> next; ///< when a later version takes over, where one is laid ready
    };
    std::map<QString, CalendarSince> calendars;
};
AgreementsNow agreementsAt(const sla::AgreementBook &book, Instant now);

/// Reads them off the ui thread.
QFuture<Result<AgreementsNow>> readAgreements(Session &session);

/// The days of a calendar file (ICS) of this year and so many more, read off the ui thread. NotFound or
/// BadInput with a sentence where the file cannot be used.
QFuture<Result<HolidayFile>> readHolidayFile(
    Session &session, const QString &path, const QString &zone, int years);

/// A change of what is agreed: what it would move, and then its saving. Beside other work; tells how many
/// tickets it has looked at, and can be stopped: a look then ends with Cancelled and nothing is changed.
/// Saving is short: the session's DueService places the due times afterwards.
/// Thread: ui; the session outlives it. Destroying it stops it too.
class AgreementWork : public QObject
{
    Q_OBJECT
public:
    explicit AgreementWork(Session &session, QObject *parent = nullptr);
    ~AgreementWork() override;

    void look(const commands::SaveAgreements &change);
    void save(const commands::SaveAgreements &change);
    void stop();
    bool isRunning() const { return m_isRunning; }

signals:
    void progressed(qint64 tickets);
    /// Errors: BadInput where the change is not sound, NotAllowed for who may not, Cancelled.
    void looked(const tierline::Result<tierline::commands::MovedDues> &moved);
    void saved(const tierline::Result<tierline::Done> &done);

private:
    using Moved = Result<commands::MovedDues>;
    struct Shared {
        std::atomic<bool> isStopped = false;
    };
    commands::Progress begin();

    Session &m_session;
    std::shared_ptr<Shared> m_shared; ///< also held by the work under way
    bool m_isRunning = false;
};

} // namespace tierline::desk
