#pragma once

#include "core/commands/templates.h"
#include "core/engine/postage.h"
#include "core/rules/book.h"
#include "core/rules/priority.h"
#include "core/rules/rounds.h"
#include "core/storage/store.h"

namespace tierline::engine {

/// A rule that runs, with its number in the sets of a frame.
struct RunningRule {
    StoredRule stored;
    rules::Rule tree;
    bool isShadow() const { return stored.state == RuleState::Shadow; }
};

/// Everything that looking at any ticket needs, read once and again after a change of it: the rules that run,
/// compiled, the people, what is agreed. Thread: one at a time. Never moves: lives point into it.
class Frame
{
public:
    /// `ways`: the kinds of ways to people over networks that this program has; null: none, and then nobody is reached
    /// but at their desktops.
    static Result<std::unique_ptr<Frame>> load(
        storage::Connection &connection, const notify::WayRegistry *ways = nullptr);
    Frame(const Frame &) = delete;

    QString ruleRevision;
    /// All that run, in running order.
    std::vector<RunningRule> rules;
    std::vector<int> liveRules; ///< number in `rules` of each rule of `live`
    std::unique_ptr<rules::RuleSet> live;
    /// Live ones and shadows together, as it would be if the shadows were live; null where there is no shadow.
    std::unique_ptr<rules::RuleSet> withShadows;
    std::unique_ptr<rules::PriorityRules> priority; ///< the live policy, or null
    StoredRule priorityRule; ///< how it stands in the book
    rules::Parts priorityParts = 0; ///< what it reads
    QStringList unreadable; ///< sentences

    QList<Tier> tiers;
    QList<Team> teams;
    QList<Agent> agents;
    commands::Templates templates;
    bool hasLanguages = false; ///< a template has a text of its own for one
    QSet<QString> foreignAccounts; ///< whose tickets another workspace's runner fires for
    QHash<QString, QStringList> scored; ///< fields that triage writes, by account that has them
    bool usesZones = false; ///< of customers
    bool readsClocks = false; ///< clocks or hours: any rule or policy does, or a priority climbs
    bool climbs = false; ///< a policy lets the priority climb
    /// Nothing runs: no rule, no ladder, no climbing priority, no path of a matrix, no open question, no field to write.
    bool isIdle = false;
    rules::LifeFrame life;

    const Agent *agent(const QString &id) const;
    const Team *team(const QString &name) const;
    const Tier *tier(const QString &id) const;
    /// Whether somebody would hear of a notice.
    bool reaches(NoticeTarget kind, const QString &target) const;

    /// What the engine knew of a rule when it last walked over all tickets: another text means that tickets
    /// must be looked at again, and perhaps what stood before.
    QString signature() const;

private:
    Frame() = default;
    std::optional<PostOffice> m_office;
    Result<Done> loadRules(storage::Connection &connection);
    Result<Done> loadPeople(storage::Connection &connection);
};

} // namespace tierline::engine
