#pragma once

#include "widgets/dialogs/formdialog.h"

#include <functional>

class QPlainTextEdit;

namespace tierline::ui {

class ChoiceBox;

/// The dialogs that ask for one text and perhaps one choice: return, reassign, flag, reopen, withdraw,
/// solve, confirm, review. Thread: ui.
class VerbDialog : public FormDialog
{
    Q_OBJECT
public:
    /// nullptr where `id` is none of them, or no ticket is open.
    static VerbDialog *make(const QString &id, Workbench &workbench, QWidget *parent);

    ChoiceBox *choice() const { return m_choice; }
    QPlainTextEdit *edit() const { return m_text; }

protected:
    void submit() override;

private:
    VerbDialog(Workbench &workbench, const QString &title, const QString &verb, QWidget *parent);
    static VerbDialog *makeShort(
        const QString &id, const QString &key, Workbench &workbench, QWidget *parent);
    static VerbDialog *makeClosing(
        const QString &id, const QString &key, Workbench &workbench, QWidget *parent);
    void addChoice(const QString &field, const QString &label,
        const QList<std::pair<QString, QString>> &choices);
    void addText(const QString &field, const QString &label, const QString &placeholder);
    void makeReturn(const QString &key);
    void makeReassign(const QString &key);
    /// A sentence, one text, and what is run with it.
    void ask(const QString &sentence, const QString &field, const QString &label,
        const QString &placeholder, std::function<void(const QString &text)> run);

    Workbench &m_workbench;
    ChoiceBox *m_choice = nullptr;
    QPlainTextEdit *m_text = nullptr;
    std::function<void(const QString &text)> m_run;
};

} // namespace tierline::ui
