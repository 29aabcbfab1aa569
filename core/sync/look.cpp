#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "core/sync/round.h"

// Steps of unknown outcome are looked for before anything is sent again.

namespace tierline::sync {

using connectors::Found;
using connectors::Presence;
using connectors::PushOutcome;
using connectors::RemoteTicket;
using storage::Durability;
namespace field = connectors::field;

namespace {

constexpr int MaxTaken = 500; ///< entries that a search for a lost reply leaves out
constexpr int MaxMerges = 8; ///< that a search for it follows

/// Whether all that a step sets stands there.
bool isThereAlready(const QJsonObject &wanted, const RemoteTicket &there)
{
    for (auto at = wanted.begin(); at != wanted.end(); ++at) {
        if (!isSame(at.key(), at.value(), there.fields.value(at.key())))
            return false;
    }
    return true;
}

/// The remote ticket in which a ticket's messages are now, as far as is known here.
Result<QString> takenInBy(storage::Connection &connection, const QString &account, QString remote)
{
    for (int merges = 0; merges < MaxMerges; ++merges) {
        TIERLINE_TRY(row, storage::findRemote(connection, account, remote));
        if (!row || row->presence != static_cast<int>(Presence::Merged)
            || row->mergedInto.isEmpty())
            break;
        remote = row->mergedInto;
    }
    return remote;
}

} // namespace

void Round::look(std::shared_ptr<Action> action)
{
    find(action, 0);
}

/// Looks in the ticket that has the messages now: what was said in a merged ticket stands there.
void Round::find(std::shared_ptr<Action> action, int merges)
{
    write(
        Durability::Background,
        [this, action](storage::WriteScope &scope, const FieldMap &) -> Result<Done> {
            storage::Connection &connection = scope.connection();
            TIERLINE_TRY(there, takenInBy(connection, m_account, action->push.ticket));
            action->push.ticket = there;
            TIERLINE_TRY(
                taken, storage::loadEntries(connection, m_account, action->entry.ticket, MaxTaken));
            TIERLINE_TRY(row, storage::findRemote(connection, m_account, there));
            if (row && row->ticket != action->entry.ticket) {
                // What came into that ticket as somebody's message may be the very one looked for.
                TIERLINE_TRY(
                    others, storage::loadOwnEntries(connection, m_account, row->ticket, MaxTaken));
                taken += others;
            }
            action->push.taken = taken;
            return Done {};
        },
        [this, action, merges] {
            m_connector.find(
                action->push, guarded<Found>([this, action, merges](Result<Found> found) {
                    if (!found)
                        recordError(action, found.error());
                    else
                        takeFound(action, *found, merges);
                }));
        });
}

/// Before it counts as lost, the ticket itself is asked for: merged since the last pull, it tells where
/// to look.
void Round::takeFound(std::shared_ptr<Action> action, const Found &found, int merges)
{
    const auto &first = action->entry.sent;
    const bool isOver = first && found.serverNow - *first > m_connector.manner().inFlightLimit;
    if (found.isThere || !isOver || merges >= MaxMerges) {
        recordFound(action, found, isOver);
        return;
    }
    m_connector.fetch(action->push.ticket, false,
        guarded<RemoteTicket>([this, action, found, merges](Result<RemoteTicket> there) {
            if (!there) {
                recordError(action, there.error());
            } else if (there->presence == Presence::Merged && !there->mergedInto.isEmpty()) {
                action->push.ticket = there->mergedInto;
                find(action, merges + 1);
            } else {
                recordFound(action, found, true);
            }
        }));
}

void Round::recordFound(std::shared_ptr<Action> action, const Found &found, bool isOver)
{
    write(
        Durability::Person,
        [this, action, found, isOver](storage::WriteScope &scope, const FieldMap &map) {
            return recordLook(scope, map, m_random, *action, found, isOver);
        },
        [this, action, isThere = found.isThere] {
            m_summary.pushed += isThere;
            over(action);
        });
}

/// Field changes are looked for in the ticket itself.
void Round::lookAtFields(std::shared_ptr<Action> action)
{
    // A look says what was so when it was asked for; its answer may be slow.
    const Instant asked = m_clock.now() + m_offset;
    m_connector.fetch(action->remote, false,
        guarded<RemoteTicket>([this, action, asked](Result<RemoteTicket> there) {
            if (!there) {
                recordError(action, there.error());
                return;
            }
            const bool isMove = action->push.fields.contains(field::place);
            if (isThereAlready(action->push.fields, *there)) {
                record(action, { .state = PushOutcome::State::Done, .readBack = *there });
                return;
            }
            const auto &first = action->entry.sent;
            const bool isOver = first && asked - *first > m_connector.manner().inFlightLimit;
            const bool isHidden = isMove && there->presence == Presence::Hidden;
            write(
                Durability::Person,
                [this, action, asked, isOver, isHidden](
                    storage::WriteScope &scope, const FieldMap &map) {
                    if (isHidden)
                        return recordHidden(scope, map, m_random, *action, asked, isOver);
                    return recordLook(
                        scope, map, m_random, *action, { .serverNow = asked }, isOver);
                },
                [this, action] { over(action); });
        }));
}

} // namespace tierline::sync
