#pragma once

#include <QCoreApplication>
#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

namespace tierline::test {

/// Starts the test program again inside a message bus and a home of its own, for test functions that
/// are named: what happens there touches nobody's keychain.
class OwnBus
{
public:
    /// Whether this is the program inside.
    static bool isInside() { return qEnvironmentVariableIsSet("TIERLINE_TEST_ON_OWN_BUS"); }
    /// A reason to skip, or nothing.
    static const char *whyNot()
    {
        for (const char *program : { "dbus-run-session", "gnome-keyring-daemon" }) {
            if (QStandardPaths::findExecutable(QString::fromLatin1(program)).isEmpty())
                return "There is no gnome-keyring with dbus-run-session on this machine.";
        }
        return nullptr;
    }
    /// A keyring that is open for the functions that follow.
    static QByteArray unlocked()
    {
        return "printf master | gnome-keyring-daemon --unlock --components=secrets"
               " >/dev/null 2>&1; ";
    }
    /// One that nobody has opened.
    static QByteArray locked()
    {
        return "gnome-keyring-daemon --start --components=secrets >/dev/null 2>&1; ";
    }

    /// Runs these functions; empty, or what was said where one failed. `before` is done by a shell first.
    QByteArray run(const QStringList &functions, const QByteArray &before)
    {
        return start(functions, environment(), before, true);
    }
    /// The same with an address of a bus that is not there.
    QByteArray runWithoutBus(const QStringList &functions)
    {
        QProcessEnvironment none = environment();
        none.insert(QStringLiteral("DBUS_SESSION_BUS_ADDRESS"),
            QStringLiteral("unix:path=/nonexistent/bus"));
        return start(functions, none, {}, false);
    }
    const QTemporaryDir &home() const { return m_home; }

private:
    QProcessEnvironment environment() const
    {
        QProcessEnvironment inside = QProcessEnvironment::systemEnvironment();
        for (const char *gone : { "DBUS_SESSION_BUS_ADDRESS", "DISPLAY", "WAYLAND_DISPLAY",
                 "GNOME_KEYRING_CONTROL", "XDG_CURRENT_DESKTOP", "KDE_FULL_SESSION" })
            inside.remove(QString::fromLatin1(gone));
        inside.insert(QStringLiteral("TIERLINE_TEST_ON_OWN_BUS"), QStringLiteral("1"));
        inside.insert(QStringLiteral("HOME"), m_home.path());
        for (const char *name : { "DATA", "CONFIG", "CACHE" }) {
            const QString folder = QString::fromLatin1(name);
            inside.insert(
                QStringLiteral("XDG_%1_HOME").arg(folder), m_home.filePath(folder.toLower()));
        }
        inside.insert(QStringLiteral("XDG_RUNTIME_DIR"), m_home.path());
        return inside;
    }
    QByteArray start(const QStringList &functions, const QProcessEnvironment &inside,
        const QByteArray &before, bool hasBus)
    {
        QProcess bus;
        bus.setProcessEnvironment(inside);
        bus.setProcessChannelMode(QProcess::MergedChannels);
        const QString self = QCoreApplication::applicationFilePath();
        if (hasBus) {
            const QString script = QString::fromLatin1(before)
                + QStringLiteral("exec '%1' %2").arg(self, functions.join(u' '));
            bus.start(QStringLiteral("dbus-run-session"),
                { QStringLiteral("--"), QStringLiteral("bash"), QStringLiteral("-c"), script });
        } else {
            bus.start(self, functions);
        }
        if (!bus.waitForFinished(100'000))
            return "did not end: " + bus.readAll();
        const QByteArray said = bus.readAll();
        return bus.exitCode() == 0 && said.contains(" 0 failed, 0 skipped") ? QByteArray() : said;
    }

    QTemporaryDir m_home;
};

} // namespace tierline::test
