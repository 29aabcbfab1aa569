#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

// What is agreed of a workspace's tickets, as the texts that core/calendar reads and writes. Append-only:
// an edit is a new edition. Which due times follow from it stands in the tickets' rows, and can be made
// again from their logs.

/// One saved state of all policies, or of one calendar.
struct AgreementEdition {
    QString calendar; ///< its name; empty: the policies
    int number = 1;
    Instant from; ///< since when it rules
    Instant made;
    QString actor;
    QString why;
    QString document; ///< JSON

    bool operator==(const AgreementEdition &) const = default;
};

/// Changes with every edition and zone, is never the same for two workspaces, and is empty where nothing
/// was ever agreed: one look-up, so that whoever holds what it has read knows whether that still stands.
Result<QString> agreementRevision(Connection &connection);
/// All editions of the policies, then of the calendars by name; each in order.
Result<std::vector<AgreementEdition>> loadAgreementEditions(Connection &connection);
/// Writes the next edition and sets its number. `random` sets the revision apart from other workspaces'.
Result<Done> addAgreementEdition(
    WriteScope &scope, AgreementEdition &edition, const QString &random);

enum class ZoneOwner : quint8 { Customer = 0, Organization = 1, Team = 2 };
/// An IANA name, or empty. `id` is the number of a customer or organization, or a team's name.
Result<QString> loadZone(Connection &connection, ZoneOwner owner, const QString &id);
/// Of teams that have one, by name.
Result<QHash<QString, QString>> loadTeamZones(Connection &connection);
/// All of them, each once.
Result<QStringList> loadZones(Connection &connection);
/// An empty zone takes it away.
Result<Done> saveZone(WriteScope &scope, ZoneOwner owner, const QString &id, const QString &zone,
    const QString &random);

/// Number of the customer with this address (of several the first), or of the organization with this name,
/// in any case; 0 where there is none.
Result<qint64> findRequester(Connection &connection, const QString &email);
Result<qint64> findOrganization(Connection &connection, const QString &name);

/// Numbers of the tickets that can still be worked on, oldest first, after `after`, at most `limit`.
Result<std::vector<TicketId>> workableTickets(Connection &connection, TicketId after, int limit);
/// The lowest and the highest number of a ticket; 0 where there is none.
Result<std::pair<TicketId, TicketId>> ticketRange(Connection &connection);

} // namespace tierline::storage
