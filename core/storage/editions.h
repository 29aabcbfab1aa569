#pragma once

#include "core/storage/store.h"

namespace tierline::storage {

// Documents that a workspace is set up with, beside rules and agreements, which have tables of their own: the
// escalation matrix, procedures, rosters. Append-only: an edit is a new edition, and what ruled a ticket then can be
// read for ever.

namespace editionkind {
using namespace Qt::StringLiterals;
inline constexpr auto matrix = "matrix"_L1; ///< one, without a name
inline constexpr auto procedure = "procedure"_L1;
inline constexpr auto roster = "roster"_L1;
} // namespace editionkind

struct Edition {
    QString kind;
    QString name;
    int number = 1; ///< of this document, from 1
    Instant made;
    QString actor; ///< agent id
    QString why;
    QString document; ///< empty: taken away

    bool operator==(const Edition &) const = default;
};

/// The newest edition; none where there never was one, or it was taken away.
Result<std::optional<Edition>> loadEdition(
    Connection &connection, const QString &kind, const QString &name = {});
/// One that ruled then, taken away or not. NotFound where there is none of that number.
Result<Edition> loadEdition(
    Connection &connection, const QString &kind, const QString &name, int number);
/// The newest of each document of a kind, by name, without those that were taken away.
Result<std::vector<Edition>> loadEditions(Connection &connection, const QString &kind);
/// All editions of one document, the oldest first.
Result<std::vector<Edition>> loadEditionHistory(
    Connection &connection, const QString &kind, const QString &name = {});
/// Writes the next edition and sets its number.
Result<Done> addEdition(WriteScope &scope, Edition &edition);

/// The team that has an organization's account (M65), or empty.
Result<QString> loadAccountTeam(Connection &connection, OrganizationId organization);
struct AccountTeam {
    OrganizationId organization;
    QString name; ///< the organization's
    QString team;
};
/// By the organization's name.
Result<std::vector<AccountTeam>> loadAccountTeams(Connection &connection);
/// An empty team takes it away.
Result<Done> saveAccountTeam(WriteScope &scope, OrganizationId organization, const QString &team);

} // namespace tierline::storage
