#pragma once

#include "core/connectors/rt/rtconnector.h"
#include "core/net/transport.h"
#include "tests/connectors/rt/waiting.h"

#include <QTemporaryDir>
#include <QTest>

namespace tierline::test {

/// A Request Tracker of this test's own: started on a free port in a folder of its own, filled with
/// seeded tickets, stopped with the folder at the end.
class RealRt
{
public:
    RealRt() = default;
    ~RealRt();
    RealRt(const RealRt &) = delete;
    RealRt &operator=(const RealRt &) = delete;

    /// An empty text, or why there is none. "skip: …" where its packages are not installed.
    QString start(int tickets);

    /// Stops the server; what it has stays. Empty, or why not.
    QString halt();
    /// Starts it again on the same port.
    QString resume();

    QString url() const { return m_values.value(QStringLiteral("RT_URL")); }
    /// `role` as start-rt prints it: "", "SECOND", "NEWYORK", "READONLY", "FRONTLINE", "CUSTOMER", "ROOT".
    QByteArray token(const QString &role = {}) const;
    QString login(const QString &role = {}) const;

    /// The role's user takes all its tokens back while the server runs. Empty, or why not.
    QString revokeTokens(const QString &role = {});
    /// Makes a token for it, which token() gives from now on. Empty, or why not.
    QString renewToken(const QString &role = {});

private:
    bool run(const QString &script, const QStringList &arguments, int seconds, QByteArray *out);

    QTemporaryDir m_folder;
    QHash<QString, QString> m_values;
    QString m_port;
    QString m_error;
    bool m_isUp = false;
};

/// A connector with the login of one role, and plain requests beside it that play somebody else.
struct RtLogin {
    RtLogin(const RealRt &server, const QString &role, std::map<QString, QString> options = {},
        const QByteArray &token = {});

    /// Waits for a call's answer; a Timeout error after a minute.
    template<typename T>
    Result<T> wait(const std::function<void(connectors::Answer<T>)> &call)
    {
        return waitFor<T>(call, Millis(60'000));
    }

    Result<connectors::Probe> probe();
    Result<connectors::PullPage> pull(const QString &cursor);
    Result<connectors::RemoteTicket> fetch(const QString &ticket, bool wantsEntries = true);
    Result<connectors::PushOutcome> push(const connectors::PushStep &step);
    Result<connectors::Found> find(const connectors::PushStep &step);
    Result<QByteArray> download(const connectors::RemoteFile &file, qint64 limit);

    /// All pages from `cursor` on, which is moved, put together; at most 500.
    struct Pulled {
        std::map<QString, connectors::RemoteTicket> tickets;
        std::vector<connectors::PullPage::Census> census;
        QStringList setAside;
        int pages = 0;
        QString error;
    };
    Pulled pullAll(QString &cursor);

    /// A request as this user, straight to the server. Status 0 where there was no answer.
    struct Raw {
        int status = 0;
        QJsonDocument json;
        QByteArray location;
    };
    Raw rawWith(net::Method method, const QStringList &path, const QJsonDocument &body,
        const net::QueryItems &query = {});
    Raw raw(net::Method method, const QStringList &path, const QJsonObject &body = {},
        const net::QueryItems &query = {})
    {
        return rawWith(method, path, QJsonDocument(body), query);
    }
    /// Makes a ticket; its id.
    QString create(const QJsonObject &more = {});

    SystemClock clock;
    SeededRandom random { 1 };
    connectors::AccountConfig account;
    net::Transport transport;
    std::unique_ptr<connectors::Connector> connector;
};

/// A step as the engine would make it.
connectors::PushStep step(connectors::PushStep::Kind kind, const QString &ticket,
    const QString &operation, const connectors::RemoteUser &as);

} // namespace tierline::test
