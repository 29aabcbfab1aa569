#pragma once

#include "core/domain/firing.h"
#include "core/domain/people.h"

namespace tierline {

/// Whether somebody may answer what a rule asks `approver`. A named agent is meant alone, a role with those above it, a
/// team through its leads. Where nobody active is meant any more, admins answer, so that no question stays for ever.
/// Pure; `agents` are all of the workspace.
bool mayApprove(const Approver &approver, const Agent &agent, const QList<Agent> &agents);

/// Who that is, for a sentence: "Priya Rao", "a lead or an admin", "a lead of “Billing”".
QString inWords(const Approver &approver, const QList<Agent> &agents);

} // namespace tierline
