#pragma once

#include "core/domain/handoff.h"

namespace tierline::escalation {

/// One entry of a workspace's do-not-escalate list: what the first line solves itself.
struct DoNotEscalate {
    QString words; ///< all of them stand in the subject or summary, in any order, as whole words
    QString recipe; ///< what to do instead, for the agent

    bool operator==(const DoNotEscalate &) const = default;
};

/// Reads the setting "do_not_escalate": a JSON array of {"words","recipe"}. What cannot be read is
/// left out: a broken list must never hold up an escalation.
QList<DoNotEscalate> readDoNotEscalate(const QString &json);

/// Whole words in lower case; everything that is neither letter nor digit divides. O(text).
QStringList wordsOf(const QString &text);

/// What an escalation is asked for, beside what the store knows. Pure values, so that the form, the
/// command line and a rule get the same answers.
struct Ask {
    QString toTier;
    QString reason;
    HandoffForm form;
};

/// Whether the form is complete: target, known reason code, summary, at least one attempted step,
/// expected resolution, none of them only spaces. BadInput with `where` = to, reason, summary, tried
/// or expected, the first that is missing in this order.
Result<Done> requiredFields(const Ask &ask, const QStringList &reasons);

/// Whether a tier may be the target: it is higher than where the ticket is. BadInput `to` else.
Result<Done> goesUp(const Tier &from, const Tier &to);

/// What speaks against this escalation, as sentences for the agent; an override needs a reason.
/// Nothing where the reason code goes past the queues (outage, vip, security).
QStringList warnings(const QString &subject, const Ask &ask, const QList<DoNotEscalate> &list);

} // namespace tierline::escalation
