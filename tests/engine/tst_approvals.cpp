#include "enginetest.h"

#include "core/domain/approver.h"
#include "core/storage/waiting.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// Rules that ask for a yes: what is asked, who may answer, and what happens before and after.

class TestApprovals : public QObject
{
    Q_OBJECT
private slots:
    void theYesItselfCanBeAllThatIsWanted();
    void customersHearOfItAfterTheYes();
    void onlyWhoIsAskedMayAnswer_data();
    void onlyWhoIsAskedMayAnswer();
    void whoIsMeant_data();
    void whoIsMeant();
    void solvingEndsTheQuestion();
    void whatNobodyCanBeToldSaysSo();

private:
    static std::vector<EngineQuestion> open(EngineFixture &desk)
    {
        return storage::loadOpenQuestions(desk.connection(), 10)
            .value_or(std::vector<EngineQuestion> {});
    }
    static size_t words(EngineFixture &desk, const QString &key)
    {
        const auto messages = storage::loadMessages(desk.connection(), desk.id(key));
        return messages ? messages->size() : 0;
    }
};

void TestApprovals::theYesItselfCanBeAllThatIsWanted()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"Limit\" when priority is urgent then tag seen"
                    " and ask approval of role lead saying \"Billing above $500\""_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    QCOMPARE(desk.settle().asked, 1);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"seen"_s });
    const std::vector<EngineQuestion> asked = open(desk);
    QCOMPARE(asked.size(), 1U);
    QCOMPARE(asked[0].actions, QString());
    QCOMPARE(asked[0].why, u"Billing above $500"_s);
    QCOMPARE(asked[0].approver, (Approver { NoticeTarget::Role, u"lead"_s }));
    const std::vector<Notice> told = desk.notices(u"T-1"_s);
    QCOMPARE(told.size(), 1U);
    QCOMPARE(told[0].kind, NoticeTarget::Role);
    QCOMPARE(desk.firings(u"T-1"_s).front().deeds.back().outcome, u"asked"_s);
    VALUE(lea, storage::findAgent(desk.connection(), u"lea"_s));
    VALUE(done, desk.engine->answer(asked[0].id, true, lea));
    QCOMPARE(done.fired, 1);
    QVERIFY(open(desk).empty());
    QVERIFY(desk.firings(u"T-1"_s).back().sentence.endsWith(u"LEA said yes"_s));
}

/// What stands behind the asking is no part of the move before it, and the customer hears of it once.
void TestApprovals::customersHearOfItAfterTheYes()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"Up\" when priority is urgent then escalate to L2 reason vip"
                    " and ask approval of role lead and tell customer"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    QCOMPARE(desk.settle().escalated, 1);
    QCOMPARE(words(desk, u"T-1"_s), 1U);
    VALUE(lea, storage::findAgent(desk.connection(), u"lea"_s));
    VALUE(done, desk.engine->answer(open(desk).front().id, true, lea));
    QCOMPARE(done.fired, 1);
    QCOMPARE(words(desk, u"T-1"_s), 2U);
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestApprovals::onlyWhoIsAskedMayAnswer_data()
{
    QTest::addColumn<QString>("approver");
    QTest::addColumn<QString>("refused");
    QTest::addColumn<QString>("says");
    QTest::addColumn<QString>("taken");
    QTest::newRow("role") << u"role lead"_s << u"bea"_s << u"a lead or an admin"_s << u"lea"_s;
    QTest::newRow("a higher role")
        << u"role lead"_s << u"ann"_s << u"a lead or an admin"_s << u"adm"_s;
    QTest::newRow("one person") << u"agent bob"_s << u"lea"_s << u"BOB"_s << u"bob"_s;
    QTest::newRow("a team's leads")
        << u"team \"Technical\""_s << u"bob"_s << u"a lead of “Technical”"_s << u"tea"_s;
    QTest::newRow("a team without a lead")
        << u"team \"Legal\""_s << u"lex"_s << u"an admin"_s << u"adm"_s;
}

void TestApprovals::onlyWhoIsAskedMayAnswer()
{
    QFETCH(QString, approver);
    QFETCH(QString, refused);
    QFETCH(QString, says);
    QFETCH(QString, taken);
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.write([](storage::WriteScope &scope) {
        return storage::saveAgent(scope,
            { .id = u"tea"_s,
                .name = u"TEA"_s,
                .homeTier = u"L2"_s,
                .teams = { u"Technical"_s },
                .role = Role::Lead });
    }));
    DONE(desk.rules(
        u"rule \"Asks\" when priority is urgent then ask approval of %1 and tag yes"_s.arg(
            approver)));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    const QString id = open(desk).front().id;
    VALUE(wrong, storage::findAgent(desk.connection(), refused));
    const auto answer = desk.engine->answer(id, true, wrong);
    QVERIFY(!answer);
    QCOMPARE(answer.error().fault, Fault::NotAllowed);
    QVERIFY2(answer.error().detail.contains(says), qPrintable(answer.error().detail));
    QVERIFY(desk.state(u"T-1"_s).ticket.tags.isEmpty());
    FAULT(desk.engine->answer(id, false, wrong), Fault::NotAllowed); // nor a no
    VALUE(right, storage::findAgent(desk.connection(), taken));
    DONE(desk.engine->answer(id, true, right));
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"yes"_s });
}

void TestApprovals::whoIsMeant_data()
{
    QTest::addColumn<NoticeTarget>("kind");
    QTest::addColumn<QString>("who");
    QTest::addColumn<QStringList>("may");
    using enum NoticeTarget;
    QTest::newRow("agents") << Role << u"agent"_s
                            << QStringList { u"a"_s, u"s"_s, u"l"_s, u"adm"_s };
    QTest::newRow("specialists") << Role << u"specialist"_s
                                 << QStringList { u"s"_s, u"l"_s, u"adm"_s };
    QTest::newRow("leads") << Role << u"lead"_s << QStringList { u"l"_s, u"adm"_s };
    QTest::newRow("no such role") << Role << u"boss"_s << QStringList { u"adm"_s };
    QTest::newRow("one") << Agent << u"a"_s << QStringList { u"a"_s };
    QTest::newRow("one who left") << Agent << u"gone"_s << QStringList { u"adm"_s };
    QTest::newRow("one who only reads") << Agent << u"ro"_s << QStringList { u"adm"_s };
    QTest::newRow("team") << Team << u"Billing"_s << QStringList { u"l"_s };
    QTest::newRow("team that nobody leads") << Team << u"Legal"_s << QStringList { u"adm"_s };
}

void TestApprovals::whoIsMeant()
{
    QFETCH(NoticeTarget, kind);
    QFETCH(QString, who);
    QFETCH(QStringList, may);
    const auto person = [](const char *id, tierline::Role role, const QStringList &teams = {}) {
        return tierline::Agent {
            .id = QString::fromLatin1(id), .homeTier = u"L1"_s, .teams = teams, .role = role
        };
    };
    QList<tierline::Agent> agents { person("a", tierline::Role::Agent, { u"Legal"_s }),
        person("s", tierline::Role::Specialist, { u"Billing"_s }),
        person("l", tierline::Role::Lead, { u"Billing"_s }), person("adm", tierline::Role::Admin),
        person("ro", tierline::Role::ReadOnly),
        person("gone", tierline::Role::Lead, { u"Legal"_s }) };
    agents.last().isActive = false;
    QStringList found;
    for (const tierline::Agent &agent : agents) {
        if (mayApprove({ kind, who }, agent, agents))
            found.append(agent.id);
    }
    QCOMPARE(found, may);
    QVERIFY(!inWords({ kind, who }, agents).isEmpty());
}

void TestApprovals::solvingEndsTheQuestion()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(
        u"rule \"Asks\" when priority is urgent then ask approval of role lead and tag yes"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    DONE(desk.newTicket(u"T-2"_s, Priority::Urgent));
    desk.settle();
    QCOMPARE(open(desk).size(), 2U);
    DONE(desk.run("ann", commands::Solve { u"T-1"_s }));
    desk.settle();
    QCOMPARE(open(desk).size(), 1U);
    QCOMPARE(open(desk).front().ticket, desk.id(u"T-2"_s));
    VALUE(count, storage::countOpenQuestions(desk.connection(), Visibility::all()));
    QCOMPARE(count, 1);
    // Opened again it is another case: nobody's yes of then does anything.
    DONE(desk.run("ann", commands::Reopen { u"T-1"_s, u"It is back."_s }));
    QVERIFY(std::ranges::none_of(desk.firings(u"T-1"_s),
        [](const Firing &one) { return one.sentence.contains(u"said yes"_s); }));
    // The rules being put away does not leave the others open for ever.
    DONE(desk.rules(
        u"rule \"Asks\" when priority is urgent then ask approval of role lead and tag yes"_s,
        RuleState::Retired));
    desk.settle();
    DONE(desk.run("ann", commands::Solve { u"T-2"_s }));
    desk.settle();
    QVERIFY(std::ranges::none_of(
        open(desk), [&](const EngineQuestion &one) { return one.ticket == desk.id(u"T-2"_s); }));
}

/// No way leads to a pager from here: neither does the log say that somebody was paged, nor does it wait for ever.
void TestApprovals::whatNobodyCanBeToldSaysSo()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"Tells\" when priority is urgent then notify pager \"on-call\""
                    " and notify channel \"#up\" and notify agent ann"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    const Firing fired = desk.firings(u"T-1"_s).front();
    QCOMPARE(fired.deeds.size(), 3U);
    QCOMPARE(fired.deeds[0].outcome, u"kept-back"_s);
    QVERIFY2(fired.deeds[0].why.contains(u"pager"_s), qPrintable(fired.deeds[0].why));
    QCOMPARE(fired.deeds[1].outcome, u"kept-back"_s);
    QCOMPARE(fired.deeds[2].outcome, u"done"_s);
    for (const Notice &notice : desk.notices(u"T-1"_s))
        QCOMPARE(notice.state == Notice::State::Waiting, notice.kind == NoticeTarget::Agent);
}

QTEST_GUILESS_MAIN(TestApprovals)
#include "tst_approvals.moc"
