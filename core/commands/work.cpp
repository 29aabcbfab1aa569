#include "core/commands/clocks_p.h"
#include "core/commands/work_p.h"

#include "core/storage/logend.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;

const Tier *Staff::tier(const QString &id) const
{
    const auto found = std::ranges::find(tiers, id, &Tier::id);
    return found == tiers.end() ? nullptr : &*found;
}

const Team *Staff::team(const QString &name) const
{
    const auto found = std::ranges::find(teams, name, &Team::name);
    return found == teams.end() ? nullptr : &*found;
}

const Agent *Staff::agent(const QString &id) const
{
    const auto found = std::ranges::find(agents, id, &Agent::id);
    return found == agents.end() ? nullptr : &*found;
}

QString Staff::nameOf(const QString &id) const
{
    const Agent *found = agent(id);
    return found && !found->name.isEmpty() ? found->name : id;
}

Result<Staff> loadStaff(storage::Connection &connection)
{
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    return Staff { tiers, teams, agents };
}

bool mayHold(const Agent &agent, const QString &tier)
{
    return agent.isActive && agent.role != Role::ReadOnly
        && (agent.worksAt(tier) || agent.role == Role::Lead || agent.role == Role::Admin);
}

Result<Done> checkHolder(const Staff &staff, const QString &id, const QString &tier,
    const QString &team, const QString &where)
{
    const Agent *agent = staff.agent(id);
    if (!agent || !agent->isActive)
        return badInput(u"There is no agent “%1” here."_s.arg(id.left(64)), where);
    if (!mayHold(*agent, tier))
        return badInput(
            u"%1 does not work at %2: choose somebody of that tier, or grant it to them first."_s
                .arg(staff.nameOf(id), tier),
            where);
    if (!visibilityOf(*agent, staff.teams).sees(team))
        return badInput(u"%1 does not belong to team %2."_s.arg(staff.nameOf(id), team), where);
    return Done {};
}

Work::Work(Context &context, storage::WriteScope &scope)
    : m_context(context)
    , m_scope(scope)
    , m_order(context.now)
{
    m_outcome.operation = context.operation.isEmpty() ? context.random.uuid() : context.operation;
}

Result<Done> Work::open(const QString &key)
{
    TIERLINE_TRY(id, storage::findTicket(connection(), key.trimmed(), m_context.visibility));
    TIERLINE_TRY(state, storage::loadTicket(connection(), id));
    TIERLINE_TRY(last, storage::lastOrder(connection(), id));
    TIERLINE_TRY(staff, loadStaff(connection()));
    m_before = std::move(state);
    m_saved = m_before;
    m_state = m_before;
    m_staff = std::move(staff);
    // Where the clock was set back, or the source's order runs ahead, the new event still comes last.
    m_order = qMax(m_context.now, last);
    return Done {};
}

Result<Done> Work::loadPeople()
{
    TIERLINE_TRY(staff, loadStaff(connection()));
    m_staff = std::move(staff);
    return Done {};
}

Result<Done> Work::create(Event created)
{
    escalation::apply(m_state, created);
    TIERLINE_CHECK(storage::insertTicket(m_scope, m_state));
    created.ticket = m_state.ticket.id;
    TIERLINE_CHECK(storage::appendEvent(m_scope, created));
    m_before = m_state;
    m_saved = m_state;
    m_outcome.events.push_back(std::move(created));
    return Done {};
}

std::optional<Stage> Work::stage() const
{
    return record() ? std::optional(record()->openStage()->stage) : std::nullopt;
}

Result<Done> Work::check(escalation::Action action) const
{
    if (escalation::find(stage(), action))
        return Done {};
    const QString now = stage() ? u"its escalation is in %1"_s.arg(code(*stage()))
                                : u"it has no open escalation"_s;
    return conflictError(
        u"Ticket %1 cannot take “%2” now: %3."_s.arg(ticket().key, escalation::code(action), now));
}

Result<Done> Work::checkWorkable() const
{
    if (isWorkable(ticket().status))
        return Done {};
    if (ticket().status == Status::Deleted)
        return conflictError(u"Ticket %1 is deleted."_s.arg(ticket().key));
    return conflictError(
        u"Ticket %1 is %2: reopen it first."_s.arg(ticket().key, code(ticket().status)));
}

Event Work::event(EventKind kind, const QString &note) const
{
    Event event { .ticket = ticket().id, .at = m_context.now, .order = m_order, .kind = kind };
    event.actor = actor().id;
    event.actorKind = actorKind();
    event.note = note;
    event.operation = m_outcome.operation;
    return event;
}

AuthorKind Work::actorKind() const
{
    const QString &id = actor().id;
    if (m_staff.agent(id))
        return AuthorKind::Agent;
    if (id == u"customer")
        return AuthorKind::Customer;
    return id.startsWith(u"rule:") || id == eventdata::triage ? AuthorKind::System
                                                              : AuthorKind::Agent;
}

Result<Done> Work::add(Event event)
{
    escalation::freeze(m_state, event, m_staff.tiers);
    TIERLINE_CHECK(storage::appendEvent(m_scope, event));
    escalation::apply(m_state, event);
    m_outcome.events.push_back(std::move(event));
    return Done {};
}

Message Work::message(MessageKind kind, const QString &text) const
{
    return { .ticket = ticket().id,
        .at = m_context.now,
        .kind = kind,
        .author = actorKind() == AuthorKind::System ? AuthorKind::System : AuthorKind::Agent,
        .authorName = actor().id,
        .text = text };
}

Result<Done> Work::say(Message message, const QJsonObject &data, std::optional<Status> status,
    std::optional<QString> assignee)
{
    message.ticket = ticket().id;
    TIERLINE_CHECK(storage::appendMessage(m_scope, message));
    Event said = event(EventKind::Message);
    said.actorKind = message.author;
    if (message.author == AuthorKind::Customer)
        said.actor = u"customer"_s;
    else if (message.author == AuthorKind::Bot)
        said.actor = message.authorName;
    said.message = message.id;
    said.data = data;
    const bool isAnswer = message.kind == MessageKind::PublicReply
        && message.author == AuthorKind::Agent && !data.contains(eventdata::notice);
    if (isAnswer && !m_staysHere) {
        TIERLINE_TRY(account, accountOf(connection(), ticket().key));
        if (!account.isEmpty())
            said.data[eventdata::awaitsSending] = true;
    }
    said.status = status;
    said.assignee = assignee;
    m_texts.append(QJsonObject { { u"kind"_s, code(message.kind) }, { u"text"_s, message.text } });
    return add(std::move(said));
}

Result<Done> Work::foldAgain()
{
    TIERLINE_TRY(events, storage::loadEvents(connection(), ticket().id));
    m_state = escalation::replay(ticket().id, events);
    return Done {};
}

Result<std::optional<Error>> Work::attempt(const std::function<Result<Done>()> &step)
{
    const TicketState state = m_state, saved = m_saved;
    const std::optional<Handoff> package = m_package;
    const QJsonArray texts = m_texts;
    const QString notice = m_outcome.notice;
    const size_t events = m_outcome.events.size();
    TIERLINE_CHECK(connection().execute("SAVEPOINT step"));
    Result<Done> done = step();
    // The next step may read the rows.
    if (done && m_outcome.events.size() > events) {
        done = storage::saveTicket(m_scope, m_saved, m_state);
        m_saved = m_state;
    }
    if (done) {
        TIERLINE_CHECK(connection().execute("RELEASE step"));
        return std::optional<Error>();
    }
    const Fault fault = done.error().fault;
    if (fault != Fault::BadInput && fault != Fault::NotAllowed && fault != Fault::NotFound
        && fault != Fault::Conflict)
        return done.error();
    TIERLINE_CHECK(connection().execute("ROLLBACK TO step; RELEASE step"));
    m_state = state;
    m_saved = saved;
    m_package = package;
    m_texts = texts;
    m_outcome.notice = notice;
    m_outcome.events.resize(events);
    return std::optional(done.error());
}

Result<Done> Work::finish(const QString &kind)
{
    m_outcome.state = m_state;
    if (m_outcome.events.empty())
        return Done {}; // everything was as asked for already
    TIERLINE_CHECK(placeNextDue(connection(), m_state, m_context.now, &m_staff));
    m_outcome.state = m_state;
    m_scope.touch(ticket().id);
    TIERLINE_CHECK(storage::saveTicket(m_scope, m_saved, m_state));
    if (m_package)
        TIERLINE_CHECK(storage::insertHandoff(m_scope, *m_package));
    return queue(kind);
}

} // namespace tierline::commands
