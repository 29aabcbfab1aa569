#include "core/triage/lexicon.h"

using namespace Qt::StringLiterals;

namespace tierline::triage {

namespace {

struct Name {
    QLatin1StringView name;
    Meaning meaning;
    int mostWeight; ///< 0: has none
};

constexpr Name names[] = {
    { "negative"_L1, Meaning::Negative, 4 },
    { "positive"_L1, Meaning::Positive, 4 },
    { "neutral"_L1, Meaning::Neutral, 0 },
    { "boost"_L1, Meaning::Boost, 0 },
    { "damp"_L1, Meaning::Damp, 0 },
    { "negator"_L1, Meaning::Negator, 0 },
    { "wish"_L1, Meaning::Wish, 0 },
    { "urgency"_L1, Meaning::Urgency, 99 },
    { "calm"_L1, Meaning::Calm, 0 },
    { "human"_L1, Meaning::Human, 0 },
    { "manager"_L1, Meaning::Manager, 0 },
    { "own"_L1, Meaning::Own, 0 },
    { "legal"_L1, Meaning::Legal, 0 },
    { "churn"_L1, Meaning::Churn, 0 },
    { "category"_L1, Meaning::Category, 0 },
};

text::WordSet foldedWords(const QStringList &words)
{
    text::WordSet folded;
    for (const QString &each : words) {
        const text::WordedText cut(each);
        if (!cut.words().empty())
            folded.insert(cut.words().front().folded.toString());
    }
    return folded;
}

/// The set of small words that a list names, if it is one of them.
text::WordSet *setOf(Lexicon &lexicon, const QString &name)
{
    if (name == "known"_L1)
        return &lexicon.known;
    if (name == "wait"_L1)
        return &lexicon.waits;
    if (name == "number"_L1)
        return &lexicon.numbers;
    return name == "span"_L1 ? &lexicon.spans : nullptr;
}

Result<WordList> readHead(const QString &head, const QString &where)
{
    const QString name = head.section(u' ', 0, 0), detail = head.section(u' ', 1).trimmed();
    const auto *known
        = std::ranges::find_if(names, [&](const Name &one) { return name == one.name; });
    if (known == std::end(names))
        return badInput(u"%1: there is no list called “%2”."_s.arg(where, name), u"lexicon"_s);
    WordList list { .meaning = known->meaning };
    if (list.meaning == Meaning::Category) {
        list.category = detail;
        if (detail.isEmpty())
            return badInput(u"%1: a category has no name."_s.arg(where), u"lexicon"_s);
    } else if (known->mostWeight > 0) {
        list.weight = detail.toInt();
        if (list.weight < 1 || list.weight > known->mostWeight)
            return badInput(u"%1: the weight of “%2” is a number from 1 to %3."_s.arg(where, name)
                                .arg(known->mostWeight),
                u"lexicon"_s);
    }
    return list;
}

} // namespace

Result<Lexicon> parseLexicon(const QString &language, const QString &text)
{
    Lexicon lexicon { .language = language };
    int number = 0;
    for (const QString &line : text.split(u'\n')) {
        ++number;
        if (line.trimmed().isEmpty() || line.startsWith(u'#'))
            continue;
        const QString where = u"Lexicon “%1”, line %2"_s.arg(language).arg(number);
        const qsizetype colon = line.indexOf(u':');
        if (colon < 1)
            return badInput(
                u"%1: a list begins with its name and a colon."_s.arg(where), u"lexicon"_s);
        const QString head = line.first(colon).trimmed();
        const QStringList words = line.sliced(colon + 1).split(u',', Qt::SkipEmptyParts);
        if (text::WordSet *small = setOf(lexicon, head)) {
            small->unite(foldedWords(words));
            continue;
        }
        TIERLINE_TRY(list, readHead(head, where));
        auto &finder = list.meaning < Meaning::Urgency ? lexicon.mood : lexicon.signs;
        for (const QString &word : words)
            finder.add(static_cast<int>(lexicon.lists.size()), word.trimmed());
        lexicon.lists.push_back(list);
    }
    return lexicon;
}

} // namespace tierline::triage
