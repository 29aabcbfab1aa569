#pragma once

#include "core/base/result.h"
#include "core/text/keywords.h"

#include <span>
#include <vector>

namespace tierline::triage {

/// What a list of words stands for.
enum class Meaning : quint8 {
    Negative, ///< mood, with a weight from 1 to 4
    Positive,
    Neutral, ///< politeness: takes the words of a mood away
    Boost, ///< "very"
    Damp, ///< "a bit"
    Negator, ///< "not"
    Wish, ///< "would be": what follows is not so yet
    Urgency, ///< weight: share of certainty in per cent
    Calm, ///< "no rush"
    Human,
    Manager,
    Own, ///< "my manager": nobody of ours is asked for
    Legal,
    Churn,
    Category
};

/// One list: which words they are stands in the finder, under the list's number.
struct WordList {
    Meaning meaning = Meaning::Neutral;
    int weight = 1;
    QString category; ///< of Meaning::Category
};

/// The words of one language. Immutable once made; thread: any.
struct Lexicon {
    QString language; ///< "en"
    text::WordSet known; ///< small words by which the language is told
    std::vector<WordList> lists;
    text::KeywordFinder mood; ///< finds lists up to Wish
    text::KeywordFinder signs; ///< finds lists from Urgency on
    // "waited THREE DAYS": a number before a span, with one of `waits` near.
    text::WordSet waits, numbers, spans;
};

struct LexiconFile {
    const char *language;
    const char *text;
};
/// The files of core/triage/lexicons, English first.
std::span<const LexiconFile> embeddedLexicons();

/// BadInput with the line where a list has no name, an unknown one or a weight out of range.
Result<Lexicon> parseLexicon(const QString &language, const QString &text);

} // namespace tierline::triage
