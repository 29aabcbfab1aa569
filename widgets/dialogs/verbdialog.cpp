#include "widgets/dialogs/verbdialog.h"

#include "widgets/common/choicebox.h"
#include "widgets/common/theme.h"

#include <QPlainTextEdit>

namespace tierline::ui {

using namespace Qt::StringLiterals;

VerbDialog::VerbDialog(
    Workbench &workbench, const QString &title, const QString &verb, QWidget *parent)
    : FormDialog(title, verb, parent)
    , m_workbench(workbench)
{
}

void VerbDialog::addChoice(
    const QString &field, const QString &label, const QList<std::pair<QString, QString>> &choices)
{
    m_choice = new ChoiceBox;
    for (const auto &[value, words] : choices)
        m_choice->add(value, words);
    addField(field, label, m_choice);
}

void VerbDialog::addText(const QString &field, const QString &label, const QString &placeholder)
{
    m_text = makeTextEdit(5, placeholder);
    addField(field, label, m_text);
    m_text->setFocus();
}

void VerbDialog::ask(const QString &sentence, const QString &field, const QString &label,
    const QString &placeholder, std::function<void(const QString &text)> run)
{
    addIntroduction(sentence);
    addText(field, label, placeholder);
    m_run = std::move(run);
}

void VerbDialog::makeReturn(const QString &key)
{
    addChoice(u"verdict"_s, tr("Verdict"),
        { { code(Verdict::Answered), tr("Answered: the tier below can go on") },
            { code(Verdict::NeedsInformation), tr("Information is missing") },
            { code(Verdict::WrongTeam), tr("Wrong team") },
            { code(Verdict::L1CouldHaveSolved), tr("The first tier could have solved it") } });
    addText(u"note"_s, tr("Note for those who get it back"),
        tr("What you found, and what to do next."));
    m_run = [this, key](const QString &text) {
        const auto verdict = fromCode<Verdict>(m_choice->value());
        if (!verdict)
            return refuse(badInput(
                tr("“%1” is no verdict: choose one of the list.").arg(m_choice->currentText()),
                u"verdict"_s));
        runVerb(m_workbench, commands::Return { key, *verdict, text }, tr("%1 returned.").arg(key));
    };
}

void VerbDialog::makeReassign(const QString &key)
{
    const Ticket &ticket = m_workbench.ticket()->details.state.ticket;
    const desk::People &people = m_workbench.people();
    QList<std::pair<QString, QString>> choices;
    for (const Team &team : people.teams) {
        if (team.tier == ticket.tier && team.name != ticket.team
            && people.visibility.sees(team.name))
            choices.append({ u"team:"_s + team.name, tr("Team %1").arg(team.name) });
    }
    for (const Agent &agent : people.agents) {
        if (agent.isActive && agent.role != Role::ReadOnly && agent.id != ticket.assignee
            && agent.worksAt(ticket.tier))
            choices.append({ u"agent:"_s + agent.id, agent.name });
    }
    addIntroduction(tr("Another team or person at %1. This is no escalation and counts in no rate.")
                        .arg(ticket.tier));
    addChoice(u"to"_s, tr("To"), choices);
    set().alias(u"team"_s, u"to"_s);
    addText(u"note"_s, tr("Note"), tr("Why it moves, and where it stands."));
    m_run = [this, key](const QString &text) {
        const QString to = m_choice->value();
        if (to.isEmpty())
            return refuse(badInput(tr("Choose a team or a person of the list."), u"to"_s));
        commands::Reassign verb { .ticket = key, .note = text };
        (to.startsWith(u"team:") ? verb.team : verb.to) = to.section(u':', 1);
        runVerb(m_workbench, verb, tr("%1 reassigned.").arg(key));
    };
}

VerbDialog *VerbDialog::makeShort(
    const QString &id, const QString &key, Workbench &bench, QWidget *parent)
{
    if (id == u"flag") {
        auto *dialog = new VerbDialog(bench, tr("Flag %1").arg(key), tr("Flag"), parent);
        dialog->ask(
            tr("Says that this is outside your scope, and asks somebody to decide whether it moves up."),
            u"note"_s, tr("Why"),
            tr("What it needs that you do not have: knowledge, authority or tools."),
            [dialog, key](const QString &text) {
                dialog->runVerb(
                    dialog->m_workbench, commands::Flag { key, text }, tr("%1 flagged.").arg(key));
            });
        return dialog;
    }
    if (id == u"reopen") {
        auto *dialog = new VerbDialog(bench, tr("Reopen %1").arg(key), tr("Reopen"), parent);
        dialog->ask(tr("Same tier, same owner; this is no new escalation."), u"note"_s, tr("Why"),
            tr("What the customer said."), [dialog, key](const QString &text) {
                dialog->runVerb(dialog->m_workbench, commands::Reopen { key, text },
                    tr("%1 is open again.").arg(key));
            });
        return dialog;
    }
    if (id == u"withdraw") {
        auto *dialog = new VerbDialog(
            bench, tr("Withdraw the escalation of %1").arg(key), tr("Withdraw"), parent);
        dialog->ask(
            tr("It was not accepted yet, so it can be taken back. It then counts in no rate."),
            u"note"_s, tr("Why"), tr("What changed."), [dialog, key](const QString &text) {
                dialog->runVerb(dialog->m_workbench, commands::Withdraw { key, text },
                    tr("The escalation of %1 is withdrawn.").arg(key));
            });
        return dialog;
    }
    return nullptr;
}

VerbDialog *VerbDialog::makeClosing(
    const QString &id, const QString &key, Workbench &bench, QWidget *parent)
{
    if (id == u"review") {
        auto *dialog = new VerbDialog(bench, tr("Review %1").arg(key), tr("Review"), parent);
        dialog->ask(tr("What this escalation teaches: training, document, product or workflow."),
            u"note"_s, tr("What to change"), tr("So that the next one needs no escalation."),
            [dialog, key](const QString &text) {
                dialog->runVerb(dialog->m_workbench, commands::Review { key, text },
                    tr("%1 reviewed.").arg(key));
            });
        return dialog;
    }
    if (id == u"solve") {
        auto *dialog = new VerbDialog(bench, tr("Solve %1").arg(key), tr("Solve"), parent);
        dialog->ask(
            tr("The customer is asked whether it is solved. Without a text of yours they get the usual question."),
            u"text"_s, tr("Message to the customer (optional)"),
            tr("What was done, and the question whether it works now."),
            [dialog, key](const QString &text) {
                dialog->runVerb(dialog->m_workbench, commands::Solve { key, text },
                    tr("%1 solved; the customer is asked.").arg(key));
            });
        return dialog;
    }
    if (id == u"confirm") {
        auto *dialog = new VerbDialog(
            bench, tr("The customer said yes to %1").arg(key), tr("Close"), parent);
        dialog->ask(tr("The ticket goes to the archive, where its tags let others find it."),
            u"tags"_s, tr("Tags, one a line (optional)"), tr("sso\nidentity provider"),
            [dialog, key](const QString &) {
                dialog->runVerb(dialog->m_workbench,
                    commands::Confirm { key, linesOf(dialog->m_text) }, tr("%1 closed.").arg(key));
            });
        return dialog;
    }
    return nullptr;
}

VerbDialog *VerbDialog::make(const QString &id, Workbench &bench, QWidget *parent)
{
    if (!bench.ticket())
        return nullptr;
    const QString key = bench.ticket()->details.state.ticket.key;
    if (id == u"return") {
        auto *dialog = new VerbDialog(bench, tr("Return %1").arg(key), tr("Return"), parent);
        dialog->makeReturn(key);
        return dialog;
    }
    if (id == u"reassign") {
        auto *dialog = new VerbDialog(bench, tr("Reassign %1").arg(key), tr("Reassign"), parent);
        dialog->makeReassign(key);
        return dialog;
    }
    VerbDialog *dialog = makeShort(id, key, bench, parent);
    return dialog ? dialog : makeClosing(id, key, bench, parent);
}

void VerbDialog::submit()
{
    m_run(m_text->toPlainText().trimmed());
}

} // namespace tierline::ui
