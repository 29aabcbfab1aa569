#pragma once

#include "core/desk/agreementwork.h"
#include "widgets/common/clocktext.h"
#include "widgets/dialogs/formdialog.h"

#include <QStandardItemModel>
#include <QTimer>

class QLineEdit;
class QPlainTextEdit;
class QProgressBar;
class QTableView;

namespace tierline::ui {

/// What a change of agreements or hours would move, before it is saved: counted off the ui thread as soon as
/// it opens, with its progress; the tickets whose due time moves; from when hours hold; and why. Nothing is
/// saved before the count has ended. Cancel stops it and changes nothing. Thread: ui.
class AgreementReview : public FormDialog
{
    Q_OBJECT
public:
    /// `what`: one sentence on what is about to be saved.
    AgreementReview(Workbench &workbench, commands::SaveAgreements change, const QString &what,
        QWidget *parent);

    bool isCounted() const { return m_isCounted; }
    QString summary() const;
    void reject() override;

signals:
    void saved();

protected:
    void submit() override;

private:
    void makeTable();
    void count();
    void onLooked(const Result<commands::MovedDues> &moved);
    void onSaved(const Result<Done> &done);
    void say(const QString &summary, bool isWorking);
    bool readFrom();

    Workbench &m_workbench;
    commands::SaveAgreements m_change;
    desk::AgreementWork m_work;
    TimeWords m_words;
    PlainLabel *m_summary;
    QProgressBar *m_progress;
    QTableView *m_table;
    QStandardItemModel m_rows;
    QLineEdit *m_from;
    QPlainTextEdit *m_why;
    QString m_counted; ///< what stood in `from` when it was counted
    bool m_isCounted = false;
    qint64 m_moves = 0; ///< due times, as counted
    bool m_isSaving = false;
};

} // namespace tierline::ui
