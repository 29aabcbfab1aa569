#pragma once

#include "core/commands/automatic.h"
#include "core/domain/firing.h"
#include "core/engine/frame.h"

namespace tierline::engine {

/// What the words of a firing are made of.
struct Telling {
    const Ticket &ticket;
    QString rule; ///< its name
    QString sentence; ///< why it fires
    qint64 ownAnswers = 0; ///< public ones of ours at the ticket's tier
    Millis late { 0 }; ///< behind its due time
    bool mayEscalate = true; ///< false: another rule of this round has done it
    bool isConfirmed = false; ///< a person has said yes: nothing is too late any more
    QString summary; ///< of levels that passed while nobody looked, or empty
    QString customer, organization; ///< their names, to be told
    QString plan; ///< of the organization
    QString language; ///< of the customer's words; empty where no template asks
};

/// The actions of a rule or a ladder's level, as what is to be done. `deeds` has one for each action, in order;
/// those behind a step get their outcome when it is done.
struct Deeds {
    std::vector<Deed> deeds;
    std::vector<commands::Automatic::Step> steps;
    std::vector<size_t> deedOf; ///< for each step
    std::vector<Notice> notices; ///< kind, target, text and urgency
    std::vector<QString> ladders; ///< that begin, as rule text
    /// What waits for a person's yes.
    struct Asking {
        QString actions; ///< rule text; empty: the yes itself is all that is wanted
        QString why; ///< sentences
        std::optional<Approver> approver; ///< none: whoever may write to the customer
    };
    std::optional<Asking> asking;
};

/// Pure. What this program cannot do is a deed that says so. Texts of rules and templates have their places filled
/// ("{{subject}}"): for colleagues all of them, for customers those of commands::customerPlaces() or nothing is sent.
Deeds deedsFor(
    const std::vector<rules::Action> &actions, const Frame &frame, const Telling &telling);

/// What a shadow would have done: the same, and nothing of it is to be done.
std::vector<Deed> wouldDo(const std::vector<rules::Action> &actions);

/// The actions as one rule text: "notify manager and tag at-risk".
QString printActions(const std::vector<rules::Action> &actions);

/// Whom to remind about a ticket: its assignee, else its team, else its tier.
std::vector<Notice> responsible(const Ticket &ticket, const QString &text);

/// Whether a ticket goes past quiet hours.
bool isCritical(const Ticket &ticket);

} // namespace tierline::engine
