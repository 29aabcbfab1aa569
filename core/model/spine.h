#pragma once

#include "core/storage/queues.h"

#include <vector>

namespace tierline::model {

/// The order of a whole queue in memory: sort keys and ids, cut into blocks with running counts, so
/// that a row number is found, and one entry goes in or out, in a small constant time at any size.
/// 24 bytes a ticket. Pure value; no thread of its own.
class Spine
{
public:
    using Entry = storage::SpineEntry;

    Spine() = default;
    /// `entries` must be in order; O(n).
    explicit Spine(const std::vector<Entry> &entries) { assign(entries); }
    void assign(const std::vector<Entry> &entries);
    /// Tickets in an order that has no keys: rows are found by number and by ticket only.
    void assign(const std::vector<TicketId> &tickets);
    /// One more at the end, which must not come before those that are there; no memory but its own.
    void append(const Entry &entry);

    int size() const { return m_size; }
    const Entry &at(int row) const;
    /// Row of the first entry that does not come before `entry` by (due, rank).
    int lowerBound(const Entry &entry) const;
    /// Rows of the given tickets, -1 where one is not here. One pass over everything: O(n), some
    /// milliseconds for a million, whatever the number of tickets asked for.
    std::vector<int> rowsOf(const std::vector<TicketId> &tickets) const;
    /// Row of an entry whose sort key is known; -1 where it is not here. O(log n + ties).
    int rowOf(const Entry &entry) const;

    void insert(int row, const Entry &entry);
    void remove(int row);
    void replace(int row, const Entry &entry);

    /// Whether the same tickets stand in the same rows. O(n).
    bool hasTicketsOf(const Spine &other) const;
    /// Ids of `count` rows from `first`.
    std::vector<TicketId> ids(int first, int count) const;

private:
    static constexpr int BlockSize = 4096;
    struct Place {
        size_t block;
        int offset;
    };
    Place place(int row) const;
    void recount(size_t from);

    std::vector<std::vector<Entry>> m_blocks;
    std::vector<int> m_before; ///< rows before each block
    int m_size = 0;
};

/// Whether `a` comes before `b` by the keys that an entry holds.
inline bool keyLess(const Spine::Entry &a, const Spine::Entry &b)
{
    return a.due != b.due ? a.due < b.due : a.rank < b.rank;
}

} // namespace tierline::model
