#include "tests/calendar/rostertest.h"
#include "tests/calendar/slacases.h"
#include "tests/support/rosterwalk/randomrosters.h"
#include "tests/support/rosterwalk/rosterwalk.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::roster;
using namespace Qt::StringLiterals;

namespace {

constexpr Millis halfHour { RosterWalk::StepMs };
constexpr Millis shortest { 1 };

QString told(const std::vector<OnCall> &ladder)
{
    QStringList all;
    for (const OnCall &one : ladder)
        all.append(u"%1 of %2 %3 to %4 reason %5 %6"_s.arg(one.agent, one.layer, one.since.iso(),
            one.until.iso(), QString::number(static_cast<int>(one.reason)), one.of));
    return all.join(u"; "_s);
}

/// As the walk tells it: cut off at the ends, without words.
std::vector<OnCall> cut(std::vector<OnCall> ladder, const RosterCase &made)
{
    for (OnCall &one : ladder) {
        one.since = std::max(one.since, made.from);
        one.until = std::min(one.until, made.to);
        one.why.clear();
    }
    return ladder;
}

bool isSamePeople(const std::vector<OnCall> &ours, const std::vector<OnCall> &theirs)
{
    return std::ranges::equal(ours, theirs, [](const OnCall &a, const OnCall &b) {
        return a.agent == b.agent && a.layer == b.layer && a.reason == b.reason && a.of == b.of;
    });
}

QString differs(Instant at, const std::vector<OnCall> &ours, const std::vector<OnCall> &theirs)
{
    return u"at %1: %2, walked: %3"_s.arg(at.iso(), told(ours), told(theirs));
}

/// Where the shifts say another thing than the walk, half hour by half hour; nothing where they agree.
QString wrongShifts(const RosterCase &made, const RosterWalk &walk)
{
    const std::vector<Shift> all = shifts(made.roster, made.absences, made.from, made.to);
    auto shift = all.begin();
    for (Instant at = made.from; at < made.to; at = at + halfHour) {
        if (at == shift->span.to)
            ++shift;
        if (shift == all.end() || shift->span.from > at || shift->span.to < at + halfHour)
            return u"at %1: no shift holds this half hour"_s.arg(at.iso());
        const auto theirs = walk.ladderAt(at, false);
        if (!isSamePeople(shift->ladder, theirs))
            return differs(at, shift->ladder, theirs);
        for (const OnCall &one : shift->ladder) {
            if (walk.isAbsent(one.agent, at) || !walk.isOnDuty(one.layer, at))
                return u"at %1: %2 is off duty"_s.arg(at.iso(), one.agent);
        }
    }
    return {};
}

/// The same of since and until at one instant.
QString wrongTimes(const RosterCase &made, const RosterWalk &walk, Instant at)
{
    const auto ours = cut(onCall(made.roster, made.absences, at), made);
    const auto theirs = walk.ladderAt(at, true);
    return ours == theirs ? QString() : differs(at, ours, theirs);
}

} // namespace

/// Random rosters against a walk by half hours, and what must be so of every roster.
class TestRosterRandom : public QObject
{
    Q_OBJECT
private slots:
    void agreesWithTheWalk_data();
    void agreesWithTheWalk();
    void shiftsAndInstantsAgree();
    void readsBackWhatItWrote();
};

void TestRosterRandom::agreesWithTheWalk_data()
{
    const CaseRange range = casesToRun(20'000, 200'000);
    qInfo() << "cases" << range.first << "to" << range.end - 1 << "each is its seed";
    addCaseRows(range);
}

void TestRosterRandom::agreesWithTheWalk()
{
    QFETCH(qint64, first);
    QFETCH(qint64, end);
    for (qint64 seed = first; seed < end; ++seed) {
        SeededRandom random = randomOf(seed);
        const RosterCase made = someRosterCase(random);
        QCOMPARE(check(made.roster), Result<Done>(Done {}));
        const RosterWalk walk(made.roster, made.absences, made.from, made.to);
        QString wrong = wrongShifts(made, walk);
        for (int i = 0; i < 3 && wrong.isEmpty(); ++i)
            wrong = wrongTimes(
                made, walk, made.from + halfHour * random.below((made.to - made.from) / halfHour));
        if (!wrong.isEmpty())
            QFAIL(qPrintable(u"seed %1 %2"_s.arg(seed).arg(wrong)));
    }
}

void TestRosterRandom::shiftsAndInstantsAgree()
{
    const CaseRange range = casesToRun(1'000, 20'000);
    qInfo() << "cases" << range.first << "to" << range.end - 1 << "each is its seed";
    size_t many = 0, empty = 0;
    for (qint64 seed = range.first; seed < range.end; ++seed) {
        SeededRandom random = randomOf(seed);
        const RosterCase made = someRosterCase(random);
        const auto ladderAt = [&](Instant at) { return onCall(made.roster, made.absences, at); };
        const QByteArray name = "seed " + QByteArray::number(seed);
        const char *const where = name.constData();
        // Off the half hour on purpose.
        const Instant from = made.from + Millis(random.below(7'200'000));
        const auto all = shifts(made.roster, made.absences, from, made.to);
        Instant reached = from;
        std::vector<TimeSpan> nobody;
        for (const Shift &shift : all) {
            QVERIFY2(shift.span.from == reached && shift.span.to > reached, where);
            reached = shift.span.to;
            QVERIFY2(ladderAt(shift.span.from) == shift.ladder, where);
            QVERIFY2(ladderAt(shift.span.to - shortest) == shift.ladder, where);
            QVERIFY2(reached == made.to || ladderAt(reached) != shift.ladder, where);
            const auto next = nextChange(made.roster, made.absences, shift.span.from);
            QVERIFY2(!next || *next == reached || (reached == made.to && *next > reached), where);
            if (shift.ladder.empty())
                nobody.push_back(shift.span);
            QStringList people = agentsOf(shift.ladder);
            QVERIFY2(people.removeDuplicates() == 0, where);
            for (const OnCall &one : shift.ladder)
                QVERIFY2(one.since <= shift.span.from && one.until >= shift.span.to, where);
            empty += shift.ladder.empty();
        }
        QVERIFY2(reached == made.to, where);
        QVERIFY2(gaps(made.roster, made.absences, from, made.to) == nobody, where);
        many += all.size();
    }
    const auto cases = static_cast<size_t>(range.end - range.first);
    QVERIFY(many > 5 * cases && empty > cases / 2);
}

void TestRosterRandom::readsBackWhatItWrote()
{
    for (qint64 seed = 0; seed < 1'000; ++seed) {
        SeededRandom random = randomOf(seed);
        const RosterCase made = someRosterCase(random);
        const QJsonObject json = rosterToJson(made.roster);
        const auto read = rosterFromJson(json);
        QVERIFY2(read, read ? "" : qPrintable(read.error().detail));
        QCOMPARE(compactJson(rosterToJson(*read)), compactJson(json));
        const auto again = rosterFromJson(json);
        QVERIFY(again && *again == *read);
        QVERIFY2(shifts(*read, made.absences, made.from, made.to)
                == shifts(made.roster, made.absences, made.from, made.to),
            qPrintable(u"seed %1"_s.arg(seed)));
    }
}

QTEST_GUILESS_MAIN(TestRosterRandom)
#include "tst_rosterrandom.moc"
