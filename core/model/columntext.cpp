#include "core/model/columntext.h"

#include <algorithm>
#include <functional>

namespace tierline::model {

namespace {

constexpr qsizetype longest = TextColumn::Longest;

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

QByteArrayView TextColumn::at(size_t row, Room &room, qsizetype most) const
{
    const Place place = m_places[row];
    const char *from = m_letters.data() + place.from;
    const size_t length = lengthOf(place);
    if (place.length & isPlain)
        return { from, static_cast<qsizetype>(length) };
    char *to = room.data();
    const char *enough = to + std::min(most, Longest);
    for (size_t i = 0; i < length && to < enough; ++i) {
        const auto c = static_cast<uchar>(from[i]);
        if (c < 0x80) {
            *to++ = from[i];
        } else {
            const auto pair = m_pairs[c & 0x7F];
            *to++ = pair[0];
            *to++ = pair[1];
        }
    }
    return { room.data(), to - room.data() };
}

/// The pairs of letters that occur most often in what is there so far.
void TextColumn::learn()
{
    std::vector<std::pair<quint32, quint32>> counted(size_t(0x80) * 0x80); // how often, which
    for (size_t pair = 0; pair < counted.size(); ++pair)
        counted[pair].second = static_cast<quint32>(pair);
    for (const Place place : m_places) {
        const char *from = m_letters.data() + place.from;
        for (size_t i = 0; i + 1 < lengthOf(place); ++i) {
            if (!((from[i] | from[i + 1]) & 0x80))
                ++counted[static_cast<size_t>(from[i]) << 7 | static_cast<size_t>(from[i + 1])]
                      .first;
        }
    }
    std::partial_sort(counted.begin(), counted.begin() + 128, counted.end(), std::greater());
    m_codes.assign(counted.size(), 0);
    for (size_t i = 0; i < m_pairs.size(); ++i) {
        const quint32 pair = counted[i].second;
        m_pairs[i] = { static_cast<char>(pair >> 7), static_cast<char>(pair & 0x7F) };
        m_codes[pair] = static_cast<quint8>(0x80 | i);
    }
    const std::vector<char> letters = std::exchange(m_letters, {});
    for (Place &place : m_places)
        place = write({ letters.data() + place.from, static_cast<qsizetype>(lengthOf(place)) });
    m_waste = 0;
}

TextColumn::Place TextColumn::write(QByteArrayView text)
{
    text = text.first(std::min(text.size(), Longest));
    Place place { static_cast<quint32>(m_letters.size()), 0 };
    const bool isForeign
        = std::any_of(text.begin(), text.end(), [](char c) { return (c & 0x80) != 0; });
    if (isForeign || m_codes.empty()) {
        m_letters.insert(m_letters.end(), text.begin(), text.end());
        place.length = static_cast<quint16>(text.size()) | isPlain;
        return place;
    }
    for (qsizetype i = 0; i < text.size(); ++i) {
        const quint8 code = i + 1 < text.size()
            ? m_codes[static_cast<size_t>(text[i]) << 7 | static_cast<size_t>(text[i + 1])]
            : quint8(0);
        m_letters.push_back(code ? static_cast<char>(code) : text[i]);
        i += code != 0;
    }
    place.length = static_cast<quint16>(m_letters.size() - place.from);
    return place;
}

void TextColumn::append(QByteArrayView text)
{
    m_places.push_back(write(text));
    constexpr size_t enough = 256 * 1024;
    if (m_codes.empty() && m_letters.size() > enough)
        learn();
}

void TextColumn::set(size_t row, QByteArrayView text)
{
    Room room;
    if (at(row, room) == text)
        return;
    m_waste += lengthOf(m_places[row]);
    m_places[row] = write(text);
}

void TextColumn::splice(const RowRanges &ranges)
{
    std::vector<Place> places;
    size_t kept = 0;
    for (const auto &[from, to] : ranges) {
        for (quint32 row = from; row < to; ++row)
            kept += lengthOf(m_places[row]);
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
            letters.insert(
                letters.end(), from, from + static_cast<std::ptrdiff_t>(lengthOf(place)));
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
    return static_cast<qint64>(
        m_letters.capacity() + m_places.capacity() * sizeof(Place) + m_codes.capacity());
}

} // namespace tierline::model
