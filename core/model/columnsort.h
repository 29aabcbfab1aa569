#pragma once

#include <QtGlobal>

#include <span>

namespace tierline::model {

/// A row with the packed key that it is sorted by.
struct KeyedRow {
    quint64 key;
    quint32 row;
};

/// Sorts by key and keeps the order of equal ones: counting passes over as many digits as the keys
/// differ in, so O(n) for each 11 bits of their range. Uses as much memory again as the rows have; few
/// rows are moved where they stand.
void sortByKey(std::span<KeyedRow> rows);

} // namespace tierline::model
