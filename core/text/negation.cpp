#include "core/text/keywords.h"

using namespace Qt::StringLiterals;

namespace tierline::text {

namespace {

/// How a language says that something shall not be. All words folded.
struct Language {
    WordSet direct; ///< negates what follows: "not", "nicht", "sin"
    WordSet tells; ///< before `direct`: what did not happen, "you did not refund me"
    WordSet wishes; ///< "do not WANT a refund"
    WordSet fillers; ///< may stand between: articles, please, to
    WordSet nouns; ///< negate only a thing that is said not to be needed: "no", "kein"
    WordSet needs; ///< what is said behind such a thing: "needed", "noetig"
    WordSet behind; ///< negate a verb before them: "eskalieren Sie das nicht", "n'escaladez pas"
    WordSet own; ///< words that only this language has; needed where `direct` is shared
    QString complaintEnding; ///< a form that tells what did not happen: "not refunded"
};

const Language &english()
{
    static const Language words { .direct
        = { u"not"_s, u"dont"_s, u"doesnt"_s, u"never"_s, u"wont"_s, u"shouldnt"_s, u"without"_s },
        .tells = { u"did"_s, u"have"_s, u"has"_s, u"had"_s, u"was"_s, u"were"_s, u"could"_s,
            u"can"_s, u"you"_s, u"they"_s },
        .wishes = { u"want"_s, u"need"_s, u"wish"_s, u"require"_s, u"ask"_s, u"asking"_s, u"like"_s,
            u"looking"_s, u"interested"_s, u"necessary"_s, u"planning"_s, u"going"_s, u"intend"_s,
            u"wanting"_s, u"threatening"_s, u"seeking"_s },
        .fillers = { u"a"_s, u"an"_s, u"the"_s, u"any"_s, u"to"_s, u"for"_s, u"in"_s, u"be"_s,
            u"please"_s, u"this"_s, u"of"_s, u"really"_s, u"you"_s, u"even"_s },
        .nouns = { u"no"_s },
        .needs = { u"needed"_s, u"necessary"_s, u"required"_s, u"wanted"_s, u"please"_s },
        .complaintEnding = u"ed"_s };
    return words;
}

const Language &german()
{
    static const Language words {
        .direct = { u"nicht"_s, u"niemals"_s, u"ohne"_s },
        .wishes = { u"mochte"_s, u"will"_s, u"wunsche"_s, u"brauche"_s, u"brauchen"_s, u"mochten"_s,
            u"wollen"_s, u"benotige"_s, u"benotigen"_s, u"wunschen"_s, u"notig"_s, u"verlange"_s },
        .fillers = { u"ein"_s, u"eine"_s, u"einen"_s, u"einer"_s, u"den"_s, u"die"_s, u"das"_s,
            u"zu"_s, u"zur"_s, u"zum"_s, u"bitte"_s, u"diesen"_s, u"dieses"_s, u"dies"_s, u"es"_s,
            u"sie"_s, u"fall"_s, u"ticket"_s, u"vorgang"_s, u"mein"_s, u"meinen"_s, u"gleich"_s,
            u"wieder"_s, u"noch"_s, u"ich"_s, u"wir"_s },
        .nouns = { u"kein"_s, u"keine"_s, u"keinen"_s, u"keiner"_s, u"keinem"_s, u"keines"_s },
        .needs = { u"notig"_s, u"notwendig"_s, u"erforderlich"_s, u"gewunscht"_s, u"mehr"_s,
            u"haben"_s, u"bitte"_s },
        .behind = { u"nicht"_s },
        .complaintEnding = u"t"_s,
    };
    return words;
}

const Language &french()
{
    static const Language words {
        .direct = { u"sans"_s },
        .wishes = { u"veux"_s, u"voulons"_s, u"souhaite"_s, u"souhaitons"_s, u"demande"_s,
            u"besoin"_s, u"voudrais"_s, u"necessaire"_s, u"demandons"_s },
        .fillers = { u"pas"_s, u"plus"_s, u"de"_s, u"d"_s, u"du"_s, u"des"_s, u"un"_s, u"une"_s,
            u"le"_s, u"la"_s, u"les"_s, u"l"_s, u"ce"_s, u"cette"_s, u"svp"_s },
        .behind = { u"pas"_s },
    };
    return words;
}

const Language &spanish()
{
    static const Language words {
        .direct = { u"no"_s, u"sin"_s },
        .wishes = { u"quiero"_s, u"queremos"_s, u"necesito"_s, u"necesitamos"_s, u"deseo"_s,
            u"pido"_s, u"falta"_s, u"necesario"_s, u"solicito"_s, u"hace"_s, u"es"_s },
        .fillers = { u"un"_s, u"una"_s, u"el"_s, u"la"_s, u"lo"_s, u"los"_s, u"este"_s, u"esta"_s,
            u"por"_s, u"favor"_s, u"que"_s, u"se"_s, u"ningun"_s, u"ninguna"_s },
        .own = { u"por"_s, u"el"_s, u"la"_s, u"los"_s, u"las"_s, u"que"_s, u"este"_s, u"esta"_s,
            u"un"_s, u"una"_s, u"mi"_s, u"es"_s, u"lo"_s, u"se"_s, u"quiero"_s, u"necesito"_s,
            u"deseo"_s, u"falta"_s, u"caso"_s, u"ticket"_s, u"gracias"_s, u"queremos"_s },
        .complaintEnding = u"ado"_s,
    };
    return words;
}

const Language &portuguese()
{
    static const Language words {
        .direct = { u"nao"_s, u"sem"_s },
        .wishes = { u"quero"_s, u"queremos"_s, u"preciso"_s, u"precisa"_s, u"precisamos"_s,
            u"desejo"_s, u"peco"_s, u"necessario"_s, u"e"_s, u"solicito"_s },
        .fillers = { u"um"_s, u"uma"_s, u"o"_s, u"a"_s, u"os"_s, u"as"_s, u"este"_s, u"esta"_s,
            u"por"_s, u"favor"_s, u"de"_s, u"que"_s, u"nenhum"_s, u"nenhuma"_s },
        .complaintEnding = u"ado"_s,
    };
    return words;
}

constexpr size_t reach = 6; ///< words looked at on either side

/// Walks back from a hit over fillers and wishes to what negates it, inside its clause.
struct Look {
    const std::vector<WordedText::Word> &words;
    size_t first;
    size_t last;

    bool isSameClause(size_t at) const { return !words[at].beginsClause; }

    bool isDeniedBefore(const Language &in) const
    {
        bool hasWish = false;
        bool isDirect = true;
        for (size_t at = first, steps = 0; at > 0 && steps < reach && isSameClause(at); ++steps) {
            --at;
            const WordedText::Word &word = words[at];
            if (in.direct.contains(word) && isSpoken(in))
                return hasWish
                    || (!isComplaint(in, at) && (isDirect || word.folded != u"without"_s));
            if (in.nouns.contains(word))
                return hasWish || wishBefore(in, at) || (isDirect && isNeededBehind(in));
            if (in.wishes.contains(word))
                hasWish = true;
            else if (!in.fillers.contains(word))
                return false;
            else
                isDirect = false;
        }
        return false;
    }

    /// English and Spanish both say "no", and mean different things by it.
    bool isSpoken(const Language &in) const
    {
        if (in.own.isEmpty())
            return true;
        const size_t end = std::min(words.size(), last + 9);
        for (size_t at = first > 8 ? first - 8 : 0; at < end; ++at) {
            if (in.own.contains(words[at]))
                return true;
        }
        return false;
    }

    /// "ich möchte keine Erstattung": the wish stands before what denies it.
    bool wishBefore(const Language &in, size_t at) const
    {
        for (size_t steps = 0; at > 0 && steps < 3 && isSameClause(at); ++steps) {
            --at;
            if (in.wishes.contains(words[at]))
                return true;
            if (!in.fillers.contains(words[at]))
                return false;
        }
        return false;
    }

    /// "not refunded yet" tells what is missing; it asks for it.
    bool isComplaint(const Language &in, size_t negator) const
    {
        if (negator > 0 && isSameClause(negator) && in.tells.contains(words[negator - 1]))
            return true;
        return !in.complaintEnding.isEmpty() && words[last].folded.endsWith(in.complaintEnding);
    }

    bool isNeededBehind(const Language &in) const
    {
        for (size_t at = last + 1, steps = 0; at < words.size() && steps < 2 && isSameClause(at);
             ++at, ++steps) {
            if (in.needs.contains(words[at]))
                return true;
            if (words[at].folded != u"is"_s && words[at].folded != u"at"_s)
                return false;
        }
        return false;
    }

    bool isDeniedBehind(const Language &in) const
    {
        for (size_t at = last + 1, steps = 0;
             at < words.size() && steps < reach && isSameClause(at); ++at, ++steps) {
            if (in.behind.contains(words[at]))
                return true;
            if (!in.fillers.contains(words[at]))
                return false;
        }
        return false;
    }

    /// "ne veux pas de remboursement": pas and a wish before, nothing but fillers between.
    bool isDeniedInFrench() const
    {
        bool hasPas = false;
        bool hasWish = false;
        for (size_t at = first, steps = 0; at > 0 && steps < reach && isSameClause(at); ++steps) {
            --at;
            const QStringView word = words[at].folded;
            hasPas = hasPas || word == u"pas"_s || word == u"plus"_s;
            if (word == u"ne"_s || word == u"n"_s)
                // "ne pas escalader", "ne veux pas de …"; "n'ai pas de …" is a complaint.
                return hasPas && (hasWish || at + 2 == first);
            if (french().wishes.contains(words[at])) {
                hasWish = true;
                if (hasPas && word == u"besoin"_s)
                    return true;
            } else if (!french().fillers.contains(words[at])) {
                return false;
            }
            if (hasPas && hasWish)
                return true;
        }
        return false;
    }
};

} // namespace

bool isNegated(const WordedText &text, size_t first, size_t last)
{
    const Look look { text.words(), first, last };
    if (look.words.empty() || last >= look.words.size())
        return false;
    // A verb that French or German denies behind itself; French needs its "ne" or "n'" before.
    const bool hasNe = first > 0 && look.isSameClause(first)
        && (look.words[first - 1].folded == u"ne"_s || look.words[first - 1].folded == u"n"_s);
    return look.isDeniedBefore(english()) || look.isDeniedBefore(german())
        || look.isDeniedBefore(french()) || look.isDeniedBefore(spanish())
        || look.isDeniedBefore(portuguese()) || look.isDeniedInFrench()
        || look.isDeniedBehind(german()) || (hasNe && look.isDeniedBehind(french()));
}

} // namespace tierline::text
