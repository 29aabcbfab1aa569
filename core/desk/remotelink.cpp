#include "core/desk/remotelink.h"

#include "core/net/authorities.h"
#include "core/net/transport.h"
#include "core/storage/people.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

RemoteLink::RemoteLink() = default;

RemoteLink::~RemoteLink()
{
    m_connector.reset();
}

Result<std::unique_ptr<RemoteLink>> RemoteLink::open(const storage::Account &account,
    const Secret &secret, const connectors::Registry &registry, const Clock &clock,
    RandomSource &random)
{
    const connectors::Kind *kind = registry.find(account.type);
    if (!kind) {
        QStringList known;
        for (const auto &one : registry.kinds())
            known.append(one.first);
        return badInput(u"This version has no connector “%1”; it has %2."_s.arg(
                            account.type.left(40), known.join(u", "_s)),
            u"type"_s);
    }
    TIERLINE_TRY(base, net::BaseUrl::parse(account.url));
    connectors::AccountConfig config {
        .name = account.name, .type = account.type, .url = base.url(), .user = account.user
    };
    for (auto option = account.options.begin(); option != account.options.end(); ++option) {
        // The transport's and the engine's, not the connector's.
        if (option.key() != AuthorityOption && option.key() != storage::RunnerOption)
            config.options[option.key()] = option.value().toString();
    }
    TIERLINE_TRY(authorities,
        net::readAuthorities(account.options.value(AuthorityOption).toString().toUtf8()));
    if (config.user.isEmpty() && kind->userOf)
        config.user = kind->userOf(secret);
    if (config.user.isEmpty() && kind->needsUser)
        return badInput(
            u"“%1” needs the name of the user who signs in."_s.arg(account.name), u"user"_s);
    std::unique_ptr<RemoteLink> link(new RemoteLink);
    link->m_transport = std::make_unique<net::Transport>(
        net::TransportSettings { .base = base, .pace = kind->pace, .authorities = authorities },
        clock, random);
    link->m_transport->setCredentials(kind->credentials(config, secret));
    link->m_connector = kind->make(config, *link->m_transport, clock, random);
    return link;
}

storage::Account withProbe(storage::Account account, const connectors::Probe &probe)
{
    // What is known of a user's sight is not known of another's.
    const QJsonValue hides
        = account.myId() == probe.me.id ? account.me.value("hides"_L1) : QJsonValue();
    account.me = { { u"id"_s, probe.me.id }, { u"name"_s, probe.me.name },
        { u"email"_s, probe.me.email } };
    if (hides.isArray())
        account.me[u"hides"_s] = hides;
    account.product = probe.product;
    // Servers tell whole seconds, and the way takes its time: less than that is no difference.
    constexpr Millis noise { 2'000 };
    if (probe.clockOffset)
        account.clockOffset
            = std::chrono::abs(*probe.clockOffset) < noise ? Millis(0) : *probe.clockOffset;
    account.needsSignIn = false;
    account.problem.clear();
    return account;
}

Result<Done> saveProbe(
    storage::WriteScope &scope, const storage::Account &account, const connectors::Probe &probe)
{
    TIERLINE_TRY(held, storage::findAccount(scope.connection(), account.name));
    TIERLINE_CHECK(storage::saveAccount(scope, withProbe(held, probe)));
    for (const connectors::RemoteUser &user : probe.agents)
        TIERLINE_CHECK(storage::saveAccountUser(scope, account.name,
            { .remote = user.id, .name = user.name, .email = user.email, .isAgent = true }));
    TIERLINE_TRY(me, storage::loadMe(scope.connection()));
    TIERLINE_TRY(users, storage::loadAccountUsers(scope.connection(), account.name));
    const auto own = std::ranges::find(users, probe.me.id, &storage::AccountUser::remote);
    const bool isLinked = own != users.end() && !own->agent.isEmpty();
    return storage::saveAccountUser(scope, account.name,
        { .remote = probe.me.id,
            .name = probe.me.name,
            .email = probe.me.email,
            .isAgent = true,
            .agent = isLinked ? own->agent : me });
}

} // namespace tierline::desk
