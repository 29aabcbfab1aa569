#include "core/commands/work_p.h"

#include "core/domain/eventjson.h"
#include "core/escalation/eventdata.h"
#include "core/handoff/draw.h"
#include "core/handoff/package.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"

#include <QJsonArray>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// The values after the operation of those fields that it changed and that a remote may own too. Taken
/// from the states, not from the events: an undo says only which events no longer count.
QJsonObject changedFields(const Ticket &before, const Ticket &after)
{
    QJsonObject changed;
    const auto compare = [&](const QString &name, const auto &was, const auto &is, auto value) {
        if (was != is)
            changed[name] = value(is);
    };
    const auto same = [](const QString &text) { return QJsonValue(text); };
    const auto coded = [](auto value) { return QJsonValue(code(value)); };
    // The two together are one place of the remote.
    if (before.tier != after.tier || before.team != after.team) {
        changed[u"tier"_s] = after.tier;
        changed[u"team"_s] = after.team;
    }
    compare(u"assignee"_s, before.assignee, after.assignee, same);
    compare(u"status"_s, before.status, after.status, coded);
    compare(u"priority"_s, before.priority, after.priority, coded);
    compare(u"subject"_s, before.subject, after.subject, same);
    compare(u"tags"_s, before.tags, after.tags,
        [](const QStringList &tags) { return QJsonValue(QJsonArray::fromStringList(tags)); });
    QJsonObject fields;
    for (auto field = after.fields.begin(); field != after.fields.end(); ++field) {
        if (before.fields.value(field.key()) != field.value())
            fields[field.key()] = field.value();
    }
    for (auto field = before.fields.begin(); field != before.fields.end(); ++field) {
        if (!after.fields.contains(field.key()))
            fields[field.key()] = u""_s;
    }
    if (!fields.isEmpty())
        changed[u"fields"_s] = fields;
    return changed;
}

/// What an internal note at the remote says of an event; empty for what needs none there. The names of
/// those kinds whose meaning a plain change of fields would lose.
QString noteOn(const Event &event, const QString &actor)
{
    const QString why = event.note.isEmpty() ? QString() : u"\n\n"_s + event.note;
    switch (event.kind) {
    case EventKind::Flagged: return u"%1 flagged this as outside their scope."_s.arg(actor) + why;
    case EventKind::Unflagged: return u"%1 took the flag back."_s.arg(actor);
    case EventKind::Triaged: return u"%1 looks at the flag."_s.arg(actor);
    case EventKind::Accepted: return u"%1 accepted the escalation."_s.arg(actor);
    case EventKind::Withdrawn: return u"%1 withdrew the escalation."_s.arg(actor) + why;
    case EventKind::Returned: {
        const QString verdict = event.data.value(eventdata::verdict).toString().replace(u'_', u' ');
        return u"%1 returned the escalation (%2)."_s.arg(actor, verdict) + why;
    }
    case EventKind::Reassigned:
        return u"%1 reassigned this to %2."_s.arg(actor,
                   event.assignee && !event.assignee->isEmpty() ? *event.assignee
                                                                : event.team.value_or(QString()))
            + why;
    default: return {};
    }
}

} // namespace

Result<QString> accountOf(storage::Connection &connection, const QString &key)
{
    // An imported file's ids may hold a colon too: only a known account's name counts.
    const qsizetype colon = key.indexOf(u':');
    if (colon <= 0)
        return QString();
    const QString name = key.left(colon);
    TIERLINE_TRY(isThere, storage::isAccount(connection, name));
    return isThere ? name : QString();
}

Result<Done> Work::queue(const QString &kind)
{
    TIERLINE_TRY(account, accountOf(connection(), ticket().key));
    if (account.isEmpty() || m_staysHere)
        return Done {};
    QJsonArray events;
    for (const Event &event : m_outcome.events)
        events.append(eventJson(event));
    // What people wrote for colleagues leaves masked: events, note and package. A reply or a note by itself says
    // what its writer meant its reader to have, and a field's value is the other side's too: those leave as they are.
    QJsonObject body { { u"ticket"_s, ticket().key }, { u"actor"_s, actor().id },
        { u"actor_name"_s, m_staff.nameOf(actor().id) }, { u"events"_s, handoff::masked(events) },
        { u"messages"_s, m_texts },
        { u"changed"_s, changedFields(m_before.ticket, m_state.ticket) } };
    const QString actorName = m_staff.nameOf(actor().id);
    QString note;
    for (const Event &event : m_outcome.events)
        note += noteOn(event, actorName);
    const bool isUndone = m_outcome.events.back().kind == EventKind::Undone;
    if (isUndone && m_before.escalations != m_state.escalations)
        note = u"%1 undid their last step."_s.arg(actorName);
    if (m_package) {
        const Handoff masked = handoff::masked(*m_package);
        body[u"package"_s] = masked.document;
        note = handoff::firstScreenText(masked);
    }
    if (!note.isEmpty())
        body[u"note"_s] = handoff::masked(note);
    TIERLINE_CHECK(storage::queueOperation(m_scope,
        { .id = operation(),
            .account = account,
            .ticket = ticket().id,
            .kind = kind,
            .body = body,
            .created = m_context.now,
            .notBefore = m_context.undoWindow.count() > 0 ? m_context.now + m_context.undoWindow
                                                          : Instant() }));
    m_outcome.queued.append(operation());
    return Done {};
}

} // namespace tierline::commands
