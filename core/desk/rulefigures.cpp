#include "core/desk/rulefigures.h"

#include "core/commands/labels.h"
#include "core/desk/storedpast.h"
#include "core/storage/firings.h"

#include <QSet>

namespace tierline::desk {

namespace {

constexpr Millis week { 7 * DayMs };
constexpr int newestFirings = 100;

} // namespace

Result<std::optional<double>> precisionOf(
    StoredPast &past, const std::vector<Firing> &firings, qsizetype most)
{
    QSet<qint64> looked;
    int judged = 0, right = 0;
    for (const Firing &firing : firings) {
        const bool counts = firing.outcome == FiringOutcome::Fired
            || firing.outcome == FiringOutcome::Shadow || firing.outcome == FiringOutcome::Capped;
        if (!counts || looked.contains(firing.ticket.v) || looked.size() >= most)
            continue;
        looked.insert(firing.ticket.v);
        const auto ticket = past.one(firing.ticket);
        if (!ticket && ticket.error().fault == Fault::NotFound)
            continue;
        if (!ticket)
            return ticket.error();
        judged += ticket->shouldEscalate ? 1 : 0;
        right += ticket->shouldEscalate.value_or(false) ? 1 : 0;
    }
    return judged == 0 ? std::optional<double>() : std::optional(double(right) / judged);
}

Result<QHash<QString, RuleFigures>> loadRuleFigures(storage::Connection &connection,
    const RuleBook &book, const Visibility &visibility, Instant now)
{
    QHash<QString, RuleFigures> figures;
    StoredPast past(connection, visibility);
    TIERLINE_TRY(labels, commands::loadLabels(connection));
    past.setLabels(labels);
    for (const StoredRule &rule : book.rules) {
        if (rule.state == RuleState::Retired)
            continue;
        TIERLINE_TRY(fires, storage::countFired(connection, rule.id, now - week));
        TIERLINE_TRY(
            firings, storage::loadFirings(connection, { .rule = rule.id, .limit = newestFirings }));
        TIERLINE_TRY(precision, precisionOf(past, firings, newestFirings));
        figures.insert(rule.id, { fires, precision });
    }
    return figures;
}

} // namespace tierline::desk
