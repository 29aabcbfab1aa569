#pragma once

#include "core/base/instant.h"
#include "core/domain/codes.h"

#include <vector>

namespace tierline {

/// What stands in a workspace's rule book: each a text in the canonical form of the rule language.
enum class RuleKind : quint8 { Rule = 0, List = 1, Policy = 2 };

/// The life of a rule. A list is live or retired. Of the priority policies at most one is live.
enum class RuleState : quint8 {
    Draft = 0, ///< kept, does nothing
    Shadow = 1, ///< runs, records what it would have done, changes nothing
    Live = 2,
    Retired = 3, ///< out of use, kept for ever
};

QString code(RuleKind); ///< rule, list, policy
QString code(RuleState); ///< draft, shadow, live, retired
template<>
std::optional<RuleKind> fromCode<RuleKind>(QStringView text);
template<>
std::optional<RuleState> fromCode<RuleState>(QStringView text);
template<>
QStringList codes<RuleState>();

/// A rule, keyword list or priority policy as it stands now.
struct StoredRule {
    QString id; ///< its identity for ever: every version, state and name has the same
    RuleKind kind = RuleKind::Rule;
    QString name; ///< as its text says it; unique in its kind, in any case of letters
    RuleState state = RuleState::Draft;
    int order = 0; ///< 1 runs first; counted in its kind
    int version = 1; ///< of `text`; from 1
    /// Versions of one era inherit what fired from each other; "apply again" begins a new one. The fire-once
    /// key is made with firingId().
    int era = 1;
    Instant since; ///< when it came into this state
    /// Chosen when it went live or into shadow: also tickets for which its conditions held already then.
    /// Otherwise only what begins to hold from `since` on.
    bool appliesToStanding = false;
    int weeklyCap
        = 0; ///< fires in seven days beyond which a live rule goes on as a shadow; 0: none
    QString text;

    /// What stands for the rule in fire-once keys.
    QString firingId() const { return era == 1 ? id : id + u'~' + QString::number(era); }
    bool runs() const { return state == RuleState::Live || state == RuleState::Shadow; }
    bool operator==(const StoredRule &) const = default;
};

/// One saved text of a rule.
struct RuleVersion {
    QString rule;
    QString name; ///< as the text says it
    int number = 1;
    int era = 1;
    Instant made;
    QString actor;
    QString why;
    QString metric; ///< the figure that prompted it, or empty
    QString text;
    bool operator==(const RuleVersion &) const = default;
};

/// One change of the rule book, as it is kept: what was done, by whom, when, why.
struct RuleChange {
    enum class What : quint8 { Added = 0, Text = 1, State = 2, Order = 3, Cap = 4, RolledBack = 5 };
    qint64 number = 0; ///< ascending
    QString rule;
    QString name; ///< of the rule at that time
    What what = What::Added;
    Instant at;
    QString actor;
    QString before, after; ///< version numbers, state codes, places, caps; as text
    QString why;
    QString metric;
    QString operation; ///< UUID; all changes of one command share it
    bool operator==(const RuleChange &) const = default;
};
QString code(RuleChange::What); ///< added, text, state, order, cap, rolled-back

/// Everything in a workspace's rule book, retired things too.
struct RuleBook {
    QString revision; ///< another one after every change
    std::vector<StoredRule> rules; ///< in running order
    std::vector<StoredRule> lists; ///< by name
    std::vector<StoredRule> policies; ///< in order

    const std::vector<StoredRule> &of(RuleKind kind) const
    {
        return kind == RuleKind::Rule ? rules : kind == RuleKind::List ? lists : policies;
    }
    /// By name in any case of letters, or by id; null where there is none.
    const StoredRule *find(RuleKind kind, QStringView nameOrId) const;
    /// Among rules, then policies, then lists.
    const StoredRule *find(QStringView nameOrId) const;
    /// The priority policy that rules, or null.
    const StoredRule *livePolicy() const;
};

} // namespace tierline
