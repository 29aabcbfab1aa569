#pragma once

#include "app/cli/arguments.h"
#include "app/cli/output.h"
#include "core/desk/desk.h"
#include "core/metrics/metrics.h"

namespace tierline::cli {

/// What every command is given. The store is opened when it is first asked for.
class Environment
{
public:
    Environment(QString folder, QString as, bool json, const Clock &clock, RandomSource &random);

    bool isJson() const { return m_json; }
    const Clock &clock() const { return m_clock; }
    RandomSource &random() { return m_random; }
    storage::Workspace workspace() const { return storage::Workspace(m_folder); }
    Result<storage::Store *> store();
    Result<desk::Desk *> desk();
    /// Whether --as names somebody.
    bool namesSomebody() const { return !m_as.isEmpty(); }
    /// Lets the store go: the next question opens it anew.
    void close();
    /// Everything on standard input, as valid text, at most 1 MiB; BadInput where it is empty.
    Result<QString> textFromInput(const QString &what) const;
    /// True once the person pressed Ctrl-C. The first call takes the signal over: whoever asks must go
    /// on asking. A second Ctrl-C ends the program at once.
    static bool isInterrupted();
    /// A line of progress on stderr, where that is a terminal and the work takes over two seconds.
    void progress(const QString &line);
    void endProgress();

private:
    QString m_folder;
    QString m_as;
    bool m_json;
    const Clock &m_clock;
    RandomSource &m_random;
    std::unique_ptr<storage::Store> m_store;
    std::optional<desk::Desk> m_desk;
    Millis m_began { 0 };
    bool m_hasProgress = false;
};

struct Command {
    QString name; ///< "ticket show"
    QString usage; ///< "ID --note TEXT"
    QString help; ///< one line
    Shape shape;
    std::function<Result<Answer>(Environment &, const Arguments &)> run;
};

// Each file of commands gives its own; main puts them together.
QList<Command> workspaceCommands(); ///< init agent team tier
QList<Command> readingCommands(); ///< queue ticket search handoff
QList<Command> ticketCommands(); ///< reply note set flag claim reassign solve reopen …
QList<Command> escalationCommands(); ///< escalate accept return …
QList<Command> dataCommands(); ///< import export backup restore doctor
QList<Command> metricsCommands(); ///< metrics
QList<Command> accountCommands(); ///< account
QList<Command> syncCommands(); ///< sync outbox conflict
QList<Command> slaCommands(); ///< sla due
QList<Command> triageCommands(); ///< triage
QList<Command> runCommands(); ///< run questions
QList<Command> rulesCommands(); ///< rules explain, backtest, diff

/// Which period, zone and grouping `--from --to --by --zone` ask for.
Result<metrics::Options> readMetricsOptions(const Environment &env, const Arguments &args);

/// A whole file that a person named. NotFound where it cannot be read, BadInput where it is larger than 16 MiB.
Result<QByteArray> readFile(const QString &name);

/// One of the desks beside Desk (rules, agreements), for whoever works here.
template<typename OtherDesk>
Result<OtherDesk> openDesk(Environment &env)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    return OtherDesk(*store, env.random(), *person);
}

/// "T-1: reply sent." and the document of a verb's outcome.
Answer outcomeAnswer(const commands::Outcome &outcome, const QString &sentence);

/// Runs one verb as whoever works here, and says `sentence`.
template<typename Verb>
Result<Answer> perform(Environment &env, const Verb &verb, const QString &sentence)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(outcome, desk->run(verb));
    return outcomeAnswer(outcome, sentence);
}

} // namespace tierline::cli
