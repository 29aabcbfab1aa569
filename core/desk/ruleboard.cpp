#include "core/desk/ruleboard.h"

#include "core/storage/firings.h"
#include "core/storage/tickets.h"

#include <QPointer>

namespace tierline::desk {

namespace {

constexpr Millis week { qint64(7) * 24 * 3'600'000 };

} // namespace

Result<RuleBoard> loadRuleBoard(storage::Connection &connection, Instant now)
{
    RuleBoard board;
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    TIERLINE_TRY(context, loadRuleContext(connection));
    board.book = std::move(book);
    board.context = std::move(context);
    for (const StoredRule &rule : board.book.rules) {
        TIERLINE_TRY(fired, storage::countFired(connection, rule.id, now - week));
        board.firedInWeek.insert(rule.id, fired);
    }
    return board;
}

Result<std::vector<RuleDeed>> loadRuleDeeds(storage::Connection &connection,
    const Visibility &visibility, const QString &rule, Instant from, int limit)
{
    TIERLINE_TRY(
        firings, storage::loadFirings(connection, { .rule = rule, .from = from, .limit = limit }));
    std::vector<RuleDeed> deeds;
    for (Firing &firing : firings) {
        TIERLINE_TRY(state, storage::loadTicket(connection, firing.ticket));
        if (visibility.sees(state.ticket.team))
            deeds.push_back({ std::move(firing), state.ticket.key });
    }
    return deeds;
}

RuleTrial::RuleTrial(Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
{
}

RuleTrial::~RuleTrial()
{
    stop();
}

void RuleTrial::start(const QString &text, Instant from, Instant to)
{
    stop();
    m_isRunning = true;
    m_shared = std::make_shared<Shared>();
    // Handed over by a queued call; where this object is gone by then, so is the call.
    const auto tell = [self = QPointer<RuleTrial>(this), shared = m_shared](qint64 tickets) {
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [self, shared, tickets] {
                if (self && self->m_shared == shared && !shared->isStopped)
                    emit self->progressed(tickets);
            },
            Qt::QueuedConnection);
        return !shared->isStopped;
    };
    m_session
        .read(
            [text, from, to, tell](
                storage::Connection &connection, const Visibility &visibility) -> Result<Played> {
                RulePast past(connection, visibility);
                TIERLINE_TRY(set, past.compile(QByteArrayView(text.toUtf8())));
                TIERLINE_TRY(
                    result, past.backtest(*set, { .from = from, .to = to, .progress = tell }));
                return std::make_shared<const rules::BacktestResult>(std::move(result));
            },
            storage::Lane::Figures)
        .then(&m_session, [self = QPointer(this), shared = m_shared](const Result<Played> &played) {
            if (!self || self->m_shared != shared)
                return;
            self->m_isRunning = false;
            emit self->finished(played);
        });
}

void RuleTrial::stop()
{
    if (m_isRunning)
        m_shared->isStopped = true;
}

} // namespace tierline::desk
