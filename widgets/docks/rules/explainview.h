#pragma once

#include "core/desk/ruleexplain.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QStandardItemModel>
#include <QWidget>

class QLineEdit;
class QPushButton;
class QTableView;

namespace tierline::ui {

class PlainLabel;

/// Why a rule did or did not act on a ticket at an instant: each condition with its value then, whether it held,
/// and what the rule did with the ticket. Thread: ui.
class ExplainView : public QWidget
{
    Q_OBJECT
public:
    ExplainView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    /// Asks at once where a ticket is open, else for one. `rule` is empty where it is not kept yet.
    void start(const QString &rule, const QString &text);
    void stop() { m_work.stop(); }
    bool isRunning() const { return m_work.isRunning(); }
    QString summary() const;

signals:
    void closeWanted();

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    void ask();
    void show(const Result<desk::Verdict> &verdict);
    void addCondition(const rules::Explained &condition);
    QString deedText(const Firing &firing) const;

    Workbench &m_workbench;
    TimeWords m_words;
    desk::ExplainWork m_work;
    QString m_rule, m_text;
    QLineEdit *m_ticket;
    QLineEdit *m_when;
    QPushButton *m_ask;
    QPushButton *m_close;
    PlainLabel *m_summary;
    PlainLabel *m_facts;
    QTableView *m_table;
    QStandardItemModel m_rows;
};

} // namespace tierline::ui
