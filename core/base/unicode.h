#pragma once

#include <QString>

namespace tierline {

/// Text from outside made valid UTF-16 once, at the edge: lone surrogates become U+FFFD, NUL and
/// non-characters too, so that what is stored reads back the same for ever. O(n), no copy where the
/// text is valid already.
QString validText(QString text);

/// UTF-8 bytes of unknown honesty as valid text; a byte order mark is dropped.
QString validText(QByteArrayView utf8);

} // namespace tierline
