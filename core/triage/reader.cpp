#include "core/triage/reader.h"

#include "core/triage/mood.h"

#include <QMap>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>

using namespace Qt::StringLiterals;

namespace tierline::triage {

namespace {

constexpr qsizetype mostRead = 65'536;
constexpr int waitUrgency = 20, loudUrgency = 10;
constexpr double calmed = 0.3; ///< what "no rush" leaves of urgency
constexpr size_t waitReach = 6; ///< words between "waiting" and "three days"

struct Found {
    double notUrgent = 1; ///< product of what each urgent word leaves open
    bool isCalm = false;
    bool hasLongWait = false;
    QMap<QString, int> categories;
};

/// "waited three days", "since 2 weeks": an Evidence for each, empty where nobody waits.
std::vector<Evidence> longWaits(const Lexicon &lexicon, const text::WordedText &cut)
{
    const auto &words = cut.words();
    std::vector<Evidence> waits;
    for (size_t i = 0; i + 1 < words.size(); ++i) {
        if (!lexicon.numbers.contains(words[i]) || !lexicon.spans.contains(words[i + 1]))
            continue;
        const size_t from = i > waitReach ? i - waitReach : 0;
        const size_t to = std::min(words.size(), i + 2 + waitReach);
        for (size_t near = from; near < to; ++near) {
            if (!lexicon.waits.contains(words[near]))
                continue;
            const qsizetype end = words[i + 1].start + words[i + 1].length;
            waits.push_back({ words[i].start, end - words[i].start, Meaning::Churn, 1 });
            break;
        }
    }
    return waits;
}

struct SignHit {
    const WordList &list;
    text::KeywordFinder::Hit place;
};

/// "not URGENT" is calm, and who does not want to "talk to A HUMAN" does not ask for one.
bool isTakenBack(const SignHit &hit, const std::vector<SignHit> &all)
{
    return std::ranges::any_of(all, [&](const SignHit &around) {
        const bool takes = around.list.meaning == Meaning::Calm
            || (around.list.meaning == Meaning::Own && hit.list.meaning == Meaning::Manager)
            || (around.place.isNegated && around.list.meaning == hit.list.meaning);
        return takes && around.place.first <= hit.place.first
            && hit.place.last <= around.place.last;
    });
}

/// Whether a word stands in a line of its own of capitalised words, as below a letter: "Site Manager" says who
/// writes. A line in capitals only is shouted, and one that ends like a sentence is one.
bool isTitle(QStringView text, const text::KeywordFinder::Hit &place)
{
    constexpr qsizetype mostTitle = 60;
    const qsizetype before = text.first(place.start).lastIndexOf(u'\n');
    const qsizetype after = text.indexOf(u'\n', place.start);
    const QStringView line
        = text.sliced(before + 1, (after < 0 ? text.size() : after) - before - 1).trimmed();
    if (text.first(before + 1).trimmed().isEmpty() || line.size() > mostTitle
        || line.back().category() == QChar::Punctuation_Other)
        return false;
    bool isBegun = true, hasSmall = false;
    for (const QChar c : line) {
        if (isBegun && c.isLower())
            return false;
        hasSmall |= c.isLower();
        isBegun = c.isSpace();
    }
    return hasSmall;
}

/// What the lists of signs of these languages find and nobody takes back.
void readSigns(std::span<const Lexicon *const> lexicons, QStringView text,
    const text::WordedText &words, Signs &signs, Found &found)
{
    std::vector<SignHit> hits;
    for (const Lexicon *lexicon : lexicons) {
        for (const auto &place : lexicon->signs.find(words))
            hits.push_back({ lexicon->lists[static_cast<size_t>(place.owner)], place });
    }
    for (const SignHit &hit : hits) {
        const WordList &list = hit.list;
        if (list.meaning != Meaning::Calm && isTakenBack(hit, hits))
            continue;
        if (list.meaning == Meaning::Manager && isTitle(text, hit.place))
            continue;
        switch (list.meaning) {
        case Meaning::Urgency: found.notUrgent *= 1 - list.weight / 100.0; break;
        case Meaning::Calm: found.isCalm = true; break;
        case Meaning::Human: signs.asksForHuman = true; break;
        case Meaning::Manager: signs.asksForManager = true; break;
        case Meaning::Legal: signs.hasLegalWords = true; break;
        case Meaning::Churn: signs.hasChurnIntent = true; break;
        case Meaning::Category: ++found.categories[list.category]; continue; // no word to show
        default: continue;
        }
        signs.evidence.push_back({ hit.place.start, hit.place.length, list.meaning, list.weight });
    }
}

Risk riskOf(const Signs &signs)
{
    const int points = (signs.sentiment <= -60          ? 2
                               : signs.sentiment <= -20 ? 1
                                                        : 0)
        + (signs.urgency >= 60        ? 2
                : signs.urgency >= 30 ? 1
                                      : 0)
        + (signs.hasLegalWords ? 2 : 0) + (signs.hasChurnIntent ? 2 : 0)
        + (signs.asksForManager ? 1 : 0);
    return points >= 4 ? Risk::High : points >= 2 ? Risk::Medium : Risk::Low;
}

QStringList mostFirst(const QMap<QString, int> &counts)
{
    QStringList names = counts.keys();
    std::ranges::stable_sort(
        names, std::greater(), [&](const QString &name) { return counts[name]; });
    return names;
}

std::vector<Lexicon> ownLexicons()
{
    std::vector<Lexicon> lexicons;
    for (const LexiconFile &file : embeddedLexicons()) {
        auto parsed
            = parseLexicon(QString::fromLatin1(file.language), QString::fromUtf8(file.text));
        Q_ASSERT(parsed); // a test parses them all
        lexicons.push_back(std::move(*parsed));
    }
    return lexicons;
}

} // namespace

TextReader::TextReader()
    : TextReader(ownLexicons())
{
}

TextReader::TextReader(std::vector<Lexicon> lexicons)
    : m_lexicons(std::move(lexicons))
{
    Q_ASSERT(!m_lexicons.empty() && m_lexicons.size() <= text::WordOwners::mostOwners);
    for (size_t i = 0; i < m_lexicons.size(); ++i)
        m_known.add(static_cast<int>(i), m_lexicons[i].known);
}

const TextReader &TextReader::shared()
{
    static const TextReader reader;
    return reader;
}

/// The one of whose small words most stand there. A short text may tell as much of two languages; then the one
/// that makes more of it, and then the first.
const Lexicon &TextReader::lexiconFor(const text::WordedText &words) const
{
    std::array<int, text::WordOwners::mostOwners> known {};
    for (const text::WordedText::Word &word : words.words()) {
        for (quint32 owners = m_known.ownersOf(word); owners != 0; owners &= owners - 1)
            ++known[static_cast<size_t>(std::countr_zero(owners))];
    }
    const int most = *std::ranges::max_element(known);
    if (std::ranges::count(known, most) == 1)
        return m_lexicons[static_cast<size_t>(std::ranges::find(known, most) - known.begin())];
    const auto found = [&](const Lexicon &lexicon) {
        using Negation = text::KeywordFinder::Negation;
        return lexicon.signs.find(words, Negation::Ignored).size()
            + lexicon.mood.find(words, Negation::Ignored).size();
    };
    const Lexicon *best = nullptr;
    size_t mostFound = 0;
    for (size_t i = 0; i < m_lexicons.size(); ++i) {
        const size_t here = known[i] == most ? found(m_lexicons[i]) : 0;
        if (known[i] == most && (!best || here > mostFound)) {
            best = &m_lexicons[i];
            mostFound = here;
        }
    }
    return *best;
}

QString TextReader::languageOf(QStringView text) const
{
    return lexiconFor(text::WordedText(text.first(std::min(text.size(), mostRead)), mostRead))
        .language;
}

Signs TextReader::read(QStringView text, Depth depth) const
{
    text = text.first(std::min(text.size(), mostRead));
    const text::WordedText words(text, mostRead);
    const Lexicon &lexicon = lexiconFor(words);
    Signs signs { .language = lexicon.language };
    Found found;
    // English words of trade stand in every language.
    const Lexicon *const both[] = { &lexicon, &m_lexicons.front() };
    readSigns(std::span(both).first(both[0] == both[1] ? 1 : 2), text, words, signs, found);
    const std::vector<Evidence> waits = longWaits(lexicon, words);
    found.hasLongWait = !waits.empty();
    MoodReading mood;
    if (depth == Depth::Whole || found.hasLongWait)
        mood = readMood(lexicon, text, words);
    signs.sentiment = mood.sentiment;
    signs.mood = mood.mood;
    // Who complains of days without an answer is on the way out, whether they say so or not.
    if (found.hasLongWait && signs.mood == Mood::Negative)
        signs.hasChurnIntent = true;

    double open = found.notUrgent;
    if (found.hasLongWait)
        open *= 1 - waitUrgency / 100.0;
    if (isShouted(text) || text.contains(u"!!"))
        open *= 1 - loudUrgency / 100.0;
    signs.urgency = static_cast<int>(std::lround(100 * (1 - open) * (found.isCalm ? calmed : 1)));
    if (depth == Depth::WithoutMood) {
        signs.sentiment = 0;
        signs.mood = Mood::Neutral;
        signs.evidence.clear();
        return signs;
    }
    signs.risk = riskOf(signs);
    signs.categories = mostFirst(found.categories);
    signs.evidence.insert(signs.evidence.end(), mood.evidence.begin(), mood.evidence.end());
    signs.evidence.insert(signs.evidence.end(), waits.begin(), waits.end());
    std::ranges::stable_sort(signs.evidence, {}, &Evidence::start);
    return signs;
}

} // namespace tierline::triage
