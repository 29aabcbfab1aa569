#pragma once

#include "core/model/arrangement.h"

#include <QToolButton>

namespace tierline::ui {

/// The order of a queue as a menu behind a small button. Thread: ui.
class SortButton : public QToolButton
{
    Q_OBJECT
public:
    explicit SortButton(QWidget *parent = nullptr);

signals:
    /// The menu opens: a choice is near.
    void opening();
    void chosen(tierline::model::QueueOrder order, bool isDescending);

protected:
    void changeEvent(QEvent *event) override;

private:
    void choose(QAction *action);
};

} // namespace tierline::ui
