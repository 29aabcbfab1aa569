#pragma once

#include "core/domain/delivery.h"
#include "core/domain/people.h"
#include "core/storage/store.h"

namespace tierline::storage {

// What is to reach people over a network. Rows are written by the engine's courier (core/engine/courier.h) alone, which
// runs where the engine fires, so one program at a time sends.

/// Adds it; false where it is there already, and then nothing was changed.
Result<bool> insertDelivery(WriteScope &scope, const Delivery &delivery);
Result<Done> saveDelivery(WriteScope &scope, const Delivery &delivery);
Result<std::optional<Delivery>> findDelivery(Connection &connection, const QString &id);
/// What is to be tried until now by one way, and what was under way when a program died: the urgent first, then by
/// time.
Result<std::vector<Delivery>> loadDue(
    Connection &connection, const QString &way, Instant now, int limit);
/// When, after `now`, the next one is to be tried by one way, or told in a digest; none: nothing waits.
Result<std::optional<Instant>> nextDue(Connection &connection, const QString &way, Instant now);
/// Places at which a digest is due, as the beginning of what is told there: way, address, receiver and a ticket.
Result<std::vector<Delivery>> loadDueDigests(
    Connection &connection, const QString &way, Instant now);
/// What waits for one place's digest, the oldest first.
Result<std::vector<Delivery>> loadDigest(
    Connection &connection, const QString &way, const QString &address, const QString &receiver);
/// The receipt of what arrived at that address of a topic, the newest; empty: nothing has.
Result<QString> loadReceipt(
    Connection &connection, const QString &topic, const QString &way, const QString &address);
/// How much a person got, or is to get at once, from an instant on: direct notes, no group's posts.
Result<qint64> countReceived(Connection &connection, const QString &receiver, Instant from);
/// What arrived of an escalation that nobody has taken yet, by a way that is listened to. Newest first.
Result<std::vector<Delivery>> loadUnclaimed(
    Connection &connection, const QString &way, Instant since, int limit);
/// What arrived of an escalation that has been accepted, or is over, and was not told so yet: as what is to be told there
/// now, `act` set.
Result<std::vector<Delivery>> loadUnfinished(Connection &connection, Instant since, int limit);
/// Whose escalation has this id.
Result<std::optional<TicketId>> findTicketOf(Connection &connection, const QString &escalation);
/// Of a ticket, or of all that may be seen.
struct DeliveryQuery {
    std::optional<TicketId> ticket;
    std::optional<Delivery::State> state;
    int limit = 200;
    Visibility visibility = Visibility::all();
};
/// The newest first.
Result<std::vector<Delivery>> loadDeliveries(Connection &connection, const DeliveryQuery &query);
/// How many there are, whatever the limit.
Result<qint64> countDeliveries(Connection &connection, const DeliveryQuery &query);

} // namespace tierline::storage
