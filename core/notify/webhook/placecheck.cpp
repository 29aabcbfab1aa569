#include "core/notify/webhook/placecheck.h"

#include <QList>

#include <algorithm>

namespace tierline::notify::webhook {

using namespace Qt::StringLiterals;

namespace {

using Nets = QList<QPair<QHostAddress, int>>;

Nets nets(std::initializer_list<const char *> texts)
{
    Nets result;
    for (const char *text : texts)
        result.append(QHostAddress::parseSubnet(QString::fromLatin1(text)));
    return result;
}

bool isIn(const Nets &nets, const QHostAddress &address)
{
    return std::any_of(nets.begin(), nets.end(), [&](const auto &net) {
        return net.first.protocol() == address.protocol() && address.isInSubnet(net);
    });
}

/// An IPv4 address in the clothes of an IPv6 one is judged as what it is.
QHostAddress undressed(const QHostAddress &address)
{
    bool isMapped = false;
    const quint32 v4 = address.toIPv4Address(&isMapped);
    return isMapped ? QHostAddress(v4) : address;
}

} // namespace

QString whyNotThere(const QHostAddress &given, Network network)
{
    static const Nets privateOnes
        = nets({ "10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "100.64.0.0/10", "fc00::/7" });
    // Of IPv6 only 2000::/3 is given out. Inside it, and beside it, are the ways that carry an IPv4 address along.
    static const Nets never = nets({ "0.0.0.0/8", "127.0.0.0/8", "169.254.0.0/16", "192.0.0.0/24",
        "192.88.99.0/24", "224.0.0.0/4", "240.0.0.0/4", "2001::/32", "2002::/16" });
    static const Nets given6 = nets({ "2000::/3" });

    const QHostAddress address = undressed(given);
    if (isIn(privateOnes, address)) {
        return network == Network::Own
            ? QString()
            : u"is in a private network (%1), so nothing is sent there; whoever sets this up can allow its own network."_s
                  .arg(address.toString());
    }
    const bool isV6 = address.protocol() == QAbstractSocket::IPv6Protocol;
    const bool isV4 = address.protocol() == QAbstractSocket::IPv4Protocol;
    if ((!isV4 && !isV6) || isIn(never, address) || (isV6 && !isIn(given6, address))
        || !address.scopeId().isEmpty())
        return u"is no place on the internet (%1), so nothing is sent there."_s.arg(
            address.toString());
    return {};
}

} // namespace tierline::notify::webhook
