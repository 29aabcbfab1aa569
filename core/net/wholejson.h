#pragma once

#include <QByteArrayView>

namespace tierline::net {

/// Whether a text that should be JSON has reached its end: every bracket and string is closed, or there is
/// nothing at all. Says nothing about what lies between; the parser does. O(n), some hundred MB a second.
bool isWholeJson(QByteArrayView text);

} // namespace tierline::net
