#include "core/metrics/stats.h"

#include <algorithm>

namespace tierline::metrics {

namespace {

/// The k-th smallest (from 0). Elements before `from` are known to be smaller.
qint64 nth(std::vector<qint64> &values, size_t k, size_t from = 0)
{
    const auto at = values.begin() + static_cast<std::ptrdiff_t>(k);
    std::nth_element(values.begin() + static_cast<std::ptrdiff_t>(from), at, values.end());
    return *at;
}

} // namespace

std::optional<Spread> spreadOf(std::vector<qint64> &ms)
{
    const size_t n = ms.size();
    if (n == 0)
        return std::nullopt;
    const size_t lower = (n - 1) / 2, upper = n / 2;
    const qint64 low = nth(ms, lower);
    const qint64 high = upper == lower ? low : nth(ms, upper, upper);
    // In whole numbers: ceil(0.9 n) in floating point is one too many for some n.
    const size_t rank = (9 * n + 9) / 10;
    const qint64 ninth = rank - 1 > upper ? nth(ms, rank - 1, upper) : nth(ms, rank - 1);
    return Spread { .n = static_cast<qint64>(n),
        .median = (static_cast<double>(low) + static_cast<double>(high)) / 2000.0,
        .p90 = static_cast<double>(ninth) / 1000.0 };
}

} // namespace tierline::metrics
