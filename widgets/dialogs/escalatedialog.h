#pragma once

#include "core/handoff/draw.h"
#include "widgets/dialogs/formdialog.h"

#include <QTimer>

class QCheckBox;
class QLineEdit;
class QPlainTextEdit;

namespace tierline::ui {

class CardView;
class ChipGroup;
class ChoiceBox;

/// Moves a ticket up with its whole context. Opens at once and fills itself from the store; with
/// everything filled in, Ctrl+Enter is all that is left to do. Where the form is not complete the keys
/// stand in the first field that is empty, and the button says what is missing. At the right is the
/// handoff card as the receiver will see it, at most 300 ms behind the typing. Thread: ui.
class EscalateDialog : public FormDialog
{
    Q_OBJECT
public:
    EscalateDialog(Workbench &workbench, const QString &key, QWidget *parent);

    /// Names of required fields that are empty, in the order of the form.
    QStringList missing() const;
    /// The command as the form stands.
    commands::Escalate command() const;
    bool isReady() const { return m_isReady; }
    void fit() override;

signals:
    void ready(); ///< filled in from the store
    void previewed(); ///< the card shows what was typed

protected:
    void submit() override;
    void refuse(const Error &error) override;

private:
    struct Preview {
        handoff::Card card;
        QString notice;
        QStringList warnings;
    };
    void makeWhere();
    void makeForm();
    void makeNotice();
    void makePreview();
    void orderTabs();
    void fill(const desk::Desk::Draft &draft);
    void fillWhere(const desk::Desk::Draft &draft);
    void focusFirst();
    void changed();
    void requestPreview();
    void show(const Preview &preview);
    void showWarnings(const QStringList &warnings);
    void showNoticeAs(bool isTold);
    using QDialog::show;

    Workbench &m_workbench;
    QString m_key;
    Trigger m_trigger = Trigger::Proactive;
    std::optional<commands::PathMark>
        m_path; ///< of the matrix; holds as long as its target is chosen
    QString m_pathTo; ///< that target, as a value of m_where
    QString m_pathAgent; ///< whom it leads to, or empty
    int m_priorityStep = 1;
    bool m_isReady = false;
    bool m_isNoticeEdited = false;
    bool m_isFilling = false;
    bool m_isPreviewing = false;
    bool m_isStale = false; ///< typed since the preview under way was asked for
    QTimer m_throttle;

    ChoiceBox *m_where;
    ChoiceBox *m_reason;
    ChoiceBox *m_kind;
    QPlainTextEdit *m_summary;
    QPlainTextEdit *m_tried;
    QPlainTextEdit *m_expected;
    ChipGroup *m_flags;
    QLineEdit *m_next;
    QPlainTextEdit *m_notice;
    QCheckBox *m_skips;
    QLineEdit *m_skipReason;
    QWidget *m_noticeBlock = nullptr;
    QWidget *m_skipBlock = nullptr;
    QCheckBox *m_keepPriority;
    PlainLabel *m_warning;
    QLineEdit *m_override;
    QWidget *m_overrideBlock = nullptr;
    CardView *m_card;
    PlainLabel *m_readTime;
};

} // namespace tierline::ui
