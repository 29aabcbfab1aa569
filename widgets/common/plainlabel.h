#pragma once

#include <QLabel>

namespace tierline::ui {

/// Foreign text as one harmless line: control characters, line ends and characters that reorder what
/// follows become spaces or vanish, runs of space shrink, and it ends after `most` characters with "…".
/// O(most), whatever the length of `text`.
QString oneLine(const QString &text, qsizetype most = 300);

/// Foreign text as plain text of several lines, bounded in characters and lines; the same cleaning.
QString plainLines(const QString &text, qsizetype most = 4'000, int mostLines = 40);

/// Text in which Qt can see no markup, for the places that guess (tooltips, what's this). Keeps line
/// ends; wraps at a readable width.
QString asRichSource(const QString &plain);

/// Sets a tooltip that is never markup. Empty text removes it. Bounded.
void setPlainToolTip(QWidget *widget, const QString &text);

/// A label that shows what it is given, never markup, files or links. The only label of the interface.
class PlainLabel : public QLabel
{
    Q_OBJECT
public:
    explicit PlainLabel(const QString &text = {}, QWidget *parent = nullptr);

    /// One line that is cut with "…" where it does not fit; the whole text is then the tooltip.
    void setElided(bool on);
    bool isElided() const { return m_isElided; }

    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;
    bool event(QEvent *event) override;

private:
    bool m_isElided = false;
};

} // namespace tierline::ui
