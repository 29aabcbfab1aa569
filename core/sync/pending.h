#pragma once

#include "core/storage/outbox.h"
#include "core/sync/fieldmap.h"

namespace tierline::sync {

/// How far one request of an operation is.
enum class StepState : quint8 {
    Todo,
    Sending, ///< its first byte may have left
    Unknown, ///< it was sent, and nobody knows
    Done,
    Refused,
    Skipped, ///< not needed, or impossible once the ticket was out of sight; `sentence` says so
};

/// One request of an operation, as OutboxEntry::steps keeps it.
struct Step {
    connectors::PushStep::Kind kind = connectors::PushStep::Kind::Note;
    StepState state = StepState::Todo;
    bool isCard = false; ///< Note: the operation's own note with the handoff
    int message = -1; ///< Note, Reply: index into the body's messages
    QJsonObject fields; ///< Fields: what is to be set, in the remote's names
    std::optional<QJsonObject> own; ///< what of that is its own, where it went out with others'
    QString entry; ///< of the remote, once known
    QString sentence;

    bool isOpen() const { return state != StepState::Done && state != StepState::Skipped; }
    /// Its request may be on its way, or have taken effect.
    bool isOut() const { return state == StepState::Sending || state == StepState::Unknown; }
    /// Says or sets the same as another, whatever values it sets.
    bool isFor(const Step &other) const
    {
        return kind == other.kind && isCard == other.isCard && message == other.message
            && fields.contains(connectors::field::place)
            == other.fields.contains(connectors::field::place);
    }
    /// Nothing is to be sent for that field (any more). With its own last one the others' go too: they
    /// have them themselves.
    void forget(const QString &field);
    /// Fields: what is left of it is still to be sent, and only its own; done where nothing is left.
    void goAlone();
    bool operator==(const Step &) const = default;
};

QJsonArray toJson(const std::vector<Step> &steps);
std::vector<Step> stepsOf(const QJsonArray &json);

/// The requests that an operation needs, in their order: the note with the handoff first, so that a
/// move never hides its reason; then the move alone; then what the customer reads; then the owner,
/// whom the new queue must allow, and the rest. BadInput where a queue or person is not mapped.
/// The customer reads of a move that is made, not of one that may be refused. Only where a move to that
/// place has taken a ticket out of our user's sight before do they read it first: afterwards nobody could
/// write to them, and that such a move is allowed has been seen.
Result<std::vector<Step>> planSteps(const storage::OutboxEntry &entry, const FieldMap &map);

/// The steps as stored, or, where nothing has begun, as they would be planned.
Result<std::vector<Step>> currentSteps(const storage::OutboxEntry &entry, const FieldMap &map);

/// Field values that wait to be sent for a ticket, the newest of each field, and by whom.
struct Pending {
    QJsonObject fields;
    QHash<QString, QString> by; ///< agent id
};
Result<Pending> pendingFields(
    const std::vector<storage::OutboxEntry> &entries, const FieldMap &map);

} // namespace tierline::sync
