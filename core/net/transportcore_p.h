#pragma once

#include "core/net/transport.h"

#include <QHostAddress>
#include <QNetworkAccessManager>
#include <QPointer>
#include <QTimer>

#include <deque>

namespace tierline::net {

class Exchange;

/// What all exchanges of one transport share: the queue, the pace, the gate, Qt's manager.
class TransportCore final : public QObject
{
    Q_OBJECT
public:
    TransportCore(TransportSettings settings, const Clock &clock, RandomSource &random);
    ~TransportCore() override;

    Exchange *add(Request request, AnswerHandler done);

    /// For an exchange that has ended: its place is free again, and what the answer said of the pace
    /// is heeded.
    void release(Exchange *exchange, const std::optional<Response> &response);
    /// A connection that rested too long is no place for what must not be sent twice.
    void beforeWrite();
    /// Emits signInNeeded() on the loop's next turn.
    void closeGate(const QString &detail);
    void openGate(const Credentials &credentials);
    /// For an exchange that is about to be given up while it waits for headers.
    void gaveUpWaiting();
    /// Limits of all that runs, and the pace of what waits, against the clock as it is now.
    void lookAtClock();
    /// Of a name that was looked up and checked: where its connections go.
    void setPeer(const QHostAddress &peer) { m_peers = { peer }; }
    qsizetype waiting() const { return qsizetype(m_waiting.size()); }
    qsizetype running() const { return m_running.size(); }
    qsizetype sending() const;
    /// Whether the system sends what is for there through a proxy.
    bool isProxied(const QUrl &url) const;

    const TransportSettings settings;
    const Clock &clock;
    QNetworkAccessManager manager;
    Pacer pacer;
    Credentials credentials;
    int signIn = 0; ///< grows with each change of credentials
    bool isGateClosed = false;
    std::shared_ptr<CookieSession> session;

signals:
    void signInNeeded(const QString &detail);

private:
    void pump();
    QString whyNotSent(const Request &request) const;
    void findPeer();
    quint16 peerPort() const;

    std::deque<Exchange *> m_waiting;
    QList<Exchange *> m_running;
    QTimer m_pump;
    Millis m_lastUse { 0 };
    QList<QHostAddress> m_peers; ///< of the account's own server
    bool m_isPeerSought = false;
    bool m_mayBeStuck = false; ///< an exchange was given up a moment ago
};

/// The longest real time between two looks at the injected clock.
inline constexpr Millis longestNap { 200 };

} // namespace tierline::net
