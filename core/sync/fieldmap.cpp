#include "core/sync/fieldmap.h"

#include "core/escalation/eventdata.h"
#include "core/storage/people.h"

#include <QJsonArray>

namespace tierline::sync {

using namespace Qt::StringLiterals;
namespace field = connectors::field;

Result<FieldMap> FieldMap::load(storage::Connection &connection, const storage::Account &account)
{
    FieldMap map;
    map.m_account = account;
    TIERLINE_TRY(users, storage::loadAccountUsers(connection, account.name));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    map.m_users = std::move(users);
    map.m_agents = std::move(agents);
    map.m_tiers = std::move(tiers);
    return map;
}

FieldMap::Place FieldMap::placeOf(const QString &place) const
{
    for (const storage::PlaceMapping &row : m_account.places) {
        if (row.place.compare(place, Qt::CaseInsensitive) == 0)
            return { row.tier, row.team, true };
    }
    for (const Tier &tier : m_tiers) {
        if (tier.rank >= 1)
            return { tier.id, {}, false };
    }
    return { u"L1"_s, {}, false };
}

QString FieldMap::remotePlace(const QString &tier, const QString &team) const
{
    QString withoutTeam;
    for (const storage::PlaceMapping &row : m_account.places) {
        if (row.tier != tier)
            continue;
        if (row.team == team)
            return row.place;
        if (row.team.isEmpty() && withoutTeam.isEmpty())
            withoutTeam = row.place;
    }
    if (!withoutTeam.isEmpty())
        return withoutTeam;
    // An escalation to a tier with no team named goes to that tier's first queue.
    if (team.isEmpty()) {
        for (const storage::PlaceMapping &row : m_account.places) {
            if (row.tier == tier)
                return row.place;
        }
    }
    return {};
}

QString FieldMap::agentOf(const QString &remoteUser) const
{
    if (remoteUser.isEmpty())
        return {};
    const storage::AccountUser *known = nullptr;
    for (const storage::AccountUser &user : m_users) {
        if (user.remote != remoteUser)
            continue;
        if (!user.agent.isEmpty())
            return user.agent;
        known = &user;
        break;
    }
    for (const Agent &agent : m_agents) {
        const bool isSameMail = known && !known->email.isEmpty()
            && agent.email.compare(known->email, Qt::CaseInsensitive) == 0;
        if (agent.id == remoteUser || isSameMail)
            return agent.id;
    }
    return remoteUser;
}

QString FieldMap::remoteUserOf(const QString &agent) const
{
    if (agent.isEmpty())
        return {};
    for (const storage::AccountUser &user : m_users) {
        if (user.agent == agent)
            return user.remote;
    }
    for (const storage::AccountUser &user : m_users) {
        if (agentOf(user.remote) == agent)
            return user.remote;
    }
    return {};
}

QString FieldMap::nameOf(const connectors::RemoteUser &user) const
{
    const QString agent = agentOf(user.id);
    const auto found = std::ranges::find(m_agents, agent, &Agent::id);
    if (found != m_agents.end() && !found->name.isEmpty())
        return found->name;
    return user.name.isEmpty() ? user.id : user.name;
}

QJsonObject FieldMap::fieldsOf(const Ticket &ticket, const QJsonObject &base) const
{
    QJsonObject fields;
    const QString basePlace = base.value(field::place).toString();
    const Place was = placeOf(basePlace);
    const bool isThere = !basePlace.isEmpty() && was.tier == ticket.tier && was.team == ticket.team;
    fields[field::place] = isThere ? basePlace : remotePlace(ticket.tier, ticket.team);
    const QString baseOwner = base.value(field::owner).toString();
    fields[field::owner]
        = agentOf(baseOwner) == ticket.assignee ? baseOwner : remoteUserOf(ticket.assignee);
    fields[field::status] = code(ticket.status);
    fields[field::priority] = code(ticket.priority);
    fields[field::subject] = ticket.subject;
    fields[field::tags] = normalised(field::tags, QJsonArray::fromStringList(ticket.tags));
    for (auto own = ticket.fields.begin(); own != ticket.fields.end(); ++own)
        fields[field::custom + own.key()] = own.value();
    return fields;
}

Result<QJsonObject> FieldMap::fieldsOf(const QJsonObject &changed) const
{
    QJsonObject fields;
    for (auto at = changed.begin(); at != changed.end(); ++at) {
        const QString name = at.key();
        if (name == u"tier") {
            const QString tier = at.value().toString();
            const QString team = changed.value(u"team"_s).toString();
            const QString place = remotePlace(tier, team);
            if (place.isEmpty())
                return badInput(
                    u"No queue of “%1” stands for %2%3: map one in the account's settings, "
                    "then retry."_s.arg(
                        m_account.name, tier, team.isEmpty() ? QString() : u"/"_s + team),
                    u"place"_s);
            fields[field::place] = place;
        } else if (name == u"assignee") {
            const QString agent = at.value().toString();
            const QString user = remoteUserOf(agent);
            if (user.isEmpty() && !agent.isEmpty())
                return badInput(u"“%1” knows nobody who is %2 here: link the two in the account's "
                                "settings, then retry."_s.arg(m_account.name, agent),
                    u"owner"_s);
            fields[field::owner] = user;
        } else if (name == u"fields") {
            const QJsonObject own = at.value().toObject();
            for (auto one = own.begin(); one != own.end(); ++one)
                fields[field::custom + one.key()] = one.value();
        } else if (name == u"status" || name == u"priority" || name == u"subject"
            || name == u"tags") {
            fields[name] = normalised(name, at.value());
        }
    }
    return fields;
}

void FieldMap::apply(const QJsonObject &fields, Event &event) const
{
    QJsonObject own;
    for (auto at = fields.begin(); at != fields.end(); ++at) {
        const QString name = at.key();
        const QString text = at.value().toString();
        if (name == field::place) {
            const Place place = placeOf(text);
            event.tier = place.tier;
            event.team = place.team;
        } else if (name == field::owner) {
            event.assignee = agentOf(text);
        } else if (name == field::status) {
            if (const auto status = fromCode<Status>(text))
                event.status = status;
        } else if (name == field::priority) {
            if (const auto priority = fromCode<Priority>(text))
                event.priority = priority;
        } else if (name == field::subject) {
            event.data[eventdata::subject] = text;
        } else if (name == field::tags) {
            event.data[eventdata::tags] = at.value().toArray();
        } else if (name.startsWith(field::custom)) {
            own[name.mid(field::custom.size())] = at.value();
        }
    }
    if (!own.isEmpty())
        event.data[eventdata::fields] = own;
}

bool FieldMap::canShow(const QString &name, const QJsonValue &value) const
{
    if (name == field::status)
        return fromCode<Status>(value.toString()).has_value();
    if (name == field::priority)
        return fromCode<Priority>(value.toString()).has_value();
    return name == field::place || name == field::owner || name == field::subject
        || name == field::tags || name.startsWith(field::custom);
}

QJsonValue normalised(const QString &name, const QJsonValue &value)
{
    if (name == field::tags) {
        QStringList tags;
        for (const QJsonValue &tag : value.toArray())
            tags.append(tag.toString());
        tags.sort();
        tags.removeDuplicates();
        return QJsonArray::fromStringList(tags);
    }
    // The customer's yes is ours alone: for a helpdesk what is solved and what is closed is the same.
    if (name == field::status && value.toString() == code(Status::Closed))
        return code(Status::Solved);
    if (value.isNull() || value.isUndefined() || (value.isArray() && value.toArray().isEmpty()))
        return QString();
    return value;
}

bool isSame(const QString &name, const QJsonValue &a, const QJsonValue &b)
{
    return normalised(name, a) == normalised(name, b);
}

Merge merge(
    const QString &name, const QJsonValue &base, const QJsonValue &local, const QJsonValue &remote)
{
    if (isSame(name, local, remote))
        return Merge::Same;
    if (isSame(name, base, local))
        return Merge::TakeRemote;
    // Most helpdesks open a new ticket by themselves once it was answered, and our own answer goes first.
    const bool isMerelyOpened = name == field::status && base.toString() == code(Status::New)
        && remote.toString() == code(Status::Open);
    return isMerelyOpened || isSame(name, base, remote) ? Merge::SendLocal : Merge::Conflict;
}

} // namespace tierline::sync
