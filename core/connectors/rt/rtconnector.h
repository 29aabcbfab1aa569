#pragma once

#include "core/connectors/rt/rtsession.h"

#include <QObject>

namespace tierline::connectors::rt {

/// Request Tracker 5 through its REST2 interface. See README.md for what that server does differently
/// from what one would think. Thread: the transport's.
class RtConnector final : public Connector
{
public:
    RtConnector(const AccountConfig &account, net::Transport &transport, const Clock &clock);
    ~RtConnector() override;

    Manner manner() const override;
    void probe(Answer<Probe> answer) override;
    void greet(Answer<Probe> answer) override; ///< two requests, where a probe takes twenty
    void pull(const QString &cursor, Answer<PullPage> answer) override;
    void fetch(const QString &ticket, bool wantsEntries, Answer<RemoteTicket> answer) override;
    void push(const PushStep &step, Answer<PushOutcome> answer) override;
    void find(const PushStep &step, Answer<Found> answer) override;
    void download(const RemoteFile &file, qint64 limit, Answer<QByteArray> answer) override;
    void cancelAll() override; ///< the open calls hear of it before this returns

private:
    /// Answers later, as every call must, where nothing has to be asked.
    template<typename T>
    void post(Answer<T> answer, Result<T> result);

    Session m_session;
    QObject m_context; // gone first: answers that were posted and not given are dropped
};

/// The kind as the registry has it.
Kind rtKind();

} // namespace tierline::connectors::rt
