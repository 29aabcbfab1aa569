#include "core/net/credentials.h"

namespace tierline::net {

namespace {

Secret joined(QByteArrayView before, QByteArrayView secret)
{
    QByteArray all;
    all.reserve(before.size() + secret.size());
    all += before;
    all += secret;
    return Secret::take(std::move(all));
}

} // namespace

Credentials Credentials::basic(const QString &user, const Secret &password)
{
    const Secret pair = joined(user.toUtf8() + ':', password.expose());
    QByteArray encoded
        = QByteArray::fromRawData(pair.expose().data(), pair.expose().size()).toBase64();
    Credentials result;
    result.m_name = "Authorization";
    result.m_value = joined("Basic ", encoded);
    wipe(encoded);
    return result;
}

Credentials Credentials::authorization(const QByteArray &scheme, const Secret &token)
{
    Credentials result;
    result.m_name = "Authorization";
    result.m_value = joined(scheme + ' ', token.expose());
    return result;
}

Credentials Credentials::header(const QByteArray &name, const Secret &secret)
{
    Credentials result;
    result.m_name = name;
    result.m_value = secret;
    return result;
}

} // namespace tierline::net
