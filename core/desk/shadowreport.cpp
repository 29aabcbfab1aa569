#include "core/desk/shadowreport.h"

#include "core/desk/storedpast.h"
#include "core/storage/firings.h"
#include "core/storage/rulebook.h"

#include <QSet>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr int page = 5'000; ///< firings that are read at a time
constexpr qint64 oftenTold = 200; ///< tickets between two words of progress

bool isOfRule(const Firing &firing)
{
    return firing.level == 0;
}

bool saysWould(const Firing &firing)
{
    return firing.outcome == FiringOutcome::Shadow || firing.outcome == FiringOutcome::Capped
        || firing.outcome == FiringOutcome::WouldFire;
}

struct Counted {
    ShadowLine line;
    QSet<qint64> tickets;
};

/// All firings of a rule from an instant on, page by page.
Result<Done> countFirings(storage::Connection &connection, Instant from, Counted &counted)
{
    qint64 before = 0;
    while (true) {
        TIERLINE_TRY(firings,
            storage::loadFirings(connection,
                { .rule = counted.line.rule, .from = from, .before = before, .limit = page }));
        for (const Firing &firing : firings) {
            before = firing.number;
            if (!isOfRule(firing))
                continue;
            const bool hasActed = firing.outcome == FiringOutcome::Fired;
            if (!hasActed && !saysWould(firing))
                continue;
            counted.line.did += hasActed;
            counted.line.would += !hasActed;
            counted.tickets.insert(firing.ticket.v);
        }
        if (firings.size() < size_t(page))
            return Done {};
    }
}

} // namespace

std::optional<double> ShadowLine::precision() const
{
    return rightly + wrongly > 0 ? std::optional(double(rightly) / double(rightly + wrongly))
                                 : std::nullopt;
}

std::optional<double> ShadowLine::recall() const
{
    return rightly + missed > 0 ? std::optional(double(rightly) / double(rightly + missed))
                                : std::nullopt;
}

Result<ShadowReport> loadShadowReport(storage::Connection &connection, const Visibility &visibility,
    Instant from, const rules::BacktestProgress &progress)
{
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    std::vector<Counted> all;
    for (const StoredRule &rule : book.rules) {
        Counted counted { .line = { .rule = rule.id, .name = rule.name, .state = rule.state } };
        TIERLINE_CHECK(countFirings(connection, from, counted));
        if (rule.runs() || !counted.tickets.isEmpty())
            all.push_back(std::move(counted));
    }
    ShadowReport report;
    StoredPast past(connection, visibility);
    TIERLINE_TRY(labels, commands::loadLabels(connection));
    past.setLabels(labels);
    qint64 looked = 0;
    TIERLINE_CHECK(past.walk([&](rules::PastTicket &ticket) -> Result<Done> {
        if (progress && ++looked % oftenTold == 0 && !progress(looked))
            return cancelled();
        report.judged += ticket.shouldEscalate.has_value();
        for (Counted &counted : all) {
            const bool hasFired = counted.tickets.contains(ticket.id.v);
            counted.line.tickets += hasFired;
            if (!ticket.shouldEscalate)
                continue;
            counted.line.rightly += hasFired && *ticket.shouldEscalate;
            counted.line.wrongly += hasFired && !*ticket.shouldEscalate;
            counted.line.missed += !hasFired && *ticket.shouldEscalate;
        }
        return Done {};
    }));
    for (Counted &counted : all)
        report.lines.push_back(std::move(counted.line));
    return report;
}

void ShadowWork::start(Instant from)
{
    read(
        [from](storage::Connection &connection, const Visibility &visibility,
            const rules::BacktestProgress &tell) {
            return loadShadowReport(connection, visibility, from, tell);
        },
        [this](const Result<ShadowReport> &report) { emit finished(report); });
}

QFuture<Result<commands::Labels>> readLabels(Session &session)
{
    return session.read([](storage::Connection &connection, const Visibility &) {
        return commands::loadLabels(connection);
    });
}

QFuture<Result<commands::WorkspaceOutcome>> saveLabel(
    Session &session, const QString &ticket, std::optional<bool> shouldEscalate)
{
    return session.onDesk([ticket, shouldEscalate, random = &session.random()](
                              Desk &desk) -> Result<commands::WorkspaceOutcome> {
        storage::Store &store = desk.store();
        commands::Context context { store, *random, desk.actor(), desk.visibility(),
            store.clock().now() };
        return commands::run(context, commands::SetLabel { ticket, shouldEscalate });
    });
}

} // namespace tierline::desk
