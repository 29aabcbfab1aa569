#include "core/desk/agreementwork.h"

#include <QCoreApplication>
#include <QFile>
#include <QPointer>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 largestFile = 16 << 20;

Result<HolidayFile> readDays(const QString &path, const QString &zoneName, Instant now, int years)
{
    TIERLINE_TRY(zone, Zone::named(zoneName));
    QFile file(path);
    if (!file.open(QIODevice::ReadOnly))
        return notFound(u"“%1” cannot be read: %2."_s.arg(path, file.errorString()));
    const QByteArray bytes = file.read(largestFile + 1);
    if (bytes.size() > largestFile)
        return badInput(
            u"“%1” is larger than 16 MiB, which no file of holidays is. Choose another."_s.arg(
                path));
    const QDate today = QDateTime::fromMSecsSinceEpoch(now.ms, Qt::UTC).date();
    return readHolidays(bytes, zone, QDate(today.year(), 1, 1),
        QDate(today.year() + std::clamp(years, 1, 20) - 1, 12, 31));
}

} // namespace

AgreementsNow agreementsAt(const sla::AgreementBook &book, Instant now)
{
    AgreementsNow found;
    for (const auto &[name, editions] : book.calendars()) {
        AgreementsNow::CalendarSince since;
        const auto &all = editions.all();
        size_t ruling = 0;
        for (size_t i = 1; i < all.size(); ++i) {
            if (all[i].from <= now)
                ruling = i;
            else if (!since.next)
                since.next = all[i].from;
        }
        since.version = int(ruling) + 1;
        if (ruling > 0)
            since.from = all[ruling].from;
        found.calendars.emplace(name, since);
        found.agreements.calendars.insert_or_assign(name, all[ruling].calendar);
    }
    if (!book.isEmpty()) {
        found.agreements.policies = book.editions().back().policies;
        found.version = book.editions().back().number;
    }
    return found;
}

QFuture<Result<AgreementsNow>> readAgreements(Session &session)
{
    return session.read([now = session.clock().now()](storage::Connection &connection,
                            const Visibility &) -> Result<AgreementsNow> {
        TIERLINE_TRY(book, commands::loadAgreements(connection));
        return book ? agreementsAt(*book, now) : AgreementsNow {};
    });
}

QFuture<Result<HolidayFile>> readHolidayFile(
    Session &session, const QString &path, const QString &zone, int years)
{
    return session.read([path, zone, years, now = session.clock().now()](storage::Connection &,
                            const Visibility &) { return readDays(path, zone, now, years); });
}

AgreementWork::AgreementWork(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
}

AgreementWork::~AgreementWork()
{
    stop();
}

commands::Progress AgreementWork::begin()
{
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    // Handed over by a queued call; where this object is gone by then, so is the call.
    return [self = QPointer<AgreementWork>(this), shared = m_shared](qint64 done) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, shared, done] {
                if (self && self->m_shared == shared && !shared->isStopped)
                    emit self->progressed(done);
            },
            Qt::QueuedConnection);
        return !shared->isStopped;
    };
}

void AgreementWork::look(const commands::SaveAgreements &change)
{
    stop();
    const commands::Progress progress = begin();
    m_session
        .read(
            [change, progress, now = m_session.clock().now()](
                storage::Connection &connection, const Visibility &visibility) {
                return commands::preview(connection, change, visibility, now, progress);
            },
            storage::Lane::Figures)
        .then(&m_session, [self = QPointer(this), shared = m_shared](const Moved &moved) {
            // A look that another one took the place of says nothing.
            if (!self || self->m_shared != shared)
                return;
            self->m_isRunning = false;
            emit self->looked(moved);
        });
}

void AgreementWork::save(const commands::SaveAgreements &change)
{
    stop();
    begin();
    m_session
        .onStore([change, random = &m_session.random(), me = m_session.people().me.id](
                     storage::Store &store) -> Result<Done> {
            TIERLINE_TRY(desk, Desk::open(store, *random, me));
            return AgreementDesk(store, *random, desk).saveEditions(change);
        })
        .then(&m_session, [self = QPointer(this), shared = m_shared](const Result<Done> &done) {
            if (!self || self->m_shared != shared)
                return;
            self->m_isRunning = false;
            emit self->saved(done);
        });
}

void AgreementWork::stop()
{
    if (m_isRunning)
        m_shared->isStopped = true;
}

} // namespace tierline::desk
