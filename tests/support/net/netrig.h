#pragma once

#include "core/net/transport.h"
#include "tests/support/fakeclock.h"
#include "tests/support/net/lyingserver.h"

namespace tierline::test {

/// A transport to a lying server, and the last answer of each call. Its clock is the machine's unless a
/// test gives another.
struct NetRig {
    explicit NetRig(const LyingServer &server, net::PacePolicy pace = {},
        const Clock *given = nullptr, QList<QSslCertificate> authorities = {})
        : clock(given ? *given : system)
        , transport({ .base = *net::BaseUrl::parse(server.url().toString()),
                        .pace = std::move(pace),
                        .authorities = std::move(authorities) },
              clock, random)
    {
    }

    net::Request get(const QString &path = QStringLiteral("/x")) const
    {
        return { .url = transport.base().at(path.split(u'/', Qt::SkipEmptyParts)) };
    }
    net::Request post(const QByteArray &body = "{\"a\":1}") const
    {
        net::Request request = get();
        request.method = net::Method::Post;
        request.body = body;
        request.contentType = body.isEmpty() ? QByteArray() : QByteArray("application/json");
        return request;
    }
    /// Sends and keeps the call; the answer lands in `answers`, in the order of ending.
    void send(net::Request request)
    {
        calls.push_back(transport.send(
            std::move(request), [this](net::Answer a) { answers.append(std::move(a)); }));
    }
    const net::Answer &last() const { return answers.last(); }

    SystemClock system;
    const Clock &clock;
    SeededRandom random { 7 };
    net::Transport transport;
    std::vector<std::unique_ptr<net::Call>> calls;
    QList<net::Answer> answers;
};

} // namespace tierline::test
