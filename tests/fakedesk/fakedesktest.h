#pragma once

#include "tests/support/fakedesk/fakeconnector.h"

#include <optional>

// What the tests of the lying remote share: a desk with one connector, and calls that run the loop until
// they are answered.

namespace tierline::test {

/// How one call ended, and how often.
template<typename T>
struct Heard {
    std::optional<Result<T>> result;
    int times = 0;
    Millis took { 0 };

    bool isValue() const { return result && result->has_value(); }
    const T &value() const { return **result; }
    const Error &error() const { return result->error(); }
    /// "-" where it was none.
    QString fault() const
    {
        return result && !*result ? faultCode(result->error().fault) : QStringLiteral("-");
    }
};

struct DeskFixture {
    FakeClock clock;
    SimLoop loop { clock };
    FakeDesk desk;
    FakeConnector connector;

    explicit DeskFixture(const DeskOptions &options = { .tickets = 3 },
        const FakeConnectorOptions &connectorOptions = {})
        : desk(loop, options)
        , connector(desk, connectorOptions)
    {
    }

    template<typename T>
    connectors::Answer<T> into(Heard<T> &heard)
    {
        const Millis began = loop.now();
        return [this, &heard, began](Result<T> result) {
            heard.result = std::move(result);
            heard.took = loop.now() - began;
            ++heard.times;
        };
    }

    // Each runs until nothing is left to do, late answers and late work of the desk included.
    Heard<connectors::PushOutcome> push(const connectors::PushStep &step)
    {
        Heard<connectors::PushOutcome> heard;
        connector.push(step, into(heard));
        loop.run();
        return heard;
    }
    Heard<connectors::PullPage> pull(const QString &cursor = {})
    {
        Heard<connectors::PullPage> heard;
        connector.pull(cursor, into(heard));
        loop.run();
        return heard;
    }
    Heard<connectors::RemoteTicket> fetch(const QString &ticket, bool wantsEntries = true)
    {
        Heard<connectors::RemoteTicket> heard;
        connector.fetch(ticket, wantsEntries, into(heard));
        loop.run();
        return heard;
    }
    Heard<connectors::Found> find(const connectors::PushStep &step)
    {
        Heard<connectors::Found> heard;
        connector.find(step, into(heard));
        loop.run();
        return heard;
    }

    connectors::PushStep note(const QString &ticket, const QString &operation,
        const QString &text = QStringLiteral("Hm."))
    {
        return { .kind = connectors::PushStep::Kind::Note,
            .ticket = ticket,
            .operations = { operation },
            .queued = clock.now(),
            .text = text + QStringLiteral("\n\n[tl:") + operation + QLatin1Char(']') };
    }
    connectors::PushStep reply(const QString &ticket, const QString &operation,
        const QString &text = QStringLiteral("Hi."))
    {
        return { .kind = connectors::PushStep::Kind::Reply,
            .ticket = ticket,
            .operations = { operation },
            .queued = clock.now(),
            .text = text };
    }
    connectors::PushStep change(const QString &ticket, const QString &operation,
        const QString &field, const QJsonValue &value, const QString &version = {})
    {
        return { .kind = connectors::PushStep::Kind::Fields,
            .ticket = ticket,
            .operations = { operation },
            .queued = clock.now(),
            .fields = { { field, value } },
            .version = version };
    }
};

} // namespace tierline::test
