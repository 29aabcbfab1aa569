#pragma once

#include "core/commands/rules.h"
#include "core/desk/desk.h"
#include "core/desk/rulecheck.h"

namespace tierline::desk {

/// The rule book as whoever works at the desk changes it: the door for both faces. Texts are read here and
/// kept in canonical form; leads and admins may. Thread: the store's; the desk outlives it.
class RuleDesk
{
public:
    RuleDesk(storage::Store &store, RandomSource &random, const Desk &desk)
        : m_store(store)
        , m_random(random)
        , m_desk(desk)
    {
    }
    Result<RuleBook> book() { return storage::loadRuleBook(m_store.connection()); }
    /// The text beside what stands.
    Result<RuleCheck> check(QByteArrayView utf8);

    /// Saves every rule, list and policy of a text: what is new as drafts. BadInput with the first problem where
    /// it cannot be read whole, or where a rule that is live would be unsound: then nothing is saved.
    Result<commands::RuleOutcome> load(
        QByteArrayView utf8, const commands::RuleReason &reason, bool appliesAgain = false);
    /// The same of one thing that somebody edited: `id` keeps its identity under another name, `basedOn` is the
    /// version that was edited. The text holds exactly one thing.
    Result<commands::RuleOutcome> save(const QString &id, int basedOn, const QString &text,
        const commands::RuleReason &reason, bool appliesAgain = false);
    /// BadInput where a rule that is to run could never do what it says, or a live rule reads a list that is to
    /// be retired.
    Result<commands::RuleOutcome> run(const commands::SetRuleState &command);
    Result<commands::RuleOutcome> run(const commands::SetRuleCap &command);
    Result<commands::RuleOutcome> run(const commands::OrderRules &command);
    /// BadInput where the earlier text cannot be read any more.
    Result<commands::RuleOutcome> run(const commands::RollBackRule &command);

private:
    commands::Context makeContext() const
    {
        return { m_store, m_random, m_desk.actor(), m_desk.visibility(), m_store.clock().now() };
    }
    Result<Done> checkLive(const RuleBook &book, const RuleCheck &check);
    storage::Store &m_store;
    RandomSource &m_random;
    const Desk &m_desk;
};

/// The rules that are shipped, as drafts and shadows, for a workspace that has no rule yet; nothing else.
Result<Done> installRules(storage::Store &store, RandomSource &random);
/// The shipped texts by file name; their first comment says in which state each begins.
QList<std::pair<QString, QByteArray>> shippedRules();

} // namespace tierline::desk
