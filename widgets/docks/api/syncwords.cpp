#include "widgets/docks/api/syncwords.h"

#include "core/domain/codes.h"
#include "widgets/common/chip.h"
#include "widgets/common/plainlabel.h"

#include <algorithm>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using desk::RemoteSide;
using desk::SyncState;
using desk::WaitingChange;
using storage::OutboxState;
using Phase = SyncState::Phase;

Token syncToken(SyncTone tone)
{
    switch (tone) {
    case SyncTone::Good:
    case SyncTone::Busy: return Token::Muted; // what is well is quiet
    case SyncTone::Waiting: return Token::AtRisk;
    case SyncTone::Bad: break;
    }
    return Token::Breached;
}

Icon syncIcon(SyncTone tone)
{
    switch (tone) {
    case SyncTone::Good: return Icon::Check;
    case SyncTone::Busy: return Icon::Sync;
    case SyncTone::Waiting: return Icon::Offline;
    case SyncTone::Bad: break;
    }
    return Icon::Warning;
}

QString SyncWords::span(Millis time)
{
    const qint64 seconds = std::max<qint64>(1, (time.count() + 999) / 1000);
    if (seconds < 60)
        return tr("%1 s").arg(seconds);
    if (seconds < 3600)
        return tr("%1 min").arg((seconds + 59) / 60);
    return tr("%1 h").arg((seconds + 3599) / 3600);
}

namespace {

/// Both numbers written out: the words around them bend, too.
QString changes(int count)
{
    return count == 1 ? SyncWords::tr("1 change") : SyncWords::tr("%1 changes").arg(count);
}

QString changesWait(int count)
{
    return count == 1 ? SyncWords::tr("1 change waits")
                      : SyncWords::tr("%1 changes wait").arg(count);
}

/// ", next try in 40 s", or nothing where no time is known.
QString nextTry(const std::optional<Instant> &at, Instant now)
{
    if (!at)
        return {};
    return *at <= now ? SyncWords::tr(", trying again now")
                      : SyncWords::tr(", next try in %1").arg(SyncWords::span(*at - now));
}

/// A rank for what needs a person most.
int urgency(const SyncState &state)
{
    if (state.phase == Phase::SignIn)
        return 9;
    if (state.conflicts > 0)
        return 8;
    if (state.refused > 0)
        return 7;
    switch (state.phase) {
    case Phase::Trouble: return 6;
    case Phase::Offline: return 5;
    case Phase::Limited: return 4;
    case Phase::Locked: return 3;
    default: return state.waiting > 0 ? 2 : state.phase == Phase::Syncing ? 1 : 0;
    }
}

QString cannotSync(const SyncState &state, const QString &name, Instant now)
{
    const QString next = nextTry(state.nextTry, now);
    switch (state.phase) {
    case Phase::Offline: return SyncWords::tr("%1 cannot be reached%2").arg(name, next);
    case Phase::Limited: return SyncWords::tr("%1 asks for a pause%2").arg(name, next);
    case Phase::Locked: return SyncWords::tr("another program syncs %1%2").arg(name, next);
    default: return SyncWords::tr("syncing with %1 did not work%2").arg(name, next);
    }
}

/// As a sentence; a name at its beginning stays as it is.
QString capital(QString text, const QString &name)
{
    if (!text.isEmpty() && !text.startsWith(name))
        text[0] = text[0].toUpper();
    return text;
}

SyncWords::Said wellSaid(
    const SyncState &state, const QString &name, const TimeWords &words, Instant now)
{
    const bool isSyncing = state.phase == Phase::Syncing;
    if (state.waiting > 0)
        return { (isSyncing ? SyncWords::tr("Sending %1 to %2")
                            : SyncWords::tr("%1 for %2, sent in a moment"))
                     .arg(changes(state.waiting), name),
            SyncTone::Busy };
    if (isSyncing && (!state.synced || state.received > 0))
        return { state.received > 0
                ? SyncWords::tr("Getting tickets from %1: %2 so far").arg(name).arg(state.received)
                : SyncWords::tr("Getting tickets from %1").arg(name),
            SyncTone::Busy };
    if (!state.synced)
        return { SyncWords::tr("%1 has not been looked at yet").arg(name), SyncTone::Busy };
    return { SyncWords::tr("All changes are at %1, %2").arg(name, words.ago(*state.synced, now)),
        SyncTone::Good };
}

} // namespace

SyncWords::Said SyncWords::account(const SyncState &state, const TimeWords &words, Instant now)
{
    const QString name = oneLine(state.account, 40);
    if (state.phase == Phase::SignIn) {
        const QString asks = tr("%1 asks for a new sign-in").arg(name);
        return { state.waiting > 0 ? asks + u"; "_s + changesWait(state.waiting) : asks,
            SyncTone::Bad };
    }
    if (state.conflicts > 0)
        return { (state.conflicts == 1 ? tr("1 conflict with %1").arg(name)
                                       : tr("%2 conflicts with %1").arg(name).arg(state.conflicts)),
            SyncTone::Bad };
    if (state.refused > 0)
        return { tr("%1 refused %2").arg(name, changes(state.refused)), SyncTone::Bad };
    if (state.phase == Phase::Idle || state.phase == Phase::Syncing)
        return wellSaid(state, name, words, now);
    const QString why = cannotSync(state, name, now);
    return { state.waiting > 0 ? changesWait(state.waiting) + u": "_s + why : capital(why, name),
        state.phase == Phase::Locked ? SyncTone::Busy : SyncTone::Waiting };
}

const SyncState *SyncWords::mostUrgent(const QList<SyncState> &states)
{
    const auto most = std::ranges::max_element(states, {}, urgency);
    return most == states.end() ? nullptr : &*most;
}

QString SyncWords::field(const QString &field)
{
    static const QHash<QString, const char *> names { { u"subject"_s, QT_TR_NOOP("Subject") },
        { u"status"_s, QT_TR_NOOP("Status") }, { u"priority"_s, QT_TR_NOOP("Priority") },
        { u"place"_s, QT_TR_NOOP("Queue") }, { u"tier"_s, QT_TR_NOOP("Tier") },
        { u"team"_s, QT_TR_NOOP("Team") }, { u"owner"_s, QT_TR_NOOP("Owner") },
        { u"assignee"_s, QT_TR_NOOP("Owner") }, { u"tags"_s, QT_TR_NOOP("Tags") } };
    if (const char *name = names.value(field))
        return tr(name);
    return oneLine(field.startsWith(u"field."_s) ? field.mid(6) : field, 60);
}

QString SyncWords::value(const QString &field, const QString &value)
{
    if (field == u"status"_s) {
        if (const auto status = fromCode<Status>(value))
            return statusText(*status);
    } else if (field == u"priority"_s) {
        if (const auto priority = fromCode<Priority>(value))
            return priorityText(*priority);
    }
    if (value.isEmpty())
        return field == u"owner"_s ? tr("nobody") : tr("empty");
    return oneLine(value, 200);
}

QString SyncWords::change(const WaitingChange &change)
{
    static const QHash<QString, const char *> names { { u"reply"_s, QT_TR_NOOP("Reply") },
        { u"note"_s, QT_TR_NOOP("Internal note") }, { u"escalate"_s, QT_TR_NOOP("Escalation") },
        { u"accept"_s, QT_TR_NOOP("Acceptance") }, { u"return"_s, QT_TR_NOOP("Return") },
        { u"withdraw"_s, QT_TR_NOOP("Withdrawal") }, { u"solve"_s, QT_TR_NOOP("Solution") },
        { u"confirm"_s, QT_TR_NOOP("Customer's answer") }, { u"reopen"_s, QT_TR_NOOP("Reopening") },
        { u"claim"_s, QT_TR_NOOP("Claim") }, { u"reassign"_s, QT_TR_NOOP("Reassignment") },
        { u"flag"_s, QT_TR_NOOP("Flag") }, { u"unflag"_s, QT_TR_NOOP("Flag taken back") },
        { u"triage"_s, QT_TR_NOOP("Look at a flag") }, { u"undo"_s, QT_TR_NOOP("Undo") },
        { u"review"_s, QT_TR_NOOP("Review") } };
    if (const char *name = names.value(change.kind))
        return tr(name);
    QStringList fields;
    for (const QString &one : change.fields) {
        const QString name = field(one);
        if (!fields.contains(name))
            fields.append(name);
    }
    return fields.isEmpty() ? tr("Change") : tr("Change of %1").arg(fields.join(u", "_s).toLower());
}

SyncWords::Said SyncWords::why(const WaitingChange &change, const SyncState *account, Instant now)
{
    const QString name = oneLine(change.account, 40);
    const QString sentence = oneLine(change.error);
    switch (change.state) {
    case OutboxState::Refused:
        return { sentence.isEmpty() ? tr("%1 refused it. Retry, or drop it.").arg(name)
                                    : tr("Refused: %1").arg(sentence),
            SyncTone::Bad };
    case OutboxState::Conflict:
        return { tr("Both sides changed the same field: choose which value holds."),
            SyncTone::Bad };
    case OutboxState::Sending: return { tr("Being sent"), SyncTone::Busy };
    case OutboxState::Unknown:
        return {
            tr("Sent, but %1 did not answer: it is looked for before it is sent again.").arg(name),
            SyncTone::Waiting
        };
    case OutboxState::Waiting: break;
    }
    if (change.isHeld)
        return { tr("Waits for the refused change before it"), SyncTone::Waiting };
    if (account && account->phase == Phase::SignIn)
        return { tr("%1 asks for a new sign-in").arg(name), SyncTone::Bad };
    if (account && account->phase != Phase::Idle && account->phase != Phase::Syncing)
        return { capital(cannotSync(*account, name, now), name), SyncTone::Waiting };
    // Its own time to be undone is no trouble.
    if (change.attempts == 0 && sentence.isEmpty() && change.nextTry && *change.nextTry > now)
        return { tr("Goes to %1 in %2").arg(name, span(*change.nextTry - now)), SyncTone::Busy };
    if (change.nextTry && *change.nextTry > now) {
        const QString next = tr("Next try in %1").arg(span(*change.nextTry - now));
        return { sentence.isEmpty() ? next : sentence + u' ' + next, SyncTone::Waiting };
    }
    return { tr("Goes to %1 in a moment").arg(name), SyncTone::Busy };
}

QString SyncWords::dropping(const desk::DropEffect &effect)
{
    const QString name = oneLine(effect.account, 40);
    QStringList said;
    for (const QString &text : effect.replies)
        said << tr("The customer never gets it: “%1”").arg(oneLine(text, 120));
    for (const QString &text : effect.notes)
        said << tr("Nobody at %1 reads it: “%2”").arg(name, oneLine(text, 120));
    if (!effect.replies.isEmpty() || !effect.notes.isEmpty())
        said << tr("The text stays in the ticket here, and its log says that it was not sent.");
    if (effect.isWithdrawal)
        said << tr("The escalation is withdrawn.");
    QStringList back;
    for (const desk::DropEffect::Field &one : effect.back)
        //: What a field returns to: "Priority: normal"
        back << tr("%1: %2").arg(field(one.field), value(one.field, one.value));
    if (!back.isEmpty())
        said << tr("Taken back here, to what %1 has: %2").arg(name, back.join(u" · "_s));
    if (effect.isPartlyThere)
        said << tr("%1 has heard a part of it, which stays there.").arg(name);
    if (said.isEmpty())
        said << tr("%1 never hears of it.").arg(name);
    if (effect.behind > 0)
        said << (effect.behind == 1
                ? tr("1 later change of this ticket still goes to %1.").arg(name)
                : tr("%2 later changes of this ticket still go to %1.")
                      .arg(name)
                      .arg(effect.behind));
    said << tr("This cannot be undone.");
    return said.join(u'\n');
}

SyncWords::Said SyncWords::ticket(const RemoteSide &side, const SyncState *account, Instant now)
{
    if (side.isLocal())
        return {};
    const QString name = oneLine(side.account, 40);
    if (!side.disagreements.isEmpty()) {
        QStringList fields;
        for (const desk::Disagreement &one : side.disagreements)
            fields.append(field(one.field).toLower());
        return { tr("%1 has another value for %2").arg(name, fields.join(u", "_s)), SyncTone::Bad };
    }
    for (const WaitingChange &change : side.waiting) {
        if (change.state == OutboxState::Refused)
            return { SyncWords::change(change) + u" · "_s + why(change, account, now).text,
                SyncTone::Bad };
    }
    switch (side.presence) {
    case RemoteSide::Presence::There: break;
    case RemoteSide::Presence::Deleted:
        return { tr("%1 has deleted this ticket; it stays here").arg(name), SyncTone::Waiting };
    case RemoteSide::Presence::Merged:
        return { tr("%1 has merged this ticket into %2").arg(name, oneLine(side.mergedInto, 60)),
            SyncTone::Waiting };
    case RemoteSide::Presence::Hidden:
        return { tr("%1 no longer shows us this ticket; it stays here").arg(name),
            SyncTone::Waiting };
    case RemoteSide::Presence::Gone:
        return { tr("%1 no longer knows this ticket; it stays here").arg(name), SyncTone::Waiting };
    }
    if (side.waiting.isEmpty())
        return { tr("All of it is at %1").arg(name), SyncTone::Good };
    const Said first = why(side.waiting.front(), account, now);
    const QString what = side.waiting.size() == 1 ? change(side.waiting.front())
                                                  : changes(int(side.waiting.size()));
    return { what + u" · "_s + first.text, first.tone };
}

} // namespace tierline::ui
