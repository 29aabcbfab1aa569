#include "core/desk/dropeffect.h"
#include "core/desk/openticket.h"
#include "core/desk/remoteside.h"
#include "core/storage/feed.h"
#include "core/storage/remotes.h"
#include "core/storage/tickets.h"
#include "core/sync/decide.h"
#include "tests/support/syncrig/syncrig.h"

#include <QJsonArray>
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
    void theRowOfAQueueSaysTheSame();
    void droppingIsSaidBefore();
    void droppingAnEscalationIsSaidBefore();
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

/// What a queue's row says of a ticket, which is what the ticket itself says.
QString standOf(SyncSide &side, const QString &ticket)
{
    const auto rows = storage::loadRows(side.connection(), { side.idOf(ticket) });
    const desk::RemoteSide whole = sideOf(side, ticket);
    if (!rows || rows->size() != 1 || rows->front().sync != whole.stand())
        return u"row and ticket differ"_s;
    const QString said = toJson(whole).value(u"state"_s).toString();
    return said == code(whole.stand()) ? said : u"document and ticket differ"_s;
}

desk::DropEffect effectOf(SyncSide &side)
{
    const QMap<QString, storage::OutboxEntry> waiting = side.waiting();
    if (waiting.isEmpty())
        qFatal("nothing waits");
    QString oldest = waiting.firstKey();
    for (const auto &[id, entry] : waiting.asKeyValueRange()) {
        if (entry.created < waiting[oldest].created)
            oldest = id;
    }
    const auto loaded = desk::loadDropEffect(side.connection(), Visibility::all(), oldest);
    if (!loaded)
        qFatal("%s", qPrintable(loaded.error().detail));
    return *loaded;
}

} // namespace

void TestRemoteSide::theRowOfAQueueSaysTheSame()
{
    SyncRig rig;
    rig.syncOnce();
    QCOMPARE(standOf(rig.local, u"1"_s), u"synced"_s);
    commands::CreateTicket create;
    create.ticket.subject = u"Only here"_s;
    create.text = u"Hello."_s;
    const auto made = rig.local.run(u"mia"_s, create);
    const auto rows = storage::loadRows(rig.local.connection(), { made->state.ticket.id });
    QVERIFY(rows && rows->size() == 1);
    QCOMPARE(code(rows->front().sync), u"local"_s);

    const QString key = rig.local.key(u"1"_s);
    QVERIFY(rig.local.run(u"mia"_s, commands::Note { key, u"First."_s }));
    QCOMPARE(standOf(rig.local, u"1"_s), u"waiting"_s);
    rig.desk.onNth(1, Push::Note, Lie::Reject);
    rig.syncOnce();
    QCOMPARE(standOf(rig.local, u"1"_s), u"refused"_s);
    // What needs a person most wins.
    QVERIFY(
        rig.local.run(u"mia"_s, commands::SetFields { key, { { u"priority"_s, u"urgent"_s } } }));
    rig.desk.set(u"1"_s, u"8"_s, field::priority, u"low"_s);
    rig.syncOnce();
    QCOMPARE(standOf(rig.local, u"1"_s), u"conflict"_s);
    const QJsonObject said = toJson(sideOf(rig.local, u"1"_s));
    QCOMPARE(said.value(u"account"_s).toString(), rig.local.account());
    QCOMPARE(said.value(u"presence"_s).toString(), u"there"_s);
    QCOMPARE(said.value(u"waiting"_s).toInt(), 2);
    QCOMPARE(said.value(u"refused"_s).toInt(), 1);
    QCOMPARE(said.value(u"conflicts"_s).toInt(), 1);
    QCOMPARE(standOf(rig.local, u"2"_s), u"synced"_s);
}

void TestRemoteSide::droppingIsSaidBefore()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    const QString before = code(rig.local.state(u"1"_s).ticket.priority);
    QVERIFY(
        rig.local.run(u"mia"_s, commands::SetFields { key, { { u"priority"_s, u"urgent"_s } } }));
    QVERIFY(rig.local.run(u"mia"_s, commands::Reply { key, u"We look at it."_s }));
    auto feed = storage::feedRevision(rig.local.connection());
    QVERIFY(feed);
    desk::DropEffect effect = effectOf(rig.local);
    QCOMPARE(effect.key, key);
    QCOMPARE(effect.account, rig.local.account());
    QCOMPARE(effect.back, (QList<desk::DropEffect::Field> { { u"priority"_s, before } }));
    QVERIFY(effect.replies.isEmpty() && !effect.isWithdrawal && !effect.isPartlyThere);
    QCOMPARE(effect.behind, 1);
    const auto drop = [&rig] {
        const QMap<QString, storage::OutboxEntry> waiting = rig.local.waiting();
        const auto oldest = std::ranges::min_element(waiting, {}, &storage::OutboxEntry::created);
        SeededRandom random { 3 };
        return rig.store.store().write(
            storage::Durability::Person, [&](storage::WriteScope &scope) {
                return sync::dropOperation(scope, random, oldest->id, u"mia"_s);
            });
    };
    QVERIFY(drop());
    // Exactly that has happened.
    QCOMPARE(code(rig.local.state(u"1"_s).ticket.priority), before);
    // And it is told, or a queue's row would go on showing what was.
    const auto told = storage::changesSince(rig.local.connection(), *feed);
    QVERIFY(told && std::ranges::count(told->tickets, rig.local.idOf(u"1"_s)) == 1);
    effect = effectOf(rig.local);
    QCOMPARE(effect.replies, QStringList { u"We look at it."_s });
    QCOMPARE(effect.behind, 0);
    // The first reply of somebody opens the ticket and takes it, which is taken back with it.
    QStringList back;
    for (const desk::DropEffect::Field &one : effect.back)
        back << one.field + u'=' + one.value;
    back.sort();
    QVERIFY(drop());
    const Ticket after = rig.local.state(u"1"_s).ticket;
    QVERIFY2(back.contains(u"status="_s + code(after.status)), qPrintable(back.join(u' ')));
    QVERIFY(!back.contains(u"priority="_s + before));
    QCOMPARE(standOf(rig.local, u"1"_s), u"synced"_s);
    // The thread tells it apart from what was sent.
    const auto open = desk::openTicket(
        rig.local.connection(), rig.local.idOf(u"1"_s), Visibility::all(), rig.clock.now());
    QVERIFY(open);
    for (const desk::ThreadEntry &one : (*open)->thread)
        QCOMPARE(one.isUnsent, one.message.text == u"We look at it.");
    const QJsonArray messages = desk::toJson((*open)->details, (*open)->remote, rig.clock.now())
                                    .value(u"messages"_s)
                                    .toArray();
    QCOMPARE(messages.last()[u"unsent"_s].toBool(), true);
    QCOMPARE(messages.first()[u"unsent"_s].toBool(), false);
    const auto gone = desk::loadDropEffect(rig.local.connection(), Visibility::all(), u"none"_s);
    QVERIFY(!gone);
    QCOMPARE(gone.error().fault, Fault::NotFound);
}

void TestRemoteSide::droppingAnEscalationIsSaidBefore()
{
    SyncRig rig;
    rig.syncOnce();
    const QString key = rig.local.key(u"1"_s);
    const auto up = rig.local.run(u"mia"_s,
        commands::Escalate { .ticket = key,
            .toTier = u"L2"_s,
            .reason = u"beyond-skill"_s,
            .form = { .summary = u"Cannot be reproduced"_s,
                .tried = { u"Restarted"_s },
                .expected = u"A fix"_s } });
    QVERIFY2(up, up ? "" : qPrintable(up.error().detail));
    const desk::DropEffect effect = effectOf(rig.local);
    QCOMPARE(effect.kind, u"escalate"_s);
    QVERIFY(effect.isWithdrawal);
    QCOMPARE(effect.replies.size(), 1); // the customer's notice
    QVERIFY(std::ranges::count(effect.back, u"place"_s, &desk::DropEffect::Field::field) == 1);
    QVERIFY(!effect.isPartlyThere);
    // Whoever may not see the ticket hears nothing of it.
    const Visibility blind { .deniedTeams = { rig.local.state(u"1"_s).ticket.team } };
    const auto hidden
        = desk::loadDropEffect(rig.local.connection(), blind, rig.local.waiting().firstKey());
    if (!rig.local.state(u"1"_s).ticket.team.isEmpty())
        QVERIFY(!hidden && hidden.error().fault == Fault::NotFound);
}

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
    const auto open = desk::openTicket(rig.local.connection(), rig.local.idOf(u"3"_s),
        Visibility::all(), Instant { 1'780'996'800'000 });
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
