#include "app/desktop/singleinstance.h"

#include "core/base/unicode.h"

#include <QDir>
#include <QFileInfo>
#include <QLocalSocket>
#include <QStandardPaths>

#include <chrono>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 MostBytes = 512;
/// Between two tries to reach a first one that is still on its way to its socket.
constexpr Millis BetweenTries(20);

Millis left(std::chrono::steady_clock::time_point until)
{
    return std::max(Millis(0), std::chrono::ceil<Millis>(until - std::chrono::steady_clock::now()));
}

} // namespace

SingleInstance::SingleInstance(QString socketName, QString lockPath, QObject *parent)
    : QObject(parent)
    , m_name(std::move(socketName))
    , m_lockPath(std::move(lockPath))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::onConnection);
}

QString SingleInstance::lockPathFor(const QString &socketName)
{
    return QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation)
        + u"/tierline/desktops/"_s + socketName + u".lock"_s;
}

Result<SingleInstance::Start> SingleInstance::start(const QString &ticket, Millis patience)
{
    if (!QDir().mkpath(QFileInfo(m_lockPath).absolutePath()))
        return storageError(u"The folder of %1 cannot be made."_s.arg(m_lockPath));
    const auto until = std::chrono::steady_clock::now() + patience;
    for (;;) {
        auto lock = storage::FileLock::acquire(m_lockPath, std::min(BetweenTries, left(until)));
        if (lock) {
            m_lock.emplace(std::move(*lock));
            TIERLINE_CHECK(listen());
            return Start::First;
        }
        if (lock.error().fault != Fault::Conflict)
            return lock.error();
        if (handOver(ticket, left(until)))
            return Start::HandedOver;
        if (left(until) == Millis(0))
            return conflictError(
                u"Tierline is already open on this workspace and does not answer. Close it, or "
                "wait until it has ended, and start again."_s);
    }
}

bool SingleInstance::handOver(const QString &ticket, Millis patience)
{
    // A local socket is there at once or not at all; its answer comes when the first's window stands.
    const auto until = std::chrono::steady_clock::now() + patience;
    const auto wait = [until] { return std::max(1, int(left(until).count())); };
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(std::min(300, wait())))
        return false;
    socket.write("open " + ticket.left(200).toUtf8() + '\n');
    while (socket.bytesToWrite() > 0) {
        if (!socket.waitForBytesWritten(wait()))
            return false;
    }
    return socket.waitForReadyRead(wait()) && socket.readAll().startsWith("ok");
}

Result<Done> SingleInstance::listen()
{
    // Whoever holds the lock is the only one: a socket that is there has nobody behind it.
    QLocalServer::removeServer(m_name);
    if (m_server.listen(m_name))
        return Done {};
    return storageError(u"The socket for other starts of Tierline cannot be made (%1)."_s.arg(
        m_server.errorString()));
}

void SingleInstance::onConnection()
{
    while (QLocalSocket *socket = m_server.nextPendingConnection()) {
        connect(socket, &QLocalSocket::disconnected, socket, &QObject::deleteLater);
        connect(socket, &QLocalSocket::readyRead, this, [this, socket] {
            if (socket->bytesAvailable() > MostBytes) {
                socket->abort();
                return;
            }
            if (!socket->canReadLine())
                return;
            const QByteArray line = socket->readLine(MostBytes).trimmed();
            if (!line.startsWith("open")) {
                socket->abort();
                return;
            }
            // On its way at once: what the request asks for may take the window a while.
            socket->write("ok\n");
            socket->flush();
            socket->disconnectFromServer();
            emit asked(validText(QByteArrayView(line).sliced(4)).trimmed());
        });
    }
}

} // namespace tierline::ui
