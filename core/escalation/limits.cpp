#include "core/escalation/limits.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

#include <QUuid>

namespace tierline::escalation {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const Tier *tierById(const QList<Tier> &tiers, const QString &id)
{
    const auto found = std::ranges::find(tiers, id, &Tier::id);
    return found == tiers.end() ? nullptr : &*found;
}

/// The same record gets the same id on every machine that reads the same source.
QString derivedId(const TicketState &before, const Event &event)
{
    static const QUuid space(u"{7d0c4f5e-0b0a-5c53-9c52-3f1f4f2f5a10}"_s);
    const QString name = u"%1|%2|%3|%4"_s.arg(before.ticket.key, QString::number(event.origin),
        QString::number(event.order.ms), event.tier.value_or(QString()));
    return QUuid::createUuidV5(space, name).toString(QUuid::WithoutBraces);
}

void freezeRanks(const TicketState &before, Event &event, const QList<Tier> &tiers)
{
    const Tier *from = tierById(tiers, before.ticket.tier);
    const Tier *to = tierById(tiers, *event.tier);
    if (!from || !to || from->rank == to->rank)
        return;
    QJsonObject move;
    move[eventdata::fromRank] = from->rank;
    move[eventdata::toRank] = to->rank;
    if (to->rank > from->rank)
        move[eventdata::id] = derivedId(before, event);
    event.data[eventdata::escalation] = move;
}

} // namespace

Millis stageLimit(Stage stage, const Tier &tier)
{
    switch (stage) {
    case Stage::Detection: return 30min;
    case Stage::Triage: return 15min;
    case Stage::Handoff: return tier.acceptWithin;
    case Stage::Resolution: return tier.resolveWithin;
    case Stage::Communication: return 24h;
    case Stage::Closure: return 72h;
    case Stage::Review: return 7 * 24h;
    }
    return 0ms;
}

bool isOurTurn(Stage stage)
{
    return stage < Stage::Closure;
}

QString clockOf(Stage stage)
{
    if (!isOurTurn(stage))
        return {};
    return stage == Stage::Handoff ? u"accept"_s : code(stage);
}

void freeze(const TicketState &before, Event &event, const QList<Tier> &tiers)
{
    const bool changesTier
        = event.kind != EventKind::Created && event.tier && *event.tier != before.ticket.tier;
    const bool opens
        = event.kind == EventKind::Flagged || event.kind == EventKind::Escalated || changesTier;
    if (!opens && !before.openEscalation())
        return;
    if (changesTier && !event.data.contains(eventdata::escalation))
        freezeRanks(before, event, tiers);
    if (event.data.contains(eventdata::limit))
        return;

    TicketState after = before;
    apply(after, event);
    const Escalation *record = after.openEscalation();
    if (!record)
        return;
    const Escalation *former = before.openEscalation();
    const bool isSameStage = former && former->id == record->id
        && former->openStage()->stage == record->openStage()->stage;
    if (isSameStage)
        return; // goes on, perhaps with another owner, under the limit that it has
    if (const Tier *tier = tierById(tiers, after.ticket.tier)) {
        const Instant entered = record->openStage()->entered;
        event.data[eventdata::limit] = (entered + stageLimit(record->openStage()->stage, *tier)).ms;
    }
}

} // namespace tierline::escalation
