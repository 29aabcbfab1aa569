#include "core/import/staging.h"

#include <QDir>
#include <QFileInfo>
#include <QTest>

#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

using namespace tierline;
using namespace tierline::importing;
using namespace Qt::StringLiterals;

namespace {

int modeOf(const QString &path)
{
    struct stat found {
    };
    return lstat(QFile::encodeName(path).constData(), &found) == 0 ? int(found.st_mode & 07777)
                                                                   : -1;
}

void makeOld(const QString &path)
{
    const timeval hourAgo[2] = { { 1'000'000'000, 0 }, { 1'000'000'000, 0 } };
    QCOMPARE(lutimes(QFile::encodeName(path).constData(), hourAgo), 0);
}

} // namespace

/// What an import keeps in the temporary folder: private, its own, and gone afterwards.
class TestStaging : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void cleanup();
    void isPrivateWhateverTheUmask();
    void whatWasKilledIsSwept();
    void plantedOnesAreLeftAlone();

private:
    std::unique_ptr<QTemporaryDir> m_temp;
    QByteArray m_before;
    mode_t m_umask = 0;
};

void TestStaging::init()
{
    m_before = qgetenv("TMPDIR");
    m_temp = std::make_unique<QTemporaryDir>();
    qputenv("TMPDIR", QFile::encodeName(m_temp->path()));
    m_umask = umask(0);
}

void TestStaging::cleanup()
{
    umask(m_umask);
    if (m_before.isNull())
        qunsetenv("TMPDIR");
    else
        qputenv("TMPDIR", m_before);
    m_temp.reset();
}

void TestStaging::isPrivateWhateverTheUmask()
{
    QString folder;
    {
        const auto staging = Staging::create("CREATE TABLE row (text TEXT)");
        QVERIFY(staging);
        folder = (*staging)->folder();
        QVERIFY(folder.startsWith(m_temp->path()));
        QCOMPARE(modeOf(folder), 0700);
        QCOMPARE(modeOf(folder + u"/staging.db"_s), 0600);
        // Two at a time have nothing to do with each other.
        const auto other = Staging::create("CREATE TABLE row (text TEXT)");
        QVERIFY(other && (*other)->folder() != folder && QFileInfo::exists(folder));
    }
    QVERIFY(!QFileInfo::exists(folder));
    QVERIFY(QDir(m_temp->path()).isEmpty());
}

void TestStaging::whatWasKilledIsSwept()
{
    const QString left = m_temp->filePath(u"tierline-import-killed"_s);
    QVERIFY(QDir().mkpath(left));
    QFile file(left + u"/staging.db"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    makeOld(left);
    const auto running = Staging::create("CREATE TABLE row (text TEXT)");
    QVERIFY(running);
    QVERIFY(!QFileInfo::exists(left));
    // One whose lock is held is at work, however old it is.
    makeOld((*running)->folder());
    removeAbandonedStaging();
    QVERIFY(QFileInfo::exists((*running)->folder()));
}

void TestStaging::plantedOnesAreLeftAlone()
{
    const QString victim = m_temp->filePath(u"victim"_s);
    QVERIFY(QDir().mkpath(victim));
    QFile file(victim + u"/letter"_s);
    QVERIFY(file.open(QIODevice::WriteOnly));
    file.close();
    // A link to a folder, and a folder that holds links.
    const QString link = m_temp->filePath(u"tierline-import-link"_s);
    QVERIFY(QFile::link(victim, link));
    makeOld(link);
    makeOld(victim);
    const QString planted = m_temp->filePath(u"tierline-import-planted"_s);
    QVERIFY(QDir().mkpath(planted));
    QVERIFY(QFile::link(victim, planted + u"/inside"_s));
    makeOld(planted);
    removeAbandonedStaging();
    QVERIFY(QFileInfo::exists(file.fileName()));
    QVERIFY(!QFileInfo::exists(victim + u"/lock"_s));
    QVERIFY(
        !QFileInfo::exists(planted)); // it was ours by name and owner; what it pointed to is not
    if (geteuid() != 0)
        QSKIP("Only root can make what belongs to somebody else.");
    const QString foreign = m_temp->filePath(u"tierline-import-foreign"_s);
    QVERIFY(QDir().mkpath(foreign));
    QVERIFY(QFile::link(m_temp->filePath(u"made-through-a-link"_s), foreign + u"/lock"_s));
    QCOMPARE(chown(QFile::encodeName(foreign).constData(), 65'534, 65'534), 0);
    makeOld(foreign);
    removeAbandonedStaging();
    QVERIFY(QFileInfo::exists(foreign));
    QVERIFY(!QFileInfo::exists(m_temp->filePath(u"made-through-a-link"_s)));
}

QTEST_GUILESS_MAIN(TestStaging)
#include "tst_staging.moc"
