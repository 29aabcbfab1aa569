#pragma once

#include "core/rules/lint.h"
#include "widgets/docks/rules/completion.h"

#include <QPlainTextEdit>
#include <QPointer>
#include <QTimer>

class QListView;
class QStringListModel;
class QStandardItemModel;

namespace tierline::ui {

/// Where a rule is written as a sentence. What cannot be read is underlined while it is typed; what could
/// come next is offered by itself and on Ctrl+Space: Up, Down and Enter or Tab take it, Esc closes. Tab
/// otherwise goes on to the next field. Reads nothing longer than `mostCharacters`. Thread: ui.
class SentenceEdit : public QPlainTextEdit
{
    Q_OBJECT
public:
    static constexpr qsizetype mostCharacters = 20'000;

    explicit SentenceEdit(QWidget *parent = nullptr);
    ~SentenceEdit() override;

    void setWords(const RuleWords &words);
    const rules::Parsed &parsed() const { return m_parsed; }
    /// What is to be said beside problems, underlined in the colour of risk.
    void setFindings(const std::vector<rules::Finding> &findings);
    /// Puts the cursor where a problem begins.
    void goTo(qsizetype start);
    /// Reads what stands there now, without the short wait after the last key.
    void readNow();

    /// For tests: the list of what could come next, while it is open.
    QListView *offers() const { return m_offers; }
    bool isOffering() const;

signals:
    /// The text was read anew.
    void read();

protected:
    void keyPressEvent(QKeyEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;
    void changeEvent(QEvent *event) override;
    bool event(QEvent *event) override;

private:
    class Words;
    void offer(bool isAsked);
    void closeOffers();
    bool handleOfferKey(QKeyEvent *event);
    void take();
    void fitHeight();
    void underline();
    QString problemAt(const QPoint &point) const;

    RuleWords m_words;
    rules::Parsed m_parsed;
    std::vector<rules::Finding> m_findings;
    Completions m_found;
    QPointer<QListView> m_offers; ///< a child of the window, never a window of its own
    QStandardItemModel *m_rows;
    Words *m_highlighter;
    QTimer m_wait;
    bool m_isTaking = false;
};

} // namespace tierline::ui
