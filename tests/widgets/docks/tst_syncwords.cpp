#include "widgets/docks/api/syncwords.h"

#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;
using desk::RemoteSide;
using desk::SyncState;
using desk::WaitingChange;
using storage::OutboxState;
using Phase = SyncState::Phase;

namespace {

constexpr Instant Now { 1'780'996'800'000 };

} // namespace

Q_DECLARE_METATYPE(tierline::desk::SyncState)
Q_DECLARE_METATYPE(tierline::desk::WaitingChange)

class TestSyncWords : public QObject
{
    Q_OBJECT
private slots:
    void accountsInPlainWords_data();
    void accountsInPlainWords();
    void whatNeedsAPersonComesFirst();
    void changesByName_data();
    void changesByName();
    void whyItWaits_data();
    void whyItWaits();
    void valuesInWords();
    void whatDroppingLoses();
    void ticketsInOneLine();
    void foreignTextIsHarmless();
};

void TestSyncWords::accountsInPlainWords_data()
{
    QTest::addColumn<SyncState>("state");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, SyncState state, const QString &said) {
        state.account = u"desk"_s;
        QTest::newRow(name) << state << said;
    };
    const std::optional<Instant> before { Now - Millis(120'000) }, soon { Now + Millis(40'000) };
    row("all there", { .synced = before }, u"All changes are at desk, 2 min ago"_s);
    row("a quiet round", { .phase = Phase::Syncing, .synced = before },
        u"All changes are at desk, 2 min ago"_s);
    row("new", {}, u"desk has not been looked at yet"_s);
    row("first", { .phase = Phase::Syncing }, u"Getting tickets from desk"_s);
    row("first going on", { .phase = Phase::Syncing, .received = 120 },
        u"Getting tickets from desk: 120 so far"_s);
    row("one soon", { .waiting = 1, .synced = before }, u"1 change for desk, sent in a moment"_s);
    row("sending", { .phase = Phase::Syncing, .waiting = 3, .synced = before },
        u"Sending 3 changes to desk"_s);
    row("offline", { .phase = Phase::Offline, .waiting = 3, .synced = before, .nextTry = soon },
        u"3 changes wait: desk cannot be reached, next try in 40 s"_s);
    row("offline, one", { .phase = Phase::Offline, .waiting = 1, .nextTry = soon },
        u"1 change waits: desk cannot be reached, next try in 40 s"_s);
    row("offline, trying", { .phase = Phase::Offline, .synced = before },
        u"desk cannot be reached"_s);
    row("signed out", { .phase = Phase::SignIn, .synced = before },
        u"desk asks for a new sign-in"_s);
    row("signed out, waiting", { .phase = Phase::SignIn, .waiting = 2, .conflicts = 1 },
        u"desk asks for a new sign-in; 2 changes wait"_s);
    row("conflict", { .waiting = 1, .conflicts = 1, .synced = before }, u"1 conflict with desk"_s);
    row("conflicts", { .conflicts = 2, .synced = before }, u"2 conflicts with desk"_s);
    row("refused", { .waiting = 2, .refused = 1 }, u"desk refused 1 change"_s);
    row("held", { .phase = Phase::Locked, .synced = before, .nextTry = Now + Millis(9'100) },
        u"Another program syncs desk, next try in 10 s"_s);
    row("pause", { .phase = Phase::Limited, .nextTry = Now + Millis(90'000) },
        u"desk asks for a pause, next try in 2 min"_s);
    row("nonsense", { .phase = Phase::Trouble, .nextTry = Now },
        u"Syncing with desk did not work, trying again now"_s);
}

void TestSyncWords::accountsInPlainWords()
{
    QFETCH(SyncState, state);
    QFETCH(QString, said);
    QCOMPARE(SyncWords::account(state, {}, Now).text, said);
}

void TestSyncWords::whatNeedsAPersonComesFirst()
{
    QVERIFY(!SyncWords::mostUrgent({}));
    const QList<SyncState> states { { .account = u"well"_s, .synced = Now },
        { .account = u"away"_s, .phase = Phase::Offline, .waiting = 9 },
        { .account = u"two"_s, .conflicts = 1 }, { .account = u"no"_s, .refused = 1 } };
    QCOMPARE(SyncWords::mostUrgent(states)->account, u"two"_s);
}

void TestSyncWords::changesByName_data()
{
    QTest::addColumn<WaitingChange>("change");
    QTest::addColumn<QString>("said");
    QTest::newRow("reply") << WaitingChange { .kind = u"reply"_s } << u"Reply"_s;
    QTest::newRow("escalate") << WaitingChange { .kind = u"escalate"_s, .fields = { u"tier"_s } }
                              << u"Escalation"_s;
    QTest::newRow("set") << WaitingChange { .kind = u"set"_s,
        .fields = { u"priority"_s, u"status"_s } }
                         << u"Change of priority, status"_s;
    QTest::newRow("unknown") << WaitingChange { .kind = u"later-kind"_s } << u"Change"_s;
}

void TestSyncWords::changesByName()
{
    QFETCH(WaitingChange, change);
    QFETCH(QString, said);
    QCOMPARE(SyncWords::change(change), said);
}

void TestSyncWords::whyItWaits_data()
{
    QTest::addColumn<WaitingChange>("change");
    QTest::addColumn<SyncState>("account");
    QTest::addColumn<QString>("said");
    const auto row = [](const char *name, WaitingChange change, const SyncState &account,
                         const QString &said) {
        change.account = u"desk"_s;
        QTest::newRow(name) << change << account << said;
    };
    row("soon", {}, {}, u"Goes to desk in a moment"_s);
    row("may still be undone", { .nextTry = Now + Millis(2'400) }, {}, u"Goes to desk in 3 s"_s);
    row("later", { .nextTry = Now + Millis(30'000), .error = u"Busy."_s }, {},
        u"Busy. Next try in 30 s"_s);
    row("offline", {}, { .account = u"desk"_s, .phase = Phase::Offline },
        u"desk cannot be reached"_s);
    row("signed out", {}, { .account = u"desk"_s, .phase = Phase::SignIn },
        u"desk asks for a new sign-in"_s);
    row("refused", { .state = OutboxState::Refused, .error = u"No permission."_s }, {},
        u"Refused: No permission."_s);
    row("conflict", { .state = OutboxState::Conflict }, {},
        u"Both sides changed the same field: choose which value holds."_s);
    row("unknown", { .state = OutboxState::Unknown }, {},
        u"Sent, but desk did not answer: it is looked for before it is sent again."_s);
    row("held", { .isHeld = true }, { .account = u"desk"_s, .phase = Phase::Offline },
        u"Waits for the refused change before it"_s);
}

void TestSyncWords::whyItWaits()
{
    QFETCH(WaitingChange, change);
    QFETCH(SyncState, account);
    QFETCH(QString, said);
    QCOMPARE(
        SyncWords::why(change, account.account.isEmpty() ? nullptr : &account, Now).text, said);
}

void TestSyncWords::whatDroppingLoses()
{
    const QString reply = SyncWords::dropping(
        { .account = u"desk"_s, .kind = u"reply"_s, .replies = { u"We look\nat it."_s } });
    QCOMPARE(reply,
        u"The customer never gets it: “We look at it.”\n"
        "The text stays in the ticket here, and its log says that it was not sent.\n"
        "This cannot be undone."_s);
    const QString fields = SyncWords::dropping({ .account = u"desk"_s,
        .kind = u"set"_s,
        .back = { { u"priority"_s, u"low"_s }, { u"owner"_s, {} } },
        .behind = 2 });
    QCOMPARE(fields,
        u"Taken back here, to what desk has: Priority: low · Owner: nobody\n"
        "2 later changes of this ticket still go to desk.\nThis cannot be undone."_s);
    const QString up = SyncWords::dropping({ .account = u"desk"_s,
        .kind = u"escalate"_s,
        .replies = { u"Passed on."_s },
        .isWithdrawal = true,
        .isPartlyThere = true,
        .behind = 1 });
    for (const QString &part : { u"The escalation is withdrawn."_s, u"“Passed on.”"_s,
             u"desk has heard a part of it, which stays there."_s, u"1 later change"_s })
        QVERIFY2(up.contains(part), qPrintable(up));
}

void TestSyncWords::valuesInWords()
{
    QCOMPARE(SyncWords::field(u"field.Customer Impact"_s), u"Customer Impact"_s);
    QCOMPARE(SyncWords::field(u"place"_s), u"Queue"_s);
    QCOMPARE(SyncWords::value(u"owner"_s, {}), u"nobody"_s);
    QCOMPARE(SyncWords::value(u"tags"_s, {}), u"empty"_s);
    QCOMPARE(SyncWords::value(u"priority"_s, u"urgent"_s), u"urgent"_s);
    QCOMPARE(SyncWords::value(u"status"_s, u"no such code"_s), u"no such code"_s);
}

void TestSyncWords::ticketsInOneLine()
{
    QVERIFY(SyncWords::ticket({}, nullptr, Now).text.isEmpty());
    RemoteSide side { .account = u"desk"_s };
    QCOMPARE(SyncWords::ticket(side, nullptr, Now).tone, SyncTone::Good);
    side.waiting = { { .account = u"desk"_s, .kind = u"reply"_s } };
    QCOMPARE(SyncWords::ticket(side, nullptr, Now).text, u"Reply · Goes to desk in a moment"_s);
    side.waiting.append({ .account = u"desk"_s, .kind = u"note"_s });
    QCOMPARE(SyncWords::ticket(side, nullptr, Now).text, u"2 changes · Goes to desk in a moment"_s);
    side.presence = RemoteSide::Presence::Merged;
    side.mergedInto = u"desk:7"_s;
    QCOMPARE(
        SyncWords::ticket(side, nullptr, Now).text, u"desk has merged this ticket into desk:7"_s);
    side.waiting[1].state = OutboxState::Refused;
    side.waiting[1].error = u"No permission."_s;
    QCOMPARE(
        SyncWords::ticket(side, nullptr, Now).text, u"Internal note · Refused: No permission."_s);
    side.disagreements = { { .field = u"priority"_s }, { .field = u"owner"_s } };
    QCOMPARE(SyncWords::ticket(side, nullptr, Now).text,
        u"desk has another value for priority, owner"_s);
}

void TestSyncWords::foreignTextIsHarmless()
{
    const QString evil = u"<b>x</b>\u202Egnp\n\nline"_s;
    const WaitingChange change { .account = evil,
        .kind = u"set"_s,
        .fields = { u"field."_s + evil },
        .state = OutboxState::Refused,
        .error = evil };
    for (const QString &text : { SyncWords::change(change),
             SyncWords::why(change, nullptr, Now).text, SyncWords::value(u"tags"_s, evil),
             SyncWords::ticket({ .account = evil, .waiting = { change } }, nullptr, Now).text }) {
        QVERIFY2(!text.contains(u'\n'), qPrintable(text));
        QVERIFY2(!text.contains(QChar(0x202E)), qPrintable(text));
    }
}

QTEST_MAIN(TestSyncWords)
#include "tst_syncwords.moc"
