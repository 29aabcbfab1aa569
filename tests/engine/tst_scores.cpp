#include "core/escalation/eventdata.h"
#include "core/storage/accounts.h"
#include "core/storage/outbox.h"
#include "core/storage/remotes.h"
#include "tests/engine/enginetest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// What triage reads goes to the fields that a helpdesk has for it: once for each message, over nobody's word.

namespace {

const QString angry
    = u"This is unacceptable, I am furious. Our lawyer will write to you, and we are considering cancelling."_s;
const QString glad = u"Thank you so much, it works perfectly now. Great support!"_s;

/// A desk with an account at a helpdesk that has both fields, unless a test says otherwise.
struct ScoredDesk : EngineFixture {
    storage::Account account { .name = u"rt"_s, .type = u"rt"_s, .url = u"https://rt.example"_s };
    QJsonObject base { { u"field.sentiment_score"_s, QString() },
        { u"field.escalation_risk"_s, QString() } };

    Result<Done> start()
    {
        if (auto done = begin(); !done)
            return done;
        account.created = clock.now();
        account.options = { { storage::RunnerOption, u"yes"_s },
            { storage::SentimentFieldOption, u"Mood"_s }, { storage::RiskFieldOption, u"Risk"_s } };
        return write(
            [&](storage::WriteScope &scope) { return storage::addAccount(scope, account); });
    }
    Result<Done> ticket(const QString &key)
    {
        if (auto made = newTicket(key); !made)
            return made.error();
        return write([&](storage::WriteScope &scope) {
            return storage::saveRemote(scope,
                { .account = u"rt"_s,
                    .remote = key.section(u':', 1),
                    .ticket = id(key),
                    .base = base });
        });
    }
    Result<Done> says(const QString &key, const QString &text)
    {
        clock.advance(1min);
        const auto said = run("ann", commands::CustomerMessage { key, text });
        return said ? Result<Done>(Done {}) : said.error();
    }
    QString field(const QString &key, const QString &name)
    {
        return state(key).ticket.fields.value(name).toString();
    }
    int score(const QString &key) { return field(key, u"sentiment_score"_s).toInt(); }
    qsizetype pending() { return qsizetype(storage::loadOutbox(connection()).value_or({}).size()); }
};

} // namespace

class TestScores : public QObject
{
    Q_OBJECT
private slots:
    void eachMessageIsScoredOnce();
    void whatSomebodyWroteStays();
    void onlyFieldsThatAreThereAreWritten_data();
    void onlyFieldsThatAreThereAreWritten();
    void historyIsLeftAlone();
    void rulesReadTheNextWordsAndNotTheLastScore();
    void aTicketThatIsOverIsLeftAlone();
};

void TestScores::eachMessageIsScoredOnce()
{
    ScoredDesk desk;
    DONE(desk.start());
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.says(u"rt:7"_s, angry));
    const qsizetype before = desk.pending();
    QCOMPARE(desk.settle().scored, 1);
    QVERIFY2(desk.problem.isEmpty(), qPrintable(desk.problem));
    QVERIFY(desk.score(u"rt:7"_s) < 0);
    QCOMPARE(desk.field(u"rt:7"_s, u"escalation_risk"_s), u"high"_s);
    QCOMPARE(desk.pending(), before + 1); // one operation for both
    const TicketState state = desk.state(u"rt:7"_s);
    const auto events = storage::loadEvents(desk.connection(), state.ticket.id);
    QVERIFY(events.has_value());
    QCOMPARE(events->back().actor, QString(eventdata::triage));
    QCOMPARE(events->back().actorKind, AuthorKind::System);
    QCOMPARE(desk.after(1h).scored, 0);
    desk.restart();
    QCOMPARE(desk.settle().scored, 0);

    DONE(desk.says(u"rt:7"_s, glad));
    QCOMPARE(desk.settle().scored, 1);
    QVERIFY(desk.score(u"rt:7"_s) > 0);
    QCOMPARE(desk.field(u"rt:7"_s, u"escalation_risk"_s), u"low"_s);
    QCOMPARE(desk.wrong(u"rt:7"_s), QString());
}

void TestScores::whatSomebodyWroteStays()
{
    ScoredDesk desk;
    DONE(desk.start());
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.says(u"rt:7"_s, angry));
    desk.settle();
    DONE(desk.run(
        "ann", commands::SetFields { u"rt:7"_s, { { u"field.escalation_risk"_s, u"low"_s } } }));
    QCOMPARE(desk.settle().scored, 0);
    QCOMPARE(desk.after(1h).scored, 0);
    QCOMPARE(desk.field(u"rt:7"_s, u"escalation_risk"_s), u"low"_s);
    // The next words are read anew.
    DONE(desk.says(u"rt:7"_s, angry));
    QCOMPARE(desk.settle().scored, 1);
    QCOMPARE(desk.field(u"rt:7"_s, u"escalation_risk"_s), u"high"_s);
}

void TestScores::onlyFieldsThatAreThereAreWritten_data()
{
    QTest::addColumn<QString>("option");
    QTest::addColumn<QString>("value");
    QTest::addColumn<QString>("gone");
    QTest::addColumn<bool>("hasSentiment");
    QTest::addColumn<bool>("hasRisk");
    const QString none;
    QTest::newRow("both") << none << none << none << true << true;
    QTest::newRow("no field of its queue")
        << none << none << u"field.escalation_risk"_s << true << false;
    QTest::newRow("no option") << QString(storage::SentimentFieldOption) << none << none << false
                               << true;
    QTest::newRow("another runner")
        << QString(storage::RunnerOption) << u"no"_s << none << false << false;
}

void TestScores::onlyFieldsThatAreThereAreWritten()
{
    QFETCH(QString, option);
    QFETCH(QString, value);
    QFETCH(QString, gone);
    QFETCH(bool, hasSentiment);
    QFETCH(bool, hasRisk);
    ScoredDesk desk;
    DONE(desk.start());
    desk.base.remove(gone);
    if (!option.isEmpty())
        desk.account.options[option] = value;
    DONE(desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_CHECK(storage::saveAccount(scope, desk.account));
        scope.touchEverything();
        return Done {};
    }));
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.newTicket(u"T-1"_s)); // of no account
    DONE(desk.says(u"rt:7"_s, angry));
    DONE(desk.says(u"T-1"_s, angry));
    desk.settle();
    const QJsonObject fields = desk.state(u"rt:7"_s).ticket.fields;
    QCOMPARE(fields.contains(u"sentiment_score"_s), hasSentiment);
    QCOMPARE(fields.contains(u"escalation_risk"_s), hasRisk);
    QVERIFY(desk.state(u"T-1"_s).ticket.fields.isEmpty());
}

void TestScores::historyIsLeftAlone()
{
    ScoredDesk desk;
    DONE(desk.start());
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.says(u"rt:7"_s, angry));
    desk.clock.advance(73h);
    QCOMPARE(desk.settle().scored, 0);
    QVERIFY(desk.state(u"rt:7"_s).ticket.fields.isEmpty());
    DONE(desk.says(u"rt:7"_s, angry));
    QCOMPARE(desk.settle().scored, 1);
}

/// What triage wrote is no word of another system: else the old score would go before the new words.
void TestScores::rulesReadTheNextWordsAndNotTheLastScore()
{
    ScoredDesk desk;
    DONE(desk.start());
    DONE(desk.rules(u"rule \"Glad\" when sentiment score is at least 10 then tag glad"_s));
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.says(u"rt:7"_s, angry));
    desk.settle();
    QVERIFY2(desk.problem.isEmpty(), qPrintable(desk.problem));
    QVERIFY(desk.score(u"rt:7"_s) < 0);
    DONE(desk.says(u"rt:7"_s, glad));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.state(u"rt:7"_s).ticket.tags, QStringList { u"glad"_s });
    // But somebody's word goes before.
    DONE(desk.rules(u"rule \"Sad\" when sentiment score is at most -90 then tag sad"_s));
    DONE(desk.run(
        "ann", commands::SetFields { u"rt:7"_s, { { u"field.sentiment_score"_s, u"-95"_s } } }));
    QCOMPARE(desk.settle().fired, 1);
}

void TestScores::aTicketThatIsOverIsLeftAlone()
{
    ScoredDesk desk;
    DONE(desk.start());
    DONE(desk.ticket(u"rt:7"_s));
    DONE(desk.says(u"rt:7"_s, angry));
    DONE(desk.run("ann", commands::Solve { .ticket = u"rt:7"_s }));
    QCOMPARE(desk.settle().scored, 0);
    QVERIFY(desk.state(u"rt:7"_s).ticket.fields.isEmpty());
}

QTEST_GUILESS_MAIN(TestScores)
#include "tst_scores.moc"
