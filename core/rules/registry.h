#pragma once

#include "core/domain/event.h"
#include "core/rules/subject.h"
#include "core/rules/tree.h"

#include <QStringList>

#include <bitset>
#include <deque>

namespace tierline::rules {

/// How a fact is compared, and what is written after its name.
enum class FactType : quint8 {
    Flag, ///< holds or not: `complex`
    Choice, ///< one word of some: `plan is enterprise`
    Names, ///< several words: `tags include vip`
    Number, ///< `health is under 40`; a count reads `reopened 2 times`, which means at least
    Money, ///< `arr is at least $100,000`
    Percent, ///< `capacity of team "Billing" is under 20 %`
    Text, ///< `text mentions "refund"`, `text matches "…"`
    Any, ///< a custom field: what it is compared with says how
    Elapsed, ///< `idle for 4h`: time since an instant
    Left, ///< `sla left below 30m`: until an instant
    Within, ///< `renewal within 60d`: before a day, and on it
    Span, ///< holds from one instant to another: `outside service hours`
};

/// What kinds of event change what a fact says. A rule is judged again only when one of them happens.
enum class Change : quint16 {
    Fields = 1, ///< category, product, type, tags, custom fields, subject
    Status = 2, ///< solved, reopened, pending too
    Priority = 4, ///< severity and the mark of complex tickets too
    Place = 8, ///< tier, team
    Owner = 16,
    Message = 32,
    Customer = 64, ///< what is known of the organization
    Signal = 128, ///< what triage or another system says
    Clock = 256, ///< a service agreement or a limit
    Escalation = 512, ///< flagged, escalated, accepted, returned
    Around = 1024, ///< other tickets, teams, arrivals: told by whoever counts them
    Nothing = 0,
};
using Changes = quint16;
constexpr Changes operator|(Change a, Change b)
{
    return Changes(Changes(a) | Changes(b));
}
constexpr Changes operator|(Changes a, Change b)
{
    return Changes(a | Changes(b));
}

/// What an event of a ticket's log changes. A message also changes what triage says of it, and who is
/// waited for.
Changes changesOf(const Event &event);

/// What a fact is asked for.
struct Ask {
    QString name; ///< field, tier, team
    Millis window { 0 };
    Amount left; ///< FactType::Left
    ValueKind compared = ValueKind::Word; ///< FactType::Any
};

using FactNumber = qint16;
constexpr size_t maxFacts = 128;
using FactSet = std::bitset<maxFacts>;

/// A piece of the words in which a fact or an action is written.
struct PatternPart {
    enum class Kind : quint8 {
        Words, ///< any of these, literally; the first is printed
        Compare, ///< {is}
        Count, ///< {count}: `3`, `over 3`
        For, ///< {for}: a duration
        Below, ///< {below}: a duration or a share
        Window, ///< {window}: a duration on the wall
        Name, ///< {tier}, {team}, {field}: what the fact is asked for
        Argument, ///< of an action
    };
    Kind kind = Kind::Words;
    QStringList words;
    Slot slot = Slot::Text; ///< Name, Argument
};
using Pattern = std::vector<PatternPart>;

/// One condition that rules can read: a row of a file in facts/. Everything that is offered, checked,
/// printed, explained and evaluated about it comes from here.
struct FactInfo {
    QString id; ///< stable; "no-agent-reply"
    QString group; ///< customer, issue, behaviour, text, time, place
    QStringList patterns; ///< how it is written; the first is how it prints
    FactType type = FactType::Flag;
    QString help; ///< one sentence
    QString example; ///< a condition
    Changes changes = 0;
    QStringList choices; ///< all words that a Choice can be; empty: any
    bool isOrdered = false; ///< the choices ascend: `priority is at least high`
    bool isQuoted = false; ///< a name that people gave: prints in quotes
    bool isPlural = false; ///< "are"
    QString said; ///< how its actual value reads in a sentence: "waited %1"
    bool isMoment
        = false; ///< says when a rule may act, not why: it fires for no cause of this kind
    bool isOfMood
        = false; ///< a signal that comes of how the customer's words feel, which costs most to read
    QString clock; ///< code of the service agreement's clock that it names; empty: none
    Reading (*read)(const Subject &, const Ask &) = nullptr;

    FactNumber number = 0;
    std::vector<Pattern> parts; ///< of `patterns`
    bool isOnTime() const { return type >= FactType::Elapsed; }
};

/// All facts, in the order of their files. Built once, thread-safe; never changes.
class FactTable
{
public:
    void add(FactInfo info);
    const std::deque<FactInfo> &all() const { return m_facts; }
    const FactInfo *find(QStringView id) const;
    /// Names that are a whole condition in one word; they are never bare values.
    const QStringList &oneWordNames() const { return m_oneWord; }
    /// The words with which conditions begin, for "did you mean".
    QStringList names() const;
    FactSet changedBy(Changes changes) const;

private:
    std::deque<FactInfo> m_facts;
    QStringList m_oneWord;
};
const FactTable &factTable();

/// One word pair after an action: `team "Billing"`.
struct ActionOption {
    QString keyword;
    Slot slot = Slot::Text;
};

/// One action that rules can take: a row of a file in actions/.
struct ActionInfo {
    QString id;
    QStringList patterns; ///< the first that fits its arguments is how it prints
    QString help;
    QString example;
    QList<ActionOption> options; ///< in the order in which they print
    bool escalates = false; ///< at most one of these happens to a ticket in one round
    bool notifies = false; ///< somebody hears of it
    bool facesCustomer = false;
    bool isInLadder = true; ///< may stand in a ladder's step

    std::vector<Pattern> parts;
};

class ActionTable
{
public:
    void add(ActionInfo info);
    const std::deque<ActionInfo> &all() const { return m_actions; }
    const ActionInfo *find(QStringView id) const;
    QStringList names() const;

private:
    std::deque<ActionInfo> m_actions;
};
const ActionTable &actionTable();

/// Filled by the files in facts/ and actions/; the build writes the calls.
void fillTable(FactTable &table);
void fillTable(ActionTable &table);

/// "no agent reply for {for}" in parts. A wrong pattern is a fault of ours and asserts.
Pattern parsePattern(const QString &pattern);
/// The name of a slot in a pattern, an option or a message: "team".
QString slotName(Slot slot);

} // namespace tierline::rules
