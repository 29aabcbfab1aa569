#include "core/desk/dropeffect.h"

#include "core/desk/remoteside.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "core/sync/pending.h"

#include <QJsonArray>

namespace tierline::desk {

using namespace Qt::StringLiterals;
using connectors::PushStep;
using storage::OutboxState;

namespace {

constexpr qsizetype DroppedTextShown = 200;

/// What of its steps the helpdesk never hears, and what it has heard.
Result<Done> readSteps(
    storage::Connection &connection, const storage::OutboxEntry &entry, DropEffect &effect)
{
    TIERLINE_TRY(account, storage::findAccount(connection, entry.account));
    TIERLINE_TRY(map, sync::FieldMap::load(connection, account));
    TIERLINE_TRY(row, storage::remoteOf(connection, entry.ticket));
    TIERLINE_TRY(users, storage::loadAccountUsers(connection, entry.account));
    const auto steps = sync::currentSteps(entry, map);
    if (!steps) // it cannot be said in the helpdesk's words: nothing of it was ever sent
        return Done {};
    const QJsonArray messages = entry.body.value("messages"_L1).toArray();
    for (const sync::Step &step : *steps) {
        if (!step.isOpen()) {
            effect.isPartlyThere |= step.state == sync::StepState::Done;
            continue;
        }
        if (step.message >= 0) {
            const QString text
                = messages.at(step.message)["text"_L1].toString().left(DroppedTextShown);
            (step.kind == PushStep::Kind::Reply ? effect.replies : effect.notes).append(text);
        }
        for (const QString &name : row ? step.fields.keys() : QStringList())
            effect.back.append({ name, shownValue(name, row->base.value(name), users) });
    }
    return Done {};
}

} // namespace

Result<DropEffect> loadDropEffect(
    storage::Connection &connection, const Visibility &visibility, const QString &operation)
{
    const Error gone = notFound(u"This change no longer waits to be sent."_s);
    TIERLINE_TRY(entry, storage::findOperation(connection, operation));
    if (!entry)
        return gone;
    TIERLINE_TRY(state, storage::loadTicket(connection, entry->ticket));
    if (!visibility.sees(state.ticket.team))
        return gone;
    if (entry->state == OutboxState::Sending || entry->state == OutboxState::Unknown)
        return conflictError(u"This has been sent, or is just being sent."_s);
    DropEffect effect { .account = entry->account,
        .key = state.ticket.key,
        .subject = state.ticket.subject,
        .kind = entry->kind };
    TIERLINE_CHECK(readSteps(connection, *entry, effect));
    const Escalation *record = state.openEscalation();
    effect.isWithdrawal = entry->kind == "escalate"_L1 && record && record->openStage()
        && record->openStage()->stage == Stage::Handoff;
    TIERLINE_TRY(all, storage::loadOutboxOf(connection, entry->ticket));
    const auto self = std::ranges::find(all, entry->id, &storage::OutboxEntry::id);
    effect.behind
        = static_cast<int>(std::max<std::ptrdiff_t>(0, std::distance(self, all.end()) - 1));
    return effect;
}

} // namespace tierline::desk
