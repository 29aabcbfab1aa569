#include "core/model/columntext.h"

#include <algorithm>

namespace tierline::model {

namespace {

constexpr qsizetype longest = 1000;

QByteArray foldedForeign(QByteArrayView utf8)
{
    const QString parts = QString::fromUtf8(utf8.first(std::min(utf8.size(), 2 * longest)))
                              .normalized(QString::NormalizationForm_KD);
    QString plain;
    plain.reserve(parts.size());
    for (const QChar c : parts) {
        if (c.category() != QChar::Mark_NonSpacing)
            plain.append(c);
    }
    QByteArray folded = plain.toCaseFolded().toUtf8();
    qsizetype end = std::min(folded.size(), longest);
    // Never through the middle of a letter.
    while (end > 0 && end < folded.size() && (static_cast<uchar>(folded[end]) & 0xC0) == 0x80)
        --end;
    folded.truncate(end);
    return folded;
}

} // namespace

QByteArray foldedText(QByteArrayView utf8)
{
    // Nearly all subjects are plain letters; the long way is for the others.
    QByteArray folded(std::min(utf8.size(), longest), Qt::Uninitialized);
    char *to = folded.data();
    for (qsizetype i = 0; i < folded.size(); ++i) {
        const char c = utf8[i];
        if (static_cast<uchar>(c) >= 0x80)
            return foldedForeign(utf8);
        to[i] = c >= 'A' && c <= 'Z' ? static_cast<char>(c | 0x20) : c;
    }
    return folded;
}

QByteArrayView TextColumn::at(size_t row) const
{
    const Place place = m_places[row];
    return { m_letters.data() + place.from, place.length };
}

TextColumn::Place TextColumn::write(QByteArrayView text)
{
    const Place place { static_cast<quint32>(m_letters.size()), static_cast<quint16>(text.size()) };
    m_letters.insert(m_letters.end(), text.begin(), text.end());
    return place;
}

void TextColumn::append(QByteArrayView text)
{
    m_places.push_back(write(text));
}

void TextColumn::set(size_t row, QByteArrayView text)
{
    if (at(row) == text)
        return;
    m_waste += m_places[row].length;
    m_places[row] = write(text);
}

void TextColumn::splice(const std::vector<std::pair<quint32, quint32>> &ranges)
{
    std::vector<Place> places;
    size_t kept = 0;
    for (const auto &[from, to] : ranges) {
        for (quint32 row = from; row < to; ++row)
            kept += m_places[row].length;
        places.insert(places.end(), m_places.begin() + from, m_places.begin() + to);
    }
    m_places = std::move(places);
    m_waste = m_letters.size() - kept;
}

void TextColumn::compact()
{
    if (m_waste * 4 > m_letters.size()) {
        std::vector<char> letters;
        letters.reserve(m_letters.size() - m_waste);
        for (Place &place : m_places) {
            const auto from = m_letters.begin() + place.from;
            place.from = static_cast<quint32>(letters.size());
            letters.insert(letters.end(), from, from + place.length);
        }
        m_letters = std::move(letters);
        m_waste = 0;
    }
    if (m_letters.capacity() > m_letters.size() + m_letters.size() / 8)
        m_letters.shrink_to_fit();
    if (m_places.capacity() > m_places.size() + m_places.size() / 8)
        m_places.shrink_to_fit();
}

qint64 TextColumn::bytes() const
{
    return static_cast<qint64>(m_letters.capacity() + m_places.capacity() * sizeof(Place));
}

} // namespace tierline::model
