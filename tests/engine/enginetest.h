#pragma once

#include "core/commands/rules.h"
#include "core/engine/engine.h"
#include "core/storage/rulebook.h"
#include "tests/commands/commandtest.h"

// A desk with an engine, and rules that go live as they are written.

namespace tierline::test {

class EngineFixture : public CommandFixture
{
public:
    explicit EngineFixture(quint64 seed = 1)
        : CommandFixture(seed)
    {
    }
    ~EngineFixture() { engine.reset(); }

    Result<Done> begin(engine::Engine::Options options = {})
    {
        m_options = options;
        if (auto done = CommandFixture::begin(); !done)
            return done;
        restart();
        return Done {};
    }
    /// As if the program ended and another one began.
    void restart()
    {
        engine.reset();
        engine = std::make_unique<engine::Engine>(*store, random, m_options);
    }

    /// Rules in this order and state, with no cap.
    Result<Done> rules(const QString &text, RuleState state = RuleState::Live,
        bool appliesToStanding = false, int cap = 0)
    {
        const rules::Parsed parsed = rules::parse(text);
        if (!parsed.isWhole())
            return badInput(parsed.problems.front().text());
        commands::Context context = as(QStringLiteral("lea"));
        commands::SaveRules save { .reason = { QStringLiteral("a test") } };
        for (const rules::BookText &part : rules::partsOf(parsed.document))
            save.texts.push_back({ .kind = part.kind, .name = part.name, .text = part.text });
        if (auto saved = commands::run(context, save); !saved)
            return saved.error();
        for (const rules::Rule &rule : parsed.document.rules) {
            const commands::SetRuleState set { .rule = rule.name,
                .state = state,
                .reason = { QStringLiteral("a test") },
                .appliesToStanding = appliesToStanding,
                .weeklyCap = cap };
            if (auto done = commands::run(context, set); !done)
                return done.error();
        }
        return Done {};
    }

    /// Steps until there is nothing more to do now.
    engine::Tally settle()
    {
        engine::Tally all;
        for (int i = 0; i < 10'000; ++i) {
            auto step = engine->step();
            if (!step) {
                problem = step.error().detail;
                return all;
            }
            last = *step;
            all.add(step->tally);
            judged += step->tally.judged;
            if (!step->hasMore)
                return all;
        }
        problem = QStringLiteral("The engine never comes to rest.");
        return all;
    }
    engine::Tally after(Millis time)
    {
        clock.advance(time);
        return settle();
    }

    TicketId id(const QString &key) { return *storage::findAnyTicket(connection(), key); }
    std::vector<Firing> firings(
        const QString &key, std::optional<FiringOutcome> outcome = FiringOutcome::Fired)
    {
        auto all = storage::loadFirings(
            connection(), { .ticket = id(key), .limit = 10'000, .isOldestFirst = true });
        std::vector<Firing> found = all.value_or(std::vector<Firing> {});
        std::erase_if(found, [&](const Firing &one) { return outcome && one.outcome != *outcome; });
        return found;
    }
    std::vector<Notice> notices(const QString &key)
    {
        return storage::loadNotices(connection(), id(key)).value_or(std::vector<Notice> {});
    }
    std::optional<Instant> armed(const QString &key)
    {
        const auto timer = storage::loadTimer(connection(), id(key));
        return timer && *timer ? std::optional((*timer)->due) : std::nullopt;
    }

    std::unique_ptr<engine::Engine> engine;
    engine::Step last;
    QString problem; ///< empty, or what went wrong
    qint64 judged = 0; ///< rules, in all that was settled

private:
    engine::Engine::Options m_options;
};

} // namespace tierline::test
