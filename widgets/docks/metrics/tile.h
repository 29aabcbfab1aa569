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
    QSize sizeHint() const override { return { 180, 128 }; }
    QSize minimumSizeHint() const override { return { 104, 116 }; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    TileText m_text;
};

} // namespace tierline::ui
