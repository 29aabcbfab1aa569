#include "app/cli/postrun.h"
#include "app/cli/syncrun.h"

#include "core/commands/agreements.h"
#include "core/desk/questions.h"
#include "core/engine/engine.h"
#include "core/storage/accounts.h"
#include "core/storage/feed.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"

#include <QCoreApplication>
#include <QFileSystemWatcher>
#include <QSocketNotifier>
#include <QTimer>

#include <cstdio>

#ifdef Q_OS_UNIX
#include <csignal>
#include <fcntl.h>
#include <unistd.h>
#endif

namespace tierline::cli {

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

constexpr Millis syncPause { 60'000 };
/// The event loop's timers stand still while the machine sleeps: the clock is looked at this often.
constexpr Millis longestWait { 60'000 };

QJsonObject toJson(const Firing &firing, const QString &ticket)
{
    QJsonArray deeds;
    for (const Deed &deed : firing.deeds)
        deeds.append(QJsonObject {
            { u"action"_s, deed.action }, { u"outcome"_s, deed.outcome }, { u"why"_s, deed.why } });
    return { { u"rule"_s, firing.name }, { u"version"_s, firing.version }, { u"ticket"_s, ticket },
        { u"level"_s, firing.level }, { u"due"_s, firing.due.iso() }, { u"at"_s, firing.at.iso() },
        { u"outcome"_s, code(firing.outcome) }, { u"sentence"_s, firing.sentence },
        { u"actions"_s, deeds }, { u"operation"_s, firing.operation } };
}

QString inWords(const Firing &firing, const QString &ticket)
{
    QStringList deeds;
    for (const Deed &deed : firing.deeds)
        deeds.append(deed.outcome == u"done"
                ? deed.action
                : u"%1 (%2%3)"_s.arg(deed.action, deed.outcome,
                    deed.why.isEmpty() ? QString() : u": "_s + deed.why));
    return printable(u"%1 %2 “%3” %4: %5%6"_s.arg(firing.at.iso(), ticket, firing.name,
               code(firing.outcome), firing.sentence,
               deeds.isEmpty() ? QString() : u" → "_s + deeds.join(u", "_s)))
        + u'\n';
}

/// What fired since it was last asked, with the tickets' keys, as far as the person who runs it may see them. Lines
/// that only keep something from firing are left out.
class News
{
public:
    News(storage::Connection &connection, Visibility visibility)
        : m_connection(connection)
        , m_visibility(std::move(visibility))
    {
    }
    Result<Done> skip()
    {
        TIERLINE_TRY(last, storage::loadFirings(m_connection, { .limit = 1 }));
        m_last = last.empty() ? 0 : last.front().number;
        return Done {};
    }
    Result<std::vector<std::pair<Firing, QString>>> take()
    {
        std::vector<std::pair<Firing, QString>> news;
        while (true) {
            TIERLINE_TRY(page,
                storage::loadFirings(
                    m_connection, { .after = m_last, .limit = 500, .isOldestFirst = true }));
            for (Firing &firing : page) {
                m_last = firing.number;
                if (firing.outcome == FiringOutcome::Standing
                    || firing.outcome == FiringOutcome::Stopped)
                    continue;
                TIERLINE_TRY(state, storage::loadTicket(m_connection, firing.ticket));
                if (m_visibility.sees(state.ticket.team))
                    news.emplace_back(std::move(firing), state.ticket.key);
            }
            if (page.empty())
                return news;
        }
    }

private:
    storage::Connection &m_connection;
    const Visibility m_visibility;
    qint64 m_last = 0;
};

/// What the person may see who runs it; where nobody is named, what everybody may.
Result<Visibility> seenBy(Environment &env)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(me, storage::loadMe(store->connection()));
    if (env.namesSomebody() || !me.isEmpty()) {
        TIERLINE_TRY(desk, env.desk());
        return desk->visibility();
    }
    TIERLINE_TRY(teams, storage::loadTeams(store->connection()));
    return visibilityOf(Agent {}, teams);
}

QJsonObject toJson(const engine::Tally &tally)
{
    return { { u"looked"_s, tally.looked }, { u"fired"_s, tally.fired },
        { u"escalated"_s, tally.escalated }, { u"shadows"_s, tally.shadows },
        { u"capped"_s, tally.capped }, { u"would_fire"_s, tally.wouldFire },
        { u"refused"_s, tally.refused }, { u"collapsed"_s, tally.collapsed },
        { u"late"_s, tally.late }, { u"asked"_s, tally.asked },
        { u"latest_s"_s, double(tally.latest.count()) / 1'000 } };
}

QString inWords(const engine::Tally &tally)
{
    QStringList words { u"%1 fired"_s.arg(tally.fired) };
    const auto say = [&](int count, const QString &what) {
        if (count > 0)
            words.append(u"%1 %2"_s.arg(QString::number(count), what));
    };
    say(tally.escalated, u"escalated"_s);
    say(tally.shadows, u"noted by shadows"_s);
    say(tally.capped, u"over their weekly cap"_s);
    say(tally.wouldFire, u"left to other runners"_s);
    say(tally.refused, u"refused by guards"_s);
    say(tally.collapsed, u"levels passed while nobody looked"_s);
    say(tally.scored, u"scored for their helpdesk"_s);
    say(tally.late, u"late"_s);
    say(tally.asked, u"wait for a yes (see “questions list”)"_s);
    QString text = words.join(u", "_s) + u".\n"_s;
    for (const QString &problem : tally.problems)
        text += printable(u"  "_s + problem) + u'\n';
    return text;
}

// ---- due times

Result<Done> takeUpZoneData(Environment &env, storage::Store &store)
{
    commands::Context context { .store = store,
        .random = env.random(),
        .actor = {},
        .visibility = Visibility::all(),
        .now = store.clock().now() };
    TIERLINE_TRY(zones, commands::takeUpZoneData(context));
    if (!zones.isEmpty())
        env.progress(
            u"new rules of time zones (%1): due times are placed anew"_s.arg(zones.join(u", "_s)));
    return Done {};
}

/// The next due times that a change of agreements has still to move, since whoever saved it was ended in the middle.
/// True while there are more.
Result<bool> placeSome(Environment &env, storage::Store &store)
{
    TIERLINE_TRY(before, commands::dueProgress(store.connection()));
    if (before.isWhole)
        return false;
    commands::Context context { .store = store,
        .random = env.random(),
        .actor = {},
        .visibility = Visibility::all(),
        .now = store.clock().now() };
    TIERLINE_TRY(progress, commands::placeNextDueTimes(context));
    return !progress.isWhole;
}

// ---- one round

Result<engine::Step> settle(engine::Engine &engine, Environment &env)
{
    engine::Step all;
    while (true) {
        TIERLINE_TRY(step, engine.step());
        step.tally.add(all.tally);
        all = step;
        if (all.tally.looked % 500 == 499)
            env.progress(u"%1 tickets looked at"_s.arg(all.tally.looked));
        if (!all.hasMore || Environment::isInterrupted())
            return all;
    }
}

Result<Answer> runOnce(Environment &env, const Arguments &args, std::optional<Instant> at)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(accounts, storage::loadAccounts(store->connection()));
    if (at && !accounts.isEmpty())
        return usageError(
            u"--at sets the clock, and this workspace has accounts whose helpdesks would hear of it: "
            "take a workspace without accounts."_s);
    QJsonArray rounds;
    QString text;
    int failed = 0;
    TIERLINE_TRY(secrets, openSecrets(args.has(u"--secrets-stdin"_s)));
    if (!accounts.isEmpty()) {
        TIERLINE_TRY(summaries, syncAccounts(env, accounts, *secrets, {}));
        for (const sync::RoundSummary &summary : summaries) {
            rounds.append(QJsonObject { { u"name"_s, summary.account },
                { u"tickets"_s, summary.tickets }, { u"pushed"_s, summary.pushed },
                { u"error"_s, summary.error ? summary.error->detail : QString() } });
            if (summary.error) {
                ++failed;
                text += printable(u"%1: %2"_s.arg(summary.account, summary.error->detail)) + u'\n';
            }
        }
    }
    TIERLINE_CHECK(takeUpZoneData(env, *store));
    for (bool hasMore = true; hasMore && !Environment::isInterrupted();) {
        TIERLINE_TRY(more, placeSome(env, *store));
        hasMore = more;
    }
    TIERLINE_TRY(seen, seenBy(env));
    News news(store->connection(), seen);
    TIERLINE_CHECK(news.skip());
    engine::Engine engine(*store, env.random(), { .at = at, .ways = &wayKinds() });
    TIERLINE_TRY(step, settle(engine, env));
    if (!step.isHolder)
        return Answer { { { u"holder"_s, false }, { u"accounts"_s, rounds } },
            text + u"Another program runs the rules of this workspace.\n"_s, failed > 0 ? 3 : 0 };
    // A clock that was set is no reason to speak to anybody.
    if (!at)
        TIERLINE_CHECK(sendOnce(env, *store, *secrets));
    TIERLINE_TRY(fired, news.take());
    QJsonArray rows;
    for (const auto &[firing, ticket] : fired) {
        rows.append(toJson(firing, ticket));
        text += inWords(firing, ticket);
    }
    QJsonObject document = toJson(step.tally);
    document[u"holder"_s] = true;
    document[u"now"_s] = engine.now().iso();
    document[u"next"_s]
        = step.wait ? QJsonValue((engine.now() + *step.wait).iso()) : QJsonValue(QJsonValue::Null);
    document[u"firings"_s] = rows;
    document[u"accounts"_s] = rounds;
    document[u"problems"_s] = QJsonArray::fromStringList(step.tally.problems);
    return Answer { document, text + inWords(step.tally), failed > 0 ? 3 : 0 };
}

// ---- until stopped

/// A word from a signal handler to the event loop.
class Interrupt
{
public:
    explicit Interrupt(const std::function<void()> &told)
    {
#ifdef Q_OS_UNIX
        if (::pipe(s_pipe) != 0)
            return;
        ::fcntl(s_pipe[0], F_SETFD, FD_CLOEXEC);
        ::fcntl(s_pipe[1], F_SETFD, FD_CLOEXEC);
        m_notifier = std::make_unique<QSocketNotifier>(s_pipe[0], QSocketNotifier::Read);
        QObject::connect(m_notifier.get(), &QSocketNotifier::activated, m_notifier.get(), told);
        std::signal(SIGINT, onSignal);
        std::signal(SIGTERM, onSignal);
#else
        m_timer.setInterval(500);
        QObject::connect(&m_timer, &QTimer::timeout, &m_timer, [told] {
            if (Environment::isInterrupted())
                told();
        });
        m_timer.start();
#endif
    }

private:
#ifdef Q_OS_UNIX
    static void onSignal(int number)
    {
        const char byte = 0;
        std::ignore = ::write(s_pipe[1], &byte, 1);
        std::signal(number, SIG_DFL); // the second one ends the program at once
    }
    static inline int s_pipe[2] { -1, -1 };
    std::unique_ptr<QSocketNotifier> m_notifier;
#else
    QTimer m_timer;
#endif
};

class Runner
{
public:
    Runner(Environment &env, storage::Store &store, const Visibility &seen, SecretStore &secrets,
        const QList<storage::Account> &accounts)
        : m_env(env)
        , m_store(store)
        , m_engine(store, env.random(), { .ways = &wayKinds() })
        , m_post(env, store, secrets)
        , m_news(store.connection(), seen)
        , m_interrupt([this] { stop(); })
    {
        if (!accounts.isEmpty())
            m_sync = std::make_unique<BackgroundSync>(env, store, accounts, secrets);
    }

    Result<Done> run()
    {
        TIERLINE_CHECK(m_news.skip());
        m_tick.setSingleShot(true);
        QObject::connect(&m_tick, &QTimer::timeout, &m_tick, [this] { tick(); });
        // Other programs' changes are in the log's file before anything else knows of them.
        QObject::connect(&m_files, &QFileSystemWatcher::fileChanged, &m_tick, [this] { wake(); });
        QObject::connect(
            &m_files, &QFileSystemWatcher::directoryChanged, &m_tick, [this] { wake(); });
        m_files.addPath(m_store.workspace().folder());
        if (m_sync)
            m_sync->start(syncPause, [this](const sync::RoundSummary &round) { told(round); });
        m_tick.start(0);
        runLoop([this](std::function<void()> done) { m_done = std::move(done); });
        return m_error ? Result<Done>(*m_error) : Done {};
    }

private:
    void wake()
    {
        if (!m_isStopping)
            m_tick.start(0);
    }

    void tick()
    {
        watch();
        const auto step = m_engine.step();
        if (!step) {
            // A full disk or a busy file passes; what was not done is still due.
            printError(printable(step.error().detail));
            m_tick.start(5s);
            return;
        }
        say(*step);
        m_post.look(step->isHolder);
        if (step->tally.fired > 0 && m_sync)
            m_sync->soon();
        const auto isPlacing = placeSome(m_env, m_store);
        if (!isPlacing)
            printError(printable(isPlacing.error().detail));
        if (step->hasMore || isPlacing.value_or(false))
            m_tick.start(0);
        else
            m_tick.start(std::min(step->wait.value_or(longestWait), longestWait));
    }

    /// The log's file comes and goes.
    void watch()
    {
        const QString log = m_store.workspace().databasePath() + u"-wal"_s;
        if (!m_files.files().contains(log))
            m_files.addPath(log);
    }

    void say(const engine::Step &step)
    {
        if (m_wasHolder != step.isHolder && !m_env.isJson())
            printOut(step.isHolder
                    ? u"This program runs the rules now.\n"_s
                    : u"Another program runs the rules; this one is ready to follow.\n"_s);
        std::fflush(stdout);
        m_wasHolder = step.isHolder;
        const auto news = m_news.take();
        if (!news || !step.isHolder)
            return; // whoever fired says so
        for (const auto &[firing, ticket] : *news) {
            if (m_env.isJson())
                printDocument(toJson(firing, ticket));
            else
                printOut(inWords(firing, ticket));
        }
        std::fflush(stdout); // whoever reads a pipe hears of it now
        for (const QString &problem : step.tally.problems) {
            if (!m_told.contains(problem))
                printError(printable(problem));
            m_told.insert(problem);
        }
    }

    void told(const sync::RoundSummary &round)
    {
        if (round.error)
            printError(printable(u"%1: %2"_s.arg(round.account, round.error->detail)));
        if (round.tickets > 0)
            wake();
    }

    void stop()
    {
        if (std::exchange(m_isStopping, true))
            return;
        m_tick.stop();
        m_post.stop();
        if (m_sync)
            m_sync->stop(m_done);
        else
            m_done();
    }

    Environment &m_env;
    storage::Store &m_store;
    engine::Engine m_engine;
    PostRun m_post;
    News m_news;
    QTimer m_tick;
    QFileSystemWatcher m_files;
    std::unique_ptr<BackgroundSync> m_sync;
    std::function<void()> m_done;
    std::optional<Error> m_error;
    std::optional<bool> m_wasHolder;
    QSet<QString> m_told;
    bool m_isStopping = false;
    Interrupt m_interrupt;
};

Result<Answer> runUntilStopped(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(accounts, storage::loadAccounts(store->connection()));
    TIERLINE_TRY(secrets, openSecrets(args.has(u"--secrets-stdin"_s)));
    TIERLINE_CHECK(takeUpZoneData(env, *store));
    TIERLINE_TRY(seen, seenBy(env));
    Runner runner(env, *store, seen, *secrets, accounts);
    TIERLINE_CHECK(runner.run());
    return Answer { .isSaid = true };
}

Result<Answer> run(Environment &env, const Arguments &args)
{
    if (!args.has(u"--at"_s))
        return args.has(u"--once"_s) ? runOnce(env, args, {}) : runUntilStopped(env, args);
    const auto at = Instant::parse(args.value(u"--at"_s));
    if (!at)
        return usageError(u"--at: %1"_s.arg(at.error().detail));
    return runOnce(env, args, *at);
}

// ---- questions

Result<Answer> questionsList(Environment &env, const Arguments &)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(open, desk::loadQuestions(store->connection(), desk->visibility()));
    QJsonArray rows;
    QList<QStringList> lines;
    for (const desk::OpenQuestion &one : open) {
        const EngineQuestion &question = one.question;
        rows.append(QJsonObject { { u"id"_s, question.id }, { u"ticket"_s, one.key },
            { u"customer"_s, one.customer }, { u"rule"_s, one.rule },
            { u"sentence"_s, one.sentence }, { u"asked"_s, question.asked.iso() },
            { u"why"_s, question.why }, { u"actions"_s, question.actions },
            { u"asks"_s, one.asks } });
        lines.append({ question.id, one.key, one.asks, question.actions, question.why });
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        lines.isEmpty()
            ? u"Nothing waits for a yes.\n"_s
            : table({ u"id"_s, u"ticket"_s, u"asks"_s, u"would"_s, u"why"_s }, lines, 90) };
}

Result<Answer> questionsAnswer(Environment &env, const Arguments &args)
{
    const QString word = args.at(1);
    if (word != u"yes" && word != u"no")
        return usageError(u"Answer yes or no."_s);
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(question, storage::loadQuestion(store->connection(), args.at(0)));
    if (!question)
        return notFound(
            u"There is no question “%1”: “questions list” has them."_s.arg(args.at(0).left(64)));
    TIERLINE_CHECK(desk::mayAnswer(*desk, *question));
    engine::Engine engine(*store, env.random());
    TIERLINE_TRY(tally, engine.answer(question->id, word == u"yes", desk->actor()));
    return Answer { { { u"id"_s, args.at(0) }, { u"answer"_s, word }, { u"done"_s, tally.fired } },
        word == u"yes" ? tally.fired > 0 ? u"Done.\n"_s : u"A guard refused it; see the log.\n"_s
                       : u"It is not done.\n"_s };
}

} // namespace

QList<Command> runCommands()
{
    return {
        { u"run"_s, u"[--once] [--at T] [--secrets-stdin]"_s,
            u"timers, rules and sync with no screen: until stopped, or one round"_s,
            { {}, { u"--at"_s }, {}, { u"--once"_s, u"--secrets-stdin"_s } }, run },
        { u"questions list"_s, {}, u"what rules ask a person before they go on"_s, {},
            questionsList },
        { u"questions answer"_s, u"ID yes|no"_s, u"a yes does what was asked about, at once"_s,
            { { u"ID"_s, u"yes|no"_s }, {}, {}, {} }, questionsAnswer },
    };
}

} // namespace tierline::cli
