#include "core/engine/deeds.h"

#include "core/base/placeholders.h"
#include "core/calendar/ladder.h"
#include "core/commands/paths.h"
#include "core/notify/api/sink.h"
#include "core/rules/print.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;
using rules::Action;
using rules::Slot;

namespace {

QString doneWord()
{
    return u"done"_s;
}

class Maker
{
public:
    Maker(const Frame &frame, const Telling &telling)
        : m_frame(frame)
        , m_telling(telling)
        , m_ticket(telling.ticket)
    {
    }

    Deeds make(const std::vector<Action> &actions);

private:
    bool move(const Action &action, const std::vector<Action> &all);
    bool change(const Action &action);
    bool tell(const Action &action);
    void escalate(const Action &action, const std::vector<Action> &all);
    void escalateByMatrix(const Action &action, const std::vector<Action> &all);
    commands::Escalate moveFor(const Action &action, const std::vector<Action> &all);
    void tellCustomer(const Action &action);
    void tellLeads(const QString &team, const QString &text);
    void ask(const QString &actions, const QString &why);
    void askApproval(const Action &action, const std::vector<Action> &rest);
    void refuse(const QString &why)
    {
        m_made.deeds.back().outcome = u"refused"_s;
        say(why);
    }
    void say(const QString &why) { m_made.deeds.back().why = why; }
    void step(commands::Automatic::Step step)
    {
        m_made.steps.push_back(std::move(step));
        m_made.deedOf.push_back(m_made.deeds.size() - 1);
    }
    void set(const QString &field, const QString &value)
    {
        step(commands::SetFields { {}, { { field, value } } });
    }
    void notice(NoticeTarget kind, const QString &target, const QString &text);
    QString words(const Action &action) const;
    commands::PlaceNames names() const;
    QHash<QString, QString> places() const;
    /// A text of the rule's for colleagues.
    QString own(const Action &action) const { return filled(action.text(Slot::Text), places()); }
    /// What `tell customer` says: empty where the desk's own notice is meant, BadInput where it cannot be said.
    Result<QString> toCustomer(const Action &action) const;
    bool isTooLate() const
    {
        return !m_telling.isConfirmed && m_telling.late > sla::Wake::lateForCustomers;
    }
    QString whyLate() const
    {
        return u"It would reach the customer %1 late: a person says yes or no."_s.arg(
            durationText(m_telling.late));
    }
    QString tierFor(const Action &action) const;

    const Frame &m_frame;
    const Telling &m_telling;
    const Ticket &m_ticket;
    Deeds m_made;
    bool m_noticeGoesWithMove = false; ///< `tell customer` is the notice of the escalation
};

const Action *findAction(const std::vector<Action> &actions, QStringView id)
{
    const auto found
        = std::ranges::find_if(actions, [&](const Action &one) { return one.info->id == id; });
    return found == actions.end() ? nullptr : &*found;
}

Deeds Maker::make(const std::vector<Action> &actions)
{
    // What stands behind the asking is not there yet, for nobody.
    const auto asks = std::ranges::find_if(
        actions, [](const Action &one) { return one.info->id == u"approval"; });
    const std::vector<Action> now(actions.begin(), asks);
    for (const Action &action : now) {
        m_made.deeds.push_back({ rules::print(action), doneWord(), {} });
        if (action.info->id == u"ladder")
            m_made.ladders.push_back(rules::print(action));
        else if (!move(action, now) && !change(action) && !tell(action))
            refuse(u"This version of Tierline cannot do that; do it by hand."_s);
    }
    if (asks != actions.end()) {
        m_made.deeds.push_back({ rules::print(*asks), u"asked"_s, {} });
        askApproval(*asks, { asks + 1, actions.end() });
    }
    return std::move(m_made);
}

void Maker::ask(const QString &actions, const QString &why)
{
    if (!m_made.asking)
        m_made.asking.emplace();
    Deeds::Asking &asking = *m_made.asking;
    asking.actions
        += (asking.actions.isEmpty() || actions.isEmpty() ? QString() : u" and "_s) + actions;
    if (!asking.why.contains(why))
        asking.why += (asking.why.isEmpty() ? QString() : u" "_s) + why;
}

void Maker::askApproval(const Action &action, const std::vector<Action> &rest)
{
    const QString said = own(action);
    ask(printActions(rest),
        !said.isEmpty()    ? said
            : rest.empty() ? u"The rule asks for a yes."_s
                           : u"The rule asks for a yes before it goes on."_s);
    Approver approver;
    if (const QString agent = action.text(Slot::Agent); !agent.isEmpty())
        approver = { NoticeTarget::Agent, agent };
    else if (const QString team = action.text(Slot::Team); !team.isEmpty())
        approver = { NoticeTarget::Team, team };
    else
        approver = { NoticeTarget::Role, action.text(Slot::Role) };
    if (approver.kind == NoticeTarget::Team)
        tellLeads(approver.who, words(action));
    else
        notice(approver.kind, approver.who, words(action));
    m_made.asking->approver = approver;
}

commands::PlaceNames Maker::names() const
{
    return { .ticket = m_ticket,
        .customer = m_telling.customer,
        .organization = m_telling.organization,
        .tier = m_frame.tier(m_ticket.tier),
        .team = m_frame.team(m_ticket.team),
        .assignee = m_frame.agent(m_ticket.assignee) };
}

/// Colleagues are told all that customers are, and more.
QHash<QString, QString> Maker::places() const
{
    QHash<QString, QString> known = commands::customerValues(names());
    known[u"team"_s] = m_ticket.team;
    known[u"status"_s] = code(m_ticket.status);
    known[u"rule"_s] = m_telling.rule;
    known[u"reason"_s] = m_telling.sentence;
    return known;
}

Result<QString> Maker::toCustomer(const Action &action) const
{
    QString text = action.text(Slot::Text);
    if (action.find(Slot::Template)) {
        const QString name = action.text(Slot::Template);
        const commands::Template *found = commands::findTemplate(m_frame.templates, name);
        if (!found)
            return notFound(u"There is no template “%1” in this workspace."_s.arg(name));
        text = found->in(m_telling.language);
    }
    // A place that stays unfilled, or one that only colleagues know, is nothing to send.
    if (const QString wrong = commands::wrongPlaces(text); !wrong.isEmpty())
        return badInput(wrong);
    return filled(text, commands::customerValues(names()));
}

QString Maker::words(const Action &action) const
{
    const QString said = own(action);
    // Of a text that is cut the end is lost, never a place in it.
    QString text = u"%1 “%2”: "_s.arg(m_ticket.key, m_ticket.subject.simplified().left(200));
    text += said.isEmpty() ? m_telling.sentence : said;
    if (!m_telling.summary.isEmpty())
        text += u" "_s + m_telling.summary;
    return text.left(notify::longestNotice);
}

void Maker::notice(NoticeTarget kind, const QString &target, const QString &text)
{
    const auto same = [&](const Notice &one) {
        return one.kind == kind && one.target == target && one.text == text;
    };
    if (std::ranges::none_of(m_made.notices, same))
        m_made.notices.push_back({ .kind = kind,
            .target = target,
            .text = text,
            .isUrgent = isCritical(m_ticket),
            .state
            = m_frame.reaches(kind, target) ? Notice::State::Waiting : Notice::State::KeptBack });
    if (!m_frame.reaches(kind, target)) {
        m_made.deeds.back().outcome = u"kept-back"_s;
        say(u"There is no way to the %1 “%2” yet, so nobody was told: set one up in Settings › Ways, or with "
            "`way add`."_s.arg(code(kind), target.left(80)));
    }
}

// ---- moves

QString Maker::tierFor(const Action &action) const
{
    if (const QString tier = action.text(Slot::Tier); !tier.isEmpty())
        return tier;
    if (const Team *team = m_frame.team(action.text(Slot::Team)))
        return team->tier;
    const Agent *agent = m_frame.agent(action.text(Slot::Agent));
    if (!agent)
        return {};
    const Tier *here = m_frame.tier(m_ticket.tier);
    QStringList theirs = agent->grantedTiers;
    theirs.prepend(agent->homeTier);
    for (const QString &id : theirs) {
        const Tier *tier = m_frame.tier(id);
        if (tier && here && tier->rank > here->rank)
            return id;
    }
    return agent->homeTier;
}

/// The escalation as the rule words it, without its target.
commands::Escalate Maker::moveFor(const Action &action, const std::vector<Action> &all)
{
    commands::Escalate command;
    command.kind
        = fromCode<EscalationKind>(action.text(Slot::Kind)).value_or(EscalationKind::Automated);
    command.reason = action.text(Slot::Reason);
    if (command.reason.isEmpty())
        command.reason = u"sla-risk"_s;
    const QString said = own(action);
    command.sentence = m_telling.sentence;
    command.form.summary = said.isEmpty() ? m_telling.sentence : said;
    // Why the rule acts is no reason why the ticket should be where it was before: its author says that.
    command.isOwnReason = !said.isEmpty() || !action.text(Slot::Reason).isEmpty();
    command.form.tried = { m_telling.ownAnswers > 0
            ? u"%1 answers to the customer at %2; see the thread."_s.arg(
                QString::number(m_telling.ownAnswers), m_ticket.tier)
            : u"Nothing is on record: the rule “%1” moved it before anybody answered."_s.arg(
                m_telling.rule) };
    command.form.expected
        = u"What the customer asks for: %1"_s.arg(m_ticket.subject.simplified().left(200));
    const Action *customer = findAction(all, u"tell-customer");
    if (!customer) {
        command.skipNotice = u"The rule “%1” does not tell the customer."_s.arg(m_telling.rule);
    } else if (const Result<QString> said = toCustomer(*customer); !said) {
        command.skipNotice = said.error().detail;
    } else if (isTooLate()) {
        command.skipNotice = whyLate();
    } else {
        command.notice = *said;
        m_noticeGoesWithMove = true;
    }
    return command;
}

void Maker::escalate(const Action &action, const std::vector<Action> &all)
{
    commands::Escalate command = moveFor(action, all);
    command.toTier = tierFor(action);
    command.team = action.text(Slot::Team);
    command.to = action.text(Slot::Agent);
    const QString priority = action.text(Slot::Priority);
    if (!priority.isEmpty())
        command.priorityStep = 0;
    step(std::move(command));
    if (!priority.isEmpty())
        set(u"priority"_s, priority);
}

void Maker::escalateByMatrix(const Action &action, const std::vector<Action> &all)
{
    if (!m_frame.life.paths) {
        refuse(u"There is no escalation matrix yet: nothing says where the ticket should go."_s);
        return;
    }
    const bool noticeWentBefore = m_noticeGoesWithMove;
    const auto move
        = commands::alongPath(*m_frame.life.paths, moveFor(action, all), m_ticket, m_telling.plan);
    if (!move) {
        m_noticeGoesWithMove = noticeWentBefore;
        refuse(move.error().detail);
        return;
    }
    if (std::holds_alternative<commands::Reassign>(*move))
        m_noticeGoesWithMove = noticeWentBefore; // sideways nobody is told by the move itself
    std::visit([this](const auto &one) { step(one); }, *move);
}

bool Maker::move(const Action &action, const std::vector<Action> &all)
{
    const QString &id = action.info->id;
    if (id == u"escalate" || id == u"escalate-by-matrix") {
        if (!m_telling.mayEscalate)
            refuse(u"Another rule of this round has escalated the ticket."_s);
        else if (id == u"escalate")
            escalate(action, all);
        else
            escalateByMatrix(action, all);
    } else if (id == u"assign") {
        const QString said = own(action);
        step(commands::Reassign { .team = action.text(Slot::Team),
            .to = action.text(Slot::Agent),
            .note
            = said.isEmpty() ? u"Rule “%1”: %2"_s.arg(m_telling.rule, m_telling.sentence) : said,
            .isOwnReason = !said.isEmpty() });
    } else if (id == u"incident") {
        step(commands::Note {
            .text = u"Rule “%1” proposes one incident for the similar tickets: %2"_s.arg(
                m_telling.rule, m_telling.sentence) });
        notice(NoticeTarget::Role, code(Role::Lead), words(action));
    } else {
        return false;
    }
    return true;
}

// ---- changes

bool Maker::change(const Action &action)
{
    const QString &id = action.info->id;
    if (id == u"set-priority")
        set(u"priority"_s, action.text(Slot::Priority));
    else if (id == u"raise-priority")
        step(commands::RaisePriority {
            fromCode<Priority>(action.text(Slot::Priority)).value_or(Priority::Normal) });
    else if (id == u"set-severity")
        set(u"severity"_s, action.text(Slot::Severity));
    else if (id == u"set-status")
        set(u"status"_s, action.text(Slot::Status));
    else if (id == u"set-category")
        set(u"category"_s, action.text(Slot::Category));
    else if (id == u"set-type")
        set(u"type"_s, action.text(Slot::Type));
    else if (id == u"set-field")
        set(u"field."_s + action.text(Slot::Field), own(action));
    else if (id == u"set-sla")
        step(commands::GiveAgreement { .policy = action.text(Slot::Policy),
            .reason = u"Rule “%1”: %2"_s.arg(m_telling.rule, m_telling.sentence).left(800) });
    else if (id == u"link-issue")
        set(u"field.issue"_s, action.text(Slot::Issue));
    else if (id == u"tag" || id == u"untag")
        step(commands::SetTag { action.text(Slot::Tag), id == u"tag" });
    else if (id == u"mark-complex")
        set(u"complex"_s, u"true"_s);
    else if (id == u"note")
        step(commands::Note { .text = own(action) });
    else if (id == u"flag")
        step(commands::Flag { .note = own(action).isEmpty()
                ? u"Rule “%1”: %2"_s.arg(m_telling.rule, m_telling.sentence)
                : own(action) });
    else
        return false;
    return true;
}

// ---- words

void Maker::tellCustomer(const Action &action)
{
    const Result<QString> said = toCustomer(action);
    if (!said) {
        refuse(said.error().detail);
        return;
    }
    if (m_noticeGoesWithMove)
        return;
    if (isTooLate()) {
        m_made.deeds.back().outcome = u"asked"_s;
        say(whyLate());
        ask(rules::print(action), whyLate());
        return;
    }
    step(commands::TellCustomer { *said });
}

/// The leads of a team, else all leads.
void Maker::tellLeads(const QString &team, const QString &text)
{
    const auto isLead = [](const Agent &agent) {
        return agent.isActive && (agent.role == Role::Lead || agent.role == Role::Admin);
    };
    bool isTold = false;
    for (const Agent &agent : m_frame.agents) {
        if (isLead(agent) && !team.isEmpty() && agent.teams.contains(team)) {
            notice(NoticeTarget::Agent, agent.id, text);
            isTold = true;
        }
    }
    if (!isTold)
        notice(NoticeTarget::Role, code(Role::Lead), text);
}

bool Maker::tell(const Action &action)
{
    const QString &id = action.info->id;
    const QString text = words(action);
    if (id == u"tell-customer") {
        tellCustomer(action);
    } else if (id == u"notify-manager") {
        tellLeads(m_ticket.team, text);
    } else if (id == u"notify-assignee") {
        if (m_ticket.assignee.isEmpty())
            refuse(u"Nobody has the ticket."_s);
        else
            notice(NoticeTarget::Agent, m_ticket.assignee, text);
    } else if (id == u"webhook") {
        notice(NoticeTarget::Webhook, action.text(Slot::Hook), text);
    } else if (id == u"notify" || id == u"remind") {
        static const std::pair<Slot, NoticeTarget> targets[] {
            { Slot::Channel, NoticeTarget::Channel }, { Slot::Agent, NoticeTarget::Agent },
            { Slot::Team, NoticeTarget::Team }, { Slot::Pager, NoticeTarget::Pager },
            { Slot::Mail, NoticeTarget::Mail }, { Slot::Role, NoticeTarget::Role }
        };
        bool isTold = false;
        for (const auto &[slot, kind] : targets) {
            if (const QString target = action.text(slot); !target.isEmpty()) {
                notice(kind, target, text);
                isTold = true;
            }
        }
        if (!isTold) {
            for (const Notice &one : responsible(m_ticket, text))
                notice(one.kind, one.target, one.text);
        }
    } else {
        return false;
    }
    return true;
}

} // namespace

Deeds deedsFor(const std::vector<Action> &actions, const Frame &frame, const Telling &telling)
{
    return Maker(frame, telling).make(actions);
}

std::vector<Deed> wouldDo(const std::vector<Action> &actions)
{
    std::vector<Deed> deeds;
    for (const Action &action : actions)
        deeds.push_back({ rules::print(action), u"would"_s, {} });
    return deeds;
}

QString printActions(const std::vector<Action> &actions)
{
    QStringList texts;
    for (const Action &action : actions)
        texts.append(rules::print(action));
    return texts.join(u" and "_s);
}

std::vector<Notice> responsible(const Ticket &ticket, const QString &text)
{
    Notice notice { .kind = NoticeTarget::Tier,
        .target = ticket.tier,
        .text = text,
        .isUrgent = isCritical(ticket) };
    if (!ticket.assignee.isEmpty()) {
        notice.kind = NoticeTarget::Agent;
        notice.target = ticket.assignee;
    } else if (!ticket.team.isEmpty()) {
        notice.kind = NoticeTarget::Team;
        notice.target = ticket.team;
    }
    return { notice };
}

bool isCritical(const Ticket &ticket)
{
    return ticket.priority == Priority::Urgent || ticket.severity == Severity::Critical;
}

} // namespace tierline::engine
