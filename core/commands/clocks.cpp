#include "core/commands/agreements.h"
#include "core/commands/clocks_p.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"
#include "core/storage/agreements.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// Takes the stored editions, which were checked before they were written, apart.
Result<std::shared_ptr<const sla::AgreementBook>> readBook(storage::Connection &connection)
{
    TIERLINE_TRY(editions, storage::loadAgreementEditions(connection));
    auto book = std::make_shared<sla::AgreementBook>();
    std::map<QString, CalendarEditions> calendars;
    for (const storage::AgreementEdition &edition : editions) {
        if (edition.calendar.isEmpty())
            continue;
        TIERLINE_TRY(json, readJsonObject(edition.document.toUtf8()));
        TIERLINE_TRY(calendar, sla::calendarFromJson(json));
        const auto known = calendars.find(edition.calendar);
        if (known == calendars.end())
            calendars.emplace(edition.calendar, CalendarEditions(calendar));
        else
            known->second.add(edition.from, calendar);
    }
    for (auto &[name, calendar] : calendars)
        book->setCalendar(name, std::move(calendar));
    for (const storage::AgreementEdition &edition : editions) {
        if (!edition.calendar.isEmpty())
            continue;
        TIERLINE_TRY(json, readJson(edition.document.toUtf8()));
        TIERLINE_TRY(policies, sla::policiesFromJson(json.array()));
        TIERLINE_CHECK(book->add({ edition.number, edition.from, policies }));
    }
    return std::shared_ptr<const sla::AgreementBook>(std::move(book));
}

Result<Done> addZones(
    storage::Connection &connection, const Ticket &ticket, escalation::ClockPeople &people)
{
    using storage::ZoneOwner;
    TIERLINE_TRY(customer,
        storage::loadZone(connection, ZoneOwner::Customer, QString::number(ticket.requester.v)));
    TIERLINE_TRY(organization,
        storage::loadZone(
            connection, ZoneOwner::Organization, QString::number(ticket.organization.v)));
    people.customerZone = customer;
    people.organizationZone = organization;
    TIERLINE_TRY(zones, storage::loadTeamZones(connection));
    people.zoneOf = zones;
    return Done {};
}

/// Only what these events need: agents are asked only where a tier has to answer.
Result<escalation::ClockPeople> peopleFor(storage::Connection &connection, const Ticket &ticket,
    const sla::AgreementBook &book, const std::vector<Event> &events, const Staff *staff)
{
    escalation::ClockPeople people;
    if (staff) {
        people = escalation::ClockPeople::of(staff->tiers, staff->agents);
    } else {
        TIERLINE_TRY(tiers, storage::loadTiers(connection));
        const bool wentUp = std::ranges::any_of(events,
            [](const Event &event) { return event.tier && event.kind != EventKind::Created; });
        QList<Agent> agents;
        if (wentUp) {
            TIERLINE_TRY(all, storage::loadAgents(connection));
            agents = all;
        }
        people = escalation::ClockPeople::of(tiers, agents);
    }
    if (ticket.organization) {
        TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
        people.plan = organization.plan;
        people.organization = organization.name;
    }
    if (book.usesZones())
        TIERLINE_CHECK(addZones(connection, ticket, people));
    return people;
}

/// What the log holds may be ahead of this machine's clock.
Instant notBefore(Instant now, const std::vector<Event> &events)
{
    for (const Event &event : events)
        now = std::max(now, event.at);
    return now;
}

/// Of tickets that were merged into the one with this log what was breached stays listed; of those that had come
/// into them, too.
Result<Done> addMerged(storage::Connection &connection, const std::vector<Event> &events,
    const sla::AgreementBook &book, int depth, std::vector<sla::TicketClock> &clocks)
{
    constexpr int mostMerges = 8; ///< into one another
    for (const Event &event : events) {
        const QString key = event.data.value(eventdata::mergedFrom).toString();
        if (key.isEmpty() || depth > mostMerges)
            continue;
        const auto id = storage::findAnyTicket(connection, key);
        if (!id && id.error().fault == Fault::NotFound)
            continue; // no longer here
        if (!id)
            return id.error();
        TIERLINE_TRY(state, storage::loadTicket(connection, *id));
        TIERLINE_TRY(others, storage::loadEvents(connection, *id));
        TIERLINE_TRY(people, peopleFor(connection, state.ticket, book, others, nullptr));
        const size_t before = clocks.size();
        clocks = sla::mergedClocks(
            std::move(clocks), escalation::clockPast(others, people), book, event.at);
        for (size_t i = before; i < clocks.size(); ++i)
            clocks[i].of = key;
        TIERLINE_CHECK(addMerged(connection, others, book, depth + 1, clocks));
    }
    return Done {};
}

} // namespace

Result<std::shared_ptr<const sla::AgreementBook>> loadAgreements(storage::Connection &connection)
{
    struct Held {
        QString revision;
        std::shared_ptr<const sla::AgreementBook> book;
    };
    static thread_local Held held;
    TIERLINE_TRY(revision, storage::agreementRevision(connection));
    if (revision.isEmpty())
        return std::shared_ptr<const sla::AgreementBook>();
    if (held.revision != revision) {
        TIERLINE_TRY(book, readBook(connection));
        held = { revision, book };
    }
    return held.book;
}

Result<std::vector<sla::TicketClock>> loadClocks(storage::Connection &connection,
    const Ticket &ticket, Instant now, const sla::AgreementBook *under, Knowledge knowledge)
{
    static const sla::AgreementBook nothing;
    TIERLINE_TRY(held, loadAgreements(connection));
    const sla::AgreementBook &book = under ? *under : held ? *held : nothing;
    TIERLINE_TRY(events, storage::loadEvents(connection, ticket.id));
    const bool isPast = knowledge == Knowledge::OnlyUntilThen;
    if (isPast)
        std::erase_if(events, [now](const Event &event) { return event.at > now; });
    TIERLINE_TRY(people, peopleFor(connection, ticket, book, events, nullptr));
    std::vector<sla::TicketClock> clocks = sla::clocksOf(
        escalation::clockPast(events, people), book, isPast ? now : notBefore(now, events));
    TIERLINE_CHECK(addMerged(connection, events, book, 0, clocks));
    return clocks;
}

Result<Done> placeNextDue(storage::Connection &connection, TicketState &state,
    const std::vector<Event> &events, Instant now, const Staff *staff)
{
    TIERLINE_TRY(book, loadAgreements(connection));
    if (!book)
        return Done {};
    if (!isWorkable(state.ticket.status)) {
        escalation::setNextDue(state, {});
        return Done {};
    }
    TIERLINE_TRY(people, peopleFor(connection, state.ticket, *book, events, staff));
    escalation::setNextDue(
        state, sla::clocksOf(escalation::clockPast(events, people), *book, notBefore(now, events)));
    return Done {};
}

Result<Done> placeNextDue(
    storage::Connection &connection, TicketState &state, Instant now, const Staff *staff)
{
    TIERLINE_TRY(book, loadAgreements(connection));
    if (!book)
        return Done {};
    if (!isWorkable(state.ticket.status))
        return placeNextDue(connection, state, {}, now, staff);
    TIERLINE_TRY(events, storage::loadEvents(connection, state.ticket.id));
    return placeNextDue(connection, state, events, now, staff);
}

} // namespace tierline::commands
