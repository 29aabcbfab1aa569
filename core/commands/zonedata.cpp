#include "core/commands/agreements.h"
#include "core/commands/clocks_p.h"

#include "core/base/json.h"
#include "core/storage/agreements.h"

#include <QSet>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

/// Digests of the zones' rules as the last program saw them, by name.
const auto zoneSetting = u"zone_data"_s;
const auto isGone = u"gone"_s;

Result<QJsonObject> rulesNow(storage::Connection &connection)
{
    TIERLINE_TRY(book, loadAgreements(connection));
    TIERLINE_TRY(named, storage::loadZones(connection));
    QSet<QString> zones(named.cbegin(), named.cend());
    if (book) {
        for (const auto &[name, editions] : book->calendars()) {
            for (const CalendarEditions::Edition &edition : editions.all())
                zones.insert(edition.calendar.zone().name());
        }
    }
    QJsonObject digests;
    for (const QString &name : std::as_const(zones)) {
        const auto zone = Zone::named(name);
        digests[name] = zone ? zone->digest() : isGone;
    }
    return digests;
}

QStringList changedZones(const QJsonObject &before, const QJsonObject &now)
{
    QStringList changed;
    for (auto zone = now.begin(); zone != now.end(); ++zone) {
        const auto known = before.constFind(zone.key());
        if (known != before.constEnd() && known.value() != zone.value())
            changed.append(zone.key());
    }
    return changed;
}

Result<QJsonObject> lastSeen(storage::Connection &connection)
{
    TIERLINE_TRY(text, storage::loadSetting(connection, zoneSetting));
    return QJsonDocument::fromJson(text.toUtf8()).object();
}

} // namespace

Result<QStringList> takeUpZoneData(Context &context)
{
    storage::Connection &reader = context.store.connection();
    TIERLINE_TRY(now, rulesNow(reader));
    TIERLINE_TRY(seen, lastSeen(reader));
    QStringList changed;
    if (seen == now)
        return changed;
    TIERLINE_CHECK(context.store.write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(
                before, lastSeen(scope.connection())); // another program may have come first
            changed = changedZones(before, now);
            TIERLINE_CHECK(storage::saveSetting(scope, zoneSetting, compactJson(now)));
            if (changed.isEmpty())
                return Done {};
            TIERLINE_CHECK(beginPlacing(scope));
            scope.touchEverything();
            Event event { .at = context.now,
                .order = context.now,
                .kind = EventKind::Changed,
                .actor = context.actor.id,
                .actorKind = AuthorKind::System };
            event.note
                = u"The system's rules for %1 have changed; all due times are placed anew."_s.arg(
                    changed.join(u", "_s));
            event.data = { { u"zone_data"_s, QJsonArray::fromStringList(changed) } };
            event.operation = context.random.uuid();
            return storage::appendEvent(scope, event);
        }));
    return changed;
}

} // namespace tierline::commands
