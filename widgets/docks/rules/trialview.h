#pragma once

#include "core/desk/ruleboard.h"
#include "core/desk/shadowreport.h"
#include "widgets/common/chartdata.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"
#include "widgets/docks/rules/thresholdview.h"

#include <QStandardItemModel>
#include <QWidget>

class QComboBox;
class QProgressBar;
class QPushButton;
class QTableView;

namespace tierline::ui {

class ChartView;
class PlainLabel;

/// What a rule would have done: how often by day, with which tickets and why, how often rightly, and where the
/// work would have gone. Counted off the ui thread, with a way to stop. Thread: ui.
class TrialView : public QWidget
{
    Q_OBJECT
public:
    TrialView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    /// `rule` is its id, or empty for one that is not kept yet.
    void start(const QString &rule, const QString &text);
    /// What a rule of the book did, and what it would have done as a shadow.
    void startDone(const QString &rule);
    void stop();
    QString summary() const;
    bool isRunning() const
    {
        return m_trial.isRunning() || m_isReading || m_threshold->isRunning();
    }
    /// The text that is tried from now on.
    void follow(const QString &text) { m_text = text; }
    ThresholdView &threshold() { return *m_threshold; }
    /// The slider in the place of days and tickets.
    void showThreshold(bool on);

signals:
    /// Of its fires so many were right; none where nobody judged.
    void judged(const QString &rule, std::optional<double> precision);
    void closeWanted();

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeLabels();
    void showTable();
    void readLabels();
    void showLabels();
    void showWhy();
    void label(std::optional<bool> shouldEscalate);
    void run();
    void readDeeds();
    void showDeeds(const std::vector<desk::RuleDeed> &deeds);
    void addRow(const QString &key, Instant at, const QString &why);
    ChartData daysChart(const QString &caption) const;
    void onFinished(const Result<desk::Played> &played);
    void showResult(const rules::BacktestResult &result);
    void showChart(const rules::BacktestRule &rule);
    void say(const QString &text, bool isWorking);

    Workbench &m_workbench;
    TimeWords m_words;
    desk::RuleTrial m_trial;
    QString m_rule, m_text;
    bool m_isOfPast = true; ///< else of what it did
    bool m_isReading = false;
    quint64 m_reading = 0;
    Instant m_from, m_to;
    PlainLabel *m_summary;
    PlainLabel *m_load;
    QComboBox *m_days;
    QPushButton *m_turn; ///< to the slider and back
    QPushButton *m_close;
    QProgressBar *m_progress;
    ChartView *m_chart;
    QWidget *m_labels;
    PlainLabel *m_labelled;
    commands::Labels m_known;
    int m_since = 0; ///< labels given since it was counted
    ThresholdView *m_threshold;
    QTableView *m_table;
    PlainLabel *m_why; ///< of the chosen row, whole: its column may be narrow
    QStandardItemModel m_rows;
};

} // namespace tierline::ui
