#pragma once

#include "core/net/transport.h"
#include "core/notify/api/way.h"

namespace tierline::notify {

/// What an answer of HTTP means for one try, where the other side's own words say no more: Arrived for a good one,
/// without a receipt; Later with the wait that was asked for; a way is shut by a refused sign-in and by a server
/// that sends elsewhere.
Told toldOf(const net::Answer &answer);

/// Something under way that asks one thing after the other. Thread: the transports'. Where a transport goes first,
/// nothing of it is called any more.
class HttpErrand : public Errand
{
protected:
    /// `then` is called later than this, and never after the errand is gone; it may end the errand.
    void ask(net::Transport &transport, net::Request request,
        std::function<void(const net::Answer &)> then);

private:
    std::unique_ptr<net::Call> m_call;
};

} // namespace tierline::notify
