#include "core/model/spine.h"

#include <QHash>

#include <algorithm>
#include <array>

namespace tierline::model {

void Spine::append(const Entry &entry)
{
    // Blocks start half full, so that the first insertions split none.
    constexpr size_t half = BlockSize / 2;
    if (m_blocks.empty() || m_blocks.back().size() >= half) {
        m_blocks.emplace_back().reserve(half);
        m_before.push_back(m_size);
    }
    m_blocks.back().push_back(entry);
    ++m_size;
}

void Spine::assign(const std::vector<Entry> &entries)
{
    *this = {};
    for (const Entry &entry : entries)
        append(entry);
}

void Spine::assign(const std::vector<TicketId> &tickets)
{
    *this = {};
    for (const TicketId ticket : tickets)
        append({ .ticket = ticket.v });
}

void Spine::recount(size_t from)
{
    m_before.resize(m_blocks.size());
    int before = from == 0 ? 0 : m_before[from - 1] + static_cast<int>(m_blocks[from - 1].size());
    for (size_t i = from; i < m_blocks.size(); ++i) {
        m_before[i] = before;
        before += static_cast<int>(m_blocks[i].size());
    }
}

Spine::Place Spine::place(int row) const
{
    const auto next = std::upper_bound(m_before.begin(), m_before.end(), row);
    const auto block = static_cast<size_t>(next - m_before.begin()) - 1;
    return { block, row - m_before[block] };
}

const Spine::Entry &Spine::at(int row) const
{
    const Place p = place(row);
    return m_blocks[p.block][static_cast<size_t>(p.offset)];
}

int Spine::lowerBound(const Entry &entry) const
{
    const auto block = std::partition_point(m_blocks.begin(), m_blocks.end(),
        [&](const std::vector<Entry> &b) { return keyLess(b.back(), entry); });
    if (block == m_blocks.end())
        return m_size;
    const auto at = std::lower_bound(block->begin(), block->end(), entry, keyLess);
    return m_before[static_cast<size_t>(block - m_blocks.begin())]
        + static_cast<int>(at - block->begin());
}

int Spine::rowOf(const Entry &entry) const
{
    for (int row = lowerBound(entry); row < m_size; ++row) {
        const Entry &here = at(row);
        if (keyLess(entry, here))
            return -1;
        if (here.ticket == entry.ticket)
            return row;
    }
    return -1;
}

std::vector<int> Spine::rowsOf(const std::vector<TicketId> &tickets) const
{
    std::vector<int> rows(tickets.size(), -1);
    if (tickets.empty())
        return rows;
    QHash<qint64, int> wanted;
    wanted.reserve(static_cast<qsizetype>(tickets.size()));
    // A small filter first: it turns nearly all entries away for the price of one bit.
    std::array<quint64, 1024> filter {};
    const auto bit
        = [](qint64 id) { return (static_cast<quint64>(id) * 0x9E3779B97F4A7C15ULL) >> 48; };
    for (size_t i = 0; i < tickets.size(); ++i) {
        wanted.insert(tickets[i].v, static_cast<int>(i));
        const quint64 b = bit(tickets[i].v);
        filter[b >> 6] |= 1ULL << (b & 63);
    }
    size_t left = static_cast<size_t>(wanted.size());
    for (size_t block = 0; block < m_blocks.size() && left > 0; ++block) {
        const std::vector<Entry> &entries = m_blocks[block];
        for (size_t i = 0; i < entries.size(); ++i) {
            const quint64 b = bit(entries[i].ticket);
            if (!(filter[b >> 6] & (1ULL << (b & 63))))
                continue;
            if (const auto hit = wanted.constFind(entries[i].ticket); hit != wanted.constEnd()) {
                rows[static_cast<size_t>(*hit)] = m_before[block] + static_cast<int>(i);
                --left;
            }
        }
    }
    return rows;
}

void Spine::insert(int row, const Entry &entry)
{
    ++m_size;
    if (m_blocks.empty()) {
        m_blocks.push_back({ entry });
        recount(0);
        return;
    }
    // The end of the last block is a place too, which place() would look for behind it.
    const Place p = row >= m_size - 1
        ? Place { m_blocks.size() - 1, static_cast<int>(m_blocks.back().size()) }
        : place(row);
    std::vector<Entry> &block = m_blocks[p.block];
    block.insert(block.begin() + p.offset, entry);
    if (block.size() > BlockSize) {
        const auto middle = block.begin() + BlockSize / 2;
        std::vector<Entry> upper(middle, block.end());
        block.erase(middle, block.end());
        m_blocks.insert(
            m_blocks.begin() + static_cast<std::ptrdiff_t>(p.block) + 1, std::move(upper));
    }
    recount(p.block);
}

void Spine::remove(int row)
{
    const Place p = place(row);
    std::vector<Entry> &block = m_blocks[p.block];
    block.erase(block.begin() + p.offset);
    --m_size;
    if (block.empty())
        m_blocks.erase(m_blocks.begin() + static_cast<std::ptrdiff_t>(p.block));
    recount(p.block);
}

void Spine::replace(int row, const Entry &entry)
{
    const Place p = place(row);
    m_blocks[p.block][static_cast<size_t>(p.offset)] = entry;
}

bool Spine::hasTicketsOf(const Spine &other) const
{
    if (m_size != other.m_size)
        return false;
    size_t block = 0, at = 0;
    for (const std::vector<Entry> &theirs : other.m_blocks) {
        for (const Entry &entry : theirs) {
            if (at == m_blocks[block].size()) {
                ++block;
                at = 0;
            }
            if (m_blocks[block][at++].ticket != entry.ticket)
                return false;
        }
    }
    return true;
}

std::vector<TicketId> Spine::ids(int first, int count) const
{
    std::vector<TicketId> result;
    const int last = std::min(first + count, m_size);
    if (first >= last)
        return result;
    result.reserve(static_cast<size_t>(last - first));
    Place p = place(first);
    while (static_cast<int>(result.size()) < last - first) {
        const std::vector<Entry> &block = m_blocks[p.block];
        for (auto i = static_cast<size_t>(p.offset);
             i < block.size() && static_cast<int>(result.size()) < last - first; ++i)
            result.push_back({ block[i].ticket });
        p = { p.block + 1, 0 };
    }
    return result;
}

} // namespace tierline::model
