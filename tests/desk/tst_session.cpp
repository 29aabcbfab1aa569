#include "core/base/clock.h"
#include "core/desk/session.h"
#include "core/storage/store.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;

class TestSession : public QObject
{
    Q_OBJECT
private slots:
    void opensForMe();
    void anUnknownAgentIsTold();
    void aMissingWorkspaceIsToldOnce();

private:
    SystemClock m_clock;
    SeededRandom m_random { 1 };
};

void TestSession::opensForMe()
{
    QTemporaryDir folder;
    const storage::Workspace workspace(folder.filePath(u"desk"_s));
    QVERIFY(storage::Store::create(workspace, m_clock));
    desk::Session session(workspace, m_clock, m_random);
    QSignalSpy opened(&session, &desk::Session::opened);
    QSignalSpy writable(&session, &desk::Session::writable);
    QSignalSpy failed(&session, &desk::Session::failed);
    session.open();
    QTRY_COMPARE(opened.count(), 1);
    QTRY_COMPARE(writable.count(), 1);
    QCOMPARE(failed.count(), 0);
}

void TestSession::anUnknownAgentIsTold()
{
    QTemporaryDir folder;
    const storage::Workspace workspace(folder.filePath(u"desk"_s));
    QVERIFY(storage::Store::create(workspace, m_clock));
    desk::Session session(workspace, m_clock, m_random, u"nobody-here"_s);
    QSignalSpy opened(&session, &desk::Session::opened);
    QSignalSpy failed(&session, &desk::Session::failed);
    session.open();
    QTRY_COMPARE(failed.count(), 1);
    QCOMPARE(failed.first().first().value<Error>().fault, Fault::NotFound);
    QCOMPARE(opened.count(), 0);
}

void TestSession::aMissingWorkspaceIsToldOnce()
{
    QTemporaryDir folder;
    desk::Session session(
        storage::Workspace(folder.filePath(u"none"_s)), m_clock, m_random, u"ann"_s);
    QSignalSpy failed(&session, &desk::Session::failed);
    session.open();
    QTRY_COMPARE(failed.count(), 1);
    session.shutDown();
    QCOMPARE(failed.count(), 1);
}

QTEST_GUILESS_MAIN(TestSession)
#include "tst_session.moc"
