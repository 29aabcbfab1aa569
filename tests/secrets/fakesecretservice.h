#pragma once

#include <QDBusConnection>
#include <QDBusMessage>
#include <QDBusVirtualObject>

namespace tierline::test {

/// Something that calls itself the keychain on this process's bus, and is none.
class FakeSecretService final : public QDBusVirtualObject
{
public:
    enum class Mood : quint8 {
        Silent, ///< takes every call and never answers
        Failing, ///< answers each with an error of its own
        Garbled, ///< answers with values of the wrong kind
        Locked,
    };

    explicit FakeSecretService(Mood mood)
        : m_mood(mood)
    {
    }
    /// Takes the name; false where it is taken.
    bool start()
    {
        QDBusConnection bus = QDBusConnection::sessionBus();
        return bus.registerVirtualObject(
                   QStringLiteral("/org/freedesktop/secrets"), this, QDBusConnection::SubPath)
            && bus.registerService(QStringLiteral("org.freedesktop.secrets"));
    }
    int calls() const { return m_calls; }

    QString introspect(const QString &) const override { return {}; }
    bool handleMessage(const QDBusMessage &message, const QDBusConnection &bus) override
    {
        ++m_calls;
        switch (m_mood) {
        case Mood::Silent: break;
        case Mood::Failing:
            bus.send(message.createErrorReply(QStringLiteral("org.freedesktop.DBus.Error.Failed"),
                QStringLiteral("canary-of-the-service")));
            break;
        case Mood::Garbled: bus.send(message.createReply({ QStringLiteral("what?"), 42 })); break;
        case Mood::Locked:
            bus.send(message.createErrorReply(
                QStringLiteral("org.freedesktop.Secret.Error.IsLocked"), QStringLiteral("locked")));
            break;
        }
        return true;
    }

private:
    Mood m_mood;
    int m_calls = 0;
};

} // namespace tierline::test
