#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"
#include "core/domain/codes.h"

#include <QJsonObject>

#include <optional>
#include <vector>

namespace tierline {

/// A customer's case as it stands now: what folding its event log gives (core/escalation/fold.h).
struct Ticket {
    TicketId id;
    QString key; ///< what people, JSON and links call its id: "T-12", "INC0000045", "zd:4812"
    QString subject;
    QString channel; ///< email, chat, phone, …
    QString category;
    QString product;
    QString type;
    Priority priority = Priority::Normal;
    std::optional<Severity> severity;
    Status status = Status::New;
    bool isAwaitingYes = false; ///< solved, waiting for the customer to confirm
    bool isComplex = false;
    QString tier; ///< Tier::id
    QString startTier; ///< tier at creation
    QString team; ///< Team::name, or empty
    QString assignee; ///< Agent::id, or empty
    RequesterId requester;
    OrganizationId organization;
    Instant created;
    Instant updated;
    QStringList tags;
    QStringList followers; ///< agents who see the outcome; the escalating one until closure
    QJsonObject fields; ///< custom fields by name
    QString flagNote; ///< why an agent marked it out of their scope; empty: not flagged
    QString reason; ///< trigger sentence of the open escalation, as the queue shows it
    QString clock; ///< which limit runs next ("accept", "resolution"), or empty
    std::optional<Instant> clockStart; ///< when that limit began to run (at risk from 75 % of it)
    std::optional<Instant> due; ///< when it ends

    bool isFlagged() const { return !flagNote.isEmpty(); }
    bool operator==(const Ticket &) const = default;
};

/// One stretch of an escalation's life. `left` is empty for the one open stage.
struct StageEntry {
    Stage stage = Stage::Handoff;
    QString owner; ///< agent, else team, else tier
    Instant entered;
    std::optional<Instant> limit;
    std::optional<Instant> left;

    bool operator==(const StageEntry &) const = default;
};

/// One move of a ticket up the tiers, from the first sign to its review. Append-only in meaning:
/// tiers and ranks are frozen as they were when it happened.
struct Escalation {
    QString id; ///< UUID, the same on every machine
    EscalationKind kind = EscalationKind::Functional;
    Trigger trigger = Trigger::Proactive;
    QString reasonCode;
    QString sentence; ///< why, in words ("plan is enterprise + no agent reply for 2h")
    QString fromTier, toTier;
    int fromRank = 0, toRank = 0;
    QString fromTeam, toTeam;
    QString fromAssignee; ///< who held it; they get it back on a return
    std::optional<Priority> priorityBefore; ///< set where the move raised it
    QString actor; ///< who flagged or escalated
    QString note;
    Instant opened;
    std::optional<Instant> moved; ///< when the ticket left its tier; empty while only flagged
    std::optional<Instant> accepted;
    QString acceptedBy;
    std::optional<Instant> ended;
    Outcome outcome = Outcome::None;
    std::optional<Verdict> verdict;
    QString noticeSkipped; ///< why the customer was not told; empty where they were
    std::vector<StageEntry> stages;

    bool isOpen() const { return !ended.has_value(); }
    /// A record that counts in rates: it moved and was not withdrawn.
    bool counts() const { return moved && outcome != Outcome::Withdrawn; }
    const StageEntry *openStage() const
    {
        return !stages.empty() && !stages.back().left ? &stages.back() : nullptr;
    }
    bool operator==(const Escalation &) const = default;
};

/// A ticket with all its escalations, oldest first: the unit that commands read, change and write.
struct TicketState {
    Ticket ticket;
    std::vector<Escalation> escalations;

    Escalation *openEscalation()
    {
        return !escalations.empty() && escalations.back().isOpen() ? &escalations.back() : nullptr;
    }
    const Escalation *openEscalation() const
    {
        return const_cast<TicketState *>(this)->openEscalation();
    }
    bool operator==(const TicketState &) const = default;
};

/// One entry of a ticket's thread.
struct Message {
    MessageId id;
    TicketId ticket;
    Instant at;
    MessageKind kind = MessageKind::PublicReply;
    AuthorKind author = AuthorKind::Customer;
    QString authorName; ///< agent id, or the name the customer or bot goes by
    QString text; ///< plain text, always there
    QString html; ///< as it came, never shown without core/text's sanitiser; may be empty
    bool operator==(const Message &) const = default;
};

struct Attachment {
    qint64 id = 0;
    MessageId message;
    QString name; ///< as it came; cleaned before it becomes a file name
    QString contentType;
    qint64 size = 0;
    QByteArray sha256;
    bool operator==(const Attachment &) const = default;
};

} // namespace tierline
