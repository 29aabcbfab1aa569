#include "core/net/pacing.h"

#include "core/base/backoff.h"
#include "core/net/httpdate.h"

#include <cmath>

namespace tierline::net {

namespace {

/// Whole seconds, with a fraction ignored; nothing where it is no number.
std::optional<qint64> seconds(QByteArrayView value)
{
    QByteArray text = value.toByteArray().trimmed();
    if (const auto dot = text.indexOf('.'); dot > 0)
        text.truncate(dot);
    if (text.isEmpty() || text.size() > 18)
        return std::nullopt;
    bool ok = false;
    const qint64 number = text.toLongLong(&ok);
    return ok ? std::optional(number) : std::nullopt;
}

constexpr qint64 aYear = 366LL * 24 * 3600;

Millis ofSeconds(qint64 s)
{
    return Millis(qBound<qint64>(0, s, aYear) * 1000);
}

} // namespace

std::optional<Millis> retryAfter(
    QByteArrayView value, Instant now, std::optional<Instant> serverDate)
{
    if (const auto number = seconds(value))
        return ofSeconds(*number);
    const auto date = parseHttpDate(value);
    if (!date)
        return std::nullopt;
    const Millis wait = *date - serverDate.value_or(now);
    return qBound(Millis(0), wait, ofSeconds(aYear));
}

Pacer::Pacer(PacePolicy policy, const Clock &clock, RandomSource &random)
    : m_policy(std::move(policy))
    , m_clock(clock)
    , m_random(random)
    , m_tokens(qMax(1, m_policy.burst))
    , m_refilled(clock.monotonic())
{
    m_policy.concurrent = qBound(1, m_policy.concurrent, 6);
    m_policy.burst = qMax(1, m_policy.burst);
}

double Pacer::tokens() const
{
    const double since = static_cast<double>((m_clock.monotonic() - m_refilled).count());
    return qMin<double>(m_policy.burst, m_tokens + since * m_policy.perMinute / 60'000.0);
}

Millis Pacer::pause() const
{
    return qMax(Millis(0), m_pausedUntil - m_clock.monotonic());
}

std::optional<Millis> Pacer::wait() const
{
    if (m_running >= m_policy.concurrent)
        return std::nullopt;
    Millis wait = pause();
    if (m_policy.perMinute > 0) {
        const double missing = 1.0 - tokens();
        // A thousandth of a token is rounding, not allowance.
        if (missing > 0.001)
            wait = qMax(wait,
                Millis(static_cast<qint64>(std::ceil(missing * 60'000.0 / m_policy.perMinute))));
    }
    return wait;
}

void Pacer::started()
{
    if (m_policy.perMinute > 0) {
        m_tokens = tokens() - 1.0;
        m_refilled = m_clock.monotonic();
    }
    ++m_running;
}

void Pacer::ended()
{
    --m_running;
}

void Pacer::pauseFor(Millis wait)
{
    wait = qBound(Millis(0), wait, m_policy.longestWait);
    // Everybody whom the server sent away comes back at the same second otherwise.
    wait += Millis(static_cast<qint64>(
        fraction(m_random) * static_cast<double>(qMin(wait / 10, Millis(5'000)).count())));
    m_pausedUntil = qMax(m_pausedUntil, m_clock.monotonic() + wait);
}

void Pacer::noteAnswer(int status, const Headers &headers, std::optional<Instant> serverDate)
{
    const QByteArray asked = headerValue(headers, "Retry-After");
    if (status == 429 || (status == 503 && !asked.isEmpty())) {
        const auto wait = retryAfter(asked, m_clock.now(), serverDate);
        pauseFor(wait.value_or(m_policy.wait429));
    }
    if (m_policy.remainingHeader.isEmpty())
        return;
    const auto left = seconds(headerValue(headers, m_policy.remainingHeader));
    if (!left || *left > m_policy.reserve)
        return;
    const auto reset = seconds(headerValue(headers, m_policy.resetHeader));
    if (!reset) {
        // Nothing left and no word of when more comes.
        if (*left <= 0)
            pauseFor(m_policy.wait429);
        return;
    }
    if (m_policy.reset == PacePolicy::Reset::SecondsFromNow) {
        pauseFor(ofSeconds(*reset));
    } else {
        const qint64 now = serverDate.value_or(m_clock.now()).ms / 1000;
        pauseFor(ofSeconds(*reset - now));
    }
}

} // namespace tierline::net
