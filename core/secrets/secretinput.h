#pragma once

#include "core/base/result.h"
#include "core/secrets/secretstore.h"

#include <QList>

class QIODevice;

namespace tierline {

class MemorySecrets;

/// One secret that came in from outside.
struct NamedSecret {
    SecretKey key;
    Secret secret;
};

/// Reads what `--secrets-stdin` brings: one JSON object, account to secret, or account to an object of
/// fields; or lines `ACCOUNT=SECRET` and `ACCOUNT.FIELD=SECRET`, blank lines and `#` lines left out.
/// A bare secret fills the field MainSecret. At most 64 KiB and 200 secrets of up to 8 KiB each,
/// without control characters. BadInput with a sentence that names the account or line, never a value.
/// The bytes are overwritten in either case.
Result<QList<NamedSecret>> readSecrets(QByteArray &&input);

/// The same from a device to its end, bounded, into a store. Blocks until the device ends, so only a
/// program without a window calls it, before its loop runs.
Result<Done> readSecrets(QIODevice &device, MemorySecrets &into);

} // namespace tierline
