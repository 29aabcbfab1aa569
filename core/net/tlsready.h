#pragma once

namespace tierline::net {

/// Loads what TLS takes, once. Qt 6.4 takes two locks for that, in either order, depending on what is asked for first:
/// two threads that begin at the same time can wait for each other for good. Whoever makes a certificate or a socket
/// of TLS calls this before. Thread: any. Some ten milliseconds, once in a program.
void readyTls();

} // namespace tierline::net
