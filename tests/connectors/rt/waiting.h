#pragma once

#include "core/base/instant.h"

#include <QEventLoop>
#include <QTimer>

#include <functional>
#include <memory>
#include <optional>

namespace tierline::test {

#ifdef __SANITIZE_THREAD__
inline constexpr int patience = 10; ///< programs run so much slower
#else
inline constexpr int patience = 1;
#endif

/// Runs the loop until a call has answered; a Timeout error after `limit`. Faster than looking again
/// and again, since one request is many turns of the loop.
template<typename T>
Result<T> waitFor(const std::function<void(std::function<void(Result<T>)>)> &call, Millis limit)
{
    // Shared, since an answer may still come when nobody waits for it any more.
    struct State {
        std::optional<Result<T>> answer;
        QEventLoop *loop = nullptr;
    };
    const auto state = std::make_shared<State>();
    QEventLoop loop;
    call([state](Result<T> result) {
        state->answer = std::move(result);
        if (state->loop)
            state->loop->quit();
    });
    if (state->answer)
        return Error { .detail = QStringLiteral("answered from inside the call") };
    state->loop = &loop;
    QTimer::singleShot(limit * patience, &loop, &QEventLoop::quit);
    loop.exec();
    state->loop = nullptr;
    if (!state->answer)
        return Error { .fault = Fault::Timeout, .detail = QStringLiteral("no answer") };
    return std::move(*state->answer);
}

} // namespace tierline::test
