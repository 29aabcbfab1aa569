#include "core/storage/editions.h"

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

Edition editionOf(const Statement &row)
{
    return { .kind = row.text(0),
        .name = row.text(1),
        .number = static_cast<int>(row.integer(2)),
        .made = { row.integer(3) },
        .actor = row.text(4),
        .why = row.text(5),
        .document = row.text(6) };
}

Result<std::vector<Edition>> readEditions(Statement &rows)
{
    std::vector<Edition> editions;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return editions;
        editions.push_back(editionOf(rows));
    }
}

} // namespace

Result<std::optional<Edition>> loadEdition(
    Connection &connection, const QString &kind, const QString &name)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT kind, name, number, made, actor, why, document FROM edition"
                           " WHERE kind = ?1 AND name = ?2 ORDER BY number DESC LIMIT 1"));
    TIERLINE_TRY(hasRow, row.bind(1, kind).bind(2, name).step());
    if (!hasRow || row.text(6).isEmpty())
        return std::optional<Edition>();
    return std::optional(editionOf(row));
}

Result<Edition> loadEdition(
    Connection &connection, const QString &kind, const QString &name, int number)
{
    TIERLINE_TRY(row,
        connection.prepare("SELECT kind, name, number, made, actor, why, document FROM edition"
                           " WHERE kind = ?1 AND name = ?2 AND number = ?3"));
    TIERLINE_TRY(hasRow, row.bind(1, kind).bind(2, name).bind(3, number).step());
    if (!hasRow)
        return notFound(
            u"There is no edition %1 of the %2 %3."_s.arg(QString::number(number), kind, name)
                .simplified());
    return editionOf(row);
}

Result<std::vector<Edition>> loadEditions(Connection &connection, const QString &kind)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT kind, name, number, made, actor, why, document FROM edition e"
                           " WHERE kind = ?1 AND document <> '' AND number = (SELECT max(number)"
                           " FROM edition WHERE kind = e.kind AND name = e.name) ORDER BY name"));
    rows.bind(1, kind);
    return readEditions(rows);
}

Result<std::vector<Edition>> loadEditionHistory(
    Connection &connection, const QString &kind, const QString &name)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT kind, name, number, made, actor, why, document FROM edition"
                           " WHERE kind = ?1 AND name = ?2 ORDER BY number"));
    rows.bind(1, kind).bind(2, name);
    return readEditions(rows);
}

Result<Done> addEdition(WriteScope &scope, Edition &edition)
{
    TIERLINE_TRY(last,
        scope.connection().prepare(
            "SELECT coalesce(max(number), 0) FROM edition WHERE kind = ?1 AND name = ?2"));
    TIERLINE_TRY(hasRow, last.bind(1, edition.kind).bind(2, edition.name).step());
    edition.number = hasRow ? static_cast<int>(last.integer(0)) + 1 : 1;
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO edition (kind, name, number, made, actor, why, document)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)"));
    return row.bind(1, edition.kind)
        .bind(2, edition.name)
        .bind(3, edition.number)
        .bind(4, edition.made.ms)
        .bind(5, edition.actor)
        .bind(6, edition.why)
        .bind(7, edition.document)
        .run();
}

Result<QString> loadAccountTeam(Connection &connection, OrganizationId organization)
{
    TIERLINE_TRY(row, connection.prepare("SELECT team FROM account_team WHERE organization = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, organization.v).step());
    return hasRow ? row.text(0) : QString();
}

Result<std::vector<AccountTeam>> loadAccountTeams(Connection &connection)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT o.id, o.name, a.team FROM account_team a"
                           " JOIN organization o ON o.id = a.organization ORDER BY o.name"));
    std::vector<AccountTeam> teams;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return teams;
        teams.push_back({ { rows.integer(0) }, rows.text(1), rows.text(2) });
    }
}

Result<Done> saveAccountTeam(WriteScope &scope, OrganizationId organization, const QString &team)
{
    if (team.isEmpty()) {
        TIERLINE_TRY(
            row, scope.connection().prepare("DELETE FROM account_team WHERE organization = ?1"));
        return row.bind(1, organization.v).run();
    }
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO account_team (organization, team) VALUES (?1, ?2)"
            " ON CONFLICT (organization) DO UPDATE SET team = excluded.team"));
    return row.bind(1, organization.v).bind(2, team).run();
}

} // namespace tierline::storage
