#include "core/escalation/eventdata.h"
#include "core/storage/logend.h"
#include "core/storage/tickets.h"
#include "core/sync/echoes.h"
#include "core/sync/receiver_p.h"

#include <QJsonArray>
#include <QJsonDocument>

// What of a received ticket is shown in the end: fields of both sides, and where it is.

namespace tierline::sync {

using namespace Qt::StringLiterals;
namespace field = connectors::field;

namespace {

/// So long what another Tierline announced is shown though the remote does not have it: its move goes
/// right after its note, unless it was refused or its sender lost the network.
constexpr Millis AnnounceLife { 10 * 60'000 };

Instant theirNow(const storage::WriteScope &scope, const FieldMap &map)
{
    return scope.now() + map.clockOffset();
}

} // namespace

Result<Done> Receiver::settleFields()
{
    m_there = m_remote.fields;
    // Custom fields without a value are often left out of an answer.
    for (auto at = m_base.begin(); at != m_base.end(); ++at) {
        if (at.key().startsWith(field::custom) && !m_there.contains(at.key()))
            m_there[at.key()] = QString();
    }
    // So are those that only an entry knows: cleared since, or set in a ticket merged into this one.
    for (const RemoteEntry &entry : m_remote.entries) {
        for (const QString &name : entry.fields.keys()) {
            if (name.startsWith(field::custom) && !m_there.contains(name))
                m_there[name] = QString();
        }
    }
    for (auto at = m_there.begin(); at != m_there.end(); ++at) {
        if (!m_pending.fields.contains(at.key())) {
            m_base[at.key()] = normalised(at.key(), at.value());
            m_settled.append(at.key());
        } else if (isSame(at.key(), m_base.value(at.key()), at.value())) {
            m_settled.append(at.key()); // back at the base: nothing to choose from
        } else {
            TIERLINE_CHECK(settle(at.key(), at.value()));
        }
    }
    return Done {};
}

/// Both sides have something new to say about a field.
Result<Done> Receiver::settle(const QString &name, const QJsonValue &there)
{
    const QJsonValue local = m_pending.fields.value(name);
    if (isSame(name, local, there)) {
        m_base[name] = normalised(name, there);
        m_settled.append(name);
        return Done {};
    }
    const bool isKnown = std::ranges::any_of(m_open, [&](const storage::Conflict &open) {
        return open.field == name && isSame(name, open.local, local)
            && isSame(name, open.remote, there);
    });
    if (isKnown)
        return Done {};
    const RemoteEntry change = m_lastChange.value(name);
    m_conflicts.push_back({ .id = m_random.uuid(),
        .account = m_account,
        .ticket = m_row->ticket,
        .field = name,
        .base = m_base.value(name),
        .local = local,
        .remote = there,
        .localBy = m_pending.by.value(name),
        .remoteBy = change.id.isEmpty() ? m_account : m_map.nameOf(change.author),
        .at = change.id.isEmpty() ? m_remote.updated : change.at });
    return Done {};
}

/// Where a ticket is not there (any more) there is nothing to choose between.
void Receiver::takePresence()
{
    for (const storage::Conflict &conflict : m_open)
        m_settled.append(conflict.field);
    if (!m_row || m_row->presence == static_cast<int>(m_remote.presence))
        return;
    Event event { .at = m_remote.updated.ms > 0 ? ours(m_remote.updated) : m_scope.now(),
        .kind = EventKind::Changed,
        .actor = m_account,
        .actorKind = AuthorKind::System };
    event.origin = originOf(m_account,
        u"presence:%1:%2:%3"_s.arg(m_remote.id)
            .arg(static_cast<int>(m_remote.presence))
            .arg(event.at.ms));
    switch (m_remote.presence) {
    case Presence::There: return;
    case Presence::Deleted:
        event.status = Status::Deleted;
        event.note = u"Deleted in “%1”."_s.arg(m_account);
        break;
    case Presence::Gone:
        event.status = Status::Deleted;
        event.note = u"“%1” does not know this ticket any more."_s.arg(m_account);
        break;
    case Presence::Merged:
        event.status = Status::Closed;
        event.note = u"Merged into %1."_s.arg(keyOf(m_account, m_remote.mergedInto));
        event.data[eventdata::mergedInto] = keyOf(m_account, m_remote.mergedInto);
        m_mergedAt = event.at;
        break;
    case Presence::Hidden:
        event.note = u"No longer visible to the user of “%1”: what is shown here may be old."_s.arg(
            m_account);
        break;
    }
    add(std::move(event));
}

/// The operation of another Tierline whose note says that this value is on its way; empty: none.
QString Receiver::announcing(const QString &name, const QJsonValue &shown, bool isOverdue) const
{
    const Instant oldest = theirNow(m_scope, m_map) - AnnounceLife;
    for (const storage::Echo &echo : m_expected) {
        const bool isOver = echo.at < oldest || isOvertaken(echo);
        if (echo.field == name && isOver == isOverdue && echo.value == echoValue(name, shown))
            return echo.operation;
    }
    return {};
}

/// Whether somebody set that field there after it was announced: what we know of it (the base) may come from
/// our own request and be newer than the announcement.
bool Receiver::isOvertaken(const storage::Echo &echo) const
{
    return std::ranges::any_of(m_remote.entries, [&](const RemoteEntry &entry) {
        return entry.at > echo.at && entry.fields.contains(echo.field);
    });
}

/// What is shown though the remote has another value, and why: announced, and there still as it was.
bool Receiver::isAnnounced(const QString &name, const QJsonValue &shown) const
{
    return isSame(name, m_baseBefore.value(name), m_there.value(name))
        && !announcing(name, shown, false).isEmpty();
}

/// Whatever the history said, and in whatever order its clocks put it: in the end the remote's value is
/// shown, but for what waits to be sent and what is announced.
Result<Done> Receiver::showThere()
{
    TIERLINE_TRY(state, storage::loadTicket(m_scope.connection(), m_received.ticket));
    TIERLINE_TRY(echoes, storage::loadEchoes(m_scope.connection(), m_account, m_received.ticket));
    m_expected = QList<storage::Echo>(echoes.begin(), echoes.end());
    const QJsonObject shown = m_map.fieldsOf(state.ticket, m_base);
    QMap<QString, QJsonObject> changes; // by the operation whose announcement they stand in for
    for (auto at = m_there.begin(); at != m_there.end(); ++at) {
        const QString name = at.key();
        const QJsonValue here = shown.value(name);
        if (m_pending.fields.contains(name) || isSame(name, here, at.value())
            || !m_map.canShow(name, at.value()) || isAnnounced(name, here))
            continue;
        QString operation = announcing(name, here, true);
        if (!operation.isEmpty()) {
            TIERLINE_TRY(isForeign,
                storage::isFromElsewhere(m_scope.connection(), m_received.ticket, operation));
            if (!isForeign)
                operation.clear();
        }
        changes[operation][name] = at.value();
    }
    for (auto at = changes.begin(); at != changes.end(); ++at)
        TIERLINE_CHECK(show(at.value(), at.key()));
    return Done {};
}

Result<Done> Receiver::show(const QJsonObject &change, const QString &operation)
{
    // Nothing in the history says when: the remote's own last change is the best there is.
    Event event { .at = ours(m_remote.updated),
        .kind = change.contains(field::place) ? EventKind::Moved : EventKind::Changed };
    TIERLINE_TRY(last, storage::lastOrder(m_scope.connection(), m_received.ticket));
    event.order = qMax(event.at, last);
    event.actorKind = AuthorKind::System;
    event.actor = m_account;
    event.operation = operation;
    if (!operation.isEmpty())
        event.note = u"What was announced has not happened in “%1”."_s.arg(m_account);
    event.origin = originOf(m_account,
        u"state:%1:%2:%3"_s.arg(m_remote.id, m_remote.version).arg(event.order.ms)
            + QString::fromUtf8(QJsonDocument(change).toJson(QJsonDocument::Compact)));
    m_map.apply(change, event);
    commands::History history;
    history.events.push_back(std::move(event));
    history.messageOf.push_back(-1);
    return merge(history);
}

Result<QStringList> overdueTickets(storage::WriteScope &scope, const FieldMap &map)
{
    QStringList overdue;
    TIERLINE_TRY(announced,
        storage::loadAnnounced(
            scope.connection(), map.account().name, theirNow(scope, map) - AnnounceLife));
    for (const storage::Announced &one : announced) {
        TIERLINE_TRY(row, storage::remoteOf(scope.connection(), one.ticket));
        if (!row || row->presence != 0 || overdue.contains(row->remote)
            || echoValue(one.field, row->base.value(one.field)) == one.value)
            continue;
        TIERLINE_TRY(state, storage::loadTicket(scope.connection(), one.ticket));
        const QJsonObject shown = map.fieldsOf(state.ticket, row->base);
        if (echoValue(one.field, shown.value(one.field)) == one.value)
            overdue.append(row->remote);
    }
    return overdue;
}

} // namespace tierline::sync
