#pragma once

#include "core/desk/rulehistory.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QStandardItemModel>
#include <QWidget>

class QComboBox;
class QPlainTextEdit;
class QPushButton;
class QTableView;

namespace tierline::ui {

class PlainLabel;

/// What was done to a rule, by whom, when and why; what a version changed in the sentence, beside any other one; the
/// figure that prompted it, before and after; and the way back. Thread: ui.
class HistoryView : public QWidget
{
    Q_OBJECT
public:
    HistoryView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    /// `version` is the one in use; no way back is offered where `mayChange` is false.
    void start(const StoredRule &rule, bool mayChange);
    const StoredRule &rule() const { return m_rule; }
    bool isRunning() const { return m_isReading; }
    QString summary() const;
    /// What the chosen change did to the sentence: "2h" that went as [-2h-], what came as [+3h+]; for screen readers
    /// and tests.
    QString difference() const { return m_difference; }

signals:
    void rollBackWanted(const QString &rule, int version, const QString &text);
    void closeWanted();

private:
    void read();
    void fill();
    void addRow(const desk::RuleStep &step);
    void showStep();
    void showDifference();
    QString whatText(const RuleChange &change) const;
    QString movedText(const desk::MetricMove &moved) const;
    const desk::RuleStep *chosen() const;

    Workbench &m_workbench;
    TimeWords m_words;
    StoredRule m_rule;
    bool m_mayChange = false;
    bool m_isReading = false;
    quint64 m_reading = 0;
    desk::RuleHistory m_history;
    std::map<int, QString> m_texts; ///< by version
    QString m_difference;
    PlainLabel *m_summary;
    QPushButton *m_close;
    QTableView *m_table;
    QStandardItemModel m_rows;
    PlainLabel *m_why;
    QWidget *m_compare;
    QComboBox *m_against; ///< the version that the chosen one is laid over
    QPlainTextEdit *m_text;
    QPushButton *m_back;
};

} // namespace tierline::ui
