#include "tests/support/cli/storepicture.h"

#include "core/storage/connection.h"
#include "core/storage/workspace.h"

#include <QCryptographicHash>
#include <QStringList>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

Result<QStringList> column(storage::Connection &connection, const QString &sql)
{
    QStringList values;
    TIERLINE_TRY(rows, connection.prepareText(sql));
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return values;
        values.append(rows.text(0));
    }
}

Result<Done> addTable(
    storage::Connection &connection, const QString &table, QCryptographicHash &hash)
{
    TIERLINE_TRY(names,
        column(connection, u"SELECT name FROM pragma_table_info('%1') ORDER BY cid"_s.arg(table)));
    QStringList cells;
    for (const QString &name : std::as_const(names))
        cells.append(u"quote(\"%1\")"_s.arg(name));
    TIERLINE_TRY(rows,
        connection.prepareText(
            u"SELECT %1 FROM \"%2\""_s.arg(cells.join(u" || ',' || "_s), table)));
    hash.addData(table.toUtf8());
    while (true) {
        TIERLINE_TRY(hasRow, rows.step());
        if (!hasRow)
            return Done {};
        hash.addData(rows.utf8(0).toByteArray());
    }
}

} // namespace

Result<QByteArray> storePicture(const QString &folder)
{
    TIERLINE_TRY(connection,
        storage::Connection::open(
            storage::Workspace(folder).databasePath(), storage::Connection::Mode::ReadOnly));
    QCryptographicHash hash(QCryptographicHash::Sha256);
    TIERLINE_TRY(schema,
        column(*connection, u"SELECT coalesce(sql, '') FROM sqlite_schema ORDER BY rowid"_s));
    hash.addData(schema.join(u'\n').toUtf8());
    // The text index is in its shadow tables, which are read as plain ones.
    TIERLINE_TRY(tables,
        column(*connection,
            u"SELECT name FROM sqlite_schema WHERE type = 'table' AND sql NOT LIKE 'CREATE VIRTUAL%' ORDER BY name"_s));
    for (const QString &table : std::as_const(tables))
        TIERLINE_CHECK(addTable(*connection, table, hash));
    return hash.result();
}

} // namespace tierline::test
