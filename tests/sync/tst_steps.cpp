#include "tests/sync/synctest.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
namespace field = connectors::field;

// What each command asks of the remote, and in which order.

class TestSteps : public QObject
{
    Q_OBJECT
private slots:
    void ofEachCommand_data();
    void ofEachCommand();
    void comeBackFromTheStore();
    void needAMap();
    void waitWithTheirNewestValues();
};

namespace {

sync::FieldMap mapOf(SyncSide &side)
{
    const auto account = storage::findAccount(side.connection(), side.account());
    return *sync::FieldMap::load(side.connection(), *account);
}

/// "card; place; reply; owner; priority status": the kinds, and for fields their names.
QString printed(const std::vector<sync::Step> &steps)
{
    QStringList words;
    for (const sync::Step &step : steps) {
        if (step.isCard)
            words.append(u"card"_s);
        else if (step.message >= 0)
            words.append(step.kind == connectors::PushStep::Kind::Reply ? u"reply"_s : u"note"_s);
        else
            words.append(step.fields.keys().join(u' '));
    }
    return words.join(u"; "_s);
}

QString stepsOfLast(SyncSide &side, const Result<commands::Outcome> &outcome)
{
    if (!outcome)
        return outcome.error().detail;
    const auto waiting = side.waiting();
    const auto found = waiting.find(outcome->operation);
    if (found == waiting.end())
        return u"nothing"_s;
    const auto steps = sync::planSteps(*found, mapOf(side));
    return steps ? printed(*steps) : steps.error().detail;
}

} // namespace

void TestSteps::ofEachCommand_data()
{
    QTest::addColumn<QString>("expected");
    QTest::newRow("reply") << u"reply; status"_s;
    QTest::newRow("note") << u"note"_s;
    QTest::newRow("set") << u"priority"_s;
    QTest::newRow("own field") << u"field.Product"_s;
    QTest::newRow("claim") << u"owner status"_s;
    QTest::newRow("flag") << u"card"_s;
    QTest::newRow("unflag") << u"card"_s;
    QTest::newRow("escalate") << u"card; place; reply; priority status"_s;
    QTest::newRow("accept") << u"card; owner"_s;
    QTest::newRow("return") << u"card; place; owner; priority"_s;
    QTest::newRow("withdraw") << u"card; place; priority"_s;
    QTest::newRow("solve") << u"reply; owner status"_s;
    QTest::newRow("undo") << u"priority"_s;
    QTest::newRow("undo unsent") << u"nothing"_s;
}

void TestSteps::ofEachCommand()
{
    QFETCH(QString, expected);
    SyncRig rig;
    rig.syncOnce();
    SyncSide &local = rig.local;
    const QString key = local.key(u"1"_s), mia = u"mia"_s, ben = u"ben"_s;
    const QString what = QString::fromLatin1(QTest::currentDataTag());
    QString found;
    if (what == u"reply")
        found = stepsOfLast(local, local.run(mia, commands::Reply { key, u"Hi."_s }));
    else if (what == u"note")
        found = stepsOfLast(local, local.run(mia, commands::Note { key, u"Hm."_s, {} }));
    else if (what == u"set")
        found = stepsOfLast(local, local.run(mia, change(key, u"priority"_s, u"low"_s)));
    else if (what == u"own field")
        found = stepsOfLast(local, local.run(mia, change(key, u"field.Product"_s, u"P1"_s)));
    else if (what == u"claim")
        found = stepsOfLast(local, local.run(mia, commands::Claim { key }));
    else if (what == u"solve")
        found = stepsOfLast(local, local.run(mia, commands::Solve { key, u"Fixed?"_s }));
    else if (what.startsWith(u"undo")) {
        DONE(local.run(mia, change(key, u"priority"_s, u"low"_s)));
        if (what == u"undo")
            rig.syncOnce();
        found = stepsOfLast(local, local.run(mia, commands::Undo { key }));
    } else if (what.contains(u"flag")) {
        auto outcome = local.run(mia, commands::Flag { key, u"Not ours"_s });
        if (what == u"unflag")
            outcome = local.run(mia, commands::Unflag { key });
        found = stepsOfLast(local, outcome);
    } else {
        auto outcome = local.run(mia, escalation(key));
        if (what == u"accept" || what == u"return")
            outcome = local.run(ben, commands::Accept { key });
        if (what == u"return")
            outcome = local.run(ben, commands::Return { key, Verdict::Answered, u"Done."_s });
        if (what == u"withdraw")
            outcome = local.run(mia, commands::Withdraw { key, u"Found it."_s });
        found = stepsOfLast(local, outcome);
    }
    QCOMPARE(found, expected);
}

void TestSteps::comeBackFromTheStore()
{
    using sync::StepState;
    std::vector<sync::Step> steps;
    for (const StepState state : { StepState::Todo, StepState::Sending, StepState::Unknown,
             StepState::Done, StepState::Refused, StepState::Skipped }) {
        steps.push_back({ .kind = connectors::PushStep::Kind::Fields,
            .state = state,
            .fields = { { u"status"_s, u"open"_s } },
            .own = state == StepState::Sending ? std::optional(QJsonObject()) : std::nullopt,
            .entry = u"9"_s,
            .sentence = u"Why"_s });
        steps.push_back(
            { .kind = connectors::PushStep::Kind::Reply, .state = state, .message = 1 });
        steps.push_back({ .state = state, .isCard = true });
    }
    QVERIFY(sync::stepsOf(sync::toJson(steps)) == steps);
    // A word of a newer program: it may have been sent.
    const QJsonArray newer { QJsonObject {
        { u"kind"_s, u"note"_s }, { u"state"_s, u"teleported"_s } } };
    QCOMPARE(sync::stepsOf(newer).front().state, StepState::Unknown);
}

void TestSteps::needAMap()
{
    SyncRig rig;
    const sync::FieldMap map = mapOf(rig.local);
    storage::OutboxEntry entry;
    entry.body
        = { { u"changed"_s, QJsonObject { { u"tier"_s, u"L2"_s }, { u"team"_s, u"Legal"_s } } } };
    auto steps = sync::planSteps(entry, map);
    QVERIFY(!steps);
    QCOMPARE(steps.error().fault, Fault::BadInput);
    QVERIFY(steps.error().detail.contains(u"L2/Legal"));
    entry.body = { { u"changed"_s, QJsonObject { { u"assignee"_s, u"nobody-there"_s } } } };
    steps = sync::planSteps(entry, map);
    QVERIFY(!steps);
    QVERIFY(steps.error().detail.contains(u"nobody-there"));
    // Nothing overwrites it meanwhile.
    const auto pending = sync::pendingFields({ entry }, map);
    QCOMPARE(pending->fields.keys(), QStringList { field::owner });
}

void TestSteps::waitWithTheirNewestValues()
{
    SyncRig rig;
    const sync::FieldMap map = mapOf(rig.local);
    const auto entryWith = [](const QString &value, const QString &actor) {
        storage::OutboxEntry entry;
        entry.body
            = { { u"actor"_s, actor }, { u"changed"_s, QJsonObject { { u"priority"_s, value } } } };
        return entry;
    };
    storage::OutboxEntry done = entryWith(u"urgent"_s, u"lea"_s);
    done.steps = sync::toJson({ { .kind = connectors::PushStep::Kind::Fields,
        .state = sync::StepState::Done,
        .fields = { { u"priority"_s, u"urgent"_s } } } });
    const auto pending = sync::pendingFields(
        { entryWith(u"low"_s, u"mia"_s), entryWith(u"high"_s, u"ben"_s), done }, map);
    QCOMPARE(pending->fields.value(field::priority).toString(), u"high"_s);
    QCOMPARE(pending->by.value(field::priority), u"ben"_s);
}

QTEST_GUILESS_MAIN(TestSteps)
#include "tst_steps.moc"
