#pragma once

#include "widgets/dialogs/formdialog.h"

class QLineEdit;
class QPlainTextEdit;

namespace tierline::ui {

class ChoiceBox;

/// A ticket noted by hand: a call, a visit, a pasted mail. It opens when it is made. Thread: ui.
class NewTicketDialog : public FormDialog
{
    Q_OBJECT
public:
    NewTicketDialog(Workbench &workbench, QWidget *parent);

protected:
    void submit() override;
    void succeed(const commands::Outcome &outcome) override;

private:
    Workbench &m_workbench;
    QLineEdit *m_subject;
    QLineEdit *m_name;
    QLineEdit *m_mail;
    QLineEdit *m_organization;
    ChoiceBox *m_channel;
    QLineEdit *m_category;
    ChoiceBox *m_priority;
    QPlainTextEdit *m_text;
};

} // namespace tierline::ui
