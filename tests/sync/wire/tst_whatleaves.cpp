#include "tests/sync/synctest.h"
#include "tests/sync/wire/wirerig.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// What a person types about a ticket for colleagues reaches the helpdesk masked: read from the server's
// own copy, after it came over real bytes.

namespace {

const QString mia = u"mia"_s;
const QString ben = u"ben"_s;

/// Secrets, and how a text that holds all of them reads.
const QStringList secrets { u"4111 1111 1111 1111"_s, u"4111111111111111"_s, u"Tr0ub4dor&3"_s,
    u"ghp_abcdefghijklmnopqrstuvwxyz0123"_s, u"DE89 3704 0044 0532 0130 00"_s };
const QString secretText
    = u"The card 4111 1111 1111 1111 (4111111111111111) is refused, password: Tr0ub4dor&3, token "
      "ghp_abcdefghijklmnopqrstuvwxyz0123, paid from DE89 3704 0044 0532 0130 00."_s;

/// A workspace at a Request Tracker of bytes.
struct Leaving {
    FakeClock clock;
    SimLoop loop { clock };
    SyncStore store { clock };
    FakeDesk desk;
    RtOverWire rt;
    SyncSide local;

    explicit Leaving(bool keepsOperations)
        : desk(loop, options(keepsOperations))
        , rt(desk)
        , local((store.create(), store), desk, rt.side())
    {
    }
    static DeskOptions options(bool keepsOperations)
    {
        DeskOptions options = rtDesk(keepsOperations);
        options.tickets = 2;
        return options;
    }
    void send()
    {
        for (int i = 0; i < 20 && (i == 0 || !local.isSettled()); ++i) {
            local.syncOnce();
            loop.runFor(5s);
        }
    }
    /// The notes of a ticket as the server has them, files after their words.
    QByteArrayList notes(const QString &ticket) const
    {
        QByteArrayList all;
        for (const FakeDesk::Row &row : desk.rowsOf(u"7"_s, ticket)) {
            if (!row.entry || !row.entry->message
                || row.entry->message->kind != MessageKind::InternalNote)
                continue;
            QByteArray bytes = row.entry->message->text.toUtf8();
            for (const connectors::RemoteFile &file : row.entry->message->files) {
                if (const auto held = desk.bytesOf(file.id, 1 << 20))
                    bytes += '\n' + *held;
            }
            all.append(bytes);
        }
        return all;
    }
};

/// Empty, or the secret that a text holds; also where JSON wrote it in its own way.
QString secretIn(const QByteArray &bytes)
{
    const QString text = QString::fromUtf8(bytes);
    for (const QString &secret : secrets) {
        if (text.contains(secret))
            return secret;
    }
    return {};
}

} // namespace

class TestWhatLeaves : public QObject
{
    Q_OBJECT
private slots:
    void anEscalation_data();
    void anEscalation();
    void aCutSentenceHoldsNoHalfSecret();
    void allOtherNotesOfEvents();
    void wordsMeantForTheReaderStay();
    void anotherWorkspaceReadsTheSameRecord();
};

void TestWhatLeaves::anEscalation_data()
{
    QTest::addColumn<bool>("keepsOperations");
    QTest::newRow("with the server's own field") << true;
    QTest::newRow("without") << false;
}

void TestWhatLeaves::anEscalation()
{
    QFETCH(bool, keepsOperations);
    Leaving one(keepsOperations);
    one.send();
    commands::Escalate escalate = escalation(one.local.key(u"1"_s));
    escalate.form.summary = secretText;
    escalate.form.tried = { secretText, u"Asked for another one"_s };
    escalate.form.expected = secretText;
    escalate.form.nextAction = secretText;
    escalate.form.urgency = { secretText };
    escalate.overrideGuard = secretText;
    escalate.skipNotice = secretText;
    const auto escalated = one.local.run(mia, escalate);
    QVERIFY2(escalated, escalated ? "" : qPrintable(escalated.error().detail));
    one.send();
    const QByteArrayList notes = one.notes(u"1"_s);
    QCOMPARE(notes.size(), 1);
    const QByteArray &note = notes.front();
    QVERIFY(note.contains("\"tierline\"")); // the attachment is among it
    QVERIFY(note.contains("\"noticeSkipped\""));
    QVERIFY(note.contains("[masked card]") && note.contains("[masked password]"));
    QCOMPARE(secretIn(note), QString());
    // Here the words stand as they were typed, and the record is found by its own id there.
    const TicketState state = one.local.state(u"1"_s);
    QCOMPARE(state.escalations.back().note, secretText);
    QVERIFY(note.contains(state.escalations.back().id.toUtf8()));
}

/// A sentence is cut to its length: a number at the cut must not stay as its first half.
void TestWhatLeaves::aCutSentenceHoldsNoHalfSecret()
{
    Leaving one(true);
    one.send();
    for (int before = 178; before <= 200; ++before) {
        commands::Escalate escalate = escalation(one.local.key(u"1"_s));
        escalate.form.summary = u"x"_s.repeated(before) + u" 4111111111111111 was refused"_s;
        const auto escalated = one.local.run(mia, escalate);
        QVERIFY2(escalated, escalated ? "" : qPrintable(escalated.error().detail));
        const auto entry = one.local.waiting().value(escalated->operation);
        const QByteArray body = QJsonDocument(entry.body).toJson();
        QVERIFY2(!body.contains("41111"), qPrintable(u"%1 signs before it"_s.arg(before)));
        QVERIFY(one.local.run(mia, commands::Withdraw { one.local.key(u"1"_s), u"No."_s }));
    }
}

void TestWhatLeaves::allOtherNotesOfEvents()
{
    Leaving one(true);
    one.send();
    const QString key = one.local.key(u"1"_s);
    DONE(one.local.run(mia, commands::Flag { key, secretText }));
    DONE(one.local.run(mia, escalation(key)));
    DONE(one.local.run(ben, commands::Accept { key }));
    DONE(one.local.run(ben, commands::Return { key, Verdict::NeedsInformation, secretText }));
    DONE(one.local.run(mia, escalation(key)));
    DONE(one.local.run(mia, commands::Withdraw { key, secretText }));
    DONE(one.local.run(mia, commands::Reassign { .ticket = key, .to = mia, .note = secretText }));
    one.send();
    const QByteArrayList notes = one.notes(u"1"_s);
    QCOMPARE(notes.size(), 7);
    for (const QByteArray &note : notes)
        QCOMPARE(secretIn(note), QString());
}

/// A reply that gives the customer their key back is not rewritten behind its writer's back.
void TestWhatLeaves::wordsMeantForTheReaderStay()
{
    Leaving one(true);
    one.send();
    DONE(one.local.run(mia, commands::Reply { one.local.key(u"1"_s), secretText }));
    DONE(one.local.run(mia, commands::Note { one.local.key(u"1"_s), secretText, {} }));
    one.send();
    QCOMPARE(timesSaid(one.desk, u"1"_s, secretText), 2);
}

void TestWhatLeaves::anotherWorkspaceReadsTheSameRecord()
{
    Leaving one(true);
    one.send();
    commands::Escalate escalate = escalation(one.local.key(u"1"_s));
    escalate.form.summary = secretText;
    DONE(one.local.run(mia, escalate));
    one.send();
    SyncStore store { one.clock };
    store.create();
    SyncSide other(store, one.desk, one.rt.side(u"8"_s));
    other.syncOnce();
    const Escalation here = one.local.state(u"1"_s).escalations.back();
    const Escalation there = other.state(u"1"_s).escalations.back();
    QCOMPARE(there.id, here.id);
    QCOMPARE(there.openStage()->stage, here.openStage()->stage);
    QCOMPARE(there.reasonCode, here.reasonCode);
    QVERIFY(!there.note.contains(u"4111"));
}

QTEST_GUILESS_MAIN(TestWhatLeaves)
#include "tst_whatleaves.moc"
