#include "core/model/columncache.h"
#include "core/model/columnsort.h"
#include "tests/storage/storetest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using model::Arrangement;
using model::ColumnCache;
using model::QueueOrder;
using storage::QueueRow;

namespace {

const auto never = [] { return false; };

QString folded(const QString &text)
{
    return QString::fromUtf8(model::foldedText(text.toUtf8()));
}

/// The plain way: every row of the queue, looked at one by one.
bool passes(const QueueRow &row, const model::QueueFilter &filter)
{
    const QStringList words = folded(filter.text.simplified()).split(u' ', Qt::SkipEmptyParts);
    for (const QString &word : words) {
        if (!folded(row.subject).contains(word))
            return false;
    }
    return (filter.tier.isEmpty() || row.tier == filter.tier)
        && (filter.team.isEmpty() || row.team == filter.team)
        && (filter.assignee.isEmpty() || row.assignee == filter.assignee)
        && (filter.customer.isEmpty() || row.customer == filter.customer)
        && (filter.plan.isEmpty() || row.plan == filter.plan)
        && (!filter.priority || row.priority == *filter.priority)
        && (!filter.status || row.status == *filter.status);
}

/// -1, 0, 1 as `a` stands before, with or behind `b` in an ascending order.
int compared(const QueueRow &a, const QueueRow &b, QueueOrder order)
{
    const auto sign = [](auto x, auto y) { return x < y ? -1 : y < x; };
    const auto text = [](const QString &x, const QString &y) {
        if (x.isEmpty() != y.isEmpty())
            return x.isEmpty() ? 1 : -1;
        const QByteArray left = folded(x).toUtf8(), right = folded(y).toUtf8();
        return left < right ? -1 : right < left;
    };
    switch (order) {
    case QueueOrder::Priority: return sign(b.priority, a.priority);
    case QueueOrder::Created: return sign(a.created.ms, b.created.ms);
    case QueueOrder::Updated: return sign(a.updated.ms, b.updated.ms);
    case QueueOrder::Tier: return text(a.tier, b.tier);
    case QueueOrder::Team: return text(a.team, b.team);
    case QueueOrder::Status: return sign(a.status, b.status);
    case QueueOrder::Assignee: return text(a.assignee, b.assignee);
    case QueueOrder::Customer: return text(a.customer, b.customer);
    case QueueOrder::Plan: return text(a.plan, b.plan);
    case QueueOrder::Health: return sign(a.health.value_or(999), b.health.value_or(999));
    case QueueOrder::Subject: return sign(folded(a.subject).toUtf8(), folded(b.subject).toUtf8());
    default: return 0;
    }
}

} // namespace

class TestColumnCache : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup() { m_desk.reset(); }
    void foldsCaseAndAccents();
    void sortsKeysStably();
    void agreesWithANaiveSortAndFilter_data();
    void agreesWithANaiveSortAndFilter();
    void wordsMustAllOccur();
    void hidesWhatMayNotBeSeen();
    void stopsWhenCancelled();
    void staysSmall();

private:
    Result<Done> put(storage::WriteScope &scope, SeededRandom &random, int number);
    void change(SeededRandom &random, std::vector<TicketId> &touched);
    void compare(ColumnCache &cache, SeededRandom &random);
    std::unique_ptr<StoreFixture> m_desk;
    std::vector<TicketId> m_ids;
};

void TestColumnCache::init()
{
    m_ids.clear();
    m_desk = std::make_unique<StoreFixture>();
    DONE(m_desk->create());
}

Result<Done> TestColumnCache::put(storage::WriteScope &scope, SeededRandom &random, int number)
{
    static const QStringList words { u"Login"_s, u"fails"_s, u"Überweisung"_s, u"invoice"_s,
        u"café"_s, u"LOGIN"_s, u""_s, u"again"_s };
    TicketState state = plainTicket(u"K-%1"_s.arg(number),
        scope.now() - Millis(random.below(5) * 1000), u"L%1"_s.arg(1 + random.below(3)));
    Ticket &t = state.ticket;
    // Some agree in more letters than an order reads at first.
    t.subject = random.below(3) == 0 ? u"The printer on the second floor says: "_s : QString();
    t.subject
        += words[random.below(8)] + u' ' + words[random.below(8)] + u' ' + words[random.below(8)];
    t.updated = t.created + Millis(random.below(3) * 1000);
    t.status = static_cast<Status>(random.below(7));
    t.priority = static_cast<Priority>(random.below(4));
    t.team = QStringList { u""_s, u"Billing"_s, u"Legal"_s }[random.below(3)];
    t.assignee = QStringList { u""_s, u"priya"_s, u"sam"_s }[random.below(3)];
    t.flagNote = random.below(4) == 0 ? u"help"_s : QString();
    t.isAwaitingYes = t.status == Status::Solved && random.below(2) == 0;
    if (random.below(2) == 0)
        t.due = scope.now() + Millis(random.below(3) * 60'000);
    TIERLINE_CHECK(insertTicket(scope, state));
    m_ids.push_back(t.id);
    return Done {};
}

void TestColumnCache::change(SeededRandom &random, std::vector<TicketId> &touched)
{
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        for (qint64 n = random.below(8); n > 0; --n) {
            TIERLINE_CHECK(put(scope, random, static_cast<int>(m_ids.size())));
            touched.push_back(m_ids.back());
        }
        for (qint64 n = random.below(20) + 1; n > 0; --n) {
            const TicketId id = m_ids[static_cast<size_t>(random.below(std::ssize(m_ids)))];
            TIERLINE_TRY(before, storage::loadTicket(scope.connection(), id));
            TicketState after = before;
            after.ticket.status = static_cast<Status>(random.below(7));
            after.ticket.priority = static_cast<Priority>(random.below(4));
            after.ticket.subject += u" x%1"_s.arg(random.below(9));
            after.ticket.assignee = random.below(2) ? u"new%1"_s.arg(random.below(3)) : QString();
            TIERLINE_CHECK(storage::saveTicket(scope, before, after));
            touched.push_back(id);
        }
        return Done {};
    }));
}

void TestColumnCache::compare(ColumnCache &cache, SeededRandom &random)
{
    VALUE(rows, storage::loadRows(m_desk->connection(), m_ids));
    const storage::QueueQuery query { .tier = random.below(2) ? u"L2"_s : QString(),
        .assignee = QStringList { u""_s, u"-"_s, u"sam"_s }[random.below(3)],
        .onlyFlagged = random.below(4) == 0,
        .onlyAwaitingYes = random.below(5) == 0 };
    Arrangement a { static_cast<QueueOrder>(random.below(12)), random.below(2) == 1, {} };
    a.filter.text = QStringList { u""_s, u"login"_s, u"UBERW"_s, u"cafe fails"_s }[random.below(4)];
    a.filter.team = random.below(4) ? QString() : u"Billing"_s;
    if (random.below(4) == 0)
        a.filter.priority = Priority::High;
    if (random.below(6) == 0)
        a.filter.status = Status::Open;

    std::vector<QueueRow> truth;
    for (const QueueRow &row : rows) {
        if (storage::matches(row, query, Visibility::all()) && passes(row, a.filter))
            truth.push_back(row);
    }
    // By due time, priority and creation; then by number.
    std::sort(truth.begin(), truth.end(), [](const QueueRow &x, const QueueRow &y) {
        const auto left = storage::spineEntry(x.id, x.due, x.priority, x.created);
        const auto right = storage::spineEntry(y.id, y.due, y.priority, y.created);
        return std::tie(left.due, left.rank, left.ticket)
            < std::tie(right.due, right.rank, right.ticket);
    });
    if (a.order == QueueOrder::Work && a.isDescending)
        std::reverse(truth.begin(), truth.end());
    std::stable_sort(truth.begin(), truth.end(), [&](const QueueRow &x, const QueueRow &y) {
        return compared(x, y, a.order) * (a.isDescending ? -1 : 1) < 0;
    });
    VALUE(ids, cache.arranged(query, a, never));
    QCOMPARE(ids.size(), truth.size());
    for (size_t i = 0; i < ids.size(); ++i) {
        QVERIFY2(ids[i] == truth[i].id,
            qPrintable(u"row %1 of order %2, descending %3"_s.arg(i)
                           .arg(int(a.order))
                           .arg(a.isDescending)));
    }
}

void TestColumnCache::foldsCaseAndAccents()
{
    QCOMPARE(folded(u"Größe ÉCLAIR Abc_1"_s), u"große eclair abc_1"_s);
    QCOMPARE(folded(u"한국"_s), folded(u"한국"_s));
    QCOMPARE(folded(u"ﬁ"_s), u"fi"_s);
    const QByteArray longText = model::foldedText(u"ü日"_s.repeated(3000).toUtf8());
    QVERIFY(longText.size() <= 1000 && longText.size() > 990);
    QVERIFY(!QString::fromUtf8(longText).contains(QChar::ReplacementCharacter));
}

void TestColumnCache::sortsKeysStably()
{
    for (quint64 seed = 1; seed <= 5; ++seed) {
        qInfo("seed %llu", static_cast<unsigned long long>(seed));
        SeededRandom random(seed);
        std::vector<model::KeyedRow> rows;
        const quint64 mask = seed == 5 ? ~quint64(0) : (quint64(1) << (seed * 13)) - 1;
        for (quint32 i = 0; i < 20'000; ++i)
            rows.push_back({ random.next64() & mask, i });
        auto truth = rows;
        std::stable_sort(truth.begin(), truth.end(), [](auto a, auto b) { return a.key < b.key; });
        model::sortByKey(rows);
        for (size_t i = 0; i < rows.size(); ++i)
            QVERIFY(rows[i].key == truth[i].key && rows[i].row == truth[i].row);
    }
}

void TestColumnCache::agreesWithANaiveSortAndFilter_data()
{
    QTest::addColumn<quint64>("seed");
    for (quint64 seed = 1; seed <= 4; ++seed)
        QTest::addRow("seed %llu", static_cast<unsigned long long>(seed)) << seed;
}

void TestColumnCache::agreesWithANaiveSortAndFilter()
{
    QFETCH(quint64, seed);
    SeededRandom random(seed);
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 300; ++i)
            TIERLINE_CHECK(put(scope, random, i));
        return Done {};
    }));
    VALUE(cache, ColumnCache::load(m_desk->connection(), Visibility::all()));
    for (int i = 0; i < 40; ++i) {
        compare(*cache, random);
        if (QTest::currentTestFailed())
            return;
    }
    for (int round = 0; round < 15; ++round) {
        std::vector<TicketId> touched;
        change(random, touched);
        DONE(cache->apply(m_desk->connection(), Visibility::all(), touched));
        for (int i = 0; i < 4; ++i) {
            compare(*cache, random);
            if (QTest::currentTestFailed())
                return;
        }
    }
    VALUE(fresh, ColumnCache::load(m_desk->connection(), Visibility::all()));
    QCOMPARE(cache->size(), fresh->size());
}

void TestColumnCache::wordsMustAllOccur()
{
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        for (const QString &subject :
            { u"Login fails since Tuesday"_s, u"LOGIN page is slow"_s, u"Rechnung für März"_s }) {
            TicketState state = plainTicket(u"T-%1"_s.arg(m_ids.size()), scope.now());
            state.ticket.subject = subject;
            TIERLINE_CHECK(insertTicket(scope, state));
            m_ids.push_back(state.ticket.id);
        }
        return Done {};
    }));
    VALUE(cache, ColumnCache::load(m_desk->connection(), Visibility::all()));
    const QList<std::pair<QString, size_t>> cases { { u"login"_s, 2 }, { u"slow login"_s, 1 },
        { u"marz"_s, 1 }, { u"  "_s, 3 }, { u"login xyz"_s, 0 }, { u"gin fai"_s, 1 } };
    for (const auto &[text, hits] : cases) {
        VALUE(ids, cache->arranged({}, { .filter = { .text = text } }, never));
        QVERIFY2(ids.size() == hits, qPrintable(text));
    }
}

void TestColumnCache::hidesWhatMayNotBeSeen()
{
    SeededRandom random(9);
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 60; ++i)
            TIERLINE_CHECK(put(scope, random, i));
        return Done {};
    }));
    const Visibility noLegal { { u"Legal"_s } };
    VALUE(cache, ColumnCache::load(m_desk->connection(), noLegal));
    VALUE(ids, cache->arranged({}, { .order = QueueOrder::Subject }, never));
    VALUE(rows, storage::loadRows(m_desk->connection(), ids));
    QVERIFY(!rows.empty());
    for (const QueueRow &row : rows)
        QVERIFY(row.team != u"Legal");
    // A ticket that is moved there goes.
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(before, storage::loadTicket(scope.connection(), ids.front()));
        TicketState after = before;
        after.ticket.team = u"Legal"_s;
        return storage::saveTicket(scope, before, after);
    }));
    const TicketId moved = ids.front();
    const qsizetype before = cache->size();
    DONE(cache->apply(m_desk->connection(), noLegal, { moved }));
    QCOMPARE(cache->size(), before - 1);
    VALUE(now, cache->arranged({}, { .order = QueueOrder::Subject }, never));
    QVERIFY(std::find(now.begin(), now.end(), moved) == now.end());
}

void TestColumnCache::stopsWhenCancelled()
{
    VALUE(cache, ColumnCache::load(m_desk->connection(), Visibility::all()));
    FAULT(cache->arranged({}, { .order = QueueOrder::Subject }, [] { return true; }),
        Fault::Cancelled);
}

void TestColumnCache::staysSmall()
{
    SeededRandom random(3);
    DONE(m_desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        for (int i = 0; i < 2000; ++i) {
            TicketState state = plainTicket(u"T-%1"_s.arg(i), scope.now());
            state.ticket.subject = QString(45, QLatin1Char('s'));
            TIERLINE_CHECK(insertTicket(scope, state));
        }
        return Done {};
    }));
    VALUE(cache, ColumnCache::load(m_desk->connection(), Visibility::all()));
    QCOMPARE(cache->size(), 2000);
    QVERIFY2(cache->bytes() / 2000 <= 132, qPrintable(QString::number(cache->bytes() / 2000)));
}

QTEST_GUILESS_MAIN(TestColumnCache)
#include "tst_columncache.moc"
