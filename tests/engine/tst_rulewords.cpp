#include "enginetest.h"

#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "core/commands/templates.h"
#include "core/handoff/draw.h"
#include "core/import/exporter.h"

#include <QFile>
#include <QJsonArray>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// What rules say: texts with places, templates for customers, agreements that they give. What customers write into
// those places stays their words, wherever it goes.

namespace {

const auto canary = u"=1+1 {{customer}} {{rule}} %1 %2 <img src=x onerror=alert(1)>"_s;
const auto canaryName = u"Ada {{subject}} <b>Lind</b>"_s;

QByteArray bytesOf(const QString &file)
{
    QFile in(file);
    return in.open(QIODevice::ReadOnly) ? in.readAll() : QByteArray();
}

Result<commands::Outcome> hostileTicket(EngineFixture &desk, const QString &key)
{
    commands::CreateTicket create;
    create.ticket.key = key;
    create.ticket.subject = canary;
    create.ticket.priority = Priority::Urgent;
    create.requester = { .name = canaryName, .email = u"ada@example.org"_s };
    create.text = u"It does not work. {{reason}}"_s;
    return desk.run("ann", create);
}

Result<commands::WorkspaceOutcome> saveTemplate(
    EngineFixture &desk, const char *who, const QString &name, const QString &text)
{
    return desk.change(who, commands::SaveTemplate { name, text, u"a test"_s });
}

Result<Done> agree(EngineFixture &desk, const QByteArray &policies)
{
    const QByteArray text
        = "{'calendars':{'Always':{'zone':'UTC','hours':'24/7'}},'policies':[" + policies + "]}";
    TIERLINE_TRY(json, readJsonObject(QByteArray(text).replace('\'', '"')));
    TIERLINE_TRY(agreements, sla::agreementsFromJson(json));
    commands::Context context = desk.as(u"lea"_s);
    TIERLINE_CHECK(commands::run(
        context, commands::SaveAgreements { .agreements = agreements, .why = u"a test"_s }));
    return Done {};
}

/// The row is what the log and the agreements give.
Result<Done> rebuilt(EngineFixture &desk, const QString &key)
{
    return desk.write([&](storage::WriteScope &scope) -> Result<Done> {
        TIERLINE_TRY(isSame, commands::rebuild(scope, desk.id(key)));
        return isSame ? Result<Done>(Done {}) : conflictError(u"The row was stale."_s);
    });
}

QByteArray policy(const char *name, const char *target, const char *more)
{
    return QByteArray("{'name':'") + name
        + "','calendar':'Always','targets':[{'clock':'first_response','target':'" + target + "'}]"
        + more + "}";
}

} // namespace

class TestRuleWords : public QObject
{
    Q_OBJECT
private slots:
    void customersWordsStayLiteral();
    void templatesReachTheCustomer();
    void customersReadTheirOwnLanguage();
    void templatesHaveLanguagesAndADate();
    void confidentialTeamsAreNotNamed();
    void whatCannotBeSaidIsRefused_data();
    void whatCannotBeSaidIsRefused();
    void templatesAreKeptWithTheirReasons();
    void aRuleGivesAnAgreement();
    void anAgreementIsGivenByHandAndUndone();
    void aChangedAgreementActsAtOnce_data();
    void aChangedAgreementActsAtOnce();
};

/// In notes, notices, messages, cards, pages and exports alike.
void TestRuleWords::customersWordsStayLiteral()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(saveTemplate(desk, "lea", u"wait"_s, u"Dear {{customer}}, about “{{subject}}”: wait."_s));
    DONE(desk.rules(u"rule \"Says\" when priority is urgent then escalate to L2 reason sla-risk"
                    " saying \"{{customer}} waits for {{subject}}\" and tell customer template wait"
                    " and note \"Of {{customer}}: {{subject}} / {{nobody}}\""
                    " and notify agent ann saying \"See {{subject}} ({{rule}})\""_s));
    DONE(hostileTicket(desk, u"T-1"_s));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.problem, QString());
    VALUE(messages, storage::loadMessages(desk.connection(), desk.id(u"T-1"_s)));
    QStringList texts;
    for (const Message &message : messages)
        texts.append(message.text);
    QVERIFY2(texts.contains(u"Dear %1, about “%2”: wait."_s.arg(canaryName, canary)),
        qPrintable(texts.join(u'\n')));
    QVERIFY2(texts.contains(u"Of %1: %2 / {{nobody}}"_s.arg(canaryName, canary)),
        qPrintable(texts.join(u'\n')));
    const std::vector<Notice> notices = desk.notices(u"T-1"_s);
    QCOMPARE(notices.size(), 2U); // beside that of the escalation
    QVERIFY2(notices[0].text.endsWith(u"See %1 (Says)"_s.arg(canary)), qPrintable(notices[0].text));

    VALUE(package, storage::loadHandoff(desk.connection(), desk.id(u"T-1"_s)));
    QVERIFY(handoff::asText(package).contains(u"{{customer}} {{rule}}"));
    const QString html = handoff::asHtml(package);
    QVERIFY(html.contains(u"{{subject}} &lt;b&gt;Lind"));
    QVERIFY(!html.contains(u"<img") && !html.contains(u"<b>Lind"));

    VALUE(lines, importing::exportTickets(desk.connection(), desk.path(u"t.jsonl"_s), {}));
    Q_UNUSED(lines);
    VALUE(json, readJsonObject(bytesOf(desk.path(u"t.jsonl"_s)).trimmed()));
    QCOMPARE(json[u"subject"_s].toString(), canary);
    VALUE(table, importing::exportTickets(desk.connection(), desk.path(u"t.csv"_s), {}));
    Q_UNUSED(table);
    const QByteArray csv = bytesOf(desk.path(u"t.csv"_s));
    QVERIFY2(csv.contains("'" + canary.toUtf8()), csv.constData()); // and runs no formula
    QVERIFY2(csv.contains(canaryName.toUtf8()), csv.constData());
    QCOMPARE(desk.wrong(u"T-1"_s), QString());
}

void TestRuleWords::templatesReachTheCustomer()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(saveTemplate(desk, "lea", u"Outage"_s,
        u"Hello {{customer}},\n\nwe know of it ({{id}}, {{ priority }}, {{organization}})."_s));
    DONE(
        desk.rules(u"rule \"Tells\" when priority is urgent then tell customer template outage"_s));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    VALUE(messages, storage::loadMessages(desk.connection(), desk.id(u"T-1"_s)));
    QCOMPARE(messages.back().text, u"Hello Ada Lind,\n\nwe know of it (T-1, urgent, Lind AB)."_s);
    QCOMPARE(messages.back().kind, MessageKind::PublicReply);
    // A template that changes says the new words from then on.
    DONE(saveTemplate(desk, "lea", u"OUTAGE"_s, u"All is well again."_s));
    DONE(desk.newTicket(u"T-2"_s, Priority::Urgent));
    desk.settle();
    VALUE(later, storage::loadMessages(desk.connection(), desk.id(u"T-2"_s)));
    QCOMPARE(later.back().text, u"All is well again."_s);
    // The same reaches somebody too late only with a yes, which says it as it is then.
    DONE(desk.rules(
        u"rule \"Late\" when no agent reply for 2h then tell customer template outage"_s));
    DONE(desk.newTicket(u"T-3"_s));
    desk.settle();
    desk.clock.passAsleep(3h);
    QCOMPARE(desk.settle().asked, 3); // what a rule says of the others is no person's answer either
    VALUE(questions, storage::loadOpenQuestions(desk.connection(), 10));
    VALUE(lea, storage::findAgent(desk.connection(), u"lea"_s));
    const auto third = std::ranges::find(questions, desk.id(u"T-3"_s), &EngineQuestion::ticket);
    QVERIFY(third != questions.end());
    DONE(desk.engine->answer(third->id, true, lea));
    VALUE(told, storage::loadMessages(desk.connection(), desk.id(u"T-3"_s)));
    QCOMPARE(told.back().text, u"All is well again."_s);
}

void TestRuleWords::customersReadTheirOwnLanguage()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.change("lea",
        commands::PutTemplate { u"outage"_s,
            { .text = u"We know of {{id}}."_s,
                .languages = { { u"de"_s, u"{{id}} ist uns bekannt."_s } } },
            u"a test"_s }));
    DONE(
        desk.rules(u"rule \"Tells\" when priority is urgent then tell customer template outage"_s));
    const auto told = [&](const QString &key, const QString &words) {
        commands::CreateTicket create;
        create.ticket.key = key;
        create.ticket.subject = u"Portal"_s;
        create.ticket.priority = Priority::Urgent;
        create.requester = { .name = key, .email = key + u"@example.org"_s };
        create.text = words;
        const auto made = desk.run("ann", create);
        desk.settle();
        const auto messages = storage::loadMessages(desk.connection(), desk.id(key));
        return made && messages && !messages->empty() ? messages->back().text : QString();
    };
    QCOMPARE(
        told(u"T-1"_s,
            u"Seit heute morgen kann ich mich nicht mehr im Portal anmelden. Bitte helfen Sie mir."_s),
        u"T-1 ist uns bekannt."_s);
    QCOMPARE(told(u"T-2"_s, u"I have not been able to sign in since this morning."_s),
        u"We know of T-2."_s);
    QCOMPARE(
        told(u"T-3"_s, u"Je ne peux plus me connecter depuis ce matin, pouvez-vous m'aider ?"_s),
        u"We know of T-3."_s); // no text of its own
}

void TestRuleWords::templatesHaveLanguagesAndADate()
{
    EngineFixture desk;
    DONE(desk.begin());
    const auto save
        = [&](const commands::SaveTemplate &command) { return desk.change("lea", command); };
    const QString why = u"a test"_s;
    FAULT(save({ u"x"_s, u"Hallo"_s, why, u"de"_s }), Fault::NotFound); // what do all others read?
    DONE(save({ u"x"_s, u"Hello"_s, why }));
    DONE(save({ u"x"_s, u"Hallo"_s, why, u"de"_s }));
    DONE(save({ u"x"_s, {}, why, {}, QDate(2027, 1, 31) }));
    FAULT(save({ u"x"_s, u"Hallo"_s, why, u"tlh"_s }), Fault::BadInput);
    FAULT(save({ u"x"_s, u"{{rule}}"_s, why, u"fr"_s }), Fault::BadInput);
    FAULT(save({ u"x"_s, {}, why, u"fr"_s }), Fault::NotFound);
    FAULT(desk.change("lea",
              commands::PutTemplate { u"y"_s, { .languages = { { u"de"_s, u"Hallo"_s } } }, why }),
        Fault::BadInput);
    VALUE(all, commands::loadTemplates(desk.connection()));
    const commands::Template whole {
        .text = u"Hello"_s, .languages = { { u"de"_s, u"Hallo"_s } }, .review = QDate(2027, 1, 31)
    };
    QCOMPARE(all, (commands::Templates { { u"x"_s, whole } }));
    QCOMPARE(whole.in(u"de"_s), u"Hallo"_s);
    QCOMPARE(whole.in(u"fr"_s), u"Hello"_s);
    DONE(save({ u"x"_s, {}, why, u"de"_s }));
    DONE(save({ u"x"_s, {}, why, {}, QDate() }));
    VALUE(plain, commands::loadTemplates(desk.connection()));
    QCOMPARE(plain, (commands::Templates { { u"x"_s, { .text = u"Hello"_s } } }));
    // All of them at once, as a folder of settings brings them.
    const commands::Templates next { { u"x"_s, whole }, { u"z"_s, { .text = u"Bye"_s } } };
    commands::Context context = desk.as(u"lea"_s);
    DONE(desk.write([&](storage::WriteScope &scope) {
        return commands::replaceTemplates(context, scope, next, why);
    }));
    VALUE(replaced, commands::loadTemplates(desk.connection()));
    QCOMPARE(replaced, next);
}

void TestRuleWords::confidentialTeamsAreNotNamed()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(saveTemplate(desk, "lea", u"who"_s, u"Our {{team}} team has it."_s));
    DONE(desk.rules(u"rule \"Law\" when priority is urgent then tell customer template who"_s));
    commands::CreateTicket create;
    create.ticket.key = u"T-1"_s;
    create.ticket.subject = u"A letter"_s;
    create.ticket.tier = u"L2"_s;
    create.ticket.team = u"Legal"_s;
    create.ticket.priority = Priority::Urgent;
    create.requester = { .name = u"Ada"_s, .email = u"ada@example.org"_s };
    create.text = u"You will hear from us."_s;
    DONE(desk.run("lex", create));
    desk.settle();
    VALUE(messages, storage::loadMessages(desk.connection(), desk.id(u"T-1"_s)));
    QCOMPARE(messages.back().text, u"Our specialist team has it."_s);
}

void TestRuleWords::whatCannotBeSaidIsRefused_data()
{
    QTest::addColumn<QString>("action");
    QTest::addColumn<QString>("why");
    QTest::newRow("no such template") << u"tell customer template nothing"_s << u"nothing"_s;
    QTest::newRow("not for customers")
        << u"tell customer saying \"Because {{reason}}\""_s << u"{{reason}}"_s;
    QTest::newRow("a slip") << u"tell customer saying \"Dear {{custmer}}\""_s << u"{{custmer}}"_s;
    QTest::newRow("no such agreement") << u"set sla \"Gold\""_s << u"Gold"_s;
    QTest::newRow("an issue elsewhere") << u"open issue in \"jira\" type bug"_s << u"by hand"_s;
    QTest::newRow("a checklist") << u"require checklist \"Refund\""_s << u"by hand"_s;
}

void TestRuleWords::whatCannotBeSaidIsRefused()
{
    QFETCH(QString, action);
    QFETCH(QString, why);
    EngineFixture desk;
    DONE(desk.begin());
    DONE(desk.rules(u"rule \"R\" when priority is urgent then %1 and tag seen"_s.arg(action)));
    DONE(desk.newTicket(u"T-1"_s, Priority::Urgent));
    desk.settle();
    const std::vector<Firing> fired = desk.firings(u"T-1"_s);
    QCOMPARE(fired.size(), 1U);
    QCOMPARE(fired[0].deeds[0].outcome, u"refused"_s);
    QVERIFY2(fired[0].deeds[0].why.contains(why), qPrintable(fired[0].deeds[0].why));
    QCOMPARE(fired[0].deeds[1].outcome, u"done"_s);
    VALUE(messages, storage::loadMessages(desk.connection(), desk.id(u"T-1"_s)));
    QCOMPARE(messages.size(), 1U);
    QCOMPARE(desk.state(u"T-1"_s).ticket.tags, QStringList { u"seen"_s });
}

void TestRuleWords::templatesAreKeptWithTheirReasons()
{
    EngineFixture desk;
    DONE(desk.begin());
    FAULT(saveTemplate(desk, "ann", u"x"_s, u"Hello"_s), Fault::NotAllowed);
    FAULT(saveTemplate(desk, "lea", u"x"_s, u"Because {{rule}}"_s), Fault::BadInput);
    FAULT(saveTemplate(desk, "lea", u" "_s, u"Hello"_s), Fault::BadInput);
    FAULT(saveTemplate(desk, "lea", u"x"_s, {}), Fault::NotFound);
    FAULT(desk.change("lea", commands::SaveTemplate { u"x"_s, u"Hello"_s, {} }), Fault::BadInput);
    VALUE(none, commands::loadTemplates(desk.connection()));
    QVERIFY(none.isEmpty());
    DONE(saveTemplate(desk, "lea", u"x"_s, u"Hello"_s));
    DONE(saveTemplate(desk, "lea", u"X"_s, u"Hello again"_s));
    VALUE(one, commands::loadTemplates(desk.connection()));
    QCOMPARE(one, (commands::Templates { { u"x"_s, { .text = u"Hello again"_s } } }));
    DONE(saveTemplate(desk, "lea", u"x"_s, {}));
    VALUE(gone, commands::loadTemplates(desk.connection()));
    QVERIFY(gone.isEmpty());
    VALUE(audit, importing::exportAudit(desk.connection(), desk.path(u"a.jsonl"_s), {}));
    Q_UNUSED(audit);
    QStringList changes;
    for (const QByteArray &line : bytesOf(desk.path(u"a.jsonl"_s)).split('\n')) {
        const QJsonObject row = QJsonDocument::fromJson(line).object();
        if (row[u"field"_s].toString() != u"template.x")
            continue;
        changes.append(row[u"before"_s].toString() + u'>' + row[u"after"_s].toString());
        QCOMPARE(row[u"note"_s].toString(), u"a test"_s);
        QCOMPARE(row[u"actor"_s].toString(), u"lea"_s);
    }
    QCOMPARE(changes, (QStringList { u">Hello"_s, u"Hello>Hello again"_s, u"Hello again>"_s }));
}

void TestRuleWords::aRuleGivesAnAgreement()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(agree(desk,
        policy("Usual", "8h", ",'default':true") + ","
            + policy("Gold", "1h", ",'when':{'tag':['gold']}")));
    DONE(desk.rules(u"rule \"Gold\" when priority is urgent then set sla gold"_s));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    QCOMPARE(desk.state(u"T-1"_s).ticket.due, desk.clock.now() + 8h);
    const Instant made = desk.clock.now();
    desk.after(10min);
    DONE(desk.run("ann", commands::SetFields { u"T-1"_s, { { u"priority"_s, u"urgent"_s } } }));
    QCOMPARE(desk.settle().fired, 1);
    QCOMPARE(desk.firings(u"T-1"_s).front().deeds[0].outcome, u"done"_s);
    QCOMPARE(desk.state(u"T-1"_s).ticket.due, made + 1h);
    VALUE(clocks,
        commands::loadClocks(desk.connection(), desk.state(u"T-1"_s).ticket, desk.clock.now()));
    QCOMPARE(clocks.front().policy, u"Gold"_s);
    DONE(rebuilt(desk, u"T-1"_s));
    // It stands in the log once, by the rule, with its reason.
    VALUE(events, storage::loadEvents(desk.connection(), desk.id(u"T-1"_s)));
    QCOMPARE(events.back().actor, u"rule:Gold"_s);
    QCOMPARE(events.back().note, u"Rule “Gold”: priority is urgent"_s);
    QCOMPARE(desk.settle().fired, 0);
    // An edition without that policy: what matches rules again.
    desk.after(1min);
    DONE(agree(desk, policy("Usual", "8h", ",'default':true")));
    QCOMPARE(desk.state(u"T-1"_s).ticket.due, made + 8h);
}

void TestRuleWords::anAgreementIsGivenByHandAndUndone()
{
    EngineFixture desk;
    DONE(desk.begin());
    DONE(agree(desk,
        policy("Usual", "8h", ",'default':true") + ","
            + policy("Gold", "1h", ",'when':{'tag':['gold']}")));
    DONE(desk.newTicket(u"T-1"_s));
    const Instant made = desk.clock.now();
    const auto due = [&] { return desk.state(u"T-1"_s).ticket.due; };
    FAULT(desk.run("ann", commands::GiveAgreement { u"T-1"_s, u"Gold"_s, {}, u" "_s }),
        Fault::BadInput);
    FAULT(desk.run("ann", commands::GiveAgreement { u"T-1"_s, u"Tin"_s, {}, u"asked"_s }),
        Fault::NotFound);
    FAULT(desk.run("eve", commands::GiveAgreement { u"T-1"_s, u"Gold"_s, {}, u"asked"_s }),
        Fault::NotAllowed);
    DONE(desk.run("ann", commands::GiveAgreement { u"T-1"_s, u"gold"_s, {}, u"asked"_s }));
    QCOMPARE(due(), made + 1h);
    VALUE(again, desk.run("ann", commands::GiveAgreement { u"T-1"_s, u"Gold"_s, {}, u"asked"_s }));
    QVERIFY(again.events.empty());
    DONE(desk.run("ann", commands::Undo { u"T-1"_s }));
    QCOMPARE(due(), made + 8h);
    DONE(desk.run("ann", commands::GiveAgreement { u"T-1"_s, u"Gold"_s, {}, u"asked"_s }));
    DONE(
        desk.run("ann", commands::GiveAgreement { u"T-1"_s, {}, sla::Party::Customer, u"over"_s }));
    QCOMPARE(due(), made + 8h);
    DONE(rebuilt(desk, u"T-1"_s));
}

void TestRuleWords::aChangedAgreementActsAtOnce_data()
{
    QTest::addColumn<bool>("isShadow");
    QTest::newRow("live") << false;
    QTest::newRow("shadow") << true;
}

/// Nothing happens to the ticket; what is agreed of it changes, and that makes a rule hold.
void TestRuleWords::aChangedAgreementActsAtOnce()
{
    QFETCH(bool, isShadow);
    EngineFixture desk;
    DONE(desk.begin());
    DONE(agree(desk, policy("Usual", "8h", ",'default':true")));
    DONE(desk.rules(u"rule \"Due\" when sla left below 30m then tag due"_s,
        isShadow ? RuleState::Shadow : RuleState::Live));
    DONE(desk.newTicket(u"T-1"_s));
    desk.settle();
    desk.after(50min);
    QVERIFY(desk.firings(u"T-1"_s, std::nullopt).empty());
    DONE(agree(desk, policy("Usual", "1h", ",'default':true")));
    const Instant changed = desk.clock.now();
    desk.after(1min);
    const std::vector<Firing> fired = desk.firings(u"T-1"_s, std::nullopt);
    QCOMPARE(fired.size(), 1U);
    QCOMPARE(fired[0].outcome, isShadow ? FiringOutcome::Shadow : FiringOutcome::Fired);
    QCOMPARE(fired[0].due, changed);
    QCOMPARE(desk.after(5h).fired, 0);
}

QTEST_GUILESS_MAIN(TestRuleWords)
#include "tst_rulewords.moc"
