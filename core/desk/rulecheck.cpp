#include "core/desk/rulecheck.h"

#include "core/calendar/agreement.h"
#include "core/commands/agreements.h"
#include "core/commands/reasons.h"
#include "core/commands/templates.h"
#include "core/engine/lifecustomer.h"
#include "core/rules/life.h"
#include "core/storage/accounts.h"
#include "core/storage/agreements.h"
#include "core/storage/people.h"
#include "core/storage/rulebook.h"
#include "core/storage/seenwords.h"
#include "core/storage/tickets.h"
#include "core/storage/ways.h"

#include <QSet>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr int mostTickets = 5'000;

/// What is counted over other tickets is there for every ticket; how much a team can take, only where
/// somebody said it.
class Countable : public rules::Surroundings
{
public:
    rules::Told<qint64> ticketsFromAccount(Millis) const override { return qint64(1); }
    rules::Told<qint64> unansweredFromAccount(Millis) const override { return qint64(0); }
    rules::Told<qint64> customersReopeningIssue(Millis) const override { return qint64(0); }
    rules::Told<qint64> similarTickets(Millis) const override { return qint64(1); }
    rules::Told<qint64> arrivalsOfUsual(Millis) const override { return qint64(100'000); }
};

Result<Done> addTicket(storage::Connection &connection, TicketId id, Instant now,
    rules::TicketLife &life, rules::Parts parts, rules::ReadinessCount &count)
{
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    TIERLINE_TRY(customer, engine::loadLifeCustomer(connection, state.ticket, false));
    TIERLINE_TRY(events, storage::loadEvents(connection, id));
    QHash<qint64, QString> texts;
    if (parts & (quint8(rules::Part::Text) | quint8(rules::Part::Signs))) {
        TIERLINE_TRY(messages, storage::loadMessages(connection, id));
        for (const Message &message : messages)
            texts.insert(message.id.v, message.text);
    }
    life.begin(id, customer, [&texts](MessageId message) { return texts.value(message.v); });
    static const Countable around;
    life.setAround(&around);
    for (const Event &event : events)
        life.apply(event);
    if (!life.isEmpty())
        count.add(life.at(std::max(now, life.knownAt()), parts));
    return Done {};
}

} // namespace

bool RuleCheck::isSound() const
{
    return isWhole() && std::ranges::none_of(findings, [](const rules::Finding &finding) {
        return finding.gravity == rules::Gravity::Wrong;
    });
}

QString RuleCheck::firstProblem() const
{
    if (isWhole())
        return {};
    const size_t more = parsed.problems.size() - 1;
    return parsed.problems.front().text()
        + (more == 0 ? QString() : u" (and %1 more; `rules check` lists them)"_s.arg(more));
}

Result<rules::LintContext> loadRuleContext(storage::Connection &connection)
{
    rules::LintContext context;
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(teams, storage::loadTeams(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    TIERLINE_TRY(accounts, storage::loadAccounts(connection));
    TIERLINE_TRY(agreements, commands::loadAgreements(connection));
    TIERLINE_TRY(reasons, commands::loadReasons(connection));
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    TIERLINE_TRY(seen, storage::loadSeenWords(connection));
    TIERLINE_TRY(templates, commands::loadTemplates(connection));
    TIERLINE_TRY(ways, storage::loadWays(connection));
    context.hasWays = !ways.empty();
    auto &names = context.vocabulary.names;
    for (const Tier &tier : tiers)
        names[rules::Slot::Tier].append(tier.id);
    for (const Team &team : teams)
        names[rules::Slot::Team].append(team.name);
    for (const Agent &agent : agents)
        names[rules::Slot::Agent].append(agent.id);
    for (const storage::Account &account : accounts)
        names[rules::Slot::Account].append(account.name);
    names[rules::Slot::Role] = codes<Role>();
    names[rules::Slot::Template] = templates.keys();
    if (agreements && !agreements->isEmpty()) {
        for (const sla::Policy &policy : agreements->editions().back().policies)
            names[rules::Slot::Policy].append(policy.name);
    }
    context.vocabulary.reasons = reasons;
    for (const StoredRule &list : book.lists) {
        if (list.state == RuleState::Live)
            context.vocabulary.lists.append(list.name);
    }
    context.tiers = tiers;
    context.teams = teams;
    context.agents = agents;
    context.seen = seen.words;
    context.fields = seen.fields;
    return context;
}

RuleCheck checkRules(
    QByteArrayView utf8, const rules::LintContext &context, const RuleBook &standing)
{
    // Names that are not there are findings, with the nearest that is: a text may be written before the team.
    const rules::Vocabulary language { .names = {},
        .lists = {},
        .hasLists = false,
        .reasons = context.vocabulary.reasons,
        .personalReasons = context.vocabulary.personalReasons };
    RuleCheck check { rules::parse(utf8, language), {} };
    if (!check.isWhole())
        return check;
    const rules::Document &document = check.parsed.document;
    QSet<QString> own;
    for (const rules::Rule &rule : document.rules)
        own.insert(rule.name.toCaseFolded());
    const rules::BookRules beside = rules::readBook(standing, { RuleState::Live });
    std::vector<rules::LintRule> all;
    for (size_t i = 0; i < beside.rules.size(); ++i) {
        if (!own.contains(beside.stored[i].name.toCaseFolded()))
            all.push_back({ &beside.rules[i], RuleState::Live });
    }
    for (const rules::Rule &rule : document.rules)
        all.push_back({ &rule, RuleState::Draft, true });
    for (rules::Finding &finding : rules::lint(all, document.lists, context)) {
        const bool isOurs = finding.rule.isEmpty() || own.contains(finding.rule.toCaseFolded())
            || own.contains(finding.other.toCaseFolded());
        if (isOurs)
            check.findings.push_back(std::move(finding));
    }
    return check;
}

std::vector<rules::Finding> checkBook(const RuleBook &book, const rules::LintContext &context)
{
    const rules::BookRules read
        = rules::readBook(book, { RuleState::Draft, RuleState::Shadow, RuleState::Live });
    std::vector<rules::LintRule> all;
    for (size_t i = 0; i < read.rules.size(); ++i)
        all.push_back({ &read.rules[i], read.stored[i].state });
    return rules::lint(all, read.lists, context);
}

Result<rules::Readiness> countReadiness(storage::Connection &connection,
    const std::vector<rules::Rule> &rules, const rules::Lists &lists, Instant now,
    const std::function<bool(qint64)> &progress)
{
    const rules::RuleSet set(rules, lists);
    rules::ReadinessCount count(set);
    const rules::Parts parts = rules::partsFor(set.facts());
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    TIERLINE_TRY(agents, storage::loadAgents(connection));
    TIERLINE_TRY(agreements, commands::loadAgreements(connection));
    rules::LifeFrame frame;
    frame.agreements = agreements;
    frame.reader = &triage::TextReader::shared();
    frame.people = escalation::ClockPeople::of(tiers, agents);
    rules::TicketLife life(frame);
    qint64 done = 0;
    for (TicketId last; done < mostTickets;) {
        TIERLINE_TRY(ids, storage::workableTickets(connection, last, 300));
        if (ids.empty())
            break;
        last = ids.back();
        for (const TicketId id : ids) {
            TIERLINE_CHECK(addTicket(connection, id, now, life, parts, count));
            ++done;
        }
        if (progress && !progress(done))
            return cancelled();
    }
    return count.result();
}

} // namespace tierline::desk
