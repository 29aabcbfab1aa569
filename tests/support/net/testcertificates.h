#pragma once

#include <QSslCertificate>
#include <QSslKey>
#include <QTemporaryDir>

#include <optional>

namespace tierline::test {

struct TestCertificate {
    QSslCertificate certificate;
    QSslKey key;
};

/// Certificates made on the spot by the openssl program, so that none can expire in the sources.
class CertificateMaker
{
public:
    /// Whether the program is there and works.
    static bool isAvailable();

    /// An authority of its own.
    std::optional<TestCertificate> authority();
    /// For 127.0.0.1, signed by itself.
    std::optional<TestCertificate> selfSigned();
    /// Signed by the authority, for a subject name such as "IP:127.0.0.1", valid for so many days
    /// from now; negative: it has expired.
    std::optional<TestCertificate> signedFor(const QString &name, int days);

private:
    bool run(const QStringList &arguments);
    std::optional<TestCertificate> load(const QString &name);

    QTemporaryDir m_dir;
};

} // namespace tierline::test
