#include "core/escalation/eventdata.h"
#include "core/sync/card.h"

#include <QJsonDocument>
#include <QTest>

using namespace tierline;
using namespace tierline::sync;
using namespace Qt::StringLiterals;
using connectors::RemoteEntry;

namespace {

const QString operation = u"3f2c9a10-0b1d-4e52-8a77-5c1e0d9b6a21"_s;

Card someCard()
{
    return { .operation = operation,
        .kind = u"escalate"_s,
        .actor = u"mia"_s,
        .actorName = u"Mia Own"_s,
        .package = { { u"need"_s, u"Login"_s } },
        .sets = { { u"place"_s, u"L2 Technical"_s } } };
}

QJsonArray someEvents(const QString &kind = u"escalated"_s)
{
    return { QJsonObject { { u"kind"_s, kind }, { u"at"_s, Instant { 1'780'920'000'000 }.iso() },
        { u"tier"_s, u"L2"_s }, { u"priority"_s, u"high"_s },
        { u"data"_s, QJsonObject { { eventdata::limit, qint64(1'780'920'300'000) } } } } };
}

RemoteEntry noteWith(const QByteArray &document, bool isAttached = true)
{
    RemoteEntry entry { .id = u"9"_s, .author = { .id = u"7"_s, .isAgent = true } };
    RemoteEntry::Text text { .kind = MessageKind::InternalNote,
        .text = noteText(u"Words"_s, operation, isAttached ? QByteArray() : document) };
    if (isAttached)
        text.files.push_back({ .name = u"tierline-%1.json"_s.arg(operation), .bytes = document });
    entry.message = text;
    return entry;
}

QByteArray with(const QString &name, const QJsonValue &value)
{
    QJsonObject json
        = QJsonDocument::fromJson(writeCard(someCard(), someEvents(), Millis(0))).object();
    json[name] = value;
    return QJsonDocument(json).toJson(QJsonDocument::Compact);
}

} // namespace

class TestCard : public QObject
{
    Q_OBJECT
private slots:
    void comesBackAsItLeft_data();
    void comesBackAsItLeft();
    void instantsLeaveByTheRemotesClock();
    void hostileOnesAreRefused_data();
    void hostileOnesAreRefused();
    void countsOnlyInNotesOfAgents();
    void belongsToItsNote();
    void bringsOnlyKindsThatTravel();
    void markersStandAtTheEnd();
};

void TestCard::comesBackAsItLeft_data()
{
    QTest::addColumn<bool>("isAttached");
    QTest::newRow("attached") << true;
    QTest::newRow("as a block") << false;
}

void TestCard::comesBackAsItLeft()
{
    QFETCH(bool, isAttached);
    const RemoteEntry entry = noteWith(writeCard(someCard(), someEvents(), Millis(0)), isAttached);
    const auto found = cardOf(entry);
    QVERIFY(found && *found);
    Card card = **found;
    QCOMPARE(card.events.size(), size_t(1));
    const Event event = card.events.front();
    QCOMPARE(event.kind, EventKind::Escalated);
    QCOMPARE(event.at, (Instant { 1'780'920'000'000 }));
    QCOMPARE(event.tier, std::optional(u"L2"_s));
    QVERIFY(!event.team);
    QCOMPARE(event.priority, std::optional(Priority::High));
    card.events.clear();
    QVERIFY(card == someCard());
    QCOMPARE(withoutCard(entry.message->text), u"Words"_s);
}

void TestCard::instantsLeaveByTheRemotesClock()
{
    const QByteArray bytes = writeCard(someCard(), someEvents(), Millis(3'600'000));
    const auto there = readCard(bytes);
    QVERIFY(there.has_value());
    QCOMPARE(there->events.front().at.ms, 1'780'923'600'000);
    QCOMPARE(there->events.front().data.value(eventdata::limit).toInteger(), 1'780'923'900'000);
    const auto back = readCard(bytes, Millis(3'600'000));
    QVERIFY(back.has_value());
    QCOMPARE(back->events.front().at.ms, 1'780'920'000'000);
    QCOMPARE(back->events.front().data.value(eventdata::limit).toInteger(), 1'780'920'300'000);
}

void TestCard::hostileOnesAreRefused_data()
{
    QTest::addColumn<QByteArray>("document");
    QJsonArray many;
    for (int i = 0; i < 51; ++i)
        many.append(someEvents().first());
    QByteArray deep = QByteArray(2000, '[') + QByteArray(2000, ']');
    QTest::newRow("newer form") << with(u"tierline"_s, 2);
    QTest::newRow("no form") << with(u"tierline"_s, u"1"_s);
    QTest::newRow("no operation") << with(u"operation"_s, u"x"_s);
    QTest::newRow("no events") << with(u"events"_s, QJsonArray());
    QTest::newRow("too many events") << with(u"events"_s, many);
    QTest::newRow("an event of no kind") << with(u"events"_s, someEvents(u"exploded"_s));
    QTest::newRow("too deep") << QByteArray("{\"tierline\":1,\"package\":" + deep + "}");
    QTest::newRow("too large") << with(u"actor_name"_s, QString(1 << 20, u'a'));
    QTest::newRow("no JSON") << QByteArray("{\"tierline\":1,");
    QTest::newRow("an array") << QByteArray("[1]");
}

void TestCard::hostileOnesAreRefused()
{
    QFETCH(QByteArray, document);
    const auto card = readCard(document);
    QVERIFY(!card.has_value());
    QCOMPARE(card.error().fault, Fault::BadInput);
    QVERIFY(!card.error().detail.isEmpty());
    QVERIFY(!cardOf(noteWith(document)).has_value());
}

void TestCard::countsOnlyInNotesOfAgents()
{
    const QByteArray document = writeCard(someCard(), someEvents(), Millis(0));
    for (const bool isAttached : { true, false }) {
        RemoteEntry entry = noteWith(document, isAttached);
        entry.author.isAgent = false;
        QVERIFY(cardOf(entry) && !*cardOf(entry));
        entry = noteWith(document, isAttached);
        entry.message->kind = MessageKind::PublicReply;
        QVERIFY(cardOf(entry) && !*cardOf(entry));
    }
    RemoteEntry unmarked = noteWith(document);
    unmarked.message->text = u"Words"_s;
    QVERIFY(cardOf(unmarked) && !*cardOf(unmarked));
}

void TestCard::belongsToItsNote()
{
    const QString other = u"00000000-0b1d-4e52-8a77-5c1e0d9b6a21"_s;
    RemoteEntry entry = noteWith(with(u"operation"_s, other));
    QVERIFY(!cardOf(entry).has_value());
    // A file of another name is a file.
    entry = noteWith(writeCard(someCard(), someEvents(), Millis(0)));
    entry.message->files.front().name = u"tierline-%1.json"_s.arg(other);
    QVERIFY(cardOf(entry) && !*cardOf(entry));
}

void TestCard::bringsOnlyKindsThatTravel()
{
    for (const QString &kind : { u"created"_s, u"message"_s, u"csat"_s, u"moved"_s }) {
        const auto card = readCard(with(u"events"_s, someEvents(kind)));
        QVERIFY2(card.has_value(), qPrintable(kind));
        QVERIFY2(card->events.empty(), qPrintable(kind));
    }
}

void TestCard::markersStandAtTheEnd()
{
    QCOMPARE(markedOperation(u"Words\n\n"_s + marker(operation)), operation);
    QCOMPARE(markedOperation(u"Words\n\n"_s + marker(operation) + u" \r\n"_s), operation);
    QCOMPARE(markedOperation(u"> "_s + marker(operation) + u"\nWords"_s), QString());
    QCOMPARE(markedOperation(u"[tl:3F2C9A10]"_s), QString());
    QCOMPARE(markedOperation(QString(100'000, u'[')), QString());
}

QTEST_GUILESS_MAIN(TestCard)
#include "tst_card.moc"
