#pragma once

#include "core/model/packedcolumn.h"

#include <QByteArray>
#include <QString>

#include <array>

namespace tierline::model {

/// Text as sorting and filtering compare it: accents and case removed, UTF-8, at most 1,000 bytes.
QByteArray foldedText(QByteArrayView utf8);

/// One short text for each row, packed end to end: 6 bytes a row beside the letters. Two letters that
/// often stand together are kept as one byte: which, is learnt from the first texts. Pure value.
class TextColumn
{
public:
    static constexpr qsizetype Longest = 1000;
    using Room = std::array<char, Longest + 8>;

    qsizetype size() const { return static_cast<qsizetype>(m_places.size()); }
    void reserve(qsizetype rows) { m_places.reserve(static_cast<size_t>(rows)); }
    /// The letters of a row, unpacked into `room`; at least `most` of them, where it has so many.
    QByteArrayView at(size_t row, Room &room, qsizetype most = Longest) const;
    void append(QByteArrayView text);
    /// The old letters stay as waste until compact() finds enough of it.
    void set(size_t row, QByteArrayView text);
    /// Keeps only the rows in these ranges, in the order given.
    void splice(const RowRanges &ranges);
    /// Gives back what growing took too much, and waste where it is a quarter of everything.
    void compact();
    qint64 bytes() const;

private:
#pragma pack(push, 2)
    struct Place {
        quint32 from;
        quint16 length; ///< of what is stored; the highest bit: letters as they are
    };
#pragma pack(pop)
    static constexpr quint16 isPlain = 0x8000;
    static constexpr size_t lengthOf(Place place)
    {
        return place.length & 0x7FFFu;
    }
    Place write(QByteArrayView text);
    void learn();

    std::vector<Place> m_places;
    std::vector<char> m_letters;
    size_t m_waste = 0;
    /// What the bytes from 128 on stand for, and the byte for each pair of letters; empty: not learnt.
    std::array<std::array<char, 2>, 128> m_pairs {};
    std::vector<quint8> m_codes;
};

} // namespace tierline::model
