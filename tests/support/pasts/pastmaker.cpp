#include "tests/support/pasts/pastmaker.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tierline::test {

using rules::PastTicket;

namespace {

const QStringList words { u"The export of my report fails"_s, u"I want a refund now"_s,
    u"Thanks, that works"_s, u"We will call our lawyer about this"_s,
    u"Please let me speak to a human"_s, u"We are considering cancelling, this is terrible"_s,
    u"Any news? This is urgent"_s };
const QStringList subjects { u"Export of reports fails"_s, u"Invoice is wrong again"_s,
    u"Reports export broken"_s, u"Cannot sign in"_s, u"Login page shows an error"_s };
const QStringList categories { u"billing"_s, u"bug"_s, QString() };
const QStringList plans { u"enterprise"_s, u"business"_s, u"free"_s, QString() };
const QStringList teamNames { u"Frontline"_s, u"Billing"_s, u"Engineering"_s };
const QStringList tierNames { u"L1"_s, u"L2"_s, u"L3"_s };

} // namespace

/// A log while it is written; instants ascend, some are equal.
struct PastMaker::Log {
    PastTicket &past;
    TicketState state;
    Instant at;
    qint64 &nextEvent;

    Event &add(EventKind kind, AuthorKind actor)
    {
        past.events.push_back({ .id = { ++nextEvent },
            .ticket = past.id,
            .at = at,
            .order = at,
            .kind = kind,
            .actor = actor == AuthorKind::Customer ? u"customer"_s : u"priya"_s,
            .actorKind = actor });
        return past.events.back();
    }
    void done() { escalation::apply(state, past.events.back()); }
};

PastTicket PastMaker::ticket()
{
    PastTicket past;
    past.id = { ++m_tickets };
    past.key = u"T-%1"_s.arg(m_tickets);
    const qint64 account = m_random.below(m_shape.accounts + 1);
    if (account > 0) {
        past.customer.organization = Organization { .id = { account },
            .name = u"Account %1"_s.arg(account),
            .plan = plans[account % plans.size()],
            .renewal = QDate(2026, 4, 1 + int(account) % 28) };
        if (account % 3)
            past.customer.organization->arr = account * 40'000;
    }
    past.customer.requester = u"someone%1@example.com"_s.arg(m_tickets);
    past.textOf = [](MessageId id) { return words[id.v % words.size()]; };
    Log log { .past = past, .state = {}, .at = {}, .nextEvent = m_events };
    log.state.ticket.id = past.id;
    log.at = m_shape.start + Millis(m_random.below(m_shape.minutes) * 60'000);
    Event &created = log.add(EventKind::Created, AuthorKind::Customer);
    created.tier = tierNames[0];
    created.team = teamNames[m_random.below(2)];
    created.status = Status::New;
    created.priority = Priority(m_random.below(4));
    created.data = { { eventdata::key, past.key }, { eventdata::organization, account },
        { eventdata::requester, m_tickets },
        { eventdata::channel, once(2) ? u"email"_s : u"chat"_s },
        { eventdata::subject, subjects[m_random.below(subjects.size())] },
        { eventdata::category, categories[m_random.below(categories.size())] } };
    log.done();
    if (!once(5)) {
        log.add(EventKind::Message, AuthorKind::Customer).message = { m_random.below(1'000) + 1 };
        log.done();
    }
    const qint64 steps = m_random.below(m_shape.mostSteps + 1);
    for (qint64 i = 0; i < steps; ++i) {
        if (!once(6)) // else in the same instant
            log.at = log.at + Millis((1 + m_random.below(2 * m_shape.gap)) * 60'000);
        step(log);
    }
    return past;
}

std::vector<PastTicket> PastMaker::tickets(int count)
{
    std::vector<PastTicket> all;
    for (int i = 0; i < count; ++i)
        all.push_back(ticket());
    return all;
}

void PastMaker::step(Log &log)
{
    switch (m_random.below(8)) {
    case 0:
    case 1:
    case 2: message(log); break;
    case 3: change(log); break;
    case 4:
    case 5: move(log); break;
    case 6: solveOrReopen(log); break;
    default: // somebody takes back what they just did
        if (m_shape.undoes && log.past.events.size() > 2) {
            const Event &last = log.past.events.back();
            if (last.kind == EventKind::Changed || last.kind == EventKind::Reassigned) {
                const qint64 id = last.id.v;
                log.add(EventKind::Undone, AuthorKind::Agent).data
                    = { { eventdata::undoes, QJsonArray { id } } };
                log.state = escalation::replay(log.past.id, log.past.events);
                return;
            }
        }
        message(log);
        break;
    }
}

void PastMaker::message(Log &log)
{
    const bool isCustomer = once(2);
    Event &event
        = log.add(EventKind::Message, isCustomer ? AuthorKind::Customer : AuthorKind::Agent);
    event.message = { m_random.below(1'000) + 1 };
    if (!isCustomer && once(3))
        event.data = { { eventdata::internal, true } };
    log.done();
}

void PastMaker::change(Log &log)
{
    Event &event = log.add(EventKind::Changed, AuthorKind::Agent);
    switch (m_random.below(9)) {
    case 0: event.priority = Priority(m_random.below(4)); break;
    case 1: event.data = { { eventdata::category, categories[m_random.below(2)] } }; break;
    case 2:
        event.data = { { eventdata::tags, QJsonArray { once(2) ? u"refund"_s : u"vip"_s } } };
        break;
    case 3: event.status = once(2) ? Status::Pending : Status::Open; break;
    case 4: event.status = Status::Solved; break; // from outside, with no command of ours
    case 5:
        event.data = { { eventdata::subject, subjects[m_random.below(subjects.size())] } };
        break;
    case 6:
        event.kind = EventKind::Csat;
        event.actorKind = AuthorKind::Customer;
        event.data = { { eventdata::score, 4 } };
        break;
    case 7:
        event.data
            = { { eventdata::fields, QJsonObject { { u"failed_logins"_s, m_random.below(5) } } } };
        break;
    default:
        event.data
            = { { eventdata::fields, QJsonObject { { u"amount"_s, m_random.below(1'000) } } } };
        break;
    }
    log.done();
}

void PastMaker::move(Log &log)
{
    const Escalation *open = log.state.openEscalation();
    if (open && open->openStage()->stage == Stage::Handoff) {
        Event &event = log.add(EventKind::Accepted, AuthorKind::Agent);
        event.assignee = u"priya"_s;
        event.data = { { eventdata::limit, (log.at + Millis(8 * 3'600'000)).ms } };
        return log.done();
    }
    if (!open && !isSolved(log.state.ticket.status) && once(2)) {
        Event &event = log.add(EventKind::Escalated, AuthorKind::Agent);
        event.tier = tierNames[1 + m_random.below(2)];
        event.team = teamNames[2];
        event.assignee = QString();
        event.data = { { eventdata::limit, (log.at + Millis(360'000)).ms },
            { eventdata::escalation,
                QJsonObject { { eventdata::id, u"e%1"_s.arg(log.nextEvent) },
                    { eventdata::reason, u"sla-risk"_s }, { eventdata::fromRank, 1 },
                    { eventdata::toRank, 2 } } } };
        return log.done();
    }
    Event &event = log.add(EventKind::Reassigned, AuthorKind::Agent);
    event.assignee = once(3) ? QString() : u"jan"_s;
    event.team = teamNames[m_random.below(teams)];
    log.done();
}

void PastMaker::solveOrReopen(Log &log)
{
    const bool wasSolved = isSolved(log.state.ticket.status);
    Event &event = log.add(wasSolved ? EventKind::Reopened : EventKind::Solved, AuthorKind::Agent);
    event.status = wasSolved ? Status::Open : Status::Solved;
    log.done();
}

Result<Done> ListPast::walk(const Visit &visit)
{
    for (PastTicket &ticket : tickets)
        TIERLINE_CHECK(visit(ticket));
    return Done {};
}

Result<PastTicket> ListPast::one(TicketId id)
{
    for (const PastTicket &ticket : tickets) {
        if (ticket.id == id)
            return ticket;
    }
    return notFound(u"There is no such ticket."_s);
}

std::shared_ptr<const sla::AgreementBook> someAgreements(Instant start, int days)
{
    auto book = std::make_shared<sla::AgreementBook>();
    std::array<DayHours, 7> week;
    for (size_t day = 0; day < 5; ++day)
        week[day] = { { 9 * 3'600'000, 17 * 3'600'000 } };
    book->setCalendar(u"office"_s, *Calendar::make({ .zone = u"UTC"_s, .week = week }));
    sla::Policy policy { .name = u"All"_s, .isDefault = true, .calendar = u"office"_s };
    const auto target = [](sla::ClockKind clock, int hours) {
        return sla::PolicyTarget { .clock = clock, .length = Millis(hours * 3'600'000LL) };
    };
    policy.targets = { target(sla::ClockKind::FirstResponse, 2),
        target(sla::ClockKind::NextResponse, 3), target(sla::ClockKind::TotalResolution, 24) };
    (void)book->add({ 1, start, { policy } });
    policy.targets.front().length = Millis(3'600'000);
    (void)book->add({ 2, start + Millis(days * 86'400'000LL), { policy } });
    return book;
}

} // namespace tierline::test
