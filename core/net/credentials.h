#pragma once

#include "core/secrets/secret.h"

#include <QString>

namespace tierline::net {

/// How an account proves itself. Sent to the account's own origin only; a value, prints no secret.
class Credentials
{
public:
    /// Nothing is sent.
    Credentials() = default;
    /// `Authorization: Basic …`
    static Credentials basic(const QString &user, const Secret &password);
    /// `Authorization: <scheme> <token>`, such as "Bearer" or "token".
    static Credentials authorization(const QByteArray &scheme, const Secret &token);
    /// `<name>: <secret>`, for servers with a header of their own.
    static Credentials header(const QByteArray &name, const Secret &secret);

    bool isNone() const { return m_name.isEmpty(); }
    QByteArray headerName() const { return m_name; }
    /// The whole header value.
    const Secret &headerValue() const { return m_value; }

    bool operator==(const Credentials &) const = default;

private:
    QByteArray m_name;
    Secret m_value;
};

} // namespace tierline::net
