#pragma once

#include <QByteArray>
#include <QString>

#include <vector>

namespace tierline::model {

/// Text as sorting and filtering compare it: accents and case removed, UTF-8, at most 1,000 bytes.
QByteArray foldedText(QByteArrayView utf8);

/// One short text for each row, packed end to end: 6 bytes a row beside the letters. Pure value.
class TextColumn
{
public:
    qsizetype size() const { return static_cast<qsizetype>(m_places.size()); }
    void reserve(qsizetype rows) { m_places.reserve(static_cast<size_t>(rows)); }
    QByteArrayView at(size_t row) const;
    void append(QByteArrayView text);
    /// The old letters stay as waste until compact() finds enough of it.
    void set(size_t row, QByteArrayView text);
    /// Keeps only the rows in these ranges [from, to), in the order given.
    void splice(const std::vector<std::pair<quint32, quint32>> &ranges);
    /// Gives back what growing took too much, and waste where it is a quarter of everything.
    void compact();
    qint64 bytes() const;

private:
#pragma pack(push, 2)
    struct Place {
        quint32 from;
        quint16 length;
    };
#pragma pack(pop)
    Place write(QByteArrayView text);

    std::vector<Place> m_places;
    std::vector<char> m_letters;
    size_t m_waste = 0;
};

} // namespace tierline::model
