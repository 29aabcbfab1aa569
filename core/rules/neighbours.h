#pragma once

#include "core/rules/life.h"
#include "core/rules/ruleset.h"

#include <QHash>

namespace tierline::rules {

/// What rules of a set read of other tickets, indexed over all tickets, to be asked as of any instant. Traces
/// may come in any order and again: the last one of a ticket counts. The live engine sets the trace of a
/// ticket after its events, before the rounds that follow from them; a backtest sets all of them, then
/// asks. The figures, as of an instant `now` and for a window:
/// - Tickets from one account: those of the ticket's organization that were created in (now - window, now],
///   itself among them. Unknown without an organization.
/// - Unanswered ones: those of them that had no public answer of ours and were not solved until now.
/// - Customers reopening the same issue: different customers (organizations, else requesters) of whom a
///   ticket about the same issue (NeighbourTrace::issueOf(), as it stood then) was reopened in
///   (now - window, now]. Unknown where the ticket's own issue is.
/// - Similar tickets: those created in (now - window, now] whose subject has at least half of the different
///   words of the longer of both subjects, and two words in common where both have two; itself among them.
///   Words have three letters or digits and more, and are no number. Unknown without such a word.
/// - Arrivals against the usual: those created in (now - window, now], as a share of the mean of the same
///   window one, two, three and four weeks of 168 hours before, as far back as there are tickets. Unknown
///   where that is less than two weeks, or the mean is 0.
/// - Free capacity of a team: 1 less its new and open tickets by its capacity, never below 0. Unknown where
///   nobody said the capacity.
/// Undone events do not count, also before they were undone. Only what the set reads is kept: about 50 bytes
/// a ticket for each kind. Thread: one writer; after prepare() any number of readers.
class Neighbours
{
public:
    explicit Neighbours(const RuleSet &set);

    /// Whether any rule of a set reads other tickets at all.
    static bool areReadBy(const RuleSet &set);
    /// Whether what they read of each is no more than when and by whom it was made: the beginnings of logs do then.
    bool readBeginningsOnly() const
    {
        return !(m_readsUnanswered || m_readsIssue || m_readsSimilar || m_readsCapacity);
    }

    /// How many new and open tickets a team can have at once; none where it is not known.
    void setCapacity(const QString &team, std::optional<qint64> tickets);
    /// What a ticket's log says by now.
    void set(const NeighbourTrace &trace);
    /// Sorts what came out of order. Asking does so by itself, but then from one thread only.
    void prepare() const;

    Told<qint64> ticketsFromAccount(OrganizationId organization, Millis window, Instant now) const;
    Told<qint64> unansweredFromAccount(
        OrganizationId organization, Millis window, Instant now) const;
    Told<qint64> customersReopening(const QString &issue, Millis window, Instant now) const;
    Told<qint64> similarTickets(const QString &subject, Millis window, Instant now) const;
    Told<qint64> arrivalsOfUsual(Millis window, Instant now) const;
    Told<qint64> freeCapacity(const QString &team, Instant now) const;

    /// When other tickets' events change a count in which this ticket stands: another ticket of the account
    /// comes, or is answered, while this one is in the window; another ticket of the same issue is reopened
    /// while this one's reopening is; a similar one comes while this one is. Ascending, each once. A
    /// round of this ticket follows at each, unless it is solved then.
    std::vector<Instant> wakes(const NeighbourTrace &trace) const;
    /// The same of the trace that was set for a ticket.
    std::vector<Instant> wakesOf(TicketId ticket) const;
    /// The other side of the same: the tickets that events of this one at exactly this instant wake.
    std::vector<TicketId> wokenBy(const NeighbourTrace &trace, Instant at) const;

private:
    struct Member {
        qint64 created;
        qint64 answered; ///< cell::never: not
        qint64 ticket;
    };
    struct Reopened {
        qint64 at;
        qint64 customer; ///< organizations above 0, requesters below
        qint64 ticket;
    };
    struct Alike {
        qint64 created;
        qint64 ticket;
        std::vector<qint32> words; ///< ascending
    };
    /// Tickets of a team that take time, from an instant on.
    struct Team {
        mutable std::vector<std::pair<qint64, qint64>> steps; ///< instant, change
        mutable std::vector<qint64> sums; ///< after each step
        mutable bool isSorted = true;
    };

    void setMember(const NeighbourTrace *old, const NeighbourTrace &trace);
    void setReopenings(const NeighbourTrace *old, const NeighbourTrace &trace);
    void setLoads(const NeighbourTrace *old, const NeighbourTrace &trace);
    void setAlike(const NeighbourTrace *old, const NeighbourTrace &trace);
    void addSteps(const NeighbourTrace &trace, size_t from, qint64 sign);
    std::vector<qint32> wordsOf(const QString &subject) const;
    const std::vector<Member> *accountOf(OrganizationId organization) const;
    template<typename F>
    void forEachAlike(
        const std::vector<qint32> &words, qint64 after, qint64 until, F &&visit) const;

    Millis m_accountWindow { 0 }, m_issueWindow { 0 }, m_similarWindow { 0 };
    bool m_readsAccount = false, m_readsUnanswered = false, m_readsIssue = false,
         m_readsSimilar = false, m_readsArrivals = false, m_readsCapacity = false;
    QHash<qint64, NeighbourTrace> m_traces; ///< to take back what no longer counts
    QHash<qint64, std::vector<Member>> m_accounts; ///< by organization; by creation
    QHash<QString, std::vector<Reopened>> m_issues; ///< by instant
    QHash<QString, qint32> m_words;
    std::vector<std::vector<qint32>> m_withWord; ///< places in m_alike by word
    std::vector<Alike> m_alike;
    mutable std::vector<qint64> m_created;
    mutable bool m_isCreatedSorted = true;
    QHash<QString, Team> m_teams;
    QHash<QString, qint64> m_capacity;
};

} // namespace tierline::rules
