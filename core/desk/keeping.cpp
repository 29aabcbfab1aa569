#include "core/desk/keeping.h"

namespace tierline::desk {

using namespace Qt::StringLiterals;

Result<Done> mayKeepWorkspace(const Agent &actor)
{
    if (actor.isActive && actor.role == Role::Admin)
        return Done {};
    return notAllowed(
        u"A backup holds every ticket, those of confidential teams too: making one and putting one back is "
        "an admin's, and you are %1."_s.arg(code(actor.role)));
}

Result<Done> mayRepair(const Agent &actor)
{
    if (actor.isActive && actor.role != Role::ReadOnly)
        return Done {};
    return notAllowed(u"You may read here, and change nothing: ask an admin for another role."_s);
}

} // namespace tierline::desk
