#pragma once

#include "core/calendar/clockcycles.h"

#include <array>
#include <map>

namespace tierline::sla {

/// Between whom something is agreed. A ticket has at most one policy of each at a time, and their clocks
/// are never one number.
enum class Party : quint8 {
    Customer, ///< what the customer is promised
    Internal, ///< what tiers promise each other
    Supplier, ///< what somebody outside owes us
};
QString code(Party party);
std::optional<Party> partyFromCode(QStringView text);
/// Whose policies may have a target for this clock.
Party partyOf(ClockKind kind);
/// Whether a policy may let this clock pause while pending; the others pause as they always do, or never.
bool mayPause(ClockKind kind);

/// What policies read of a ticket, as it stood for a while.
struct PolicyFields {
    QString tier, team, channel, plan, organization, category, product, type;
    Priority priority = Priority::Normal;
    std::optional<Severity> severity;
    QStringList tags;
    QString customerZone, organizationZone, teamZone; ///< IANA names, where known
    std::array<QString, 3>
        given; ///< names of policies chosen for the ticket itself, by party; or empty
    bool operator==(const PolicyFields &) const = default;
};

/// Plain matches of fields: of each list that is given the ticket must have a value (of tags, any). No
/// distinction of upper and lower case.
struct FieldMatch {
    QStringList tiers, teams, channels, plans, organizations, categories, products, types, tags;
    std::vector<Priority> priorities;
    std::vector<Severity> severities;

    bool isBlank() const;
    bool holds(const PolicyFields &fields) const; ///< also where it is blank
    bool operator==(const FieldMatch &) const = default;
};

struct PolicyTarget {
    ClockKind clock = ClockKind::FirstResponse;
    Millis length { 0 };
    FieldMatch when; ///< blank: always. Of a tier's clock, `tiers` is the tier that it is for
    bool operator==(const PolicyTarget &) const = default;
};

/// Whose wall the hours are read on. One that is not known falls back along this order to the calendar's.
enum class ZoneChoice : quint8 { Customer, Organization, Team, Calendar };
QString code(ZoneChoice choice);
std::optional<ZoneChoice> zoneChoiceFromCode(QStringView text);

/// What is promised for the tickets that it matches.
struct Policy {
    QString name; ///< unique, also across parties
    Party party = Party::Customer;
    bool isDefault = false; ///< its blank conditions match every ticket; else they match none
    FieldMatch when;
    QString calendar; ///< name of one of the book's
    ZoneChoice zone = ZoneChoice::Calendar;
    std::vector<PolicyTarget> targets; ///< for each clock the first that holds
    std::vector<ClockKind> pauses; ///< which of those that mayPause() do while pending
    bool callsAnswer = false; ///< a logged call, or a note that the customer sees, is an answer
    Millis grace { 0 }; ///< time to act where a change made the target past already
    bool changeRunsLadder = false; ///< a breach by a change alarms as any other
    std::optional<Priority> climbsTo; ///< the priority grows to this by the time it is due

    bool matches(const PolicyFields &fields) const;
    /// nullptr: nothing is promised of this clock.
    const PolicyTarget *target(ClockKind clock, const PolicyFields &fields) const;
    ClockOptions options(ClockKind clock) const;
    bool operator==(const Policy &) const = default;
};

/// All policies, in the order in which they are asked: of each party the one that was given to the ticket, where
/// there still is one of that name, else the first that matches rules.
using Policies = std::vector<Policy>;

/// nullptr: no agreement.
const Policy *choose(const Policies &policies, Party party, const PolicyFields &fields);

/// Which zone a policy's hours are read in, and by whose word.
struct ChosenZone {
    ZoneChoice by = ZoneChoice::Calendar;
    QString name; ///< empty: the calendar's own
};
ChosenZone zoneFor(const Policy &policy, const PolicyFields &fields);

/// Everything that is agreed, through its editions: the policies from when, and the calendars. Copying is
/// cheap enough to hand a book to a thread; one book is read by one thread.
class AgreementBook
{
public:
    struct Edition {
        int number = 1;
        Instant from; ///< the first rules from ever
        Policies policies;
    };
    bool isEmpty() const { return m_editions.empty(); }
    const std::vector<Edition> &editions() const { return m_editions; }
    const std::map<QString, CalendarEditions> &calendars() const { return m_calendars; }

    /// Whether any policy, now or before, reads hours on the wall of a customer, company or team.
    bool usesZones() const;

    /// Editions come in order. BadInput naming the policy and what is wrong: no target, a target of zero,
    /// a clock of another party, an unknown calendar, two of one name, two defaults of one party.
    Result<Done> add(Edition edition);
    void setCalendar(const QString &name, CalendarEditions editions);
    /// The hours of a calendar as read in a zone; none where there is no such calendar.
    std::shared_ptr<const CalendarEditions> hours(
        const QString &calendar, const QString &zone) const;
    /// Whether any edition has a target of such a clock, or pauses it while pending.
    bool isAgreedEver(ClockKind kind) const { return m_isAgreed[static_cast<size_t>(kind)]; }
    bool isPausedEver(ClockKind kind) const { return m_isPaused[static_cast<size_t>(kind)]; }
    /// Since when editions and the calendars' own rule, in order.
    const std::vector<Instant> &turns() const { return m_turns; }

private:
    void noteTurns();

    std::vector<Edition> m_editions;
    std::map<QString, CalendarEditions> m_calendars;
    std::vector<Instant> m_turns;
    std::array<bool, allClocks.size()> m_isAgreed {}, m_isPaused {}; ///< by kind
    mutable std::map<std::pair<QString, QString>, std::shared_ptr<const CalendarEditions>> m_hours;
};

/// Whether these policies could be an edition of a book with these calendars; see AgreementBook::add().
Result<Done> check(const Policies &policies, const QStringList &calendars);

} // namespace tierline::sla
