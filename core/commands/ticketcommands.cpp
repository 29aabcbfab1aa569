#include "core/commands/texts.h"
#include "core/commands/work_p.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;
using escalation::Action;

namespace {

/// Whether the actor writes for the tier that the ticket was escalated to.
bool isReceiving(const Work &work)
{
    const Escalation *record = work.record();
    if (!record || !escalation::find(work.stage(), Action::PublicReply))
        return false;
    const Agent &actor = work.actor();
    if (work.ticket().assignee == actor.id)
        return true;
    return actor.worksAt(work.ticket().tier) && actor.id != record->actor
        && actor.id != record->fromAssignee;
}

Result<Done> checkNotGone(const Work &work)
{
    const Status status = work.ticket().status;
    if (status != Status::Closed && status != Status::Deleted)
        return Done {};
    return conflictError(u"Ticket %1 is %2: reopen it before writing to the customer."_s.arg(
        work.ticket().key, code(status)));
}

Result<Done> addFollower(Work &work, const QString &agent, bool follows)
{
    if (work.ticket().followers.contains(agent) == follows)
        return Done {};
    Event event = work.event(EventKind::Followed);
    event.data = { { eventdata::agent, agent }, { eventdata::follows, follows } };
    return work.add(std::move(event));
}

/// The agent, where there is such an active one who may see the ticket.
Result<const Agent *> findReader(const Work &work, const QString &id, const QString &where)
{
    const Agent *agent = work.staff().agent(id);
    if (!agent || !agent->isActive)
        return badInput(u"There is no agent “%1” here."_s.arg(id.left(64)), where);
    if (!visibilityOf(*agent, work.staff().teams).sees(work.ticket().team))
        return notAllowed(u"%1 may not see this ticket's team, so they cannot be brought in."_s.arg(
            work.staff().nameOf(id)));
    return agent;
}

Result<Event> createdEvent(Work &work, const CreateTicket &command, const QString &key)
{
    const Ticket &t = command.ticket;
    TIERLINE_TRY(subject,
        required(t.subject, MaxLine, u"subject"_s, u"The ticket has no subject: give it one."_s));
    QString tier = t.tier;
    if (tier.isEmpty()) {
        for (const Tier &candidate : work.staff().tiers) {
            if (tier.isEmpty() && candidate.rank >= 1)
                tier = candidate.id;
        }
    }
    if (!work.staff().tier(tier))
        return badInput(u"There is no tier “%1”."_s.arg(tier.left(40)), u"tier"_s);
    const Team *team = work.staff().team(t.team);
    const bool isThere = team && team->tier == tier && work.context().visibility.sees(t.team);
    if (!t.team.isEmpty() && !isThere)
        return badInput(u"There is no team “%1” at %2."_s.arg(t.team.left(80), tier), u"team"_s);
    if (!t.assignee.isEmpty())
        TIERLINE_CHECK(checkHolder(work.staff(), t.assignee, tier, t.team, u"assignee"_s));
    Event event = work.event(EventKind::Created);
    event.at = event.order = t.created.ms != 0 ? t.created : work.context().now;
    event.tier = tier;
    event.team = t.team;
    event.assignee = t.assignee;
    event.status = isSolved(t.status) || t.status == Status::Deleted ? Status::New : t.status;
    event.priority = t.priority;
    event.data = { { eventdata::key, key }, { eventdata::subject, subject } };
    const auto set = [&](QLatin1StringView name, const QJsonValue &value, bool isThere) {
        if (isThere)
            event.data[name] = value;
    };
    set(eventdata::channel, t.channel, !t.channel.isEmpty());
    set(eventdata::category, t.category, !t.category.isEmpty());
    set(eventdata::product, t.product, !t.product.isEmpty());
    set(eventdata::type, t.type, !t.type.isEmpty());
    set(eventdata::severity, t.severity ? code(*t.severity) : QString(), t.severity.has_value());
    set(eventdata::complex, true, t.isComplex);
    set(eventdata::tags, QJsonArray::fromStringList(t.tags), !t.tags.isEmpty());
    set(eventdata::fields, t.fields, !t.fields.isEmpty());
    return event;
}

Result<Done> savePeople(
    storage::WriteScope &scope, Requester &requester, Organization &organization)
{
    if (organization.arr && *organization.arr < 0)
        return badInput(
            u"The revenue of %1 is negative."_s.arg(organization.name.left(80)), u"arr"_s);
    if (organization.health && (*organization.health < 0 || *organization.health > 100))
        return badInput(
            u"The health of %1 is not between 0 and 100."_s.arg(organization.name.left(80)),
            u"health"_s);
    if (!organization.name.isEmpty()) {
        TIERLINE_CHECK(storage::saveOrganization(scope, organization));
        requester.organization = organization.id;
    }
    if (!requester.name.isEmpty() || !requester.email.isEmpty())
        TIERLINE_CHECK(storage::saveRequester(scope, requester));
    return Done {};
}

/// A mail's HTML as it came, bounded. It is made harmless where it is shown, as all foreign HTML is;
/// search, package and preview read the plain text beside it.
Result<QString> htmlBeside(const QString &text, const QString &html)
{
    if (!html.isEmpty() && text.isEmpty())
        return badInput(
            u"The message has HTML and no plain text: give the text that it shows, too."_s,
            u"text"_s);
    return cleaned(html, MaxHtml, u"html"_s);
}

Result<Done> createTicket(Work &work, const CreateTicket &command)
{
    Requester requester = command.requester;
    Organization organization = command.organization;
    TIERLINE_TRY(text, cleaned(command.text, MaxMessage, u"text"_s));
    TIERLINE_TRY(html, htmlBeside(text, command.html));
    TIERLINE_TRY(givenKey, cleaned(command.ticket.key, 200, u"key"_s));
    QString key = givenKey;
    if (key.isEmpty()) {
        TIERLINE_TRY(next, storage::nextLocalKey(work.scope()));
        key = next;
    }
    TIERLINE_CHECK(savePeople(work.scope(), requester, organization));
    TIERLINE_TRY(created, createdEvent(work, command, key));
    if (requester.id)
        created.data[eventdata::requester] = requester.id.v;
    if (organization.id)
        created.data[eventdata::organization] = organization.id.v;
    TIERLINE_CHECK(work.create(std::move(created)));
    if (text.isEmpty())
        return Done {};
    Message message { .at = work.context().now, .kind = MessageKind::PublicReply, .text = text };
    message.html = html;
    message.authorName = requester.name.isEmpty() ? requester.email : requester.name;
    return work.say(std::move(message));
}

} // namespace

Result<Outcome> run(Context &context, const CreateTicket &command)
{
    Outcome outcome;
    const Result<Done> written
        = context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
              Work work(context, scope);
              TIERLINE_CHECK(work.loadPeople());
              TIERLINE_CHECK(createTicket(work, command));
              TIERLINE_CHECK(work.finish(u"create"_s));
              outcome = work.take();
              return Done {};
          });
    if (!written)
        return written.error();
    return outcome;
}

Result<Outcome> run(Context &context, const Reply &command)
{
    return onTicket(context, command.ticket, u"reply"_s, [&](Work &work) -> Result<Done> {
        TIERLINE_TRY(text,
            required(
                command.text, MaxMessage, u"text"_s, u"The reply is empty: write something."_s));
        TIERLINE_CHECK(checkNotGone(work));
        QJsonObject data;
        const bool receives = isReceiving(work);
        if (receives)
            data[eventdata::receiving] = true;
        const bool accepts
            = receives && work.stage() == Stage::Handoff && work.ticket().assignee.isEmpty();
        const auto status
            = work.ticket().status == Status::New ? std::optional(Status::Open) : std::nullopt;
        return work.say(work.message(MessageKind::PublicReply, text), data, status,
            accepts ? std::optional(work.actor().id) : std::nullopt);
    });
}

Result<Done> writeNote(Work &work, const Note &command)
{
    TIERLINE_TRY(text,
        required(command.text, MaxMessage, u"text"_s, u"The note is empty: write something."_s));
    TIERLINE_CHECK(
        work.say(work.message(MessageKind::InternalNote, text), { { eventdata::internal, true } }));
    for (const QString &id : command.mentions) {
        TIERLINE_TRY(agent, findReader(work, id, u"mentions"_s));
        TIERLINE_CHECK(addFollower(work, agent->id, true));
    }
    // What looks like a handle in the text brings somebody in only where it is one.
    for (const QString &id : mentionsIn(text)) {
        if (const auto agent = findReader(work, id, u"text"_s); agent)
            TIERLINE_CHECK(addFollower(work, (*agent)->id, true));
    }
    return Done {};
}

Result<Outcome> run(Context &context, const Note &command)
{
    return onTicket(
        context, command.ticket, u"note"_s, [&](Work &work) { return writeNote(work, command); });
}

Result<Outcome> run(Context &context, const CustomerMessage &command)
{
    return onTicket(
        context, command.ticket, u"customer-message"_s, [&](Work &work) -> Result<Done> {
            TIERLINE_TRY(
                text, required(command.text, MaxMessage, u"text"_s, u"The message is empty."_s));
            TIERLINE_TRY(html, htmlBeside(text, command.html));
            if (command.author != AuthorKind::Customer && command.author != AuthorKind::Bot)
                return badInput(
                    u"Only a customer or a bot speaks this way: use a reply or a note."_s,
                    u"author"_s);
            const bool isBot = command.author == AuthorKind::Bot;
            Message message { .at = work.context().now, .author = command.author, .text = text };
            message.kind = isBot ? MessageKind::BotTurn : MessageKind::PublicReply;
            message.html = html;
            TIERLINE_TRY(name, cleaned(command.authorName, MaxLine, u"author"_s));
            message.authorName = name;
            if (name.isEmpty() && !isBot && work.ticket().requester) {
                TIERLINE_TRY(
                    requester, storage::loadRequester(work.connection(), work.ticket().requester));
                message.authorName = requester.name.isEmpty() ? requester.email : requester.name;
            } else if (name.isEmpty() && isBot) {
                message.authorName = u"bot"_s;
            }
            const Status status = work.ticket().status;
            const bool waited = status == Status::Pending || status == Status::Hold;
            return work.say(std::move(message), {},
                waited && !isBot ? std::optional(Status::Open) : std::nullopt);
        });
}

Result<Outcome> run(Context &context, const Csat &command)
{
    return onTicket(context, command.ticket, u"csat"_s, [&](Work &work) -> Result<Done> {
        if (command.score < 1 || command.score > 5)
            return badInput(u"A score is 1 to 5, not %1."_s.arg(command.score), u"score"_s);
        TIERLINE_TRY(comment, cleaned(command.comment, MaxNote, u"comment"_s));
        Event event = work.event(EventKind::Csat, comment);
        event.actor = u"customer"_s;
        event.actorKind = AuthorKind::Customer;
        event.data[eventdata::score] = command.score;
        return work.add(std::move(event));
    });
}

Result<Outcome> run(Context &context, const Follow &command)
{
    return onTicket(context, command.ticket, u"follow"_s, [&](Work &work) -> Result<Done> {
        const QString id = command.agent.isEmpty() ? work.actor().id : command.agent;
        if (!command.follows)
            return addFollower(work, id, false);
        TIERLINE_TRY(agent, findReader(work, id, u"agent"_s));
        return addFollower(work, agent->id, true);
    });
}

} // namespace tierline::commands
