#include "core/domain/approver.h"

namespace tierline {

using namespace Qt::StringLiterals;

namespace {

bool isLead(const Agent &agent)
{
    return agent.role == Role::Lead || agent.role == Role::Admin;
}

bool isMeant(const Approver &approver, const Agent &agent)
{
    if (!agent.isActive || agent.role == Role::ReadOnly)
        return false;
    switch (approver.kind) {
    case NoticeTarget::Agent: return agent.id == approver.who;
    case NoticeTarget::Team: return isLead(agent) && agent.teams.contains(approver.who);
    case NoticeTarget::Role: {
        const auto role = fromCode<Role>(approver.who);
        return role && agent.role >= *role; // agent, specialist, lead, admin
    }
    default: return false;
    }
}

bool isAnybodyMeant(const Approver &approver, const QList<Agent> &agents)
{
    return std::ranges::any_of(agents, [&](const Agent &one) { return isMeant(approver, one); });
}

} // namespace

bool mayApprove(const Approver &approver, const Agent &agent, const QList<Agent> &agents)
{
    if (isAnybodyMeant(approver, agents))
        return isMeant(approver, agent);
    return agent.isActive && agent.role == Role::Admin;
}

QString inWords(const Approver &approver, const QList<Agent> &agents)
{
    if (!isAnybodyMeant(approver, agents))
        return u"an admin"_s;
    if (approver.kind == NoticeTarget::Team)
        return u"a lead of “%1”"_s.arg(approver.who);
    if (approver.kind == NoticeTarget::Agent) {
        const auto found = std::ranges::find(agents, approver.who, &Agent::id);
        return found == agents.end() || found->name.isEmpty() ? approver.who : found->name;
    }
    const Role role = fromCode<Role>(approver.who).value_or(Role::Admin);
    switch (role) {
    case Role::Agent: return u"anybody who works on tickets"_s;
    case Role::Specialist: return u"a specialist, a lead or an admin"_s;
    case Role::Lead: return u"a lead or an admin"_s;
    default: return u"an admin"_s;
    }
}

} // namespace tierline
