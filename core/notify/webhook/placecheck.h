#pragma once

#include <QHostAddress>

namespace tierline::notify::webhook {

/// How far a webhook may reach, as whoever set it up says.
enum class Network : quint8 {
    Public, ///< addresses of the internet alone
    Own, ///< and those of private networks
};

/// Why nothing is sent to an address, as the end of a sentence that begins with a host; empty where it may be. Never
/// this machine, what is only beside it, groups of machines, and ways to write such an address inside another one.
/// Addresses that documents use for examples lead nowhere, and pass. Pure.
QString whyNotThere(const QHostAddress &address, Network network);

} // namespace tierline::notify::webhook
