#include "tests/fakedesk/fakedesktest.h"

#include <QJsonArray>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::connectors;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;
using State = PushOutcome::State;

// The remote truth by itself: what others do to it, what it lets be done, and what it shows.
class TestFakeDesk : public QObject
{
    Q_OBJECT
private slots:
    void printsAsAValue();
    void comparesAsAValue();
    void stripsOnlyItsOwnMarkers();
    void countsEffects();
    void refusesByRights();
    void movesOutOfSight();
    void appliesPartlyOrNotAtAll();
    void answersStaleAfterAnybodysChange();
    void readsAllTicketsInPages();
    void showsLateWhatWasNumberedEarly();
    void neverMissesWhatShowsLate();
    void tellsWhatIsNoMore();
    void keepsTheCensusWhole();
    void findsByMarkerFieldOrWords();
    void findsTheNewestOfEqualReplies();
    void keepsItsOwnTime();
    void knowsNumbersBeyondDoubles();
    void mendsTextWhereItSays();
    void countsPackages();
    void peopleDoTheSameBySeed();
};

void TestFakeDesk::printsAsAValue()
{
    DeskFixture rig(DeskOptions {});
    rig.desk.addTicket(u"Printer"_s, u"It burns.\nBadly."_s);
    rig.desk.set(u"1"_s, u"8"_s, field::tags, QJsonArray { u"fire"_s, u"vip"_s });
    rig.desk.say(u"1"_s, u"8"_s, MessageKind::InternalNote, u"Really?"_s);
    rig.push(rig.reply(u"1"_s, u"op-1"_s, u"On our way."_s));
    rig.push(rig.note(u"1"_s, u"op-2"_s, u"Water!"_s));
    QCOMPARE(rig.desk.printed(),
        uR"(#1 place="L1 Frontline" priority="normal" status="new" subject="Printer" tags=["fire","vip"]
  public "It burns.\nBadly."
  note "Really?"
  public [op-1] "On our way."
  note [op-2] "Water!"
)"_s);
}

void TestFakeDesk::comparesAsAValue()
{
    DeskFixture here;
    DeskFixture there;
    QCOMPARE(here.desk.state(), there.desk.state());
    QCOMPARE(difference(here.desk.state(), there.desk.state()), QString());
    there.desk.set(u"2"_s, u"8"_s, field::status, u"open"_s);
    QVERIFY(here.desk.state() != there.desk.state());
    const QString lines = difference(here.desk.state(), there.desk.state());
    QVERIFY2(lines.startsWith(u"-#2 ") && lines.contains(u"\n+#2 "), qPrintable(lines));
    here.desk.set(u"2"_s, u"9"_s, field::status, u"open"_s);
    QCOMPARE(here.desk.state(), there.desk.state());
    there.desk.say(u"3"_s, u"100"_s, MessageKind::PublicReply, u"Hm"_s);
    QVERIFY(here.desk.state() != there.desk.state());
}

void TestFakeDesk::stripsOnlyItsOwnMarkers()
{
    DeskFixture rig(DeskOptions { .tickets = 1 });
    rig.push(rig.note(u"1"_s, u"op-1"_s, u"Mine."_s));
    rig.desk.say(u"1"_s, u"8"_s, MessageKind::InternalNote, u"Not mine. [tl:op-1]"_s);
    const TicketPicture picture = rig.desk.state().tickets.at(u"1"_s);
    QCOMPARE(picture.messages.at(1).text, u"Mine."_s);
    QCOMPARE(picture.messages.at(1).operation, u"op-1"_s);
    QCOMPARE(picture.messages.at(2).text, u"Not mine. [tl:op-1]"_s);
    QCOMPARE(picture.messages.at(2).operation, QString());
}

void TestFakeDesk::countsEffects()
{
    DeskFixture rig;
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 0);
    rig.push(rig.note(u"1"_s, u"a"_s));
    rig.push(rig.note(u"1"_s, u"a"_s));
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 2);
    QCOMPARE(rig.desk.appliedTwice(), QStringList { u"a"_s });
    // The same value again is no effect; with another between it is one.
    rig.push(rig.change(u"1"_s, u"b"_s, field::priority, u"high"_s));
    rig.push(rig.change(u"1"_s, u"b"_s, field::priority, u"high"_s));
    QCOMPARE(rig.desk.timesApplied(u"b"_s), 1);
    rig.desk.set(u"1"_s, u"8"_s, field::priority, u"low"_s);
    rig.push(rig.change(u"1"_s, u"b"_s, field::priority, u"high"_s));
    QCOMPARE(rig.desk.timesApplied(u"b"_s), 2);
}

void TestFakeDesk::refusesByRights()
{
    DeskFixture rig(DeskOptions { .tickets = 4 });
    rig.desk.setRights(u"7"_s, u"L1 Frontline"_s, { .writes = false });
    rig.desk.setRights(u"7"_s, u"L2 Technical"_s, { .edits = false });
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .movesIn = false });
    const auto state = [&](const PushStep &step) { return rig.push(step).value().state; };
    QCOMPARE(state(rig.note(u"1"_s, u"a"_s)), State::Refused);
    QCOMPARE(state(rig.change(u"1"_s, u"b"_s, field::status, u"open"_s)), State::Done);
    QCOMPARE(state(rig.reply(u"2"_s, u"c"_s)), State::Done);
    QCOMPARE(state(rig.change(u"2"_s, u"d"_s, field::status, u"open"_s)), State::Refused);
    const auto move = rig.push(rig.change(u"1"_s, u"e"_s, field::place, u"L3 Engineering"_s));
    QCOMPARE(move.value().state, State::Refused);
    QVERIFY(move.value().sentence.contains(u"L3 Engineering"));
    QCOMPARE(rig.desk.field(u"1"_s, field::place).toString(), u"L1 Frontline"_s);
    QCOMPARE(state(rig.change(u"1"_s, u"f"_s, field::place, u"Nowhere"_s)), State::Refused);
    QCOMPARE(state(rig.change(u"1"_s, u"g"_s, field::status, u"odd"_s)), State::Refused);
    QCOMPARE(state(rig.change(u"1"_s, u"h"_s, field::owner, u"100"_s)), State::Refused);
    QCOMPARE(state(rig.change(u"1"_s, u"i"_s, field::owner, u"8"_s)), State::Done);
    QCOMPARE(state(rig.note(u"999"_s, u"j"_s)), State::Refused);
    for (const QString &operation : { u"a"_s, u"d"_s, u"e"_s, u"f"_s, u"g"_s, u"h"_s, u"j"_s })
        QCOMPARE(rig.desk.timesApplied(operation), 0);
}

void TestFakeDesk::movesOutOfSight()
{
    DeskFixture rig;
    rig.desk.setRights(u"7"_s, u"L3 Engineering"_s, { .sees = false });
    const auto moved = rig.push(rig.change(u"1"_s, u"a"_s, field::place, u"L3 Engineering"_s));
    QCOMPARE(moved.value().state, State::Done);
    QVERIFY(moved.value().isOutOfSight);
    QVERIFY(!moved.value().readBack);
    QCOMPARE(rig.fetch(u"1"_s).value().presence, Presence::Hidden);
    QCOMPARE(rig.push(rig.note(u"1"_s, u"b"_s)).value().state, State::Refused);
    // The same move once more: where an earlier attempt may have done it, it is done.
    PushStep again = rig.change(u"1"_s, u"a"_s, field::place, u"L3 Engineering"_s);
    QCOMPARE(rig.push(again).value().state, State::Refused);
    again.mayBeDone = true;
    QVERIFY(rig.push(again).value().isOutOfSight);
    QCOMPARE(rig.desk.timesApplied(u"a"_s), 1);
    QCOMPARE(rig.find(rig.note(u"1"_s, u"b"_s)).fault(), faultCode(Fault::NotFound));
    QVERIFY(!rig.desk.state().tickets.contains(u"1"_s));
    QVERIFY(rig.desk.state(u"8"_s).tickets.contains(u"1"_s));
}

void TestFakeDesk::appliesPartlyOrNotAtAll()
{
    for (const bool isPartly : { false, true }) {
        DeskFixture rig(DeskOptions { .tickets = 1, .appliesPartly = isPartly });
        PushStep step = rig.change(u"1"_s, u"a"_s, field::priority, u"high"_s);
        step.fields.insert(field::place, u"Nowhere"_s);
        const auto heard = rig.push(step);
        QCOMPARE(heard.value().state, State::Refused);
        QCOMPARE(
            rig.desk.field(u"1"_s, field::priority).toString(), isPartly ? u"high"_s : u"normal"_s);
        QCOMPARE(heard.value().readBack->fields.value(field::priority).toString(),
            isPartly ? u"high"_s : u"normal"_s);
    }
}

void TestFakeDesk::answersStaleAfterAnybodysChange()
{
    DeskFixture rig;
    const QString version = rig.fetch(u"1"_s, false).value().version;
    QVERIFY(!version.isEmpty());
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Well?"_s);
    const auto stale = rig.push(rig.change(u"1"_s, u"a"_s, field::status, u"open"_s, version));
    QCOMPARE(stale.value().state, State::Stale);
    QCOMPARE(rig.desk.field(u"1"_s, field::status).toString(), u"new"_s);

    DeskFixture old(DeskOptions { .tickets = 1, .hasVersions = false });
    QCOMPARE(old.fetch(u"1"_s).value().version, QString());
    QCOMPARE(old.push(old.change(u"1"_s, u"a"_s, field::status, u"open"_s, u"5"_s)).value().state,
        State::Done);
}

void TestFakeDesk::readsAllTicketsInPages()
{
    DeskFixture rig(DeskOptions { .tickets = 23 });
    std::map<QString, qsizetype> entries;
    QString cursor;
    int pages = 0;
    for (bool isLast = false; !isLast; ++pages) {
        QVERIFY(pages < 30);
        const PullPage page = rig.pull(cursor).value();
        QCOMPARE_LE(page.tickets.size(), 5U);
        for (const RemoteTicket &ticket : page.tickets)
            entries[ticket.id] = qsizetype(ticket.entries.size());
        QVERIFY(page.isLast || page.cursor != cursor);
        cursor = page.cursor;
        isLast = page.isLast;
    }
    QCOMPARE(entries.size(), 23U);
    QCOMPARE(entries.at(u"23"_s), 1);
    // Past the overlap nothing is read twice.
    rig.loop.runFor(10min);
    cursor = rig.pull(rig.pull(cursor).value().cursor).value().cursor;
    for (int i = 0; i < 6; ++i)
        cursor = rig.pull(cursor).value().cursor;
    const PullPage quiet = rig.pull(cursor).value();
    QVERIFY(quiet.isLast);
    QVERIFY(quiet.tickets.empty());
    rig.desk.say(u"9"_s, u"100"_s, MessageKind::PublicReply, u"Hello"_s);
    const PullPage one = rig.pull(quiet.cursor).value();
    QCOMPARE(one.tickets.size(), 1U);
    QCOMPARE(one.tickets.front().id, u"9"_s);
}

void TestFakeDesk::showsLateWhatWasNumberedEarly()
{
    DeskFixture rig(DeskOptions { .tickets = 2, .lateCommitPercent = 100 });
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"first"_s);
    rig.desk.set(u"2"_s, u"8"_s, field::status, u"open"_s);
    QCOMPARE(rig.desk.state().tickets.at(u"1"_s).messages.size(), 1U);
    QCOMPARE(rig.desk.field(u"2"_s, field::status).toString(), u"new"_s);
    // Our own request waits for the row, and so makes it show.
    Heard<PushOutcome> heard;
    rig.connector.push(rig.note(u"1"_s, u"a"_s), rig.into(heard));
    QVERIFY(rig.loop.runUntil([&heard] { return heard.times == 1; }));
    const RemoteTicket ticket = rig.desk.ticketFor(u"7"_s, u"1"_s, true);
    QCOMPARE(ticket.entries.size(), 3U);
    QCOMPARE(ticket.entries.at(1).message->text, u"first"_s);
    QVERIFY(ticket.entries.at(1).at < ticket.entries.at(2).at);
    QCOMPARE(rig.desk.field(u"2"_s, field::status).toString(), u"new"_s);
    rig.loop.runFor(20s);
    QCOMPARE(rig.desk.field(u"2"_s, field::status).toString(), u"open"_s);
}

// Whoever keeps to the cursor has everything in the end, however late it showed.
void TestFakeDesk::neverMissesWhatShowsLate()
{
    for (quint64 seed = 1; seed <= 60; ++seed) {
        DeskFixture rig(DeskOptions { .seed = seed, .tickets = 4, .lateCommitPercent = 50 });
        SeededRandom random(seed);
        std::map<QString, RemoteTicket> held;
        QString cursor;
        const auto pull = [&] {
            Heard<PullPage> heard;
            rig.connector.pull(cursor, rig.into(heard));
            rig.loop.runUntil([&heard] { return heard.times == 1; });
            for (const RemoteTicket &ticket : heard.value().tickets)
                held[ticket.id] = ticket;
            cursor = heard.value().cursor;
            return heard.value().isLast;
        };
        for (int i = 0; i < 40; ++i) {
            rig.desk.someoneDoesSomething(random, { .moves = 0 });
            rig.loop.runFor(Millis(random.below(3000)));
            pull();
        }
        rig.desk.settle();
        while (!pull()) { } // this pass may have gone past what showed just now
        while (!pull()) { }
        QCOMPARE(qsizetype(held.size()), rig.desk.ticketIds().size());
        for (const auto &[id, ticket] : held) {
            const RemoteTicket truth = rig.desk.ticketFor(u"7"_s, id, true);
            QVERIFY2(ticket == truth, qPrintable(u"seed %1, ticket %2"_s.arg(seed).arg(id)));
        }
    }
}

void TestFakeDesk::tellsWhatIsNoMore()
{
    DeskFixture rig(DeskOptions { .tickets = 5 });
    QString cursor;
    while (true) {
        const PullPage page = rig.pull(cursor).value();
        cursor = page.cursor;
        if (page.isLast)
            break;
    }
    rig.desk.remove(u"1"_s);
    rig.desk.merge(u"2"_s, u"3"_s);
    rig.desk.hide(u"4"_s);
    rig.desk.erase(u"5"_s);
    QCOMPARE(rig.fetch(u"1"_s).value().presence, Presence::Deleted);
    QCOMPARE(rig.fetch(u"2"_s).value().presence, Presence::Merged);
    QCOMPARE(rig.fetch(u"2"_s).value().mergedInto, u"3"_s);
    QCOMPARE(rig.fetch(u"3"_s).value().entries.size(), 2U);
    QCOMPARE(rig.fetch(u"4"_s).value().presence, Presence::Hidden);
    QCOMPARE(rig.fetch(u"5"_s).value().presence, Presence::Gone);
    std::map<QString, Presence> listed;
    std::optional<PullPage::Census> census;
    for (bool isLast = false; !isLast;) {
        const PullPage page = rig.pull(cursor).value();
        for (const RemoteTicket &ticket : page.tickets)
            listed[ticket.id] = ticket.presence;
        census = page.census;
        cursor = page.cursor;
        isLast = page.isLast;
    }
    QCOMPARE(listed.at(u"1"_s), Presence::Deleted);
    QCOMPARE(listed.at(u"2"_s), Presence::Merged);
    QVERIFY(!listed.contains(u"4"_s) && !listed.contains(u"5"_s));
    QCOMPARE(census->listed, std::vector<qint64> { 3 });
    QCOMPARE(rig.desk.ticketIds(), (QStringList { u"3"_s, u"4"_s }));
    QCOMPARE(rig.desk.state().tickets.size(), 1U);
    for (const QString &id : { u"1"_s, u"2"_s, u"4"_s, u"5"_s })
        QCOMPARE(rig.push(rig.note(id, u"a"_s)).value().state, State::Refused);
}

void TestFakeDesk::keepsTheCensusWhole()
{
    DeskFixture rig(DeskOptions { .tickets = 120, .firstTicketId = 1000 },
        FakeConnectorOptions { .pageSize = 500 });
    rig.desk.erase(u"1005"_s);
    rig.desk.erase(u"1119"_s);
    std::set<qint64> covered;
    std::set<qint64> listed;
    QString cursor = rig.pull().value().cursor;
    for (int i = 0; i < 3; ++i) {
        const PullPage page = rig.pull(cursor).value();
        QVERIFY(page.isLast && page.census);
        QVERIFY(std::ranges::is_sorted(page.census->listed));
        for (qint64 id = page.census->from; id <= page.census->to; ++id)
            covered.insert(id);
        for (const qint64 id : page.census->listed) {
            QVERIFY(id >= page.census->from && id <= page.census->to);
            listed.insert(id);
        }
        cursor = page.cursor;
    }
    QCOMPARE(covered.size(), 120U);
    QCOMPARE(listed.size(), 118U);
    QVERIFY(!listed.contains(1005) && !listed.contains(1119));
}

void TestFakeDesk::findsByMarkerFieldOrWords()
{
    for (const bool keeps : { false, true }) {
        DeskFixture rig(DeskOptions { .tickets = 1, .keepsOperations = keeps });
        const PushStep note = rig.note(u"1"_s, u"op-1"_s);
        const PushStep reply = rig.reply(u"1"_s, u"op-2"_s, u"Good day."_s);
        // Others may write what they like: it is not ours.
        rig.desk.say(u"1"_s, u"8"_s, MessageKind::InternalNote, note.text);
        rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, note.text);
        rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, reply.text);
        QVERIFY(!rig.find(note).value().isThere);
        QVERIFY(!rig.find(reply).value().isThere);
        const QString noteEntry = rig.push(note).value().entry;
        const QString replyEntry = rig.push(reply).value().entry;
        QCOMPARE(rig.find(note).value().entry, noteEntry);
        QCOMPARE(rig.find(reply).value().entry, replyEntry);
        QVERIFY(!rig.find(rig.note(u"1"_s, u"op-3"_s)).value().isThere);
        const auto truth = rig.desk.ticketFor(u"7"_s, u"1"_s, true);
        QCOMPARE(truth.entries.back().operation, keeps ? u"op-2"_s : QString());
        QCOMPARE(rig.find(note).value().serverNow.ms / 1000, rig.desk.now().ms / 1000);
    }
}

void TestFakeDesk::findsTheNewestOfEqualReplies()
{
    DeskFixture rig(DeskOptions { .tickets = 1 });
    PushStep one = rig.reply(u"1"_s, u"op-1"_s, u"Thanks!"_s);
    const QString first = rig.push(one).value().entry;
    const QString second = rig.push(rig.reply(u"1"_s, u"op-2"_s, u"Thanks!"_s)).value().entry;
    QVERIFY(first != second);
    QCOMPARE(rig.find(one).value().entry, second);
    one.taken = { second };
    QCOMPARE(rig.find(one).value().entry, first);
    one.taken = { first, second };
    QVERIFY(!rig.find(one).value().isThere);
    // What was written long before this one was queued is another.
    rig.loop.runFor(26h);
    QVERIFY(!rig.find(rig.reply(u"1"_s, u"op-3"_s, u"Thanks!"_s)).value().isThere);
}

void TestFakeDesk::keepsItsOwnTime()
{
    DeskFixture rig(DeskOptions { .tickets = 1, .wholeSeconds = true, .clockOffset = 25h });
    rig.loop.runFor(1234ms);
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Hi"_s);
    const Instant at = rig.fetch(u"1"_s).value().entries.at(1).at;
    QCOMPARE(at.ms % 1000, 0);
    QVERIFY(at - rig.clock.now() > 24h);
    const Instant before = rig.desk.now();
    rig.clock.jumpTo({ 0 }); // the client's clock is set: nothing to the server
    QCOMPARE(rig.desk.now(), before);
    rig.desk.setClockOffset(-1h);
    QVERIFY(rig.desk.now() < before);
    Heard<Probe> probe;
    rig.connector.probe(rig.into(probe));
    rig.loop.run();
    QCOMPARE(probe.value().me.id, u"7"_s);
    QCOMPARE(probe.value().agents.size(), 3U);
    QVERIFY(probe.value().clockOffset.has_value());
    QCOMPARE(probe.value().places.size(), 4);
}

void TestFakeDesk::knowsNumbersBeyondDoubles()
{
    constexpr qint64 big = 9'007'199'254'740'993; // 2^53 + 1
    DeskFixture rig(DeskOptions { .tickets = 3, .firstTicketId = big, .firstEntryId = big + 4 });
    const PullPage page = rig.pull().value();
    QCOMPARE(page.tickets.at(0).id, u"9007199254740993"_s);
    QCOMPARE(page.tickets.at(2).id, u"9007199254740995"_s);
    QCOMPARE(page.tickets.at(0).entries.at(0).id, u"9007199254740997"_s);
    const PullPage last = rig.pull(page.cursor).value();
    QCOMPARE(last.census->listed, (std::vector<qint64> { big, big + 1, big + 2 }));
    const auto done = rig.push(rig.note(u"9007199254740995"_s, u"a"_s));
    QCOMPARE(done.value().entry, u"9007199254741000"_s);
}

void TestFakeDesk::mendsTextWhereItSays()
{
    const QString torn = u"a"_s + QChar(0xD800) + u"b"_s;
    for (const bool mends : { true, false }) {
        DeskFixture rig(DeskOptions { .mendsText = mends });
        rig.desk.addTicket(torn, torn);
        const RemoteTicket ticket = rig.fetch(u"1"_s).value();
        const QString expected = mends ? u"a\uFFFDb"_s : torn;
        QCOMPARE(ticket.entries.at(0).message->text, expected);
        QCOMPARE(ticket.fields.value(field::subject).toString(), expected);
        // Whatever comes out, the truth is compared as the store would keep it.
        QCOMPARE(rig.desk.state().tickets.at(u"1"_s).messages.at(0).text, u"a\uFFFDb"_s);
    }
}

void TestFakeDesk::countsPackages()
{
    DeskFixture rig;
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 0);
    PushStep step = rig.note(u"1"_s, u"a"_s, u"Up it goes."_s);
    step.files = { { .name = u"tierline-a.json"_s, .bytes = "{\"kind\":\"escalate\"}" },
        { .name = u"log.txt"_s, .bytes = "x" } };
    rig.push(step);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 1);
    rig.push(step);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 2);
    rig.desk.say(u"1"_s, u"100"_s, MessageKind::PublicReply, u"Here"_s, step.files);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 2);
    PushStep accept = step;
    accept.files.front().bytes = "{\"kind\":\"accept\"}";
    rig.push(accept);
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 2);
    // {"kind":"escalate"}
    rig.push(rig.note(u"2"_s, u"b"_s,
        u"Up.\n-----BEGIN TIERLINE-----\neyJraW5kIjoiZXNjYWxhdGUifQ==\n-----END TIERLINE-----"_s));
    QCOMPARE(rig.desk.escalationsOf(u"2"_s), 1);
    rig.desk.countAsEscalation([](const RemoteEntry &entry) {
        return entry.message && entry.message->text.startsWith(u"Up");
    });
    QCOMPARE(rig.desk.escalationsOf(u"1"_s), 3);

    const auto files = rig.fetch(u"1"_s).value().entries.at(1).message->files;
    QCOMPARE(files.at(0).bytes, step.files.at(0).bytes);
    QVERIFY(!files.at(1).bytes);
    QCOMPARE(files.at(1).size, 1);
    Heard<QByteArray> bytes;
    rig.connector.download(files.at(1), 1, rig.into(bytes));
    rig.loop.run();
    QCOMPARE(bytes.value(), QByteArray("x"));
    rig.connector.download(files.at(1), 0, rig.into(bytes));
    rig.loop.run();
    QCOMPARE(bytes.fault(), faultCode(Fault::BadReply));
}

void TestFakeDesk::peopleDoTheSameBySeed()
{
    const auto run = [](quint64 seed) {
        DeskFixture rig(DeskOptions { .seed = seed, .tickets = 3, .lateCommitPercent = 30 });
        SeededRandom random(seed);
        QStringList did;
        const Activity all { .deletes = 1, .merges = 1, .hides = 1 };
        for (int i = 0; i < 200; ++i) {
            did.append(rig.desk.someoneDoesSomething(random, all));
            rig.loop.runFor(Millis(random.below(500)));
        }
        rig.desk.settle();
        return did.join(u'\n') + rig.desk.printed();
    };
    QCOMPARE(run(5), run(5));
    QVERIFY(run(5) != run(6));
    const QString all = run(5);
    for (const QString &word :
        { u" writes a public"_s, u" writes a note"_s, u" sets "_s, u" moves "_s, u" opens "_s,
            u" is deleted"_s, u" is merged"_s, u" is hidden"_s, u"somebody writes [tl:"_s })
        QVERIFY2(all.contains(word), qPrintable(word));
}

QTEST_GUILESS_MAIN(TestFakeDesk)
#include "tst_fakedesk.moc"
