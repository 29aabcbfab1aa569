#pragma once

#include <QObject>

class QApplication;

namespace tierline::ui {

/// Prints "painted" when the first queue with rows has been painted: what a measured start waits for.
/// Thread: ui.
class FirstPaint : public QObject
{
    Q_OBJECT
public:
    explicit FirstPaint(QApplication &app);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    bool m_isSaid = false;
};

} // namespace tierline::ui
