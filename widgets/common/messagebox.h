#pragma once

#include "core/base/result.h"

#include <QDialog>

#include <functional>

class QPushButton;

namespace tierline::ui {

/// A question that a person answers with a verb or with Cancel. All texts are shown as plain text.
struct Question {
    QString title; ///< "Withdraw this escalation"
    QString text; ///< what it means
    QString detail; ///< smaller, below; may be foreign
    QString action; ///< the verb on the button that does it
    bool isDestructive = false; ///< Cancel is then the default
};

/// Our message box: a heading, a text, and verbs as buttons. Never blocks: it opens, and answers
/// later. In tests QueuedAnswers answers in its place. Thread: ui.
class MessageBox : public QDialog
{
    Q_OBJECT
public:
    /// Opens a question over `parent`. `answered` is called once, with whether the person agreed, while
    /// `context` lives; never before this call has returned.
    static void ask(QWidget *parent, const Question &question, QObject *context,
        std::function<void(bool)> answered);

    /// Tells something that needs no answer.
    static void tell(
        QWidget *parent, const QString &title, const QString &text, const QString &detail = {});

    /// Tells an error in the person's words. What the person stopped is not told.
    static void tell(QWidget *parent, const Error &error);

    MessageBox(const Question &question, bool hasCancel, QWidget *parent = nullptr);
    QPushButton *actionButton() const { return m_action; }

private:
    QPushButton *m_action = nullptr;
};

} // namespace tierline::ui
