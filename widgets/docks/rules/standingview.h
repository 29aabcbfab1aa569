#pragma once

#include "core/desk/rulestanding.h"
#include "widgets/common/clocktext.h"
#include "widgets/docks/api/workbench.h"

#include <QStandardItemModel>
#include <QWidget>

class QPushButton;
class QTableView;

namespace tierline::ui {

class PlainLabel;

/// On how many open tickets a rule acts as soon as it goes live or its sentence is saved, and on which: the number
/// at once, the list when it is asked for; Enter opens a ticket. Counted off the ui thread, with a way to
/// stop. Thread: ui.
class StandingView : public QWidget
{
    Q_OBJECT
public:
    StandingView(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    enum class Of {
        GoingLive, ///< what it finds standing is left alone, unless that is chosen
        Sentence, ///< of a live rule: what holds is acted on, and again only where that is chosen
    };
    void start(Of of, const desk::StandingAsk &ask);
    void stop();
    bool isRunning() const { return m_work.isRunning(); }
    /// What the question says meanwhile: whether the choice beside it is ticked, and the weekly limit.
    void setChosen(bool isChosen);
    void setCap(int weeklyCap);
    QString text() const;
    /// What takes the keys, in their order.
    QList<QWidget *> stops() const;

private:
    void showText();
    void showList(bool on);
    void fill();
    QString countText() const;

    Workbench &m_workbench;
    TimeWords m_words;
    desk::StandingWork m_work;
    Of m_of = Of::GoingLive;
    bool m_isChosen = false;
    int m_cap = 0;
    qint64 m_done = 0; ///< tickets looked at so far
    std::optional<Result<desk::RuleStanding>> m_found;
    PlainLabel *m_text;
    QPushButton *m_show; ///< stops the counting, then shows the list
    QTableView *m_table;
    QStandardItemModel m_rows;
};

} // namespace tierline::ui
