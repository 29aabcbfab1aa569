#pragma once

#include "widgets/docks/rules/blockeditor.h"
#include "widgets/docks/rules/blocktree.h"

class QCheckBox;
class QLineEdit;
class QPushButton;

namespace tierline::ui {

/// One rule in rows, with its name above and the fields of the chosen row below them. It works on the same tree as the sentence:
/// comments stay, and what rows cannot show stands in a row of words. Thread: ui.
class RuleBuilder : public QWidget
{
    Q_OBJECT
public:
    explicit RuleBuilder(QWidget *parent = nullptr);

    void setWords(const RuleWords &words);
    void setReadOnly(bool isReadOnly);
    /// A text that holds exactly one rule. What is shown already stays as it is, with the row that is chosen.
    void setDocument(const rules::Document &document);
    const rules::Document &document() const { return m_document; }
    BlockTree &rows() { return *m_tree; }
    BlockEditor &fields() { return *m_fields; }

signals:
    void edited(); ///< document() says something else now

private:
    QPushButton *makeButton(const QString &name, const QString &text, const QString &tip);
    void addCondition();
    void addAction();
    void showRow();
    void showButtons();
    void put();
    void rename();

    rules::Document m_document;
    RuleWords m_words;
    bool m_isReadOnly = false;
    QLineEdit *m_name;
    QCheckBox *m_goesOn;
    BlockTree *m_tree;
    BlockEditor *m_fields;
    QPushButton *m_addCondition;
    QPushButton *m_addAction;
    QPushButton *m_wrap;
    QPushButton *m_remove;
};

} // namespace tierline::ui
