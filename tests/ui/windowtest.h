#pragma once

#include "app/desktop/mainwindow.h"
#include "tests/commands/commandtest.h"

#include <QApplication>
#include <QSettings>
#include <QTemporaryDir>

// A real window over a real workspace: what a test of the desktop stands on.

namespace tierline::test {

class WindowFixture
{
public:
    /// Fills a workspace with `fill` before anything is opened; `me` is bob of L2.
    Result<Done> begin(const std::function<Result<Done>(CommandFixture &)> &fill)
    {
        if (auto begun = desk.begin(); !begun)
            return begun;
        if (auto filled = fill(desk); !filled)
            return filled;
        auto saved = desk.write([](storage::WriteScope &scope) {
            return storage::saveMe(scope, QStringLiteral("bob"));
        });
        if (!saved)
            return saved;
        desk.store.reset(); // the window is a second user of the workspace, as in life
        return Done {};
    }
    /// Opens the window; `settings` last over several windows of one fixture.
    void open(QSize size = { 1280, 800 })
    {
        if (!appearance)
            appearance = std::make_unique<ui::Appearance>(*qApp, ui::SchemeChoice::Light);
        appearance->setMotion(false);
        session = std::make_unique<desk::Session>(desk.workspace, desk.clock, random);
        settings = std::make_unique<QSettings>(
            m_folder.filePath(QStringLiteral("window.ini")), QSettings::IniFormat);
        window = std::make_unique<ui::MainWindow>(*session, *appearance, *settings);
        window->resize(size);
        session->open();
        window->show();
        QApplication::setActiveWindow(window.get());
    }
    void close()
    {
        if (window)
            window->close();
        window.reset();
        session.reset();
        settings.reset();
    }
    ~WindowFixture() { close(); }

    ui::Workbench &bench() { return window->workbench(); }
    template<typename W>
    W *find(const char *name)
    {
        return window->findChild<W *>(QString::fromLatin1(name));
    }
    /// The ticket as the store has it now, read by a process of its own.
    TicketState stored(const QString &key)
    {
        if (!desk.reopen())
            return {};
        TicketState state = desk.state(key);
        desk.store.reset();
        return state;
    }

    CommandFixture desk;
    SeededRandom random { 7 };
    std::unique_ptr<ui::Appearance> appearance;
    std::unique_ptr<desk::Session> session;
    std::unique_ptr<QSettings> settings;
    std::unique_ptr<ui::MainWindow> window;

private:
    QTemporaryDir m_folder;
};

} // namespace tierline::test
