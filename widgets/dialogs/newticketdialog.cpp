#include "widgets/dialogs/newticketdialog.h"

#include "widgets/common/chip.h"
#include "widgets/common/choicebox.h"

#include <QLineEdit>
#include <QPlainTextEdit>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// Words that stand in the middle of a sentence elsewhere, as an entry of a list.
QString asEntry(const QString &words)
{
    return words.left(1).toUpper() + words.mid(1);
}

} // namespace

NewTicketDialog::NewTicketDialog(Workbench &workbench, QWidget *parent)
    : FormDialog(tr("New ticket"), tr("Create"), parent)
    , m_workbench(workbench)
    , m_subject(new QLineEdit)
    , m_name(new QLineEdit)
    , m_mail(new QLineEdit)
    , m_organization(new QLineEdit)
    , m_channel(new ChoiceBox)
    , m_category(new QLineEdit)
    , m_priority(new ChoiceBox)
    , m_text(makeTextEdit(6, tr("What the customer said, in their words.")))
{
    setMinimumWidth(640);
    m_subject->setPlaceholderText(tr("“SSO login loops after update”"));
    m_category->setPlaceholderText(tr("“access”"));
    for (const auto &[value, words] : { std::pair { u"phone"_s, tr("Phone") },
             { u"email"_s, tr("Mail") }, { u"chat"_s, tr("Chat") }, { u"visit"_s, tr("Visit") } })
        m_channel->add(value, words);
    for (const Priority priority :
        { Priority::Low, Priority::Normal, Priority::High, Priority::Urgent })
        m_priority->add(code(priority), asEntry(priorityText(priority)));
    m_priority->choose(code(Priority::Normal));
    addField(u"subject"_s, tr("Subject"), m_subject);
    addRow({ set().make(u"requester"_s, tr("Customer's name"), m_name),
        set().make(u"mail"_s, tr("Their mail address"), m_mail) });
    addRow({ set().make(u"organization"_s, tr("Company (optional)"), m_organization),
        set().make(u"category"_s, tr("Category (optional)"), m_category) });
    addRow({ set().make(u"channel"_s, tr("Came by"), m_channel),
        set().make(u"priority"_s, tr("Priority"), m_priority) });
    addField(u"text"_s, tr("Message"), m_text);
    m_subject->setFocus();
}

void NewTicketDialog::submit()
{
    if (m_subject->text().trimmed().isEmpty())
        return refuse(badInput(
            tr("The ticket has no subject: say in a few words what it is about."), u"subject"_s));
    if (m_name->text().trimmed().isEmpty() && m_mail->text().trimmed().isEmpty())
        return refuse(badInput(
            tr("Nobody asked: give the customer's name or their mail address."), u"requester"_s));
    const auto priority = fromCode<Priority>(m_priority->value());
    if (!priority)
        return refuse(badInput(tr("“%1” is no priority: choose one of the list.")
                                   .arg(m_priority->currentText().left(60)),
            u"priority"_s));
    commands::CreateTicket create;
    create.ticket.subject = m_subject->text().trimmed();
    // A way that the list does not know is taken as it was typed.
    const QString channel = m_channel->value();
    create.ticket.channel = channel.isEmpty() ? m_channel->currentText().trimmed() : channel;
    create.ticket.category = m_category->text().trimmed();
    create.ticket.priority = *priority;
    create.requester.name = m_name->text().trimmed();
    create.requester.email = m_mail->text().trimmed();
    create.organization.name = m_organization->text().trimmed();
    create.text = m_text->toPlainText().trimmed();
    runVerb(m_workbench, create, tr("The ticket is made."));
}

void NewTicketDialog::succeed(const commands::Outcome &outcome)
{
    m_workbench.open(outcome.state.ticket.id);
    accept();
}

} // namespace tierline::ui
