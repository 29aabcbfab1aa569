#include "core/base/clock.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "tests/support/cli/clirunner.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// What the real program says of a ticket's way to its helpdesk: one word in `queue`, `search` and
/// `ticket show`, the same in all three. No server is needed for it: the store knows.
class TestCliSync : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void oneWordEverywhere_data();
    void oneWordEverywhere();
    void theWholeStand();
    void listsWithoutTheWord();
    void eachFailedAccountIsTold();

private:
    Result<Done> write(const std::function<Result<Done>(storage::WriteScope &)> &work);

    CliRunner m_cli;
    SystemClock m_clock;
};

Result<Done> TestCliSync::write(const std::function<Result<Done>(storage::WriteScope &)> &work)
{
    TIERLINE_TRY(store, storage::Store::open(storage::Workspace(m_cli.folder()), m_clock));
    return store->write(storage::Durability::Person, work);
}

namespace {

Result<TicketId> addTicket(storage::WriteScope &scope, const QString &key, bool isThere)
{
    TicketState state { .ticket = { .key = key,
                            .subject = u"Subject of "_s + key,
                            .channel = u"email"_s,
                            .status = Status::Open,
                            .tier = u"L1"_s,
                            .startTier = u"L1"_s,
                            .created = scope.now(),
                            .updated = scope.now() } };
    TIERLINE_CHECK(storage::insertTicket(scope, state));
    const QString number = key.section(u':', 1);
    if (isThere)
        TIERLINE_CHECK(storage::saveRemote(scope,
            { .account = u"desk"_s,
                .remote = number,
                .ticket = state.ticket.id,
                .updated = scope.now(),
                .link = u"https://desk.example/ticket/"_s + number }));
    return state.ticket.id;
}

Result<Done> addChange(storage::WriteScope &scope, TicketId ticket, storage::OutboxState state,
    const QString &id, const QString &error = {})
{
    storage::OutboxEntry entry { .id = id,
        .account = u"desk"_s,
        .ticket = ticket,
        .kind = u"note"_s,
        .body = { { u"actor"_s, u"me"_s } },
        .created = scope.now() };
    TIERLINE_CHECK(storage::queueOperation(scope, entry));
    entry.state = state;
    entry.error = error;
    return storage::saveOperation(scope, entry);
}

} // namespace

void TestCliSync::initTestCase()
{
    RAN(made, 0, m_cli.run({ u"init"_s }));
    using storage::OutboxState;
    const auto filled = write([](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::addAccount(
            scope, { .name = u"desk"_s, .type = u"rt"_s, .url = u"https://desk.example/"_s }));
        TIERLINE_CHECK(addTicket(scope, u"T-1"_s, false));
        TIERLINE_CHECK(addTicket(scope, u"desk:1"_s, true));
        TIERLINE_TRY(waiting, addTicket(scope, u"desk:2"_s, true));
        TIERLINE_CHECK(addChange(scope, waiting, OutboxState::Waiting, u"a1"_s));
        TIERLINE_TRY(unknown, addTicket(scope, u"desk:3"_s, true));
        TIERLINE_CHECK(addChange(scope, unknown, OutboxState::Unknown, u"a2"_s));
        TIERLINE_TRY(refused, addTicket(scope, u"desk:4"_s, true));
        TIERLINE_CHECK(addChange(
            scope, refused, OutboxState::Refused, u"a3"_s, u"You may not comment here."_s));
        TIERLINE_CHECK(addChange(scope, refused, OutboxState::Waiting, u"a4"_s));
        TIERLINE_TRY(both, addTicket(scope, u"desk:5"_s, true));
        TIERLINE_CHECK(addChange(scope, both, OutboxState::Refused, u"a5"_s, u"No."_s));
        return storage::saveConflict(scope,
            { .id = u"c1"_s,
                .account = u"desk"_s,
                .ticket = both,
                .field = u"priority"_s,
                .local = u"high"_s,
                .remote = u"low"_s });
    });
    QVERIFY2(filled, filled ? "" : qPrintable(filled.error().detail));
}

void TestCliSync::oneWordEverywhere_data()
{
    QTest::addColumn<QString>("key");
    QTest::addColumn<QString>("word");
    QTest::addColumn<QByteArray>("sentence");
    QTest::newRow("only here") << u"T-1"_s << u"local"_s << QByteArray();
    QTest::newRow("in step") << u"desk:1"_s << u"synced"_s
                             << QByteArray("desk has heard of everything\n");
    QTest::newRow("waits") << u"desk:2"_s << u"waiting"_s
                           << QByteArray("desk has not heard of 1 change yet\n");
    QTest::newRow("unknown") << u"desk:3"_s << u"waiting"_s
                             << QByteArray("desk has not heard of 1 change yet\n");
    QTest::newRow("refused")
        << u"desk:4"_s << u"refused"_s
        << QByteArray("desk refused a change (`outbox list`): You may not comment here; has not "
                      "heard of 1 change yet\n");
    QTest::newRow("conflict") << u"desk:5"_s << u"conflict"_s
                              << QByteArray("desk has another value for priority");
}

void TestCliSync::oneWordEverywhere()
{
    QFETCH(QString, key);
    QFETCH(QString, word);
    QFETCH(QByteArray, sentence);
    for (const QStringList &words : { QStringList { u"queue"_s }, { u"search"_s, u"Subject"_s } }) {
        RAN(listed, 0, m_cli.json(words));
        QCOMPARE(listed.rows().size(), 6);
        QString said;
        for (const QJsonValue &row : listed.rows()) {
            if (row[u"id"_s].toString() == key)
                said = row[u"sync"_s].toString();
        }
        QCOMPARE(said, word);
    }
    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, key }));
    QCOMPARE(at(shown.json(), u"sync/state"_s).toString(), word);
    RAN(plain, 0, m_cli.run({ u"ticket"_s, u"show"_s, key }));
    QVERIFY2(plain.out.contains(sentence), plain.told().constData());
    QCOMPARE(plain.out.contains("desk has"), word != u"local"_s && word != u"refused"_s);
    // People are told in the list only where there is something to do or to wait for.
    RAN(list, 0, m_cli.run({ u"queue"_s }));
    for (const QByteArray &line : list.out.split('\n')) {
        if (line.startsWith(key.toUtf8() + ' '))
            QCOMPARE(line.endsWith(word.toUtf8()), word != u"local"_s && word != u"synced"_s);
    }
}

void TestCliSync::theWholeStand()
{
    RAN(local, 0, m_cli.json({ u"ticket"_s, u"show"_s, u"T-1"_s }));
    const QJsonObject nothing = local.json().value(u"sync"_s).toObject();
    QCOMPARE(nothing.value(u"waiting"_s).toInt(-1), 0);
    QVERIFY(nothing.value(u"account"_s).isNull() && nothing.value(u"page"_s).isNull());
    RAN(shown, 0, m_cli.json({ u"ticket"_s, u"show"_s, u"desk:5"_s }));
    QCOMPARE(shown.json().value(u"sync"_s).toObject(),
        (QJsonObject { { u"state"_s, u"conflict"_s }, { u"account"_s, u"desk"_s },
            { u"presence"_s, u"there"_s }, { u"merged_into"_s, QJsonValue() },
            { u"page"_s, u"https://desk.example/ticket/5"_s }, { u"waiting"_s, 1 },
            { u"refused"_s, 1 }, { u"conflicts"_s, 1 } }));
}

void TestCliSync::listsWithoutTheWord()
{
    for (const QString &name : { u"outbox"_s, u"conflict"_s }) {
        RAN(bare, 0, m_cli.json({ name }));
        RAN(listed, 0, m_cli.json({ name, u"list"_s }));
        QVERIFY(!bare.rows().isEmpty());
        QCOMPARE(bare.json(), listed.json());
        RAN(wrong, 2, m_cli.json({ name, u"lits"_s }));
        QVERIFY2(wrong.error.contains(u"lits"), wrong.told().constData());
    }
}

/// Nobody listens at either address: all failed, and the document still has a row for each.
void TestCliSync::eachFailedAccountIsTold()
{
    CliRunner cli;
    RAN(made, 0, cli.run({ u"init"_s }));
    const auto add = [&](const QString &name) {
        auto store = storage::Store::open(storage::Workspace(cli.folder()), m_clock);
        return store
            && (*store)->write(storage::Durability::Person, [&](storage::WriteScope &scope) {
                   return storage::addAccount(
                       scope, { .name = name, .type = u"rt"_s, .url = u"http://127.0.0.1:1/"_s });
               });
    };
    const QByteArray secrets = "{\"one\":\"1-1-1\",\"two\":\"2-2-2\"}";
    QVERIFY(add(u"one"_s));
    RAN(alone, 1, cli.json({ u"sync"_s, u"--secrets-stdin"_s }, secrets));
    QCOMPARE(alone.errorJson().value(u"code"_s).toString(), u"offline"_s);
    QCOMPARE(alone.json().value(u"accounts"_s).toArray().size(), 1);
    QVERIFY(!alone.error.isEmpty());
    QVERIFY(add(u"two"_s));
    RAN(both, 1, cli.json({ u"sync"_s, u"--secrets-stdin"_s }, secrets));
    const QJsonArray rows = both.json().value(u"accounts"_s).toArray();
    QCOMPARE(rows.size(), 2);
    for (const QJsonValue &row : rows)
        QCOMPARE(at(row.toObject(), u"error/code"_s).toString(), u"offline"_s);
    QCOMPARE(both.errorJson().value(u"code"_s).toString(), u"offline"_s);
    QVERIFY2(
        both.error.contains(u"one: ") && both.error.contains(u"two: "), both.told().constData());
    QVERIFY(!both.error.contains(u"1-1-1"));
}

QTEST_GUILESS_MAIN(TestCliSync)
#include "tst_clisync.moc"
