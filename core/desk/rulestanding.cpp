#include "core/desk/rulestanding.h"

#include "core/desk/storedpast.h"
#include "core/rules/book.h"
#include "core/storage/accounts.h"
#include "core/storage/agreements.h"
#include "core/storage/firings.h"
#include "core/storage/rulebook.h"
#include "core/storage/tickets.h"

#include <QSet>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

constexpr int slice = 300; ///< tickets between two words of progress

/// A cause in the words in which the store keeps it.
template<typename Anchor>
QString causeWords(const Anchor &anchor)
{
    if constexpr (std::is_same_v<Anchor, QString>)
        return anchor;
    else
        return anchor.text();
}

/// The live rules in their order, the one that is asked about among them.
struct Book {
    std::vector<StoredRule> stored;
    std::vector<rules::Rule> trees;
    rules::Lists lists;
    int asked = -1;
};

Result<Book> readBook(storage::Connection &connection, const StandingAsk &ask)
{
    TIERLINE_TRY(book, storage::loadRuleBook(connection));
    const StoredRule *stored = book.find(RuleKind::Rule, ask.rule);
    if (!stored)
        return notFound(u"There is no rule “%1”; `rules list` shows their names."_s.arg(ask.rule));
    const QString id = stored->id;
    for (StoredRule &rule : book.rules) {
        if (rule.id != id)
            continue;
        rule.state = RuleState::Live;
        if (!ask.text.isEmpty())
            rule.text = ask.text;
    }
    rules::BookRules read = rules::readBook(book, { RuleState::Live });
    Book found { .stored = std::move(read.stored),
        .trees = std::move(read.rules),
        .lists = std::move(read.lists) };
    const auto place = std::ranges::find(found.stored, id, &StoredRule::id);
    if (place == found.stored.end())
        return badInput(u"“%1” cannot be read as one rule."_s.arg(stored->name), u"text"_s);
    found.asked = int(place - found.stored.begin());
    return found;
}

/// Names of accounts whose tickets another workspace's runner fires for.
Result<QSet<QString>> foreignAccounts(storage::Connection &connection)
{
    QSet<QString> names;
    TIERLINE_TRY(accounts, storage::loadAccounts(connection));
    for (const storage::Account &account : accounts) {
        if (account.options.value(storage::RunnerOption).toString() != u"yes")
            names.insert(account.name);
    }
    return names;
}

/// What the engine would do with one ticket after another if the rule began now.
class Onset
{
public:
    Onset(storage::Connection &connection, Book book, rules::LifeFrame frame)
        : m_connection(connection)
        , m_book(std::move(book))
        , m_set(std::vector(m_book.trees), m_book.lists)
        , m_frame(std::move(frame))
    {
    }
    Result<Done> readNeighbours(StoredPast &past, const rules::BacktestProgress &progress)
    {
        TIERLINE_TRY(neighbours, rules::neighboursOf(m_set, past, m_frame, progress));
        m_neighbours = std::move(neighbours);
        m_frame.tracesNeighbours = m_neighbours != nullptr;
        m_life = std::make_unique<rules::TicketLife>(m_frame);
        m_rounds = std::make_unique<rules::Rounds>(m_set, m_neighbours.get());
        return Done {};
    }
    Result<Done> ask(rules::PastTicket &ticket, Instant now, RuleStanding &standing);

private:
    Result<Done> readAnswered(TicketId ticket);
    /// As the engine asks it; another era of the rule has another key.
    bool isAnswered(int rule, const QString &anchor) const
    {
        const StoredRule &stored = m_book.stored[size_t(rule)];
        return m_answered.contains(keyOf(stored.id, stored.era, anchor));
    }
    static QString keyOf(const QString &rule, int era, const QString &anchor)
    {
        return rule + u'~' + QString::number(era) + u'\n' + anchor;
    }

    storage::Connection &m_connection;
    Book m_book;
    rules::RuleSet m_set;
    rules::LifeFrame m_frame;
    std::unique_ptr<rules::Neighbours> m_neighbours;
    std::unique_ptr<rules::TicketLife> m_life;
    std::unique_ptr<rules::Rounds> m_rounds;
    QSet<QString> m_answered;
};

Result<Done> Onset::readAnswered(TicketId ticket)
{
    m_answered.clear();
    TIERLINE_TRY(spent, storage::loadSpentCauses(m_connection, ticket));
    for (const storage::SpentCause &cause : spent) {
        if (cause.isReal || cause.outcome == FiringOutcome::Capped)
            m_answered.insert(keyOf(cause.rule, cause.era, cause.anchor));
    }
    return Done {};
}

Result<Done> Onset::ask(rules::PastTicket &ticket, Instant now, RuleStanding &standing)
{
    TIERLINE_CHECK(readAnswered(ticket.id));
    m_life->begin(ticket.id, ticket.customer, ticket.textOf);
    for (const Event &event : ticket.events)
        m_life->apply(event);
    if (m_life->isEmpty())
        return Done {};
    ++standing.looked;
    bool hasAnswered = false;
    // The one that is asked about acts on whatever it holds for, so that what would apply again is known too.
    const auto isSpent = [&](int rule, const auto &anchor) {
        const bool isIt = isAnswered(rule, causeWords(anchor));
        if (rule != m_book.asked)
            return isIt;
        hasAnswered = isIt;
        return false;
    };
    m_rounds->begin(*m_life);
    const rules::RoundOutcome &round
        = m_rounds->run(std::max(now, m_life->knownAt()), rules::Rounds::anything, {}, isSpent);
    standing.unjudged += std::ranges::any_of(
        round.unjudged, [this](const auto &one) { return one.rule == m_book.asked; });
    for (const rules::RoundFire &fire : round.fires) {
        if (fire.rule != m_book.asked)
            continue;
        ++(hasAnswered ? standing.answered : standing.fresh);
        if (standing.tickets.size() < RuleStanding::mostListed)
            standing.tickets.push_back({ ticket.id, ticket.key, m_life->state().ticket.subject,
                fire.sentence, hasAnswered });
    }
    return Done {};
}

} // namespace

Result<RuleStanding> findStanding(storage::Connection &connection, const Visibility &visibility,
    const StandingAsk &ask, Instant now, const rules::BacktestProgress &progress)
{
    TIERLINE_TRY(book, readBook(connection, ask));
    TIERLINE_TRY(frame, loadLifeFrame(connection));
    TIERLINE_TRY(foreign, foreignAccounts(connection));
    StoredPast past(connection, visibility);
    Onset onset(connection, std::move(book), std::move(frame));
    TIERLINE_CHECK(onset.readNeighbours(past, progress));
    RuleStanding standing;
    qint64 done = 0;
    for (TicketId last;;) {
        if (progress && !progress(done))
            return cancelled();
        TIERLINE_TRY(ids, storage::workableTickets(connection, last, slice));
        if (ids.empty())
            return standing;
        last = ids.back();
        for (const TicketId id : ids) {
            ++done;
            TIERLINE_TRY(state, storage::loadTicket(connection, id));
            const QString &key = state.ticket.key;
            if (!visibility.sees(state.ticket.team))
                continue;
            if (const qsizetype colon = key.indexOf(u':');
                colon > 0 && foreign.contains(key.left(colon))) {
                ++standing.foreign;
                continue;
            }
            TIERLINE_TRY(ticket, past.one(id));
            TIERLINE_CHECK(onset.ask(ticket, now, standing));
        }
    }
}

void StandingWork::start(const StandingAsk &ask, Instant now)
{
    read(
        [ask, now](storage::Connection &connection, const Visibility &visibility,
            const rules::BacktestProgress &tell) {
            return findStanding(connection, visibility, ask, now, tell);
        },
        [this](const Result<RuleStanding> &standing) { emit finished(standing); });
}

} // namespace tierline::desk
