#pragma once

#include "core/storage/store.h"

#include <QJsonObject>

namespace tierline::storage {

/// Which tier and team a queue or group of the remote stands for.
struct PlaceMapping {
    QString place; ///< as the remote names it
    QString tier; ///< Tier::id
    QString team; ///< Team::name, or empty
    bool operator==(const PlaceMapping &) const = default;
};

/// The account option that says "yes" where this workspace's rules act on the account's tickets. Where several
/// workspaces share a helpdesk one of them is the runner; the others note what they would have done.
inline constexpr QLatin1StringView RunnerOption("runner");

/// The account options that name the remote's fields for what triage reads of a ticket; none: nothing is written.
inline constexpr QLatin1StringView SentimentFieldOption("sentiment_field");
inline constexpr QLatin1StringView RiskFieldOption("risk_field");

/// A connection to one remote helpdesk: settings and state, never a secret.
struct Account {
    QString name; ///< first part of its tickets' keys: "desk" of "desk:4812"
    QString type; ///< connectors::Kind::type
    QString url;
    QString user;
    QJsonObject options; ///< the connector's own, text by name
    QList<PlaceMapping> places;
    /// The account's own user: id, name, email; `hides`, the places into which a move of theirs took a ticket
    /// out of their sight.
    QJsonObject me;
    QString product; ///< what the last probe said is there
    QString cursor; ///< how far the pull has come; opaque
    std::optional<Millis> clockOffset; ///< remote minus local, as last seen
    bool needsSignIn = false; ///< the secret was refused: nothing is sent until there is a new one
    QString problem; ///< why the last round did not end well; empty: it did
    std::optional<Instant> synced; ///< end of the last whole round
    Instant created;

    QString myId() const { return me.value(QLatin1StringView("id")).toString(); }
    /// Whether a ticket that its user moves to this place is out of their sight, as was seen the last time.
    bool hides(const QString &place) const;
    void setHides(const QString &place, bool hides);
    bool operator==(const Account &) const = default;
};

/// One person of the remote, and which agent of the workspace that is.
struct AccountUser {
    QString remote; ///< id there
    QString name;
    QString email;
    bool isAgent = false;
    QString agent; ///< Agent::id here; empty: nobody's
    bool operator==(const AccountUser &) const = default;
};

Result<QList<Account>> loadAccounts(Connection &connection); ///< by name
/// NotFound where there is none, naming those that are there.
Result<Account> findAccount(Connection &connection, const QString &name);
/// BadInput where it is no name: 1 to 32 letters, digits, "-" and "_", beginning with a letter, and not
/// "T", which the local keys have. Pure.
Result<Done> checkAccountName(const QString &name);
/// Adds it. Conflict where the name is taken; BadInput as checkAccountName().
Result<Done> addAccount(WriteScope &scope, const Account &account);
/// Writes settings and state of one that is there.
Result<Done> saveAccount(WriteScope &scope, const Account &account);
/// Removes the account with what was only kept for it. Its tickets stay, as local ones with their
/// keys. Conflict while operations wait, unless `evenIfPending`, which drops them.
Result<Done> removeAccount(WriteScope &scope, const QString &name, bool evenIfPending);
/// Whether a key's first part names an account; cheap.
Result<bool> isAccount(Connection &connection, const QString &name);

Result<QList<AccountUser>> loadAccountUsers(Connection &connection, const QString &account);
/// Adds or renames; `agent` is kept where the row has one and `user.agent` is empty.
Result<Done> saveAccountUser(WriteScope &scope, const QString &account, const AccountUser &user);

} // namespace tierline::storage
