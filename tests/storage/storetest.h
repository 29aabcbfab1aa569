#pragma once

#include "core/storage/feed.h"
#include "core/storage/people.h"
#include "core/storage/queues.h"
#include "core/storage/store.h"
#include "core/storage/tickets.h"
#include "tests/support/fakeclock.h"

#include <QTemporaryDir>
#include <QTest>

// What every test of the store needs: a workspace in a temporary folder, and tickets to put there.

/// The value of a Result in a test, which ends at once where there is none.
#define VALUE(name, expression)                                                                    \
    auto name##_result = (expression);                                                             \
    QVERIFY2(                                                                                      \
        name##_result.has_value(), name##_result ? "" : qPrintable(name##_result.error().detail)); \
    auto &name = *name##_result
#define DONE(expression)                                                                           \
    do {                                                                                           \
        const auto outcome = (expression);                                                         \
        QVERIFY2(outcome.has_value(), outcome ? "" : qPrintable(outcome.error().detail));          \
    } while (false)
#define FAULT(expression, expected)                                                                \
    do {                                                                                           \
        const auto outcome = (expression);                                                         \
        QVERIFY(!outcome.has_value());                                                             \
        QCOMPARE(outcome.error().fault, expected);                                                 \
    } while (false)

namespace tierline::test {

/// A new workspace, open for writing.
class StoreFixture
{
public:
    StoreFixture()
        : workspace(m_folder.filePath(QStringLiteral("desk")))
    {
    }
    /// Makes the workspace; for init().
    Result<Done> create()
    {
        auto made = storage::Store::create(workspace, clock);
        if (!made)
            return made.error();
        store = std::move(*made);
        return Done {};
    }
    Result<Done> reopen()
    {
        store.reset();
        auto opened = storage::Store::open(workspace, clock);
        if (!opened)
            return opened.error();
        store = std::move(*opened);
        return Done {};
    }
    Result<Done> write(const std::function<Result<Done>(storage::WriteScope &)> &work)
    {
        return store->write(storage::Durability::Person, work);
    }
    storage::Connection &connection() { return store->connection(); }
    QString path(const QString &name) const { return m_folder.filePath(name); }

private:
    QTemporaryDir m_folder;

public:
    FakeClock clock;
    storage::Workspace workspace;
    std::unique_ptr<storage::Store> store;
};

inline TicketState plainTicket(
    const QString &key, Instant created, const QString &tier = QStringLiteral("L1"))
{
    return { .ticket = { .key = key,
                 .subject = QStringLiteral("Subject of ") + key,
                 .channel = QStringLiteral("email"),
                 .status = Status::Open,
                 .tier = tier,
                 .startTier = tier,
                 .created = created,
                 .updated = created } };
}

} // namespace tierline::test
