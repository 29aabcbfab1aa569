#pragma once

#include <QWidget>

#include <functional>

class QCheckBox;
class QLineEdit;
class QPushButton;
class QSpinBox;
class QVBoxLayout;

namespace tierline::ui {

class PlainLabel;

/// What a person answers before the rule book changes.
struct RuleAnswer {
    QString why;
    QString metric;
    int weeklyCap = 0;
    bool appliesToStanding = false;
};

/// Where a reason is asked for, in the dock's own place: what is about to happen, why, the figure that
/// prompted it, and for a rule that goes live its weekly limit. Enter or Ctrl+Enter does it, Esc leaves it.
/// Thread: ui.
class ReasonBar : public QWidget
{
    Q_OBJECT
public:
    explicit ReasonBar(QWidget *parent = nullptr);

    struct Question {
        QString text; ///< what is about to happen
        QString verb;
        bool asksLimits = false; ///< how often in a week
        int weeklyCap = 0;
        QString standing = {}; ///< a choice about tickets for which it holds already; empty: none
    };
    /// Opens with the keys in it. `answered` is called once, where the person goes on.
    void ask(const Question &question, std::function<void(const RuleAnswer &)> answered);
    /// What is known of it meanwhile, as what it would bring; empty: nothing. Gone with the next question.
    void tell(const QString &facts);
    /// What stands below the choice as long as it is asked, and takes the keys after it. Becomes the bar's; hidden until
    /// somebody shows it, and again with the next question.
    void setDetail(QWidget *detail, const QList<QWidget *> &stops);
    /// Why it could not be done; what was typed stays.
    void refuse(const QString &problem);
    void setBusy(bool isBusy);
    void close();

signals:
    void left(); ///< without an answer
    void closed(); ///< with one or without
    void standingChosen(bool isChosen);
    void capChosen(int weeklyCap);

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void paintEvent(QPaintEvent *event) override;

private:
    void answer();

    PlainLabel *m_text;
    PlainLabel *m_facts;
    QLineEdit *m_why;
    QLineEdit *m_metric;
    QWidget *m_limits;
    QWidget *m_detail = nullptr;
    QList<QWidget *> m_detailStops;
    QVBoxLayout *m_column;
    QSpinBox *m_cap;
    QCheckBox *m_standing;
    PlainLabel *m_problem;
    QPushButton *m_verb;
    QPushButton *m_leave;
    bool m_isOpen = false;
    std::function<void(const RuleAnswer &)> m_answered;
};

} // namespace tierline::ui
