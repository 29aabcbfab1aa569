#include "core/base/backoff.h"

#include <cmath>

namespace tierline {

double fraction(RandomSource &random)
{
    return static_cast<double>(random.next64() >> 11) * 0x1.0p-53;
}

Millis backoff(const BackoffPolicy &policy, int attempt, RandomSource &random, Millis asked)
{
    const double grown = static_cast<double>(policy.first.count())
        * std::pow(qMax(1.0, policy.factor), qBound(0, attempt - 1, 1000));
    const double whole = qMin(grown, static_cast<double>(policy.cap.count()));
    const double jitter = qBound(0.0, policy.jitter, 1.0);
    const Millis wait(static_cast<qint64>(whole * (1.0 - jitter * fraction(random))));
    return qMax(wait, asked);
}

} // namespace tierline
