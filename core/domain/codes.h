#pragma once

#include <QString>
#include <QStringList>

#include <optional>

namespace tierline {

// English codes as rules, data, the command line and the store write them. Every enumeration here
// has code(value) and fromCode<T>(text); stored numbers are the enumerators' values and never change.

enum class Status : quint8 {
    New = 0,
    Open = 1,
    Pending = 2,
    Hold = 3,
    Solved = 4,
    Closed = 5,
    Deleted = 6
};
enum class Priority : quint8 { Low = 0, Normal = 1, High = 2, Urgent = 3 };
enum class Severity : quint8 { Low = 0, Medium = 1, High = 2, Critical = 3 };

/// agent < specialist < lead < admin; read-only stands apart.
enum class Role : quint8 { Agent = 0, Specialist = 1, Lead = 2, Admin = 3, ReadOnly = 4 };

enum class EscalationKind : quint8 {
    Functional = 0,
    Hierarchical = 1,
    Automated = 2,
    Priority = 3
};
/// Who saw it first: the customer asked, or we did.
enum class Trigger : quint8 { Reactive = 0, Proactive = 1 };
enum class Verdict : quint8 {
    L1CouldHaveSolved = 0,
    WrongTeam = 1,
    NeedsInformation = 2,
    Answered = 3
};
enum class Stage : quint8 {
    Detection = 0,
    Triage = 1,
    Handoff = 2,
    Resolution = 3,
    Communication = 4,
    Closure = 5,
    Review = 6,
};
/// How an escalation ended; None while it lives.
enum class Outcome : quint8 {
    None = 0,
    Resolved = 1,
    Returned = 2,
    Reversed = 3, ///< returned with the verdict "L1 could have solved it"
    Withdrawn = 4, ///< by the escalating side before it was accepted; counts in no rate
    Superseded = 5, ///< went further up: the next record carries on
    Dropped = 6, ///< flagged, but never moved
};

enum class MessageKind : quint8 { PublicReply = 0, InternalNote = 1, BotTurn = 2, System = 3 };
enum class AuthorKind : quint8 { Customer = 0, Agent = 1, Bot = 2, System = 3 };

/// A team whose tickets only its members and admins may see.
enum class Confidential : quint8 { No = 0, Legal = 1, Security = 2 };

QString code(Status);
QString code(Priority);
QString code(Severity);
QString code(Role);
QString code(EscalationKind);
QString code(Trigger);
QString code(Verdict);
QString code(Stage);
QString code(Outcome);
QString code(MessageKind);
QString code(AuthorKind);
QString code(Confidential);

/// The value of a code, or nothing. Declared for every enumeration above.
template<typename T>
std::optional<T> fromCode(QStringView text);

/// All codes of an enumeration in their order, for messages such as "must be one of …".
template<typename T>
QStringList codes();

/// Reason codes shipped with the product; a workspace may add its own.
const QStringList &shippedReasons();
/// Whether a reason is a person's judgement of their own skill or means: only people give it, no rule.
bool isPersonalReason(QStringView reason);
/// Whether a reason sends a ticket past the queues: outage, vip, security.
bool isFastLane(QStringView reason);

inline bool isSolved(Status s)
{
    return s == Status::Solved || s == Status::Closed;
}
/// Whether a ticket with this status stands in a queue.
inline bool isWorkable(Status s)
{
    return s < Status::Solved;
}

} // namespace tierline
