#include "core/desk/ruleboard.h"

#include "core/storage/firings.h"
#include "core/storage/tickets.h"

namespace tierline::desk {

namespace {

constexpr Millis lately { 7 * DayMs };

} // namespace

Result<RuleBoard> loadRuleBoard(storage::Connection &connection, Instant now)
{
    RuleBoard board;
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    TIERLINE_TRY(context, loadRuleContext(connection));
    board.book = std::move(book);
    board.context = std::move(context);
    for (const StoredRule &rule : board.book.rules) {
        TIERLINE_TRY(fired, storage::countFired(connection, rule.id, now - lately));
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

void RuleTrial::start(const QString &text, Instant from, Instant to)
{
    run(
        [text, from, to](RulePast &past, const rules::BacktestProgress &tell) -> Result<Played> {
            TIERLINE_TRY(set, past.compile(QByteArrayView(text.toUtf8())));
            TIERLINE_TRY(result, past.backtest(*set, { .from = from, .to = to, .progress = tell }));
            return std::make_shared<const rules::BacktestResult>(std::move(result));
        },
        [this](const Result<Played> &played) { emit finished(played); });
}

} // namespace tierline::desk
