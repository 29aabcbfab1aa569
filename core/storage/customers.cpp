#include "core/storage/columns.h"
#include "core/storage/imports.h"
#include "core/storage/people.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

/// A row whose columns begin with name, plan, arr, health, renewal, flags.
Organization organizationOf(OrganizationId id, const Statement &row)
{
    Organization organization { .id = id, .name = row.text(0), .plan = row.text(1) };
    if (!row.isNull(2))
        organization.arr = row.integer(2);
    if (!row.isNull(3))
        organization.health = static_cast<int>(row.integer(3));
    organization.renewal = QDate::fromString(row.text(4), Qt::ISODate);
    organization.flags = listOf(row.utf8(5));
    return organization;
}

} // namespace

Result<Organization> loadOrganization(Connection &connection, OrganizationId id)
{
    TIERLINE_TRY(row,
        connection.prepare(
            "SELECT name, plan, arr, health, renewal, flags FROM organization WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id.v).step());
    if (!hasRow)
        return notFound(u"There is no organization with number %1."_s.arg(id.v));
    return organizationOf(id, row);
}

Result<OrganizationPast> loadOrganizationPast(Connection &connection, OrganizationId id)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT o.name, p.plan, p.arr, p.health, p.renewal, p.flags, p.until"
                           " FROM organization_past p JOIN organization o ON o.id = p.organization"
                           " WHERE p.organization = ?1 ORDER BY p.until"));
    rows.bind(1, id.v);
    OrganizationPast past;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return past;
        past.push_back({ { rows.integer(6) }, organizationOf(id, rows) });
    }
}

Result<Requester> loadRequester(Connection &connection, RequesterId id)
{
    TIERLINE_TRY(
        row, connection.prepare("SELECT name, email, organization FROM requester WHERE id = ?1"));
    TIERLINE_TRY(hasRow, row.bind(1, id.v).step());
    if (!hasRow)
        return notFound(u"There is no requester with number %1."_s.arg(id.v));
    return Requester {
        .id = id, .name = row.text(0), .email = row.text(1), .organization = { row.integer(2) }
    };
}

namespace {

/// Id by name and whether what is held differs from what the given facts would make of it.
struct Held {
    qint64 id = 0;
    bool isDifferent = false;
};

Result<Held> findOrganization(Connection &connection, const Organization &given)
{
    TIERLINE_TRY(find, connection.prepare("SELECT id FROM organization WHERE name = ?1"));
    TIERLINE_TRY(hasRow, find.bind(1, given.name).step());
    if (!hasRow)
        return Held {};
    const OrganizationId id { find.integer(0) };
    TIERLINE_TRY(held, loadOrganization(connection, id));
    const bool isDifferent = (!given.plan.isEmpty() && given.plan != held.plan)
        || (given.arr && given.arr != held.arr) || (given.health && given.health != held.health)
        || (given.renewal.isValid() && given.renewal != held.renewal)
        || (!given.flags.isEmpty() && given.flags != held.flags);
    return Held { .id = id.v, .isDifferent = isDifferent };
}

/// Of several changes in one millisecond the first one's past is that of the time before.
Result<Done> keepFacts(WriteScope &scope, OrganizationId id)
{
    TIERLINE_TRY(keep,
        scope.connection().prepare(
            "INSERT OR IGNORE INTO organization_past"
            " SELECT id, ?2, plan, arr, health, renewal, flags FROM organization WHERE id = ?1"));
    return keep.bind(1, id.v).bind(2, scope.now().ms).run();
}

} // namespace

Result<Done> saveOrganization(WriteScope &scope, Organization &organization, ImportId import)
{
    Connection &connection = scope.connection();
    if (organization.name.isEmpty())
        return badInput(u"An organization needs a name."_s, u"organization"_s);
    TIERLINE_TRY(held, findOrganization(connection, organization));
    organization.id.v = held.id;
    if (held.id != 0 && !held.isDifferent)
        return Done {};
    if (held.id != 0) {
        bool isFirstTold = false;
        if (import) {
            TIERLINE_TRY(came, cameWith(connection, import, organization.id));
            isFirstTold = came;
        }
        if (!isFirstTold)
            TIERLINE_CHECK(keepFacts(scope, organization.id));
    }
    // Facts that were not given stay as they are.
    TIERLINE_TRY(save,
        connection.prepare(
            "INSERT INTO organization (name, plan, arr, health, renewal, flags)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (name) DO UPDATE SET"
            " plan = CASE WHEN excluded.plan = '' THEN plan ELSE excluded.plan END,"
            " arr = coalesce(excluded.arr, arr), health = coalesce(excluded.health, health),"
            " renewal = CASE WHEN excluded.renewal = '' THEN renewal ELSE excluded.renewal END,"
            " flags = CASE WHEN excluded.flags = '[]' THEN flags ELSE excluded.flags END"));
    TIERLINE_CHECK(save.bind(1, organization.name)
                       .bind(2, organization.plan)
                       .bindOptional(3, organization.arr)
                       .bindOptional(4, organization.health)
                       .bind(5, organization.renewal.toString(Qt::ISODate))
                       .bind(6, listText(organization.flags))
                       .run());
    if (held.id == 0)
        organization.id.v = connection.lastInsertId();
    else
        scope.touchEverything(); // queues show plan and health of each of its tickets
    return Done {};
}

Result<Done> saveRequester(WriteScope &scope, Requester &requester)
{
    Connection &connection = scope.connection();
    TIERLINE_TRY(find,
        connection.prepare("SELECT id, organization FROM requester WHERE email = ?1 COLLATE NOCASE"
                           " AND name = ?2"));
    TIERLINE_TRY(hasRow, find.bind(1, requester.email).bind(2, requester.name).step());
    if (!hasRow) {
        TIERLINE_TRY(insert,
            connection.prepare(
                "INSERT INTO requester (name, email, organization) VALUES (?1, ?2, ?3)"));
        insert.bind(1, requester.name).bind(2, requester.email);
        if (requester.organization)
            insert.bind(3, requester.organization.v);
        TIERLINE_CHECK(insert.run());
        requester.id.v = connection.lastInsertId();
        return Done {};
    }
    requester.id.v = find.integer(0);
    const qint64 held = find.integer(1);
    if (!requester.organization || requester.organization.v == held) {
        requester.organization.v = held;
        return Done {};
    }
    TIERLINE_TRY(
        update, connection.prepare("UPDATE requester SET organization = ?2 WHERE id = ?1"));
    return update.bind(1, requester.id.v).bind(2, requester.organization.v).run();
}

} // namespace tierline::storage
