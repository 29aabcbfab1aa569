#pragma once

#include <QScrollArea>

namespace tierline::ui {

/// A column that scrolls up and down only: never narrower than its content, whose keys are the content's own.
class ScrollColumn : public QScrollArea
{
public:
    explicit ScrollColumn(QWidget *parent = nullptr);

    QSize minimumSizeHint() const override;

protected:
    bool event(QEvent *event) override;
    /// The bar comes and goes; the content keeps its width.
    int barWidth() const;
};

} // namespace tierline::ui
