#pragma once

#include "widgets/common/icons.h"
#include "widgets/docks/rules/sentenceedit.h"

#include <QWidget>

class QListWidget;
class QPushButton;

namespace tierline::ui {

class PlainLabel;
class RuleBuilder;

/// The sentence with what is wrong with it below: each problem with its line, its column and the way out.
/// Enter or a click on one puts the cursor there. The same rule can be built in rows instead; both work on one
/// tree, and nothing is lost between them. Thread: ui.
class RuleEditor : public QWidget
{
    Q_OBJECT
public:
    explicit RuleEditor(QWidget *parent = nullptr);

    SentenceEdit &sentence() { return *m_sentence; }
    RuleBuilder &builder() { return *m_builder; }
    void setWords(const RuleWords &words);
    void setReadOnly(bool isReadOnly);
    /// Rows instead of the sentence; only of a text that can be read as one rule, and of an empty one, which
    /// begins with a rule to be changed.
    void showBuilder(bool on);
    bool isBuilding() const { return m_isBuilding; }
    QPushButton *builderButton() const { return m_toggle; }
    /// Puts the keys to where the rule is written.
    void enter();
    /// Another text in the place of what stands there, as one step that Ctrl+Z takes back.
    void replaceText(const QString &text);
    void setFindings(const std::vector<rules::Finding> &findings);
    /// What is advised about rules that are not wrong; wrong ones are told always.
    void setAdviceShown(bool on);
    /// Exactly one rule, and nothing wrong with reading it.
    bool isOneRule() const;
    /// The name that the text gives the rule; empty where it cannot be read.
    QString ruleName() const;
    /// What stands below, a line each; for tests.
    QStringList said() const;

signals:
    /// Rows came in the place of the sentence, or went.
    void modeChanged();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void onRead();
    void takeFromBuilder();
    void setBuilding(bool on);
    void showLines();
    void fitLines();
    void addLine(const QString &text, Icon picture, Token colour, qsizetype start);

    SentenceEdit *m_sentence;
    RuleBuilder *m_builder;
    QPushButton *m_toggle;
    bool m_isBuilding = false;
    bool m_isAdviceShown = true;
    PlainLabel *m_good;
    QListWidget *m_problems;
    std::vector<rules::Finding> m_findings;
};

} // namespace tierline::ui
