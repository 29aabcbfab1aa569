#pragma once

#include "widgets/docks/metrics/figures.h"

#include <QAbstractButton>

namespace tierline::ui {

/// A figure as a button: name, value, change in words, trend. Chosen: accent outline. Thread: ui.
class Tile : public QAbstractButton
{
    Q_OBJECT
public:
    explicit Tile(QWidget *parent = nullptr);
    void set(const TileText &text);
    QSize sizeHint() const override { return { 180, heightForWidth(180) }; }
    QSize minimumSizeHint() const override;
    bool hasHeightForWidth() const override { return true; }
    int heightForWidth(int width) const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    /// Draws the figure with its units small, from the left; returns its width. Null: measures.
    int drawValue(QPainter *painter, const QRect &line) const;

    TileText m_text;
};

} // namespace tierline::ui
