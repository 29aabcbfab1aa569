#pragma once

#include "core/import/importer.h"
#include "core/storage/feed.h"
#include "core/storage/people.h"
#include "core/storage/store.h"
#include "core/storage/tickets.h"
#include "tests/support/fakeclock.h"

#include <QFile>
#include <QTemporaryDir>
#include <QTest>

#include <zlib.h>

// What the tests of imports share: a workspace, files, and counts of all that could change.

#define VALUE(name, expression)                                                                    \
    auto name##_result = (expression);                                                             \
    QVERIFY2(                                                                                      \
        name##_result.has_value(), name##_result ? "" : qPrintable(name##_result.error().detail)); \
    auto &name = *name##_result

namespace tierline::test {

inline QByteArray gzipped(const QByteArray &bytes)
{
    z_stream stream {};
    deflateInit2(&stream, Z_BEST_SPEED, Z_DEFLATED, 15 + 16, 8, Z_DEFAULT_STRATEGY);
    QByteArray packed(
        static_cast<qsizetype>(deflateBound(&stream, static_cast<uLong>(bytes.size()))) + 64,
        Qt::Uninitialized);
    stream.next_in = reinterpret_cast<Bytef *>(const_cast<char *>(bytes.constData()));
    stream.avail_in = static_cast<uInt>(bytes.size());
    stream.next_out = reinterpret_cast<Bytef *>(packed.data());
    stream.avail_out = static_cast<uInt>(packed.size());
    deflate(&stream, Z_FINISH);
    packed.truncate(static_cast<qsizetype>(stream.total_out));
    deflateEnd(&stream);
    return packed;
}

class ImportFixture
{
public:
    ImportFixture()
        : workspace(m_folder.filePath(QStringLiteral("desk")))
    {
        auto made = storage::Store::create(workspace, clock);
        if (made)
            store = std::move(*made);
    }

    QString file(const QString &name, const QByteArray &content)
    {
        const QString path = m_folder.filePath(name);
        QFile out(path);
        if (!out.open(QIODevice::WriteOnly) || out.write(content) != content.size())
            qFatal("A test's file cannot be written.");
        return path;
    }
    QString path(const QString &name) const { return m_folder.filePath(name); }

    Result<importing::ImportReport> importLog(
        const QString &path, const importing::EventMap &map, qint64 maxBad = 0)
    {
        auto job = importing::startEventLog(*store, path, map, { .maxBad = maxBad });
        return job ? importing::runToEnd(**job) : Result<importing::ImportReport>(job.error());
    }
    Result<importing::ImportReport> importLines(const QString &path, qint64 maxBad = 0)
    {
        auto job = importing::startTickets(*store, path, { .maxBad = maxBad });
        return job ? importing::runToEnd(**job) : Result<importing::ImportReport>(job.error());
    }

    qint64 number(const QString &sql)
    {
        auto query = store->connection().prepareText(sql);
        if (!query)
            return -1;
        const auto row = query->step();
        return row && *row ? query->integer(0) : -1;
    }
    /// Rows of every table that an import could touch, and the feed's revision.
    QString picture()
    {
        QStringList parts;
        for (const char *table : { "ticket", "event", "message", "requester", "organization",
                 "escalation", "stage", "feed", "import", "agent", "team" })
            parts.append(QString::fromLatin1(table) + u'='
                + QString::number(
                    number(QStringLiteral("SELECT count(*) FROM ") + QString::fromLatin1(table))));
        const auto revision = storage::feedRevision(store->connection());
        parts.append(QStringLiteral("revision=%1").arg(revision ? *revision : -1));
        return parts.join(u' ');
    }
    std::vector<Event> events(const QString &key)
    {
        const auto id = storage::findAnyTicket(store->connection(), key);
        if (!id)
            return {};
        auto list = storage::loadEvents(store->connection(), *id);
        return list ? *list : std::vector<Event>();
    }
    Ticket ticket(const QString &key)
    {
        const auto id = storage::findAnyTicket(store->connection(), key);
        if (!id)
            return {};
        auto state = storage::loadTicket(store->connection(), *id);
        return state ? state->ticket : Ticket();
    }

private:
    QTemporaryDir m_folder;

public:
    FakeClock clock;
    storage::Workspace workspace;
    std::unique_ptr<storage::Store> store;
};

} // namespace tierline::test
