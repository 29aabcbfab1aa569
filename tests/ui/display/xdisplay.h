#pragma once

#include <QProcess>
#include <QStandardPaths>
#include <QString>
#include <QTest>

#include <csignal>
#include <vector>

#include <fcntl.h>
#include <poll.h>
#include <sys/wait.h>
#include <unistd.h>
#ifdef __linux__
#include <sys/prctl.h>
#endif

// A display of the test's own: an X server without a screen, a window manager, and keys that go the
// way a keyboard's go: through the server and the focus, never straight to a widget.

namespace tierline::test {

class XDisplay
{
public:
    /// Before the application is made: it reads DISPLAY when it starts. Where something is missing the
    /// application runs without a display, and missing() says what.
    XDisplay()
    {
        qputenv("QT_QPA_PLATFORM", "offscreen");
        for (const char *program : { "Xvfb", "openbox", "xdotool" }) {
            if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
                m_missing = QStringLiteral("%1 is not installed: no display to press keys on.")
                                .arg(QString::fromLatin1(program));
        }
        if (!m_missing.isEmpty())
            return;
        const QByteArray number = startServer();
        if (number.isEmpty()) {
            m_missing = QStringLiteral("Xvfb did not start: no display to press keys on.");
            return;
        }
        qputenv("DISPLAY", ':' + number);
        qunsetenv("WAYLAND_DISPLAY");
        qunsetenv("XAUTHORITY");
        start({ "openbox" }, -1);
        if (!hasManager()) {
            m_missing = QStringLiteral("openbox did not start: no window would get the keys.");
            return;
        }
        qputenv("QT_QPA_PLATFORM", "xcb");
    }
    XDisplay(const XDisplay &) = delete;
    XDisplay &operator=(const XDisplay &) = delete;
    ~XDisplay()
    {
        for (auto it = m_children.rbegin(); it != m_children.rend(); ++it) {
            ::kill(*it, SIGTERM);
            ::waitpid(*it, nullptr, 0);
        }
    }

    /// Empty where keys can be pressed, else a sentence.
    QString missing() const { return m_missing; }

    /// Keys by X's names, pressed one after another: "ctrl+f", "Down", "g 2".
    static bool press(const QString &keys)
    {
        return run(
            QStringList { QStringLiteral("key"), QStringLiteral("--delay"), QStringLiteral("20") }
            + keys.split(u' '));
    }
    static bool type(const QString &text)
    {
        return run({ QStringLiteral("type"), QStringLiteral("--delay"), QStringLiteral("12"),
            QStringLiteral("--"), text });
    }

private:
    static bool run(const QStringList &words)
    {
        QProcess tool;
        tool.start(QStringLiteral("xdotool"), words);
        // The window answers the server meanwhile: this waits with the event loop turning.
        if (!QTest::qWaitFor([&] { return tool.state() == QProcess::NotRunning; }, 20'000))
            return false;
        return tool.exitStatus() == QProcess::NormalExit && tool.exitCode() == 0;
    }
    QByteArray startServer()
    {
        int ends[2];
        if (::pipe2(ends, O_CLOEXEC) != 0)
            return {};
        start({ "Xvfb", "-displayfd", "3", "-screen", "0", "1280x800x24", "-nolisten", "tcp",
                  "-noreset" },
            ends[1]);
        ::close(ends[1]);
        QByteArray number;
        char byte = 0;
        pollfd waiting { ends[0], POLLIN, 0 };
        while (::poll(&waiting, 1, 30'000) > 0 && ::read(ends[0], &byte, 1) == 1 && byte != '\n')
            number += byte;
        ::close(ends[0]);
        return byte == '\n' ? number : QByteArray();
    }
    /// Waits until the window manager has told the server that it is there. A window that is shown
    /// earlier is taken over, but not given the focus.
    static bool hasManager()
    {
        constexpr int attempts = 600;
        for (int i = 0; i < attempts; ++i) {
            const pid_t child = spawn({ "xdotool", "get_desktop" }, -1);
            int status = 1;
            if (child > 0 && ::waitpid(child, &status, 0) == child && status == 0)
                return true;
            ::poll(nullptr, 0, 50);
        }
        return false;
    }
    void start(std::vector<const char *> words, int reports)
    {
        if (const pid_t child = spawn(std::move(words), reports); child > 0)
            m_children.push_back(child);
    }
    /// `reports` becomes the child's descriptor 3. Its own words go nowhere; it ends with this process.
    static pid_t spawn(std::vector<const char *> words, int reports)
    {
        words.push_back(nullptr);
        const pid_t child = ::fork();
        if (child == 0) {
#ifdef __linux__
            ::prctl(PR_SET_PDEATHSIG, SIGTERM);
#endif
            const int nowhere = ::open("/dev/null", O_RDWR);
            ::dup2(nowhere, 1);
            ::dup2(nowhere, 2);
            if (reports == 3)
                ::fcntl(3, F_SETFD, 0);
            else if (reports >= 0)
                ::dup2(reports, 3);
            ::execvp(words[0], const_cast<char *const *>(words.data()));
            ::_exit(127);
        }
        return child;
    }

    QString m_missing;
    std::vector<pid_t> m_children;
};

} // namespace tierline::test
