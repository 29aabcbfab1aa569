#include "core/desk/waykeys.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

SecretKey wayKey(const QString &way, const QString &field)
{
    return { u"way:"_s + way, field };
}

notify::WayConfig configOf(const Way &way)
{
    notify::WayConfig config { .name = way.name,
        .type = way.type,
        .url = QUrl(way.url),
        .user = way.user,
        .authorities = way.authorities };
    for (auto option = way.options.cbegin(); option != way.options.cend(); ++option)
        config.options[option.key()] = option.value();
    return config;
}

WayKeys::WayKeys(SecretStore &secrets, const notify::WayRegistry &kinds,
    const std::vector<Way> &ways, Handler done)
    : m_secrets(secrets)
    , m_kinds(kinds)
    , m_done(std::move(done))
{
    for (const Way &way : ways)
        m_ways.push_back({ way, {}, way.problem });
    m_start.setSingleShot(true);
    m_start.callOnTimeout([this] { next(); });
    m_start.start(0);
}

void WayKeys::next()
{
    while (m_way < m_ways.size()) {
        KeyedWay &keyed = m_ways[m_way];
        const notify::WayKind *kind = m_kinds.find(keyed.way.type);
        if (!kind)
            keyed.problem
                = u"This version of Tierline knows no way of the type “%1”."_s.arg(keyed.way.type);
        if (!keyed.problem.isEmpty() || m_field == kind->secrets.size()) {
            ++m_way;
            m_field = 0;
            continue;
        }
        const notify::SecretField &field = kind->secrets[m_field];
        m_call = m_secrets.read(wayKey(keyed.way.name, field.field),
            [this, &field](const SecretReply &reply) { took(field, reply); });
        return;
    }
    const Handler done = std::exchange(m_done, nullptr);
    done(std::move(m_ways)); // which may destroy this
}

void WayKeys::took(const notify::SecretField &field, const SecretReply &reply)
{
    KeyedWay &keyed = m_ways[m_way];
    if (reply.ok())
        keyed.secrets[field.field] = *reply.secret;
    else if (!field.isOptional
        || (reply.fault != SecretFault::NotFound && reply.fault != SecretFault::NoKeychain))
        keyed.problem = reply.fault == SecretFault::NotFound
            ? u"Its %1 is not in this machine's keychain: set the way up again with it."_s.arg(
                field.name.toLower())
            : reply.error().detail;
    ++m_field;
    next();
}

engine::OpenWays openWays(const notify::WayRegistry &kinds, std::vector<KeyedWay> &ways,
    const Clock &clock, RandomSource &random)
{
    engine::OpenWays open;
    for (KeyedWay &keyed : ways) {
        if (!keyed.problem.isEmpty())
            continue;
        auto made
            = kinds.find(keyed.way.type)->make(configOf(keyed.way), keyed.secrets, clock, random);
        if (made)
            open[keyed.way.name] = std::move(*made);
        else
            keyed.problem = made.error().detail;
    }
    return open;
}

} // namespace tierline::desk
