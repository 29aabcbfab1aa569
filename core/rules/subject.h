#pragma once

#include "core/calendar/clockcycles.h"
#include "core/domain/people.h"
#include "core/domain/ticket.h"

#include <QMap>

namespace tierline::rules {

/// What is known of something: a value, that there is none, or nothing. The last is never taken for the
/// second: a rule that needs it cannot be judged, and says so.
template<typename T>
class Told
{
public:
    Told() = default;
    Told(T value)
        : m_value(std::move(value))
        , m_state(State::Value)
    {
    }
    static Told none()
    {
        Told told;
        told.m_state = State::None;
        return told;
    }
    bool isKnown() const { return m_state != State::Unknown; }
    bool hasValue() const { return m_state == State::Value; }
    const T &operator*() const { return m_value; }
    bool operator==(const Told &) const = default;

private:
    enum class State : quint8 { Unknown, None, Value };
    T m_value {};
    State m_state = State::Unknown;
};

/// How much is left of a clock: so long, so long in service time, or so many thousandths of a percent of
/// its target.
struct Amount {
    enum class Kind : quint8 { Wall, Service, Percent };
    Kind kind = Kind::Wall;
    qint64 amount = 0; ///< milliseconds, or thousandths of a percent
    bool operator==(const Amount &) const = default;
};

/// The hours by which service time is counted for a ticket. Both live as long as the subject.
struct Hours {
    const CalendarEditions *calendar = nullptr;
    const std::vector<TimeSpan> *pauses = nullptr; ///< what does not count, or none

    bool isKnown() const { return calendar != nullptr; }
    /// When that much service time has passed since; nullopt where it never will have.
    std::optional<Instant> whenHasRun(Instant from, Millis amount) const;
    Millis between(Instant from, Instant to) const;
};

/// What a clock said when it was last asked, good until it turns.
struct ClockMemo {
    struct Left {
        Amount amount;
        Told<Instant> at;
    };
    bool isMade = false;
    Instant since;
    sla::Standing standing;
    std::vector<Left> left;
};

/// A running or finished clock of a service agreement, as the rules read it.
struct ClockFact {
    sla::ClockKind kind = sla::ClockKind::FirstResponse;
    const sla::Cycle *cycle = nullptr; ///< with its target
    const CalendarEditions *calendar = nullptr;
    ClockMemo *memo
        = nullptr; ///< of whoever keeps the cycle, and forgets it with it; none: asked anew each time
};

/// What happened to a ticket so far, folded from its events. Instants are those since which something is
/// so; "none" says that it is not so now.
struct Activity {
    Told<Instant> waitingSince; ///< the customer's oldest word without an answer
    Told<Instant> customerSilentSince; ///< our last word, where the customer has not answered it
    Told<Instant> openSince; ///< creation, or the last reopening; none where it is solved
    Told<Instant> unassignedSince;
    Told<Instant> tierSince;
    Told<Instant> statusSince;
    Told<Instant> touchedAt; ///< the last thing that a person on either side did
    Told<Instant> unacceptedSince; ///< of an open escalation
    Told<Instant> acceptedUntouchedSince; ///< accepted, and nothing by us since
    Told<Instant> flaggedSince;
    Told<qint64> reopened;
    Told<qint64> unansweredMessages; ///< the customer's words since our last
    Told<qint64> handovers; ///< from team to team, whatever the tier
    bool hasAttempts = false; ///< whether the two below are counted at all
    // Shared while nothing is counted, since a subject takes them over after each event.
    QMap<QString, qint64> attempts; ///< public replies by us, by tier id
    QMap<QString, qint64> failedFixes; ///< solves and fixes that did not hold, by tier id
    /// Where the ticket now is in its life: creation or last reopening. What fires once fires once in it.
    std::optional<Instant> cycleStart;
};

/// What is read from a ticket's words and from what other systems told of it.
struct Signals {
    Told<qint64> urgency; ///< 0 … 100
    Told<qint64> sentiment; ///< -100 … 100
    Told<QString> mood; ///< negative, neutral, positive
    Told<QString> risk; ///< low, medium, high
    Told<bool> churn;
    Told<bool> asksForHuman;
    Told<bool> asksForManager;
    Told<bool> legalWords;
    Told<bool> botGaveUp;
    Told<bool> revenueLoss;
    Told<bool> failedPayment;
    Told<qint64> failedLogins;
    Told<QString> language; ///< of the customer's words: en, de, fr, es, pt …
    Told<QStringList> named; ///< what another system reported: order-delay, known-bug …
};

/// Counts over other tickets, teams and times. Asked only for what a rule reads; each may be unknown.
class Surroundings
{
public:
    virtual ~Surroundings() = default;
    /// Tickets of the ticket's organization made in the window, this one included.
    virtual Told<qint64> ticketsFromAccount(Millis window) const;
    virtual Told<qint64> unansweredFromAccount(Millis window) const;
    /// Customers who had a ticket of this one's issue reopened in the window.
    virtual Told<qint64> customersReopeningIssue(Millis window) const;
    virtual Told<qint64> similarTickets(Millis window) const;
    /// Arrivals in the window as thousandths of a percent of what is usual at this time of the week.
    virtual Told<qint64> arrivalsOfUsual(Millis window) const;
    /// Free share of a team, thousandths of a percent; empty: the ticket's own team.
    virtual Told<qint64> freeCapacity(const QString &team) const;
};

/// Everything that conditions read of one ticket at one instant: plain values of other rooms by
/// reference, all of which outlive it. Whoever has nothing of a kind leaves it out, and the rules that
/// read it say that they cannot be judged. Thread: that of its owner.
struct Subject {
    const Ticket *ticket = nullptr; ///< never null
    const Organization *customer = nullptr;
    QString requester; ///< address or name
    Activity activity;
    Signals signs;
    const Surroundings *around = nullptr;
    std::vector<ClockFact> clocks; ///< empty: the ticket's own next limit stands for all
    Hours hours;
    QString text; ///< subject and all that the customer wrote, newest last
    QString lastWords; ///< the customer's last message
    Instant now;

    /// When what is left of a clock falls to so much; of any clock where none is named, the earliest.
    Told<Instant> whenLeft(std::optional<sla::ClockKind> kind, Amount left) const;
};

/// What a fact says of a subject. `from` and `to` bound when a condition on time holds.
struct Reading {
    enum class State : quint8 {
        Value,
        None, ///< known that there is nothing: no waiting customer, no assignee
        Unknown, ///< not filled
        WrongType, ///< filled, with something that cannot be compared so
    };
    State state = State::Unknown;
    qint64 number = 0; ///< thousandths; instants in ms; a yes is 1
    qint64 to = 0; ///< end of a span, exclusive
    QString text;
    QStringList names; ///< of a set

    static Reading none() { return { .state = State::None }; }
    static Reading unknown() { return {}; }
    static Reading wrongType(QString text)
    {
        return { .state = State::WrongType, .text = std::move(text) };
    }
    static Reading of(bool yes) { return { .state = State::Value, .number = yes ? 1 : 0 }; }
    static Reading of(Instant at) { return { .state = State::Value, .number = at.ms }; }
    static Reading thousandths(qint64 n) { return { .state = State::Value, .number = n }; }
    static Reading word(const QString &text)
    {
        return text.isEmpty() ? none() : Reading { .state = State::Value, .text = text };
    }
    /// The same, where an empty text means that nobody filled it in.
    static Reading filled(const QString &text) { return text.isEmpty() ? unknown() : word(text); }
    static Reading set(QStringList names)
    {
        return { .state = State::Value, .names = std::move(names) };
    }
    static Reading of(const Told<bool> &told) { return told.hasValue() ? of(*told) : unknown(); }
    static Reading of(const Told<Instant> &told)
    {
        return told.hasValue() ? of(*told) : told.isKnown() ? none() : unknown();
    }
    static Reading count(const Told<qint64> &told)
    {
        return told.hasValue() ? thousandths(*told * 1'000)
            : told.isKnown()   ? thousandths(0)
                               : unknown();
    }
    static Reading word(const Told<QString> &told)
    {
        return told.hasValue() ? word(*told) : told.isKnown() ? none() : unknown();
    }
};

} // namespace tierline::rules
