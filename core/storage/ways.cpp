#include "core/storage/ways.h"

#include "core/base/json.h"

#include <QStringList>

namespace tierline::storage {

using namespace Qt::StringLiterals;

namespace {

constexpr auto columns
    = "SELECT name, type, url, user, options, authorities, problem, created FROM way";

Way wayOf(const Statement &row)
{
    Way way { .name = row.text(0), .type = row.text(1), .url = row.text(2), .user = row.text(3) };
    const QJsonObject options = readJsonObject(row.utf8(4)).value_or(QJsonObject());
    for (auto option = options.begin(); option != options.end(); ++option)
        way.options.insert(option.key(), option.value().toString());
    way.authorities = row.blob(5);
    way.problem = row.text(6);
    way.created = { row.integer(7) };
    return way;
}

} // namespace

Result<std::vector<Way>> loadWays(Connection &connection)
{
    TIERLINE_TRY(rows, connection.prepareText(QString::fromLatin1(columns) + u" ORDER BY name"_s));
    std::vector<Way> ways;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return ways;
        ways.push_back(wayOf(rows));
    }
}

Result<Way> findWay(Connection &connection, const QString &name)
{
    TIERLINE_TRY(ways, loadWays(connection));
    QStringList names;
    for (const Way &way : ways) {
        if (way.name == name)
            return way;
        names.append(way.name);
    }
    return notFound(names.isEmpty()
            ? u"There is no way “%1”; none is set up yet."_s.arg(name.left(40))
            : u"There is no way “%1”; there are %2."_s.arg(name.left(40), names.join(u", "_s)));
}

Result<Done> saveWay(WriteScope &scope, const Way &way)
{
    QJsonObject options;
    for (auto option = way.options.cbegin(); option != way.options.cend(); ++option)
        options[option.key()] = option.value();
    TIERLINE_TRY(row,
        scope.connection().prepare(
            "INSERT INTO way (name, type, url, user, options, authorities, problem, created)"
            " VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8) ON CONFLICT (name) DO UPDATE SET"
            " type = excluded.type, url = excluded.url, user = excluded.user,"
            " options = excluded.options, authorities = excluded.authorities,"
            " problem = excluded.problem, created = excluded.created"));
    return row.bind(1, way.name)
        .bind(2, way.type)
        .bind(3, way.url)
        .bind(4, way.user)
        .bind(5, compactJson(options))
        .bindBlob(6, way.authorities)
        .bind(7, way.problem)
        .bind(8, way.created.ms)
        .run();
}

Result<Done> removeWay(WriteScope &scope, const QString &name)
{
    TIERLINE_CHECK(findWay(scope.connection(), name));
    TIERLINE_TRY(waiting,
        scope.connection().prepare("UPDATE delivery SET state = 3, next = NULL, error = ?2"
                                   " WHERE way = ?1 AND state IN (0, 1, 5)"));
    TIERLINE_CHECK(waiting.bind(1, name).bind(2, u"The way “%1” was removed."_s.arg(name)).run());
    TIERLINE_TRY(row, scope.connection().prepare("DELETE FROM way WHERE name = ?1"));
    return row.bind(1, name).run();
}

Result<Done> setWayProblem(WriteScope &scope, const QString &name, const QString &problem)
{
    TIERLINE_TRY(row, scope.connection().prepare("UPDATE way SET problem = ?2 WHERE name = ?1"));
    return row.bind(1, name).bind(2, problem).run();
}

Result<std::vector<NoticeRoute>> loadRoutes(Connection &connection)
{
    TIERLINE_TRY(rows,
        connection.prepare("SELECT kind, target, way, address FROM notice_route"
                           " ORDER BY kind, target, way, address"));
    std::vector<NoticeRoute> routes;
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return routes;
        routes.push_back({ static_cast<NoticeTarget>(rows.integer(0)), rows.text(1), rows.text(2),
            rows.text(3) });
    }
}

Result<Done> saveRoutes(WriteScope &scope, const std::vector<NoticeRoute> &routes)
{
    TIERLINE_TRY(all, scope.connection().prepare("DELETE FROM notice_route"));
    TIERLINE_CHECK(all.run());
    for (const NoticeRoute &route : routes) {
        TIERLINE_TRY(row,
            scope.connection().prepare(
                "INSERT INTO notice_route (kind, target, way, address) VALUES (?1, ?2, ?3, ?4)"));
        TIERLINE_CHECK(row.bind(1, static_cast<int>(route.kind))
                           .bind(2, route.target)
                           .bind(3, route.way)
                           .bind(4, route.address)
                           .run());
    }
    return Done {};
}

} // namespace tierline::storage
