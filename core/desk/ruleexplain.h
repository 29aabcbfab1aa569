#pragma once

#include "core/desk/pastwork.h"
#include "core/domain/firing.h"

namespace tierline::desk {

/// How a rule stood for a ticket at an instant, and what it had done with it by then.
struct RuleVerdict {
    QString key;
    Instant at;
    rules::PastVerdict told;
    /// The words by which it is told, where those are not the ones that were given: the rule had them then.
    std::optional<RulePast::WordsThen> words;
    std::optional<Instant> written; ///< when the rule was first written, where that was later
    std::optional<Firing>
        last; ///< the rule's own last line about the ticket, at or before that instant
};

using Verdict = std::shared_ptr<const RuleVerdict>;

/// Asks off the ui thread: the same as `rules explain`. Thread: ui; the session outlives it.
class ExplainWork : public PastWork
{
    Q_OBJECT
public:
    explicit ExplainWork(Session &session, QObject *parent = nullptr)
        : PastWork(session, parent)
    {
    }
    /// `rule` is its id, or empty for one that is not kept yet; `text` its sentence. What is asked of the past with
    /// the sentence that is kept is told by the words that the rule had then; another sentence is told as given.
    void start(const QString &rule, const QString &text, const QString &ticket, Instant at);

signals:
    /// NotFound for a ticket that is not there or may not be seen, BadInput where it did not exist yet.
    void finished(const tierline::Result<tierline::desk::Verdict> &verdict);
};

/// An instant as people write it: nothing is `now`, "14:30" is that day's, "2026-06-08 14:30" any; on the wall of
/// the zone. ISO 8601 with an offset too. BadInput with a sentence for anything else, and for what is later than now.
Result<Instant> instantAsWritten(const QString &text, const QTimeZone &zone, Instant now);

} // namespace tierline::desk
