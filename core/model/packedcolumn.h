#pragma once

#include <QtGlobal>

#include <algorithm>
#include <cstring>
#include <limits>
#include <utility>
#include <vector>

namespace tierline::model {

/// Ranges [from, to) of rows.
using RowRanges = std::vector<std::pair<quint32, quint32>>;

/// Numbers of one width from 1 to 8 bytes, packed end to end. Little-endian machines. Pure value.
class PackedNumbers
{
public:
    explicit PackedNumbers(int bytes)
        : m_width(static_cast<size_t>(bytes))
    {
    }
    size_t size() const { return m_size; }
    size_t width() const { return m_width; }
    quint64 most() const { return ~quint64(0) >> (64 - 8 * m_width); }
    void reserve(size_t rows) { m_bytes.reserve(rows * m_width + Tail); }
    quint64 at(size_t row) const
    {
        // Always eight bytes at once: behind the last there is a tail for it.
        quint64 value;
        std::memcpy(&value, m_bytes.data() + row * m_width, sizeof value);
        return value & most();
    }
    void set(size_t row, quint64 value)
    {
        std::memcpy(m_bytes.data() + row * m_width, &value, m_width);
    }
    void append(quint64 value)
    {
        m_bytes.resize((m_size + 1) * m_width + Tail);
        set(m_size++, value);
    }
    void splice(const RowRanges &ranges, size_t room)
    {
        std::vector<quint8> spliced;
        spliced.reserve(room * m_width + Tail);
        for (const auto &[from, to] : ranges)
            spliced.insert(spliced.end(),
                m_bytes.begin() + static_cast<std::ptrdiff_t>(from * m_width),
                m_bytes.begin() + static_cast<std::ptrdiff_t>(to * m_width));
        m_size = spliced.size() / m_width;
        spliced.resize(spliced.size() + Tail);
        m_bytes = std::move(spliced);
    }
    size_t bytes() const { return m_bytes.capacity(); }

private:
    static constexpr size_t Tail = sizeof(quint64);
    size_t m_width;
    size_t m_size = 0;
    std::vector<quint8> m_bytes;
};

/// Times and ids in 48 bits: what an Instant can be, counted from `base`, and one number for "never".
class TimeColumn
{
public:
    explicit TimeColumn(qint64 base)
        : m_base(base)
        , m_numbers(6)
    {
    }
    static constexpr qint64 Never = std::numeric_limits<qint64>::max();

    size_t size() const { return m_numbers.size(); }
    void reserve(size_t rows) { m_numbers.reserve(rows); }
    qint64 operator[](size_t row) const
    {
        const quint64 number = m_numbers.at(row);
        return number == m_numbers.most() ? Never : m_base + static_cast<qint64>(number);
    }
    void set(size_t row, qint64 value) { m_numbers.set(row, packed(value)); }
    void append(qint64 value) { m_numbers.append(packed(value)); }
    void splice(const RowRanges &ranges, size_t room) { m_numbers.splice(ranges, room); }
    size_t bytes() const { return m_numbers.bytes(); }
    /// First row in [from, to) that is not below `value`; the rows ascend.
    size_t lowerBound(size_t from, size_t to, qint64 value) const
    {
        while (from < to) {
            const size_t middle = from + (to - from) / 2;
            if ((*this)[middle] < value)
                from = middle + 1;
            else
                to = middle;
        }
        return from;
    }

private:
    quint64 packed(qint64 value) const
    {
        const qint64 last = static_cast<qint64>(m_numbers.most()) - 1;
        return value == Never
            ? m_numbers.most()
            : static_cast<quint64>(std::clamp(value, m_base, m_base + last) - m_base);
    }
    qint64 m_base;
    PackedNumbers m_numbers;
};

/// Codes of a dictionary, as wide as the largest one needs: most dictionaries stay below 256.
class CodeColumn
{
public:
    size_t size() const { return m_numbers.size(); }
    void reserve(size_t rows) { m_numbers.reserve(rows); }
    quint32 operator[](size_t row) const { return static_cast<quint32>(m_numbers.at(row)); }
    void set(size_t row, quint32 code)
    {
        widenFor(code);
        m_numbers.set(row, code);
    }
    void append(quint32 code)
    {
        widenFor(code);
        m_numbers.append(code);
    }
    void splice(const RowRanges &ranges, size_t room) { m_numbers.splice(ranges, room); }
    size_t bytes() const { return m_numbers.bytes(); }

private:
    void widenFor(quint32 code)
    {
        if (code <= m_numbers.most())
            return;
        PackedNumbers wider(static_cast<int>(m_numbers.width()) + 1);
        wider.reserve(std::max(m_numbers.bytes() / m_numbers.width(), m_numbers.size() + 1));
        for (size_t row = 0; row < m_numbers.size(); ++row)
            wider.append(m_numbers.at(row));
        m_numbers = std::move(wider);
        widenFor(code);
    }
    PackedNumbers m_numbers { 1 };
};

} // namespace tierline::model
