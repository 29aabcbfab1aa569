#pragma once

#include "core/connectors/api/registry.h"
#include "tests/support/wire/wiredesk.h"

namespace tierline::test {

/// A real connector over a real transport to a WireDesk, on the desk's time: what a running program has.
/// It adds nothing but a note of which operation a request is for, which no byte says.
class WireConnector final : public connectors::Connector
{
public:
    /// `user` is whose secret it has. `kind` and `wire` outlive it.
    WireConnector(WireDesk &wire, const connectors::Kind &kind, const QString &user,
        std::map<QString, QString> options, quint64 seed);
    /// The program's end: silently; its connections are gone when this returns.
    ~WireConnector() override;

    connectors::Manner manner() const override { return m_connector->manner(); }
    void probe(connectors::Answer<connectors::Probe> answer) override;
    void greet(connectors::Answer<connectors::Probe> answer) override;
    void pull(const QString &cursor, connectors::Answer<connectors::PullPage> answer) override;
    void fetch(const QString &ticket, bool wantsEntries,
        connectors::Answer<connectors::RemoteTicket> answer) override;
    void push(const connectors::PushStep &step,
        connectors::Answer<connectors::PushOutcome> answer) override;
    void find(
        const connectors::PushStep &step, connectors::Answer<connectors::Found> answer) override;
    void download(const connectors::RemoteFile &file, qint64 limit,
        connectors::Answer<QByteArray> answer) override;
    void cancelAll() override { m_connector->cancelAll(); }

private:
    WireDesk &m_wire;
    SeededRandom m_random;
    std::unique_ptr<net::Transport> m_transport;
    std::unique_ptr<connectors::Connector> m_connector;
};

} // namespace tierline::test
