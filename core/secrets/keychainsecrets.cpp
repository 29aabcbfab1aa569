#include "core/secrets/keychainsecrets.h"

#include "core/base/logging.h"

#include <QFile>
#include <QTimer>
#include <QUrl>

#include <qt6keychain/keychain.h>

using namespace Qt::StringLiterals;

namespace tierline {

namespace {

bool isPlausible(QByteArrayView secret)
{
    if (secret.isEmpty() || secret.size() > Secret::Longest)
        return false;
    return std::none_of(secret.begin(), secret.end(),
        [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7f; });
}

QString sentence(SecretFault fault, const SecretKey &key)
{
    switch (fault) {
    case SecretFault::NoKeychain:
        return u"No keychain answers on this machine, so nothing is saved and the password or token is asked for at each start."_s;
    case SecretFault::Locked:
        return u"The keychain is locked; unlock it, then sign in to “%1” again."_s.arg(key.account);
    case SecretFault::Denied:
        return u"The keychain refused access to the secret of “%1”; allow it, or sign in again."_s
            .arg(key.account);
    case SecretFault::NotFound:
        return u"The keychain has no secret for the account “%1” (%2); sign in again."_s.arg(
            key.account, key.field);
    case SecretFault::Garbled:
        return u"What the keychain has for the account “%1” cannot be a password or token; sign in again."_s
            .arg(key.account);
    case SecretFault::Slow:
        return u"The keychain has not answered; see whether it is asking for something, then try again."_s;
    case SecretFault::Failed:
    case SecretFault::None: break;
    }
    return u"The keychain could not do it; sign in to “%1” again, or look at the keychain's own window."_s
        .arg(key.account);
}

/// Whether this session names a message bus that could be there; without one there is no keychain on
/// Linux, and what the library then says differs with the person's language.
bool hasBus()
{
#if defined(Q_OS_LINUX)
    const QByteArray address = qgetenv("DBUS_SESSION_BUS_ADDRESS");
    if (address.isEmpty())
        return QFile::exists(qEnvironmentVariable("XDG_RUNTIME_DIR") + u"/bus"_s);
    const QByteArray prefix = "unix:path=";
    if (address.startsWith(prefix))
        return QFile::exists(QString::fromLocal8Bit(address.mid(prefix.size()).split(',').first()));
#endif
    return true;
}

/// Whether asking can come to anything. A bus that is not there yet may be started by way of the X server; with
/// neither, the library would still try, and a Qt whose loop is not GLib's would wait out the limit.
bool mayHaveKeychain()
{
#if defined(Q_OS_LINUX)
    return hasBus() || !qEnvironmentVariableIsEmpty("DISPLAY");
#else
    return true;
#endif
}

/// One QtKeychain job with its limit. The job outlives this where the keychain is still at it: it
/// cannot be stopped, only no longer listened to, and it deletes itself when it ends.
class KeychainCall final : public QObject, public SecretCall
{
public:
    KeychainCall(
        QKeychain::Job *job, const SecretKey &key, Millis limit, QObject *store, SecretHandler done)
        : m_key(key)
        , m_done(std::move(done))
    {
        job->setAutoDelete(true);
        job->setKey(keychainEntry(key));
        connect(job, &QKeychain::Job::finished, this, &KeychainCall::finished);
        // The store may go first; then nobody is called.
        connect(store, &QObject::destroyed, this, [this] { m_done = nullptr; });
        m_limit.setSingleShot(true);
        const bool isAsked = mayHaveKeychain();
        const SecretFault late = isAsked ? SecretFault::Slow : SecretFault::NoKeychain;
        connect(&m_limit, &QTimer::timeout, this, [this, late] { answer(failure(late)); });
        m_limit.start(isAsked ? limit : Millis::zero());
        if (isAsked)
            job->start();
        else
            job->deleteLater();
    }

private:
    SecretReply failure(SecretFault fault) const
    {
        return { .fault = fault, .detail = sentence(fault, m_key) };
    }

    void finished(QKeychain::Job *job)
    {
        const int code = job->error();
        if (code != QKeychain::NoError) {
            SecretFault fault = keychainFault(code, job->errorString());
            if (fault == SecretFault::Failed && !hasBus())
                fault = SecretFault::NoKeychain;
            qCDebug(lcSecrets) << "keychain answered" << secretFaultCode(fault) << "code" << code;
            // Removing what is not there is what was asked for.
            if (fault == SecretFault::NotFound && qobject_cast<QKeychain::DeletePasswordJob *>(job))
                answer({});
            else
                answer(failure(fault));
            return;
        }
        if (const auto *read = qobject_cast<QKeychain::ReadPasswordJob *>(job)) {
            QByteArray bytes = read->binaryData();
            if (!isPlausible(bytes)) {
                wipe(bytes);
                answer(failure(SecretFault::Garbled));
                return;
            }
            answer({ .secret = Secret::take(std::move(bytes)) });
            return;
        }
        answer({});
    }

    void answer(SecretReply reply)
    {
        if (!m_done)
            return;
        m_limit.stop();
        // Taken out first: the handler may destroy this object.
        const SecretHandler done = std::exchange(m_done, nullptr);
        done(std::move(reply));
    }

    SecretKey m_key;
    SecretHandler m_done;
    QTimer m_limit;
};

} // namespace

QString keychainEntry(const SecretKey &key)
{
    return QString::fromLatin1(QUrl::toPercentEncoding(key.account)) + u'/'
        + QString::fromLatin1(QUrl::toPercentEncoding(key.field));
}

SecretFault keychainFault(int code, const QString &text)
{
    switch (code) {
    case QKeychain::NoError: return SecretFault::None;
    case QKeychain::EntryNotFound: return SecretFault::NotFound;
    case QKeychain::AccessDeniedByUser: return SecretFault::Denied;
    // Secret Service reports a locked collection so; no other backend says AccessDenied for less.
    case QKeychain::AccessDenied: return SecretFault::Locked;
    case QKeychain::NoBackendAvailable:
    case QKeychain::NotImplemented: return SecretFault::NoKeychain;
    default: break;
    }
    // The bus's own names stand in the text in every language.
    static const QStringList absent { u"ServiceUnknown"_s, u"org.freedesktop.secrets"_s,
        u"Error.Spawn."_s, u"autolaunch"_s, u"Error.NoServer"_s, u"Could not connect"_s };
    for (const QString &sign : absent) {
        if (text.contains(sign, Qt::CaseInsensitive))
            return SecretFault::NoKeychain;
    }
    return SecretFault::Failed;
}

KeychainSecrets::KeychainSecrets(QString service, Millis limit, QObject *parent)
    : QObject(parent)
    , m_service(std::move(service))
    , m_limit(limit)
{
}

KeychainSecrets::~KeychainSecrets() = default;

std::unique_ptr<SecretCall> KeychainSecrets::read(const SecretKey &key, SecretHandler done)
{
    return std::make_unique<KeychainCall>(
        new QKeychain::ReadPasswordJob(m_service), key, m_limit, this, std::move(done));
}

std::unique_ptr<SecretCall> KeychainSecrets::write(
    const SecretKey &key, const Secret &secret, SecretHandler done)
{
    auto *job = new QKeychain::WritePasswordJob(m_service);
    const QByteArrayView bytes = secret.expose();
    // As text, so that people can read their own entry in the keychain's window.
    job->setTextData(QString::fromUtf8(bytes));
    return std::make_unique<KeychainCall>(job, key, m_limit, this, std::move(done));
}

std::unique_ptr<SecretCall> KeychainSecrets::remove(const SecretKey &key, SecretHandler done)
{
    return std::make_unique<KeychainCall>(
        new QKeychain::DeletePasswordJob(m_service), key, m_limit, this, std::move(done));
}

} // namespace tierline
