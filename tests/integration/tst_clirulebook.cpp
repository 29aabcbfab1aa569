#include "tests/support/cli/clirunner.h"

#include <QDir>
#include <QFile>
#include <QTest>

using namespace tierline::test;
using namespace Qt::StringLiterals;

// The rule book by the command line: reading, checking, loading and setting rules live, the folder of settings,
// and what of all that stands in the audit.

class TestCliRuleBook : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void aNewWorkspaceHasDraftsAndShadows();
    void checkTellsEveryError();
    void checkWithoutAWorkspace();
    void subjectiveReasonsAreRefused();
    void checkTellsWhatIsDoubtful();
    void formatIsOneForm();
    void loadMakesDrafts();
    void loadRefusesWhole();
    void statesAndCaps();
    void versionsAndRollback();
    void orderIsSet();
    void onlyLeadsChange();
    void readiness();
    void auditHasEveryChange();
    void settingsTravel();
    void settingsAreRefusedWhole_data();
    void settingsAreRefusedWhole();
    void wrongUsage_data();
    void wrongUsage();

private:
    QString good() const
    {
        return m_cli.file(u"good.rules"_s,
            "rule \"Enterprise billing left waiting\"\n"
            "  when plan is enterprise and category is billing and no agent reply for 2h\n"
            "  then escalate to L3 team \"Billing\" reason sla-risk priority urgent\n"
            "       and notify channel \"#escalations\"\n"
            "       and tell customer\n"
            "rule \"Unhappy\" when sentiment is negative then tag unhappy continue\n"
            "list \"own words\": \"refund\", \"chargeback\"\n");
    }
    QJsonObject row(const QString &name) const
    {
        const QJsonArray rows = m_cli.json({ u"rules"_s, u"list"_s, u"--all"_s }).rows();
        for (const QJsonValue &value : rows) {
            if (value["name"_L1].toString() == name)
                return value.toObject();
        }
        return {};
    }
    CliRunner m_cli;
};

void TestCliRuleBook::initTestCase()
{
    RAN(made, 0, m_cli.json({ u"init"_s }));
    RAN(ann, 0, m_cli.json({ u"agent"_s, u"add"_s, u"ann"_s, u"--tier"_s, u"L1"_s }));
    RAN(imported, 0,
        m_cli.json({ u"import"_s, u"tickets"_s,
            m_cli.file(u"t.jsonl"_s,
                "{\"id\":\"A-1\",\"created\":\"2026-06-08T08:00:00Z\",\"subject\":\"Invoice\",\"channel\":\"email\","
                "\"category\":\"billing\",\"tier\":\"L1\",\"status\":\"new\",\"organization\":{\"name\":\"Acme\","
                "\"plan\":\"enterprise\"},\"messages\":[{\"at\":\"2026-06-08T08:00:00Z\",\"from\":\"customer\","
                "\"public\":true,\"text\":\"Hello\"}]}\n"
                "{\"id\":\"A-2\",\"created\":\"2026-06-08T08:00:00Z\",\"subject\":\"Help\",\"channel\":\"email\","
                "\"tier\":\"L1\",\"status\":\"new\",\"messages\":[]}\n") }));
}

void TestCliRuleBook::aNewWorkspaceHasDraftsAndShadows()
{
    RAN(listed, 0, m_cli.json({ u"rules"_s, u"list"_s }));
    QVERIFY(listed.rows().size() >= 40);
    int shadows = 0;
    for (const QJsonValue &value : listed.rows()) {
        const QString state = value["state"_L1].toString();
        QVERIFY2(state == u"draft" || state == u"shadow", qPrintable(state));
        shadows += state == u"shadow" ? 1 : 0;
        QCOMPARE(value["version"_L1].toInt(), 1);
        QCOMPARE(value["fires_7d"_L1].toInt(-1), 0);
        QVERIFY(value["precision"_L1].isNull());
    }
    QVERIFY(shadows > 0);
    QCOMPARE(listed.rows()[0]["order"_L1].toInt(), 1);
    QCOMPARE(listed.json()["total"_L1].toInt(), listed.rows().size());
    RAN(shown, 0, m_cli.run({ u"rules"_s, u"list"_s }));
    QVERIFY2(shown.out.contains("Legal words go to the legal team"), shown.out.constData());
}

void TestCliRuleBook::checkTellsEveryError()
{
    const QString bad = m_cli.file(u"bad.rules"_s,
        "rule \"A\" when plann is enterprise then tag x\n"
        "rule \"B\" when complex\n  then escalte to L2 reason vip\n"
        "rule \"C\" when priority is higher then tag x\n");
    RAN(checked, 1, m_cli.json({ u"rules"_s, u"check"_s, bad }));
    const QJsonArray errors = checked.json()["errors"_L1].toArray();
    QCOMPARE(errors.size(), 3);
    QCOMPARE(errors[0]["line"_L1].toInt(), 1);
    QCOMPARE(errors[0]["column"_L1].toInt(), 15);
    QCOMPARE(errors[0]["nearest"_L1].toString(), u"plan"_s);
    QCOMPARE(errors[1]["line"_L1].toInt(), 3);
    QVERIFY(errors[1]["nearest"_L1].toString().startsWith(u"escalate"));
    QVERIFY(!errors[2]["message"_L1].toString().isEmpty());
    QVERIFY(!checked.json()["ok"_L1].toBool());
    QVERIFY(checked.errorJson()["message"_L1].toString().startsWith(u"line 1, column 15"));
    RAN(told, 1, m_cli.run({ u"rules"_s, u"check"_s, bad }));
    QCOMPARE(told.out.count("line "), 3);
    QVERIFY2(told.error.contains(u"and 2 more"), qPrintable(told.error));
}

void TestCliRuleBook::checkWithoutAWorkspace()
{
    CliRunner nowhere;
    RAN(checked, 0, nowhere.json({ u"rules"_s, u"check"_s, good() }));
    QVERIFY(checked.json()["ok"_L1].toBool());
    QCOMPARE(checked.json()["rules"_L1].toInt(), 2);
    QCOMPARE(checked.json()["lists"_L1].toInt(), 1);
}

void TestCliRuleBook::subjectiveReasonsAreRefused()
{
    for (const char *reason : { "beyond-skill", "missing-tools", "needs-code-change" }) {
        const QString file = m_cli.file(u"subjective.rules"_s,
            QByteArray("rule \"A\" when complex then escalate to L2 reason ") + reason + "\n");
        RAN(checked, 1, m_cli.json({ u"rules"_s, u"check"_s, file }));
        const QString message = checked.json()["errors"_L1][0]["message"_L1].toString();
        QVERIFY2(message.contains(u"person's judgement"), qPrintable(message));
        RAN(loaded, 1, m_cli.json({ u"rules"_s, u"load"_s, file, u"--why"_s, u"x"_s }));
    }
}

void TestCliRuleBook::checkTellsWhatIsDoubtful()
{
    const QString file = m_cli.file(u"doubtful.rules"_s,
        "rule \"Never\" when plan is enterprise and plan is free then tag x\n"
        "rule \"Slip\" when plan is entreprise then escalate to L2 team \"Billin\" reason vip\n"
        "rule \"Top\" when complex or churn intent then escalate to L3 reason vip\n");
    RAN(checked, 1, m_cli.json({ u"rules"_s, u"check"_s, file }));
    QCOMPARE(checked.json()["errors"_L1].toArray().size(), 0);
    QStringList codes;
    const QJsonArray findings = checked.json()["findings"_L1].toArray();
    for (const QJsonValue &value : findings)
        codes.append(value["code"_L1].toString());
    for (const QString &code :
        { u"never-holds"_s, u"unknown-word"_s, u"unknown-name"_s, u"or-for-l3"_s, u"no-mood"_s })
        QVERIFY2(codes.contains(code), qPrintable(code + u" in "_s + codes.join(u' ')));
    for (const QJsonValue &value : findings) {
        if (value["rule"_L1].toString() == u"Slip")
            QCOMPARE(value["line"_L1].toInt(), 2);
    }
}

void TestCliRuleBook::formatIsOneForm()
{
    const QString file = m_cli.file(
        u"loose.rules"_s, "rule \"A\" WHEN (plan is enterprise) and complex then tag x   # why\n");
    RAN(formatted, 0, m_cli.json({ u"rules"_s, u"format"_s, file }));
    QVERIFY(formatted.json()["changed"_L1].toBool());
    const QString text = formatted.json()["text"_L1].toString();
    QVERIFY2(text.contains(u"  when plan is enterprise and complex\n"), qPrintable(text));
    QVERIFY(text.contains(u"# why"));
    RAN(written, 0, m_cli.json({ u"rules"_s, u"format"_s, file, u"--write"_s }));
    RAN(again, 0, m_cli.run({ u"rules"_s, u"format"_s, file }));
    QCOMPARE(QString::fromUtf8(again.out), text);
    RAN(same, 0, m_cli.json({ u"rules"_s, u"format"_s, file }));
    QVERIFY(!same.json()["changed"_L1].toBool());
}

void TestCliRuleBook::loadMakesDrafts()
{
    RAN(loaded, 0,
        m_cli.json({ u"rules"_s, u"load"_s, good(), u"--why"_s, u"our first rules"_s, u"--metric"_s,
            u"breaches 14 %"_s }));
    QCOMPARE(loaded.rows().size(), 3);
    for (const QJsonValue &value : loaded.rows())
        QCOMPARE(value["change"_L1].toString(), u"added"_s);
    QCOMPARE(row(u"Unhappy"_s)["state"_L1].toString(), u"draft"_s);
    RAN(again, 0, m_cli.json({ u"rules"_s, u"load"_s, good(), u"--why"_s, u"again"_s }));
    for (const QJsonValue &value : again.rows())
        QCOMPARE(value["change"_L1].toString(), u"unchanged"_s);
    RAN(shown, 0, m_cli.json({ u"rules"_s, u"show"_s, u"unhappy"_s }));
    QCOMPARE(shown.json()["why"_L1].toString(), u"our first rules"_s);
    QCOMPARE(shown.json()["metric"_L1].toString(), u"breaches 14 %"_s);
    QVERIFY(shown.json()["text"_L1].toString().startsWith(u"rule \"Unhappy\"\n"));
}

void TestCliRuleBook::loadRefusesWhole()
{
    const QString file = m_cli.file(u"half.rules"_s,
        "rule \"Fine\" when complex then tag x\nrule \"Broken\" when then tag x\n");
    RAN(loaded, 1, m_cli.json({ u"rules"_s, u"load"_s, file, u"--why"_s, u"x"_s }));
    QVERIFY(loaded.errorJson()["message"_L1].toString().contains(u"line 2"));
    QVERIFY(row(u"Fine"_s).isEmpty());
    RAN(empty, 1,
        m_cli.json({ u"rules"_s, u"load"_s, m_cli.file(u"empty.rules"_s, "# nothing\n"), u"--why"_s,
            u"x"_s }));
}

void TestCliRuleBook::statesAndCaps()
{
    RAN(live, 0,
        m_cli.json({ u"rules"_s, u"set"_s, u"unhappy"_s, u"live"_s, u"--why"_s, u"it is time"_s }));
    QCOMPARE(live.json()["state"_L1].toString(), u"live"_s);
    QCOMPARE(row(u"Unhappy"_s)["state"_L1].toString(), u"live"_s);
    QCOMPARE(row(u"Unhappy"_s)["weekly_cap"_L1].toInt(), 100);
    RAN(cap, 0,
        m_cli.json({ u"rules"_s, u"cap"_s, u"Unhappy"_s, u"none"_s, u"--why"_s, u"good"_s }));
    QVERIFY(row(u"Unhappy"_s)["weekly_cap"_L1].isNull());
    RAN(shadow, 0,
        m_cli.json({ u"rules"_s, u"set"_s, u"Enterprise billing left waiting"_s, u"shadow"_s,
            u"--why"_s, u"watch it"_s }));
    // What could never act, or act on nobody, does not go live.
    const QString file = m_cli.file(u"dead.rules"_s,
        "rule \"Dead\" when complex and not complex then tag x\n"
        "rule \"Nowhere\" when complex then escalate to L2 team \"Nobody\" reason vip\n");
    RAN(loaded, 0, m_cli.json({ u"rules"_s, u"load"_s, file, u"--why"_s, u"x"_s }));
    for (const QString &name : { u"Dead"_s, u"Nowhere"_s }) {
        RAN(refused, 1, m_cli.json({ u"rules"_s, u"set"_s, name, u"live"_s, u"--why"_s, u"x"_s }));
        QCOMPARE(row(name)["state"_L1].toString(), u"draft"_s);
    }
    RAN(list, 0, m_cli.json({ u"rules"_s, u"list"_s, u"--check"_s }));
    QVERIFY(!list.json()["findings"_L1].toArray().isEmpty());
}

void TestCliRuleBook::versionsAndRollback()
{
    const QString file = m_cli.file(
        u"two.rules"_s, "rule \"Unhappy\" when sentiment is negative then tag sad continue\n");
    RAN(loaded, 0, m_cli.json({ u"rules"_s, u"load"_s, file, u"--why"_s, u"shorter"_s }));
    QCOMPARE(loaded.rows()[0]["change"_L1].toString(), u"changed"_s);
    QCOMPARE(row(u"Unhappy"_s)["version"_L1].toInt(), 2);
    QCOMPARE(row(u"Unhappy"_s)["state"_L1].toString(), u"live"_s);
    RAN(back, 0,
        m_cli.json({ u"rules"_s, u"rollback"_s, u"Unhappy"_s, u"--to"_s, u"1"_s, u"--why"_s,
            u"it was better"_s }));
    QCOMPARE(row(u"Unhappy"_s)["version"_L1].toInt(), 3);
    RAN(old, 0, m_cli.json({ u"rules"_s, u"show"_s, u"Unhappy"_s, u"--version-number"_s, u"2"_s }));
    QVERIFY(old.json()["text"_L1].toString().contains(u"tag sad"));
    RAN(log, 0, m_cli.json({ u"rules"_s, u"log"_s, u"Unhappy"_s }));
    QCOMPARE(log.rows()[0]["change"_L1].toString(), u"rolled-back"_s);
    QCOMPARE(log.rows()[0]["why"_L1].toString(), u"it was better"_s);
    // A live rule is not changed into one that can never act.
    const QString dead = m_cli.file(
        u"deadlive.rules"_s, "rule \"Unhappy\" when complex and not complex then tag sad\n");
    RAN(refused, 1, m_cli.json({ u"rules"_s, u"load"_s, dead, u"--why"_s, u"x"_s }));
    QCOMPARE(row(u"Unhappy"_s)["version"_L1].toInt(), 3);
}

void TestCliRuleBook::orderIsSet()
{
    RAN(moved, 0,
        m_cli.json({ u"rules"_s, u"move"_s, u"Unhappy"_s, u"--to"_s, u"1"_s, u"--why"_s,
            u"first of all"_s }));
    QCOMPARE(moved.json()["changes"_L1].toArray().size(), 1);
    QCOMPARE(m_cli.json({ u"rules"_s, u"list"_s }).rows()[0]["name"_L1].toString(), u"Unhappy"_s);
}

void TestCliRuleBook::onlyLeadsChange()
{
    m_cli.setAs(u"ann"_s);
    RAN(set, 1,
        m_cli.json({ u"rules"_s, u"set"_s, u"Unhappy"_s, u"retired"_s, u"--why"_s, u"x"_s }));
    QCOMPARE(set.errorJson()["code"_L1].toString(), u"not_allowed"_s);
    RAN(listed, 0, m_cli.json({ u"rules"_s, u"list"_s }));
    m_cli.setAs({});
}

void TestCliRuleBook::readiness()
{
    RAN(checked, 0, m_cli.json({ u"rules"_s, u"check"_s, good(), u"--ready"_s }));
    const QJsonObject ready = checked.json()["readiness"_L1].toObject();
    QCOMPARE(ready["tickets"_L1].toInt(), 2);
    QHash<QString, int> percent;
    const QJsonArray fields = ready["fields"_L1].toArray();
    for (const QJsonValue &field : fields)
        percent.insert(field["field"_L1].toString(), field["percent"_L1].toInt());
    QCOMPARE(percent.value(u"plan"_s), 50);
    QCOMPARE(percent.value(u"category"_s), 50);
}

void TestCliRuleBook::auditHasEveryChange()
{
    const QString file = m_cli.path(u"audit.jsonl"_s);
    RAN(exported, 0, m_cli.json({ u"export"_s, u"audit"_s, file }));
    QFile written(file);
    QVERIFY(written.open(QIODevice::ReadOnly));
    QMap<QString, QJsonObject> last;
    QMap<QString, int> count;
    for (const QByteArray &line : written.readAll().split('\n')) {
        const QJsonObject object = QJsonDocument::fromJson(line).object();
        last[object["field"_L1].toString()] = object;
        ++count[object["field"_L1].toString()];
    }
    const QJsonObject state = last[u"rule.Unhappy.state"_s];
    QCOMPARE(state["before"_L1].toString(), u"draft"_s);
    QCOMPARE(state["after"_L1].toString(), u"live"_s);
    QCOMPARE(state["note"_L1].toString(), u"it is time"_s);
    QVERIFY(!state["actor"_L1].toString().isEmpty());
    QVERIFY(!state["operation"_L1].toString().isEmpty());
    QCOMPARE(count[u"rule.Unhappy.text"_s], 3);
    QVERIFY(last[u"rule.Unhappy.text"_s]["before"_L1].toString().contains(u"tag sad"));
    QVERIFY(last[u"rule.Unhappy.text"_s]["after"_L1].toString().contains(u"tag unhappy"));
    QCOMPARE(last[u"rule.Unhappy.order"_s]["after"_L1].toInt(), 1);
    QVERIFY(last.contains(u"rule.Unhappy.cap"_s));
    QVERIFY(last.contains(u"list.own words.text"_s));
}

void TestCliRuleBook::settingsTravel()
{
    const QString folder = m_cli.path(u"settings"_s);
    RAN(exported, 0, m_cli.json({ u"settings"_s, u"export"_s, folder }));
    RAN(same, 0, m_cli.json({ u"settings"_s, u"import"_s, folder }));
    QVERIFY2(same.json()["diff"_L1].toArray().isEmpty(), same.told().constData());

    CliRunner other;
    RAN(made, 0, other.json({ u"init"_s }));
    RAN(shown, 0, other.json({ u"settings"_s, u"import"_s, folder }));
    QVERIFY(!shown.json()["applied"_L1].toBool());
    QString diff;
    for (const QJsonValue &line : shown.json()["diff"_L1].toArray())
        diff += line.toString() + u'\n';
    QVERIFY2(diff.contains(u"+rule \"Unhappy\""), qPrintable(diff));
    const auto names = [](const CliRunner &cli) {
        QStringList list;
        for (const QJsonValue &value : cli.json({ u"rules"_s, u"list"_s, u"--all"_s }).rows())
            list.append(value["name"_L1].toString() + u' ' + value["state"_L1].toString());
        return list;
    };
    QVERIFY(names(other) != names(m_cli));
    RAN(applied, 0,
        other.json(
            { u"settings"_s, u"import"_s, folder, u"--apply"_s, u"--why"_s, u"as at home"_s }));
    QVERIFY(applied.json()["applied"_L1].toBool());
    QCOMPARE(names(other), names(m_cli));
    RAN(again, 0, other.json({ u"settings"_s, u"import"_s, folder }));
    QVERIFY2(again.json()["diff"_L1].toArray().isEmpty(), again.told().constData());
    const QString back = other.path(u"back"_s);
    RAN(exportedBack, 0, other.json({ u"settings"_s, u"export"_s, back }));
    for (const QString &name : QDir(folder).entryList(QDir::Files)) {
        QFile a(folder + u'/' + name), b(back + u'/' + name);
        QVERIFY(a.open(QIODevice::ReadOnly) && b.open(QIODevice::ReadOnly));
        QCOMPARE(b.readAll(), a.readAll());
    }
}

void TestCliRuleBook::settingsAreRefusedWhole_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QByteArray>("find");
    QTest::addColumn<QByteArray>("put");
    QTest::newRow("broken rule") << u"rules.rules"_s << QByteArray("when sentiment is negative")
                                 << QByteArray("when sentimment is negative");
    QTest::newRow("rule without a state")
        << u"states.json"_s << QByteArray("\"Unhappy\"") << QByteArray("\"Unhapy\"");
    QTest::newRow("unknown state")
        << u"states.json"_s << QByteArray("\"shadow\"") << QByteArray("\"shade\"");
    QTest::newRow("unknown key") << u"states.json"_s << QByteArray("\"form\"")
                                 << QByteArray("\"more\": 1, \"form\"");
    QTest::newRow("newer form") << u"states.json"_s << QByteArray("\"form\": 1")
                                << QByteArray("\"form\": 2");
    QTest::newRow("unsound agreements")
        << u"agreements.json"_s << QByteArray("\"24/7\"") << QByteArray("\"24/8\"");
    QTest::newRow("missing file") << u"lists.rules"_s << QByteArray() << QByteArray();
    QTest::newRow("unknown file") << u"more.rules"_s << QByteArray() << QByteArray();
    QTest::newRow("live rule that can never act")
        << u"rules.rules"_s << QByteArray("when sentiment is negative")
        << QByteArray("when complex and not complex");
}

void TestCliRuleBook::settingsAreRefusedWhole()
{
    QFETCH(QString, file);
    QFETCH(QByteArray, find);
    QFETCH(QByteArray, put);
    const QString folder = m_cli.path(u"refused-"_s + QString::fromUtf8(QTest::currentDataTag()));
    RAN(exported, 0, m_cli.json({ u"settings"_s, u"export"_s, folder }));
    QFile changed(folder + u'/' + file);
    if (find.isEmpty() && changed.exists()) {
        QVERIFY(changed.remove());
    } else {
        QVERIFY(changed.open(QIODevice::ReadWrite));
        QByteArray bytes = changed.readAll();
        QVERIFY2(find.isEmpty() || bytes.contains(find), bytes.left(2'000).constData());
        if (!find.isEmpty())
            bytes.replace(find, put);
        changed.resize(0);
        changed.seek(0);
        changed.write(bytes);
        changed.close();
    }
    const QByteArray before = m_cli.json({ u"rules"_s, u"list"_s, u"--all"_s }).out;
    RAN(refused, 1,
        m_cli.json({ u"settings"_s, u"import"_s, folder, u"--apply"_s, u"--why"_s, u"x"_s }));
    QVERIFY2(refused.errorJson()["where"_L1].toString().endsWith(
                 file == u"more.rules" ? u"more.rules"_s : file),
        refused.told().constData());
    QCOMPARE(m_cli.json({ u"rules"_s, u"list"_s, u"--all"_s }).out, before);
}

void TestCliRuleBook::wrongUsage_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<int>("code");
    QTest::newRow("no reason") << QStringList { u"load"_s, u"x.rules"_s } << 2;
    QTest::newRow("no such state")
        << QStringList { u"set"_s, u"Unhappy"_s, u"alive"_s, u"--why"_s, u"x"_s } << 2;
    QTest::newRow("set without a reason") << QStringList { u"set"_s, u"Unhappy"_s, u"live"_s } << 2;
    QTest::newRow("no such rule") << QStringList { u"set"_s, u"Nobody"_s, u"live"_s, u"--why"_s,
        u"x"_s } << 1;
    QTest::newRow("no such file") << QStringList { u"check"_s, u"/nowhere/x.rules"_s } << 1;
    QTest::newRow("no file") << QStringList { u"check"_s } << 2;
    QTest::newRow("no place") << QStringList { u"move"_s, u"Unhappy"_s, u"--to"_s, u"0"_s,
        u"--why"_s, u"x"_s } << 2;
}

void TestCliRuleBook::wrongUsage()
{
    QFETCH(QStringList, words);
    QFETCH(int, code);
    RAN(refused, code, m_cli.json(QStringList { u"rules"_s } + words));
    QVERIFY(!refused.errorJson()["message"_L1].toString().isEmpty());
}

QTEST_GUILESS_MAIN(TestCliRuleBook)
#include "tst_clirulebook.moc"
