#pragma once

#include "core/commands/labels.h"
#include "core/desk/pastwork.h"
#include "core/domain/rulebook.h"

namespace tierline::desk {

/// What one rule did, and would have done as a shadow or beyond its limit, and how well.
struct ShadowLine {
    QString rule; ///< id
    QString name;
    RuleState state = RuleState::Draft;
    qint64 did = 0;
    qint64 would = 0;
    qint64 tickets = 0; ///< in which either
    qint64 rightly = 0, wrongly = 0; ///< of those of which somebody said so
    qint64 missed = 0; ///< should have been escalated, and it said nothing
    std::optional<double> precision() const;
    std::optional<double> recall() const;
    bool operator==(const ShadowLine &) const = default;
};
/// Lines in running order; rules that run or said something. Counts what may be seen.
struct ShadowReport {
    std::vector<ShadowLine> lines;
    qint64 judged = 0; ///< tickets of which somebody said whether they should
    bool operator==(const ShadowReport &) const = default;
};
/// Of firings from `from` on. Thread: the connection's, never the ui's. Cost: the log of every ticket, since what
/// was missed is among those that no rule named; `progress` stops with false.
Result<ShadowReport> loadShadowReport(storage::Connection &connection, const Visibility &visibility,
    Instant from, const rules::BacktestProgress &progress = {});

/// Makes it off the ui thread. Thread: ui; the session outlives it.
class ShadowWork : public PastWork
{
    Q_OBJECT
public:
    explicit ShadowWork(Session &session, QObject *parent = nullptr)
        : PastWork(session, parent)
    {
    }
    void start(Instant from);

signals:
    void finished(const tierline::Result<tierline::desk::ShadowReport> &report);
};

/// What people said of past tickets, and saying it of one: leads and admins may. Thread: ui.
QFuture<Result<commands::Labels>> readLabels(Session &session);
QFuture<Result<commands::WorkspaceOutcome>> saveLabel(
    Session &session, const QString &ticket, std::optional<bool> shouldEscalate);

} // namespace tierline::desk
