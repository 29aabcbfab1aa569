#pragma once

#include "core/desk/ledger.h"
#include "widgets/common/theme.h"

#include <QWidget>

namespace tierline::ui {

/// How a stretch is drawn, in the bar and beside its words: running solid, paused in stripes, closed a thin
/// line. Told apart by shape, not by colour alone.
void paintStretch(QPainter *painter, const QRectF &rect, desk::LedgerStretch::Kind kind,
    const Theme &theme, bool isLate = false, bool isAhead = false);

/// A clock's time from left to right: what was, in full; what is to come until it is due, pale; a mark where
/// it is due. Takes no keys. Thread: ui.
class LedgerBar : public QWidget
{
    Q_OBJECT
public:
    explicit LedgerBar(QWidget *parent = nullptr);
    void show(const desk::LedgerClock &clock, Instant now, const QString &spoken);
    QSize sizeHint() const override { return { 320, 24 }; }
    QSize minimumSizeHint() const override { return { 120, 24 }; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    desk::LedgerClock m_clock;
    Instant m_now;
};

} // namespace tierline::ui
