#include "app/desktop/screenshot.h"

#include <QPixmap>

namespace tierline::ui {

Screenshot::Screenshot(MainWindow &window, QString file, QObject *parent)
    : QObject(parent)
    , m_window(window)
    , m_file(std::move(file))
{
    connect(&m_timer, &QTimer::timeout, this, &Screenshot::look);
    m_timer.start(120);
}

void Screenshot::look()
{
    const Workbench &bench = m_window.workbench();
    const bool isBusy = !m_window.isBuilt() || bench.loading() == Workbench::Loading::Loading
        || bench.loading() == Workbench::Loading::Nothing;
    ++m_looks;
    // A queue without tickets has none to open: after a while the picture is taken as it is.
    if (isBusy && m_looks < 40)
        return;
    const QImage now = m_window.grab().toImage();
    const bool isStill = now == m_last;
    m_last = now;
    // Countdowns change each second; a picture that will not stand still is taken all the same.
    if (!isStill && m_looks < 80)
        return;
    m_timer.stop();
    emit done(now.save(m_file));
}

} // namespace tierline::ui
