#pragma once

#include "tests/connectors/rtserver/realrt.h"
#include "tests/support/cli/clirunner.h"

namespace tierline::test {

/// A real Request Tracker and the command lines that work with it: what every test of the whole way
/// stands on. Somebody else, who sees everything, works there too.
class RtDesk
{
public:
    /// As RealRt::start(); then other() is there.
    QString start(int tickets);

    RealRt &server() { return m_server; }
    RtLogin &other() { return *m_other; }

    /// Makes a workspace with the account "desk" of a role, its queues mapped to tiers.
    Ran connect(const CliRunner &cli, const QString &role = {}) const;
    Ran sync(const CliRunner &cli, const QString &role = {}) const
    {
        return syncWith(cli, m_server.token(role));
    }
    static Ran syncWith(const CliRunner &cli, const QByteArray &token);

    /// Key of a ticket in a tier's queue here.
    static QString ticketAt(const CliRunner &cli, const QString &tier, int row);
    static QJsonArray waiting(const CliRunner &cli);
    /// What `ticket show` says of its way to the helpdesk in one word.
    static QString syncState(const CliRunner &cli, const QString &key);

    /// The ticket as it is there, its queue by name.
    QJsonObject remote(const QString &key);
    /// Of its history there: how many entries of a type.
    int entries(const QString &key, const QString &type);
    /// How many handoff packages hang on it there.
    int packages(const QString &key);

private:
    RealRt m_server;
    std::unique_ptr<RtLogin> m_other;
};

} // namespace tierline::test
