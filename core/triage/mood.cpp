#include "core/triage/mood.h"

#include <algorithm>
#include <cmath>
#include <optional>

using namespace Qt::StringLiterals;

namespace tierline::triage {

namespace {

constexpr int nearWords = 3; ///< how far a negator or a booster reaches
constexpr double boosted = 1.3, damped = 0.6;
constexpr double negatedPraise = 0.8; ///< "not good" is nearly "bad"
constexpr double negatedBlame = 0.1; ///< "not bad" is no praise
constexpr double wishedPraise = 0.35; ///< "it would be great if"
constexpr double loudest = 1.2, perMark = 0.08;
constexpr int emoticonWeight = 3;
/// A sum of weights at which the score is 71 of 100.
constexpr double halfWay = 5;
// Customers are polite: some praise stands in nearly every request, blame does not. So praise must be clear
// before a text counts as positive.
constexpr int negativeFrom = -10, positiveFrom = 50;

struct Emoticon {
    QStringView sign;
    bool isGood;
};

constexpr Emoticon emoticons[] = { { u":)", true }, { u":-)", true }, { u"(:", true },
    { u":D", true }, { u":-D", true }, { u";)", true }, { u";-)", true }, { u":]", true },
    { u"=)", true }, { u"<3", true }, { u"\u2764", true }, { u"\U0001F600", true },
    { u"\U0001F601", true }, { u"\U0001F603", true }, { u"\U0001F604", true },
    { u"\U0001F60A", true }, { u"\U0001F60D", true }, { u"\U0001F618", true },
    { u"\U0001F642", true }, { u"\U0001F44D", true }, { u"\U0001F44F", true },
    { u"\U0001F389", true }, { u"\U0001F64C", true }, { u"\U0001F970", true }, { u":(", false },
    { u":-(", false }, { u":'(", false }, { u":/", false }, { u":-/", false }, { u":[", false },
    { u">:(", false }, { u"\U0001F612", false }, { u"\U0001F614", false }, { u"\U0001F61E", false },
    { u"\U0001F620", false }, { u"\U0001F621", false }, { u"\U0001F622", false },
    { u"\U0001F624", false }, { u"\U0001F62B", false }, { u"\U0001F62D", false },
    { u"\U0001F644", false }, { u"\U0001F44E", false }, { u"\U0001F494", false },
    { u"\U0001F92C", false } };

/// Whether a sign above can begin so; asked of every character of a text.
bool mayBegin(QChar c)
{
    static const QString firsts = [] {
        QString all;
        for (const Emoticon &emoticon : emoticons) {
            if (!all.contains(emoticon.sign.front()))
                all += emoticon.sign.front();
        }
        return all;
    }();
    return firsts.contains(c);
}

/// What has been said so far in the clause.
struct Clause {
    qsizetype negator = -100, degree = -100; ///< word of the last one
    double factor = 1; ///< of the last degree
    bool hasWish = false;
    /// "Never" is blame of its own, unless it denies the words behind it.
    std::optional<text::KeywordFinder::Hit> undecided;
};

class Scale
{
public:
    Scale(const Lexicon &lexicon, const text::WordedText &words)
        : m_lexicon(lexicon)
        , m_words(words.words())
        , m_hits(lexicon.mood.find(words, text::KeywordFinder::Negation::Ignored))
    {
    }

    void weighWords()
    {
        size_t next = 0;
        for (size_t at = 0; at < m_words.size();) {
            if (m_words[at].beginsClause)
                beginClause();
            while (next < m_hits.size() && m_hits[next].first < at)
                ++next;
            size_t end = next;
            while (end < m_hits.size() && m_hits[end].first == at)
                ++end;
            at = end == next ? at + 1 : weighPlace(at, { m_hits.data() + next, end - next });
        }
        beginClause();
    }

    void weighEmoticons(QStringView text)
    {
        for (qsizetype i = 0; i < text.size(); ++i) {
            if (!mayBegin(text[i]) || (i > 0 && text[i - 1].isLetterOrNumber() && text[i] == u':'))
                continue; // the slashes of an address are no grimace
            for (const Emoticon &emoticon : emoticons) {
                if (!text.sliced(i).startsWith(emoticon.sign))
                    continue;
                add(emoticon.isGood ? Meaning::Positive : Meaning::Negative, emoticonWeight,
                    emoticonWeight, i, emoticon.sign.size());
                i += emoticon.sign.size() - 1;
                break;
            }
        }
    }

    MoodReading reading(double loudness)
    {
        const double louder = m_praise > m_blame ? m_praise * loudness : m_praise;
        const double angrier = m_blame >= m_praise ? m_blame * loudness : m_blame;
        const double sum = louder - angrier;
        const auto score
            = static_cast<int>(std::lround(100 * sum / std::sqrt(sum * sum + halfWay * halfWay)));
        std::ranges::sort(m_evidence, {}, &Evidence::start);
        return { score,
            score <= negativeFrom       ? Mood::Negative
                : score >= positiveFrom ? Mood::Positive
                                        : Mood::Neutral,
            std::move(m_evidence) };
    }

private:
    using Hit = text::KeywordFinder::Hit;

    bool isMood(const Hit &hit) const { return meaningOf(hit) <= Meaning::Neutral; }
    Meaning meaningOf(const Hit &hit) const
    {
        return m_lexicon.lists[static_cast<size_t>(hit.owner)].meaning;
    }

    /// Of the hits that begin at word `at` the longest mood counts; then what stands for the rest of the
    /// clause. The word to go on with.
    size_t weighPlace(size_t at, std::span<const Hit> hits)
    {
        const Hit *mood = nullptr;
        for (const Hit &hit : hits) {
            if (isMood(hit) && (!mood || hit.last > mood->last))
                mood = &hit;
        }
        bool isNegator = false;
        for (const Hit &hit : hits) {
            switch (meaningOf(hit)) {
            case Meaning::Boost:
            case Meaning::Damp:
                if (!mood) {
                    m_clause.factor = meaningOf(hit) == Meaning::Boost ? boosted : damped;
                    m_clause.degree = static_cast<qsizetype>(hit.last);
                }
                break;
            case Meaning::Negator: isNegator = true; break;
            case Meaning::Wish: m_clause.hasWish = true; break;
            default: break;
            }
        }
        if (isNegator) {
            decide();
            m_clause.negator = static_cast<qsizetype>(at);
            if (mood)
                m_clause.undecided = *mood;
        } else if (mood) {
            weigh(*mood);
        }
        return mood ? mood->last + 1 : at + 1;
    }

    void beginClause()
    {
        decide();
        m_clause = {};
    }
    void decide()
    {
        if (const auto hit = std::exchange(m_clause.undecided, std::nullopt)) {
            m_clause.negator = -100;
            weigh(*hit);
        }
    }

    void weigh(const Hit &hit)
    {
        const WordList &list = m_lexicon.lists[static_cast<size_t>(hit.owner)];
        if (list.meaning == Meaning::Neutral)
            return;
        const auto at = static_cast<qsizetype>(hit.first);
        double weight = list.weight;
        if (at - m_clause.degree <= 2)
            weight *= m_clause.factor;
        const bool isNegated = at - m_clause.negator <= nearWords;
        if (isNegated)
            m_clause.undecided.reset();
        Meaning side = list.meaning;
        if (side == Meaning::Positive && isNegated) {
            side = Meaning::Negative;
            weight *= negatedPraise;
        } else if (side == Meaning::Positive && m_clause.hasWish) {
            weight *= wishedPraise;
        } else if (side == Meaning::Negative && isNegated && list.weight > 1) {
            weight *= negatedBlame;
        }
        add(side, weight, list.weight, hit.start, hit.length);
    }

    void add(Meaning side, double weight, int shown, qsizetype start, qsizetype length)
    {
        (side == Meaning::Positive ? m_praise : m_blame) += weight;
        if (weight >= 1)
            m_evidence.push_back({ start, length, side, shown });
    }

    const Lexicon &m_lexicon;
    const std::vector<text::WordedText::Word> &m_words;
    std::vector<Hit> m_hits;
    std::vector<Evidence> m_evidence;
    Clause m_clause;
    double m_praise = 0, m_blame = 0;
};

} // namespace

bool isShouted(QStringView text)
{
    qsizetype letters = 0, capitals = 0;
    for (const QChar c : text) {
        letters += c.isLetter();
        capitals += c.isUpper();
    }
    return letters >= 15 && capitals * 10 > letters * 7;
}

MoodReading readMood(const Lexicon &lexicon, QStringView text, const text::WordedText &words)
{
    Scale scale(lexicon, words);
    scale.weighWords();
    scale.weighEmoticons(text);
    const auto marks = std::min<qsizetype>(3, text.count(u'!'));
    const double loudness = 1 + perMark * static_cast<double>(marks);
    return scale.reading(isShouted(text) ? loudness * loudest : loudness);
}

} // namespace tierline::triage
