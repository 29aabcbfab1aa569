#include "app/cli/command.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> create(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(text, env.textFromInput(u"The customer's message"_s));
    commands::CreateTicket verb;
    verb.ticket.subject = args.value(u"--subject"_s);
    verb.ticket.channel = args.value(u"--channel"_s, u"phone"_s);
    verb.ticket.category = args.value(u"--category"_s);
    verb.requester.name = args.value(u"--name"_s);
    verb.requester.email = args.value(u"--email"_s);
    verb.organization.name = args.value(u"--organization"_s);
    verb.text = text;
    if (args.has(u"--priority"_s)) {
        const auto priority = fromCode<Priority>(args.value(u"--priority"_s));
        if (!priority)
            return usageError(
                u"--priority takes one of: %1."_s.arg(codes<Priority>().join(u", "_s)));
        verb.ticket.priority = *priority;
    }
    return perform(env, verb, u"made."_s);
}

Result<Answer> setFields(Environment &env, const Arguments &args)
{
    commands::SetFields verb { args.at(0), {} };
    for (const QString &change : args.positionals().mid(1)) {
        const qsizetype equals = change.indexOf(u'=');
        if (equals < 1)
            return usageError(u"“%1” is no change; write field=value."_s.arg(change));
        verb.changes.append({ change.left(equals), change.mid(equals + 1) });
    }
    if (verb.changes.isEmpty())
        return usageError(u"Nothing to change; write field=value."_s);
    return perform(env, verb, u"changed."_s);
}

Result<Answer> customer(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(text, env.textFromInput(u"The customer's message"_s));
    return perform(env,
        commands::CustomerMessage {
            args.at(0), text, AuthorKind::Customer, args.value(u"--name"_s) },
        u"message added."_s);
}

Result<Answer> csat(Environment &env, const Arguments &args)
{
    bool isNumber = false;
    const int score = args.at(1).toInt(&isNumber);
    if (!isNumber)
        return usageError(u"The score is a whole number from 1 to 5."_s);
    return perform(
        env, commands::Csat { args.at(0), score, args.value(u"--comment"_s) }, u"score noted."_s);
}

} // namespace

QList<Command> ticketCommands()
{
    const Shape onlyId { { u"ID"_s }, {}, {}, {} };
    const Shape idAndNote { { u"ID"_s }, { u"--note"_s }, {}, {} };
    return {
        { u"ticket new"_s,
            u"--subject S --name N --email E [--organization O] [--channel C] [--category C] [--priority P]"_s,
            u"a new ticket; the message on stdin"_s,
            { {},
                { u"--subject"_s, u"--name"_s, u"--email"_s, u"--organization"_s, u"--channel"_s,
                    u"--category"_s, u"--priority"_s },
                {}, {} },
            create },
        { u"reply"_s, u"ID"_s, u"a public reply; text on stdin"_s, onlyId,
            [](Environment &env, const Arguments &args) -> Result<Answer> {
                TIERLINE_TRY(text, env.textFromInput(u"The reply"_s));
                return perform(env, commands::Reply { args.at(0), text }, u"reply sent."_s);
            } },
        { u"note"_s, u"ID [--mention AGENT]…"_s, u"an internal note; text on stdin"_s,
            { { u"ID"_s }, {}, { u"--mention"_s }, {} },
            [](Environment &env, const Arguments &args) -> Result<Answer> {
                TIERLINE_TRY(text, env.textFromInput(u"The note"_s));
                return perform(env,
                    commands::Note { args.at(0), text, args.values(u"--mention"_s) },
                    u"note added."_s);
            } },
        { u"ticket customer"_s, u"ID [--name N]"_s,
            u"what the customer said, by phone for instance; text on stdin"_s,
            { { u"ID"_s }, { u"--name"_s }, {}, {} }, customer },
        { u"set"_s, u"ID field=value…"_s,
            u"change fields; tier and team have commands of their own"_s,
            { { u"ID"_s, u"field=value…"_s }, {}, {}, {} }, setFields },
        { u"flag"_s, u"ID --note WHY"_s, u"out of my scope"_s, idAndNote,
            [](Environment &env, const Arguments &args) {
                return perform(
                    env, commands::Flag { args.at(0), args.value(u"--note"_s) }, u"flagged."_s);
            } },
        { u"unflag"_s, u"ID"_s, u"take the flag away"_s, onlyId,
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Unflag { args.at(0) }, u"no longer flagged."_s);
            } },
        { u"claim"_s, u"ID"_s, u"mine"_s, onlyId,
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Claim { args.at(0) }, u"yours."_s);
            } },
        { u"reassign"_s, u"ID --team T|--to AGENT --note WHY"_s, u"same tier, somebody else"_s,
            { { u"ID"_s }, { u"--team"_s, u"--to"_s, u"--note"_s }, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(env,
                    commands::Reassign { args.at(0), args.value(u"--team"_s), args.value(u"--to"_s),
                        args.value(u"--note"_s) },
                    u"reassigned."_s);
            } },
        { u"solve"_s, u"ID [--text QUESTION]"_s, u"solved; the customer is asked for a yes"_s,
            { { u"ID"_s }, { u"--text"_s }, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Solve { args.at(0), args.value(u"--text"_s) },
                    u"solved, awaiting the customer's yes."_s);
            } },
        { u"confirm"_s, u"ID [--tag T]…"_s, u"the customer's yes"_s,
            { { u"ID"_s }, {}, { u"--tag"_s }, {} },
            [](Environment &env, const Arguments &args) {
                return perform(
                    env, commands::Confirm { args.at(0), args.values(u"--tag"_s) }, u"closed."_s);
            } },
        { u"reopen"_s, u"ID --note WHY"_s, u"open again, same tier and owner"_s, idAndNote,
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Reopen { args.at(0), args.value(u"--note"_s) },
                    u"open again."_s);
            } },
        { u"follow"_s, u"ID [--agent A] [--stop]"_s, u"see the outcome"_s,
            { { u"ID"_s }, { u"--agent"_s }, {}, { u"--stop"_s } },
            [](Environment &env, const Arguments &args) {
                return perform(env,
                    commands::Follow {
                        args.at(0), args.value(u"--agent"_s), !args.has(u"--stop"_s) },
                    args.has(u"--stop"_s) ? u"no longer followed."_s : u"followed."_s);
            } },
        { u"csat"_s, u"ID SCORE [--comment S]"_s, u"the customer's score, 1 to 5"_s,
            { { u"ID"_s, u"SCORE"_s }, { u"--comment"_s }, {}, {} }, csat },
        { u"undo"_s, u"ID"_s, u"undo your newest command on a ticket"_s, onlyId,
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Undo { args.at(0) }, u"undone."_s);
            } },
    };
}

} // namespace tierline::cli
