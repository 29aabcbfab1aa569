#include "core/escalation/eventdata.h"
#include "core/storage/accounts.h"
#include "tests/engine/enginetest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

/// Tickets that go back and forth, and rules that would send them back.
class TestHops : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void aRuleThatSendsItBackIsRefused();
    void aRuleThatSaysWhyIsNot();
    void theLeadsHearOnce();
    void alwaysFurtherAlarmsNobody();
    void slowlyAlarmsNobody();
    void rulesHopToo();
    void theHelpdesksHopsCount();
    void itsNextLifeMayAlarmAgain();
    void whatTheHelpdeskSendsBackIsAskedAbout();
    void aNoteThereIsAReason();
    void oldHistoryIsNoNews();
    void ofAnotherRunnersAccountItIsNoted();

private:
    void to(const QString &team)
    {
        desk->clock.advance(10min);
        const auto moved
            = desk->run("lea", commands::Reassign { u"T-1"_s, team, {}, u"Theirs, they say"_s });
        QVERIFY2(moved, moved ? "" : qPrintable(moved.error().detail));
    }
    /// As sync writes it: what somebody at the helpdesk did, `ago` before now.
    void outside(const QString &team, const QString &note = {}, Millis ago = Millis(0))
    {
        commands::History history;
        history.ticket.key = u"T-1"_s;
        Event move { .at = desk->clock.now() - ago, .kind = EventKind::Moved };
        move.order = move.at;
        move.actor = u"Their Agent"_s;
        move.team = team;
        move.origin = ++m_origin;
        history.events.push_back(move);
        history.messageOf.push_back(-1);
        if (!note.isEmpty()) {
            Event said = move;
            said.kind = EventKind::Message;
            said.team.reset();
            said.data[eventdata::internal] = true;
            said.origin = ++m_origin;
            history.events.push_back(said);
            history.messages.push_back({ .at = move.at,
                .kind = MessageKind::InternalNote,
                .author = AuthorKind::Agent,
                .authorName = move.actor,
                .text = note });
            history.messageOf.push_back(0);
        }
        const auto merged = desk->write([&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_CHECK(commands::merge(scope, desk->id(u"T-1"_s), history));
            scope.touch(desk->id(u"T-1"_s));
            return Done {};
        });
        QVERIFY2(merged, merged ? "" : qPrintable(merged.error().detail));
    }
    /// Of what the engine itself found; escalations have notices of their own.
    std::vector<Notice> told(const QString &rule, const QString &key = u"T-1"_s)
    {
        const std::vector<Firing> lines = desk->firings(key, {});
        std::vector<Notice> found = desk->notices(key);
        std::erase_if(found, [&](const Notice &one) {
            return std::ranges::none_of(lines,
                [&](const Firing &line) { return line.rule == rule && line.number == one.firing; });
        });
        return found;
    }
    std::vector<Notice> urgent() { return told(u"ping-pong"_s); }
    std::unique_ptr<EngineFixture> desk;
    quint64 m_origin = 1'000;
};

/// At L2 with Technical. No rule runs.
void TestHops::init()
{
    desk = std::make_unique<EngineFixture>();
    QVERIFY(desk->begin());
    QVERIFY(desk->newTicket(u"T-1"_s));
    commands::Escalate up = CommandFixture::escalation(u"T-1"_s);
    up.team = u"Technical"_s;
    QVERIFY(desk->run("ann", up));
    desk->settle();
    desk->clock.advance(48h);
    desk->settle();
}

void TestHops::aRuleThatSendsItBackIsRefused()
{
    QVERIFY(desk->rules(u"rule \"Back\" when category is access then assign to team \"Technical\" "
                        "and tag seen"_s));
    to(u"Billing"_s);
    desk->settle();
    QVERIFY(desk->run("lea", commands::SetFields { u"T-1"_s, { { u"category"_s, u"access"_s } } }));
    QCOMPARE(desk->settle().fired, 1);
    const auto fired = desk->firings(u"T-1"_s);
    QCOMPARE(fired.size(), size_t(1));
    QCOMPARE(fired[0].deeds[0].outcome, u"refused"_s);
    QVERIFY2(fired[0].deeds[0].why.contains(u"T-1 was in Technical already, from "_s),
        qPrintable(fired[0].deeds[0].why));
    QVERIFY(fired[0].deeds[0].why.contains(u"with “saying"_s));
    QCOMPARE(desk->state(u"T-1"_s).ticket.team, u"Billing"_s);
    QCOMPARE(desk->state(u"T-1"_s).ticket.tags, QStringList { u"seen"_s }); // the rest is done
}

void TestHops::aRuleThatSaysWhyIsNot()
{
    QVERIFY(desk->rules(u"rule \"Back\" when category is access then assign to team \"Technical\" "
                        "saying \"Access is never billed\""_s));
    to(u"Billing"_s);
    QVERIFY(desk->run("lea", commands::SetFields { u"T-1"_s, { { u"category"_s, u"access"_s } } }));
    QCOMPARE(desk->settle().fired, 1);
    QCOMPARE(desk->state(u"T-1"_s).ticket.team, u"Technical"_s);
    const auto events = storage::loadEvents(desk->connection(), desk->id(u"T-1"_s));
    QCOMPARE(events->back().note, u"Access is never billed"_s);
}

void TestHops::theLeadsHearOnce()
{
    to(u"Billing"_s);
    to(u"Technical"_s);
    QCOMPARE(desk->settle().fired, 0);
    to(u"Billing"_s);
    const Instant third = desk->clock.now();
    QCOMPARE(desk->settle().fired, 1);
    const std::vector<Notice> told = urgent();
    QCOMPARE(told.size(), size_t(1));
    QVERIFY(told[0].isUrgent);
    QCOMPARE(told[0].kind, NoticeTarget::Role);
    QCOMPARE(told[0].target, code(Role::Lead));
    QCOMPARE(told[0].state, Notice::State::Waiting);
    QVERIFY2(told[0].text.contains(u"Technical ("_s) && told[0].text.contains(u" → Billing ("_s)
            && told[0].text.contains(third.iso()),
        qPrintable(told[0].text));
    // Neither another look, nor another hop, nor another program says it again.
    to(u"Technical"_s);
    QCOMPARE(desk->settle().fired, 0);
    desk->restart();
    QVERIFY(desk->run("lea", commands::Note { u"T-1"_s, u"I see"_s, {} }));
    QCOMPARE(desk->settle().fired, 0);
    QCOMPARE(desk->after(24h).fired, 0);
    QCOMPARE(urgent().size(), size_t(1));
    QCOMPARE(desk->firings(u"T-1"_s).back().rule, u"ping-pong"_s);
    QCOMPARE(desk->wrong(u"T-1"_s), QString());
}

void TestHops::alwaysFurtherAlarmsNobody()
{
    to(u"Billing"_s);
    commands::Escalate up = CommandFixture::escalation(u"T-1"_s, u"L3"_s);
    QVERIFY(desk->run("lea", up));
    QCOMPARE(desk->settle().fired, 0);
    QVERIFY(urgent().empty());
}

void TestHops::slowlyAlarmsNobody()
{
    for (const QString &team : { u"Billing"_s, u"Technical"_s, u"Billing"_s, u"Technical"_s }) {
        to(team);
        QCOMPARE(desk->after(13h).fired, 0);
    }
    QVERIFY(urgent().empty());
}

void TestHops::rulesHopToo()
{
    QVERIFY(desk->rules(u"rule \"Back\" when category is access then assign to team \"Technical\" "
                        "saying \"Access is never billed\""_s));
    to(u"Billing"_s);
    QVERIFY(desk->run("lea", commands::SetFields { u"T-1"_s, { { u"category"_s, u"access"_s } } }));
    QCOMPARE(desk->settle().fired, 1);
    to(u"Billing"_s);
    desk->settle();
    QCOMPARE(urgent().size(), size_t(1));
}

void TestHops::theHelpdesksHopsCount()
{
    to(u"Billing"_s);
    outside(u"Technical"_s, u"Not money"_s);
    desk->clock.advance(5min);
    QCOMPARE(desk->settle().fired, 0);
    outside(u"Billing"_s, u"But it is"_s);
    QCOMPARE(desk->settle().fired, 1);
    QCOMPARE(urgent().size(), size_t(1));
    desk->restart();
    desk->clock.advance(5min);
    outside(u"Technical"_s, u"No"_s);
    QCOMPARE(desk->settle().fired, 0);
    QCOMPARE(urgent().size(), size_t(1));
}

void TestHops::itsNextLifeMayAlarmAgain()
{
    for (const QString &team : { u"Billing"_s, u"Technical"_s, u"Billing"_s })
        to(team);
    QCOMPARE(desk->settle().fired, 1);
    QVERIFY(desk->run("lea", commands::Accept { u"T-1"_s }));
    QVERIFY(desk->run("lea", commands::Solve { u"T-1"_s, {} }));
    desk->clock.advance(1h);
    QVERIFY(desk->run("lea", commands::Reopen { u"T-1"_s, u"Back again"_s }));
    QCOMPARE(desk->settle().fired, 0);
    for (const QString &team : { u"Technical"_s, u"Billing"_s, u"Technical"_s })
        to(team);
    QCOMPARE(desk->settle().fired, 1);
    QCOMPARE(urgent().size(), size_t(2));
}

void TestHops::whatTheHelpdeskSendsBackIsAskedAbout()
{
    to(u"Billing"_s);
    const Instant left = desk->clock.now();
    desk->clock.advance(1h);
    outside(u"Technical"_s);
    QCOMPARE(desk->state(u"T-1"_s).ticket.team, u"Technical"_s); // it happened
    QCOMPARE(desk->settle().fired, 1);
    const auto fired = desk->firings(u"T-1"_s);
    QCOMPARE(fired.back().rule, u"came-back"_s);
    QVERIFY2(
        fired.back().sentence.contains(u"Technical, which it had left at %1"_s.arg(left.iso())),
        qPrintable(fired.back().sentence));
    const std::vector<Notice> asked = told(u"came-back"_s);
    QCOMPARE(asked.size(), size_t(1));
    QCOMPARE(asked[0].target, u"Technical"_s);
    QVERIFY(asked[0].text.contains(u"Ask why"_s));
    desk->restart();
    QVERIFY(desk->run("lea", commands::Note { u"T-1"_s, u"I ask"_s, {} }));
    QCOMPARE(desk->settle().fired, 0);
}

void TestHops::aNoteThereIsAReason()
{
    to(u"Billing"_s);
    desk->clock.advance(1h);
    outside(u"Technical"_s, u"It is no question of money"_s);
    QCOMPARE(desk->settle().fired, 0);
    QVERIFY(urgent().empty() && told(u"came-back"_s).empty());
}

void TestHops::oldHistoryIsNoNews()
{
    desk->clock.advance(30 * 24h);
    const Millis day = 24h;
    outside(u"Billing"_s, {}, 10 * day);
    outside(u"Technical"_s, {}, 10 * day - Millis(1h));
    outside(u"Billing"_s, {}, 10 * day - Millis(2h));
    QCOMPARE(desk->settle().fired, 0);
    QVERIFY(urgent().empty() && told(u"came-back"_s).empty());
}

void TestHops::ofAnotherRunnersAccountItIsNoted()
{
    const storage::Account account { .name = u"zd"_s,
        .type = u"zendesk"_s,
        .url = u"https://zd.example"_s,
        .created = desk->clock.now() };
    QVERIFY(desk->write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::addAccount(scope, account));
        scope.touchEverything();
        return Done {};
    }));
    QVERIFY(desk->newTicket(u"zd:1"_s));
    desk->settle();
    commands::Escalate up = CommandFixture::escalation(u"zd:1"_s);
    up.team = u"Technical"_s;
    QVERIFY(desk->run("ann", up));
    for (const QString &team : { u"Billing"_s, u"Technical"_s, u"Billing"_s })
        QVERIFY(desk->run("lea", commands::Reassign { u"zd:1"_s, team, {}, u"Theirs"_s }));
    QCOMPARE(desk->settle().wouldFire, 1);
    QVERIFY(told(u"ping-pong"_s, u"zd:1"_s).empty());
    QCOMPARE(desk->firings(u"zd:1"_s, FiringOutcome::WouldFire).size(), size_t(1));
    QVERIFY(desk->run("lea", commands::Note { u"zd:1"_s, u"I see"_s, {} }));
    QCOMPARE(desk->settle().wouldFire, 0);
}

QTEST_GUILESS_MAIN(TestHops)
#include "tst_hops.moc"
