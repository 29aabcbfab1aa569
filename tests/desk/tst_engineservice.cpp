#include "core/commands/rules.h"
#include "core/desk/engineservice.h"
#include "core/desk/session.h"
#include "core/storage/firings.h"
#include "core/storage/waiting.h"
#include "tests/commands/commandtest.h"

#include <QSignalSpy>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

/// Keeps what it is told.
class Ear final : public notify::Sink
{
public:
    QString name() const override { return u"ear"_s; }
    std::vector<NoticeAddress> reaches() const override
    {
        return { { NoticeTarget::Agent, u"ann"_s } };
    }
    void tell(const notify::Message &message) override { heard.append(message.notice.text); }
    QStringList heard;
};

} // namespace

/// The rules at work inside a desktop.
class TestEngineService : public QObject
{
    Q_OBJECT
private slots:
    void firesAndTells();
    void noticesForOthersHoldNothingUp();
    void questionsAreAnswered();
    void theLockIsGivenBack();

private:
    /// A desk with one ticket of ann's and one live rule, and nobody writing.
    void prepare(CommandFixture &desk, const QString &rule)
    {
        DONE(desk.begin());
        commands::Context context = desk.as(u"lea"_s);
        const auto saved = commands::run(context,
            commands::SaveRules {
                .texts = { { .kind = RuleKind::Rule, .name = u"Waits"_s, .text = rule } },
                .reason = { u"a test"_s } });
        QVERIFY2(saved.has_value(), saved ? "" : qPrintable(saved.error().detail));
        QVERIFY(commands::run(context,
            commands::SetRuleState { .rule = u"Waits"_s,
                .state = RuleState::Live,
                .reason = { u"a test"_s },
                .weeklyCap = 0 })
                    .has_value());
        DONE(desk.newTicket(u"T-1"_s));
        desk.store.reset();
    }
};

void TestEngineService::firesAndTells()
{
    CommandFixture desk;
    prepare(desk,
        u"rule \"Waits\" when no agent reply for 2h then notify agent ann and notify agent amy"_s);
    QVERIFY(!QTest::currentTestFailed());
    Ear ear;
    SystemRandom random;
    desk::Session session(desk.workspace, desk.clock, random, u"ann"_s);
    session.engine().start({ &ear });
    session.open();
    QTRY_VERIFY(session.engine().state().isHolder);
    QTRY_VERIFY(!session.engine().state().isWalking);
    QVERIFY(ear.heard.isEmpty());
    QSignalSpy fired(&session.engine(), &desk::EngineService::fired);
    desk.clock.advance(2h);
    // Anything that happens is a moment to look at the clock.
    session.run(commands::Note { u"T-1"_s, u"Looking."_s, {} });
    QTRY_COMPARE(fired.count(), 1);
    QTRY_COMPARE(ear.heard.size(), 1);
    QVERIFY2(ear.heard[0].contains(u"no agent reply for 2h"_s), qPrintable(ear.heard[0]));
    // What comes after it tells it no second time.
    QSignalSpy changed(&session, &desk::Session::ticketsChanged);
    auto noted = session.run(commands::Note { u"T-1"_s, u"Still looking."_s, {} });
    QTRY_VERIFY(noted.isFinished());
    QTRY_VERIFY(changed.count() > 0);
    QCOMPARE(ear.heard.size(), 1);
    session.shutDown();
    // What nobody here is told stays for whoever is.
    DONE(desk.reopen());
    VALUE(waiting,
        storage::loadNoticesFor(desk.connection(), { { NoticeTarget::Agent, u"amy"_s } },
            Visibility::all(), desk.clock.now(), 10));
    QCOMPARE(waiting.size(), 1U);
    QCOMPARE(waiting[0].notice.target, u"amy"_s);
}

/// However much waits for others and for sinks that nobody has: what is for this person comes, all of it.
void TestEngineService::noticesForOthersHoldNothingUp()
{
    CommandFixture desk;
    prepare(desk, u"rule \"Waits\" when no agent reply for 2h then tag late"_s);
    QVERIFY(!QTest::currentTestFailed());
    DONE(desk.reopen());
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(ticket, storage::findAnyTicket(scope.connection(), u"T-1"_s));
        Firing firing { .ticket = ticket, .rule = u"r"_s, .anchor = u"a"_s, .at = scope.now() };
        TIERLINE_CHECK(storage::insertFiring(scope, firing));
        const auto add = [&](NoticeTarget kind, const QString &target) {
            Notice notice { .firing = firing.number,
                .ticket = ticket,
                .at = scope.now(),
                .kind = kind,
                .target = target,
                .text = target };
            return storage::insertNotice(scope, notice);
        };
        for (int i = 0; i < 1'200; ++i)
            TIERLINE_CHECK(add(i % 2 == 0 ? NoticeTarget::Pager : NoticeTarget::Agent, u"amy"_s));
        for (int i = 0; i < 120; ++i)
            TIERLINE_CHECK(add(NoticeTarget::Agent, u"ann"_s));
        return Done {};
    }));
    desk.store.reset();
    Ear ear;
    SystemRandom random;
    desk::Session session(desk.workspace, desk.clock, random, u"ann"_s);
    session.engine().start({ &ear });
    session.open();
    QTRY_COMPARE_WITH_TIMEOUT(ear.heard.size(), 120, 30'000);
    QVERIFY(std::ranges::all_of(ear.heard, [](const QString &one) { return one == u"ann"; }));
    session.shutDown();
}

void TestEngineService::questionsAreAnswered()
{
    CommandFixture desk;
    prepare(desk, u"rule \"Waits\" when no agent reply for 2h then tell customer"_s);
    QVERIFY(!QTest::currentTestFailed());
    desk.clock.advance(5h);
    SystemRandom random;
    desk::Session session(desk.workspace, desk.clock, random, u"ann"_s);
    session.engine().start({});
    session.open();
    QTRY_COMPARE(session.engine().state().questions, 1);
    auto asked = session.engine().questions();
    QTRY_VERIFY(asked.isFinished());
    QVERIFY(asked.result().has_value());
    QCOMPARE(asked.result()->size(), 1U);
    // All that is needed to decide it: whom it reaches, which rule asks, and why.
    const desk::OpenQuestion open = asked.result()->front();
    QCOMPARE(open.key, u"T-1"_s);
    QVERIFY(!open.subject.isEmpty() && !open.customer.isEmpty());
    QCOMPARE(open.rule, u"Waits"_s);
    QVERIFY2(open.sentence.contains(u"no agent reply for 2h"_s), qPrintable(open.sentence));
    QVERIFY2(open.question.why.contains(u"3 h late"_s), qPrintable(open.question.why));
    auto answered = session.engine().answer(open.question.id, true);
    QTRY_VERIFY(answered.isFinished());
    QVERIFY2(answered.result().has_value(),
        answered.result() ? "" : qPrintable(answered.result().error().detail));
    QCOMPARE(answered.result()->fired, 1);
    QTRY_COMPARE(session.engine().state().questions, 0);
    session.shutDown();
    DONE(desk.reopen());
    const auto messages = storage::loadMessages(
        desk.connection(), *storage::findAnyTicket(desk.connection(), u"T-1"_s));
    QVERIFY(messages && messages->size() == 2);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestEngineService::theLockIsGivenBack()
{
    CommandFixture desk;
    prepare(desk, u"rule \"Waits\" when no agent reply for 2h then tag late"_s);
    QVERIFY(!QTest::currentTestFailed());
    SystemRandom random;
    {
        desk::Session session(desk.workspace, desk.clock, random, u"ann"_s);
        session.engine().start({});
        session.open();
        QTRY_VERIFY(session.engine().state().isHolder);
        QVERIFY(!storage::FileLock::tryAcquire(desk.workspace.engineLockPath()));
        session.shutDown();
    }
    QVERIFY(storage::FileLock::tryAcquire(desk.workspace.engineLockPath()));
}

QTEST_GUILESS_MAIN(TestEngineService)
#include "tst_engineservice.moc"
