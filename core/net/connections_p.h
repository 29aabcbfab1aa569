#pragma once

#include <QHostAddress>
#include <QList>

namespace tierline::net {

/// A TCP connection of this process, as the system numbers it. Valid until it is closed.
struct OpenConnection {
    int descriptor = -1;
    quint16 localPort = 0;
    bool operator==(const OpenConnection &) const = default;
};

/// Which connections this process has to one of these addresses, whoever made them. Empty on systems
/// where that cannot be asked. Thread: any. Cost: one call for each number that may be in use.
QList<OpenConnection> connectionsTo(const QList<QHostAddress> &addresses, quint16 port);

/// Ends those of them that are still to the same place, at once, under whoever reads from them.
void cutConnections(
    const QList<OpenConnection> &connections, const QList<QHostAddress> &addresses, quint16 port);

} // namespace tierline::net
