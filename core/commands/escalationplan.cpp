#include "core/commands/escalationplan.h"

#include "core/commands/customertexts.h"
#include "core/commands/paths.h"
#include "core/commands/recipes.h"
#include "core/commands/texts.h"
#include "core/commands/work_p.h"
#include "core/handoff/package.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// The confidential kind that a reason code asks for.
Confidential confidentialFor(const QString &reason)
{
    if (reason == u"legal")
        return Confidential::Legal;
    return reason == u"security" ? Confidential::Security : Confidential::No;
}

class Planner
{
public:
    Planner(storage::Connection &connection, const EscalationAsk &ask)
        : m_connection(connection)
        , m_ask(ask)
        , m_command(ask.command)
    {
    }

    Result<EscalationPlan> plan();

private:
    Result<Done> load();
    Result<Done> checkForm();
    Result<Done> checkTarget();
    Result<Done> chooseTeam();
    const Team *teamOf(const Agent *receiver) const;
    Result<Done> chooseConfidential(Confidential kind);
    Result<Done> checkReceiver();
    Result<Done> checkReturn() const;
    Result<Done> checkWarnings();
    Result<Done> makeEvent();
    Result<Done> makeNotice();

    const Ticket &ticket() const { return m_plan.before.ticket; }

    storage::Connection &m_connection;
    const EscalationAsk &m_ask;
    const Escalate &m_command;
    Staff m_staff;
    const Tier *m_from = nullptr;
    const Tier *m_to = nullptr;
    const Team *m_team = nullptr;
    EscalationPlan m_plan;
};

Result<EscalationPlan> Planner::plan()
{
    TIERLINE_CHECK(load());
    TIERLINE_CHECK(checkForm());
    TIERLINE_CHECK(checkTarget());
    TIERLINE_CHECK(chooseTeam());
    TIERLINE_CHECK(checkReceiver());
    TIERLINE_CHECK(checkReturn());
    TIERLINE_CHECK(checkWarnings());
    TIERLINE_CHECK(makeEvent());
    TIERLINE_CHECK(makeNotice());
    return std::move(m_plan);
}

Result<Done> Planner::load()
{
    TIERLINE_TRY(
        id, storage::findTicket(m_connection, m_command.ticket.trimmed(), m_ask.visibility));
    TIERLINE_TRY(state, storage::loadTicket(m_connection, id));
    TIERLINE_TRY(staff, loadStaff(m_connection));
    m_plan.before = std::move(state);
    m_staff = std::move(staff);
    if (ticket().requester) {
        TIERLINE_TRY(requester, storage::loadRequester(m_connection, ticket().requester));
        m_plan.requester = requester;
    }
    return Done {};
}

Result<Done> Planner::checkForm()
{
    for (const QString &text :
        { m_command.form.summary, m_command.form.expected, m_command.form.nextAction })
        TIERLINE_CHECK(cleaned(text, MaxNote, u"summary"_s));
    for (const QString &step : m_command.form.tried)
        TIERLINE_CHECK(cleaned(step, MaxNote, u"tried"_s));
    if (m_ask.isDraft)
        return Done {};
    TIERLINE_TRY(reasons, loadReasons(m_connection));
    return escalation::requiredFields(
        { m_command.toTier, m_command.reason, m_command.form }, reasons);
}

Result<Done> Planner::checkTarget()
{
    m_from = m_staff.tier(ticket().tier);
    m_to = m_staff.tier(m_command.toTier.trimmed());
    if (!m_to)
        return badInput(u"There is no tier “%1”."_s.arg(m_command.toTier.left(40)), u"to"_s);
    if (m_from)
        TIERLINE_CHECK(escalation::goesUp(*m_from, *m_to));
    const Status status = ticket().status;
    if (status == Status::Closed || status == Status::Deleted)
        return conflictError(
            u"Ticket %1 is %2: reopen it first."_s.arg(ticket().key, code(status)));
    const Escalation *record = m_plan.before.openEscalation();
    const auto stage = record ? std::optional(record->openStage()->stage) : std::nullopt;
    if (!escalation::find(stage, escalation::Action::Escalate))
        return conflictError(u"Ticket %1 cannot be escalated in %2: reopen it first."_s.arg(
            ticket().key, code(*stage)));
    return Done {};
}

Result<Done> Planner::chooseTeam()
{
    const Confidential kind = confidentialFor(m_command.reason);
    if (!m_command.team.isEmpty()) {
        m_team = m_staff.team(m_command.team);
        // A confidential team is there for its own reason, and for those who belong to it.
        const bool isSeen
            = m_team && (m_ask.visibility.sees(m_team->name) || m_team->confidential == kind);
        if (!isSeen)
            return badInput(
                u"There is no team “%1” here."_s.arg(m_command.team.left(80)), u"team"_s);
        if (m_team->tier != m_to->id)
            return badInput(
                u"Team %1 works at %2, not at %3."_s.arg(m_team->name, m_team->tier, m_to->id),
                u"team"_s);
        return Done {};
    }
    if (kind != Confidential::No) {
        TIERLINE_CHECK(chooseConfidential(kind));
        if (m_team)
            return Done {};
    }
    m_team = teamOf(m_staff.agent(m_command.to));
    return Done {};
}

/// The tier's open team that fits: the receiver's, else the one that is named like what the ticket is
/// about, else the only one. None rather than a wrong one: a ticket without a team is seen by all of
/// its tier, one in a stranger's queue by nobody who can help.
const Team *Planner::teamOf(const Agent *receiver) const
{
    const Ticket &t = ticket();
    const Team *named = nullptr;
    const Team *only = nullptr;
    int teams = 0;
    for (const Team &team : m_staff.teams) {
        if (team.tier != m_to->id || team.confidential != Confidential::No)
            continue;
        if (receiver && receiver->teams.contains(team.name))
            return &team;
        const auto isTeam = [&](const QString &word) {
            return word.compare(team.name, Qt::CaseInsensitive) == 0;
        };
        if (!named && (isTeam(t.category) || isTeam(t.product) || isTeam(t.type)))
            named = &team;
        only = &team;
        ++teams;
    }
    return named ? named : teams == 1 ? only : nullptr;
}

Result<Done> Planner::chooseConfidential(Confidential kind)
{
    const Team *elsewhere = nullptr;
    for (const Team &team : m_staff.teams) {
        if (team.confidential == kind && team.tier == m_to->id)
            m_team = &team;
        else if (team.confidential == kind)
            elsewhere = &team;
    }
    // Never in silence to people who should not read it.
    if (!m_team && elsewhere && !m_ask.isDraft)
        return badInput(
            u"Reason “%1” goes to the confidential team at %2, and there is none at %3: choose %2, or "
            "name the team that should read it."_s.arg(m_command.reason, elsewhere->tier, m_to->id),
            u"to"_s);
    return Done {};
}

Result<Done> Planner::checkReceiver()
{
    if (m_command.to.isEmpty())
        return Done {};
    return checkHolder(m_staff, m_command.to, m_to->id, m_team ? m_team->name : QString(), u"to"_s);
}

Result<Done> Planner::checkReturn() const
{
    if (m_ask.isDraft)
        return Done {};
    const QString team = m_team ? m_team->name : QString();
    return checkWayBack(m_connection, ticket(),
        { m_to->id, team, m_command.form.summary, m_command.isOwnReason, u"summary"_s });
}

Result<Done> Planner::checkWarnings()
{
    TIERLINE_TRY(recipes, loadRecipes(m_connection));
    m_plan.warnings = escalation::warnings(
        ticket().subject, { m_command.toTier, m_command.reason, m_command.form }, recipes);
    if (m_ask.isDraft || m_plan.warnings.isEmpty() || !m_command.overrideGuard.trimmed().isEmpty())
        return Done {};
    return Error { .fault = Fault::NotAllowed,
        .detail
        = m_plan.warnings.join(u' ') + u" Where it must go up all the same, give a reason."_s,
        .where = u"override-guard"_s };
}

Result<Done> Planner::makeEvent()
{
    const Ticket &t = ticket();
    TIERLINE_TRY(summary, cleaned(m_command.form.summary, MaxNote, u"summary"_s));
    TIERLINE_TRY(skipped, cleaned(m_command.skipNotice, MaxNote, u"skip-notice"_s));
    TIERLINE_TRY(overridden, cleaned(m_command.overrideGuard, MaxNote, u"override-guard"_s));
    TIERLINE_TRY(sentence, cleaned(m_command.sentence, MaxNote, u"sentence"_s));
    Event &event = m_plan.event;
    event = { .ticket = t.id, .at = m_ask.now, .order = m_ask.now, .kind = EventKind::Escalated };
    event.actor = m_ask.actor.id;
    event.note = summary;
    event.tier = m_to->id;
    if (const QString team = m_team ? m_team->name : QString(); team != t.team)
        event.team = team;
    if (m_command.to != t.assignee)
        event.assignee = m_command.to;
    if (t.status != Status::Open)
        event.status = Status::Open;
    const int priority = std::min(
        static_cast<int>(Priority::Urgent), static_cast<int>(t.priority) + m_command.priorityStep);
    if (priority > static_cast<int>(t.priority))
        event.priority = static_cast<Priority>(priority);
    QJsonObject move { { eventdata::kind, code(m_command.kind) },
        { eventdata::trigger, code(m_command.trigger) }, { eventdata::reason, m_command.reason },
        { eventdata::fromRank, m_from ? m_from->rank : 0 }, { eventdata::toRank, m_to->rank } };
    move[eventdata::sentence] = sentence.isEmpty()
        ? u"%1: %2"_s.arg(
            reasonInWords(m_command.reason), handoff::masked(summary).simplified().left(200))
        : sentence;
    // A flagged ticket already has its record.
    const Escalation *record = m_plan.before.openEscalation();
    const bool goesOn = record && record->openStage()->stage <= Stage::Triage;
    move[eventdata::id] = goesOn ? record->id : m_ask.record;
    if (m_command.path)
        move[eventdata::path] = toJson(*m_command.path);
    if (!skipped.isEmpty())
        move[eventdata::noticeSkipped] = skipped;
    if (!overridden.isEmpty())
        move[eventdata::overrideGuard] = overridden;
    event.data[eventdata::escalation] = move;
    m_plan.after = m_plan.before;
    escalation::freeze(m_plan.before, event, m_staff.tiers);
    escalation::apply(m_plan.after, event);
    return Done {};
}

Result<Done> Planner::makeNotice()
{
    if (!m_command.skipNotice.trimmed().isEmpty())
        return Done {};
    const QString receiver = m_command.to.isEmpty() ? QString() : m_staff.nameOf(m_command.to);
    TIERLINE_TRY(language, languageOfCustomer(m_connection, ticket()));
    const QString composed
        = composeNotice(ticket(), m_plan.requester, *m_to, m_team, receiver, language);
    TIERLINE_TRY(edited, cleaned(m_command.notice, MaxMessage, u"notice"_s));
    m_plan.isNoticeComposed = edited.isEmpty() || edited == composed;
    m_plan.notice = m_plan.isNoticeComposed ? composed : edited;
    return Done {};
}

/// The form as it is frozen: valid text, no blank steps.
HandoffForm tidied(const HandoffForm &form)
{
    const auto tidy
        = [](const QString &text) { return cleaned(text, MaxNote, {}).value_or(QString()); };
    HandoffForm clean { .summary = tidy(form.summary),
        .expected = tidy(form.expected),
        .nextAction = tidy(form.nextAction) };
    for (const QString &step : form.tried) {
        if (const QString text = tidy(step); !text.isEmpty())
            clean.tried.append(text);
    }
    for (const QString &flag : form.urgency) {
        if (const QString text = tidy(flag); !text.isEmpty())
            clean.urgency.append(text);
    }
    return clean;
}

/// What a package may speak of: what its writer sees, less what other confidential teams hold, since
/// it is frozen for all who will read this ticket.
Result<Visibility> visibleInPackage(
    storage::Connection &connection, const Ticket &ticket, Visibility writers)
{
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    for (const Team &team : teams) {
        if (team.confidential != Confidential::No && team.name != ticket.team
            && writers.sees(team.name))
            writers.deniedTeams.append(team.name);
    }
    return writers;
}

} // namespace

Result<EscalationPlan> planEscalation(storage::Connection &connection, const EscalationAsk &ask)
{
    return Planner(connection, ask).plan();
}

Result<handoff::PackageInput> gatherPackage(storage::Connection &connection,
    const EscalationPlan &plan, const EscalationAsk &ask, std::vector<Event> events)
{
    const Ticket &ticket = plan.after.ticket;
    handoff::PackageInput input { .ticket = ticket,
        .requester = plan.requester,
        .escalation = plan.after.escalations.back(),
        .form = tidied(ask.command.form),
        .actor = ask.actor,
        .now = ask.now };
    input.events = std::move(events);
    if (ticket.organization) {
        TIERLINE_TRY(organization, storage::loadOrganization(connection, ticket.organization));
        input.organization = organization;
    }
    TIERLINE_TRY(messages, storage::loadMessages(connection, ticket.id));
    input.messages = std::move(messages);
    TIERLINE_TRY(files, storage::loadAttachments(connection, ticket.id));
    for (const Attachment &file : files)
        input.files.push_back({ file.name, file.contentType, file.size });
    TIERLINE_TRY(visible, visibleInPackage(connection, ticket, ask.visibility));
    TIERLINE_TRY(
        related, storage::relatedTickets(connection, ticket, ask.now - 30 * 24h, 50, visible));
    for (const storage::RelatedTicket &other : related)
        input.related.push_back(
            { other.key, other.subject, other.category, other.status, other.created });
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    input.tiers = tiers;
    return input;
}

} // namespace tierline::commands
