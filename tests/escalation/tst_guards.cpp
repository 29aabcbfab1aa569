#include "core/escalation/guards.h"

#include "core/domain/codes.h"
#include "core/escalation/kinds.h"

#include <QTest>

using namespace tierline;
using namespace tierline::escalation;
using namespace Qt::StringLiterals;

namespace {

Ask whole()
{
    return { u"L2"_s, u"missing-tools"_s,
        { u"Login fails"_s, { u"Cleared cookies"_s }, u"A working login"_s, {}, {} } };
}

} // namespace

class TestGuards : public QObject
{
    Q_OBJECT
private slots:
    void wholeFormPasses();
    void missingField_data();
    void missingField();
    void onlyUp();
    void doNotEscalateList();
    void fastLanePassesTheList();
    void brokenListIsEmpty();
    void targetOfEachKind();
};

void TestGuards::wholeFormPasses()
{
    QVERIFY(requiredFields(whole(), shippedReasons()).has_value());
}

void TestGuards::missingField_data()
{
    QTest::addColumn<QString>("where");
    QTest::addColumn<QString>("value");
    for (const char *field : { "to", "reason", "summary", "tried", "expected" }) {
        for (const char *blank : { "", "  \n\t" })
            QTest::addRow("%s of %d spaces", field, int(qstrlen(blank)))
                << QString::fromLatin1(field) << QString::fromLatin1(blank);
    }
    QTest::newRow("unknown reason") << u"reason"_s << u"bored"_s;
}

void TestGuards::missingField()
{
    QFETCH(QString, where);
    QFETCH(QString, value);
    Ask ask = whole();
    if (where == u"to")
        ask.toTier = value;
    else if (where == u"reason")
        ask.reason = value;
    else if (where == u"summary")
        ask.form.summary = value;
    else if (where == u"tried")
        ask.form.tried = { value, value };
    else
        ask.form.expected = value;
    const auto checked = requiredFields(ask, shippedReasons());
    QVERIFY(!checked.has_value());
    QCOMPARE(checked.error().fault, Fault::BadInput);
    QCOMPARE(checked.error().where, where);
}

void TestGuards::onlyUp()
{
    const Tier l1 { .id = u"L1"_s, .rank = 1 }, l2 { .id = u"L2"_s, .rank = 2 };
    QVERIFY(goesUp(l1, l2).has_value());
    QCOMPARE(goesUp(l2, l1).error().where, u"to"_s);
    QCOMPARE(goesUp(l2, l2).error().where, u"to"_s);
}

void TestGuards::doNotEscalateList()
{
    const auto list = readDoNotEscalate(
        uR"([{"words":"password reset","recipe":"Send the reset link."},{"words":"refund"},{"words":"  "}])"_s);
    QCOMPARE(list.size(), 2);
    Ask ask = whole();
    QVERIFY(warnings(u"Login"_s, ask, list).isEmpty());
    QVERIFY(warnings(u"Passwords resetting"_s, ask, list).isEmpty()); // whole words only
    ask.form.summary = u"Reset of her PASSWORD, please"_s;
    QCOMPARE(warnings(u"Login"_s, ask, list),
        QStringList { u"“password reset” is on the do-not-escalate list. Send the reset link."_s });
    QCOMPARE(warnings(u"Refund wanted"_s, whole(), list),
        QStringList { u"“refund” is on the do-not-escalate list."_s });
}

void TestGuards::fastLanePassesTheList()
{
    Ask ask = whole();
    ask.reason = u"outage"_s;
    QVERIFY(warnings(u"refund"_s, ask, { { u"refund"_s, {} } }).isEmpty());
}

void TestGuards::brokenListIsEmpty()
{
    QVERIFY(readDoNotEscalate(u"{"_s).isEmpty());
    QVERIFY(readDoNotEscalate(u"[1,\"x\",{}]"_s).isEmpty());
    QVERIFY(readDoNotEscalate({}).isEmpty());
}

void TestGuards::targetOfEachKind()
{
    const Tier l1 { .id = u"L1"_s, .rank = 1 }, l2 { .id = u"L2"_s, .rank = 2 },
        l3 { .id = u"L3"_s, .rank = 3 };
    const QList<Tier> tiers { l3, l1, l2 };
    QCOMPARE(defaultTarget(EscalationKind::Functional, u"missing-tools", l1, tiers), u"L2"_s);
    QCOMPARE(defaultTarget(EscalationKind::Automated, u"sla-risk", l1, tiers), u"L2"_s);
    QCOMPARE(defaultTarget(EscalationKind::Hierarchical, u"policy-exception", l1, tiers), u"L3"_s);
    QCOMPARE(defaultTarget(EscalationKind::Priority, u"missing-tools", l1, tiers), u"L3"_s);
    QCOMPARE(defaultTarget(EscalationKind::Functional, u"outage", l1, tiers), u"L3"_s);
    QCOMPARE(defaultTarget(EscalationKind::Functional, u"outage", l3, tiers), QString());
    QCOMPARE(tiersAbove(l1, tiers), (QList<Tier> { l2, l3 }));
}

QTEST_GUILESS_MAIN(TestGuards)
#include "tst_guards.moc"
