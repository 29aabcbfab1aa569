#include "core/import/sampleplan_p.h"

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

void SamplePlanner::live(Needs needs, const QString &team, int openedAgo, const Telling &tell)
{
    const Instant opened = m_now - std::chrono::minutes(openedAgo);
    SampleStory story(m_plan.tickets, castFor(nextScenario(needs, team), opened), m_random);
    story.goLive();
    tell(story);
    keep(story);
}

/// Everything up to the move, for a ticket that moved so many minutes ago.
void SamplePlanner::liveStart(SampleStory &story, int movedAgo)
{
    story.open();
    story.ago(movedAgo + 40);
    story.claim();
    story.ago(movedAgo + 36);
    if (story.has(u"ask"_s))
        story.ask();
    story.ago(movedAgo + 14);
    if (story.has(u"ask"_s))
        story.answer();
    story.ago(movedAgo + 4);
    story.note();
    story.ago(movedAgo);
}

void SamplePlanner::liveFirstLine()
{
    for (int i = 0; i < 10; ++i)
        live(Needs::Anything, {}, 4 + i * 19 + between(0, 9, m_random),
            [](SampleStory &story) { story.open(); });
    for (int i = 0; i < 13; ++i) {
        const int opened = 45 + i * 43;
        live(Needs::Anything, {}, opened, [&](SampleStory &story) {
            story.open();
            story.ago(opened - between(5, 30, m_random));
            story.claim();
            if (i % 3 == 0)
                story.note();
        });
    }
    for (int i = 0; i < 8; ++i) {
        const int opened = 420 + i * 510;
        live(Needs::Question, {}, opened, [&](SampleStory &story) {
            story.open();
            story.ago(opened - between(10, 90, m_random));
            story.claim();
            story.ago(opened - between(95, 160, m_random));
            story.ask();
            story.status(i < 6 ? u"pending"_s : u"hold"_s);
        });
    }
    for (int i = 0; i < 4; ++i) {
        const int answered = 130 + i * 55;
        live(Needs::Escalation, {}, answered + 400, [&](SampleStory &story) {
            story.open();
            story.ago(answered + 340);
            story.claim();
            story.ago(answered + 330);
            story.ask();
            story.ago(answered);
            story.answer();
        });
    }
}

void SamplePlanner::liveFlags()
{
    // Minutes since the mark; the limit is 30. The last one is being looked at.
    static constexpr std::array<int, 5> marks { 4, 12, 24, 38, 19 };
    for (const int mark : marks) {
        live(Needs::Escalation, {}, mark + 120, [&](SampleStory &story) {
            story.open();
            story.ago(mark + 60);
            story.claim();
            story.ago(mark + 30);
            story.ask();
            story.ago(mark);
            story.flag();
            if (mark == marks.back()) {
                story.ago(6);
                story.triage();
            }
        });
    }
}

void SamplePlanner::liveSpecialists()
{
    struct Place {
        int moved; ///< minutes ago
        int accepted; ///< minutes ago; -1: nobody has yet
        int replied; ///< minutes ago; -1: not yet
        int answered; ///< minutes ago; -1: the customer has not
        const char16_t *agent;
        const char16_t *team;
    };
    // Accept within 30 minutes, resolve within 8 hours: three of these are at risk, two are late.
    static constexpr std::array places = std::to_array<Place>({ { 6, -1, -1, -1, u"",
                                                                    u"Technical" },
        { 14, -1, -1, -1, u"", u"Billing" }, { 25, -1, -1, -1, u"", u"Technical" },
        { 43, -1, -1, -1, u"", u"Technical" }, { 48, 35, -1, -1, u"priya", u"Technical" },
        { 101, 95, -1, -1, u"priya", u"Technical" }, { 183, 170, 150, -1, u"priya", u"Technical" },
        { 249, 240, -1, -1, u"marek", u"Technical" }, { 396, 388, -1, -1, u"priya", u"Technical" },
        { 446, 432, -1, -1, u"ingrid", u"Billing" }, { 575, 560, -1, -1, u"noor", u"Billing" },
        { 322, 310, 190, 62, u"priya", u"Technical" } });
    for (size_t i = 0; i < places.size(); ++i) {
        const Place &place = places[i];
        const QString team = QString::fromUtf16(place.team);
        live(Needs::Escalation, team, place.moved + between(60, 200, m_random),
            [&](SampleStory &story) {
                const QString agent = QString::fromUtf16(place.agent);
                liveStart(story, place.moved);
                story.escalate(u"L2"_s, team, i % 4 == 2);
                if (place.accepted < 0)
                    return;
                story.ago(place.accepted);
                story.accept(agent);
                if (place.replied < 0)
                    return;
                story.ago(place.replied);
                story.sayHello(agent);
                if (place.answered < 0)
                    return;
                story.ago(place.answered);
                story.answer();
            });
    }
}

void SamplePlanner::liveEngineering()
{
    // Minutes since the second move, and since it was accepted there (-1: not yet).
    static constexpr std::array<std::pair<int, int>, 4> places { { { 12, -1 }, { 200, 180 },
        { 560, 540 }, { 1160, 1150 } } };
    for (const auto &[moved, accepted] : places) {
        live(Needs::Engineering, {}, moved + 500, [&](SampleStory &story) {
            const QString specialist = story.cast().specialist;
            liveStart(story, moved + 240);
            story.escalate(u"L2"_s, story.text(u"team"_s));
            story.ago(moved + 220);
            story.accept(specialist);
            story.ago(moved + 200);
            story.sayHello(specialist);
            story.ago(moved + 8);
            story.workNote(specialist);
            story.ago(moved);
            story.escalate(u"L3"_s, u"Engineering"_s);
            if (accepted >= 0) {
                story.ago(accepted);
                story.accept(story.cast().engineer);
            }
        });
    }
}

void SamplePlanner::liveConfidential()
{
    struct Place {
        const char16_t *team;
        int moved;
        int accepted;
    };
    static constexpr std::array places = std::to_array<Place>(
        { { u"Legal", 200, 185 }, { u"Legal", 9, -1 }, { u"Security", 66, 50 } });
    for (const Place &place : places) {
        const QString team = QString::fromUtf16(place.team);
        live(Needs::Confidential, team, place.moved + 90, [&](SampleStory &story) {
            liveStart(story, place.moved);
            story.escalate(team == u"Security" ? u"L3"_s : u"L2"_s, team);
            if (place.accepted >= 0) {
                story.ago(place.accepted);
                story.accept(story.cast().specialist);
            }
        });
    }
}

void SamplePlanner::awaitingYes()
{
    for (int i = 0; i < 6; ++i) {
        const int solved = 90 + i * 400;
        const bool isEscalated = i % 2 == 0;
        live(Needs::Escalation, {}, solved + 460, [&](SampleStory &story) {
            liveStart(story, solved + 300);
            const QString agent = isEscalated ? story.cast().specialist : story.cast().frontline;
            if (isEscalated) {
                story.escalate(u"L2"_s, story.text(u"team"_s));
                story.ago(solved + 285);
                story.accept(agent);
                story.ago(solved + 10);
                story.workNote(agent);
            }
            story.ago(solved);
            story.solve(agent);
        });
    }
}

void SamplePlanner::allLive()
{
    liveFirstLine();
    liveFlags();
    liveSpecialists();
    liveEngineering();
    liveConfidential();
    awaitingYes();
}

} // namespace tierline::importing
