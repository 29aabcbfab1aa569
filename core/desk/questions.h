#pragma once

#include "core/desk/desk.h"
#include "core/domain/firing.h"
#include "core/domain/people.h"
#include "core/storage/connection.h"

namespace tierline::desk {

/// Something that a rule does not do without a person's yes, with what is needed to decide it.
struct OpenQuestion {
    EngineQuestion question;
    QString key, subject; ///< of the ticket
    QString customer; ///< whom it would reach: "Ada Byron, ACME"; empty where nobody is named
    QString rule; ///< the name of the rule that asks, as it was then
    QString sentence; ///< why it held, with actual values
    QString
        asks; ///< who may answer: "a lead or an admin"; empty: whoever may write to the customer
    int collapsed = 0; ///< earlier levels of its ladder that passed while nobody looked
    bool operator==(const OpenQuestion &) const = default;
};

/// What waits for a yes, the oldest first, at most a thousand; of tickets that may be seen. Thread: the
/// connection's, never the ui's. Some reads a question.
Result<std::vector<OpenQuestion>> loadQuestions(
    storage::Connection &connection, const Visibility &visibility);

/// Whether the person may answer it: whom the rule asks, else whoever may write to the ticket's customer. NotAllowed
/// says who may. Thread: the store's.
Result<Done> mayAnswer(Desk &desk, const EngineQuestion &question);

} // namespace tierline::desk
