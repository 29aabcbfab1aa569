#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

/// A count by tier: nothing counted is unknown, an absent tier is zero.
Reading atTier(const Subject &s, const QMap<QString, qint64> &counts, const QString &tier)
{
    if (!s.activity.hasAttempts)
        return Reading::unknown();
    qint64 sum = 0;
    for (auto count = counts.cbegin(); count != counts.cend(); ++count) {
        if (tier.isEmpty() || count.key().compare(tier, Qt::CaseInsensitive) == 0)
            sum += count.value();
    }
    return Reading::thousandths(sum * 1'000);
}

Reading attemptsOf(const Subject &s, const Ask &ask)
{
    return atTier(s, s.activity.attempts, ask.name);
}
Reading failedFixesOf(const Subject &s, const Ask &ask)
{
    return atTier(s, s.activity.failedFixes, ask.name);
}

/// Somebody there answered, and the ticket is not solved, or came back.
Reading triedInVain(const Subject &s, const Ask &ask)
{
    const Reading attempts = attemptsOf(s, ask);
    if (attempts.state != Reading::State::Value)
        return attempts;
    return Reading::of(
        attempts.number > 0 && (!isSolved(s.ticket->status) || failedFixesOf(s, ask).number > 0));
}

void addTries(FactTable &table)
{
    const auto group = u"behaviour"_s;
    const auto changes = Change::Message | Change::Status | Change::Place;
    table.add({ .id = u"attempts"_s,
        .group = group,
        .patterns = { u"{count} attempts|attempt"_s },
        .type = FactType::Number,
        .help = u"Public answers by us so far."_s,
        .example = u"3 attempts"_s,
        .changes = changes,
        .read = attemptsOf });
    table.add({ .id = u"attempts-at-tier"_s,
        .group = group,
        .patterns = { u"{count} attempts|attempt at {tier}"_s },
        .type = FactType::Number,
        .help = u"Public answers by us while the ticket was at a tier."_s,
        .example = u"2 attempts at L1"_s,
        .changes = changes,
        .read = attemptsOf });
    table.add({ .id = u"failed-fixes"_s,
        .group = group,
        .patterns = { u"{count} failed fixes|fix"_s },
        .type = FactType::Number,
        .help = u"Solutions that did not hold."_s,
        .example = u"2 failed fixes"_s,
        .changes = changes,
        .read = failedFixesOf });
    table.add({ .id = u"failed-fixes-at-tier"_s,
        .group = group,
        .patterns = { u"{count} failed fixes|fix at {tier}"_s },
        .type = FactType::Number,
        .help = u"Solutions by a tier that did not hold."_s,
        .example = u"2 failed fixes at L2"_s,
        .changes = changes,
        .read = failedFixesOf });
    table.add({ .id = u"tried-in-vain"_s,
        .group = group,
        .patterns = { u"tier {tier} tried without success"_s },
        .type = FactType::Flag,
        .help = u"A tier answered, and the issue is still there."_s,
        .example = u"tier L2 tried without success"_s,
        .changes = changes,
        .read = triedInVain });
}

void addRepeats(FactTable &table)
{
    const auto group = u"behaviour"_s;
    table.add({ .id = u"reopened"_s,
        .group = group,
        .patterns = { u"reopened {count} times|time"_s },
        .type = FactType::Number,
        .help = u"How often the ticket was opened again after it was solved."_s,
        .example = u"reopened 2 times"_s,
        .changes = Changes(Change::Status),
        .read
        = [](const Subject &s, const Ask &) { return Reading::count(s.activity.reopened); } });
    table.add({ .id = u"unanswered-messages"_s,
        .group = group,
        .patterns = { u"{count} messages|message without answer"_s },
        .type = FactType::Number,
        .help = u"The customer's messages since our last answer."_s,
        .example = u"3 messages without answer"_s,
        .changes = Change::Message | Change::Status,
        .read = [](const Subject &s, const Ask &) {
            return Reading::count(s.activity.unansweredMessages);
        } });
    table.add({ .id = u"handovers"_s,
        .group = group,
        .patterns = { u"handed over {count} times|time"_s },
        .type = FactType::Number,
        .help = u"How often the ticket went from team to team."_s,
        .example = u"handed over 3 times"_s,
        .changes = Changes(Change::Place),
        .read
        = [](const Subject &s, const Ask &) { return Reading::count(s.activity.handovers); } });
}

void addOthers(FactTable &table)
{
    const auto group = u"behaviour"_s;
    const auto changes = Changes(Change::Around);
    table.add({ .id = u"account-tickets"_s,
        .group = group,
        .patterns = { u"{count} tickets|ticket from one|same account within {window}"_s,
            u"{count} tickets|ticket from the same account within {window}"_s },
        .type = FactType::Number,
        .help = u"Tickets of the ticket's organization in a window, this one included."_s,
        .example = u"5 tickets from one account within 7d"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &ask) {
            return s.around ? Reading::count(s.around->ticketsFromAccount(ask.window))
                            : Reading::unknown();
        } });
    table.add({ .id = u"account-unanswered"_s,
        .group = group,
        .patterns
        = { u"{count} unanswered tickets|ticket from one|same account within {window}"_s },
        .type = FactType::Number,
        .help = u"Those of them that nobody has answered."_s,
        .example = u"5 unanswered tickets from one account within 7d"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &ask) {
            return s.around ? Reading::count(s.around->unansweredFromAccount(ask.window))
                            : Reading::unknown();
        } });
    table.add({ .id = u"issue-reopened"_s,
        .group = group,
        .patterns = { u"same issue reopened by {count} customers|customer within {window}"_s },
        .type = FactType::Number,
        .help = u"Different customers for whom the same issue came back in a window."_s,
        .example = u"same issue reopened by 3 customers within 7d"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &ask) {
            return s.around ? Reading::count(s.around->customersReopeningIssue(ask.window))
                            : Reading::unknown();
        } });
    table.add({ .id = u"similar-tickets"_s,
        .group = group,
        .patterns = { u"{count} similar tickets|ticket within {window}"_s },
        .type = FactType::Number,
        .help = u"Tickets alike in a window: perhaps one incident."_s,
        .example = u"5 similar tickets within 30m"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &ask) {
            return s.around ? Reading::count(s.around->similarTickets(ask.window))
                            : Reading::unknown();
        } });
    table.add({ .id = u"arrivals"_s,
        .group = group,
        .patterns = { u"arrivals within {window} {is} of usual"_s },
        .type = FactType::Percent,
        .help = u"New tickets in a window, against what is usual at this time of the week."_s,
        .example = u"arrivals within 1h are over 200 % of usual"_s,
        .changes = changes,
        .isPlural = true,
        .read = [](const Subject &s, const Ask &ask) {
            const auto share = s.around ? s.around->arrivalsOfUsual(ask.window) : Told<qint64>();
            return share.hasValue() ? Reading::thousandths(*share) : Reading::unknown();
        } });
}

} // namespace

void factsBehaviour(FactTable &table)
{
    addTries(table);
    addRepeats(table);
    addOthers(table);
}

} // namespace tierline::rules
