#include "core/model/columnsort.h"

#include <algorithm>
#include <array>
#include <bit>
#include <vector>

namespace tierline::model {

namespace {

constexpr int digitBits = 11;
constexpr size_t buckets = size_t(1) << digitBits;

/// Stable counting passes over the digits of `keyOf(item)`, as many as `keyBits` need; a digit that all
/// items share costs nothing but its count.
template<typename Item, typename KeyOf>
void countingSort(std::span<Item> items, int keyBits, KeyOf keyOf)
{
    const int passes = (keyBits + digitBits - 1) / digitBits;
    const auto digit = [&](const Item &item, int pass) {
        return (keyOf(item) >> (pass * digitBits)) & (buckets - 1);
    };
    // All counts in one go: reading the items again for each digit costs as much as moving them.
    std::vector<std::array<quint32, buckets>> starts(static_cast<size_t>(passes));
    for (const Item &item : items) {
        for (int pass = 0; pass < passes; ++pass)
            ++starts[static_cast<size_t>(pass)][digit(item, pass)];
    }
    std::vector<Item> room(items.size());
    std::span<Item> from = items, to = room;
    for (int pass = 0; pass < passes; ++pass) {
        auto &begins = starts[static_cast<size_t>(pass)];
        if (begins[digit(from.front(), pass)] == from.size())
            continue;
        quint32 begin = 0;
        for (quint32 &count : begins)
            begin += std::exchange(count, begin);
        for (const Item &item : from)
            to[begins[digit(item, pass)]++] = item;
        std::swap(from, to);
    }
    if (from.data() != items.data())
        std::copy(from.begin(), from.end(), items.begin());
}

/// Where key and row fit into one number together, half as many bytes are moved.
void sortPacked(std::span<KeyedRow> rows, quint64 least, int keyBits, int rowBits)
{
    std::vector<quint64> packed(rows.size());
    std::transform(rows.begin(), rows.end(), packed.begin(),
        [&](const KeyedRow &row) { return ((row.key - least) << rowBits) | row.row; });
    countingSort(std::span(packed), keyBits, [rowBits](quint64 item) { return item >> rowBits; });
    const quint64 rowMask = (quint64(1) << rowBits) - 1;
    std::transform(packed.begin(), packed.end(), rows.begin(), [&](quint64 item) {
        return KeyedRow { (item >> rowBits) + least, static_cast<quint32>(item & rowMask) };
    });
}

/// Without asking for memory, which costs more than sorting a handful.
void insertionSort(std::span<KeyedRow> rows)
{
    for (size_t i = 1; i < rows.size(); ++i) {
        const KeyedRow row = rows[i];
        size_t at = i;
        for (; at > 0 && rows[at - 1].key > row.key; --at)
            rows[at] = rows[at - 1];
        rows[at] = row;
    }
}

} // namespace

void sortByKey(std::span<KeyedRow> rows)
{
    constexpr size_t aHandful = 32;
    if (rows.size() <= aHandful)
        return insertionSort(rows);
    if (rows.size() < buckets) {
        std::stable_sort(rows.begin(), rows.end(),
            [](const KeyedRow &a, const KeyedRow &b) { return a.key < b.key; });
        return;
    }
    quint64 least = rows.front().key, most = least;
    quint32 lastRow = 0;
    for (const KeyedRow &row : rows) {
        least = std::min(least, row.key);
        most = std::max(most, row.key);
        lastRow = std::max(lastRow, row.row);
    }
    const int keyBits = std::bit_width(most - least), rowBits = std::bit_width(lastRow);
    if (keyBits + rowBits <= 64)
        sortPacked(rows, least, keyBits, rowBits);
    else
        countingSort(rows, keyBits, [least](const KeyedRow &row) { return row.key - least; });
}

} // namespace tierline::model
