#include "tests/support/net/testcertificates.h"

#include <QFile>
#include <QProcess>
#include <QStandardPaths>

using namespace Qt::StringLiterals;

namespace tierline::test {

bool CertificateMaker::isAvailable()
{
    return !QStandardPaths::findExecutable(u"openssl"_s).isEmpty();
}

bool CertificateMaker::run(const QStringList &arguments)
{
    QProcess openssl;
    openssl.setWorkingDirectory(m_dir.path());
    openssl.setProcessChannelMode(QProcess::MergedChannels);
    openssl.start(u"openssl"_s, arguments);
    if (!openssl.waitForFinished(20'000) || openssl.exitCode() != 0) {
        qWarning() << "openssl" << arguments << openssl.readAll();
        return false;
    }
    return true;
}

std::optional<TestCertificate> CertificateMaker::load(const QString &name)
{
    QFile certificate(m_dir.filePath(name + u".pem"_s));
    QFile key(m_dir.filePath(name + u".key"_s));
    if (!certificate.open(QIODevice::ReadOnly) || !key.open(QIODevice::ReadOnly))
        return std::nullopt;
    TestCertificate result { QSslCertificate(certificate.readAll()),
        QSslKey(key.readAll(), QSsl::Ec) };
    if (result.certificate.isNull() || result.key.isNull())
        return std::nullopt;
    return result;
}

std::optional<TestCertificate> CertificateMaker::authority()
{
    if (!run({ u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
            u"ec_paramgen_curve:P-256"_s, u"-nodes"_s, u"-keyout"_s, u"ca.key"_s, u"-out"_s,
            u"ca.pem"_s, u"-subj"_s, u"/CN=Tierline test authority"_s, u"-days"_s, u"2"_s }))
        return std::nullopt;
    return load(u"ca"_s);
}

std::optional<TestCertificate> CertificateMaker::selfSigned()
{
    if (!run({ u"req"_s, u"-x509"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s,
            u"ec_paramgen_curve:P-256"_s, u"-nodes"_s, u"-keyout"_s, u"self.key"_s, u"-out"_s,
            u"self.pem"_s, u"-subj"_s, u"/CN=127.0.0.1"_s, u"-addext"_s,
            u"subjectAltName=IP:127.0.0.1"_s, u"-addext"_s, u"basicConstraints=critical,CA:FALSE"_s,
            u"-days"_s, u"2"_s }))
        return std::nullopt;
    return load(u"self"_s);
}

std::optional<TestCertificate> CertificateMaker::signedFor(const QString &name, int days)
{
    const QString extension = m_dir.filePath(u"ext.cnf"_s);
    QFile file(extension);
    if (!file.open(QIODevice::WriteOnly))
        return std::nullopt;
    file.write("subjectAltName=" + name.toLatin1() + "\n");
    file.close();
    if (!run({ u"req"_s, u"-newkey"_s, u"ec"_s, u"-pkeyopt"_s, u"ec_paramgen_curve:P-256"_s,
            u"-nodes"_s, u"-keyout"_s, u"leaf.key"_s, u"-out"_s, u"leaf.csr"_s, u"-subj"_s,
            u"/CN=leaf"_s }))
        return std::nullopt;
    const auto sign = [this](const QStringList &validity) {
        return run(QStringList { u"x509"_s, u"-req"_s, u"-in"_s, u"leaf.csr"_s, u"-CA"_s,
                       u"ca.pem"_s, u"-CAkey"_s, u"ca.key"_s, u"-CAcreateserial"_s, u"-out"_s,
                       u"leaf.pem"_s, u"-extfile"_s, u"ext.cnf"_s }
            + validity);
    };
    // OpenSSL 3.4 and later take no days of the past, and know days by name instead.
    const bool isSigned = sign({ u"-days"_s, QString::number(days) })
        || (days < 0
            && sign(
                { u"-not_before"_s, u"20200101000000Z"_s, u"-not_after"_s, u"20200102000000Z"_s }));
    if (!isSigned)
        return std::nullopt;
    return load(u"leaf"_s);
}

} // namespace tierline::test
