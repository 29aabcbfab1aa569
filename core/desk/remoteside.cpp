#include "core/desk/remoteside.h"

#include "core/base/json.h"
#include "core/connectors/api/connector.h"
#include "core/storage/accounts.h"
#include "core/storage/remotefiles.h"
#include "core/storage/tickets.h"

#include <QJsonDocument>
#include <QSaveFile>

namespace tierline::desk {

using namespace Qt::StringLiterals;
using storage::OutboxState;
namespace field = connectors::field;

namespace {

constexpr qsizetype WaitingTextShown = 200;

/// Tickets that were looked up already, with whether they may be seen.
class Tickets
{
public:
    Tickets(storage::Connection &connection, const Visibility &visibility)
        : m_connection(connection)
        , m_visibility(visibility)
    {
    }
    /// Null where it may not be seen.
    Result<const Ticket *> find(TicketId id)
    {
        auto found = m_known.find(id.v);
        if (found == m_known.end()) {
            TIERLINE_TRY(state, storage::loadTicket(m_connection, id));
            found = m_known.insert(id.v, state.ticket);
        }
        return m_visibility.sees(found->team) ? &*found : nullptr;
    }

private:
    storage::Connection &m_connection;
    const Visibility &m_visibility;
    QHash<qint64, Ticket> m_known;
};

QString firstText(const QJsonObject &body)
{
    for (const QJsonValue &message : body.value("messages"_L1).toArray()) {
        if (const QString text = message["text"_L1].toString(); !text.isEmpty())
            return text.left(WaitingTextShown);
    }
    return body.value("package"_L1).isObject()
        ? QString()
        : body.value("note"_L1).toString().left(WaitingTextShown);
}

QStringList fieldsOf(const QJsonObject &body)
{
    QStringList names;
    const QJsonObject changed = body.value("changed"_L1).toObject();
    for (auto it = changed.begin(); it != changed.end(); ++it) {
        if (it.key() == "fields"_L1)
            names += it.value().toObject().keys();
        else
            names.append(it.key());
    }
    return names;
}

/// Whether a queued change sets a field of the remote.
bool sets(const QJsonObject &body, const QString &name)
{
    const QJsonObject changed = body.value("changed"_L1).toObject();
    if (name == field::place)
        return changed.contains("tier"_L1);
    if (name == field::owner)
        return changed.contains("assignee"_L1);
    if (name.startsWith(field::custom))
        return changed.value("fields"_L1).toObject().contains(name.mid(field::custom.size()));
    return changed.contains(name);
}

/// When our side of a field was last changed.
std::optional<Instant> changedAt(
    const std::vector<storage::OutboxEntry> &entries, const QString &name)
{
    std::optional<Instant> at;
    for (const storage::OutboxEntry &entry : entries) {
        if (sets(entry.body, name))
            at = entry.created;
    }
    return at;
}

} // namespace

QString shownValue(
    const QString &name, const QJsonValue &value, const QList<storage::AccountUser> &users)
{
    if (value.isArray()) {
        QStringList words;
        for (const QJsonValue &one : value.toArray())
            words.append(one.toString());
        return words.join(u", "_s);
    }
    const QString text = value.isString() ? value.toString() : value.toVariant().toString();
    if (name != field::owner)
        return text;
    const auto user = std::ranges::find(users, text, &storage::AccountUser::remote);
    return user == users.end() || user->name.isEmpty() ? text : user->name;
}

Result<QList<WaitingChange>> loadWaiting(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket)
{
    TIERLINE_TRY(entries,
        ticket ? storage::loadOutboxOf(connection, ticket) : storage::loadOutbox(connection));
    Tickets tickets(connection, visibility);
    QSet<qint64> refused;
    QList<WaitingChange> all;
    for (const storage::OutboxEntry &entry : entries) {
        TIERLINE_TRY(of, tickets.find(entry.ticket));
        const bool isHeld = refused.contains(entry.ticket.v);
        if (entry.state == OutboxState::Refused)
            refused.insert(entry.ticket.v);
        if (!of)
            continue;
        const Instant next = qMax(entry.nextTry, entry.notBefore);
        all.append({ .id = entry.id,
            .account = entry.account,
            .ticket = entry.ticket,
            .key = of->key,
            .subject = of->subject,
            .kind = entry.kind,
            .by = entry.body.value("actor"_L1).toString(),
            .text = firstText(entry.body),
            .fields = fieldsOf(entry.body),
            .state = entry.state,
            .created = entry.created,
            .nextTry = next.ms > 0 ? std::optional(next) : std::nullopt,
            .attempts = entry.attempts,
            .error = entry.error,
            .isHeld = isHeld });
    }
    return all;
}

Result<QList<Disagreement>> loadDisagreements(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket)
{
    TIERLINE_TRY(conflicts, storage::loadConflicts(connection, ticket));
    Tickets tickets(connection, visibility);
    QHash<QString, QList<storage::AccountUser>> users;
    QList<Disagreement> all;
    for (const storage::Conflict &conflict : conflicts) {
        TIERLINE_TRY(of, tickets.find(conflict.ticket));
        if (!of)
            continue;
        if (!users.contains(conflict.account)) {
            TIERLINE_TRY(known, storage::loadAccountUsers(connection, conflict.account));
            users.insert(conflict.account, known);
        }
        TIERLINE_TRY(waiting, storage::loadOutboxOf(connection, conflict.ticket));
        const auto words = [&, &known = users[conflict.account]](const QJsonValue &value) {
            return shownValue(conflict.field, value, known);
        };
        all.append({ .id = conflict.id,
            .account = conflict.account,
            .ticket = conflict.ticket,
            .key = of->key,
            .subject = of->subject,
            .field = conflict.field,
            .base = words(conflict.base),
            .ours = words(conflict.local),
            .theirs = words(conflict.remote),
            .oursBy = conflict.localBy,
            .oursAt = changedAt(waiting, conflict.field),
            .theirsBy = conflict.remoteBy,
            .theirsAt = conflict.at });
    }
    return all;
}

storage::SyncStand RemoteSide::stand() const
{
    using storage::SyncStand;
    SyncStand worst = isLocal() ? SyncStand::Local : SyncStand::Synced;
    if (!disagreements.isEmpty())
        worst = SyncStand::Conflict;
    for (const WaitingChange &change : waiting) {
        worst = qMax(worst,
            change.state == OutboxState::Conflict      ? SyncStand::Conflict
                : change.state == OutboxState::Refused ? SyncStand::Refused
                                                       : SyncStand::Waiting);
    }
    return worst;
}

QJsonObject toJson(const RemoteSide &side)
{
    static constexpr std::array presences { "there"_L1, "deleted"_L1, "merged"_L1, "hidden"_L1,
        "gone"_L1 };
    const auto refused
        = std::ranges::count(side.waiting, OutboxState::Refused, &WaitingChange::state);
    return { { u"state"_s, storage::code(side.stand()) }, { u"account"_s, orNull(side.account) },
        { u"presence"_s,
            side.isLocal()
                ? QJsonValue()
                : QJsonValue(QString(presences.at(static_cast<size_t>(side.presence)))) },
        { u"merged_into"_s, orNull(side.mergedInto) }, { u"page"_s, orNull(side.page.toString()) },
        { u"waiting"_s, side.waiting.size() }, { u"refused"_s, static_cast<qint64>(refused) },
        { u"conflicts"_s, side.disagreements.size() } };
}

Result<RemoteSide> loadRemoteSide(
    storage::Connection &connection, const Visibility &visibility, TicketId ticket)
{
    TIERLINE_TRY(row, storage::remoteOf(connection, ticket));
    if (!row)
        return RemoteSide {};
    RemoteSide side { .account = row->account,
        .presence = static_cast<RemoteSide::Presence>(qBound(0, row->presence, 4)) };
    if (!row->mergedInto.isEmpty())
        side.mergedInto = row->account + u':' + row->mergedInto;
    // The account's own origin or nothing: a link is what a remote said, too.
    TIERLINE_TRY(account, storage::findAccount(connection, row->account));
    const QUrl page(row->link, QUrl::StrictMode);
    const QUrl home(account.url);
    if (page.isValid() && page.scheme() == home.scheme() && page.host() == home.host()
        && page.port() == home.port())
        side.page = page;
    TIERLINE_TRY(waiting, loadWaiting(connection, visibility, ticket));
    side.waiting = waiting;
    TIERLINE_TRY(disagreements, loadDisagreements(connection, visibility, ticket));
    side.disagreements = disagreements;
    TIERLINE_TRY(files, storage::loadRemoteFiles(connection, ticket));
    for (const storage::RemoteFileRow &file : files)
        side.files.append(
            { .id = file.id, .message = file.message, .name = file.name, .size = file.size });
    return side;
}

Result<Done> saveAttachment(storage::Connection &connection, const Visibility &visibility,
    qint64 attachment, const QString &file)
{
    const Error gone = notFound(u"This file is no longer in the workspace."_s);
    TIERLINE_TRY(ticket, storage::ticketOfAttachment(connection, attachment));
    if (!ticket)
        return gone;
    TIERLINE_TRY(state, storage::loadTicket(connection, ticket));
    if (!visibility.sees(state.ticket.team))
        return gone;
    TIERLINE_TRY(bytes, storage::loadAttachmentBytes(connection, attachment));
    QSaveFile out(file);
    if (!out.open(QIODevice::WriteOnly) || out.write(bytes) != bytes.size() || !out.commit())
        return storageError(
            u"“%1” cannot be written: %2. Choose another place."_s.arg(file, out.errorString()));
    return Done {};
}

} // namespace tierline::desk
