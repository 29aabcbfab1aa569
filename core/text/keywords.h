#pragma once

#include <QHash>
#include <QString>
#include <QStringList>
#include <QStringView>

#include <vector>

namespace tierline::text {

/// A text cut into words once, to be looked through many times: folded (no case, no accents), each with
/// its place and whether a clause ends before it. Value; thread: any.
class WordedText
{
public:
    struct Word {
        QStringView folded; ///< good as long as the text that it is a word of, or a copy of that
        qsizetype start = 0;
        qsizetype length = 0;
        bool beginsClause = false; ///< after . , ; : ! ? a line's end or a bracket
        size_t hash = 0; ///< of `folded`, made once however many lists it is looked for in
    };
    WordedText() = default;
    /// Looks at the first `limit` characters. O(n).
    explicit WordedText(QStringView text, qsizetype limit = 65'536);

    const std::vector<Word> &words() const { return m_words; }

private:
    QString m_folded; ///< all words, one behind the other; shared by copies, never changed
    std::vector<Word> m_words;
};

/// Words by which others are told, folded. Value; immutable after the last insert(); thread: any.
class WordSet
{
public:
    WordSet() = default;
    WordSet(std::initializer_list<QString> words);
    void insert(const QString &folded);
    void unite(const WordSet &other);
    bool isEmpty() const { return m_words.isEmpty(); }
    qsizetype size() const { return m_size; }
    bool contains(const WordedText::Word &word) const;

private:
    friend class WordOwners;
    QHash<size_t, QStringList> m_words; ///< by hash
    qsizetype m_size = 0;
};

/// The words of several sets and whose each is, in one look. Immutable after the last add(); thread: any.
class WordOwners
{
public:
    static constexpr int mostOwners = 32;
    /// `owner`: 0 … mostOwners - 1.
    void add(int owner, const WordSet &words);
    /// A bit for each set that has the word.
    quint32 ownersOf(const WordedText::Word &word) const;

private:
    struct Entry {
        QString folded;
        quint32 owners = 0;
    };
    QHash<size_t, std::vector<Entry>> m_words; ///< by hash
};

/// Whether the words from `first` to `last` (indexes) are asked not to be, or said not to be wanted: "please
/// do not escalate", "no refund needed", "bitte nicht eskalieren", "ne pas escalader", "no quiero un
/// reembolso", "sem escalar". English, German, French, Spanish and Portuguese, told apart by their words.
/// A complaint is no negation: "I have not received my refund", "keine Antwort bekommen".
bool isNegated(const WordedText &text, size_t first, size_t last);

/// Keywords and phrases of any number of owners, found in one pass. A keyword is one or more words, which
/// stand side by side in the text, whole: "art" is not found in "party". `*` at a word's end is any ending:
/// `escalat*`. Immutable after the last add(); thread: any.
class KeywordFinder
{
public:
    struct Hit {
        int owner = 0;
        size_t first = 0; ///< word of the text
        size_t last = 0;
        qsizetype start = 0; ///< the same as a place in the text
        qsizetype length = 0;
        bool isNegated = false;
    };

    /// Nothing where the keyword has no letter or digit; it is found nowhere then.
    void add(int owner, QStringView keyword);
    bool isEmpty() const { return m_exact.isEmpty() && m_stems.isEmpty(); }

    /// Whether hits say that they are negated. Finding that out costs more than finding them.
    enum class Negation : quint8 { Told, Ignored };
    /// All hits in the order of the text; negated ones too. O(words), whatever the number of keywords.
    std::vector<Hit> find(const WordedText &text, Negation negation = Negation::Told) const;

private:
    struct Part {
        QString folded;
        bool isStem = false;
    };
    struct Entry {
        int owner = 0;
        std::vector<Part> parts;
    };
    bool fits(const Entry &entry, const std::vector<WordedText::Word> &words, size_t at) const;

    std::vector<Entry> m_entries;
    QHash<size_t, std::vector<int>> m_exact; ///< by the first word's hash
    QHash<quint32, std::vector<int>> m_stems; ///< by the first two letters of a stem
};

} // namespace tierline::text
