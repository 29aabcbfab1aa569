#pragma once

#include "core/desk/openticket.h"
#include "core/desk/session.h"

namespace tierline::ui {

/// Who wrote or did something, in words for a person. `badge` says what is no person of the desk
/// ("Rule", "Triage", "Bot", "System") and is empty for agents and customers; `name` may be empty beside it.
struct ActorWords {
    QString badge;
    QString name;

    /// Both in one line: "Rule · Left waiting".
    QString line() const;
    bool operator==(const ActorWords &) const = default;
};

/// `actor` is what the log says: an agent id, "customer", "rule:NAME", a bot's name, or nothing.
ActorWords actorWords(
    const QString &actor, AuthorKind kind, const QString &customer, const desk::People &people);
/// Of one message. What the desk itself sent in somebody's name is a notice.
ActorWords authorWords(const Message &message, const QString &customer, const desk::People &people);

} // namespace tierline::ui
