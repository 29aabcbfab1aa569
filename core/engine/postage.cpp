#include "core/engine/postage.h"

#include "core/storage/people.h"
#include "core/storage/ways.h"

#include <QUuid>

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

bool isSame(const QString &a, const QString &b)
{
    return a.compare(b, Qt::CaseInsensitive) == 0;
}

void addOnce(std::vector<PostAddress> &to, PostAddress one)
{
    if (std::ranges::find(to, one) == to.end())
        to.push_back(std::move(one));
}

/// The only way that reaches a kind of target, and takes this address; null where there are none or several.
const Way *onlyWay(const PostOffice &office, NoticeTarget kind, const QString &address)
{
    const Way *found = nullptr;
    for (const Way &way : office.ways) {
        const notify::WayKind *is = office.kindOf(way.name);
        if (!is || std::ranges::find(is->reaches, kind) == is->reaches.end()
            || !is->checkAddress(address))
            continue;
        if (found)
            return nullptr;
        found = &way;
    }
    return found;
}

std::vector<PostAddress> routed(const PostOffice &office, NoticeTarget kind, const QString &target)
{
    std::vector<PostAddress> exactly, generally;
    for (const NoticeRoute &route : office.routes) {
        if (route.kind != kind)
            continue;
        const QString receiver = kind == NoticeTarget::Agent ? target : QString();
        if (route.target.isEmpty())
            addOnce(generally, { route.way, route.address, receiver });
        else if (isSame(route.target, target))
            addOnce(exactly, { route.way, route.address, receiver });
    }
    return exactly.empty() ? generally : exactly;
}

/// A delivery's id is made of all that sets it apart: made twice it is the same, and it is there once.
QString idOf(const QStringList &parts)
{
    static const QUuid space(u"{6f0c8a4e-4f0c-5e0b-9a5d-0d5f3d1f7c11}"_s);
    return QUuid::createUuidV5(space, parts.join(u'\n')).toString(QUuid::WithoutBraces);
}

/// Who is meant by a target, as people: none where it is no target of people.
std::vector<const Agent *> peopleOf(
    const PostOffice &office, NoticeTarget kind, const QString &target)
{
    const auto isMeant = [&](const Agent &agent) {
        switch (kind) {
        case NoticeTarget::Agent: return agent.id == target;
        case NoticeTarget::Team: return agent.teams.contains(target);
        case NoticeTarget::Role: return code(agent.role) == target;
        default: return false;
        }
    };
    std::vector<const Agent *> people;
    for (const Agent &agent : office.agents) {
        if (agent.isActive && isMeant(agent))
            people.push_back(&agent);
    }
    return people;
}

/// Leads; where there are none, admins.
std::vector<const Agent *> leadsOf(const PostOffice &office)
{
    auto leads = peopleOf(office, NoticeTarget::Role, code(Role::Lead));
    return leads.empty() ? peopleOf(office, NoticeTarget::Role, code(Role::Admin)) : leads;
}

void addAgent(const PostOffice &office, const Agent &agent, std::vector<PostAddress> &to)
{
    for (PostAddress &one : addressesFor(office, NoticeTarget::Agent, agent.id))
        addOnce(to, std::move(one));
}

} // namespace

Result<PostOffice> PostOffice::load(
    storage::Connection &connection, const notify::WayRegistry &kinds)
{
    TIERLINE_TRY(ways, storage::loadWays(connection));
    TIERLINE_TRY(routes, storage::loadRoutes(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    return PostOffice { std::move(ways), std::move(routes), kinds, teams, agents };
}

const notify::WayKind *PostOffice::kindOf(const QString &way) const
{
    const auto found = std::ranges::find(ways, way, &Way::name);
    return found == ways.end() ? nullptr : kinds.find(found->type);
}

const Agent *PostOffice::agent(const QString &id) const
{
    const auto found = std::ranges::find(agents, id, &Agent::id);
    return found == agents.end() ? nullptr : &*found;
}

std::vector<PostAddress> addressesFor(
    const PostOffice &office, NoticeTarget kind, const QString &target)
{
    std::vector<PostAddress> to = routed(office, kind, target);
    if (!to.empty())
        return to;
    switch (kind) {
    case NoticeTarget::Channel:
    case NoticeTarget::Mail:
        if (const Way *way = onlyWay(office, kind, target))
            to.push_back({ way->name, target, {} });
        break;
    case NoticeTarget::Pager:
    case NoticeTarget::Webhook: {
        const auto way = std::ranges::find_if(
            office.ways, [&](const Way &one) { return isSame(one.name, target); });
        const notify::WayKind *is = way == office.ways.end() ? nullptr : office.kindOf(way->name);
        if (is && std::ranges::find(is->reaches, kind) != is->reaches.end())
            to.push_back({ way->name, {}, {} });
        break;
    }
    case NoticeTarget::Agent: {
        const Agent *agent = office.agent(target);
        const Way *mail = agent && agent->isActive && !agent->email.isEmpty()
            ? onlyWay(office, NoticeTarget::Mail, agent->email)
            : nullptr;
        if (mail)
            to.push_back({ mail->name, agent->email, agent->id });
        break;
    }
    case NoticeTarget::Team:
    case NoticeTarget::Role:
        for (const Agent *agent : target == code(Role::Lead) && kind == NoticeTarget::Role
                ? leadsOf(office)
                : peopleOf(office, kind, target))
            addAgent(office, *agent, to);
        break;
    case NoticeTarget::Tier: break;
    }
    return to;
}

std::vector<Delivery> deliveriesFor(
    const PostOffice &office, const Notice &notice, const QString &topic, Instant now)
{
    std::vector<Delivery> all;
    for (const PostAddress &to : addressesFor(office, notice.kind, notice.target)) {
        all.push_back({ .id = idOf({ QString::number(notice.id), topic, to.way, to.address }),
            .notice = notice.id,
            .ticket = notice.ticket,
            .topic = topic,
            .way = to.way,
            .address = to.address,
            .receiver = to.receiver,
            .isUrgent = notice.isUrgent,
            .made = now,
            .next = now });
    }
    return all;
}

std::vector<Delivery> fallbackFor(const PostOffice &office, const Delivery &refused,
    const std::optional<Notice> &notice, Instant now)
{
    std::vector<Delivery> all;
    const notify::WayKind *was = office.kindOf(refused.way);
    if (was && std::ranges::find(was->reaches, NoticeTarget::Mail) != was->reaches.end())
        return all;
    std::vector<const Agent *> people;
    if (const Agent *receiver = office.agent(refused.receiver))
        people = { receiver };
    else if (notice)
        people = peopleOf(office, notice->kind, notice->target);
    if (people.empty())
        people = leadsOf(office);
    for (const Agent *agent : people) {
        const Way *mail
            = agent->email.isEmpty() ? nullptr : onlyWay(office, NoticeTarget::Mail, agent->email);
        if (!mail)
            continue;
        all.push_back({ .id = idOf({ u"mail instead"_s, QString::number(refused.notice),
                            refused.topic, mail->name, agent->email }),
            .notice = refused.notice,
            .ticket = refused.ticket,
            .topic = refused.topic,
            .way = mail->name,
            .address = agent->email,
            .receiver = agent->id,
            .isUrgent = refused.isUrgent,
            .isFallback = true,
            .made = now,
            .next = now });
    }
    return all;
}

QString actId(const Delivery &act)
{
    return idOf({ code(act.act), act.topic, act.way, act.address });
}

QString digestId(const Delivery &digest, Instant now)
{
    return idOf({ u"digest"_s, digest.way, digest.address, digest.receiver,
        QString::number(now.ms / 3'600'000) });
}

bool mayReadThere(const PostOffice &office, const PostAddress &address, const QString &ticketTeam)
{
    const auto team = std::ranges::find(office.teams, ticketTeam, &Team::name);
    if (team == office.teams.end() || team->confidential == Confidential::No)
        return true;
    if (const Agent *agent = office.agent(address.receiver))
        return visibilityOf(*agent, office.teams).sees(ticketTeam);
    // A group's place is the team's own where its route says so.
    return std::ranges::any_of(office.routes, [&](const NoticeRoute &route) {
        return route.kind == NoticeTarget::Team && route.target == ticketTeam
            && route.way == address.way && route.address == address.address;
    });
}

} // namespace tierline::engine
