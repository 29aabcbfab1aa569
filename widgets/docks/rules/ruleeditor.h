#pragma once

#include "widgets/common/icons.h"
#include "widgets/docks/rules/sentenceedit.h"

#include <QWidget>

class QListWidget;

namespace tierline::ui {

class PlainLabel;

/// The sentence with what is wrong with it below: each problem with its line, its column and the way out.
/// Enter or a click on one puts the cursor there. Thread: ui.
class RuleEditor : public QWidget
{
    Q_OBJECT
public:
    explicit RuleEditor(QWidget *parent = nullptr);

    SentenceEdit &sentence() { return *m_sentence; }
    void setFindings(const std::vector<rules::Finding> &findings);
    /// Exactly one rule, and nothing wrong with reading it.
    bool isOneRule() const;
    /// The name that the text gives the rule; empty where it cannot be read.
    QString ruleName() const;
    /// What stands below, a line each; for tests.
    QStringList said() const;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void showLines();
    void fitLines();
    void addLine(const QString &text, Icon picture, Token colour, qsizetype start);

    SentenceEdit *m_sentence;
    PlainLabel *m_good;
    QListWidget *m_problems;
    std::vector<rules::Finding> m_findings;
};

} // namespace tierline::ui
