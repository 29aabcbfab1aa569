#include "core/storage/agreements.h"

#include <QCryptographicHash>

namespace tierline::storage {

namespace {

/// Every revision is made of the one before it and of what was written: equal ones mean equal content,
/// whatever the random source.
Result<Done> setRevision(WriteScope &scope, const QStringList &written)
{
    TIERLINE_TRY(before, agreementRevision(scope.connection()));
    const QByteArray all = (before + u'\n' + written.join(u'\n')).toUtf8();
    const QByteArray revision
        = QCryptographicHash::hash(all, QCryptographicHash::Sha256).toHex().left(32);
    TIERLINE_TRY(row,
        scope.connection().prepare("INSERT INTO meta (key, value) VALUES ('agreements', ?1)"
                                   " ON CONFLICT (key) DO UPDATE SET value = excluded.value"));
    return row.bind(1, QString::fromLatin1(revision)).run();
}

Result<Done> readEditions(Statement &rows, std::vector<AgreementEdition> &editions)
{
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        editions.push_back({ .calendar = rows.text(0),
            .number = static_cast<int>(rows.integer(1)),
            .from = { rows.integer(2) },
            .made = { rows.integer(3) },
            .actor = rows.text(4),
            .why = rows.text(5),
            .document = rows.text(6) });
    }
}

Result<int> nextNumber(Connection &connection, const QString &calendar)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT CASE ?1 WHEN '' THEN (SELECT max(number) FROM policy_edition)"
                           " ELSE (SELECT max(number) FROM calendar_edition WHERE name = ?1) END"));
    TIERLINE_TRY(hasRow, row.bind(1, calendar).step());
    return hasRow ? static_cast<int>(row.integer(0)) + 1 : 1;
}

} // namespace

Result<QString> agreementRevision(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT value FROM meta WHERE key = 'agreements'"));
    TIERLINE_TRY(hasRow, row.step());
    return hasRow ? row.text(0) : QString();
}

Result<std::vector<AgreementEdition>> loadAgreementEditions(Connection &connection)
{
    std::vector<AgreementEdition> editions;
    TIERLINE_TRY(policies,
        connection.prepare("SELECT '', number, valid_from, made, actor, why, document"
                           " FROM policy_edition ORDER BY number"));
    TIERLINE_CHECK(readEditions(policies, editions));
    TIERLINE_TRY(calendars,
        connection.prepare("SELECT name, number, valid_from, made, actor, why, document"
                           " FROM calendar_edition ORDER BY name, number"));
    TIERLINE_CHECK(readEditions(calendars, editions));
    return editions;
}

Result<Done> addAgreementEdition(
    WriteScope &scope, AgreementEdition &edition, const QString &random)
{
    TIERLINE_TRY(number, nextNumber(scope.connection(), edition.calendar));
    edition.number = number;
    TIERLINE_TRY(row,
        edition.calendar.isEmpty()
            ? scope.connection().prepare(
                "INSERT INTO policy_edition (number, valid_from, made, actor, why, document)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6)")
            : scope.connection().prepare(
                "INSERT INTO calendar_edition (number, valid_from, made, actor, why, document, name)"
                " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    row.bind(1, edition.number).bind(2, edition.from.ms).bind(3, edition.made.ms);
    row.bind(4, edition.actor).bind(5, edition.why).bind(6, edition.document);
    if (!edition.calendar.isEmpty())
        row.bind(7, edition.calendar);
    TIERLINE_CHECK(row.run());
    return setRevision(scope,
        { random, edition.calendar, QString::number(edition.number),
            QString::number(edition.from.ms), edition.document });
}

Result<QString> loadZone(Connection &connection, ZoneOwner owner, const QString &id)
{
    TIERLINE_TRY(row, connection.prepare("SELECT zone FROM zone_of WHERE owner = ?1 AND id = ?2"));
    TIERLINE_TRY(hasRow, row.bind(1, static_cast<qint64>(owner)).bind(2, id).step());
    return hasRow ? row.text(0) : QString();
}

Result<QHash<QString, QString>> loadTeamZones(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT id, zone FROM zone_of WHERE owner = ?1"));
    row.bind(1, static_cast<qint64>(ZoneOwner::Team));
    QHash<QString, QString> zones;
    while (true) {
        TIERLINE_TRY(hasRow, row.step());
        if (!hasRow)
            return zones;
        zones.insert(row.text(0), row.text(1));
    }
}

Result<QStringList> loadZones(Connection &connection)
{
    TIERLINE_TRY(row, connection.prepare("SELECT DISTINCT zone FROM zone_of ORDER BY zone"));
    QStringList zones;
    while (true) {
        TIERLINE_TRY(hasRow, row.step());
        if (!hasRow)
            return zones;
        zones.append(row.text(0));
    }
}

Result<Done> saveZone(WriteScope &scope, ZoneOwner owner, const QString &id, const QString &zone,
    const QString &random)
{
    if (zone.isEmpty()) {
        TIERLINE_TRY(
            row, scope.connection().prepare("DELETE FROM zone_of WHERE owner = ?1 AND id = ?2"));
        TIERLINE_CHECK(row.bind(1, static_cast<qint64>(owner)).bind(2, id).run());
    } else {
        TIERLINE_TRY(row,
            scope.connection().prepare(
                "INSERT INTO zone_of (owner, id, zone) VALUES (?1, ?2, ?3)"
                " ON CONFLICT (owner, id) DO UPDATE SET zone = excluded.zone"));
        TIERLINE_CHECK(row.bind(1, static_cast<qint64>(owner)).bind(2, id).bind(3, zone).run());
    }
    return setRevision(scope, { random, QString::number(static_cast<int>(owner)), id, zone });
}

Result<qint64> findRequester(Connection &connection, const QString &email)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT min(id) FROM requester WHERE email = ?1 COLLATE NOCASE AND ?1 <> ''"));
    TIERLINE_TRY(hasRow, row.bind(1, email).step());
    return hasRow ? row.integer(0) : 0;
}

Result<qint64> findOrganization(Connection &connection, const QString &name)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT min(id) FROM organization WHERE name = ?1 COLLATE NOCASE"));
    TIERLINE_TRY(hasRow, row.bind(1, name).step());
    return hasRow ? row.integer(0) : 0;
}

Result<std::vector<TicketId>> workableTickets(Connection &connection, TicketId after, int limit)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT id FROM ticket WHERE id > ?1 AND status < 4 AND import NOT IN"
                           " (SELECT id FROM import WHERE finished IS NULL)"
                           " ORDER BY id LIMIT ?2"));
    rows.bind(1, after.v).bind(2, limit);
    std::vector<TicketId> ids;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return ids;
        ids.push_back({ rows.integer(0) });
    }
}

Result<std::pair<TicketId, TicketId>> ticketRange(Connection &connection)
{
    // Each of them is one look into the tree of rows, which both in one query would not be.
    TIERLINE_TRY(row,
        connection.prepare("SELECT coalesce((SELECT min(id) FROM ticket), 0),"
                           " coalesce((SELECT max(id) FROM ticket), 0)"));
    TIERLINE_TRY(hasRow, row.step());
    if (!hasRow)
        return std::pair<TicketId, TicketId>();
    return std::pair(TicketId { row.integer(0) }, TicketId { row.integer(1) });
}

} // namespace tierline::storage
