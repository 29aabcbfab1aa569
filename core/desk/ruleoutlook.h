#pragma once

#include "core/desk/pastwork.h"

namespace tierline::desk {

/// What a rule would bring in 30 days, as the tickets of the past say.
struct RuleOutlook {
    double fires = 0;
    std::map<QString, double> load; ///< escalations by the tier that they go to
    rules::ExpectedMatches matches; ///< with its conditions joined by "and", and by "or"
    qint64 tickets = 0; ///< of the past that were played
};
/// What one bound of a rule would do at each value that a slider has.
struct RuleCurve {
    int bound = 0;
    std::vector<rules::CurvePoint> points; ///< ascending by value; without their single fires
    qint64 days = 0;
};

using Outlook = std::shared_ptr<const RuleOutlook>;
using Curve = std::shared_ptr<const RuleCurve>;

/// Counts outlooks and curves off the ui thread. Thread: ui; the session outlives it.
class RuleForecast : public PastWork
{
    Q_OBJECT
public:
    explicit RuleForecast(Session &session, QObject *parent = nullptr)
        : PastWork(session, parent)
    {
    }
    /// `text` holds one rule, and may read lists of the rule book.
    void lookAhead(const QString &text, Instant from, Instant to);
    /// Of the bound with this number of rules::movableBounds(), over rules::valuesAround() it.
    void drawCurve(const QString &text, int bound, Instant from, Instant to);

signals:
    /// Cancelled where it was stopped; BadInput where the text cannot be read.
    void lookedAhead(const tierline::Result<tierline::desk::Outlook> &outlook);
    void drawn(const tierline::Result<tierline::desk::Curve> &curve);
};

} // namespace tierline::desk
