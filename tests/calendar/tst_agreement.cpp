#include "core/calendar/agreementjson.h"
#include "core/calendar/duejson.h"
#include "tests/calendar/calendartest.h"

#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

constexpr std::chrono::minutes minute { 1 };

PolicyFields fields(const char *channel, const char *tier = "L1")
{
    return { .tier = QString::fromLatin1(tier), .channel = QString::fromUtf8(channel) };
}

Result<Agreements> parsed(const QByteArray &policies)
{
    return agreementsFromJson(
        object("{'calendars':{'Office':" + A + "},'policies':[" + policies + "]}"));
}

QByteArray policy(const QByteArray &more, const QByteArray &targets = "")
{
    return "{'name':'P','calendar':'Office','targets':["
        + (targets.isEmpty() ? "{'clock':'first_response','target':'1h'}" : targets) + "]" + more
        + "}";
}

} // namespace

/// Which policy rules a ticket, and how policies are written down.
class TestAgreement : public QObject
{
    Q_OBJECT
private slots:
    void firstMatchRules();
    void blankMatchesNothingUnlessDefault();
    void eachPartyHasItsOwn();
    void defaultsAnswerByChannel_data();
    void defaultsAnswerByChannel();
    void defaultsForTiers();
    void fieldsMatch_data();
    void fieldsMatch();
    void zonesFallBack();
    void hoursInAnotherZone();
    void readsBackWhatItWrote();
    void refused_data();
    void refused();
    void longTargetsReadBack();
};

void TestAgreement::firstMatchRules()
{
    const auto read = parsed(policy(",'when':{'plan':['enterprise']}").replace("'P'", "'One'") + ","
        + policy(",'when':{'plan':['enterprise','pro']}").replace("'P'", "'Two'") + ","
        + policy(",'default':true").replace("'P'", "'Rest'"));
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    const auto chosen = [&](const QString &plan) {
        const Policy *found = choose(read->policies, Party::Customer, { .plan = plan });
        return found ? found->name : QString();
    };
    QCOMPARE(chosen(u"enterprise"_s), u"One"_s);
    QCOMPARE(chosen(u"Pro"_s), u"Two"_s);
    QCOMPARE(chosen(QString()), u"Rest"_s);
}

void TestAgreement::blankMatchesNothingUnlessDefault()
{
    Policy blank { .name = u"P"_s, .targets = { { ClockKind::FirstResponse, minute } } };
    QVERIFY(!choose({ blank }, Party::Customer, fields("email")));
    blank.isDefault = true;
    QVERIFY(choose({ blank }, Party::Customer, fields("email")));
    // A default may have conditions, too; they then hold.
    blank.when.channels = QStringList { u"phone"_s };
    QVERIFY(!choose({ blank }, Party::Customer, fields("email")));
}

void TestAgreement::eachPartyHasItsOwn()
{
    const Policies &all = defaultAgreements().policies;
    QCOMPARE(choose(all, Party::Customer, fields("email"))->party, Party::Customer);
    QCOMPARE(choose(all, Party::Internal, fields("email"))->party, Party::Internal);
    QVERIFY(!choose(all, Party::Supplier, fields("email")));
    for (const ClockKind kind : allClocks) {
        const bool isOurs = kind >= ClockKind::Accept && kind <= ClockKind::TierResolution;
        QCOMPARE(partyOf(kind) == Party::Internal, isOurs);
    }
    QCOMPARE(partyOf(ClockKind::Supplier), Party::Supplier);
}

void TestAgreement::defaultsAnswerByChannel_data()
{
    QTest::addColumn<QString>("channel");
    QTest::addColumn<int>("seconds");
    QTest::newRow("WhatsApp") << u"WhatsApp"_s << 300;
    QTest::newRow("Telegram") << u"telegram"_s << 300;
    QTest::newRow("live chat") << u"chat"_s << 30;
    QTest::newRow("email") << u"email"_s << 3600;
    QTest::newRow("social") << u"instagram"_s << 3600;
    QTest::newRow("unknown") << QString() << 3600;
}

void TestAgreement::defaultsAnswerByChannel()
{
    QFETCH(QString, channel);
    QFETCH(int, seconds);
    const Policy *policy = choose(
        defaultAgreements().policies, Party::Customer, { .tier = u"L1"_s, .channel = channel });
    QVERIFY(policy);
    for (const ClockKind clock : { ClockKind::FirstResponse, ClockKind::NextResponse }) {
        const PolicyTarget *target = policy->target(clock, { .channel = channel });
        QVERIFY(target);
        QCOMPARE(target->length, Millis(std::chrono::seconds(seconds)));
    }
}

void TestAgreement::defaultsForTiers()
{
    const Policy *policy
        = choose(defaultAgreements().policies, Party::Internal, fields("email", "L3"));
    QVERIFY(policy);
    QCOMPARE(policy->target(ClockKind::Accept, fields("email", "L2"))->length, Millis(5 * minute));
    QCOMPARE(policy->target(ClockKind::TierResponse, fields("email", "L3"))->length,
        Millis(60 * minute));
    QVERIFY(!policy->target(ClockKind::TierResponse, fields("email", "L2")));
}

void TestAgreement::fieldsMatch_data()
{
    QTest::addColumn<QByteArray>("when");
    QTest::addColumn<bool>("holds");
    const auto row = [](const QByteArray &when, bool holds) {
        QTest::newRow(when.constData()) << when << holds;
    };
    row("{'tier':['L2']}", true);
    row("{'tier':['L1','L3']}", false);
    row("{'channel':['EMAIL']}", true);
    row("{'priority':['high','urgent']}", true);
    row("{'priority':['low']}", false);
    row("{'plan':['enterprise']}", true);
    row("{'organization':['Acme']}", true);
    row("{'organization':['Other']}", false);
    row("{'team':['billing']}", true);
    row("{'team':['Logistics']}", false);
    row("{'category':['Refund']}", true);
    row("{'category':['outage']}", false);
    row("{'product':['web shop']}", true);
    row("{'type':['bug','question']}", true);
    row("{'type':['bug']}", false);
    row("{'severity':['critical']}", true);
    row("{'severity':['low','medium']}", false);
    row("{'tag':['vip','gone']}", true);
    row("{'tag':['gone']}", false);
    row("{'tag':['vip'],'plan':['free']}", false);
    row("{'tag':['vip'],'plan':['enterprise'],'tier':['L2'],'channel':['email']}", true);
}

void TestAgreement::fieldsMatch()
{
    QFETCH(QByteArray, when);
    QFETCH(bool, holds);
    const auto read = parsed(policy(",'when':" + when));
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    const PolicyFields ticket { .tier = u"L2"_s,
        .team = u"Billing"_s,
        .channel = u"email"_s,
        .plan = u"enterprise"_s,
        .organization = u"Acme"_s,
        .category = u"refund"_s,
        .product = u"Web shop"_s,
        .type = u"question"_s,
        .priority = Priority::High,
        .severity = Severity::Critical,
        .tags = { u"billing"_s, u"VIP"_s } };
    QCOMPARE(read->policies.front().matches(ticket), holds);
    // What is written out reads back the same.
    const auto again = policiesFromJson(toJson(read->policies));
    QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
    QCOMPARE(*again == read->policies, true);
}

void TestAgreement::zonesFallBack()
{
    Policy policy { .zone = ZoneChoice::Customer };
    PolicyFields ticket { .customerZone = u"Asia/Kolkata"_s,
        .organizationZone = u"Europe/Paris"_s,
        .teamZone = u"America/New_York"_s };
    const auto chosen = [&] {
        const ChosenZone zone = zoneFor(policy, ticket);
        return code(zone.by) + u' ' + zone.name;
    };
    QCOMPARE(chosen(), u"customer Asia/Kolkata"_s);
    ticket.customerZone = u"Mars/Olympus"_s; // somebody's mistake is no zone
    QCOMPARE(chosen(), u"organization Europe/Paris"_s);
    ticket.organizationZone.clear();
    QCOMPARE(chosen(), u"team America/New_York"_s);
    ticket.teamZone.clear();
    QCOMPARE(chosen(), u"calendar "_s);
    ticket.customerZone = u"Asia/Kolkata"_s;
    policy.zone = ZoneChoice::Team; // never back up the order
    QCOMPARE(chosen(), u"calendar "_s);
    policy.zone = ZoneChoice::Calendar;
    QCOMPARE(chosen(), u"calendar "_s);
}

void TestAgreement::hoursInAnotherZone()
{
    AgreementBook book;
    CalendarEditions office(calendar(A));
    office.add(at("2026-06-09T00:00:00Z"), calendar(G));
    book.setCalendar(u"Office"_s, office);
    const auto here = book.hours(u"Office"_s, {});
    const auto there = book.hours(u"Office"_s, u"America/New_York"_s);
    QVERIFY(isServiceTime(*here, at("2026-06-08T09:00:00+02:00")));
    QVERIFY(!isServiceTime(*there, at("2026-06-08T09:00:00+02:00")));
    QVERIFY(isServiceTime(*there, at("2026-06-08T09:00:00-04:00")));
    QVERIFY(isServiceTime(*there, at("2026-06-09T08:00:00-04:00")));
    QVERIFY(book.hours(u"Office"_s, u"America/New_York"_s) == there); // made once
    QVERIFY(!book.hours(u"Nowhere"_s, {}));
}

void TestAgreement::readsBackWhatItWrote()
{
    const auto read = parsed(policy(
        ",'for':'customer','default':true,'zone':'organization','pauses':['next_response'],"
        "'calls_answer':true,'grace':'15m','change_runs_ladder':true,'climbs_to':'urgent'",
        "{'clock':'first_response','target':'30s','when':{'priority':['urgent'],'tag':['vip']}},"
        "{'clock':'first_response','target':'90m'},{'clock':'total_resolution','target':'500d'}"));
    QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
    const auto again = agreementsFromJson(toJson(*read));
    QVERIFY2(again, again ? "" : qPrintable(again.error().detail));
    QVERIFY(again->policies == read->policies);
    QCOMPARE(toJson(*again), toJson(*read));
    const Policy &one = read->policies.front();
    QCOMPARE(one.grace, Millis(15 * minute));
    QCOMPARE(one.climbsTo, std::optional(Priority::Urgent));
    QVERIFY(one.options(ClockKind::NextResponse).pausesWhenPending);
    QVERIFY(!one.options(ClockKind::FirstResponse).pausesWhenPending);
    QVERIFY(
        toJson(defaultAgreements()) == toJson(*agreementsFromJson(toJson(defaultAgreements()))));
}

void TestAgreement::refused_data()
{
    QTest::addColumn<QByteArray>("policies");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const QByteArray &policies, const char *word) {
        QTest::newRow(name) << policies << QString::fromLatin1(word);
    };
    row("target of zero", policy(",'default':true", "{'clock':'first_response','target':'0s'}"),
        "zero");
    row("no target", "{'name':'P','calendar':'Office','default':true}", "promises nothing");
    row("no condition", policy(""), "no condition");
    row("no name", policy(",'default':true").replace("'P'", "''"), "name");
    row("calendar of nobody", policy(",'default':true").replace("'Office'", "'Mars'"), "Mars");
    row("clock of another party", policy(",'default':true", "{'clock':'accept','target':'5m'}"),
        "internal");
    row("promise", policy(",'default':true", "{'clock':'promise','target':'5m'}"), "promise");
    row("unknown clock", policy(",'default':true", "{'clock':'response','target':'5m'}"), "clock");
    row("unknown key", policy(",'defualt':true"), "defualt");
    row("unknown condition", policy(",'when':{'mood':['grim']}"), "mood");
    row("unknown severity", policy(",'when':{'severity':['huge']}"), "critical");
    row("unknown priority", policy(",'when':{'priority':['huge']}"), "urgent");
    row("a text for a list", policy(",'when':{'tier':'L2'}"), "list");
    row("an empty value", policy(",'when':{'tier':['']}"), "tier");
    row("no duration", policy(",'default':true", "{'clock':'first_response','target':'soon'}"),
        "soon");
    row("pauses that are not its own", policy(",'default':true,'pauses':['accept']"), "accept");
    row("twice one name", policy(",'default':true") + "," + policy(",'when':{'tier':['L1']}"),
        "Two policies");
    row("a default behind a default",
        policy(",'default':true") + "," + policy(",'default':true").replace("'P'", "'Q'"), "never");
    row("a flag that is a word", policy(",'default':'yes'"), "true or false");
    row("a name that turns the line", policy(",'default':true").replace("'P'", "'a\xe2\x80\xae'"),
        "name");
    row("no object", "7", "no object");
    row("too many", policy(",'default':true") + QByteArray(",7").repeated(200), "200");
}

void TestAgreement::refused()
{
    QFETCH(QByteArray, policies);
    QFETCH(QString, word);
    const auto read = parsed(policies);
    QVERIFY(!read);
    QCOMPARE(read.error().fault, Fault::BadInput);
    QVERIFY2(read.error().detail.contains(word), qPrintable(read.error().detail));
    QVERIFY2(read.error().detail.endsWith(u'.'), qPrintable(read.error().detail));
}

void TestAgreement::longTargetsReadBack()
{
    for (const char *text : { "1s", "90s", "59m", "24h", "25h", "366d", "500d", "3660d" }) {
        const auto length = targetFromText(QString::fromLatin1(text));
        QVERIFY(length);
        const auto again = targetFromText(targetText(*length));
        QVERIFY2(again && *again == *length, text);
    }
    QVERIFY(!targetFromText(u"3661d"_s));
    QVERIFY(!targetFromText(u"-4h"_s));
}

QTEST_GUILESS_MAIN(TestAgreement)
#include "tst_agreement.moc"
