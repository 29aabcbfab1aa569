#include "core/model/columnsort.h"

#include <algorithm>
#include <array>

namespace tierline::model {

namespace {

constexpr int digitBits = 11;
constexpr size_t buckets = size_t(1) << digitBits;

/// One stable pass by the digit at `shift`; false where all rows share it and nothing was to be done.
bool pass(const std::vector<KeyedRow> &from, std::vector<KeyedRow> &to, quint64 least, int shift)
{
    std::array<size_t, buckets> starts {};
    const auto digit
        = [&](const KeyedRow &row) { return ((row.key - least) >> shift) & (buckets - 1); };
    for (const KeyedRow &row : from)
        ++starts[digit(row)];
    if (starts[digit(from.front())] == from.size())
        return false;
    size_t start = 0;
    for (size_t &count : starts)
        start += std::exchange(count, start);
    for (const KeyedRow &row : from)
        to[starts[digit(row)]++] = row;
    return true;
}

} // namespace

void sortByKey(std::vector<KeyedRow> &rows)
{
    const auto byKey = [](const KeyedRow &a, const KeyedRow &b) { return a.key < b.key; };
    if (rows.size() < buckets) {
        std::stable_sort(rows.begin(), rows.end(), byKey);
        return;
    }
    const auto [least, most] = std::minmax_element(rows.begin(), rows.end(), byKey);
    const quint64 base = least->key, range = most->key - base;
    std::vector<KeyedRow> other(rows.size());
    for (int shift = 0; shift < 64 && (range >> shift) > 0; shift += digitBits) {
        if (pass(rows, other, base, shift))
            rows.swap(other);
    }
}

} // namespace tierline::model
