#include "core/notify/api/httperrand.h"

namespace tierline::notify {

namespace {

/// Nothing else gets through either until a person sees to it: the sign-in, or the address.
bool needsPerson(const net::Answer &answer)
{
    if (answer.error->retry == Retry::AfterSignIn || answer.problem == net::Problem::BadRedirect
        || answer.problem == net::Problem::BadRequest)
        return true;
    return answer.problem == net::Problem::Status && answer.response->status < 400;
}

} // namespace

Told toldOf(const net::Answer &answer)
{
    using Outcome = Told::Outcome;
    if (answer.ok())
        return { .outcome = Outcome::Arrived };
    Told told { .outcome = Outcome::Unknown, .wait = answer.error->wait, .error = answer.error };
    if (answer.outcome == net::Outcome::Unknown || answer.outcome == net::Outcome::Done)
        return told;
    told.isWayShut = needsPerson(answer);
    const bool mayArrive = answer.outcome == net::Outcome::NotSent || told.isWayShut
        || answer.error->retry == Retry::Later;
    told.outcome = mayArrive ? Outcome::Later : Outcome::Refused;
    return told;
}

void HttpErrand::ask(
    net::Transport &transport, net::Request request, std::function<void(const net::Answer &)> then)
{
    m_call = transport.send(
        std::move(request), [this, then = std::move(then)](const net::Answer &answer) {
            // The call must outlive its own handler, which may end this errand.
            const auto ended = std::move(m_call);
            then(answer);
        });
}

} // namespace tierline::notify
