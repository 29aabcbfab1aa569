#pragma once

#include "core/calendar/ticketclocks.h"
#include "core/escalation/clockpast.h"
#include "core/escalation/pathbook.h"
#include "core/rules/activity.h"
#include "core/rules/neighbourtrace.h"
#include "core/rules/registry.h"
#include "core/triage/reader.h"

#include <QSet>

#include <functional>

namespace tierline::rules {

/// Fields of a ticket in which other systems report, or triage writes, how the customer is: -100 … 100, and
/// "low", "medium" or "high".
inline constexpr QLatin1StringView sentimentField("sentiment_score");
inline constexpr QLatin1StringView riskField("escalation_risk");

/// What the lives of all tickets of a workspace share. Everything outlives every life; a book is read by one
/// thread, so each thread that replays has a frame with a book of its own.
struct LifeFrame {
    std::shared_ptr<const sla::AgreementBook> agreements; ///< null: nothing was ever agreed
    escalation::ClockPeople
        people; ///< tiers, agents and teams' zones; a customer's part stays empty
    const triage::TextReader *reader = nullptr; ///< null: what words say stays unknown
    QHash<QString, qint64> capacity; ///< new and open tickets that a team can have, where known
    std::shared_ptr<const escalation::PathBook> paths; ///< null: there is no matrix
    bool tracesNeighbours = false; ///< lives keep their trace, for rules that read other tickets
};

/// What no ticket's log keeps of its customer. Facts of the organization are those known at the instant that is asked
/// for; the rest is as it is known now.
struct LifeCustomer {
    std::optional<Organization> organization; ///< now
    std::shared_ptr<const OrganizationPast> past; ///< and before; null: the same
    QString requester; ///< address, else name
    QString zone, organizationZone; ///< IANA names, where known
};

/// The text of a message; empty where there is none. Asked at most once for each message of the customer,
/// and only when a rule reads words.
using MessageText = std::function<QString(MessageId)>;

/// Parts of a subject that cost more than a look at the log, and are made only when they are asked for.
enum class Part : quint8 {
    Text = 1, ///< subject and the customer's words
    Signs = 2, ///< what triage reads from them, and what fields of the ticket report
    Clocks = 4, ///< of service agreements, and the limit of the open stage
    Hours = 8, ///< in which service time is counted
    Mood = 16, ///< with Signs: those that come of how the words feel
};
using Parts = quint8;
inline constexpr Parts allParts = 31;
/// What reading these facts takes.
Parts partsFor(const FactSet &facts);

/// One ticket's log, event by event, as the subject of rules at any instant. The engine appends what happens,
/// a backtest replays what happened; both get the same from the same log. Nothing is known before its event:
/// no later field, no later message, no edition of an agreement that came later, and an undone event counts
/// until it is undone; so does an answer that was given up before the helpdesk heard of it. How it reads:
/// - An event that its source dates before the one that stands before it is known from then.
/// - Texts hold at most 65,536 characters: the subject, then the newest words of the customer.
/// - Mood, urgency, risk and language are those of the customer's last words (the first ones with the subject).
///   Asking for a person or a manager, churn intent and legal words count from the last answer of ours
///   or reopening on: what was answered is no longer asked.
/// - Fields of the ticket report what other systems know, and go before what triage reads: `sentiment_score`,
///   `escalation_risk`, `failed_logins`, `failed_payment`, `revenue_loss`, `bot_gave_up`, `signals`. What triage
///   itself wrote there for a helpdesk to see is no report: its reading goes on with the next words.
/// - The bot gave up where the ticket went from a tier of rank 0 to people; else it did not.
/// - Service hours are those of the policy that rules for the customer, else between tiers, else of the only
///   calendar there is; nothing pauses them. A ticket without any has none.
/// Thread: that of its owner. An event costs about a microsecond; a part what its room says.
class TicketLife
{
public:
    explicit TicketLife(const LifeFrame &frame);
    TicketLife(const TicketLife &) = delete;

    /// Begins another ticket; its log follows.
    void begin(TicketId id, LifeCustomer customer = {}, MessageText textOf = {});
    /// What is known of the customer has changed: Change::Customer.
    void setCustomer(LifeCustomer customer);
    /// Who answers for other tickets; must live as long as subjects are read.
    void setAround(const Surroundings *around) { m_subject.around = around; }

    /// The next event in the ticket's one order; says what it changes. A late one that belongs before
    /// others is no next event: begin again then.
    Changes apply(const Event &event);

    bool isEmpty() const { return m_events.empty(); }
    TicketId id() const { return m_state.ticket.id; }
    /// Since when the last event is known; nothing earlier can be asked any more.
    Instant knownAt() const { return m_knownAt; }
    const TicketState &state() const { return m_state; }
    const Activity &activity() const { return m_fold.activity(); }
    /// Where the ticket's present life began: its creation, or its last reopening.
    Instant livesSince() const
    {
        const std::optional<Instant> &since = m_fold.activity().cycleStart;
        return since ? *since : m_state.ticket.created;
    }
    const LifeCustomer &customer() const { return m_customer; }
    /// What was known of the organization then; null where there is none.
    const Organization *factsAt(Instant at) const;
    /// What other tickets' rules read of this one; kept where the frame says so.
    const NeighbourTrace &trace() const { return m_trace; }
    /// Instants after `from` at which a new edition of what is agreed begins, the earliest; until then
    /// clocks stand as they are.
    std::optional<Instant> nextEdition(Instant from) const;
    /// The first instant after `from` at which something else became known of the customer.
    std::optional<Instant> nextTurn(Instant from) const;

    /// The customer's newest words, which nobody else sees differently; none before they wrote.
    MessageId lastWords() const { return m_words.empty() ? MessageId() : m_words.back().message; }
    /// What triage reads in them, whatever fields say; null without words or a reader. Until the next event.
    const triage::Signs *lastSigns();

    /// The subject at an instant not before knownAt(). The reference holds until the next call of anything
    /// here; parts that are not asked for are those of an earlier call, or empty.
    const Subject &at(Instant now, Parts parts = allParts);

private:
    void useFacts(const Organization *facts);
    void fold(const Event &event);
    void noteSaid(const Event &event, bool wasSolved);
    void foldAgain();
    void noteWords(const Event &event, bool wasSolved);
    void makeText();
    void makeSigns(bool withMood);
    void makeClocks(Instant now);
    void makeCycles(Instant now);
    void makeHours(Instant now);
    std::shared_ptr<const CalendarEditions> hoursUnder(
        const sla::AgreementBook::Edition *ruling, const sla::PolicyFields *fields) const;
    void addStageClock();
    const sla::TicketPast &past();
    const triage::Signs &signsOf(size_t number, bool withMood);
    void noteFields(const Event &event);
    void setFieldSigns();
    QString wordsOf(size_t number);

    /// A message of the customer; its text is fetched when it is first read.
    struct Words {
        MessageId message;
        bool isFetched = false;
        QString text;
        std::optional<triage::Signs> signs;
        bool hasMood = false; ///< whether they say it
    };

    const LifeFrame &m_frame;
    escalation::ClockPeople m_people;
    LifeCustomer m_customer;
    const Organization *m_facts
        = nullptr; ///< in m_customer: those known at the instant last asked for
    MessageText m_textOf;

    std::vector<Event> m_events; ///< the log so far, for clocks and for what is undone
    QSet<qint64> m_unsent; ///< messages that stay here, as is known so far
    Instant m_knownAt;
    TicketState m_state;
    ActivityFold m_fold;
    NeighbourTrace m_trace;
    bool m_botGaveUp = false;
    QSet<QString> m_ownFields; ///< whose value is what triage wrote
    std::vector<Words> m_words;
    size_t m_openWords = 0; ///< the first of them that nothing has answered

    Subject m_subject;
    Parts m_made = 0; ///< parts of m_subject that the log so far gives
    bool m_isActivityMade = false;
    Instant m_clocksAt; ///< editions up to here are in m_clocks
    std::optional<escalation::ClockPastFold> m_past;
    size_t m_pastEvents = 0; ///< that m_past has taken
    std::vector<sla::TicketClock> m_clocks;
    std::vector<ClockMemo> m_memos; ///< of each of them
    std::vector<sla::TicketClock> m_clocksBefore; ///< and how they were before they were made anew
    std::vector<ClockMemo> m_memosBefore;
    bool m_areClocksMade = false;
    std::optional<sla::Cycle> m_stage;
    std::shared_ptr<const CalendarEditions> m_hours;
    /// By what m_hours were chosen.
    struct HoursBy {
        std::shared_ptr<const sla::AgreementBook> book;
        const sla::AgreementBook::Edition *ruling = nullptr;
        size_t fields = 0; ///< rows of the past's fields
        bool operator==(const HoursBy &) const = default;
    };
    HoursBy m_hoursBy;
};

} // namespace tierline::rules
