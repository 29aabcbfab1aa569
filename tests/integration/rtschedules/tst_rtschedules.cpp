#include "tests/integration/rtschedules/rtschedule.h"
#include "tests/support/caserange.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

// Random schedules against a real Request Tracker: whatever breaks in between, in the end every message
// and every handoff is there once, and both sides are equal or say where they are not. A lost request
// counts as lost only a minute later, so several schedules go through their bad times first, and are
// brought to rest together.

namespace {

constexpr qint64 schedulesOfWave = 20;
constexpr int restMs = 300'000; ///< for a wave to come to rest

} // namespace

class TestRtSchedules : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void nothingIsLostAndNothingTwice_data();
    void nothingIsLostAndNothingTwice();

private:
    QString renewSides(quint64 seed);
    QString syncBoth();
    bool isAtRest() const;
    QString settle();

    RtStage m_stage;
};

void TestRtSchedules::initTestCase()
{
    const QString why = m_stage.server.start(0);
    if (why.startsWith(u"skip: "_s))
        QSKIP(qPrintable(why.mid(6)));
    QVERIFY2(why.isEmpty(), qPrintable(why));
    m_stage.people = std::make_unique<RtLogin>(m_stage.server, u"SECOND"_s);
    m_stage.root = std::make_unique<RtLogin>(m_stage.server, u"ROOT"_s);
}

/// Two workspaces, one of a user in another time zone.
QString TestRtSchedules::renewSides(quint64 seed)
{
    m_stage.a = std::make_unique<RtSide>(m_stage.server, QString(), seed * 2 + 1);
    m_stage.b = std::make_unique<RtSide>(m_stage.server, u"NEWYORK"_s, seed * 2 + 2);
    const QString first = m_stage.a->begin();
    return first.isEmpty() ? m_stage.b->begin() : first;
}

QString TestRtSchedules::syncBoth()
{
    for (RtSide *side : { m_stage.a.get(), m_stage.b.get() }) {
        side->proxy().beHonest();
        side->startSync();
    }
    const QString first = m_stage.a->endSync(), second = m_stage.b->endSync();
    return first + second;
}

/// Nothing waits but what a conflict holds, and the last rounds of both found nothing to do.
bool TestRtSchedules::isAtRest() const
{
    for (const RtSide *side : { m_stage.a.get(), m_stage.b.get() }) {
        if (!side->isQuiet())
            return false;
        for (const QJsonValue row : side->outbox()) {
            const QString state = row.toObject().value("state"_L1).toString();
            if (state != "conflict"_L1 && state != "refused"_L1)
                return false;
        }
    }
    return true;
}

QString TestRtSchedules::settle()
{
    QElapsedTimer timer;
    timer.start();
    do {
        if (const QString fault = syncBoth(); !fault.isEmpty())
            return fault;
        if (isAtRest())
            return {};
        passTime(500);
    } while (timer.elapsed() < restMs);
    QString waiting;
    for (const RtSide *side : { m_stage.a.get(), m_stage.b.get() })
        waiting += QString::fromUtf8(QJsonDocument(side->outbox()).toJson());
    return u"there is no rest; still waiting: "_s + waiting;
}

void TestRtSchedules::nothingIsLostAndNothingTwice_data()
{
    QTest::addColumn<qint64>("first");
    QTest::addColumn<qint64>("end");
    const CaseRange range = casesToRun(20, 300);
    for (qint64 seed = range.first; seed < range.end; seed += schedulesOfWave) {
        const qint64 end = std::min(seed + schedulesOfWave, range.end);
        QTest::addRow(
            "seeds %lld to %lld", static_cast<long long>(seed), static_cast<long long>(end - 1))
            << seed << end;
    }
}

void TestRtSchedules::nothingIsLostAndNothingTwice()
{
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    QElapsedTimer timer;
    timer.start();
    if (!m_stage.a) {
        const QString fault = renewSides(static_cast<quint64>(first));
        QVERIFY2(fault.isEmpty(), qPrintable(fault));
    }
    std::vector<std::unique_ptr<RtSchedule>> schedules;
    for (qint64 seed = first; seed < end; ++seed) {
        schedules.push_back(std::make_unique<RtSchedule>(m_stage, static_cast<quint64>(seed)));
        QCOMPARE(schedules.back()->prepare(), QString());
    }
    QStringList faults;
    if (const QString fault = syncBoth(); !fault.isEmpty())
        faults += fault;
    int operations = 0;
    for (const auto &schedule : schedules) {
        if (const QString fault = schedule->play(); !fault.isEmpty())
            faults += fault + u'\n' + schedule->printed();
        operations += schedule->operations();
    }
    const qint64 played = timer.elapsed();
    int conflicts = 0;
    // With what is in conflict shown as such, and again when somebody has chosen.
    for (int round = 0; round < 4 && faults.isEmpty(); ++round) {
        if (const QString fault = settle(); !fault.isEmpty())
            faults += fault;
        for (const auto &schedule : schedules) {
            const QStringList found = schedule->check();
            if (!found.isEmpty())
                faults += found.join(u'\n') + u'\n' + schedule->printed();
        }
        int resolved = 0;
        for (const auto &schedule : schedules)
            resolved += schedule->resolveConflicts();
        conflicts += resolved;
        if (resolved == 0)
            break;
    }
    for (const RtSide *side : { m_stage.a.get(), m_stage.b.get() }) {
        if (const QJsonArray left = side->outbox(); !left.isEmpty())
            faults += u"still in the outbox of %1: %2"_s.arg(
                side->login(), QString::fromUtf8(QJsonDocument(left).toJson()));
    }
    qInfo("seeds %lld to %lld: %d operations, %d conflicts, %lld s and %lld s to rest",
        static_cast<long long>(first), static_cast<long long>(end - 1), operations, conflicts,
        static_cast<long long>(played / 1000),
        static_cast<long long>((timer.elapsed() - played) / 1000));
    if (!faults.isEmpty()) {
        for (const QString &fault : std::as_const(faults))
            qInfo().noquote() << fault;
        m_stage.a.reset(); // the next wave begins with workspaces that know nothing
        m_stage.b.reset();
    }
    QVERIFY2(faults.isEmpty(), qPrintable(faults.value(0)));
}

int main(int argc, char **argv)
{
    // Qt's own limit of five minutes is for one function; a wave takes that on a busy machine.
    qputenv("QTEST_FUNCTION_TIMEOUT", "1200000");
    QCoreApplication app(argc, argv);
    TestRtSchedules test;
    return QTest::qExec(&test, argc, argv);
}

#include "tst_rtschedules.moc"
