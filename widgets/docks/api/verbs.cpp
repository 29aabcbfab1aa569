#include "widgets/docks/api/verbs.h"

#include "core/escalation/transitions.h"
#include "widgets/docks/api/workbench.h"

namespace tierline::ui {

using namespace Qt::StringLiterals;
using escalation::Action;

Verbs::Verbs(Workbench &workbench)
    : QObject(&workbench)
    , m_workbench(workbench)
{
    make(Reply, u"reply"_s, tr("Reply"), Icon::Reply, Qt::Key_R);
    make(Note, u"note"_s, tr("Note"), Icon::Note, Qt::Key_N);
    make(Accept, u"accept"_s, tr("Accept"), Icon::Accept, Qt::Key_A);
    make(Escalate, u"escalate"_s, tr("Escalate"), Icon::Escalate, Qt::Key_E);
    make(Return, u"return"_s, tr("Return"), Icon::Return, Qt::Key_B);
    make(Solve, u"solve"_s, tr("Solve"), Icon::Solve, Qt::Key_S);
    make(Confirm, u"confirm"_s, tr("Customer said yes"), Icon::Check, Qt::Key_Y);
    make(Reopen, u"reopen"_s, tr("Reopen"), Icon::Reopen, Qt::Key_O);
    make(Claim, u"claim"_s, tr("Claim"), Icon::Claim, Qt::Key_C);
    make(Reassign, u"reassign"_s, tr("Reassign"), Icon::Reassign, Qt::Key_M);
    make(Flag, u"flag"_s, tr("Flag"), Icon::Flag, Qt::Key_F);
    make(Unflag, u"unflag"_s, tr("Remove flag"), Icon::Flag, {});
    make(TriageIt, u"triage"_s, tr("Look at the flag"), Icon::Triage, Qt::Key_T);
    make(Withdraw, u"withdraw"_s, tr("Withdraw"), Icon::Undo, Qt::Key_W);
    make(Review, u"review"_s, tr("Review"), Icon::Check, {});
    make(Undo, u"undo"_s, tr("Undo"), Icon::Undo, QKeySequence(u"Ctrl+Z"_s));
    connect(&m_workbench, &Workbench::ticketChanged, this, &Verbs::refresh);
    refresh();
}

void Verbs::make(
    Verb verb, const QString &id, const QString &text, Icon picture, const QKeySequence &key)
{
    auto *action = new QAction(text, this);
    action->setObjectName(u"verb."_s + id);
    action->setShortcut(key);
    action->setShortcutContext(Qt::WindowShortcut);
    action->setIcon(icon(picture, QPalette()));
    connect(action, &QAction::triggered, this, [this, verb] { trigger(verb); });
    m_actions[verb] = action;
}

QList<QAction *> Verbs::all() const
{
    return QList<QAction *>(std::begin(m_actions), std::end(m_actions));
}

bool Verbs::isPossible(Verb verb) const
{
    const auto &open = m_workbench.ticket();
    if (!open)
        return false;
    const TicketState &state = open->details.state;
    const Ticket &ticket = state.ticket;
    const Agent &me = m_workbench.people().me;
    if (me.role == Role::ReadOnly)
        return false;
    const Escalation *record = state.openEscalation();
    const std::optional<Stage> stage
        = record && record->openStage() ? std::optional(record->openStage()->stage) : std::nullopt;
    const auto allows = [&](Action action) { return escalation::find(stage, action) != nullptr; };
    const bool isWork = isWorkable(ticket.status);
    const auto canGoUp = [&] {
        const Tier *here = m_workbench.people().tier(ticket.tier);
        for (const Tier &tier : m_workbench.people().tiers) {
            if (here && tier.rank > here->rank)
                return true;
        }
        return false;
    };
    switch (verb) {
    case Reply:
    case Note: return ticket.status != Status::Deleted;
    case Accept: return record && record->moved && allows(Action::Accept);
    case Escalate: return isWork && canGoUp() && allows(Action::Escalate);
    case Return: return record && record->moved && allows(Action::Return);
    case Solve: return isWork && (!record || allows(Action::Solve));
    case Confirm: return ticket.isAwaitingYes;
    case Reopen: return isSolved(ticket.status);
    case Claim: return isWork && ticket.assignee.isEmpty();
    case Reassign: return isWork;
    case Flag: return isWork && !ticket.isFlagged() && !record && canGoUp();
    case Unflag: return ticket.isFlagged() && allows(Action::Unflag);
    case TriageIt: return stage == Stage::Detection;
    case Withdraw: return record && record->moved && allows(Action::Withdraw);
    case Review: return stage == Stage::Review;
    case Undo: return !open->details.events.empty();
    case VerbCount: break;
    }
    return false;
}

Verbs::Verb Verbs::primary() const
{
    for (const Verb verb : { Accept, Confirm, TriageIt, Claim }) {
        if (m_actions[verb]->isEnabled())
            return verb;
    }
    return Reply;
}

void Verbs::refresh()
{
    for (int verb = 0; verb < VerbCount; ++verb)
        m_actions[verb]->setEnabled(isPossible(static_cast<Verb>(verb)));
    emit changed();
}

void Verbs::trigger(Verb verb)
{
    const auto &open = m_workbench.ticket();
    if (!open)
        return;
    const QString key = open->details.state.ticket.key;
    switch (verb) {
    case Reply: emit m_workbench.composeWanted(false); break;
    case Note: emit m_workbench.composeWanted(true); break;
    case Accept:
        m_workbench.run(commands::Accept { key }, tr("%1 accepted; it is yours.").arg(key));
        break;
    case Claim: m_workbench.run(commands::Claim { key }, tr("%1 is yours.").arg(key)); break;
    case Unflag:
        m_workbench.run(commands::Unflag { key }, tr("The flag of %1 is gone.").arg(key));
        break;
    case TriageIt:
        m_workbench.run(commands::Triage { key }, tr("You look at the flag of %1.").arg(key));
        break;
    case Undo: m_workbench.run(commands::Undo { key }, tr("Undone.")); break;
    // What needs words from the person has a dialog.
    case Escalate: emit m_workbench.dialogWanted(u"escalate"_s); break;
    case Return: emit m_workbench.dialogWanted(u"return"_s); break;
    case Solve: emit m_workbench.dialogWanted(u"solve"_s); break;
    case Confirm: emit m_workbench.dialogWanted(u"confirm"_s); break;
    case Reopen: emit m_workbench.dialogWanted(u"reopen"_s); break;
    case Reassign: emit m_workbench.dialogWanted(u"reassign"_s); break;
    case Flag: emit m_workbench.dialogWanted(u"flag"_s); break;
    case Withdraw: emit m_workbench.dialogWanted(u"withdraw"_s); break;
    case Review: emit m_workbench.dialogWanted(u"review"_s); break;
    case VerbCount: break;
    }
}

} // namespace tierline::ui
