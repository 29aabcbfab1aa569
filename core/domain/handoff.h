#pragma once

#include "core/base/result.h"
#include "core/domain/people.h"
#include "core/domain/ticket.h"

namespace tierline {

/// What a person fills in when a ticket moves up; the rest of the package comes from the store.
struct HandoffForm {
    QString summary;
    QStringList tried; ///< attempted steps, at least one
    QString expected; ///< what the customer expects in the end
    QStringList urgency; ///< flags such as "churn risk"
    QString nextAction; ///< suggested next action; empty: none

    bool operator==(const HandoffForm &) const = default;
};

/// Whether a form is complete: a reason code, a summary, at least one attempted step and the expected
/// resolution, none of them only spaces. BadInput with `where` = reason, summary, tried or expected,
/// the first that is missing in this order.
Result<Done> checkForm(const HandoffForm &form, const QString &reason);

/// A frozen package as stored: the document itself is JSON by resources/schemas/handoff-1.json.
struct Handoff {
    QString escalation; ///< Escalation::id
    TicketId ticket;
    int version = 1; ///< grows when a package is made again for the same escalation
    Instant frozen;
    QJsonObject document;

    bool operator==(const Handoff &) const = default;
};

} // namespace tierline
