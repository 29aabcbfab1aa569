#include "core/sync/round.h"

#include "core/storage/remotes.h"
#include "core/sync/echoes.h"
#include "core/sync/receive.h"

namespace tierline::sync {

using namespace Qt::StringLiterals;
using connectors::Presence;
using connectors::PullPage;
using connectors::PushOutcome;
using connectors::RemoteTicket;
using storage::Durability;
namespace field = connectors::field;

namespace {

constexpr int MaxRepeats = 5; ///< pages of a round whose cursor has been there before
constexpr int MaxRegained
    = 500; ///< tickets of a page to ask for one by one; the next census has more
constexpr Millis EchoLife { 30LL * 24 * 3600 * 1000 };

/// That many tickets do not vanish at once without somebody's word for it.
bool isMassVanishing(qsizetype missing, qint64 held)
{
    return missing > qMax<qint64>(20, held / 10);
}

/// Remote ids of tickets with a conflict whose own side was taken back: what is there holds, and no
/// page brings it again.
Result<QStringList> leftConflicts(storage::WriteScope &scope, const FieldMap &map)
{
    QStringList left;
    TIERLINE_TRY(conflicts, storage::loadConflicts(scope.connection()));
    for (const storage::Conflict &conflict : conflicts) {
        if (conflict.account != map.account().name)
            continue;
        TIERLINE_TRY(waiting, storage::loadOutboxOf(scope.connection(), conflict.ticket));
        TIERLINE_TRY(pending, pendingFields(waiting, map));
        TIERLINE_TRY(row, storage::remoteOf(scope.connection(), conflict.ticket));
        if (row && !pending.fields.contains(conflict.field) && !left.contains(row->remote))
            left.append(row->remote);
    }
    return left;
}

Result<Done> rememberPeople(
    storage::WriteScope &scope, const QString &account, const RemoteTicket &ticket)
{
    QSet<QString> seen;
    for (const connectors::RemoteEntry &entry : ticket.entries) {
        const connectors::RemoteUser &user = entry.author;
        if (!user.isAgent || user.id.isEmpty() || seen.contains(user.id))
            continue;
        seen.insert(user.id);
        TIERLINE_CHECK(storage::saveAccountUser(scope, account,
            { .remote = user.id, .name = user.name, .email = user.email, .isAgent = true }));
    }
    return Done {};
}

} // namespace

Round::Round(QString account, connectors::Connector &connector, StoreGate &gate, const Clock &clock,
    RandomSource &random, RoundOptions options, QObject *parent)
    : QObject(parent)
    , m_account(std::move(account))
    , m_connector(connector)
    , m_gate(gate)
    , m_clock(clock)
    , m_random(random)
    , m_options(options)
{
    m_summary.account = m_account;
}

Round::~Round() = default;

/// One transaction with the account's map as it stands in it. A fault of the store ends the round.
void Round::write(
    Durability durability, MapWork work, std::function<void()> then, std::function<void()> taken)
{
    m_gate.write(
        durability,
        [this, alive = std::weak_ptr(m_alive), work = std::move(work), name = m_account](
            storage::WriteScope &scope) -> Result<Done> {
            if (alive.expired())
                return cancelled();
            TIERLINE_TRY(account, storage::findAccount(scope.connection(), name));
            TIERLINE_TRY(map, FieldMap::load(scope.connection(), account));
            return work(scope, map);
        },
        [this, alive = std::weak_ptr(m_alive), then = std::move(then), taken = std::move(taken)](
            Result<Done> written) {
            if (alive.expired())
                return;
            if (!written && taken && written.error().fault == Fault::Conflict) {
                taken();
                return;
            }
            if (!written) {
                fail(written.error());
                finish(); // whoever waits for this write would wait for ever
                return;
            }
            then();
        });
}

void Round::start(std::function<void(const RoundSummary &)> done)
{
    m_done = std::move(done);
    auto cursor = std::make_shared<QString>();
    auto offset = std::make_shared<Millis>(0);
    write(
        Durability::Background,
        [cursor, offset, canAttach = m_connector.manner().canAttach](
            storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
            if (map.account().needsSignIn)
                return Error { .fault = Fault::SignIn,
                    .detail = u"“%1” refused the last sign-in: give it a new secret."_s.arg(
                        map.account().name),
                    .retry = Retry::AfterSignIn };
            TIERLINE_CHECK(storage::mendOutboxTimes(scope, map.account().name));
            TIERLINE_CHECK(openRestored(scope, map, canAttach));
            *cursor = map.account().cursor;
            *offset = map.account().clockOffset.value_or(Millis(0));
            return Done {};
        },
        [this, cursor, offset] {
            m_cursor = *cursor;
            m_offset = *offset;
            if (m_options.pull)
                pullNext();
            else
                pump();
        });
}

void Round::cancel()
{
    if (m_isFinished)
        return;
    m_isStopped = true;
    m_summary.error = cancelled();
    m_connector.cancelAll();
}

void Round::pullNext()
{
    if (m_isStopped) {
        finish();
        return;
    }
    m_connector.pull(m_cursor, guarded<PullPage>([this](Result<PullPage> page) {
        if (!page) {
            fail(page.error());
            return;
        }
        takePage(std::move(*page));
    }));
}

void Round::takePage(PullPage page)
{
    // A cursor may stand still for a page or two where a list shifts; for ever it may not.
    m_repeats += !page.isLast && m_cursors.contains(page.cursor);
    m_cursors.insert(page.cursor);
    if (m_repeats > MaxRepeats) {
        fail({ .fault = Fault::BadReply,
            .detail
            = u"“%1” keeps giving the same page: nothing more was read."_s.arg(m_account) });
        return;
    }
    m_summary.problems += page.setAside;
    auto shared = std::make_shared<PullPage>(std::move(page));
    auto received = std::make_shared<std::vector<Received>>();
    auto missing = std::make_shared<QStringList>();
    auto held = std::make_shared<qint64>(0);
    auto others = std::make_shared<QStringList>();
    write(
        Durability::Background,
        [this, shared, received, missing, held, others](
            storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
            received->clear();
            missing->clear();
            others->clear();
            for (const RemoteTicket &ticket : shared->tickets) {
                TIERLINE_CHECK(rememberPeople(scope, m_account, ticket));
                TIERLINE_TRY(one, receive(scope, map, m_random, ticket));
                received->push_back(one);
            }
            if (const auto &census = shared->census) {
                TIERLINE_TRY(numbers,
                    storage::heldNumbers(scope.connection(), m_account, census->from, census->to));
                for (const qint64 number : numbers) {
                    if (!std::ranges::binary_search(census->listed, number))
                        missing->append(QString::number(number));
                }
                // The other way round: out of sight once, or always, and to be seen now.
                for (const qint64 number : census->listed) {
                    if (others->size() < MaxRegained
                        && !std::ranges::binary_search(numbers, number))
                        others->append(QString::number(number));
                }
                TIERLINE_TRY(all, storage::countHeld(scope.connection(), m_account));
                *held = all;
            }
            storage::Account account = map.account();
            if (shared->isLast) {
                TIERLINE_TRY(left, leftConflicts(scope, map));
                TIERLINE_TRY(overdue, overdueTickets(scope, map));
                *others += left + overdue;
            }
            if (account.cursor == shared->cursor)
                return Done {};
            account.cursor = shared->cursor;
            return storage::saveAccount(scope, account);
        },
        [this, shared, received, missing, held, others] {
            for (const Received &one : *received) {
                m_summary.tickets += one.isNew || one.events > 0 || one.messages > 0;
                m_summary.messages += one.messages;
                m_summary.problems += one.problems;
            }
            emit progressed(m_summary.tickets);
            m_cursor = shared->cursor;
            m_missing += *missing;
            m_others += *others;
            if (!shared->isLast) {
                pullNext();
                return;
            }
            if (!m_options.acceptVanished && isMassVanishing(m_missing.size(), *held)) {
                m_summary.problems.append(
                    u"%1 of %2 tickets are no longer listed by “%3”. Nothing was removed here: if that is "
                    "meant, sync once with --accept-vanished."_s.arg(m_missing.size())
                        .arg(*held)
                        .arg(m_account));
                m_missing.clear();
            }
            m_missing += std::exchange(m_others, {});
            m_missing.removeDuplicates();
            fetchMissing();
        });
}

/// Who is not listed is asked for one by one: only the remote's own word makes a ticket vanish.
void Round::fetchMissing()
{
    if (m_missing.isEmpty() || m_isStopped) {
        if (m_options.push && !m_isStopped)
            pump();
        else
            finish();
        return;
    }
    const QString id = m_missing.takeFirst();
    m_connector.fetch(id, true, guarded<RemoteTicket>([this](Result<RemoteTicket> ticket) {
        if (!ticket && ticket.error().fault == Fault::BadReply) { // one ticket holds up no other
            m_summary.problems.append(ticket.error().detail);
            fetchMissing();
            return;
        }
        if (!ticket) {
            fail(ticket.error());
            return;
        }
        auto shared = std::make_shared<RemoteTicket>(std::move(*ticket));
        write(
            Durability::Background,
            [this, shared](storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
                const auto one = receive(scope, map, m_random, *shared);
                return one ? Result<Done>(Done {}) : one.error();
            },
            [this] { fetchMissing(); });
    }));
}

/// Begins what may begin, as many at a time as the remote bears.
void Round::pump()
{
    if (m_isPumping || m_isFinished)
        return;
    const int room = m_connector.manner().parallel - static_cast<int>(m_busy.size());
    if (m_isStopped || room <= 0) {
        if (m_busy.isEmpty())
            finish();
        return;
    }
    m_isPumping = true;
    auto next = std::make_shared<NextActions>();
    write(
        Durability::Background,
        [this, next, room, busy = m_busy](
            storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
            TIERLINE_TRY(found,
                nextActions(
                    scope, map, m_connector.manner().canAttach, busy, static_cast<size_t>(room)));
            *next = std::move(found);
            return Done {};
        },
        [this, next] {
            m_isPumping = false;
            if (!m_isStopped)
                m_summary.nextRetry = next->nextAt;
            if (next->actions.empty() && m_busy.isEmpty()) {
                finish();
                return;
            }
            for (const Action &action : next->actions)
                m_busy.insert(action.entry.ticket.v);
            for (Action &action : next->actions)
                run(std::move(action));
        });
}

void Round::run(Action action)
{
    auto shared = std::make_shared<Action>(std::move(action));
    if (shared->kind == Action::Kind::Look)
        shared->isFields() ? lookAtFields(shared) : look(shared);
    else if (shared->isFields())
        sendFields(shared);
    else
        begin(shared);
}

void Round::sendFields(std::shared_ptr<Action> action)
{
    m_connector.fetch(
        action->remote, false, guarded<RemoteTicket>([this, action](Result<RemoteTicket> there) {
            if (!there)
                recordError(action, there.error());
            else
                mergeAndSend(action, *there);
        }));
}

void Round::mergeAndSend(std::shared_ptr<Action> action, const RemoteTicket &there)
{
    auto merged = std::make_shared<MergedStep>();
    auto shared = std::make_shared<RemoteTicket>(there);
    write(
        Durability::Person,
        [this, action, shared, merged](
            storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
            TIERLINE_TRY(outcome, mergeAction(scope, map, m_random, *action, *shared));
            *merged = outcome;
            if (!outcome.isDone && !outcome.isBlocked && outcome.impossible.isEmpty())
                TIERLINE_CHECK(beginAction(scope, map, *action));
            return Done {};
        },
        [this, action, merged] {
            if (!merged->impossible.isEmpty())
                record(action,
                    { .state = PushOutcome::State::Refused, .sentence = merged->impossible });
            else if (merged->isDone || merged->isBlocked)
                over(action);
            else
                send(action);
        },
        [this, action] { over(action); });
}

void Round::begin(std::shared_ptr<Action> action)
{
    write(
        Durability::Person,
        [action](storage::WriteScope &scope, const FieldMap &map) -> Result<Done> {
            return beginAction(scope, map, *action);
        },
        [this, action] { send(action); }, [this, action] { over(action); });
}

void Round::send(std::shared_ptr<Action> action)
{
    m_connector.push(
        action->push, guarded<PushOutcome>([this, action](Result<PushOutcome> outcome) {
            if (outcome) {
                if (outcome->state == PushOutcome::State::NotSent && outcome->wait > Millis(0))
                    pause(outcome->sentence, outcome->wait);
                record(action, std::move(*outcome));
            } else if (outcome.error().fault == Fault::Cancelled) {
                m_isStopped = true; // what had left goes on over there
                record(action, { .sentence = outcome.error().detail });
            } else {
                recordError(action, outcome.error());
            }
        }));
}

void Round::record(std::shared_ptr<Action> action, PushOutcome outcome)
{
    auto shared = std::make_shared<PushOutcome>(std::move(outcome));
    write(
        Durability::Person,
        [this, action, shared](storage::WriteScope &scope, const FieldMap &map) {
            return recordOutcome(scope, map, m_random, *action, *shared);
        },
        [this, action, shared] {
            m_summary.pushed += shared->state == PushOutcome::State::Done;
            over(action);
        });
}

/// The remote wants fewer requests: nothing new is begun in this round.
void Round::pause(const QString &sentence, Millis wait)
{
    m_isStopped = true;
    m_pausedUntil = m_summary.nextRetry = m_clock.now() + wait;
    if (!m_summary.error)
        m_summary.error = Error {
            .fault = Fault::RateLimited, .detail = sentence, .retry = Retry::Later, .wait = wait
        };
}

void Round::recordError(std::shared_ptr<Action> action, const Error &error)
{
    // Without a sign-in, or without a network, nothing else of this account can go either.
    const bool endsRound = error.fault == Fault::SignIn || error.fault == Fault::Offline
        || error.fault == Fault::RateLimited || error.fault == Fault::Cancelled;
    if (endsRound) {
        m_isStopped = true;
        if (!m_summary.error)
            m_summary.error = error;
        if (error.wait > Millis(0))
            m_pausedUntil = m_summary.nextRetry = m_clock.now() + error.wait;
    }
    write(
        Durability::Person,
        [this, action, error](storage::WriteScope &scope, const FieldMap &) {
            return recordNotSent(scope, m_random, *action, error);
        },
        [this, action] { over(action); });
}

void Round::over(std::shared_ptr<Action> action)
{
    m_busy.remove(action->entry.ticket.v);
    pump();
}

void Round::fail(const Error &error)
{
    if (m_isFinished)
        return;
    m_isStopped = true;
    m_isPumping = false;
    if (!m_summary.error)
        m_summary.error = error;
    if (error.fault == Fault::Storage || m_busy.isEmpty())
        finish();
}

/// Notes how it went; the summary is told whatever that gives.
void Round::finish()
{
    if (m_isFinished)
        return;
    m_isFinished = true;
    const bool isWhole = !m_summary.error && m_options.pull && m_options.push;
    const auto tell = [this](const Result<Done> &written) {
        if (!written && !m_summary.error)
            m_summary.error = written.error();
        if (const auto done = std::exchange(m_done, nullptr))
            done(m_summary);
    };
    m_gate.write(
        Durability::Background,
        [this, isWhole](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(account, storage::findAccount(scope.connection(), m_account));
            const bool isCancelled = m_summary.error && m_summary.error->fault == Fault::Cancelled;
            if (!isCancelled)
                account.problem = m_summary.error ? m_summary.error->detail : QString();
            if (m_summary.error && m_summary.error->fault == Fault::SignIn)
                account.needsSignIn = true;
            if (isWhole)
                account.synced = scope.now();
            TIERLINE_CHECK(storage::saveAccount(scope, account));
            TIERLINE_CHECK(storage::forgetOldEchoes(scope, m_account, scope.now() - EchoLife));
            TIERLINE_TRY(conflicts, storage::loadConflicts(scope.connection()));
            m_summary.conflicts = static_cast<int>(
                std::ranges::count(conflicts, m_account, &storage::Conflict::account));
            if (m_pausedUntil)
                TIERLINE_CHECK(storage::holdOutbox(scope, m_account, *m_pausedUntil));
            TIERLINE_TRY(count, storage::countOutbox(scope.connection(), m_account));
            m_summary.pending = count.waiting;
            m_summary.failed = count.refused;
            return Done {};
        },
        [alive = std::weak_ptr(m_alive), tell](const Result<Done> &written) {
            if (!alive.expired())
                tell(written);
        });
}

QString accountLockPath(const storage::Workspace &workspace, const QString &account)
{
    return workspace.accountLockPath(account);
}

} // namespace tierline::sync
