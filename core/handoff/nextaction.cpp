#include "core/handoff/nextaction.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

bool hasFlag(const QStringList &flags, QStringView part)
{
    return std::any_of(flags.begin(), flags.end(),
        [&](const QString &flag) { return flag.contains(part, Qt::CaseInsensitive); });
}

bool categoryHas(const PackageInput &input, QStringView part)
{
    return input.ticket.category.contains(part, Qt::CaseInsensitive);
}

NextAction rule(const QString &text, const QString &because)
{
    return { text, u"rule: "_s + because };
}

std::optional<NextAction> byReason(const PackageInput &input)
{
    const QString &reason = input.escalation.reasonCode;
    if (reason == u"security")
        return rule(u"Secure the account first; keep details out of public replies."_s,
            u"reason is security"_s);
    if (reason == u"outage")
        return rule(u"Check the status page and link this ticket to the incident."_s,
            u"reason is outage"_s);
    if (reason == u"legal")
        return rule(
            u"Send no public answer before the legal team has read this."_s, u"reason is legal"_s);
    if (reason == u"missing-permission")
        return rule(
            u"Do the step that needs your permission, then hand it back with what you did."_s,
            u"reason is missing-permission"_s);
    if (reason == u"policy-exception")
        return rule(
            u"Decide on the exception and write down why."_s, u"reason is policy-exception"_s);
    if (reason == u"customer-asked")
        return rule(u"Call or write to the customer in person before looking further."_s,
            u"reason is customer-asked"_s);
    return std::nullopt;
}

} // namespace

NextAction nextActionFor(const PackageInput &input, const ThreadSummary &thread,
    const std::vector<Promise> &promises, const std::optional<BotPart> &bot)
{
    if (!input.form.nextAction.trimmed().isEmpty())
        return { input.form.nextAction.trimmed(), u"form"_s };
    if (auto action = byReason(input))
        return *action;
    if (categoryHas(input, u"billing")
        && (hasFlag(input.organization.flags, u"past due")
            || hasFlag(input.ticket.tags, u"past-due")))
        return rule(u"Look at the payment status before writing: the account is past due."_s,
            u"category is billing, flag past due"_s);
    if (categoryHas(input, u"billing"))
        return rule(u"Look at the payment status before writing."_s, u"category is billing"_s);
    if (!promises.empty())
        return rule(u"Keep the open promise first."_s, u"an agent named a time"_s);
    const auto sameCategory
        = std::find_if(input.related.begin(), input.related.end(), [&](const RelatedTicket &other) {
              return !isSolved(other.status) && !other.category.isEmpty()
                  && other.category == input.ticket.category;
          });
    if (sameCategory != input.related.end())
        return rule(
            u"Read "_s + sameCategory->key + u" first: same customer, same category, unsolved."_s,
            u"unsolved ticket of the last 30 days"_s);
    if (input.escalation.reasonCode == u"needs-code-change")
        return rule(
            u"Reproduce it with the steps below, then open or link the engineering issue."_s,
            u"reason is needs-code-change"_s);
    if (!input.files.empty())
        return rule(u"Open the attached files before asking for more."_s, u"files are attached"_s);
    if (bot)
        return rule(u"Begin where the bot broke off; do not ask again what it asked."_s,
            u"a bot took part"_s);
    if (thread.waitingSince)
        return rule(u"Accept, then tell the customer who has it and when they will hear more."_s,
            u"the customer wrote last"_s);
    return rule(u"Accept, then check the steps already tried before repeating one."_s,
        u"nothing more special fits"_s);
}

} // namespace tierline::handoff
