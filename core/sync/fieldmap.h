#pragma once

#include "core/connectors/api/connector.h"
#include "core/domain/event.h"
#include "core/domain/people.h"
#include "core/storage/accounts.h"

namespace tierline::sync {

/// Says what an account's queues and users are here, and the reverse. Pure once made.
class FieldMap
{
public:
    /// Reads the account's users, tiers, teams and agents.
    static Result<FieldMap> load(storage::Connection &connection, const storage::Account &account);

    struct Place {
        QString tier;
        QString team;
        bool isMapped = false;
    };
    /// A place without a row: the lowest human tier, no team, shown as unmapped.
    Place placeOf(const QString &place) const;
    /// The remote's place for a tier and team: the row with both, else the first one of that tier
    /// without a team. Empty: the account's map has none.
    QString remotePlace(const QString &tier, const QString &team) const;
    /// The agent for a user of the remote; its own id where it is nobody's here.
    QString agentOf(const QString &remoteUser) const;
    /// The user for an agent; empty for nobody, and for agents that the remote does not have.
    QString remoteUserOf(const QString &agent) const;
    QString nameOf(const connectors::RemoteUser &user) const;

    /// A ticket's fields in the remote's names and values. Where several places mean the same tier and
    /// team, the one in `base` is kept.
    QJsonObject fieldsOf(const Ticket &ticket, const QJsonObject &base) const;
    /// `changed` of a queued operation in the remote's names. BadInput where the remote has no such
    /// place or person, with a sentence that says what to map.
    Result<QJsonObject> fieldsOf(const QJsonObject &changed) const;
    /// Puts remote values into an event, as changes. Unknown codes of status and priority change nothing.
    void apply(const QJsonObject &fields, Event &event) const;
    /// Whether apply() does anything with this value.
    bool canShow(const QString &field, const QJsonValue &value) const;

    const storage::Account &account() const { return m_account; }
    /// Remote minus local, as far as known.
    Millis clockOffset() const { return m_account.clockOffset.value_or(Millis(0)); }

private:
    storage::Account m_account;
    QList<storage::AccountUser> m_users;
    QList<Agent> m_agents;
    QList<Tier> m_tiers;
};

/// One form for equal values, so that they compare: tags sorted, nothing, null and "" the same, solved
/// and closed too.
QJsonValue normalised(const QString &field, const QJsonValue &value);
bool isSame(const QString &field, const QJsonValue &a, const QJsonValue &b);

/// What to do with one field of which both sides have a value. That the remote opened a ticket that was
/// new is never a conflict.
enum class Merge : quint8 {
    Same, ///< both have the same value
    TakeRemote, ///< only the remote changed it
    SendLocal, ///< only we changed it
    Conflict, ///< both did, differently
};
Merge merge(const QString &field, const QJsonValue &base, const QJsonValue &local,
    const QJsonValue &remote);

} // namespace tierline::sync
