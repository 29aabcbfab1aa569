#pragma once

#include "core/base/result.h"

#include <QByteArray>

namespace tierline::notify::smtp {

/// One mail address as it stands in commands and headers: ASCII, without brackets, names or comments.
struct MailAddress {
    QByteArray text; ///< "ada@xn--bcher-kva.example"
    QByteArray domain;
    bool operator==(const MailAddress &) const = default;
};

/// Exactly one address, and nothing that could end a command or a header: letters, digits and the few signs that need
/// no quotes, at most 254 bytes. A domain in another script becomes what it is on the wire. BadInput with a sentence
/// for all else, names before the @ in another script among it: few servers take those, and none must.
Result<MailAddress> parseMailAddress(const QString &text);

} // namespace tierline::notify::smtp
