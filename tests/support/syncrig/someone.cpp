#include "core/sync/decide.h"
#include "tests/support/syncrig/syncrig.h"

// What the agents of a workspace do, by seed.

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

template<typename List>
auto oneOf(RandomSource &random, const List &list)
{
    return list[random.below(qint64(list.size()))];
}

commands::SetFields someChange(RandomSource &random, const QString &key)
{
    static const QList<std::pair<QString, QStringList>> values {
        { u"priority"_s, { u"low"_s, u"normal"_s, u"high"_s, u"urgent"_s } },
        { u"status"_s, { u"open"_s, u"pending"_s, u"hold"_s } },
        { u"subject"_s, { u"One"_s, u"Two"_s, u"Three"_s } },
        { u"tags"_s, { u"vip"_s, u"billing,vip"_s, u""_s } },
        { u"assignee"_s, { u"mia"_s, u"ben"_s, u"lea"_s, u""_s } },
        { u"field.Product"_s, { u"P1"_s, u"P2"_s, u""_s } },
    };
    commands::SetFields command { .ticket = key, .changes = {} };
    const qint64 count = 1 + random.below(2);
    for (qint64 i = 0; i < count; ++i) {
        const auto one = oneOf(random, values);
        command.changes.append({ one.first, oneOf(random, one.second) });
    }
    return command;
}

commands::Escalate someEscalation(RandomSource &random, const QString &key)
{
    commands::Escalate command;
    command.ticket = key;
    command.toTier = random.below(2) == 0 ? u"L2"_s : u"L3"_s;
    command.reason = u"missing-tools"_s;
    command.overrideGuard = u"We have talked about it."_s;
    command.form = { .summary = u"Login fails for one account"_s,
        .tried = { u"Cleared cookies"_s },
        .expected = u"A working login"_s };
    return command;
}

} // namespace

QString SyncSide::someCommand(RandomSource &random)
{
    const auto held = m_desk.ticketIds();
    if (held.isEmpty())
        return {};
    const QString ticket = oneOf(random, held);
    if (!idOf(ticket))
        return {};
    const QString id = key(ticket);
    const QString agent = oneOf(random, QStringList { u"mia"_s, u"ben"_s, u"lea"_s });
    // Few different words: equal replies must not be taken for one another.
    const QString words = u"Answer %1"_s.arg(random.below(3));
    const qint64 what = random.below(20);
    const auto said = [&](const QString &verb, const Result<commands::Outcome> &outcome) {
        return u"%1 %2 #%3%4"_s.arg(agent, verb, ticket,
            outcome ? u" "_s + outcome->operation : u": "_s + outcome.error().detail);
    };
    switch (what) {
    case 0:
    case 1:
    case 2: return said(u"replies to"_s, run(agent, commands::Reply { id, words }));
    case 3:
    case 4: return said(u"notes on"_s, run(agent, commands::Note { id, words, {} }));
    case 5: return said(u"claims"_s, run(agent, commands::Claim { id }));
    case 6: return said(u"flags"_s, run(agent, commands::Flag { id, words }));
    case 7: return said(u"unflags"_s, run(agent, commands::Unflag { id }));
    case 8:
    case 9:
    case 10: return said(u"escalates"_s, run(agent, someEscalation(random, id)));
    case 11: return said(u"accepts"_s, run(agent, commands::Accept { id }));
    case 12:
        return said(u"returns"_s, run(agent, commands::Return { id, Verdict::Answered, words }));
    case 13: return said(u"withdraws"_s, run(agent, commands::Withdraw { id, words }));
    case 14: return said(u"solves"_s, run(agent, commands::Solve { id, words }));
    case 15:
    case 16: return said(u"undoes"_s, run(agent, commands::Undo { id }));
    default: return said(u"changes"_s, run(agent, someChange(random, id)));
    }
}

QString SyncSide::someChoice(RandomSource &random)
{
    const auto open = conflicts();
    if (open.empty())
        return {};
    const storage::Conflict conflict = oneOf(random, open);
    const sync::Side side = random.below(2) == 0 ? sync::Side::Local : sync::Side::Remote;
    const auto chosen
        = m_store.store().write(storage::Durability::Background, [&](storage::WriteScope &scope) {
              return sync::resolveConflict(scope, conflict.id, side, u"mia"_s);
          });
    return u"chooses %1 of %2%3"_s.arg(side == sync::Side::Local ? u"ours"_s : u"theirs"_s,
        conflict.field, chosen ? QString() : u": "_s + chosen.error().detail);
}

} // namespace tierline::test
