#pragma once

#include "tests/support/fakedesk/fakedesk.h"

#include <map>
#include <memory>

namespace tierline::test {

struct FakeConnectorOptions {
    quint64 seed = 1; ///< of the delays, hence of the order in which answers come
    QString user = QStringLiteral("7"); ///< whose token it has
    Millis timeout { 30'000 }; ///< when the client gives up
    Millis slowest { 200 }; ///< each way takes 1 ms up to this
    int pageSize = 5;
    bool cancelsAtOnce = false; ///< cancelAll() answers before it returns; else a moment later
    bool pullsWholeHistories = true; ///< else a pull brings only the entries that the page names
    connectors::Manner manner = {};
};

/// A connector to a FakeDesk, in process and on simulated time. It does what a right connector does,
/// and tells the lies that the desk was told to tell; where a lie leaves open what the client sees
/// (a cut or silence, an error or an outcome), the seed decides. What was sent goes on at the desk
/// after cancelAll() and after the connector's end, as it would at a real server; so the desk and the
/// loop outlive it, and the loop is not run once the desk is gone.
class FakeConnector final : public connectors::Connector
{
public:
    explicit FakeConnector(FakeDesk &desk, const FakeConnectorOptions &options = {});
    /// As every connector: silently. Who wants to hear the end of its calls calls cancelAll() first.
    ~FakeConnector() override;
    FakeConnector(const FakeConnector &) = delete;
    FakeConnector &operator=(const FakeConnector &) = delete;

    connectors::Manner manner() const override { return m_options.manner; }
    void probe(connectors::Answer<connectors::Probe> answer) override;
    void pull(const QString &cursor, connectors::Answer<connectors::PullPage> answer) override;
    void fetch(const QString &ticket, bool wantsEntries,
        connectors::Answer<connectors::RemoteTicket> answer) override;
    void push(const connectors::PushStep &step,
        connectors::Answer<connectors::PushOutcome> answer) override;
    void find(
        const connectors::PushStep &step, connectors::Answer<connectors::Found> answer) override;
    void download(const connectors::RemoteFile &file, qint64 limit,
        connectors::Answer<QByteArray> answer) override;
    void cancelAll() override;

    int openCalls() const { return int(m_open.size()); }
    int mostOpen() const { return m_mostOpen; } ///< most at a time so far

    /// How a request can fail to give its own answer.
    enum class Loss : quint8 {
        NotSent,
        Cut,
        Timeout,
        SignIn,
        TooMany,
        Busy,
        Broken,
        Cancelled,
    };
    struct Flight;

private:
    using FlightPtr = std::shared_ptr<Flight>;

    template<typename T>
    void begin(Calls call, const QString &what, connectors::Answer<T> answer,
        std::function<Result<T>(Lie)> serve);
    void start(const FlightPtr &flight);
    static void depart(const FlightPtr &flight);
    static void arrive(const FlightPtr &flight);
    static void serve(const FlightPtr &flight);
    static void answerLater(const FlightPtr &flight, Millis more = Millis(0));
    static void loseLater(const FlightPtr &flight, Loss loss);
    static void lose(const FlightPtr &flight, Loss loss);
    static bool close(const FlightPtr &flight);

    FakeDesk &m_desk;
    FakeConnectorOptions m_options;
    SeededRandom m_random;
    quint64 m_next = 1;
    int m_mostOpen = 0;
    std::map<quint64, FlightPtr> m_open;
    std::shared_ptr<std::vector<connectors::RemoteTicket>> m_pageBefore;
    int m_listener = 0;
};

} // namespace tierline::test
