#include "core/import/sample.h"

#include "core/commands/commands.h"
#include "core/import/samplefiles.h"
#include "core/import/sampleplan.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr auto Background = storage::Durability::Background;

/// Fills one workspace.
class Filling
{
public:
    Filling(storage::Store &store, const SampleTexts &texts, Instant now, RandomSource &random)
        : m_store(store)
        , m_texts(texts)
        , m_now(now)
        , m_random(random)
    {
    }

    Result<Done> people();
    Result<Done> history(const SampleProgress &progress);

private:
    commands::Context context(const Agent &actor, Instant at)
    {
        return { .store = m_store,
            .random = m_random,
            .actor = actor,
            .visibility = Visibility::all(),
            .now = at,
            .durability = Background };
    }
    Result<Done> tiers(commands::Context &founder);
    Result<Done> agents(commands::Context &founder);
    Result<Done> comesAlong(const SampleStep &step, const commands::Outcome &outcome);
    Agent actorOf(const QString &id) const;

    storage::Store &m_store;
    const SampleTexts &m_texts;
    Instant m_now;
    RandomSource &m_random;
    QHash<QString, Agent> m_agents;
    std::vector<QString> m_keys; ///< of the stories that have begun
};

QStringList stringList(const QJsonValue &array)
{
    QStringList list;
    for (const QJsonValue &value : array.toArray())
        list.append(value.toString());
    return list;
}

Result<Done> Filling::tiers(commands::Context &founder)
{
    TIERLINE_TRY(known, storage::loadTiers(m_store.connection()));
    for (const QJsonValue &value : m_texts.company.value(u"tiers").toArray()) {
        const QJsonObject json = value.toObject();
        const Tier tier { .id = json.value(u"id").toString(),
            .name = json.value(u"name").toString(),
            .rank = json.value(u"rank").toInt(),
            .duty = json.value(u"duty").toString(),
            .acceptWithin = std::chrono::minutes(json.value(u"accept_min").toInt()),
            .resolveWithin = std::chrono::hours(json.value(u"resolve_h").toInt()),
            .replyWithin = std::chrono::hours(json.value(u"reply_h").toInt()) };
        const bool isNew
            = !std::ranges::any_of(known, [&](const Tier &t) { return t.id == tier.id; });
        TIERLINE_CHECK(commands::run(founder, commands::SaveTier { .tier = tier, .isNew = isNew }));
    }
    return Done {};
}

Result<Done> Filling::agents(commands::Context &founder)
{
    TIERLINE_TRY(known, storage::loadAgents(m_store.connection()));
    const auto isKnown = [&](const QString &id) {
        return std::ranges::any_of(known, [&](const Agent &agent) { return agent.id == id; });
    };
    for (const QJsonValue &value : m_texts.company.value(u"agents").toArray()) {
        const QJsonObject json = value.toObject();
        Agent agent { .id = json.value(u"id").toString(),
            .name = json.value(u"name").toString(),
            .homeTier = json.value(u"tier").toString(),
            .grantedTiers = stringList(json.value(u"granted")),
            .teams = stringList(json.value(u"teams")) };
        agent.email = agent.id + u"@fennmark.example"_s;
        agent.role = fromCode<Role>(json.value(u"role").toString()).value_or(Role::Agent);
        m_agents.insert(agent.id, agent);
        TIERLINE_CHECK(commands::run(founder,
            commands::SaveAgent { .agent = agent,
                .isNew = !isKnown(agent.id),
                .grantNote = u"Answers for what engineering promises."_s }));
    }
    const QString me = m_texts.company.value(u"me").toString();
    TIERLINE_CHECK(commands::run(founder, commands::SetMe { .agent = me }));
    // Who made the workspace is no colleague of these people.
    for (Agent founding : known) {
        if (m_agents.contains(founding.id))
            continue;
        founding.isActive = false;
        TIERLINE_CHECK(commands::run(founder, commands::SaveAgent { .agent = founding }));
    }
    return Done {};
}

Result<Done> Filling::people()
{
    TIERLINE_TRY(me, storage::loadMe(m_store.connection()));
    Agent maker { .id = me, .role = Role::Admin };
    commands::Context founder = context(maker, m_now - std::chrono::hours(61 * 24));
    TIERLINE_CHECK(tiers(founder));
    return agents(founder);
}

Agent Filling::actorOf(const QString &id) const
{
    const auto known = m_agents.constFind(id);
    return known == m_agents.cend() ? Agent { .id = id, .homeTier = u"L1"_s } : *known;
}

/// The file that came with a mail.
Result<Done> Filling::comesAlong(const SampleStep &step, const commands::Outcome &outcome)
{
    if (step.file.isEmpty())
        return Done {};
    const auto said = std::ranges::find_if(
        outcome.events, [](const Event &event) { return bool(event.message); });
    if (said == outcome.events.end())
        return Done {};
    return m_store.write(Background, [&](storage::WriteScope &scope) -> Result<Done> {
        const SampleFile file = makeSampleFile(step.file, step.at, m_random);
        Attachment attachment {
            .message = said->message, .name = file.name, .contentType = file.contentType
        };
        return storage::appendAttachment(scope, attachment, file.bytes);
    });
}

Result<Done> Filling::history(const SampleProgress &progress)
{
    SamplePlan plan = planSample(m_texts, m_now, m_random);
    m_keys.resize(static_cast<size_t>(plan.tickets));
    int begun = 0;
    for (SampleStep &step : plan.steps) {
        QString &key = m_keys[static_cast<size_t>(step.ticket)];
        commands::Context at = context(actorOf(step.actor), step.at);
        TIERLINE_TRY(outcome, step.run(at, key));
        if (key.isEmpty()) {
            key = outcome.state.ticket.key;
            if (++begun % 20 == 0 && progress)
                progress(begun, plan.tickets);
        }
        TIERLINE_CHECK(comesAlong(step, outcome));
    }
    if (progress)
        progress(plan.tickets, plan.tickets);
    return Done {};
}

Result<Done> checkEmpty(storage::Store &store)
{
    TIERLINE_TRY(statement, store.connection().prepare("SELECT 1 FROM ticket LIMIT 1"));
    TIERLINE_TRY(hasTickets, statement.step());
    if (hasTickets)
        return conflictError(
            u"This workspace has tickets already: sample data goes into a new one."_s);
    return Done {};
}

} // namespace

Result<Done> makeSample(
    storage::Store &store, const Clock &clock, RandomSource &random, const SampleProgress &progress)
{
    TIERLINE_CHECK(checkEmpty(store));
    TIERLINE_TRY(texts, loadSampleTexts());
    Filling filling(store, texts, clock.now(), random);
    TIERLINE_CHECK(filling.people());
    return filling.history(progress);
}

} // namespace tierline::importing
