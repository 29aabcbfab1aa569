#include "core/engine/cards.h"

#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"

#include <QUrl>

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostInDigest = 20;

QString nameOf(const PostOffice &office, const QString &agent)
{
    const Agent *known = office.agent(agent);
    return known ? known->name : agent;
}

Result<Done> addPeople(storage::Connection &connection, const Ticket &ticket, notify::Card &card)
{
    QStringList names;
    if (ticket.requester) {
        TIERLINE_TRY(requester, storage::loadRequester(connection, ticket.requester));
        names.append(requester.name.isEmpty() ? requester.email : requester.name);
    }
    if (ticket.organization) {
        TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
        names.append(organization.name);
        card.plan = organization.plan;
    }
    names.removeAll(QString());
    card.customer = names.join(u", "_s);
    return Done {};
}

/// The page for people, where the ticket's helpdesk has one.
Result<QString> linkOf(storage::Connection &connection, TicketId ticket)
{
    TIERLINE_TRY(remote, storage::remoteOf(connection, ticket));
    const QUrl link(remote ? remote->link : QString());
    return link.isValid() && link.scheme() == u"https" ? link.toString() : QString();
}

QString endOf(const PostOffice &office, const Delivery &delivery, const TicketState &state)
{
    const auto record = std::ranges::find(state.escalations, delivery.topic, &Escalation::id);
    if (record == state.escalations.end())
        return {};
    if (delivery.act == Delivery::Act::Acknowledge)
        return u"%1 has taken it."_s.arg(nameOf(office, record->acceptedBy));
    return record->outcome == Outcome::Withdrawn ? u"It was withdrawn."_s : u"It is over."_s;
}

} // namespace

Result<notify::Card> cardOf(storage::Connection &connection, const PostOffice &office,
    const Delivery &delivery, const std::optional<Notice> &notice, const TicketState &state)
{
    const Ticket &ticket = state.ticket;
    notify::Card card { .ticket = ticket.key, .isUrgent = delivery.isUrgent };
    if (!mayReadThere(office, { delivery.way, delivery.address, delivery.receiver }, ticket.team))
        return card;
    card.subject = ticket.subject;
    TIERLINE_CHECK(addPeople(connection, ticket, card));
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    const auto tier = std::ranges::find(tiers, ticket.tier, &Tier::id);
    card.tier = tier == tiers.end() ? ticket.tier : tier->name;
    if (!ticket.team.isEmpty())
        card.tier += (card.tier.isEmpty() ? QString() : u" · "_s) + ticket.team;
    const auto record = std::ranges::find(state.escalations, delivery.topic, &Escalation::id);
    if (record != state.escalations.end())
        card.reason = record->sentence;
    if (notice && notice->firing && card.reason.isEmpty()) {
        TIERLINE_TRY(firing, storage::loadFiring(connection, notice->firing));
        card.reason = firing ? firing->sentence : QString();
    }
    card.text = delivery.act != Delivery::Act::Tell ? endOf(office, delivery, state)
        : notice                                    ? notice->text
                                                    : QString();
    TIERLINE_TRY(link, linkOf(connection, ticket.id));
    card.link = link;
    return card;
}

Result<notify::Card> digestCard(storage::Connection &connection, const PostOffice &office,
    const std::vector<Delivery> &all, notify::Card first)
{
    QStringList lines;
    for (const Delivery &one : all) {
        if (lines.size() == mostInDigest)
            break;
        TIERLINE_TRY(state, storage::loadTicket(connection, one.ticket));
        TIERLINE_TRY(card, cardOf(connection, office, one, {}, state));
        lines.append(u"• "_s + notify::cut(notify::headline(card), 90));
    }
    if (all.size() > size_t(mostInDigest))
        lines.append(u"… and %1 more."_s.arg(all.size() - size_t(mostInDigest)));
    notify::Card card { .ticket = first.ticket };
    card.subject = all.size() == 1 ? u"one thing from the last hour"_s
                                   : u"%1 things from the last hour"_s.arg(all.size());
    card.text = lines.join(u'\n');
    return card;
}

} // namespace tierline::engine
