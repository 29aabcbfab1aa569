#include "core/storage/imports.h"
#include "core/storage/search.h"
#include "storetest.h"

using namespace tierline;
using namespace tierline::storage;
using namespace tierline::test;
using namespace Qt::StringLiterals;

class TestSearch : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void finds_data();
    void finds();
    void newestFirstAcrossTheEpoch();
    void pages();
    void snippets();
    void denied();
    void unfinishedImport();
    void followsChanges();
    void indexesOncePerTransaction();
    void untouchedTextStaysIndexed();
    void importsWithoutText();
    void manyChangesAtOnce();
    void checkFindsDrift();
    void stopsWhenInterrupted();
    void stopsByFlag();
    void givesWhatItHasWhenItIsEnough();
    void wordsThatBeginAlike();

private:
    QStringList keys(const SearchQuery &query, const Visibility &visibility = {}, int limit = 50);
    Result<TicketState> add(const QString &key, const QString &subject, const QString &text,
        const std::function<void(Ticket &)> &change = {});
    std::unique_ptr<StoreFixture> m_desk;
};

void TestSearch::init()
{
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

QStringList TestSearch::keys(const SearchQuery &query, const Visibility &visibility, int limit)
{
    const auto page = search(m_desk->connection(), query, visibility, limit);
    if (!page)
        return { page.error().detail };
    QStringList found;
    for (const SearchHit &hit : page->hits)
        found.append(hit.row.key);
    return found;
}

Result<TicketState> TestSearch::add(const QString &key, const QString &subject, const QString &text,
    const std::function<void(Ticket &)> &change)
{
    TicketState state = plainTicket(key, m_desk->clock.now());
    state.ticket.subject = subject;
    if (change)
        change(state.ticket);
    TIERLINE_CHECK(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(insertTicket(scope, state));
        Message message { .ticket = state.ticket.id, .at = scope.now(), .text = text };
        return appendMessage(scope, message);
    }));
    return state;
}

void TestSearch::finds_data()
{
    QTest::addColumn<SearchQuery>("query");
    QTest::addColumn<QStringList>("expected");
    const auto row = [](const char *name, const SearchQuery &query, const QStringList &expected) {
        QTest::newRow(name) << query << expected;
    };
    row("a word of the thread", { .match = u"\"refund\""_s }, { u"C"_s, u"A"_s });
    row("accents and case do not matter", { .match = u"\"UBERMUT\""_s }, { u"B"_s });
    row("a prefix", { .match = u"\"re\"*"_s }, { u"C"_s, u"B"_s, u"A"_s });
    row("the key", { .match = u"\"B\""_s }, { u"B"_s });
    row("the requester", { .match = u"\"ana@acme.example\""_s }, { u"A"_s });
    row("the organization", { .match = u"\"Acme\""_s }, { u"A"_s });
    row("nothing", { .match = u"\"zebra\""_s }, {});
    row("text and tier", { .match = u"\"refund\""_s, .tier = u"l2"_s }, { u"C"_s });
    row("tier alone", { .tier = u"L2"_s }, { u"C"_s });
    row("team", { .team = u"billing"_s }, { u"C"_s });
    row("agent", { .agent = u"priya"_s }, { u"C"_s });
    row("customer by organization", { .customer = u"acm"_s }, { u"A"_s });
    row("customer by name", { .customer = u"ana"_s }, { u"A"_s });
    row("a customer's wildcard means itself", { .customer = u"%"_s }, {});
    row("tag", { .tags = { u"VIP"_s } }, { u"B"_s });
    row("two tags", { .tags = { u"vip"_s, u"late"_s } }, { u"B"_s });
    row("status", { .status = Status::Solved }, { u"B"_s });
    row("deleted only when asked", { .status = Status::Deleted }, { u"D"_s });
    row("priority", { .priority = Priority::Urgent }, { u"C"_s });
    row("open", { .is = { u"open"_s } }, { u"C"_s, u"A"_s });
    row("solved", { .is = { u"solved"_s } }, { u"B"_s });
    row("flagged", { .is = { u"flagged"_s } }, { u"A"_s });
    row("unassigned and open", { .is = { u"unassigned"_s, u"open"_s } }, { u"A"_s });
    row("awaiting", { .is = { u"awaiting"_s } }, { u"B"_s });
    row("escalated", { .is = { u"escalated"_s } }, {});
    row("not a tier", { .not_ = { u"tier:L2"_s } }, { u"B"_s, u"A"_s });
    row("not open", { .not_ = { u"is:open"_s } }, { u"B"_s });
    row("not a tag", { .not_ = { u"tag:vip"_s } }, { u"C"_s, u"A"_s });
    row("not a customer keeps those without one", { .not_ = { u"customer:acme"_s } },
        { u"C"_s, u"B"_s });
    row("any of two tiers", { .filters = { { u"tier"_s, { u"L2"_s, u"L1"_s }, false } } },
        { u"C"_s, u"B"_s, u"A"_s });
    row("any of two, and another",
        { .filters = { { u"status"_s, { u"open"_s, u"solved"_s }, false },
              { u"tag"_s, { u"vip"_s }, false } } },
        { u"B"_s });
    row("none of two", { .filters = { { u"agent"_s, { u"priya"_s, u"sam"_s }, true } } },
        { u"B"_s, u"A"_s });
    row("any of two customers",
        { .filters = { { u"customer"_s, { u"nobody"_s, u"acme"_s }, false } } }, { u"A"_s });
    row("words that must not be there", { .exclude = u"\"refund\""_s }, { u"B"_s });
    row("a tag with signs", { .tags = { u"a \"b\" \\ é"_s } }, { u"A"_s });
    row("part of a tag", { .tags = { u"vi"_s } }, {});
    row("no such meaning", { .is = { u"purple"_s } }, {});
    row("everything", {}, { u"C"_s, u"B"_s, u"A"_s });
    row("after", { .after = Instant { 1'780'920'000'000 + 60'000 } }, { u"C"_s, u"B"_s });
    row("before", { .before = Instant { 1'780'920'000'000 + 60'000 } }, { u"A"_s });
}

void TestSearch::finds()
{
    QFETCH(SearchQuery, query);
    QFETCH(QStringList, expected);
    Organization acme { .name = u"Acme"_s };
    Requester ana { .name = u"Ana"_s, .email = u"ana@acme.example"_s };
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveOrganization(scope, acme));
        return saveRequester(scope, ana);
    }));
    DONE(add(u"A"_s, u"Invoice"_s, u"I want a refund now"_s, [&](Ticket &ticket) {
        ticket.organization = acme.id;
        ticket.requester = ana.id;
        ticket.flagNote = u"help"_s;
        ticket.tags = { u"a \"b\" \\ é"_s };
    }));
    m_desk->clock.advance(Millis(60'000));
    DONE(add(u"B"_s, u"Übermut"_s, u"remains"_s, [](Ticket &ticket) {
        ticket.tags = { u"late"_s, u"vip"_s };
        ticket.status = Status::Solved;
        ticket.isAwaitingYes = true;
    }));
    DONE(add(u"C"_s, u"Refund"_s, u"again"_s, [](Ticket &ticket) {
        ticket.tier = u"L2"_s;
        ticket.team = u"Billing"_s;
        ticket.assignee = u"priya"_s;
        ticket.priority = Priority::Urgent;
    }));
    DONE(add(
        u"D"_s, u"Refund"_s, u"gone"_s, [](Ticket &ticket) { ticket.status = Status::Deleted; }));
    QCOMPARE(keys(query), expected);
}

void TestSearch::newestFirstAcrossTheEpoch()
{
    const qint64 day = 86'400'000;
    QStringList expected;
    for (const qint64 at :
        { -30'000 * day, -3 * day, -day, qint64(0), day, 20'000 * day, 30'000 * day }) {
        const QString key = u"K%1"_s.arg(expected.size());
        expected.prepend(key);
        DONE(
            add(key, u"common word"_s, u"text"_s, [&](Ticket &ticket) { ticket.created.ms = at; }));
    }
    QCOMPARE(keys({ .match = u"\"common\""_s }), expected);
    QCOMPARE(keys({ .match = u"\"co\"*"_s }), expected);
    QCOMPARE(keys({}), expected);
    DONE(checkSearch(m_desk->connection()));
}

void TestSearch::pages()
{
    for (int i = 0; i < 25; ++i)
        DONE(add(u"K%1"_s.arg(i), u"printer"_s, u"on fire"_s));
    QStringList all;
    TicketId before;
    int rounds = 0;
    while (true) {
        VALUE(page, search(m_desk->connection(), { .match = u"\"fire\""_s }, {}, 10, before));
        for (const SearchHit &hit : page.hits)
            all.append(hit.row.key);
        ++rounds;
        if (page.isComplete)
            break;
        QCOMPARE(page.hits.size(), size_t(10));
        before = page.hits.back().row.id;
    }
    QCOMPARE(rounds, 3);
    QCOMPARE(all.size(), 25);
    QCOMPARE(all.first(), u"K24"_s);
    QCOMPARE(QSet<QString>(all.begin(), all.end()).size(), 25);
}

void TestSearch::snippets()
{
    DONE(add(u"A"_s, u"Plain"_s, u"one two three <b>needle</b> four"_s));
    VALUE(page, search(m_desk->connection(), { .match = u"\"needle\""_s }, {}, 10));
    QCOMPARE(page.hits.size(), size_t(1));
    QVERIFY(page.hits[0].snippet.contains(u"\u0002needle\u0003"_s));
    QVERIFY(page.hits[0].snippet.contains(u"<b>"_s));
    // A thread too long to be taken apart is found all the same.
    DONE(add(u"B"_s, u"Long"_s, u"haystack "_s.repeated(40'000) + u"pin"_s));
    VALUE(longPage, search(m_desk->connection(), { .match = u"\"pin\""_s }, {}, 10));
    QCOMPARE(longPage.hits.size(), size_t(1));
    QVERIFY(longPage.hits[0].snippet.isEmpty());
}

void TestSearch::denied()
{
    DONE(add(u"A"_s, u"secret"_s, u"x"_s, [](Ticket &ticket) { ticket.team = u"Legal"_s; }));
    DONE(add(u"B"_s, u"secret"_s, u"x"_s));
    const Visibility outsider { .deniedTeams = { u"Legal"_s } };
    QCOMPARE(keys({ .match = u"\"secret\""_s }, outsider), QStringList { u"B"_s });
    QCOMPARE(keys({}, outsider), QStringList { u"B"_s });
    QCOMPARE(keys({ .team = u"Legal"_s }, outsider), QStringList());
    QCOMPARE(keys({ .match = u"\"secret\""_s }), QStringList({ u"B"_s, u"A"_s }));
}

void TestSearch::unfinishedImport()
{
    ImportId import;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(begun, beginImport(scope, u"f"_s));
        import = begun;
        TicketState state = plainTicket(u"A"_s, scope.now());
        return insertTicket(scope, state, import);
    }));
    QCOMPARE(keys({ .match = u"\"subject\""_s }), QStringList());
    QCOMPARE(keys({}), QStringList());
    DONE(m_desk->write([&](WriteScope &scope) { return finishImport(scope, import); }));
    QCOMPARE(keys({ .match = u"\"subject\""_s }), QStringList { u"A"_s });
}

void TestSearch::followsChanges()
{
    VALUE(state, add(u"A"_s, u"first"_s, u"hello"_s));
    TicketState after = state;
    after.ticket.subject = u"second"_s;
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveTicket(scope, state, after));
        Message message { .ticket = state.ticket.id, .text = u"later words"_s };
        return appendMessage(scope, message);
    }));
    QCOMPARE(keys({ .match = u"\"first\""_s }), QStringList());
    QCOMPARE(keys({ .match = u"\"second\""_s }), QStringList { u"A"_s });
    QCOMPARE(keys({ .match = u"\"later words\""_s }), QStringList { u"A"_s });
    QCOMPARE(keys({ .match = u"\"hello\""_s }), QStringList { u"A"_s });
    FAULT(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(saveTicket(scope, after, state));
        return notAllowed(u"no"_s);
    }),
        Fault::NotAllowed);
    QCOMPARE(keys({ .match = u"\"second\""_s }), QStringList { u"A"_s });
    DONE(checkSearch(m_desk->connection()));
}

void TestSearch::indexesOncePerTransaction()
{
    // Twenty messages in one transaction write the index no more often than one message does.
    const auto indexWrites = [this](int messages) -> qint64 {
        TicketState state = plainTicket(u"K%1"_s.arg(messages), m_desk->clock.now());
        qint64 pending = 0;
        const auto outcome = m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(insertTicket(scope, state));
            for (int i = 0; i < messages; ++i) {
                Message message { .ticket = state.ticket.id, .text = u"word%1"_s.arg(i) };
                TIERLINE_CHECK(appendMessage(scope, message));
            }
            TIERLINE_TRY(count, scope.connection().prepare("SELECT count(*) FROM search_docsize"));
            TIERLINE_CHECK(count.step());
            pending = count.integer(0);
            return Done {};
        });
        return outcome ? pending : -1;
    };
    QCOMPARE(indexWrites(20), 0);
    QCOMPARE(indexWrites(1), 1);
    QCOMPARE(keys({ .match = u"\"word19\""_s }), QStringList { u"K20"_s });
}

void TestSearch::untouchedTextStaysIndexed()
{
    VALUE(state, add(u"A"_s, u"subject"_s, u"hello"_s));
    TicketState after = state;
    after.ticket.priority = Priority::Urgent;
    after.ticket.tags = { u"vip"_s };
    DONE(m_desk->write([&](WriteScope &scope) { return saveTicket(scope, state, after); }));
    QCOMPARE(
        keys({ .match = u"\"hello\""_s, .priority = Priority::Urgent }), QStringList { u"A"_s });
    DONE(checkSearch(m_desk->connection()));
}

void TestSearch::importsWithoutText()
{
    VALUE(old, add(u"old"_s, u"subject"_s, u"hello"_s));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 10; ++i) {
            TicketState state = plainTicket(u"K%1"_s.arg(i), scope.now());
            TIERLINE_CHECK(insertTicket(scope, state, {}, false));
            Message message { .ticket = state.ticket.id, .text = u"bulk"_s };
            TIERLINE_CHECK(appendMessage(scope, message, false));
        }
        // A ticket that is in the index stays in step with it even so.
        Message message { .ticket = old.ticket.id, .text = u"bulk"_s };
        return appendMessage(scope, message, false);
    }));
    QCOMPARE(keys({ .match = u"\"bulk\""_s }), QStringList { u"old"_s });
    FAULT(checkSearch(m_desk->connection()), Fault::Storage);
    // One of them changes before the index is built.
    VALUE(id, findAnyTicket(m_desk->connection(), u"K3"_s));
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        Message message { .ticket = id, .text = u"extra"_s };
        return appendMessage(scope, message);
    }));
    TicketId last;
    int rounds = 0;
    do {
        DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(taken, indexBatch(scope, last, 4));
            last = taken;
            return Done {};
        }));
        ++rounds;
    } while (last);
    QCOMPARE(rounds, 4);
    QCOMPARE(keys({ .match = u"\"bulk\""_s }).size(), 11);
    DONE(checkSearch(m_desk->connection()));
    DONE(m_desk->write([](WriteScope &scope) { return rebuildSearch(scope); }));
    QCOMPARE(keys({ .match = u"\"bulk\""_s }).size(), 11);
    DONE(checkSearch(m_desk->connection()));
}

void TestSearch::manyChangesAtOnce()
{
    // More old text than is kept in memory: the index forgets part of it early.
    std::vector<TicketState> states;
    for (int i = 0; i < 12; ++i) {
        VALUE(state,
            add(u"K%1"_s.arg(i), u"s"_s, u"before%1 "_s.arg(i) + u"filler "_s.repeated(150'000)));
        states.push_back(state);
    }
    DONE(m_desk->write([&](WriteScope &scope) -> Result<Done> {
        for (int round = 0; round < 2; ++round) {
            for (auto state = states.rbegin(); state != states.rend(); ++state) {
                TicketState after = *state;
                after.ticket.subject = u"round%1"_s.arg(round);
                TIERLINE_CHECK(saveTicket(scope, *state, after));
                *state = after;
            }
        }
        return Done {};
    }));
    QCOMPARE(keys({ .match = u"\"round1\""_s }).size(), 12);
    QCOMPARE(keys({ .match = u"\"round0\""_s }).size(), 0);
    QCOMPARE(keys({ .match = u"\"before7\""_s }), QStringList { u"K7"_s });
    DONE(checkSearch(m_desk->connection()));
}

void TestSearch::checkFindsDrift()
{
    DONE(add(u"A"_s, u"subject"_s, u"hello"_s));
    DONE(checkSearch(m_desk->connection()));
    VALUE(reader, Connection::open(m_desk->workspace.databasePath(), Connection::Mode::ReadOnly));
    DONE(checkSearch(*reader));
    FAULT(reader->execute("DELETE FROM ticket"), Fault::Storage);
    DONE(m_desk->connection().execute("UPDATE message SET text = 'behind its back'"));
    FAULT(checkSearch(m_desk->connection()), Fault::Storage);
    FAULT(checkSearch(*reader), Fault::Storage);
    VALUE(isRepaired, repairSearch(*m_desk->store));
    QVERIFY(isRepaired);
    DONE(checkSearch(m_desk->connection()));
    QCOMPARE(keys({ .match = u"\"behind\""_s }), QStringList { u"A"_s });
    VALUE(again, repairSearch(*m_desk->store));
    QVERIFY(!again);
}

void TestSearch::stopsWhenInterrupted()
{
    for (int i = 0; i < 300; ++i)
        DONE(add(u"K%1"_s.arg(i), u"printer"_s, u"on fire"_s));
    m_desk->connection().setCancelCheck([] { return true; });
    FAULT(search(m_desk->connection(), { .match = u"\"fire\""_s, .tier = u"none"_s }, {}, 50),
        Fault::Cancelled);
    m_desk->connection().setCancelCheck({});
    QCOMPARE(keys({ .match = u"\"fire\""_s }, {}, 1000).size(), 300);
}

/// A search over thousands of tickets that finds nothing, asked to stop after some looks at the flag.
void TestSearch::stopsByFlag()
{
    for (int i = 0; i < 300; ++i)
        DONE(add(u"K%1"_s.arg(i), u"printer"_s, u"on fire"_s));
    const StopFlag flag;
    const StopFlag &sameFlag = flag;
    int looks = 0;
    {
        const Connection::StopScope scope(m_desk->connection(), [&looks, sameFlag] {
            if (++looks == 10)
                sameFlag.stop();
            return sameFlag.isStopped();
        });
        FAULT(search(m_desk->connection(), { .match = u"\"fire\""_s, .tier = u"none"_s }, {}, 50),
            Fault::Cancelled);
        QCOMPARE(looks, 10);
        QVERIFY(flag.isStopped());
        FAULT(search(m_desk->connection(), { .match = u"\"fire\""_s, .tier = u"none"_s }, {}, 50),
            Fault::Cancelled);
    }
    // The same connection searches on, and another flag is not this one.
    QCOMPARE(keys({ .match = u"\"fire\""_s }, {}, 1000).size(), 300);
    QVERIFY(!StopFlag().isStopped());
}

void TestSearch::givesWhatItHasWhenItIsEnough()
{
    for (int i = 0; i < 300; ++i)
        DONE(add(u"K%1"_s.arg(i), u"printer"_s, u"on fire"_s));
    int looks = 0;
    const auto isEnough = [&looks] { return ++looks > 60; };
    VALUE(page, search(m_desk->connection(), { .match = u"\"fire\""_s }, {}, 1000, {}, isEnough));
    QVERIFY(page.isCutShort);
    QVERIFY(!page.isComplete);
    QVERIFY(!page.hits.empty());
    QVERIFY(page.hits.size() < 300);
    QCOMPARE(page.hits.front().row.key, u"K299"_s);
    const QString last = page.hits.back().row.key;
    QCOMPARE(last, u"K%1"_s.arg(300 - page.hits.size()));
    VALUE(all, search(m_desk->connection(), { .match = u"\"fire\""_s }, {}, 1000, {}, [] {
        return false;
    }));
    QVERIFY(all.isComplete && !all.isCutShort);
    QCOMPARE(all.hits.size(), size_t(300));
}

void TestSearch::wordsThatBeginAlike()
{
    for (int i = 0; i < 12; ++i)
        DONE(add(
            u"K%1"_s.arg(i), u"x"_s, u"Refund refunded%1 reFUNDs réfunding other"_s.arg(i % 5)));
    VALUE(reader, Connection::open(m_desk->workspace.databasePath(), Connection::Mode::ReadOnly));
    for (Connection *connection : { &m_desk->connection(), reader.get() }) {
        VALUE(words, wordsThatBegin(*connection, u"refund"_s, 20));
        QVERIFY(words.has_value());
        QCOMPARE(*words,
            QStringList({ u"refund"_s, u"refunded0"_s, u"refunded1"_s, u"refunded2"_s,
                u"refunded3"_s, u"refunded4"_s, u"refunding"_s, u"refunds"_s }));
        VALUE(exactly, wordsThatBegin(*connection, u"refund"_s, 8));
        QVERIFY(exactly.has_value());
        VALUE(tooMany, wordsThatBegin(*connection, u"refund"_s, 7));
        QVERIFY(!tooMany.has_value());
        VALUE(none, wordsThatBegin(*connection, u"zebra"_s, 20));
        QVERIFY(none && none->isEmpty());
    }
    FAULT(reader->execute("DELETE FROM ticket"), Fault::Storage);
}

QTEST_GUILESS_MAIN(TestSearch)
#include "tst_search.moc"
