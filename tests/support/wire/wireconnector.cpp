#include "tests/support/wire/wireconnector.h"

#include "core/net/transport.h"

namespace tierline::test {

using namespace connectors;

WireConnector::WireConnector(WireDesk &wire, const Kind &kind, const QString &user,
    std::map<QString, QString> options, quint64 seed)
    : m_wire(wire)
    , m_random(seed)
{
    const Clock &clock = wire.desk().loop().clock();
    const Secret secret = Secret::fromText(wire.dialect().secretOf(user));
    AccountConfig account { .name = QStringLiteral("desk"),
        .type = kind.type,
        .url = wire.url(),
        .options = std::move(options) };
    if (kind.userOf)
        account.user = kind.userOf(secret);
    m_transport = std::make_unique<net::Transport>(
        net::TransportSettings {
            .base = *net::BaseUrl::parse(wire.url().toString()), .pace = kind.pace },
        clock, m_random);
    m_transport->setCredentials(kind.credentials(account, secret));
    m_connector = kind.make(account, *m_transport, clock, m_random);
    wire.watch(*m_transport);
}

WireConnector::~WireConnector()
{
    m_connector.reset();
    m_wire.forget(std::move(m_transport));
}

void WireConnector::probe(Answer<Probe> answer)
{
    m_wire.beforeCall();
    m_connector->probe(std::move(answer));
}

void WireConnector::greet(Answer<Probe> answer)
{
    m_wire.beforeCall();
    m_connector->greet(std::move(answer));
}

void WireConnector::pull(const QString &cursor, Answer<PullPage> answer)
{
    m_wire.beforeCall();
    m_connector->pull(cursor, std::move(answer));
}

void WireConnector::fetch(const QString &ticket, bool wantsEntries, Answer<RemoteTicket> answer)
{
    m_wire.beforeCall();
    m_connector->fetch(ticket, wantsEntries, std::move(answer));
}

void WireConnector::push(const PushStep &step, Answer<PushOutcome> answer)
{
    m_wire.beforeCall();
    m_wire.expect(step.ticket, step.operations);
    m_connector->push(step, std::move(answer));
}

void WireConnector::find(const PushStep &step, Answer<Found> answer)
{
    m_wire.beforeCall();
    m_connector->find(step, std::move(answer));
}

void WireConnector::download(const RemoteFile &file, qint64 limit, Answer<QByteArray> answer)
{
    m_wire.beforeCall();
    m_connector->download(file, limit, std::move(answer));
}

} // namespace tierline::test
