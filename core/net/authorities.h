#pragma once

#include "core/base/result.h"

#include <QList>
#include <QSslCertificate>
#include <QSslError>

namespace tierline::net {

/// The authorities in a PEM file, for TransportSettings::authorities: what a person imports so that an
/// account's server with a certificate of its own house is believed. BadInput with a sentence where
/// there is none, more than 20, or the text is longer than 256 KiB. An empty text gives none.
Result<QList<QSslCertificate>> readAuthorities(const QByteArray &pem);

/// For whom an authority speaks, as people read it: its common name or organization.
QString authorityName(const QSslCertificate &certificate);

/// Why a server's certificate is refused: one sentence, for the error of those that matters most to people.
QString certificateSentence(const QList<QSslError> &errors, const QString &host);

} // namespace tierline::net
