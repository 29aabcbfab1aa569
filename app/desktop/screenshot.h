#pragma once

#include "app/desktop/mainwindow.h"

#include <QTimer>

namespace tierline::ui {

/// Writes the window into a PNG once it is ready: docks built, queue and ticket loaded, and two
/// looks in a row that give the same picture. Thread: ui.
class Screenshot : public QObject
{
    Q_OBJECT
public:
    Screenshot(MainWindow &window, QString file, QObject *parent = nullptr);

signals:
    void done(bool isWritten);

private:
    void look();

    MainWindow &m_window;
    QString m_file;
    QTimer m_timer;
    QImage m_last;
    int m_looks = 0;
};

} // namespace tierline::ui
