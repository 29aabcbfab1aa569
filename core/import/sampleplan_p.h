#pragma once

#include "core/import/sampleplan.h"

#include <QSet>

// Internal to core/import: how the sample's stories are cast and told. sampleplan.cpp casts,
// samplepast.cpp tells what is over, samplelive.cpp what is open at this minute.

namespace tierline::importing {

/// What a story needs its scenario to have.
enum class Needs { Anything, Question, Escalation, Engineering, No, Confidential, WaveOnly };

class SamplePlanner
{
public:
    SamplePlanner(const SampleTexts &texts, Instant now, RandomSource &random)
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
    void allPast();
    void solvedPast();
    void cameDownPast();
    void bouncedPast();
    void wave();
    void allLive();
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
    bool m_isLive = false;
    QSet<std::pair<QString, QString>> m_open; ///< scenario and customer of what is open
    SamplePlan m_plan;
};

} // namespace tierline::importing
