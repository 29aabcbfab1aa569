#pragma once

#include "core/desk/ruleoutlook.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QWidget>

class QComboBox;
class QProgressBar;
class QSlider;

namespace tierline::ui {

class ChartView;
class PlainLabel;

/// One bound of a rule on a slider: how often the rule would have fired at each value, what that brings to each
/// tier, what it would have missed. All values are counted in one go, off the ui thread; moving only looks them
/// up. Left and Right move it, and so do the wheel and dragging. Thread: ui.
class ThresholdView : public QWidget
{
    Q_OBJECT
public:
    ThresholdView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    /// Whether a text is a rule with a bound that can move.
    static bool canMove(const QString &text);
    void start(const QString &text, Instant from, Instant to);
    void stop() { m_forecast.stop(); }
    bool isRunning() const { return m_forecast.isRunning(); }
    /// The rule that was counted.
    const rules::Rule &rule() const { return m_rule; }
    QString summary() const;

signals:
    /// The slider stands at another value of a bound.
    void moved(int bound, const tierline::rules::Value &value);

private:
    void draw();
    void onDrawn(const Result<desk::Curve> &curve);
    void showChart();
    void showPoint();
    QString readOf(const rules::Value &value) const;

    Workbench &m_workbench;
    TimeWords m_words;
    desk::RuleForecast m_forecast;
    rules::Rule m_rule;
    QString m_text;
    Instant m_from, m_to;
    desk::RuleCurve m_curve;
    bool m_isFilling = false;
    QComboBox *m_which;
    QProgressBar *m_progress;
    PlainLabel *m_summary;
    PlainLabel *m_load;
    ChartView *m_chart;
    QSlider *m_slider;
};

/// The conditions of a rule with bounds that can move, by their numbers: "no agent reply for 2h".
QList<std::pair<int, QString>> boundsOf(const rules::Rule &rule);
/// What a rule would bring in a month, for the place where it is saved; `tiers` by rank.
QString outlookText(const desk::RuleOutlook &outlook, const rules::Rule &rule,
    const QList<Tier> &tiers, const QLocale &locale);

} // namespace tierline::ui
