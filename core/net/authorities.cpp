#include "core/net/authorities.h"

#include "core/net/tlsready.h"

using namespace Qt::StringLiterals;

namespace tierline::net {

namespace {

constexpr qsizetype longestPem = 256 << 10;
constexpr qsizetype mostAuthorities = 20;

} // namespace

Result<QList<QSslCertificate>> readAuthorities(const QByteArray &pem)
{
    const QByteArray text = pem.trimmed();
    if (text.isEmpty())
        return QList<QSslCertificate> {};
    if (text.size() > longestPem)
        return badInput(u"The file of certificates is longer than %1 KiB."_s.arg(longestPem / 1024),
            u"authority"_s);
    if (text.contains("PRIVATE KEY"))
        return badInput(
            u"The file holds a private key, which nobody but the server may have; take the file with the authority's certificate alone."_s,
            u"authority"_s);
    readyTls();
    QList<QSslCertificate> all = QSslCertificate::fromData(text, QSsl::Pem);
    all.removeIf([](const QSslCertificate &one) { return one.isNull(); });
    if (all.isEmpty())
        return badInput(
            u"The file holds no certificate: take one in PEM form, which begins with “-----BEGIN CERTIFICATE-----”."_s,
            u"authority"_s);
    if (all.size() > mostAuthorities)
        return badInput(
            u"The file holds %1 certificates; take one with the authority of your server alone."_s
                .arg(all.size()),
            u"authority"_s);
    return all;
}

QString authorityName(const QSslCertificate &certificate)
{
    for (const auto part : { QSslCertificate::CommonName, QSslCertificate::Organization }) {
        const QStringList names = certificate.subjectInfo(part);
        if (!names.isEmpty() && !names.first().isEmpty())
            return names.first().left(80);
    }
    return QString::fromLatin1(certificate.digest(QCryptographicHash::Sha256).toHex().left(16));
}

} // namespace tierline::net
