#pragma once

#include "core/base/clock.h"
#include "core/net/transport.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QStringList>

#include <functional>
#include <map>
#include <memory>
#include <optional>

namespace tierline::connectors::rt {

/// A whole JSON answer of a status that means something to the caller: 2xx and 4xx.
struct Reply {
    int status = 0;
    QJsonDocument json;
    QString etag; ///< without quotes
    QString location; ///< the id at its end, all that is ever used of it

    bool isGood() const { return status >= 200 && status < 300; }
    QJsonObject object() const { return json.object(); }
};

/// How a request that changes something ended. `reply` where a whole JSON answer came.
struct Sent {
    net::Outcome outcome = net::Outcome::NotSent;
    std::optional<Reply> reply;
    std::optional<Error> error;
};

/// REST2 of one server: paths from its base, JSON in and out, and the one place that knows what a
/// refused sign-in looks like there: 401, any redirect, and a page with status 200 that is no JSON.
/// After one of those the transport's gate is closed: nothing more goes out with that secret.
/// Thread: the transport's. Handlers are called later than the call, and never after it is gone.
class RtClient
{
public:
    RtClient(net::Transport &transport, const Clock &clock);

    using ReplyHandler = std::function<void(Result<Reply>)>;
    using SentHandler = std::function<void(Sent)>;

    /// Faults: SignIn, Offline, Timeout, RateLimited, BadReply, Cancelled.
    void get(const QStringList &path, const net::QueryItems &query, ReplyHandler done,
        qint64 bodyBytes = DefaultBodyBytes);
    /// A search by POST: changes nothing.
    void search(const QStringList &path, const net::QueryItems &query, const QJsonDocument &body,
        ReplyHandler done);
    /// `ifMatch` without quotes; empty for none.
    void send(net::Method method, const QStringList &path, const QJsonObject &body,
        const QString &ifMatch, SentHandler done);
    /// Ends all requests under way; their handlers hear Cancelled before this returns.
    void cancelAll();

    /// By the server's clock, as far as its last Date header tells.
    Instant serverNow() const { return m_clock.now() + m_offset.value_or(Millis(0)); }
    std::optional<Millis> clockOffset() const { return m_offset; }
    /// The page for people, up to the ticket's id.
    QString ticketLink() const;

    static constexpr qint64 DefaultBodyBytes = 16 << 20;

private:
    void start(net::Request request, net::AnswerHandler done);
    void noteDate(const net::Answer &answer);
    Result<Reply> replyOf(const net::Answer &answer, qint64 bodyBytes);
    Error signInError(const net::Response &response);
    QUrl urlOf(const QStringList &path, const net::QueryItems &query) const;

    net::Transport &m_transport;
    const Clock &m_clock;
    std::optional<Millis> m_offset;
    quint64 m_next = 0;
    struct Open {
        std::unique_ptr<net::Call> call;
        net::AnswerHandler done;
    };
    std::map<quint64, Open> m_open;
    std::shared_ptr<int> m_alive = std::make_shared<int>(0); ///< handlers may end the connector
};

using Step = std::function<void(std::function<void(Result<Done>)>)>;

/// Runs steps that each make requests, at most `lanes` at a time, in their order; `done` hears once,
/// at the end or at the first error, after which no further step begins. Called at once where there
/// are no steps.
void runInLanes(std::vector<Step> steps, int lanes, std::function<void(Result<Done>)> done);

} // namespace tierline::connectors::rt
