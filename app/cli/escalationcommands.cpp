#include "app/cli/command.h"

#include "core/commands/paths.h"
#include "core/storage/people.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> escalate(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    const auto kind = fromCode<EscalationKind>(args.value(u"--kind"_s, u"functional"_s));
    if (!kind)
        return usageError(u"--kind takes one of: %1."_s.arg(codes<EscalationKind>().join(u", "_s)));
    commands::Escalate verb;
    verb.ticket = args.at(0);
    verb.toTier = args.value(u"--to"_s);
    verb.team = args.value(u"--team"_s);
    verb.to = args.value(u"--agent"_s);
    verb.kind = *kind;
    verb.trigger = args.has(u"--customer-asked"_s) ? Trigger::Reactive : Trigger::Proactive;
    verb.reason = args.value(u"--reason"_s);
    verb.form.summary = args.value(u"--summary"_s);
    verb.form.tried = args.values(u"--tried"_s);
    verb.form.expected = args.value(u"--expected"_s);
    verb.form.urgency = args.values(u"--urgency"_s);
    verb.form.nextAction = args.value(u"--next"_s);
    verb.notice = args.value(u"--notice"_s);
    verb.skipNotice = args.value(u"--no-customer-notice"_s);
    verb.overrideGuard = args.value(u"--override-guard"_s);
    verb.priorityStep = args.has(u"--keep-priority"_s) ? 0 : 1;
    if (verb.toTier.isEmpty() && verb.team.isEmpty() && verb.to.isEmpty()) {
        TIERLINE_TRY(
            move, commands::alongPath(desk->store().connection(), verb, desk->visibility()));
        if (const auto *sideways = std::get_if<commands::Reassign>(&move))
            return perform(env, *sideways,
                u"by the matrix sideways to %1."_s.arg(
                    sideways->team.isEmpty() ? sideways->to : sideways->team));
        verb = std::get<commands::Escalate>(move);
    }
    TIERLINE_TRY(outcome, desk->run(verb));
    const TicketState &state = outcome.state;
    const Escalation &made = state.escalations.back();
    const QJsonObject document { { u"escalation"_s, made.id }, { u"ticket"_s, state.ticket.key },
        { u"stage"_s, made.openStage() ? code(made.openStage()->stage) : QString() },
        { u"notice"_s, outcome.notice.isEmpty() ? QJsonValue() : QJsonValue(outcome.notice) },
        { u"notice_skipped"_s,
            made.noticeSkipped.isEmpty() ? QJsonValue() : QJsonValue(made.noticeSkipped) },
        { u"operations"_s, QJsonArray::fromStringList(outcome.queued) } };
    QString text = u"%1: escalated to %2%3.\n"_s.arg(state.ticket.key, state.ticket.tier,
        state.ticket.team.isEmpty() ? QString() : u", "_s + state.ticket.team);
    if (!outcome.notice.isEmpty())
        text += u"The customer is told: "_s + outcome.notice + u'\n';
    return Answer { document, printable(text) };
}

Result<Answer> giveBack(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    const auto verdict = fromCode<Verdict>(args.value(u"--verdict"_s));
    if (!verdict)
        return usageError(u"--verdict takes one of: %1."_s.arg(codes<Verdict>().join(u", "_s)));
    TIERLINE_TRY(
        outcome, desk->run(commands::Return { args.at(0), *verdict, args.value(u"--note"_s) }));
    return outcomeAnswer(outcome, u"returned to %1."_s.arg(outcome.state.ticket.tier));
}

} // namespace

QList<Command> escalationCommands()
{
    return {
        { u"escalate"_s,
            u"ID [--to TIER] [--team T] [--agent A] --kind K --reason CODE --summary S --tried S… --expected S "
            "[--urgency F]… [--next S] [--no-customer-notice WHY] [--override-guard WHY]"_s,
            u"up, with its handoff package; without --to where the matrix says"_s,
            { { u"ID"_s },
                { u"--to"_s, u"--team"_s, u"--agent"_s, u"--kind"_s, u"--reason"_s, u"--summary"_s,
                    u"--expected"_s, u"--next"_s, u"--notice"_s, u"--no-customer-notice"_s,
                    u"--override-guard"_s },
                { u"--tried"_s, u"--urgency"_s }, { u"--customer-asked"_s, u"--keep-priority"_s } },
            escalate },
        { u"triage-flag"_s, u"ID"_s, u"you look at a flagged ticket"_s, { { u"ID"_s }, {}, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Triage { args.at(0) }, u"in triage with you."_s);
            } },
        { u"accept"_s, u"ID"_s, u"the receiver takes it"_s, { { u"ID"_s }, {}, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Accept { args.at(0) }, u"accepted; it is yours."_s);
            } },
        { u"return"_s, u"ID --verdict V --note WHY"_s, u"the receiver sends it back"_s,
            { { u"ID"_s }, { u"--verdict"_s, u"--note"_s }, {}, {} }, giveBack },
        { u"withdraw"_s, u"ID --note WHY"_s, u"taken back before it was accepted"_s,
            { { u"ID"_s }, { u"--note"_s }, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(env, commands::Withdraw { args.at(0), args.value(u"--note"_s) },
                    u"withdrawn."_s);
            } },
        { u"review"_s, u"ID --note WHAT"_s, u"what the closed escalation teaches"_s,
            { { u"ID"_s }, { u"--note"_s }, {}, {} },
            [](Environment &env, const Arguments &args) {
                return perform(
                    env, commands::Review { args.at(0), args.value(u"--note"_s) }, u"reviewed."_s);
            } },
    };
}

} // namespace tierline::cli
