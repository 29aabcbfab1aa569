#pragma once

#include <QLabel>

namespace tierline::ui {

/// Foreign text as one harmless line: text::displayLine() with the length that labels and rows use.
/// Calling it again on its own result changes nothing.
QString oneLine(const QString &text, qsizetype most = 300);

/// Foreign text as several harmless lines: text::displayText(), and at most so many lines.
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
