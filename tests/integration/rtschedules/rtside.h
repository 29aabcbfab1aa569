#pragma once

#include "tests/connectors/rtserver/realrt.h"
#include "tests/support/cli/clirunner.h"
#include "tests/support/faultproxy/faultproxy.h"

#include <QProcess>

namespace tierline::test {

/// Runs the loop until a process has ended; false after `ms`. Looking again and again would delay every
/// byte that goes through a proxy of the same loop.
bool waitForEnd(QProcess &process, int ms);
/// Runs the loop for that long.
void passTime(int ms);

/// One workspace of the command line with an account at the real server, which it reaches only through
/// a fault proxy of its own. Rounds of sync are processes of their own, which may be killed.
class RtSide
{
public:
    /// `role` as RealRt has it.
    RtSide(const RealRt &server, const QString &role, quint64 seed);
    ~RtSide();
    RtSide(const RtSide &) = delete;
    RtSide &operator=(const RtSide &) = delete;

    /// Makes the workspace and its account; empty, or why not.
    QString begin();

    const QString &login() const { return m_login; }
    const CliRunner &cli() const { return m_cli; }
    FaultProxy &proxy() { return m_proxy; }
    /// A command that changes something; runs beside a round that is under way.
    Ran run(const QStringList &words, const QByteArray &input = {});

    void startSync();
    bool isSyncing() const { return m_process && m_process->state() != QProcess::NotRunning; }
    void killSync(); ///< SIGKILL, whatever it is doing
    /// The round that is under way now is killed then, where it has not ended.
    void killLater(int ms);
    /// So is its line cut, and nobody listens for a moment.
    void cutOffLater(int ms);
    /// Waits for its end; empty, or what should not have been: a crash, a refused sign-in, no end.
    QString endSync();
    /// The last round's document; empty where it was killed or told of an error.
    const QJsonObject &round() const { return m_round; }
    bool isQuiet() const; ///< that round neither brought, sent nor found anything to complain of

    /// Asked for once between two changes.
    const QJsonArray &outbox() const;
    const QJsonArray &conflicts() const;
    QJsonObject ticket(const QString &key) const;

private:
    const RealRt &m_server;
    QString m_role;
    QString m_login;
    CliRunner m_cli;
    FaultProxy m_proxy;
    std::unique_ptr<QProcess> m_process;
    bool m_isKilled = false;
    QJsonObject m_round;
    mutable std::optional<QJsonArray> m_outbox, m_conflicts;
};

} // namespace tierline::test
