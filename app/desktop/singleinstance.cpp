#include "app/desktop/singleinstance.h"

#include "core/base/unicode.h"

#include <QLocalSocket>

namespace tierline::ui {

namespace {
constexpr qint64 MostBytes = 512;
}

SingleInstance::SingleInstance(QString socketName, QObject *parent)
    : QObject(parent)
    , m_name(std::move(socketName))
{
    m_server.setSocketOptions(QLocalServer::UserAccessOption);
    connect(&m_server, &QLocalServer::newConnection, this, &SingleInstance::onConnection);
}

bool SingleInstance::handOver(const QString &ticket)
{
    // Before there is a window; a local socket answers at once or not at all.
    QLocalSocket socket;
    socket.connectToServer(m_name);
    if (!socket.waitForConnected(300))
        return false;
    socket.write("open " + ticket.left(200).toUtf8() + '\n');
    if (!socket.waitForBytesWritten(300))
        return false;
    return socket.waitForReadyRead(1000) && socket.readAll().startsWith("ok");
}

bool SingleInstance::listen()
{
    if (m_server.listen(m_name))
        return true;
    // A socket left by a killed instance: nobody answered handOver(), so it is dead.
    QLocalServer::removeServer(m_name);
    return m_server.listen(m_name);
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
            socket->write("ok\n");
            socket->disconnectFromServer();
            emit asked(validText(QByteArrayView(line).sliced(4)).trimmed());
        });
    }
}

} // namespace tierline::ui
