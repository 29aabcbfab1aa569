#include "core/desk/openticket.h"
#include "core/desk/remoteside.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "tests/support/syncrig/syncrig.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
namespace field = connectors::field;
using storage::OutboxState;

class TestRemoteSide : public QObject
{
    Q_OBJECT
private slots:
    void aLocalTicketHasNone();
    void whatWaitsIsTold();
    void aRefusedChangeHoldsTheNext();
    void bothValuesOfAConflict();
    void aMergedTicketNamesTheOther();
    void aPageOfAnotherHostIsDropped();
    void filesAreTold();
    void whatMayNotBeSeenIsNotCounted();
};

namespace {

desk::RemoteSide sideOf(SyncSide &side, const QString &ticket)
{
    const auto loaded
        = desk::loadRemoteSide(side.connection(), Visibility::all(), side.idOf(ticket));
    if (!loaded)
        qFatal("%s", qPrintable(loaded.error().detail));
    return *loaded;
}

} // namespace

void TestRemoteSide::aLocalTicketHasNone()
{
    SyncRig rig;
    commands::CreateTicket create;
    create.ticket.subject = u"Only here"_s;
    create.text = u"Hello."_s;
    const auto made = rig.local.run(u"mia"_s, create);
    QVERIFY(made);
    const auto side
        = desk::loadRemoteSide(rig.local.connection(), Visibility::all(), made->state.ticket.id);
    QVERIFY(side);
    QVERIFY(side->isLocal());
    QCOMPARE(*side, desk::RemoteSide());
}

void TestRemoteSide::whatWaitsIsTold()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    QVERIFY(rig.local.run(u"mia"_s, commands::Reply { key, u"We look at it."_s }));
    rig.desk.always(anyCall, Lie::RefuseConnection);
    rig.syncOnce();
    const desk::RemoteSide side = sideOf(rig.local, u"1"_s);
    QCOMPARE(side.account, rig.local.account());
    QCOMPARE(side.presence, desk::RemoteSide::Presence::There);
    QCOMPARE(side.waiting.size(), 1);
    const desk::WaitingChange &change = side.waiting.front();
    QCOMPARE(change.key, key);
    QCOMPARE(change.kind, u"reply"_s);
    QCOMPARE(change.by, u"mia"_s);
    QCOMPARE(change.text, u"We look at it."_s);
    QCOMPARE(change.state, OutboxState::Waiting);
    QVERIFY(change.canDrop() && change.canRetry() && !change.isHeld);
    rig.desk.beHonest();
    rig.settle();
    QVERIFY(sideOf(rig.local, u"1"_s).waiting.isEmpty());
}

void TestRemoteSide::aRefusedChangeHoldsTheNext()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"2"_s);
    QVERIFY(rig.local.run(u"mia"_s, commands::Note { key, u"First."_s }));
    QVERIFY(rig.local.run(u"mia"_s, commands::Note { key, u"Second."_s }));
    rig.desk.onNth(1, Push::Note, Lie::Reject);
    rig.syncOnce();
    const desk::RemoteSide side = sideOf(rig.local, u"2"_s);
    QCOMPARE(side.waiting.size(), 2);
    QCOMPARE(side.waiting[0].state, OutboxState::Refused);
    QVERIFY(!side.waiting[0].error.isEmpty());
    QVERIFY(!side.waiting[0].isHeld);
    QVERIFY(side.waiting[1].isHeld);
}

void TestRemoteSide::bothValuesOfAConflict()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    QVERIFY(
        rig.local.run(u"mia"_s, commands::SetFields { key, { { u"priority"_s, u"urgent"_s } } }));
    rig.desk.set(u"1"_s, u"8"_s, field::priority, u"low"_s);
    rig.syncOnce();
    const auto all = desk::loadDisagreements(rig.local.connection(), Visibility::all());
    QVERIFY(all);
    QCOMPARE(all->size(), 1);
    const desk::Disagreement &one = all->front();
    QCOMPARE(one.key, key);
    QCOMPARE(one.field, u"priority"_s);
    QCOMPARE(one.ours, u"urgent"_s);
    QCOMPARE(one.theirs, u"low"_s);
    QVERIFY(!one.base.isEmpty());
    QCOMPARE(one.oursBy, u"mia"_s);
    QVERIFY(one.oursAt);
    QCOMPARE(one.theirsBy, rig.desk.user(u"8"_s).name);
    QCOMPARE(sideOf(rig.local, u"1"_s).disagreements, *all);
    QVERIFY(sideOf(rig.local, u"2"_s).disagreements.isEmpty());
}

void TestRemoteSide::aMergedTicketNamesTheOther()
{
    SyncRig rig;
    rig.syncOnce();
    rig.desk.merge(u"1"_s, u"2"_s);
    rig.settle();
    const desk::RemoteSide side = sideOf(rig.local, u"1"_s);
    QCOMPARE(side.presence, desk::RemoteSide::Presence::Merged);
    QCOMPARE(side.mergedInto, rig.local.key(u"2"_s));
}

void TestRemoteSide::aPageOfAnotherHostIsDropped()
{
    SyncRig rig;
    rig.syncOnce();
    const auto link = [&rig](const QString &page) {
        const TicketId ticket = rig.local.idOf(u"1"_s);
        const auto saved = rig.store.store().write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                TIERLINE_TRY(
                    account, storage::findAccount(scope.connection(), rig.local.account()));
                account.url = u"https://desk.example/rt"_s;
                TIERLINE_CHECK(storage::saveAccount(scope, account));
                TIERLINE_TRY(row, storage::remoteOf(scope.connection(), ticket));
                row->link = page;
                return storage::saveRemote(scope, *row);
            });
        if (!saved)
            qFatal("%s", qPrintable(saved.error().detail));
    };
    link(u"https://desk.example/rt/Ticket/Display.html?id=1"_s);
    QCOMPARE(sideOf(rig.local, u"1"_s).page.host(), u"desk.example"_s);
    for (const QString &page :
        { u"https://evil.example/rt"_s, u"file:///etc/passwd"_s, u"javascript:alert(1)"_s,
            u"http://desk.example/rt"_s, u"https://desk.example:444/rt"_s, u"not a link"_s }) {
        link(page);
        QVERIFY2(sideOf(rig.local, u"1"_s).page.isEmpty(), qPrintable(page));
    }
}

void TestRemoteSide::filesAreTold()
{
    SyncRig rig;
    rig.desk.say(u"3"_s, u"100"_s, MessageKind::PublicReply, u"See the log."_s,
        { { .name = u"error.log"_s, .contentType = u"text/plain"_s, .size = 3, .bytes = "abc" } });
    rig.syncOnce();
    const desk::RemoteSide side = sideOf(rig.local, u"3"_s);
    QCOMPARE(side.files.size(), 1);
    QCOMPARE(side.files.front().name, u"error.log"_s);
    const auto open
        = desk::openTicket(rig.local.connection(), rig.local.idOf(u"3"_s), Visibility::all());
    QVERIFY(open);
    QCOMPARE((*open)->thread.back().filesThere, side.files);
    QCOMPARE((*open)->thread.front().filesThere.size(), 0);
}

void TestRemoteSide::whatMayNotBeSeenIsNotCounted()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"2"_s); // in L2 Technical
    QVERIFY(
        rig.local.run(u"mia"_s, commands::SetFields { key, { { u"priority"_s, u"urgent"_s } } }));
    rig.desk.set(u"2"_s, u"8"_s, field::priority, u"low"_s);
    rig.syncOnce();
    const Visibility blind { .deniedTeams = { rig.local.state(u"2"_s).ticket.team } };
    QVERIFY(!blind.deniedTeams.front().isEmpty());
    storage::Connection &connection = rig.local.connection();
    QCOMPARE(desk::loadWaiting(connection, Visibility::all())->size(), 1);
    QCOMPARE(desk::loadWaiting(connection, blind)->size(), 0);
    QCOMPARE(desk::loadDisagreements(connection, blind)->size(), 0);
}

QTEST_GUILESS_MAIN(TestRemoteSide)
#include "tst_remoteside.moc"
