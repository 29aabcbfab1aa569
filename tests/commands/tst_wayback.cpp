#include "core/commands/automatic.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// A ticket goes back to a queue where it was before only where somebody says why.
class TestWayBack : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void withoutAReasonItIsRefused();
    void aReasonOpensTheWay();
    void whereItNeverWasNothingIsAsked();
    void aReopenedTicketBeginsAnew();
    void whatWasUndoneIsNoVisit();
    void upAgainByAProgram();
    void byAProgram_data();
    void byAProgram();

private:
    Reassign to(const QString &team, const QString &note = u"Theirs"_s)
    {
        return { .ticket = u"T-1"_s, .team = team, .note = note };
    }
    /// What a rule does, without its engine.
    std::vector<std::optional<Error>> automatic(Automatic::Step step)
    {
        Context context = f->as(u"lea"_s);
        context.actor = { .id = u"rule:A rule"_s, .name = u"A rule"_s, .role = Role::Lead };
        AutomaticOutcome outcome;
        const auto done = f->write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(all, perform(context, scope, { u"T-1"_s, { std::move(step) } }));
            outcome = std::move(all);
            return Done {};
        });
        return done ? outcome.refusals : std::vector<std::optional<Error>> { done.error() };
    }
    QString team() { return f->state(u"T-1"_s).ticket.team; }
    std::unique_ptr<CommandFixture> f;
    Instant left, came;
};

/// At L2, with Technical from `came` to `left`, and with Billing now.
void TestWayBack::init()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
    QVERIFY(f->newTicket(u"T-1"_s));
    Escalate up = CommandFixture::escalation(u"T-1"_s);
    up.team = u"Technical"_s;
    f->clock.advance(1h);
    came = f->clock.now();
    QVERIFY(f->run("ann", up));
    f->clock.advance(1h);
    left = f->clock.now();
    QVERIFY(f->run("bob", to(u"Billing"_s)));
    f->clock.advance(1h);
}

void TestWayBack::withoutAReasonItIsRefused()
{
    for (const char *blank : { "", " \n\t" }) {
        const auto refused = f->run("lea", to(u"Technical"_s, QString::fromLatin1(blank)));
        QVERIFY(!refused);
        QCOMPARE(refused.error().fault, Fault::BadInput);
        QCOMPARE(refused.error().where, u"note"_s);
        QCOMPARE(refused.error().detail,
            u"Ticket T-1 was in Technical already, from %1 to %2: say why it should go back there."_s
                .arg(came.iso(), left.iso()));
    }
    QCOMPARE(team(), u"Billing"_s);
    QCOMPARE(f->wrong(u"T-1"_s), QString());
}

void TestWayBack::aReasonOpensTheWay()
{
    QVERIFY(f->run("lea", to(u"Technical"_s, u"It is no question of money"_s)));
    QCOMPARE(team(), u"Technical"_s);
    // Down again, and up again: the note and the form say why.
    QVERIFY(f->run("bob", Accept { u"T-1"_s }));
    QVERIFY(!f->run("bob", Return { u"T-1"_s, Verdict::Answered, u" "_s }));
    QVERIFY(f->run("bob", Return { u"T-1"_s, Verdict::Answered, u"See the manual"_s }));
    QCOMPARE(f->state(u"T-1"_s).ticket.tier, u"L1"_s);
    QVERIFY(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
}

void TestWayBack::whereItNeverWasNothingIsAsked()
{
    const auto refused = f->run("lea", to(u"Security"_s, {}));
    QVERIFY(!refused);
    QVERIFY(refused.error().detail.contains(u"does not move without a note"_s)
        || refused.error().detail.contains(u"no team"_s));
    const auto other = f->run("lea", Reassign { .ticket = u"T-1"_s, .to = u"bea"_s });
    QVERIFY(other.error().detail.contains(u"does not move without a note"_s));
}

void TestWayBack::aReopenedTicketBeginsAnew()
{
    QVERIFY(f->run("lea", Accept { u"T-1"_s }));
    QVERIFY(f->run("lea", Solve { u"T-1"_s, {} }));
    QVERIFY(f->run("ann", Reopen { u"T-1"_s, u"It is back"_s }));
    QVERIFY(!automatic(Reassign { .team = u"Technical"_s, .note = u"x"_s, .isOwnReason = false })
                 .front());
    QCOMPARE(team(), u"Technical"_s);
}

void TestWayBack::whatWasUndoneIsNoVisit()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
    QVERIFY(f->newTicket(u"T-1"_s));
    QVERIFY(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QVERIFY(f->run("bea", to(u"Billing"_s)));
    QVERIFY(f->run("bea", Undo { u"T-1"_s }));
    const auto moved
        = automatic(Reassign { .team = u"Billing"_s, .note = u"x"_s, .isOwnReason = false });
    QVERIFY2(!moved.front(), moved.front() ? qPrintable(moved.front()->detail) : "");
}

/// The form of an escalation that a rule composes has a summary always.
void TestWayBack::upAgainByAProgram()
{
    QVERIFY(f->run("lea", to(u"Technical"_s, u"No question of money"_s)));
    QVERIFY(f->run("bob", Accept { u"T-1"_s }));
    QVERIFY(f->run("bob", Return { u"T-1"_s, Verdict::Answered, u"See the manual"_s }));
    Escalate up = CommandFixture::escalation(u"T-1"_s);
    up.team = u"Technical"_s;
    up.isOwnReason = false;
    const auto refused = automatic(up);
    QVERIFY(refused.front());
    QCOMPARE(refused.front()->where, u"summary"_s);
    QVERIFY(refused.front()->detail.contains(u"was in Technical already"_s));
    QCOMPARE(f->state(u"T-1"_s).ticket.tier, u"L1"_s);
    up.toTier = u"L3"_s;
    up.team.clear();
    QVERIFY(!automatic(up).front()); // it never was there
}

void TestWayBack::byAProgram_data()
{
    QTest::addColumn<bool>("isOwnReason");
    QTest::addColumn<QString>("team");
    QTest::newRow("of its own making") << false << u"Billing"_s;
    QTest::newRow("in its author's words") << true << u"Technical"_s;
}

void TestWayBack::byAProgram()
{
    QFETCH(bool, isOwnReason);
    const auto refusals = automatic(Reassign { .team = u"Technical"_s,
        .note = u"Rule “A rule”: category is billing"_s,
        .isOwnReason = isOwnReason });
    QCOMPARE(refusals.size(), size_t(1));
    QCOMPARE(refusals.front().has_value(), !isOwnReason);
    if (!isOwnReason)
        QVERIFY2(refusals.front()->detail.contains(u"with “saying"_s),
            qPrintable(refusals.front()->detail));
    QTEST(team(), "team");
}

QTEST_GUILESS_MAIN(TestWayBack)
#include "tst_wayback.moc"
