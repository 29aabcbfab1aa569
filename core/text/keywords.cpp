#include "core/text/keywords.h"

#include "core/text/tokens.h"

#include <algorithm>

namespace tierline::text {

namespace {

bool isInWord(QChar c)
{
    if (c.unicode() < 0x80) // most of most texts
        return (c >= u'a' && c <= u'z') || (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
    return c.isLetterOrNumber() || c.isMark() || c.isSurrogate();
}

/// An apostrophe between letters belongs to the word: don't, n'escaladez.
bool isApostrophe(QChar c)
{
    return c == u'\'' || c.unicode() == 0x2019;
}

bool endsClause(QChar c)
{
    switch (c.unicode()) {
    case u'.':
    case u',':
    case u';':
    case u':':
    case u'!':
    case u'?':
    case u'(':
    case u')':
    case u'\n':
    case 0x00A1:
    case 0x00BF:
    case 0x2026:
    case 0x2013:
    case 0x2014: return true;
    default: return false;
    }
}

void appendFolded(QString &all, QStringView word)
{
    if (std::ranges::any_of(word, [](QChar c) { return c.unicode() >= 0x80; })) {
        all += foldedWord(word);
        return;
    }
    const qsizetype from = all.size();
    all.resize(from + word.size());
    std::ranges::transform(word, all.data() + from, [](QChar c) {
        return c >= u'A' && c <= u'Z' ? QChar(char16_t(c.unicode() + (u'a' - u'A'))) : c;
    });
}

size_t hashOf(QStringView folded)
{
    return qHash(folded, 0);
}

/// The first letters of a word as a number, one or two of them.
quint32 startOf(QStringView folded, qsizetype letters)
{
    const auto first = quint32(folded[0].unicode());
    return letters < 2 || folded.size() < 2 ? first : first | quint32(folded[1].unicode()) << 16;
}

} // namespace

WordedText::WordedText(QStringView text, qsizetype limit)
{
    text = text.first(std::min(text.size(), limit));
    m_words.reserve(size_t(text.size() / 5 + 1));
    m_folded.reserve(text.size());
    std::vector<qsizetype> ends; // of words, in m_folded; it may still move
    ends.reserve(m_words.capacity());
    bool beginsClause = true;
    for (qsizetype i = 0; i < text.size();) {
        if (!isInWord(text[i])) {
            beginsClause = beginsClause || endsClause(text[i]);
            ++i;
            continue;
        }
        const qsizetype start = i;
        while (i < text.size() && isInWord(text[i]))
            ++i;
        // "n'escaladez" is two words, "don't" is one: what stands behind the apostrophe decides.
        const bool isContraction = i + 1 < text.size() && isApostrophe(text[i])
            && (text[i + 1] == u't' || text[i + 1] == u'T')
            && (i + 2 >= text.size() || !isInWord(text[i + 2]));
        const qsizetype before = m_folded.size();
        appendFolded(m_folded, text.sliced(start, i - start));
        if (isContraction) {
            m_folded += u't';
            i += 2;
        }
        if (m_folded.size() > before) {
            m_words.push_back(
                { .start = start, .length = i - start, .beginsClause = beginsClause });
            ends.push_back(m_folded.size());
            beginsClause = false;
        }
    }
    qsizetype from = 0;
    for (size_t word = 0; word < m_words.size(); ++word) {
        m_words[word].folded = QStringView(m_folded).sliced(from, ends[word] - from);
        m_words[word].hash = hashOf(m_words[word].folded);
        from = ends[word];
    }
}

WordSet::WordSet(std::initializer_list<QString> words)
{
    for (const QString &word : words)
        insert(word);
}

void WordSet::insert(const QString &folded)
{
    QStringList &alike = m_words[hashOf(folded)];
    if (alike.contains(folded))
        return;
    alike.append(folded);
    ++m_size;
}

void WordSet::unite(const WordSet &other)
{
    for (const QStringList &alike : other.m_words) {
        for (const QString &word : alike)
            insert(word);
    }
}

bool WordSet::contains(const WordedText::Word &word) const
{
    const auto found = m_words.constFind(word.hash);
    return found != m_words.cend() && found->contains(word.folded);
}

void WordOwners::add(int owner, const WordSet &words)
{
    Q_ASSERT(owner >= 0 && owner < mostOwners);
    for (auto alike = words.m_words.begin(); alike != words.m_words.end(); ++alike) {
        std::vector<Entry> &entries = m_words[alike.key()];
        for (const QString &word : *alike) {
            auto entry = std::ranges::find(entries, word, &Entry::folded);
            if (entry == entries.end())
                entry = entries.insert(entry, { word });
            entry->owners |= 1U << owner;
        }
    }
}

quint32 WordOwners::ownersOf(const WordedText::Word &word) const
{
    const auto found = m_words.constFind(word.hash);
    if (found == m_words.cend())
        return 0;
    for (const Entry &entry : *found) {
        if (entry.folded == word.folded)
            return entry.owners;
    }
    return 0;
}

void KeywordFinder::add(int owner, QStringView keyword)
{
    Entry entry { .owner = owner };
    const WordedText words(keyword, 1'000);
    for (const WordedText::Word &word : words.words()) {
        const qsizetype end = word.start + word.length;
        entry.parts.push_back(
            { word.folded.toString(), end < keyword.size() && keyword[end] == u'*' });
    }
    if (entry.parts.empty())
        return;
    const auto index = int(m_entries.size());
    const Part &first = entry.parts.front();
    if (first.isStem)
        m_stems[startOf(first.folded, 2)].push_back(index);
    else
        m_exact[hashOf(first.folded)].push_back(index);
    m_entries.push_back(std::move(entry));
}

bool KeywordFinder::fits(
    const Entry &entry, const std::vector<WordedText::Word> &words, size_t at) const
{
    if (at + entry.parts.size() > words.size())
        return false;
    for (size_t i = 0; i < entry.parts.size(); ++i) {
        const Part &part = entry.parts[i];
        const QStringView word = words[at + i].folded;
        if (part.isStem ? !word.startsWith(part.folded) : word != part.folded)
            return false;
    }
    return true;
}

std::vector<KeywordFinder::Hit> KeywordFinder::find(const WordedText &text, Negation negation) const
{
    std::vector<Hit> hits;
    const auto &words = text.words();
    const auto look = [&](const std::vector<int> &candidates, size_t at) {
        for (const int index : candidates) {
            const Entry &entry = m_entries[size_t(index)];
            if (!fits(entry, words, at))
                continue;
            const size_t last = at + entry.parts.size() - 1;
            hits.push_back({ entry.owner, at, last, words[at].start,
                words[last].start + words[last].length - words[at].start,
                negation == Negation::Told && isNegated(text, at, last) });
        }
    };
    for (size_t at = 0; at < words.size(); ++at) {
        if (const auto exact = m_exact.constFind(words[at].hash); exact != m_exact.cend())
            look(*exact, at);
        if (m_stems.isEmpty())
            continue;
        const QStringView word = words[at].folded;
        for (qsizetype letters = 1; letters <= 2 && letters <= word.size(); ++letters) {
            const auto stems = m_stems.constFind(startOf(word, letters));
            if (stems != m_stems.cend())
                look(*stems, at);
        }
    }
    return hits;
}

} // namespace tierline::text
