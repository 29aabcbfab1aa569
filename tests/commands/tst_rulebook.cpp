#include "core/commands/rules.h"
#include "core/storage/feed.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using commands::RuleText;

namespace {

RuleText rule(const QString &name, const QString &text = {})
{
    return { RuleKind::Rule, name, text.isEmpty() ? u"text of "_s + name : text };
}

} // namespace

/// The rule book: versions, states and order, each change kept with its reason, in the log, or not at all.
class TestRuleBook : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void newRulesAreDrafts();
    void sameTextIsNoChange();
    void aChangeIsAVersion();
    void applyAgainBeginsAnEra();
    void statesWithReasons();
    void firstLiveHasACap();
    void oneLivePolicy();
    void listsAreLiveOrRetired();
    void orderOfFiles_data();
    void orderOfFiles();
    void reorderingTellsWhatMoved();
    void rollBack();
    void renames();
    void replaceRetiresTheRest();
    void refusals();
    void refusedIsNothing();
    void keptForEver();
    void theFeedTells();
    void identityIsTheSameEverywhere();

private:
    Result<commands::RuleOutcome> save(
        std::vector<RuleText> texts, bool appliesAgain = false, const char *who = "lea")
    {
        commands::Context context = f->as(QString::fromLatin1(who));
        return commands::run(
            context, commands::SaveRules { std::move(texts), { u"because"_s }, appliesAgain });
    }
    template<typename Command>
    Result<commands::RuleOutcome> run(const Command &command, const char *who = "lea")
    {
        commands::Context context = f->as(QString::fromLatin1(who));
        return commands::run(context, command);
    }
    Result<commands::RuleOutcome> set(const QString &name, RuleState state)
    {
        return run(commands::SetRuleState { name, state, { u"because"_s } });
    }
    RuleBook book() { return *storage::loadRuleBook(f->connection()); }
    StoredRule get(const QString &name)
    {
        const RuleBook all = book();
        const StoredRule *found = all.find(name);
        return found ? *found : StoredRule {};
    }
    QStringList names(RuleKind kind = RuleKind::Rule)
    {
        QStringList list;
        const RuleBook all = book();
        for (const StoredRule &rule : all.of(kind))
            list.append(rule.name);
        return list;
    }
    std::vector<RuleChange> changes(const QString &name)
    {
        return *storage::loadRuleChanges(f->connection(), get(name).id, 100);
    }
    std::unique_ptr<CommandFixture> f;
};

void TestRuleBook::init()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
}

void TestRuleBook::newRulesAreDrafts()
{
    const auto done = save({ rule(u"A"_s), rule(u"B"_s), { RuleKind::List, u"words"_s, u"l"_s },
        { RuleKind::Policy, u"P"_s, u"p"_s } });
    QVERIFY2(done, done ? "" : qPrintable(done.error().detail));
    QCOMPARE(done->changes.size(), size_t(4));
    QCOMPARE(names(), (QStringList { u"A"_s, u"B"_s }));
    QCOMPARE(get(u"a"_s).state, RuleState::Draft);
    QCOMPARE(get(u"B"_s).order, 2);
    QCOMPARE(get(u"B"_s).text, u"text of B"_s);
    QCOMPARE(get(u"words"_s).state, RuleState::Live);
    QCOMPARE(get(u"P"_s).state, RuleState::Draft);
    QVERIFY(!book().livePolicy());
    // In the workspace's log, with what they say.
    const auto events = storage::loadEvents(f->connection(), TicketId {});
    QVERIFY(events);
    QCOMPARE(events->back().data[u"policy.P.text"_s].toString(), u"p"_s);
    QCOMPARE(events->back().note, u"because"_s);
    QCOMPARE(events->back().actor, u"lea"_s);
    QCOMPARE(events->back().operation, done->operation);
}

void TestRuleBook::sameTextIsNoChange()
{
    QVERIFY(save({ rule(u"A"_s) }));
    const QString revision = book().revision;
    const auto again = save({ rule(u"A"_s) });
    QVERIFY(again);
    QVERIFY(again->changes.empty());
    QCOMPARE(book().revision, revision);
    QCOMPARE(get(u"A"_s).version, 1);
}

void TestRuleBook::aChangeIsAVersion()
{
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(set(u"A"_s, RuleState::Live));
    QVERIFY(save({ rule(u"A"_s, u"two"_s) }));
    const StoredRule now = get(u"A"_s);
    QCOMPARE(now.version, 2);
    QCOMPARE(now.text, u"two"_s);
    QCOMPARE(now.state, RuleState::Live);
    // What fired under the first text has fired under the second.
    QCOMPARE(now.firingId(), now.id);
    const auto versions = storage::loadRuleVersions(f->connection(), now.id);
    QVERIFY(versions);
    QCOMPARE(versions->size(), size_t(2));
    QCOMPARE((*versions)[0].text, u"text of A"_s);
    QCOMPARE((*versions)[1].why, u"because"_s);
    QCOMPARE((*versions)[1].actor, u"lea"_s);
    QCOMPARE((*versions)[1].made, f->clock.now());
}

void TestRuleBook::applyAgainBeginsAnEra()
{
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(save({ rule(u"A"_s, u"two"_s) }, true));
    const StoredRule now = get(u"A"_s);
    QCOMPARE(now.era, 2);
    QCOMPARE(now.firingId(), now.id + u"~2"_s);
    QVERIFY(save({ rule(u"A"_s, u"three"_s) }));
    QCOMPARE(get(u"A"_s).era, 2);
}

void TestRuleBook::statesWithReasons()
{
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(run(commands::SetRuleState {
        u"A"_s, RuleState::Shadow, { u"try it"_s, u"reversal rate"_s }, true }));
    const StoredRule shadow = get(u"A"_s);
    QCOMPARE(shadow.state, RuleState::Shadow);
    QCOMPARE(shadow.since, f->clock.now());
    QVERIFY(shadow.appliesToStanding);
    QVERIFY(shadow.runs());
    const RuleChange newest = changes(u"A"_s).front();
    QCOMPARE(newest.what, RuleChange::What::State);
    QCOMPARE(newest.before, u"draft"_s);
    QCOMPARE(newest.after, u"shadow"_s);
    QCOMPARE(newest.why, u"try it"_s);
    QCOMPARE(newest.metric, u"reversal rate"_s);
    QVERIFY(set(u"A"_s, RuleState::Retired));
    QVERIFY(!get(u"A"_s).runs());
    // Saying it twice says nothing.
    const auto again = set(u"A"_s, RuleState::Retired);
    QVERIFY(again && again->changes.empty());
}

void TestRuleBook::firstLiveHasACap()
{
    QVERIFY(save({ rule(u"A"_s), rule(u"B"_s) }));
    QVERIFY(set(u"A"_s, RuleState::Live));
    QCOMPARE(get(u"A"_s).weeklyCap, commands::firstWeeklyCap);
    QVERIFY(run(commands::SetRuleCap { u"A"_s, 0, { u"it proved good"_s } }));
    QCOMPARE(get(u"A"_s).weeklyCap, 0);
    QVERIFY(set(u"A"_s, RuleState::Shadow));
    QVERIFY(set(u"A"_s, RuleState::Live));
    QCOMPARE(get(u"A"_s).weeklyCap, 0);
    QVERIFY(run(commands::SetRuleState { u"B"_s, RuleState::Live, { u"b"_s }, false, 7 }));
    QCOMPARE(get(u"B"_s).weeklyCap, 7);
    QVERIFY(!run(commands::SetRuleCap { u"B"_s, -1, { u"b"_s } }));
}

void TestRuleBook::oneLivePolicy()
{
    QVERIFY(save({ { RuleKind::Policy, u"P"_s, u"p"_s }, { RuleKind::Policy, u"Q"_s, u"q"_s } }));
    QVERIFY(set(u"P"_s, RuleState::Live));
    QVERIFY(set(u"Q"_s, RuleState::Live));
    QCOMPARE(get(u"P"_s).state, RuleState::Retired);
    QCOMPARE(book().livePolicy()->name, u"Q"_s);
    QVERIFY(!set(u"P"_s, RuleState::Shadow));
}

void TestRuleBook::listsAreLiveOrRetired()
{
    QVERIFY(save({ { RuleKind::List, u"words"_s, u"l"_s } }));
    QVERIFY(!set(u"words"_s, RuleState::Shadow));
    QVERIFY(set(u"words"_s, RuleState::Retired));
    // Read in again, it is in use again.
    QVERIFY(save({ { RuleKind::List, u"words"_s, u"l"_s } }));
    QCOMPARE(get(u"words"_s).state, RuleState::Live);
}

void TestRuleBook::orderOfFiles_data()
{
    QTest::addColumn<QString>("before");
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("after");
    QTest::newRow("first file") << ""
                                << "ABC"
                                << "ABC";
    QTest::newRow("new ones behind") << "AB"
                                     << "CD"
                                     << "ABCD";
    QTest::newRow("in between") << "AB"
                                << "AXB"
                                << "AXB";
    QTest::newRow("before the first") << "AB"
                                      << "XA"
                                      << "XAB";
    QTest::newRow("others stay") << "ABCDE"
                                 << "DB"
                                 << "ADCBE";
    QTest::newRow("all turned round") << "ABC"
                                      << "CBA"
                                      << "CBA";
    QTest::newRow("mixed") << "ABCD"
                           << "CXAY"
                           << "CXBAYD";
}

void TestRuleBook::orderOfFiles()
{
    QFETCH(QString, before);
    QFETCH(QString, file);
    QFETCH(QString, after);
    const auto texts = [](const QString &letters) {
        std::vector<RuleText> list;
        for (const QChar letter : letters)
            list.push_back(rule(QString(letter)));
        return list;
    };
    if (!before.isEmpty())
        QVERIFY(save(texts(before)));
    QVERIFY(save(texts(file)));
    QCOMPARE(names().join(QString()), after);
    for (int i = 0; i < after.size(); ++i)
        QCOMPARE(get(QString(after[i])).order, i + 1);
}

void TestRuleBook::reorderingTellsWhatMoved()
{
    QVERIFY(save({ rule(u"A"_s), rule(u"B"_s), rule(u"C"_s), rule(u"D"_s) }));
    const auto id = [&](const char *name) { return get(QString::fromLatin1(name)).id; };
    const QStringList order { id("D"), id("A"), id("B"), id("C") };
    const auto done = run(commands::OrderRules { order, RuleKind::Rule, { u"worst first"_s } });
    QVERIFY(done);
    QCOMPARE(names().join(QString()), u"DABC"_s);
    QCOMPARE(done->changes.size(), size_t(1));
    QCOMPARE(done->changes[0].name, u"D"_s);
    QCOMPARE(done->changes[0].before, u"4"_s);
    QCOMPARE(done->changes[0].after, u"1"_s);
    QVERIFY(!run(commands::OrderRules { { id("A"), id("B") }, RuleKind::Rule, { u"x"_s } }));
    QVERIFY(!run(commands::OrderRules {
        { id("A"), id("A"), id("B"), id("C") }, RuleKind::Rule, { u"x"_s } }));
    QCOMPARE(names().join(QString()), u"DABC"_s);
}

void TestRuleBook::rollBack()
{
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(save({ rule(u"A"_s, u"two"_s) }));
    QVERIFY(run(commands::RollBackRule { u"A"_s, 1, { u"two was worse"_s } }));
    const StoredRule now = get(u"A"_s);
    QCOMPARE(now.version, 3);
    QCOMPARE(now.text, u"text of A"_s);
    QCOMPARE(changes(u"A"_s).front().what, RuleChange::What::RolledBack);
    QVERIFY(!run(commands::RollBackRule { u"A"_s, 1, { u"again"_s } }));
    QVERIFY(!run(commands::RollBackRule { u"A"_s, 9, { u"never was"_s } }));
}

void TestRuleBook::renames()
{
    QVERIFY(save({ rule(u"A"_s), rule(u"B"_s) }));
    const QString id = get(u"A"_s).id;
    QVERIFY(save({ { RuleKind::Rule, u"C"_s, u"c"_s, id } }));
    QCOMPARE(get(u"C"_s).id, id);
    QVERIFY(!save({ { RuleKind::Rule, u"b"_s, u"c"_s, id } }));
    // A new rule may take the name that is free again, and is another rule.
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(get(u"A"_s).id != id);
    QVERIFY(!run(commands::RollBackRule { u"C"_s, 1, { u"its name is taken"_s } }));
    QVERIFY(!save({ { RuleKind::Rule, u"D"_s, u"d"_s, u"nobody"_s } }));
}

void TestRuleBook::replaceRetiresTheRest()
{
    QVERIFY(save({ rule(u"A"_s), rule(u"B"_s), { RuleKind::List, u"words"_s, u"l"_s } }));
    using Item = commands::ReplaceRules::Item;
    const auto done = run(commands::ReplaceRules {
        { Item { rule(u"C"_s), RuleState::Shadow }, Item { rule(u"B"_s), RuleState::Live, 5 } },
        { u"as the folder says"_s } });
    QVERIFY2(done, done ? "" : qPrintable(done.error().detail));
    QCOMPARE(names().join(QString()), u"CBA"_s);
    QCOMPARE(get(u"A"_s).state, RuleState::Retired);
    QCOMPARE(get(u"words"_s).state, RuleState::Retired);
    QCOMPARE(get(u"C"_s).state, RuleState::Shadow);
    QCOMPARE(get(u"B"_s).state, RuleState::Live);
    QCOMPARE(get(u"B"_s).weeklyCap, 5);
    QCOMPARE(get(u"B"_s).version, 1);
    // A folder that says nothing of caps takes none away: what was never live opens with one.
    QVERIFY(run(commands::ReplaceRules {
        { Item { rule(u"C"_s), RuleState::Live }, Item { rule(u"B"_s), RuleState::Live },
            Item { rule(u"A"_s), RuleState::Draft } },
        { u"as another folder says"_s } }));
    QCOMPARE(get(u"C"_s).weeklyCap, commands::firstWeeklyCap);
    QCOMPARE(get(u"B"_s).weeklyCap, 5);
    QCOMPARE(get(u"A"_s).weeklyCap, 0);
    QVERIFY(run(commands::ReplaceRules {
        { Item { rule(u"C"_s), RuleState::Live, 0 }, Item { rule(u"B"_s), RuleState::Live },
            Item { rule(u"A"_s), RuleState::Live, 0 } },
        { u"without caps"_s } }));
    QCOMPARE(get(u"C"_s).weeklyCap, 0);
    QCOMPARE(get(u"A"_s).weeklyCap, 0);
}

void TestRuleBook::refusals()
{
    QVERIFY(save({ rule(u"A"_s) }));
    for (const char *who : { "ann", "bea", "ro" }) {
        const auto refused = save({ rule(u"B"_s) }, false, who);
        QVERIFY2(!refused, who);
        QCOMPARE(refused.error().fault, Fault::NotAllowed);
    }
    const auto noReason = run(commands::SaveRules { { rule(u"B"_s) }, { u"  "_s } });
    QVERIFY(!noReason);
    QCOMPARE(noReason.error().fault, Fault::BadInput);
    QCOMPARE(noReason.error().where, u"why"_s);
    QVERIFY(!set(u"Nobody"_s, RuleState::Live));
    QVERIFY(!save({ rule(u"B"_s), rule(u"b"_s) }));
    QVERIFY(!save({ rule(u" "_s) }));
    QVERIFY(!save({ rule(u"B"_s, u" "_s) }));
    QVERIFY(save({ rule(u"A"_s, u"two"_s) }));
    const auto stale = save({ { RuleKind::Rule, u"A"_s, u"three"_s, {}, 1 } });
    QVERIFY(!stale);
    QCOMPARE(stale.error().fault, Fault::Conflict);
    QVERIFY(save({ { RuleKind::Rule, u"A"_s, u"three"_s, {}, 2 } }));
}

void TestRuleBook::refusedIsNothing()
{
    QVERIFY(save({ rule(u"A"_s) }));
    const RuleBook before = book();
    const auto events = storage::loadEvents(f->connection(), TicketId {})->size();
    // The second is refused after the first was written.
    QVERIFY(!save({ rule(u"A"_s, u"two"_s), { RuleKind::Rule, u"B"_s, u"b"_s, u"nobody"_s } }));
    const RuleBook after = book();
    QVERIFY(after.rules == before.rules);
    QCOMPARE(after.revision, before.revision);
    QCOMPARE(storage::loadEvents(f->connection(), TicketId {})->size(), events);
    QCOMPARE(changes(u"A"_s).size(), size_t(1));
}

void TestRuleBook::keptForEver()
{
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(set(u"A"_s, RuleState::Live));
    for (const char *sql : { "DELETE FROM rule_version", "UPDATE rule_version SET text = ''",
             "DELETE FROM rule_change", "UPDATE rule_change SET why = ''" }) {
        QVERIFY2(
            !f->write([&](storage::WriteScope &scope) { return scope.connection().execute(sql); }),
            sql);
    }
    QCOMPARE(changes(u"A"_s).size(), size_t(3)); // added, cap, live
}

void TestRuleBook::theFeedTells()
{
    const qint64 before = *storage::feedRevision(f->connection());
    const QString none = *storage::ruleRevision(f->connection());
    QVERIFY(none.isEmpty());
    QVERIFY(save({ rule(u"A"_s) }));
    QVERIFY(storage::changesSince(f->connection(), before)->everything);
    const QString first = *storage::ruleRevision(f->connection());
    QVERIFY(!first.isEmpty());
    QVERIFY(set(u"A"_s, RuleState::Live));
    QVERIFY(*storage::ruleRevision(f->connection()) != first);
    QCOMPARE(book().revision, *storage::ruleRevision(f->connection()));
}

void TestRuleBook::identityIsTheSameEverywhere()
{
    QVERIFY(save({ rule(u"Alpha"_s), rule(u"Beta"_s) }));
    CommandFixture other(7);
    QVERIFY(other.begin());
    commands::Context context = other.as(u"lea"_s);
    QVERIFY(commands::run(context, commands::SaveRules { { rule(u"ALPHA"_s) }, { u"y"_s } }));
    const RuleBook theirs = *storage::loadRuleBook(other.connection());
    QCOMPARE(theirs.rules[0].id, get(u"Alpha"_s).id);
    QVERIFY(theirs.rules[0].id != get(u"Beta"_s).id);
}

QTEST_GUILESS_MAIN(TestRuleBook)
#include "tst_rulebook.moc"
