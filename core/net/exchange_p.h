#pragma once

#include "core/net/deadlines.h"
#include "core/net/transport.h"

#include <QNetworkReply>
#include <QPointer>
#include <QTimer>

namespace tierline::net {

class TransportCore;
class UploadBody;

/// One request from its call to its answer, redirects included. Belongs to the transport's core; the
/// caller's handle only points here. It leaves when it has told its answer.
class Exchange final : public QObject
{
    Q_OBJECT
public:
    Exchange(TransportCore &core, Request request, AnswerHandler done);
    ~Exchange() override;

    const Request &request() const { return m_request; }
    Millis queuedAt() const { return m_queuedAt; }
    /// It was sent, and the whole of the headers has not come.
    bool isWaitingForHeaders() const
    {
        return m_state == State::Running && m_reply && m_status == 0
            && m_deadlines.phase() != Deadlines::Phase::Connecting;
    }
    bool isBeingSent() const { return m_deadlines.phase() < Deadlines::Phase::Waiting; }
    std::shared_ptr<const bool> sentFlag() const { return m_sent; }

    /// A place is free: goes.
    void start();
    /// Ends later, on the loop's next turn; nothing was sent.
    void refuse(Problem problem, const QString &detail = {}, Millis wait = Millis(0));
    void cancel();
    /// Nobody listens any more.
    void abandon();
    /// Ends it where a limit is broken by now.
    void tick();

private:
    enum class State : quint8 { Queued, Running, Ended };

    void issue();
    void send();
    void pin();
    void pinned(const QList<QHostAddress> &addresses);
    QString whyNotTo(const QHostAddress &address) const;
    QNetworkRequest made() const;
    void watch(QNetworkReply *reply);
    void dropReply();
    void headersCame();
    void bodyCame();
    Result<Done> take(const QByteArray &piece);
    void replyFinished();
    /// Whether all of the body came. Now and then Qt takes a connection that died in the middle of it for
    /// one that ended well.
    bool isWhole() const;
    bool follows(int status);
    QString whyNotFollowed(const QUrl &next) const;
    bool isOwn() const;
    void fail(Problem problem, QString detail = {});
    void finish(Answer answer);
    void deliver(const Answer &answer);
    Outcome outcomeOf(Problem problem) const;
    Response response() const;

    TransportCore &m_core;
    Request m_request;
    AnswerHandler m_done;
    State m_state = State::Queued;
    Millis m_queuedAt;
    Deadlines m_deadlines;
    QTimer m_tick;
    QNetworkReply *m_reply = nullptr;
    QPointer<UploadBody> m_upload;
    QUrl m_url; ///< of the exchange now running
    int m_redirects = 0;
    std::shared_ptr<bool> m_sent = std::make_shared<bool>(false); ///< shared with the handle
    bool m_neverConnected = false;
    bool m_wasRefused = false; ///< Qt wanted to send it again
    bool m_isStranger = false; ///< at another host, so without credentials
    QHostAddress m_pin; ///< of a name that was looked at: what is connected to
    int m_status = 0;
    Headers m_headers;
    QByteArray m_body;
    qint64 m_bodyBytes = 0;
    bool m_sinkBegun = false;
    int m_signIn = 0; ///< which credentials went along
    QString m_certificate; ///< the sentence, where the certificate failed
};

} // namespace tierline::net
