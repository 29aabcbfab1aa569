#pragma once

#include "core/base/clock.h"
#include "core/base/ids.h"
#include "core/net/answer.h"
#include "core/net/baseurl.h"
#include "core/net/cookiesession.h"
#include "core/net/credentials.h"
#include "core/net/pacing.h"

#include <QHostAddress>
#include <QObject>
#include <QSslCertificate>

#include <functional>
#include <memory>

namespace tierline::net {

class TransportCore;

using AnswerHandler = std::function<void(Answer)>;

/// One request under way, owned by who asked. Destroying it drops the request at once, and its handler
/// is never called afterwards; it may be destroyed from within its handler. The Transport may go first:
/// then the handler is never called either.
/// Thread: the transport's.
class Call
{
public:
    virtual ~Call() = default;
    /// False as long as the server cannot act on the request: nothing was sent, or only headers of a
    /// request whose body has not begun. True is for good.
    virtual bool firstByteSent() const = 0;
    /// Ends the call; the handler hears Cancelled, with NotSent or Unknown.
    virtual void cancel() = 0;
};

/// Looks a name up and hands its addresses on, later, unless `context` is gone by then; none: there is
/// no such name.
using Resolver = std::function<void(
    const QString &name, QObject *context, std::function<void(QList<QHostAddress>)> found)>;

/// Why an address is no place for what is sent: a sentence that goes on after the host's name, such as "is an address
/// of this machine"; empty where it may go there.
using PlaceCheck = std::function<QString(const QHostAddress &)>;

struct TransportSettings {
    BaseUrl base;
    PacePolicy pace;
    /// Authorities trusted besides the system's, for this account alone; by a person's explicit import.
    QList<QSslCertificate> authorities;
    /// Connections that rested longer are not used for a request that must not be sent twice: the
    /// server may be closing it at this instant, and the outcome would be unknown for nothing.
    Millis restForWrites { 1'000 };
    /// For other hosts than the account's own, and for that one where places are checked; null: the system's.
    Resolver resolver = {};
    /// Where set, the base's name is looked up once for each request, all its addresses must pass, and the first is the
    /// one that is connected to: what a name means is not asked again in between. Certificate and Host are the name's.
    PlaceCheck mayNot = {};
};

/// HTTP to one account's server: HTTP/1.1 over TLS, every wait limited, redirects by hand and within
/// the own origin, nothing cached, no cookie without a session, the system's proxies, never a second
/// sending of what might have arrived. Retrying is for the caller's scheduler.
/// Thread: the one it was made on, whose loop must run; handlers run there, always later than the call
/// that led to them. Moves no thread. Cost: a request that may start now starts in this call.
///
/// After a 401 to credentials the gate closes: the waiting and all later requests end as GateClosed and
/// NotSent, and signInNeeded() is emitted once, until setCredentials() opens it.
class Transport final : public QObject
{
    Q_OBJECT
public:
    /// `clock` and `random` outlive it.
    Transport(TransportSettings settings, const Clock &clock, RandomSource &random,
        QObject *parent = nullptr);
    ~Transport() override;

    const BaseUrl &base() const;

    /// Sends when pace, concurrency and gate allow, in the order of the calls.
    [[nodiscard]] std::unique_ptr<Call> send(Request request, AnswerHandler done);

    /// Also opens the gate.
    void setCredentials(const Credentials &credentials);
    /// From now on cookies are kept and sent; null: no longer.
    void setSession(std::shared_ptr<CookieSession> session);

    bool isGateClosed() const;
    /// For servers that refuse credentials in a way of their own (a login page with 200).
    void closeGate(const QString &detail);

    /// The pause that the server asked for, still to go.
    Millis pause() const;

    struct Load {
        qsizetype waiting = 0; ///< for their turn
        qsizetype running = 0; ///< sent, or about to be, and without an answer
        qsizetype sending = 0; ///< of those: not known to have left whole
    };
    Load load() const;
    /// Looks at the clock now, for limits and pauses, instead of within the next fifth of a second: for
    /// whoever knows that it has jumped. Calls no handler before it returns.
    void lookAtClock();

signals:
    /// Once for each closing of the gate.
    void signInNeeded(const QString &detail);

private:
    std::unique_ptr<TransportCore> m_core;
};

} // namespace tierline::net
