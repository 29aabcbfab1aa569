#pragma once

#include "core/desk/remoteside.h"
#include "core/domain/event.h"
#include "core/domain/handoff.h"
#include "core/metrics/metrics.h"
#include "core/storage/search.h"

namespace tierline::desk {

// What desktop and command line read in the same way. Thread: the connection's; never the ui's.

/// Everything about one ticket.
struct TicketDetails {
    TicketState state;
    Requester requester;
    Organization organization;
    std::vector<Message> messages; ///< oldest first
    std::vector<Attachment> attachments;
    std::vector<Event> events;
    std::optional<Handoff> handoff; ///< newest package, where there is one

    /// Ids of messages that somebody gave up before the helpdesk had heard of them.
    QSet<qint64> unsent() const;
};

Result<TicketDetails> loadDetails(
    storage::Connection &connection, const QString &key, const Visibility &visibility);
Result<TicketDetails> loadDetails(
    storage::Connection &connection, TicketId id, const Visibility &visibility);
/// The document of `ticket show --json`.
QJsonObject toJson(const TicketDetails &details, const RemoteSide &side, Instant now);

/// Newest first, from what a person typed; nothing typed is an error.
Result<storage::SearchPage> search(storage::Connection &connection, const QString &typed,
    const Visibility &visibility, int limit, Instant now,
    const std::function<bool()> &isEnough = {});
/// What `is:` may be followed by.
const QStringList &isSearchFlags();

/// Every figure over the whole log; `isCancelled` is asked between tickets.
Result<metrics::Report> measure(storage::Connection &connection, const Visibility &visibility,
    metrics::Options options, const std::function<bool()> &isCancelled = {});

} // namespace tierline::desk
