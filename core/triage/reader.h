#pragma once

#include "core/triage/signs.h"

namespace tierline::triage {

/// Reads what customers write, by the words of their language: English, German, French, Spanish and
/// Portuguese. Nothing leaves the machine and nothing is learned; the same text always reads the same.
/// Immutable; thread: any.
class TextReader
{
public:
    /// With the lexicons of the program.
    TextReader();
    /// At least one, at most WordOwners::mostOwners.
    explicit TextReader(std::vector<Lexicon> lexicons);
    /// The program's own, made when it is first asked for.
    static const TextReader &shared();

    /// Looks at the first 65,536 characters. O(words). Without mood it costs half: sentiment, mood, risk, categories and
    /// evidence are left out.
    enum class Depth : quint8 { Whole, WithoutMood };
    Signs read(QStringView text, Depth depth = Depth::Whole) const;
    /// Signs::language alone, which is a fraction of it.
    QString languageOf(QStringView text) const;

private:
    const Lexicon &lexiconFor(const text::WordedText &words) const;
    std::vector<Lexicon> m_lexicons; ///< the first one is for texts that tell no language
    text::WordOwners m_known; ///< whose small words are which, by number of the lexicon
};

} // namespace tierline::triage
