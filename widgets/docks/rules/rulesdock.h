#pragma once

#include "widgets/common/clocktext.h"
#include "widgets/docks/rules/explainview.h"
#include "widgets/docks/rules/historyview.h"
#include "widgets/docks/rules/reasonbar.h"
#include "widgets/docks/rules/ruleeditor.h"
#include "widgets/docks/rules/rulelist.h"
#include "widgets/docks/rules/shadowview.h"
#include "widgets/docks/rules/standingview.h"
#include "widgets/docks/rules/trialview.h"

class QMenu;
class QPushButton;
class QSplitter;
class QStackedWidget;
class QToolButton;

namespace tierline::ui {

class EmptyState;
class ScrollColumn;

/// The rule book: rules in running order, the chosen one as a sentence, and what it would have done. Every
/// change asks for its reason. Leads and admins change; everybody reads and tries. Thread: ui.
class RulesDock : public QWidget
{
    Q_OBJECT
public:
    RulesDock(Workbench &workbench, TimeWords words, QWidget *parent = nullptr);

    RuleList &list() { return *m_list; }
    RuleEditor &editor() { return *m_editor; }
    ReasonBar &reason() { return *m_reason; }
    TrialView &trial() { return *m_trial; }
    HistoryView &history() { return *m_history; }
    StandingView &standing() { return *m_standing; }
    bool isRead() const { return m_isRead; }
    void beginNew();
    void changeState(RuleState state);
    void save();
    void changeCap();
    void tryOut();
    void showDone();
    /// What was done to the rule, in the place of its trial.
    void showHistory();
    /// Why it did or did not act on a ticket, in the same place.
    void showWhy();
    ExplainView &why() { return *m_why; }
    void rollBack(const QString &id, int version, const QString &text);
    /// What all rules did and would have done, in the place of the rules; and back.
    void showShadows(bool on);
    ShadowView &shadows() { return *m_shadows; }

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    struct Draft {
        QString text;
        int basedOn = 0;
    };
    QWidget *makeHeader();
    QWidget *makeListSide();
    void giveRoom();
    QWidget *makeEditorSide();
    void makeStates();
    void showBelow(QWidget *view);
    void showWhole();
    void load();
    void loadFigures();
    void showBoard(const desk::RuleBoard &board);
    void showRule(const QString &id);
    void showHead();
    void showOrder();
    void onRead();
    void lookCloser();
    void lookAhead(const QString &text);
    void lookAround(StandingView::Of of, const desk::StandingAsk &ask, int weeklyCap);
    void moveBound(int bound, const rules::Value &value);
    void saveOrder();
    void restoreOrder();
    bool mayChange() const;
    bool isEdited() const;
    const StoredRule *current() const;
    void keepDraft();
    void run(QFuture<Result<commands::RuleOutcome>> future, const QString &done,
        std::function<void()> then = {});

    Workbench &m_workbench;
    TimeWords m_words;
    desk::RuleBoard m_board;
    RuleModel m_model;
    QHash<QString, Draft> m_drafts; ///< typed and not saved, by id; a new one under ""
    QString m_shown; ///< id; empty: a new one
    QString m_wanted; ///< name of one that has just been saved, to be shown once it is read
    bool m_isRead = false, m_isLoading = false, m_isStale = true, m_isNew = false;
    bool m_isFilling = false;
    quint64 m_figures = 0; ///< which counting of figures is the newest
    quint64 m_closer = 0; ///< which look at the text is the newest
    PlainLabel *m_count;
    QToolButton *m_report;
    QToolButton *m_new;
    QStackedWidget *m_stack;
    EmptyState *m_empty;
    QSplitter *m_split;
    RuleList *m_list;
    QWidget *m_orderBar;
    PlainLabel *m_name;
    PlainLabel *m_facts;
    RuleEditor *m_editor;
    ReasonBar *m_reason;
    StandingView *m_standing;
    QPushButton *m_save;
    QPushButton *m_states;
    QPushButton *m_try;
    QPushButton *m_done;
    QPushButton *m_past;
    QPushButton *m_ask;
    QMenu *m_menu;
    ScrollColumn *m_side; ///< of the rule: its words and what is asked about it
    TrialView *m_trial;
    HistoryView *m_history;
    ExplainView *m_why;
    ShadowView *m_shadows;
    desk::RuleForecast m_forecast;
    QString m_ahead; ///< the text whose outlook is waited for
};

} // namespace tierline::ui
