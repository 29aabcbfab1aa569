#pragma once

#include "core/desk/shadowreport.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QStandardItemModel>
#include <QWidget>

class QComboBox;
class QProgressBar;
class QPushButton;
class QTableView;

namespace tierline::ui {

class PlainLabel;

/// What every rule did and would have done as a shadow, how much of it people call right, and what it missed.
/// Enter on a rule leads to its tickets. Counted off the ui thread, with a way to stop. Thread: ui.
class ShadowView : public QWidget
{
    Q_OBJECT
public:
    ShadowView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    void start();
    void stop() { m_work.stop(); }
    bool isRunning() const { return m_work.isRunning(); }
    QString summary() const;

signals:
    void ruleWanted(const QString &id);
    void closeWanted();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fitTable();
    void onFinished(const Result<desk::ShadowReport> &report);
    void say(const QString &text, bool isWorking);
    void addRow(const desk::ShadowLine &line);

    Workbench &m_workbench;
    TimeWords m_words;
    desk::ShadowWork m_work;
    PlainLabel *m_summary;
    QComboBox *m_days;
    QProgressBar *m_progress;
    QPushButton *m_close;
    QTableView *m_table;
    QStandardItemModel m_rows;
};

} // namespace tierline::ui
