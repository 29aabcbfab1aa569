#include "core/import/sampleplan.h"

#include <array>

namespace tierline::importing {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr qint64 DayMs = 86'400'000;

// How many tickets end which way. What is open at this minute is listed in the live functions.
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

enum class Needs { Anything, Question, Escalation, Engineering, No, Confidential, WaveOnly };

class Planner
{
public:
    Planner(const SampleTexts &texts, Instant now, RandomSource &random)
        : m_texts(texts)
        , m_now(now)
        , m_random(random)
        , m_uses(texts.scenarios.size(), 0)
    {
    }

    SamplePlan plan();

private:
    using Telling = std::function<void(SampleStory &)>;

    void past(int count, Needs needs, const Telling &tell);
    void wave();
    void live(Needs needs, const QString &team, int openedAgo, const Telling &tell);
    void liveFirstLine();
    void liveFlags();
    void liveSpecialists();
    void liveEngineering();
    void liveConfidential();
    void awaitingYes();

    bool fits(const QJsonObject &scenario, Needs needs, const QString &team) const;
    QJsonObject nextScenario(Needs needs, const QString &team);
    QJsonObject customerFor(const QJsonObject &scenario);
    SampleStory::Cast castFor(const QJsonObject &scenario, Instant opened);
    QString agentOf(const QString &team);
    Instant pastInstant();
    void keep(SampleStory &story);

    void firstLine(SampleStory &story);
    void toSpecialist(SampleStory &story);
    void ending(SampleStory &story, const QString &agent, bool wasEscalated);
    void liveStart(SampleStory &story, int movedAgo);

    const SampleTexts &m_texts;
    Instant m_now;
    RandomSource &m_random;
    QList<int> m_uses; ///< how often each scenario was told
    SamplePlan m_plan;
};

bool Planner::fits(const QJsonObject &scenario, Needs needs, const QString &team) const
{
    const auto has = [&](QStringView part) { return !scenario.value(part).toString().isEmpty(); };
    if (scenario.value(u"wave").toBool() != (needs == Needs::WaveOnly))
        return false;
    if (scenario.value(u"confidential").toBool() != (needs == Needs::Confidential))
        return false;
    if (!team.isEmpty() && scenario.value(u"team").toString() != team)
        return false;
    switch (needs) {
    case Needs::Question: return has(u"ask");
    case Needs::Escalation: return has(u"summary");
    case Needs::Engineering:
        return scenario.value(u"reason").toString() == u"needs-code-change" || has(u"next");
    case Needs::No: return has(u"no") && has(u"summary");
    default: return true;
    }
}

/// The one told least often so far; among equals by chance.
QJsonObject Planner::nextScenario(Needs needs, const QString &team)
{
    qsizetype best = -1;
    int ties = 0;
    for (qsizetype i = 0; i < m_texts.scenarios.size(); ++i) {
        if (!fits(m_texts.scenarios[i], needs, team))
            continue;
        if (best < 0 || m_uses[i] < m_uses[best]) {
            best = i;
            ties = 1;
        } else if (m_uses[i] == m_uses[best] && m_random.below(++ties) == 0) {
            best = i;
        }
    }
    ++m_uses[best];
    return m_texts.scenarios[best];
}

QJsonObject Planner::customerFor(const QJsonObject &scenario)
{
    const QString language = scenario.value(u"lang").toString();
    QList<QJsonObject> fitting;
    for (const QJsonValue &customer : m_texts.customers) {
        if (customer.toObject().value(u"lang").toString() == language)
            fitting.append(customer.toObject());
    }
    // The bigger a customer, the more often they write: the first third stands in twice.
    const qsizetype twice = fitting.size() / 3;
    const qsizetype choice = m_random.below(fitting.size() + twice);
    return fitting[choice % fitting.size()];
}

/// Somebody of a team; the frontline agent who speaks the language is found by castFor.
QString Planner::agentOf(const QString &team)
{
    static const QHash<QString, QStringList> members {
        { u"Technical"_s, { u"priya"_s, u"marek"_s, u"ingrid"_s } },
        { u"Billing"_s, { u"noor"_s, u"noor"_s, u"ingrid"_s } }, { u"Legal"_s, { u"ruth"_s } },
        { u"Security"_s, { u"hanna"_s } }
    };
    const QStringList names = members.value(team, { u"priya"_s });
    return names[m_random.below(names.size())];
}

SampleStory::Cast Planner::castFor(const QJsonObject &scenario, Instant opened)
{
    static const QHash<QString, QStringList> speakers { { u"de"_s, { u"jonas"_s } },
        { u"fr"_s, { u"lucie"_s } }, { u"es"_s, { u"carla"_s } },
        { u"pt"_s, { u"carla"_s, u"lucie"_s } } };
    const QStringList frontline = speakers.value(scenario.value(u"lang").toString(),
        { u"tom"_s, u"aisha"_s, u"aisha"_s, u"tom"_s, u"jonas"_s });
    return { .scenario = scenario,
        .customer = customerFor(scenario),
        .company = m_texts.company,
        .frontline = frontline[m_random.below(frontline.size())],
        .specialist = agentOf(scenario.value(u"team").toString()),
        .engineer = chance(60, m_random) ? u"yusuf"_s : u"hanna"_s,
        .opened = opened,
        .now = m_now };
}

/// Some instant of the last sixty days: many on weekdays and in the morning, few at night.
Instant Planner::pastInstant()
{
    static constexpr std::array<int, 24> hours { 1, 1, 0, 0, 1, 2, 5, 14, 26, 34, 30, 23, 15, 21,
        25, 19, 13, 8, 4, 3, 3, 2, 2, 1 };
    for (;;) {
        const Instant at
            = m_now - std::chrono::minutes(between(30 * 60, 60 * 24 * 60 - 90, m_random));
        const int weekday = static_cast<int>((at.ms / DayMs + 4) % 7);
        const bool isWeekend = weekday == 0 || weekday == 6;
        const auto hour = static_cast<size_t>((at.ms % DayMs) / 3'600'000);
        if (m_random.below(34) < hours[hour] && !(isWeekend && chance(82, m_random)))
            return at;
    }
}

void Planner::keep(SampleStory &story)
{
    for (SampleStep &step : story.takeSteps())
        m_plan.steps.push_back(std::move(step));
    ++m_plan.tickets;
}

/// Tells stories that are over by now. Where one would not be, people hurried more, or it began a
/// day earlier.
void Planner::past(int count, Needs needs, const Telling &tell)
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

void Planner::firstLine(SampleStory &story)
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
    story.note();
}

void Planner::toSpecialist(SampleStory &story)
{
    firstLine(story);
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

void Planner::ending(SampleStory &story, const QString &agent, bool wasEscalated)
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

void Planner::wave()
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

void Planner::live(Needs needs, const QString &team, int openedAgo, const Telling &tell)
{
    const Instant opened = m_now - std::chrono::minutes(openedAgo);
    SampleStory story(m_plan.tickets, castFor(nextScenario(needs, team), opened), m_random);
    story.goLive();
    tell(story);
    keep(story);
}

/// Everything up to the move, for a ticket that moved so many minutes ago.
void Planner::liveStart(SampleStory &story, int movedAgo)
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

void Planner::liveFirstLine()
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

void Planner::liveFlags()
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

void Planner::liveSpecialists()
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

void Planner::liveEngineering()
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

void Planner::liveConfidential()
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

void Planner::awaitingYes()
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

SamplePlan Planner::plan()
{
    past(SolvedAtFirstLine, Needs::Anything, [this](SampleStory &story) {
        firstLine(story);
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
    wave();
    liveFirstLine();
    liveFlags();
    liveSpecialists();
    liveEngineering();
    liveConfidential();
    awaitingYes();
    std::stable_sort(m_plan.steps.begin(), m_plan.steps.end(),
        [](const SampleStep &a, const SampleStep &b) { return a.at < b.at; });
    return std::move(m_plan);
}

} // namespace

SamplePlan planSample(const SampleTexts &texts, Instant now, RandomSource &random)
{
    return Planner(texts, now, random).plan();
}

} // namespace tierline::importing
