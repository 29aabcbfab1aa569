#pragma once

#include "widgets/dialogs/fieldset.h"
#include "widgets/docks/api/workbench.h"

#include <QDialog>
#include <QPointer>

class QHBoxLayout;
class QPushButton;
class QScrollArea;
class QVBoxLayout;

namespace tierline::ui {

/// A dialog of fields with one verb. A refusal stands beside its field, or at the foot; what was
/// typed stays. Ctrl+Enter does the verb, Esc closes. Fields that do not fit the screen scroll, the
/// verb stays in sight. Thread: ui. Deletes itself when closed.
class FormDialog : public QDialog
{
    Q_OBJECT
public:
    FormDialog(const QString &title, const QString &verb, QWidget *parent);
    ~FormDialog() override;

    QPushButton *verbButton() const { return m_verb; }
    QPushButton *cancelButton() const { return m_cancel; }
    /// What stands beside a field or at the foot, for tests; and beside which field.
    QString refusal() const { return m_set.refusal(); }
    QString refusedField() const { return m_set.refusedField(); }
    /// As large as its content wants and the screen gives. Called before it opens.
    virtual void fit();
    /// How large it may be: the screen, less an edge.
    QSize room() const;

protected:
    /// Lays out what has just changed.
    void settle();
    FieldSet &set() { return m_set; }
    /// A labelled field below the others; `name` is how an Error's `where` names it.
    void addField(
        const QString &name, const QString &label, QWidget *field, const QString &hint = {});
    /// Blocks of FieldSet::make() beside each other, equally wide.
    void addRow(const QList<QWidget *> &blocks);
    /// A sentence above the fields.
    void addIntroduction(const QString &text);
    /// The column of fields, which scrolls; and all that is between head and buttons.
    QVBoxLayout *fields() const { return m_fields; }
    QHBoxLayout *body() const { return m_body; }
    /// Scrolls the column of fields until this is in sight.
    void reveal(QWidget *part);
    /// Another button, left of Cancel.
    void addButton(QPushButton *button);
    /// Left of the buttons.
    PlainLabel *hint() const { return m_hint; }
    /// Right of the title, hidden until it says something.
    PlainLabel *aside() const { return m_aside; }

    virtual void refuse(const Error &error);
    void clearRefusal() { m_set.clear(); }
    void setBusy(bool isBusy);
    bool isBusy() const { return m_isBusy; }
    virtual void submit() = 0;
    void keyPressEvent(QKeyEvent *event) override;

    /// Calls `next` with what a future gives, unless the dialog is gone by then. (The context of a
    /// continuation must outlive it, which a dialog need not.)
    template<typename R, typename F>
    void whenDone(Workbench &workbench, QFuture<R> future, F next)
    {
        future.then(
            &workbench.session(), [self = QPointer(this), next = std::move(next)](const R &result) {
                if (self)
                    next(result);
            });
    }

    /// Runs a verb: closes when it is done, or says here why not. Where the person has closed the
    /// dialog meanwhile, the window says it.
    template<typename Command>
    void runVerb(Workbench &workbench, Command command, const QString &done)
    {
        clearRefusal();
        setBusy(true);
        workbench.session()
            .run(std::move(command))
            .then(&workbench.session(),
                [self = QPointer(this), bench = QPointer(&workbench), done](
                    const Result<commands::Outcome> &outcome) {
                    const bool isThere = self && self->isVisible();
                    if (outcome && bench)
                        emit bench->said(done, outcome->state.ticket.id);
                    else if (!isThere && bench)
                        bench->report(outcome.error());
                    if (!isThere)
                        return;
                    self->setBusy(false);
                    if (outcome)
                        self->succeed(*outcome);
                    else
                        self->refuse(outcome.error());
                });
    }
    virtual void succeed(const commands::Outcome &) { accept(); }

private:
    FieldSet m_set;
    QVBoxLayout *m_fields;
    QHBoxLayout *m_body;
    QScrollArea *m_scroll;
    QHBoxLayout *m_buttons;
    PlainLabel *m_aside;
    PlainLabel *m_hint;
    QPushButton *m_verb;
    QPushButton *m_cancel;
    bool m_isBusy = false;
};

} // namespace tierline::ui
