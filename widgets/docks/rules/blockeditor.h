#pragma once

#include "widgets/docks/rules/completion.h"
#include "widgets/docks/rules/ruleblocks.h"

#include <QTimer>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QGridLayout;
class QLineEdit;

namespace tierline::ui {

class ChoiceBox;
class PlainLabel;

/// The fields of one row of a rule: what it is about, how it is compared, with what; or an action with what it
/// takes. What cannot be read is said below the fields, and the row stays as it was until it can. Offers what
/// the workspace knows. Thread: ui.
class BlockEditor : public QWidget
{
    Q_OBJECT
public:
    explicit BlockEditor(QWidget *parent = nullptr);

    void setWords(const RuleWords &words) { m_words = words; }
    void setReadOnly(bool isReadOnly);
    /// `isRoot`: the group of all conditions, which cannot be negated.
    void show(const Block &block, bool isRoot);
    void clear();
    /// Puts the keys into the first field.
    void enter();
    /// Why what the fields say is not taken; empty: it is.
    QString problem() const;

signals:
    void edited(const tierline::ui::Block &block);
    void left(); ///< Esc: back to the rows

protected:
    void keyPressEvent(QKeyEvent *event) override;

private:
    QComboBox *makeField(const QString &name);
    QWidget *labelled(QWidget *field, const QString &label);
    void fill(QComboBox *field, const QString &text, const QStringList &offers);
    void fillFacts();
    void fillActions();
    void showCondition();
    void showConditionFields(const ConditionFields &fields);
    void showAction();
    void showArguments();
    void showWords();
    void onFact();
    void onAction();
    void read();
    void readCondition();
    void readAction();
    void readWords();
    ConditionFields conditionFields() const;
    ActionFields actionFields() const;
    void refuse(const QString &why);
    void take();

    RuleWords m_words;
    Block m_block;
    bool m_isFilling = false;
    bool m_isReadOnly = false;
    QGridLayout *m_grid;
    QComboBox *m_group; ///< all or one of
    QCheckBox *m_not;
    ChoiceBox *m_fact;
    QComboBox *m_name;
    QComboBox *m_operator;
    QComboBox *m_values;
    QComboBox *m_window;
    ChoiceBox *m_action;
    QList<std::pair<rules::Slot, QComboBox *>> m_arguments;
    QWidget *m_conditionRow;
    QWidget *m_argumentBox;
    QGridLayout *m_argumentGrid;
    QLineEdit *m_text; ///< a row of words
    PlainLabel *m_help;
    PlainLabel *m_problem;
    QTimer m_tell; ///< a problem is heard once the typing rests
};

} // namespace tierline::ui
