#pragma once

#include <QtGlobal>

#include <optional>
#include <vector>

namespace tierline::metrics {

/// A spread of durations as every figure shows it: how many, the middle, and the ninth tenth.
/// Never a mean. Seconds; a half or a thousandth only where the instants have one.
struct Spread {
    qint64 n = 0;
    double median = 0; ///< the middle value, or the mean of the middle two
    double p90 = 0; ///< nearest rank: the ceil(0.9 n)-th smallest value

    bool operator==(const Spread &) const = default;
};

/// The spread of durations in milliseconds; nothing where there are none. Reorders `ms`. O(n).
std::optional<Spread> spreadOf(std::vector<qint64> &ms);

/// Some of a whole: n of `of`.
struct Share {
    qint64 n = 0;
    qint64 of = 0;

    bool operator==(const Share &) const = default;
};

} // namespace tierline::metrics
