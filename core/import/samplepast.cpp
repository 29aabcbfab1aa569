#include "core/import/sampleplan_p.h"

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

// How many tickets end which way.
constexpr int SolvedAtFirstLine = 224;
constexpr int SolvedBySpecialist = 58;
constexpr int SolvedByEngineering = 13;
constexpr int SentBack = 16;
constexpr int TakenBack = 2;
constexpr int PingPong = 3;
constexpr int CameBack = 8;
constexpr int FlagDropped = 3;
constexpr int ConfidentialSolved = 9;
constexpr int Wave = 14;

} // namespace

/// Tells stories that are over by now. Where one would not be, people hurried more, or it began a
/// day earlier.
void SamplePlanner::past(int count, Needs needs, const Telling &tell)
{
    for (int i = 0; i < count; ++i) {
        SampleStory::Cast cast = castFor(nextScenario(needs, {}), pastInstant());
        double pace = 1;
        for (int attempt = 0;; ++attempt) {
            SampleStory story(m_plan.tickets, cast, m_random);
            story.setPace(pace);
            tell(story);
            if (story.at() < m_now - 20min || attempt > 40) {
                keep(story);
                break;
            }
            pace *= 0.6;
            if (attempt % 3 == 2) {
                cast.opened = cast.opened - 24h;
                pace = 0.5;
            }
        }
    }
}

void SamplePlanner::firstLine(SampleStory &story)
{
    story.open();
    story.pass(4, 95);
    story.claim();
    if (story.has(u"ask"_s)) {
        story.pass(2, 25);
        story.ask();
        story.pass(15, 300);
        story.answer();
    }
    story.pass(8, 70);
}

void SamplePlanner::toSpecialist(SampleStory &story)
{
    firstLine(story);
    story.note();
    if (chance(20, m_random)) {
        story.flag();
        story.pass(3, 25);
        if (chance(60, m_random))
            story.triage();
    }
    story.pass(4, 45);
    const QString team = story.text(u"team"_s);
    story.escalate(team == u"Security" ? u"L3"_s : u"L2"_s, team, chance(18, m_random));
    story.pass(2, 26);
}

void SamplePlanner::ending(SampleStory &story, const QString &agent, bool wasEscalated)
{
    story.pass(25, 900);
    story.sayYes(agent);
    if (chance(55, m_random)) {
        story.pass(5, 600);
        story.score();
    }
    if (wasEscalated && chance(80, m_random)) {
        story.pass(60, 2000);
        story.review(chance(70, m_random) ? u"marek"_s : u"ruth"_s);
    }
}

void SamplePlanner::wave()
{
    // The last Tuesday that is over, at nine in the morning.
    qint64 day = m_now.ms / DayMs - 2;
    while ((day + 4) % 7 != 2)
        --day;
    const Instant begin = Instant { day * DayMs } + 9h + 2min;
    for (int i = 0; i < Wave; ++i) {
        const Instant opened = begin + std::chrono::minutes(i * 5 + between(0, 4, m_random))
            + Millis(between(0, 50'000, m_random));
        SampleStory story(
            m_plan.tickets, castFor(nextScenario(Needs::WaveOnly, {}), opened), m_random);
        story.setPace(0.15);
        const bool isEscalated = i < 5;
        const QString agent = isEscalated ? story.cast().specialist : story.cast().frontline;
        story.open();
        story.pass(10, 60);
        story.claim();
        story.note();
        if (isEscalated) {
            story.pass(5, 30);
            story.escalate(u"L2"_s, u"Technical"_s);
            story.pass(5, 40);
            story.accept(agent);
            story.sayHello(agent);
        }
        if (i == 0) {
            story.escalate(u"L3"_s, u"Engineering"_s);
            story.pass(10, 30);
            story.accept(story.cast().engineer);
            story.workNote(story.cast().engineer);
        }
        while (story.at() < begin + 112min)
            story.pass(40, 200);
        story.solve(i == 0 ? story.cast().engineer : agent);
        story.setPace(0.6);
        ending(story, i == 0 ? story.cast().engineer : agent, isEscalated);
        keep(story);
    }
}

void SamplePlanner::solvedPast()
{
    past(SolvedAtFirstLine, Needs::Anything, [this](SampleStory &story) {
        firstLine(story);
        if (!story.has(u"summary"_s))
            story.note();
        story.pass(3, 40);
        story.solve(story.cast().frontline);
        ending(story, story.cast().frontline, false);
    });
    past(SolvedBySpecialist, Needs::Escalation, [this](SampleStory &story) {
        const QString agent = story.cast().specialist;
        toSpecialist(story);
        story.accept(agent);
        story.pass(4, 50);
        story.sayHello(agent);
        story.pass(30, 420);
        story.workNote(agent);
        story.pass(5, 60);
        story.solve(agent);
        ending(story, agent, true);
    });
    past(SolvedByEngineering, Needs::Engineering, [this](SampleStory &story) {
        const QString agent = story.cast().specialist;
        toSpecialist(story);
        story.accept(agent);
        story.sayHello(agent);
        story.pass(60, 400);
        story.escalate(u"L3"_s, u"Engineering"_s);
        story.pass(5, 100);
        story.accept(story.cast().engineer);
        story.pass(200, 2400);
        story.workNote(story.cast().engineer);
        story.solve(story.cast().engineer);
        ending(story, story.cast().engineer, true);
    });
    past(ConfidentialSolved, Needs::Confidential, [this](SampleStory &story) {
        if (!story.has(u"summary"_s))
            return;
        toSpecialist(story);
        story.accept(story.cast().specialist);
        story.sayHello(story.cast().specialist);
        story.pass(60, 900);
        story.workNote(story.cast().specialist);
        story.solve(story.cast().specialist);
        ending(story, story.cast().specialist, false);
    });
}

/// Those that came back down to the first line.
void SamplePlanner::cameDownPast()
{
    int sentBack = 0;
    past(SentBack, Needs::Escalation, [this, &sentBack](SampleStory &story) {
        static constexpr std::array verdicts { Verdict::L1CouldHaveSolved,
            Verdict::NeedsInformation, Verdict::L1CouldHaveSolved, Verdict::Answered,
            Verdict::WrongTeam };
        toSpecialist(story);
        story.accept(story.cast().specialist);
        story.pass(5, 40);
        story.giveBack(
            story.cast().specialist, verdicts[static_cast<size_t>(sentBack++) % verdicts.size()]);
        story.pass(10, 120);
        story.solve(story.cast().frontline);
        ending(story, story.cast().frontline, false);
    });
    past(TakenBack, Needs::Escalation, [this](SampleStory &story) {
        toSpecialist(story);
        story.withdraw();
        story.pass(10, 60);
        story.solve(story.cast().frontline);
        ending(story, story.cast().frontline, false);
    });
    past(FlagDropped, Needs::Escalation, [this](SampleStory &story) {
        firstLine(story);
        story.flag();
        story.pass(3, 20);
        story.triage();
        story.pass(3, 14);
        story.unflag();
        story.pass(5, 60);
        story.solve(story.cast().frontline);
        ending(story, story.cast().frontline, false);
    });
}

/// Those that went to and fro.
void SamplePlanner::bouncedPast()
{
    past(PingPong, Needs::Escalation, [this](SampleStory &story) {
        const QString agent = story.cast().specialist;
        const QString team = story.text(u"team"_s);
        toSpecialist(story);
        story.giveBack(agent, Verdict::NeedsInformation);
        story.pass(10, 90);
        story.ask();
        story.pass(30, 200);
        story.answer();
        story.escalate(u"L2"_s, team);
        story.pass(3, 25);
        story.giveBack(agent, Verdict::WrongTeam);
        story.pass(5, 50);
        story.escalate(u"L2"_s, team == u"Billing" ? u"Technical"_s : u"Billing"_s);
        story.pass(3, 25);
        story.accept(u"ingrid"_s);
        story.pass(30, 200);
        story.solve(u"ingrid"_s);
        ending(story, u"ingrid"_s, true);
    });
    int cameBack = 0;
    past(CameBack, Needs::No, [this, &cameBack](SampleStory &story) {
        const bool isEscalated = cameBack++ % 4 != 3;
        const QString agent = isEscalated ? story.cast().specialist : story.cast().frontline;
        if (isEscalated) {
            toSpecialist(story);
            story.accept(agent);
            story.sayHello(agent);
        } else {
            firstLine(story);
        }
        story.pass(30, 300);
        story.solve(agent);
        story.pass(60, 900);
        story.sayNo(agent);
        story.pass(15, 200);
        story.solve(agent, true);
        ending(story, agent, isEscalated);
    });
}

void SamplePlanner::allPast()
{
    solvedPast();
    cameDownPast();
    bouncedPast();
    wave();
}

} // namespace tierline::importing
