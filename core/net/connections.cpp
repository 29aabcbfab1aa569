#include "core/net/connections_p.h"

#if defined(Q_OS_UNIX)
#include <arpa/inet.h>
#include <fcntl.h>
#include <sys/socket.h>
#include <unistd.h>
#endif

#include <algorithm>
#include <array>

namespace tierline::net {

#if defined(Q_OS_UNIX)

namespace {

constexpr int mostDescriptors = 4'096;
constexpr int mostPieces = 1'024; ///< more than a system keeps for one connection

union Address {
    sockaddr any;
    sockaddr_in v4;
    sockaddr_in6 v6;
    sockaddr_storage room;
};

quint16 portOf(const Address &address)
{
    return ntohs(address.any.sa_family == AF_INET6 ? address.v6.sin6_port : address.v4.sin_port);
}

/// The connection behind a number, where it is one to the wanted place.
OpenConnection connectionAt(int descriptor, const QList<QHostAddress> &addresses, quint16 port)
{
    Address peer {}, own {};
    socklen_t size = sizeof peer;
    if (getpeername(descriptor, &peer.any, &size) != 0)
        return {};
    if (peer.any.sa_family != AF_INET && peer.any.sa_family != AF_INET6)
        return {};
    const QHostAddress there(&peer.any);
    const bool isWanted = std::any_of(addresses.begin(), addresses.end(),
        [&](const auto &one) { return one.isEqual(there, QHostAddress::TolerantConversion); });
    size = sizeof own;
    if (!isWanted || portOf(peer) != port || getsockname(descriptor, &own.any, &size) != 0)
        return {};
    return { descriptor, portOf(own) };
}

/// A number of our own for what is behind somebody's: it stays what it is when they close theirs, whose number may
/// be another connection's an instant later.
class Duplicate
{
public:
    explicit Duplicate(int descriptor)
        : m_own(fcntl(descriptor, F_DUPFD_CLOEXEC, 3))
    {
    }
    Duplicate(const Duplicate &) = delete;
    ~Duplicate()
    {
        if (m_own >= 0)
            close(m_own);
    }
    int number() const { return m_own; }

private:
    int m_own;
};

} // namespace

QList<OpenConnection> connectionsTo(const QList<QHostAddress> &addresses, quint16 port)
{
    QList<OpenConnection> found;
    const long limit = sysconf(_SC_OPEN_MAX);
    const int last = limit > 0 && limit < mostDescriptors ? int(limit) : mostDescriptors;
    for (int descriptor = 3; descriptor < last && !addresses.isEmpty(); ++descriptor) {
        const OpenConnection one = connectionAt(descriptor, addresses, port);
        if (one.descriptor >= 0)
            found.append(one);
    }
    return found;
}

void cutConnections(
    const QList<OpenConnection> &connections, const QList<QHostAddress> &addresses, quint16 port)
{
    for (const OpenConnection &one : connections) {
        const Duplicate own(one.descriptor);
        const OpenConnection behind = connectionAt(own.number(), addresses, port);
        if (behind.descriptor < 0 || behind.localPort != one.localPort)
            continue;
        shutdown(own.number(), SHUT_RDWR);
        // What has come already would keep its reader busy for seconds yet.
        std::array<char, 64 * 1024> waste;
        for (int i = 0; i < mostPieces; ++i) {
            if (recv(own.number(), waste.data(), waste.size(), MSG_DONTWAIT) <= 0)
                break;
        }
    }
}

#else

QList<OpenConnection> connectionsTo(const QList<QHostAddress> &, quint16)
{
    return {};
}

void cutConnections(const QList<OpenConnection> &, const QList<QHostAddress> &, quint16) { }

#endif

} // namespace tierline::net
