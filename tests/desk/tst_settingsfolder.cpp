#include "core/commands/reasons.h"
#include "core/commands/settings.h"
#include "core/desk/ruledesk.h"
#include "core/desk/settingsfolder.h"
#include "core/storage/people.h"
#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// People, teams, templates, labels and the rest travel as text, and nothing that is nobody's business does.

namespace {

Result<commands::SettingsOutcome> apply(CommandFixture &desk, const char *who,
    const desk::SettingsFiles &files, const QString &why = u"a test"_s)
{
    commands::Context context = desk.as(QString::fromLatin1(who));
    TIERLINE_TRY(
        plan, desk::planSettings(desk.connection(), files, desk.clock.now(), context.visibility));
    plan.command.rules.reason = { why };
    if (plan.command.agreements)
        plan.command.agreements->why = why;
    return commands::run(context, plan.command);
}

Result<Done> begin(CommandFixture &f)
{
    TIERLINE_CHECK(f.begin());
    return commands::installDefaults(*f.store, f.random);
}

/// A workspace in which everything that travels is other than at first.
Result<Done> furnish(CommandFixture &f)
{
    TIERLINE_CHECK(f.change("adm",
        commands::SaveTier { { .id = u"L4"_s,
                                 .name = u"Vendor"_s,
                                 .rank = 4,
                                 .duty = u"Asks the maker."_s,
                                 .acceptWithin = 90s,
                                 .resolveWithin = 50h,
                                 .replyWithin = 24h },
            true }));
    TIERLINE_CHECK(
        f.change("adm", commands::SaveTeam { { u"Court"_s, u"L2"_s, Confidential::Legal }, true }));
    TIERLINE_CHECK(f.change("adm",
        commands::SaveAgent { { .id = u"priya"_s,
                                  .name = u"Priya Nair"_s,
                                  .email = u"priya@secret.example"_s,
                                  .homeTier = u"L2"_s,
                                  .grantedTiers = { u"L4"_s, u"L1"_s },
                                  .teams = { u"Technical"_s, u"Court"_s },
                                  .role = Role::Specialist },
            true, u"a test"_s }));
    TIERLINE_CHECK(f.change("adm", commands::SetCapacity { 25 }));
    commands::SaveAgreements agreed { .hasPolicies = false, .why = u"a test"_s };
    TIERLINE_TRY(nights, Calendar::make({ .zone = u"UTC"_s, .isAlways = true }));
    agreed.agreements.calendars.insert_or_assign(u"Nights"_s, nights);
    commands::Context admin = f.as(u"adm"_s);
    TIERLINE_CHECK(commands::run(admin, agreed));
    const Instant now = f.clock.now();
    TIERLINE_CHECK(f.change("adm",
        commands::SetQuietTimes {
            { { { now + 24h, now + 48h } }, false, u"Nights"_s }, u"a test"_s }));
    TIERLINE_CHECK(f.change("lea",
        commands::PutTemplate { u"outage"_s,
            { .text = u"Hello {{customer}},\n\nwe are on it."_s,
                .languages = { { u"de"_s, u"Guten Tag,\nwir sind dran."_s } },
                .review = QDate(2027, 1, 31) },
            u"a test"_s }));
    TIERLINE_CHECK(f.change("lea",
        commands::SaveRecipes {
            { { u"password reset"_s, u"Send the link.\nIt works at once."_s } }, u"a test"_s }));
    TIERLINE_CHECK(f.change("lea",
        commands::SaveMatrix {
            { { .category = u"bug"_s,
                .steps = { { escalation::Destination::Team, u"Technical"_s, 90min },
                    { escalation::Destination::Person, u"priya"_s } } } },
            u"a test"_s }));
    TIERLINE_CHECK(f.newTicket(u"T-1"_s));
    TIERLINE_CHECK(f.newTicket(u"T-2"_s));
    TIERLINE_CHECK(f.change("lea", commands::SetLabel { u"T-1"_s, true }));
    TIERLINE_CHECK(f.change("lea", commands::SetLabel { u"T-2"_s, false }));
    commands::Context context = f.as(u"adm"_s);
    return f.write([&](storage::WriteScope &scope) {
        return commands::replaceReasons(context, scope, { u"vendor-bug"_s }, u"a test"_s);
    });
}

} // namespace

class TestSettingsFolder : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void itIsTheSameThereAndBack();
    void noMailAddressTravels();
    void adminsThingsAreAnAdmins();
    void confidentialTeamsStayAtHome();
    void whatIsWrongIsRefusedWhole_data();
    void whatIsWrongIsRefusedWhole();
    void folderWithoutThemLeavesThem();
    void ranksMayBeExchanged();
    void rulesMayNameWhatComesWithThem();

private:
    desk::SettingsFiles files(CommandFixture &f, const char *as = "adm")
    {
        return desk::settingsOf(
            f.connection(), f.clock.now(), f.as(QString::fromLatin1(as)).visibility)
            .value_or(desk::SettingsFiles {});
    }
    std::unique_ptr<CommandFixture> m_desk;
};

void TestSettingsFolder::init()
{
    m_desk = std::make_unique<CommandFixture>();
    DONE(begin(*m_desk));
}

void TestSettingsFolder::itIsTheSameThereAndBack()
{
    DONE(furnish(*m_desk));
    const desk::SettingsFiles exported = files(*m_desk);
    QCOMPARE(exported.size(), 11);
    VALUE(here, desk::planSettings(m_desk->connection(), exported, m_desk->clock.now()));
    QCOMPARE(here.diff.join(u'\n'), QString());

    CommandFixture other;
    DONE(begin(other));
    VALUE(there, desk::planSettings(other.connection(), exported, other.clock.now()));
    const QString diff = there.diff.join(u'\n');
    for (const char *line : { "== people.json", "== recipes.json", "It works at once.",
             "== templates.json", "== labels.json", "== matrix.json", "== workspace.json",
             "+            \"id\": \"priya\",", "vendor-bug", "T-2" })
        QVERIFY2(diff.contains(QLatin1StringView(line)), qPrintable(diff));
    DONE(apply(other, "adm", exported));
    const desk::SettingsFiles again = files(other);
    for (auto file = exported.begin(); file != exported.end(); ++file)
        QCOMPARE(again[file.key()], *file);
    VALUE(priya, storage::findAgent(other.connection(), u"priya"_s));
    QCOMPARE(priya.email, QString());
    QCOMPARE(priya.role, Role::Specialist);
    QVERIFY(priya.teams.contains(u"Court"_s) && priya.teams.contains(u"Technical"_s));
    VALUE(tier, storage::findTier(other.connection(), u"L4"_s));
    QCOMPARE(tier.acceptWithin, Millis(90s));
    VALUE(labels, commands::loadLabels(other.connection()));
    QCOMPARE(labels, (commands::Labels { { u"T-1"_s, true }, { u"T-2"_s, false } }));
}

void TestSettingsFolder::noMailAddressTravels()
{
    DONE(furnish(*m_desk));
    for (const QByteArray &text : files(*m_desk))
        QVERIFY2(!text.contains("secret.example") && !text.contains("@"), text.constData());
    // And what is known of somebody here is not lost by a folder that does not say it.
    desk::SettingsFiles changed = files(*m_desk);
    changed[u"people.json"_s].replace("Priya Nair", "Priya N.");
    DONE(apply(*m_desk, "adm", changed));
    VALUE(priya, storage::findAgent(m_desk->connection(), u"priya"_s));
    QCOMPARE(priya.name, u"Priya N."_s);
    QCOMPARE(priya.email, u"priya@secret.example"_s);
}

void TestSettingsFolder::adminsThingsAreAnAdmins()
{
    DONE(furnish(*m_desk));
    const desk::SettingsFiles before = files(*m_desk);
    desk::SettingsFiles people = files(*m_desk, "lea"), templates = people;
    people[u"people.json"_s].replace("Asks the maker.", "Asks.");
    FAULT(apply(*m_desk, "lea", people), Fault::NotAllowed);
    QCOMPARE(files(*m_desk), before);
    templates[u"templates.json"_s].replace("we are on it.", "we know.");
    DONE(apply(*m_desk, "lea", templates));
    FAULT(apply(*m_desk, "ann", files(*m_desk, "ann")), Fault::NotAllowed);
}

void TestSettingsFolder::confidentialTeamsStayAtHome()
{
    DONE(furnish(*m_desk));
    const desk::SettingsFiles seen = files(*m_desk, "lea");
    for (const QByteArray &text : seen)
        QVERIFY2(!text.contains("Court"), text.constData());
    VALUE(plan,
        desk::planSettings(
            m_desk->connection(), seen, m_desk->clock.now(), m_desk->as(u"lea"_s).visibility));
    QCOMPARE(plan.diff.join(u'\n'), QString());
    // An admin who takes a folder without the team leaves it, and who is in it.
    DONE(apply(*m_desk, "adm", seen));
    VALUE(priya, storage::findAgent(m_desk->connection(), u"priya"_s));
    QVERIFY(priya.teams.contains(u"Court"_s));
}

void TestSettingsFolder::whatIsWrongIsRefusedWhole_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("find");
    QTest::addColumn<QByteArray>("put");
    const QString people = u"people.json"_s;
    QTest::newRow("unknown key") << people << QByteArray("\"duty\"") << QByteArray("\"duties\"");
    QTest::newRow("no tier") << people << QByteArray("\"tier\": \"L2\"")
                             << QByteArray("\"tier\": \"L9\"");
    QTest::newRow("no role") << people << QByteArray("\"specialist\"") << QByteArray("\"boss\"");
    QTest::newRow("no member") << people << QByteArray("\"lex\"\n") << QByteArray("\"nobody\"\n");
    QTest::newRow("last admin") << people << QByteArray("\"role\": \"admin\"")
                                << QByteArray("\"role\": \"lead\"");
    QTest::newRow("two of a rank")
        << people << QByteArray("\"rank\": 4") << QByteArray("\"rank\": 3");
    QTest::newRow("capacity") << people << QByteArray(": 25") << QByteArray(": 0");
    QTest::newRow("newer form") << people << QByteArray("\"form\": 1") << QByteArray("\"form\": 2");
    QTest::newRow("a place that is none")
        << u"templates.json"_s << QByteArray("{{customer}}") << QByteArray("{{rule}}");
    QTest::newRow("a language that is none")
        << u"templates.json"_s << QByteArray("\"de\"") << QByteArray("\"tlh\"");
    QTest::newRow("no day") << u"templates.json"_s << QByteArray("2027-01-31")
                            << QByteArray("soon");
    QTest::newRow("a recipe for nothing")
        << u"recipes.json"_s << QByteArray("password reset") << QByteArray("...");
    QTest::newRow("a recipe with more") << u"recipes.json"_s << QByteArray("\"recipe\":")
                                        << QByteArray("\"until\": 1, \"recipe\":");
    QTest::newRow("a path to nobody") << u"matrix.json"_s << QByteArray("\"name\": \"Technical\"")
                                      << QByteArray("\"name\": \"Nobody\"");
    QTest::newRow("a path with more")
        << u"matrix.json"_s << QByteArray("\"path\":") << QByteArray("\"via\": 1, \"path\":");
    QTest::newRow("both ways") << u"labels.json"_s << QByteArray("\"T-2\"")
                               << QByteArray("\"T-1\"");
    QTest::newRow("no code") << u"workspace.json"_s << QByteArray("vendor-bug")
                             << QByteArray("Vendor bug");
    QTest::newRow("no instant") << u"workspace.json"_s << QByteArray("\"from\": \"")
                                << QByteArray("\"from\": \"x");
}

void TestSettingsFolder::whatIsWrongIsRefusedWhole()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, find);
    QFETCH(QByteArray, put);
    DONE(furnish(*m_desk));
    const desk::SettingsFiles before = files(*m_desk);
    desk::SettingsFiles wrong = before;
    // Something sound comes with it, which must not be taken either.
    wrong[u"templates.json"_s].replace("we are on it.", "we know.");
    QVERIFY2(wrong[file].contains(find), wrong[file].constData());
    wrong[file].replace(find, put);
    const auto refused = apply(*m_desk, "adm", wrong);
    QVERIFY(!refused);
    QCOMPARE(files(*m_desk), before);
}

void TestSettingsFolder::folderWithoutThemLeavesThem()
{
    DONE(furnish(*m_desk));
    const desk::SettingsFiles before = files(*m_desk);
    desk::SettingsFiles old = before;
    for (const char *name : { "people.json", "recipes.json", "templates.json", "labels.json",
             "matrix.json", "workspace.json" })
        old.remove(QString::fromLatin1(name));
    VALUE(plan, desk::planSettings(m_desk->connection(), old, m_desk->clock.now()));
    QCOMPARE(plan.diff.join(u'\n'), QString());
    QVERIFY(plan.command.people.isEmpty() && !plan.command.templates);
}

void TestSettingsFolder::ranksMayBeExchanged()
{
    DONE(furnish(*m_desk));
    desk::SettingsFiles changed = files(*m_desk);
    QByteArray &people = changed[u"people.json"_s];
    people.replace("\"rank\": 4", "\"rank\": x");
    people.replace("\"rank\": 3", "\"rank\": 4");
    people.replace("\"rank\": x", "\"rank\": 3");
    DONE(apply(*m_desk, "adm", changed));
    VALUE(l3, storage::findTier(m_desk->connection(), u"L3"_s));
    VALUE(l4, storage::findTier(m_desk->connection(), u"L4"_s));
    QCOMPARE(l3.rank, 4);
    QCOMPARE(l4.rank, 3);
}

void TestSettingsFolder::rulesMayNameWhatComesWithThem()
{
    DONE(furnish(*m_desk));
    commands::Context context = m_desk->as(u"adm"_s);
    VALUE(person, desk::Desk::open(*m_desk->store, m_desk->random, u"adm"_s));
    desk::RuleDesk rules(*m_desk->store, m_desk->random, person);
    DONE(rules.load("rule \"Maker\" when priority is urgent then escalate to L4 reason vendor-bug"
                    " and tell customer template outage",
        { u"a test"_s }));
    DONE(rules.run(commands::SetRuleState { u"Maker"_s, RuleState::Live, { u"a test"_s } }));
    const desk::SettingsFiles exported = files(*m_desk);
    CommandFixture other;
    DONE(begin(other));
    DONE(apply(other, "adm", exported));
    QCOMPARE(files(other), exported);
}

QTEST_GUILESS_MAIN(TestSettingsFolder)
#include "tst_settingsfolder.moc"
