#include "core/storage/migrations.h"

#include "core/storage/backup.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

namespace {

Error brokenMigration(const QString &name, const QString &what)
{
    return { .fault = Fault::Bug, .detail = u"The migration %1 %2."_s.arg(name, what) };
}

Result<Migration> parseOne(const MigrationFile &file, int expectedVersion)
{
    Migration migration;
    migration.name = QString::fromUtf8(file.name);
    const QByteArray text(file.text);
    if (migration.name.left(4).toInt() != expectedVersion)
        return brokenMigration(migration.name, u"should have number %1"_s.arg(expectedVersion));
    migration.version = expectedVersion;

    const QList<QByteArray> lines = text.split('\n');
    static constexpr char oldest[] = "-- oldest reader: ";
    if (lines.size() < 3 || !lines[0].startsWith("-- ") || !lines[1].startsWith(oldest))
        return brokenMigration(migration.name, u"does not say what it does and who may read it"_s);
    migration.oldestReader = lines[1].mid(sizeof oldest - 1).trimmed().toInt();
    if (migration.oldestReader < 1 || migration.oldestReader > migration.version)
        return brokenMigration(migration.name, u"names an impossible oldest reader"_s);

    QByteArray step;
    for (const QByteArray &line : lines) {
        if (line.trimmed() == "-- step") {
            migration.steps.append(step);
            step.clear();
        } else {
            step += line + '\n';
        }
    }
    migration.steps.append(step);
    return migration;
}

Result<Done> runFile(
    Connection &connection, const Migration &migration, const MigrationStep &onStep, int &step)
{
    for (const QByteArray &sql : migration.steps) {
        if (onStep)
            TIERLINE_CHECK(onStep(step++));
        TIERLINE_CHECK(connection.execute(sql.constData()));
    }
    TIERLINE_TRY(meta,
        connection.prepareText(u"INSERT INTO meta (key, value) VALUES ('oldest_reader', ?1)"
                               " ON CONFLICT (key) DO UPDATE SET value = excluded.value"_s));
    TIERLINE_CHECK(meta.bind(1, QString::number(migration.oldestReader)).run());
    const QByteArray setVersion = "PRAGMA user_version = " + QByteArray::number(migration.version);
    return connection.execute(setVersion.constData());
}

} // namespace

Result<QList<Migration>> parseMigrations(std::span<const MigrationFile> files)
{
    QList<Migration> migrations;
    for (const MigrationFile &file : files) {
        TIERLINE_TRY(migration, parseOne(file, static_cast<int>(migrations.size()) + 1));
        migrations.append(std::move(migration));
    }
    return migrations;
}

int newestSchema(const QList<Migration> &migrations)
{
    return static_cast<int>(migrations.size());
}

Result<int> schemaVersion(Connection &connection)
{
    TIERLINE_TRY(statement, connection.prepareText(u"PRAGMA user_version"_s));
    TIERLINE_TRY(hasRow, statement.step());
    return hasRow ? static_cast<int>(statement.integer(0)) : 0;
}

Result<Done> migrate(
    Connection &connection, const QList<Migration> &migrations, const MigrationStep &onStep)
{
    TIERLINE_TRY(version, schemaVersion(connection));
    int step = 0;
    for (const Migration &migration : migrations) {
        if (migration.version <= version)
            continue;
        TIERLINE_CHECK(connection.execute("BEGIN IMMEDIATE"));
        Result<Done> outcome = runFile(connection, migration, onStep, step);
        if (outcome && onStep)
            outcome = onStep(step++);
        if (outcome)
            outcome = connection.execute("COMMIT");
        if (!outcome) {
            connection.rollback();
            Error error = outcome.error();
            if (error.fault != Fault::Cancelled) {
                error.detail = u"The workspace could not be brought to this version (%1); it is as "
                               "it was before. %2"_s.arg(migration.name, error.detail);
            }
            return error;
        }
    }
    return Done {};
}

Result<Done> upgrade(Connection &connection, const Workspace &workspace,
    const QList<Migration> &migrations, const MigrationStep &onStep)
{
    TIERLINE_TRY(version, schemaVersion(connection));
    if (version > 0 && version < newestSchema(migrations))
        TIERLINE_CHECK(copyAside(connection, workspace, u"before-upgrade-%1.db"_s.arg(version)));
    return migrate(connection, migrations, onStep);
}

Result<Done> checkNotNewer(int version, int newest, const QString &path)
{
    if (version <= newest)
        return Done {};
    return notAllowed(
        u"The workspace %1 was made by a newer version of Tierline (schema %2; this "
        "one knows up to %3). Nothing was changed; please update Tierline."_s.arg(path)
            .arg(version)
            .arg(newest));
}

} // namespace tierline::storage
