#include "core/storage/workspace.h"
#include "tests/support/cli/clirunner.h"

#include <QFile>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Who may do what touches the workspace as a whole, by the real program: a copy of it holds what confidential
/// teams keep to themselves, and another content in its place takes away everybody's.
class TestCliRoles : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void backupsAreAnAdmins_data();
    void backupsAreAnAdmins();
    void anAdminKeepsIt();
    void whoCannotBeAskedMayRestore();
    void everybodyMayAskWhatIsWrong_data();
    void everybodyMayAskWhatIsWrong();
    void confidentialTeamsAreTheirOwn();

private:
    QString backup(); ///< made by the admin; its file
    std::unique_ptr<CliRunner> m_cli;
};

void TestCliRoles::init()
{
    m_cli = std::make_unique<CliRunner>();
    m_cli->setAs({});
    RAN(made, 0, m_cli->run({ u"init"_s }));
    RAN(team, 0,
        m_cli->run({ u"team"_s, u"add"_s, u"Quiet Matters"_s, u"--tier"_s, u"L2"_s,
            u"--confidential"_s, u"legal"_s }));
    const auto add = [&](const QString &id, const QString &role, const QStringList &more = {}) {
        return m_cli
            ->run(QStringList { u"agent"_s, u"add"_s, id, u"--tier"_s, u"L2"_s, u"--role"_s, role }
                + more)
            .exitCode;
    };
    for (const QString &role : { u"agent"_s, u"specialist"_s, u"lead"_s, u"read-only"_s })
        QCOMPARE(add(role, role), 0);
    QCOMPARE(add(u"left"_s, u"admin"_s, { u"--inactive"_s }), 0);
    QCOMPARE(add(u"ruth"_s, u"admin"_s, { u"--team"_s, u"Quiet Matters"_s }), 0);
    QCOMPARE(add(u"member"_s, u"specialist"_s, { u"--team"_s, u"Quiet Matters"_s }), 0);
}

QString TestCliRoles::backup()
{
    m_cli->setAs(u"ruth"_s);
    const QString file = m_cli->path(u"copy.db"_s);
    return m_cli->run({ u"backup"_s, file }).exitCode == 0 ? file : QString();
}

void TestCliRoles::backupsAreAnAdmins_data()
{
    QTest::addColumn<QString>("who");
    for (const char *who : { "agent", "specialist", "lead", "read-only", "left", "member" })
        QTest::newRow(who) << QString::fromLatin1(who);
}

void TestCliRoles::backupsAreAnAdmins()
{
    QFETCH(QString, who);
    const QString file = backup();
    QVERIFY(!file.isEmpty());
    RAN(later, 0, m_cli->run({ u"agent"_s, u"add"_s, u"later"_s }));
    m_cli->setAs(who);
    const QString other = m_cli->path(u"other.db"_s);
    RAN(copied, 1, m_cli->json({ u"backup"_s, other }));
    QCOMPARE(copied.errorJson().value(u"code"_s).toString(), u"not_allowed"_s);
    QVERIFY2(
        copied.error.contains(u"admin") && copied.error.endsWith(u'.'), qPrintable(copied.error));
    QVERIFY(!QFile::exists(other));
    RAN(restored, 1, m_cli->json({ u"restore"_s, file }));
    QCOMPARE(restored.errorJson().value(u"code"_s).toString(), u"not_allowed"_s);
    m_cli->setAs(u"later"_s); // is still there
    RAN(there, 0, m_cli->run({ u"queue"_s }));
}

void TestCliRoles::anAdminKeepsIt()
{
    const QString file = backup();
    QVERIFY(!file.isEmpty());
    RAN(later, 0, m_cli->run({ u"agent"_s, u"add"_s, u"later"_s }));
    RAN(restored, 0, m_cli->run({ u"restore"_s, file }));
    m_cli->setAs(u"later"_s);
    RAN(gone, 1, m_cli->run({ u"queue"_s }));
}

/// Nobody is an admin of a store that cannot be read, or that is not there; a backup is what helps.
void TestCliRoles::whoCannotBeAskedMayRestore()
{
    const QString file = backup();
    QVERIFY(!file.isEmpty());
    m_cli->setAs(u"agent"_s);
    QFile database(storage::Workspace(m_cli->folder()).databasePath());
    QVERIFY(database.open(QIODevice::ReadWrite) && database.write(QByteArray(8192, '?')) == 8192);
    database.close();
    RAN(broken, 1, m_cli->run({ u"queue"_s }));
    RAN(restored, 0, m_cli->run({ u"restore"_s, file }));
    RAN(mended, 0, m_cli->run({ u"queue"_s }));
    m_cli->setFolder(m_cli->path(u"elsewhere"_s));
    RAN(moved, 0, m_cli->run({ u"restore"_s, file }));
    RAN(there, 0, m_cli->run({ u"queue"_s }));
}

void TestCliRoles::everybodyMayAskWhatIsWrong_data()
{
    QTest::addColumn<QString>("who");
    QTest::addColumn<int>("repaired"); ///< exit code
    QTest::newRow("read-only") << u"read-only"_s << 1;
    QTest::newRow("inactive") << u"left"_s << 1;
    QTest::newRow("agent") << u"agent"_s << 0;
    QTest::newRow("admin") << u"ruth"_s << 0;
}

void TestCliRoles::everybodyMayAskWhatIsWrong()
{
    QFETCH(QString, who);
    QFETCH(int, repaired);
    m_cli->setAs(who);
    RAN(asked, 0, m_cli->json({ u"doctor"_s }));
    RAN(mended, repaired, m_cli->json({ u"doctor"_s, u"--repair"_s }));
    if (repaired != 0)
        QCOMPARE(mended.errorJson().value(u"code"_s).toString(), u"not_allowed"_s);
}

/// That somebody works for a confidential team tells that there is one.
void TestCliRoles::confidentialTeamsAreTheirOwn()
{
    for (const QString &who : { u"agent"_s, u"lead"_s, u"read-only"_s, u"ruth"_s, u"member"_s }) {
        m_cli->setAs(who);
        const bool sees = who == u"ruth" || who == u"member";
        for (const QString &list : { u"agent"_s, u"team"_s }) {
            RAN(json, 0, m_cli->json({ list, u"list"_s }));
            QVERIFY2(json.out.contains("Quiet Matters") == sees, json.told().constData());
            RAN(plain, 0, m_cli->run({ list, u"list"_s }));
            QVERIFY2(plain.out.contains("Quiet Matters") == sees, plain.told().constData());
        }
        RAN(people, 0, m_cli->json({ u"agent"_s, u"list"_s }));
        QVERIFY(people.out.contains("\"ruth\"")); // the person is no secret
    }
}

QTEST_GUILESS_MAIN(TestCliRoles)
#include "tst_cliroles.moc"
