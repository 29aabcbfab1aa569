#include "widgets/docks/rules/completion.h"

#include "core/rules/lexer.h"
#include "core/rules/registry.h"
#include "core/rules/words.h"

namespace tierline::ui {

using namespace Qt::StringLiterals;
using rules::FactInfo;
using rules::PatternPart;
using rules::Slot;

namespace {

constexpr qsizetype mostItems = 40;
constexpr qsizetype mostWords = 6; ///< of a beginning that is looked for

enum class Part : quint8 { Start, Name, When, Then };

/// Where in a rule the cursor stands.
struct Spot {
    Part part = Part::Start;
    qsizetype from = 0; ///< where the part's own text begins
    bool isInString = false;
    qsizetype stringStart = 0;
};

Spot spotOf(const QString &before)
{
    Spot spot;
    const qsizetype line = before.lastIndexOf(u'\n') + 1;
    for (qsizetype i = line; i < before.size(); ++i) {
        if (before[i] == u'#' && !spot.isInString)
            break;
        if (before[i] == u'\\' && spot.isInString)
            ++i;
        else if (before[i] == u'"') {
            spot.isInString = !spot.isInString;
            spot.stringStart = i;
        }
    }
    for (const rules::Token &token : rules::lex(before).tokens) {
        const qsizetype end = token.place.start + token.place.length;
        if (token.kind != rules::Token::Kind::Word || end >= before.size())
            continue; // what is still being written says nothing yet
        if (token.isWord(u"rule"))
            spot = { Part::Name, end, spot.isInString, spot.stringStart };
        else if (token.isWord(u"when"))
            spot = { Part::When, end, spot.isInString, spot.stringStart };
        else if (token.isWord(u"then"))
            spot = { Part::Then, end, spot.isInString, spot.stringStart };
    }
    return spot;
}

/// The words of a pattern up to what a person must fill in: "no agent reply for", "plan is".
QString headOf(const rules::Pattern &pattern)
{
    QStringList words;
    for (const PatternPart &part : pattern) {
        switch (part.kind) {
        case PatternPart::Kind::Words: words.append(part.words.value(0)); continue;
        case PatternPart::Kind::Compare: words.append(u"is"_s); continue;
        case PatternPart::Kind::Count: words.append(u"2"_s); continue;
        default: break;
        }
        break;
    }
    return words.join(u' ');
}

void addNames(QList<Completion> &items, const QStringList &names)
{
    for (const QString &name : names)
        items.append({ writtenName(name), {} });
}

bool endsWithWords(const QString &text, const QString &words)
{
    if (words.isEmpty() || !text.endsWith(words, Qt::CaseInsensitive))
        return false;
    const qsizetype at = text.size() - words.size();
    return at == 0 || !rules::isWordPart(text[at - 1]);
}

/// The fact whose comparison stands right before the cursor.
const FactInfo *comparedFact(const QString &said)
{
    static const QStringList compares { u" is not"_s, u" is at least"_s, u" is over"_s,
        u" is at most"_s, u" is under"_s, u" is"_s, u" includes"_s, u" include"_s };
    for (const QString &compare : compares) {
        if (!said.endsWith(compare, Qt::CaseInsensitive))
            continue;
        const QString rest = said.chopped(compare.size());
        for (const FactInfo &fact : rules::factTable().all()) {
            for (const rules::Pattern &pattern : fact.parts) {
                const QString head = headOf(pattern);
                const QString name = head.endsWith(u" is") ? head.chopped(3) : head;
                if (endsWithWords(rest, name))
                    return &fact;
            }
        }
        return nullptr;
    }
    return nullptr;
}

bool waitsForTime(const QString &said)
{
    for (const FactInfo &fact : rules::factTable().all()) {
        for (const rules::Pattern &pattern : fact.parts) {
            for (const PatternPart &part : pattern) {
                const bool isTime = part.kind == PatternPart::Kind::For
                    || part.kind == PatternPart::Kind::Below
                    || part.kind == PatternPart::Kind::Window;
                if (isTime && endsWithWords(said, headOf(pattern)))
                    return true;
            }
        }
    }
    return endsWithWords(said, u"after"_s);
}

/// What a word before the cursor asks for: a team behind "team", a tier behind "escalate to".
std::optional<Slot> slotBehind(const QString &said)
{
    static const std::pair<QLatin1StringView, Slot> words[] { { "escalate to"_L1, Slot::Tier },
        { "team"_L1, Slot::Team }, { "agent"_L1, Slot::Agent }, { "reason"_L1, Slot::Reason },
        { "priority"_L1, Slot::Priority }, { "raise priority to"_L1, Slot::Priority },
        { "channel"_L1, Slot::Channel }, { "role"_L1, Slot::Role },
        { "checklist"_L1, Slot::Checklist }, { "set sla"_L1, Slot::Policy },
        { "webhook"_L1, Slot::Hook }, { "tier"_L1, Slot::Tier } };
    for (const auto &[word, slot] : words) {
        if (endsWithWords(said, QString(word)))
            return slot;
    }
    return std::nullopt;
}

/// What fits behind words that are whole; empty where anything may begin.
QList<Completion> valuesBehind(const QString &said, Part part, const RuleWords &words)
{
    QList<Completion> items;
    if (part == Part::When) {
        if (const FactInfo *fact = comparedFact(said)) {
            addNames(items, valueOffers(*fact, words));
            return items;
        }
    } else if (const auto slot = slotBehind(said)) {
        addNames(items, nameOffers(*slot, words));
        return items;
    }
    if (waitsForTime(said)) {
        for (const QString &time : timeOffers())
            items.append({ time, {} });
    }
    return items;
}

QList<Completion> beginnings(const Spot &spot, const QString &own)
{
    QList<Completion> items;
    const auto word = [&](const char *text) { items.append({ QString::fromLatin1(text), {} }); };
    switch (spot.part) {
    case Part::Start:
        items.append({ u"rule \"\""_s, {} });
        word("list");
        word("priority policy");
        return items;
    case Part::Name: word("when"); return items;
    case Part::When: {
        const bool isWhole
            = !own.trimmed().isEmpty() && rules::parseCondition(own).problems.empty();
        if (isWhole) {
            word("and");
            word("or");
            word("then");
        }
        for (const FactInfo &fact : rules::factTable().all()) {
            for (const rules::Pattern &pattern : fact.parts) {
                if (const QString head = headOf(pattern); !head.isEmpty())
                    items.append({ head, fact.help });
            }
        }
        word("not");
        return items;
    }
    case Part::Then: {
        const bool isWhole = !own.trimmed().isEmpty() && rules::parseActions(own).problems.empty();
        if (isWhole) {
            word("and");
            word("stop");
            word("continue");
        }
        for (const rules::ActionInfo &action : rules::actionTable().all()) {
            for (const rules::Pattern &pattern : action.parts) {
                if (const QString head = headOf(pattern); !head.isEmpty())
                    items.append({ head, action.help });
            }
        }
        return items;
    }
    }
    return items;
}

/// Where the words before the cursor begin, the nearest first: after "no ag" the places of "ag" and "no ag".
QList<qsizetype> wordStarts(const QString &before, qsizetype from)
{
    QList<qsizetype> starts;
    qsizetype at = before.size();
    while (at > from && starts.size() < mostWords) {
        qsizetype start = at;
        while (start > from && !before[start - 1].isSpace())
            --start;
        if (start < at)
            starts.append(start);
        at = start;
        while (at > from && before[at - 1].isSpace() && before[at - 1] != u'\n')
            --at;
        if (at > from && before[at - 1] == u'\n')
            break;
    }
    return starts;
}

void keep(Completions &found, const QList<Completion> &items, const QString &typed)
{
    for (const Completion &item : items) {
        if (found.items.size() >= mostItems)
            return;
        const bool fits = item.text.startsWith(typed, Qt::CaseInsensitive)
            || (item.text.startsWith(u'"')
                && QStringView(item.text).mid(1).startsWith(typed, Qt::CaseInsensitive));
        if (fits && item.text.size() > typed.size()
            && std::ranges::none_of(
                found.items, [&](const Completion &had) { return had.text == item.text; }))
            found.items.append(item);
    }
}

} // namespace

QString writtenName(const QString &name)
{
    return rules::isPlainWord(name) && !rules::isReserved(name) ? name : rules::quoted(name);
}

QStringList timeOffers()
{
    return { u"30m"_s, u"1h"_s, u"2h"_s, u"4h"_s, u"24h"_s, u"2 service hours"_s };
}

QStringList nameOffers(Slot slot, const RuleWords &words)
{
    if (slot == Slot::Priority)
        return { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s };
    QStringList names = words.vocabulary.names.value(slot);
    if (slot != Slot::Reason)
        return names;
    names += words.vocabulary.reasons;
    for (const QString &personal : words.vocabulary.personalReasons)
        names.removeAll(personal);
    return names;
}

QStringList valueOffers(const FactInfo &fact, const RuleWords &words)
{
    QStringList values = fact.choices + words.seen.value(fact.id);
    if (fact.id == "tier"_L1)
        values += words.vocabulary.names.value(Slot::Tier);
    else if (fact.id == "team"_L1)
        values += words.vocabulary.names.value(Slot::Team);
    else if (fact.id == "assignee"_L1)
        values += words.vocabulary.names.value(Slot::Agent);
    values.removeDuplicates();
    return values;
}

Completions complete(const QString &text, qsizetype cursor, const RuleWords &words)
{
    const QString before = text.left(std::clamp<qsizetype>(cursor, 0, text.size()));
    const Spot spot = spotOf(before);
    Completions found { .start = before.size() };
    if (spot.isInString) {
        // A name in quotes: only what the word before it asks for.
        const QString said = before.mid(spot.from, spot.stringStart - spot.from).trimmed();
        QList<Completion> names = valuesBehind(said, spot.part, words);
        for (Completion &name : names) {
            if (!name.text.startsWith(u'"'))
                name.text = rules::quoted(name.text);
        }
        found.start = spot.stringStart;
        keep(found, names, before.mid(spot.stringStart));
        return found;
    }
    // The longest beginning that something goes on from wins: "no ag" before "ag".
    const QList<qsizetype> starts = wordStarts(before, spot.from);
    const bool isBetween = before.isEmpty() || before.back().isSpace();
    // What is being written says nothing yet of whether the part before it is whole.
    const QList<Completion> all = beginnings(spot,
        isBetween || starts.isEmpty() ? before.mid(spot.from)
                                      : before.mid(spot.from, starts.first() - spot.from));
    if (!isBetween && !starts.isEmpty()) {
        const qsizetype last = starts.first();
        found.start = last;
        keep(found,
            valuesBehind(before.mid(spot.from, last - spot.from).trimmed(), spot.part, words),
            before.mid(last));
        if (!found.items.isEmpty())
            return found;
    }
    if (isBetween) {
        // What the words before ask for goes before longer ways to say them.
        keep(found, valuesBehind(before.mid(spot.from).trimmed(), spot.part, words), {});
        if (!found.items.isEmpty())
            return found;
    }
    for (qsizetype i = starts.size(); i-- > 0;) {
        const QString typed = before.mid(starts[i]).simplified();
        if (isBetween && typed.isEmpty())
            continue;
        found.start = starts[i];
        keep(found, all, isBetween ? typed + u' ' : typed);
        if (!found.items.isEmpty())
            return found;
    }
    if (!isBetween)
        return found;
    found.start = before.size();
    keep(found, all, {});
    return found;
}

} // namespace tierline::ui
