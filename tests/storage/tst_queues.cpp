#include "core/storage/imports.h"
#include "core/storage/placecounts.h"
#include "core/storage/ties.h"
#include "storetest.h"

#include <random>

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestQueues : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void agreesWithANaiveList_data();
    void agreesWithANaiveList();
    void usesItsIndex_data();
    void usesItsIndex();
    void keysOrderByCodePoint();
    void showsTheCustomer();
    void hidesAnUnfinishedImport();
    void countsLeaveOutWhatIsHidden();
    void rowsByIdKeepTheirOrder();

private:
    void fill(int count, quint32 seed);
    std::unique_ptr<StoreFixture> m_desk;
};

void TestQueues::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

void TestQueues::fill(int count, quint32 seed)
{
    std::mt19937 random(seed);
    const auto below
        = [&](int bound) { return static_cast<int>(random() % static_cast<quint32>(bound)); };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < count; ++i) {
            TicketState state = plainTicket(u"K%1"_s.arg(below(1'000'000)) + u"-%1"_s.arg(i),
                scope.now() - Millis(below(5) * 1000), u"L%1"_s.arg(1 + below(3)));
            Ticket &ticket = state.ticket;
            ticket.status = static_cast<Status>(below(7));
            ticket.priority = static_cast<Priority>(below(4));
            ticket.team = QStringList { u""_s, u"Billing"_s, u"Legal"_s }[below(3)];
            ticket.assignee = QStringList { u""_s, u"priya"_s, u"sam"_s }[below(3)];
            ticket.flagNote = below(4) == 0 ? u"help"_s : QString();
            ticket.isAwaitingYes = ticket.status == Status::Solved && below(2) == 0;
            if (below(2) == 0)
                ticket.due = scope.now() + Millis(below(3) * 60'000);
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    }));
}

void TestQueues::agreesWithANaiveList_data()
{
    QTest::addColumn<QueueQuery>("query");
    QTest::addColumn<QStringList>("denied");
    const QStringList none;
    QTest::newRow("tier") << QueueQuery { .tier = u"L2"_s } << none;
    QTest::newRow("every tier") << QueueQuery {} << none;
    QTest::newRow("tier, denied team")
        << QueueQuery { .tier = u"L2"_s } << QStringList { u"Legal"_s };
    QTest::newRow("team") << QueueQuery { .team = u"Billing"_s } << none;
    QTest::newRow("tier and team") << QueueQuery { .tier = u"L1"_s, .team = u"Billing"_s } << none;
    QTest::newRow("agent") << QueueQuery { .assignee = u"priya"_s } << none;
    QTest::newRow("tier and agent") << QueueQuery { .tier = u"L3"_s, .assignee = u"sam"_s } << none;
    QTest::newRow("nobody") << QueueQuery { .tier = u"L1"_s, .assignee = u"-"_s } << none;
    QTest::newRow("flagged") << QueueQuery { .tier = u"L1"_s, .onlyFlagged = true } << none;
    QTest::newRow("flagged anywhere, denied")
        << QueueQuery { .onlyFlagged = true } << QStringList { u"Legal"_s, u"Security"_s };
    QTest::newRow("awaiting") << QueueQuery { .tier = u"L2"_s, .onlyAwaitingYes = true } << none;
    QTest::newRow("awaiting anywhere, denied")
        << QueueQuery { .onlyAwaitingYes = true } << QStringList { u"Legal"_s };
}

void TestQueues::agreesWithANaiveList()
{
    QFETCH(QueueQuery, query);
    QFETCH(QStringList, denied);
    static constexpr quint32 seed = 7;
    qInfo("seed %u", seed);
    fill(800, seed);
    const Visibility visibility { .deniedTeams = denied };
    Connection &connection = m_desk->connection();

    std::vector<TicketId> everything;
    VALUE(all, connection.prepare("SELECT id FROM ticket"));
    while (*all.step())
        everything.push_back({ all.integer(0) });
    QCOMPARE(everything.size(), size_t(800));
    VALUE(rows, loadRows(connection, everything));
    std::vector<QueueRow> expected;
    std::ranges::copy_if(rows, std::back_inserter(expected),
        [&](const QueueRow &row) { return matches(row, query, visibility); });
    std::ranges::sort(expected, worksBefore);
    QVERIFY(expected.size() > 10);

    VALUE(whole, firstRows(connection, query, visibility, 1000));
    QVERIFY(whole == expected);
    VALUE(few, firstRows(connection, query, visibility, 7));
    QVERIFY(few == std::vector<QueueRow>(expected.begin(), expected.begin() + 7));
    VALUE(count, countQueue(connection, query, visibility));
    QCOMPARE(count, static_cast<qint64>(expected.size()));
    std::vector<SpineEntry> spine;
    DONE(readSpine(
        connection, query, visibility, [&](const SpineEntry &entry) { spine.push_back(entry); }));
    QCOMPARE(spine.size(), expected.size());
    for (size_t i = 0; i < spine.size(); ++i) {
        const QueueRow &row = expected[i];
        QVERIFY(spine[i] == spineEntry(row.id, row.due, row.priority, row.created));
        if (i > 0) {
            QVERIFY(std::tie(spine[i - 1].due, spine[i - 1].rank)
                <= std::tie(spine[i].due, spine[i].rank));
        }
    }
    // A row's place among those that agree with it in all but the key.
    VALUE(ties, tiesBefore(connection, query, expected, visibility));
    QCOMPARE(ties.size(), expected.size());
    for (size_t i = 0; i < expected.size(); ++i) {
        size_t first = i;
        while (first > 0 && spine[first - 1].due == spine[i].due
            && spine[first - 1].rank == spine[i].rank)
            --first;
        QCOMPARE(ties[i], static_cast<int>(i - first));
    }
}

void TestQueues::usesItsIndex_data()
{
    QTest::addColumn<QString>("sql");
    QTest::addColumn<QString>("index");
    const QString order = u" ORDER BY t.due, t.priority DESC, t.created, t.key"_s;
    QTest::newRow("tier") << u"SELECT t.id, t.due, t.priority, t.created FROM ticket t"
                             " WHERE t.status < 4 AND t.tier = ?1"_s
            + order << u"COVERING INDEX ticket_queue"_s;
    QTest::newRow("tier and team, denied teams and an import under way")
        << u"SELECT t.id FROM ticket t WHERE t.status < 4 AND t.tier = ?1 AND t.team = ?2"
           " AND t.import NOT IN (3) AND t.team NOT IN (?4, ?5)"_s
            + order
        << u"COVERING INDEX ticket_queue"_s;
    QTest::newRow("agent") << u"SELECT t.id FROM ticket t WHERE t.status < 4 AND t.assignee = ?3"
                              " AND t.assignee <> ''"_s
            + order << u"COVERING INDEX ticket_assignee"_s;
    QTest::newRow("flagged") << u"SELECT t.id FROM ticket t WHERE t.status < 4"
                                " AND t.flag_note <> '' AND t.tier = ?1"_s
            + order << u"INDEX ticket_flagged"_s;
    QTest::newRow("awaiting") << u"SELECT t.id FROM ticket t WHERE t.is_awaiting_yes = 1"
                                 " AND t.status <> 6 AND t.tier = ?1"_s
            + order << u"INDEX ticket_awaiting"_s;
}

void TestQueues::usesItsIndex()
{
    QFETCH(QString, sql);
    QFETCH(QString, index);
    VALUE(plan, m_desk->connection().prepareText(u"EXPLAIN QUERY PLAN "_s + sql));
    QStringList steps;
    while (*plan.step())
        steps.append(plan.text(3));
    const QString whole = steps.join(u"; "_s);
    QVERIFY2(whole.contains(index), qPrintable(whole));
    QVERIFY2(!whole.contains(u"TEMP B-TREE"_s), qPrintable(whole));
}

void TestQueues::keysOrderByCodePoint()
{
    const QStringList keys { u"A"_s, u"A1"_s, u"a"_s, u"\uFFFD"_s, u"\U0001F600"_s, u"\uE000"_s,
        u"é"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (const QString &key : keys) {
            TicketState state = plainTicket(key, scope.now());
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    }));
    VALUE(rows, firstRows(m_desk->connection(), { .tier = u"L1"_s }, Visibility::all(), 100));
    QCOMPARE(rows.size(), size_t(keys.size()));
    QVERIFY(std::ranges::is_sorted(rows, worksBefore));
    QCOMPARE(rows.back().key, u"\U0001F600"_s);
}

void TestQueues::showsTheCustomer()
{
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        Organization acme { .name = u"Acme"_s, .plan = u"gold"_s, .arr = 100, .health = 40 };
        TIERLINE_CHECK(saveOrganization(scope, acme));
        Requester ana { .name = u"Ana"_s, .email = u"ana@acme.example"_s };
        TIERLINE_CHECK(saveRequester(scope, ana));
        TicketState of = plainTicket(u"1"_s, scope.now());
        of.ticket.organization = acme.id;
        of.ticket.requester = ana.id;
        TIERLINE_CHECK(insertTicket(scope, of));
        TicketState alone = plainTicket(u"2"_s, scope.now());
        alone.ticket.requester = ana.id;
        TIERLINE_CHECK(insertTicket(scope, alone));
        TicketState nobody = plainTicket(u"3"_s, scope.now());
        return insertTicket(scope, nobody);
    }));
    VALUE(rows, firstRows(m_desk->connection(), {}, Visibility::all(), 100));
    QCOMPARE(rows.size(), size_t(3));
    QCOMPARE(rows[0].customer, u"Acme"_s);
    QCOMPARE(rows[0].plan, u"gold"_s);
    QCOMPARE(rows[0].health, std::optional<int>(40));
    QCOMPARE(rows[0].arr, std::optional<qint64>(100));
    QCOMPARE(rows[1].customer, u"Ana"_s);
    QVERIFY(!rows[1].health);
    QVERIFY(rows[2].customer.isEmpty());
}

void TestQueues::hidesAnUnfinishedImport()
{
    ImportId import;
    TicketState state = plainTicket(u"old"_s, m_desk->clock.now());
    VALUE(revision, feedRevision(m_desk->connection()));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(begun, beginImport(scope, u"file.csv"_s));
        import = begun;
        return insertTicket(scope, state, import);
    }));
    Connection &connection = m_desk->connection();
    VALUE(none, countQueue(connection, {}, Visibility::all()));
    QCOMPARE(none, 0);
    VALUE(noRows, firstRows(connection, { .tier = u"L1"_s }, Visibility::all(), 10));
    QVERIFY(noRows.empty());
    FAULT(findTicket(connection, u"old"_s, Visibility::all()), Fault::NotFound);
    VALUE(noRow, loadRows(connection, { state.ticket.id }));
    QVERIFY(noRow.empty());
    VALUE(quiet, changesSince(connection, revision));
    QVERIFY(quiet.isEmpty());
    DONE(m_desk->write([&](WriteScope &scope) { return finishImport(scope, import); }));
    VALUE(one, countQueue(connection, {}, Visibility::all()));
    QCOMPARE(one, 1);
    VALUE(told, changesSince(connection, revision));
    QVERIFY(told.everything);
    QVERIFY(findTicket(connection, u"old"_s, Visibility::all()));
    FAULT(
        m_desk->write([&](WriteScope &scope) { return finishImport(scope, import); }), Fault::Bug);
}

/// Late tickets of a confidential team, or of an import under way, are late for nobody.
void TestQueues::countsLeaveOutWhatIsHidden()
{
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(import, beginImport(scope, u"file.csv"_s));
        const auto add = [&](const QString &key, const QString &team, ImportId of) {
            TicketState state = plainTicket(key, scope.now());
            state.ticket.team = team;
            state.ticket.clockStart = scope.now() - Millis(7'200'000);
            state.ticket.due = scope.now() - Millis(3'600'000);
            return insertTicket(scope, state, of);
        };
        TIERLINE_CHECK(add(u"open"_s, {}, {}));
        TIERLINE_CHECK(add(u"secret"_s, u"Legal"_s, {}));
        return add(u"half"_s, {}, import);
    }));
    const QueueQuery query { .tier = u"L1"_s };
    const Instant now = m_desk->clock.now();
    VALUE(all, countPlace(m_desk->connection(), query, Visibility::all(), now));
    QCOMPARE(all, (PlaceCount { .total = 2, .atRisk = 0, .late = 2 }));
    VALUE(some, countPlace(m_desk->connection(), query, { { u"Legal"_s } }, now));
    QCOMPARE(some, (PlaceCount { .total = 1, .atRisk = 0, .late = 1 }));
}

void TestQueues::rowsByIdKeepTheirOrder()
{
    fill(20, 1);
    std::vector<SpineEntry> spine;
    DONE(readSpine(m_desk->connection(), {}, Visibility::all(),
        [&](const SpineEntry &entry) { spine.push_back(entry); }));
    std::vector<TicketId> ids;
    for (auto entry = spine.rbegin(); entry != spine.rend(); ++entry)
        ids.push_back({ entry->ticket });
    ids.insert(ids.begin() + 1, TicketId { 12345 });
    VALUE(rows, loadRows(m_desk->connection(), ids));
    QCOMPARE(rows.size(), spine.size());
    for (size_t i = 0; i < rows.size(); ++i)
        QCOMPARE(rows[i].id.v, spine[spine.size() - 1 - i].ticket);
}

QTEST_GUILESS_MAIN(TestQueues)
#include "tst_queues.moc"
