#pragma once

#include "core/domain/firing.h"
#include "core/storage/store.h"

namespace tierline::storage {

// What the rule engine did and would have done, ladders under way, questions and notices. Rows are written
// by core/engine, in the transaction of the changes that they speak of.

/// Adds it and sets its number. Conflict where that cause has fired already: nothing was written, and whoever
/// asked must roll back.
Result<Done> insertFiring(WriteScope &scope, Firing &firing);
/// What is known of one cause: its real firing, then what it would have done.
Result<std::vector<Firing>> findFirings(
    Connection &connection, TicketId ticket, const QString &rule, int era, const QString &anchor);
/// What a ticket's rules have answered already, without the words of it.
struct SpentCause {
    QString rule;
    int era = 1;
    QString anchor;
    FiringOutcome outcome = FiringOutcome::Fired;
    bool isReal = true;
};
Result<std::vector<SpentCause>> loadSpentCauses(Connection &connection, TicketId ticket);
Result<std::optional<Firing>> loadFiring(Connection &connection, qint64 number);
/// The firing that made these events; none where no rule did.
Result<std::optional<Firing>> findFiringOf(Connection &connection, const QString &operation);

/// Which firings a list shows, the newest first.
struct FiringQuery {
    QString rule; ///< identity; empty: of any
    std::optional<TicketId> ticket;
    std::optional<Instant> from, to; ///< of `at`; from is in it, to is not
    qint64 after = 0; ///< only numbers above it
    qint64 before = 0; ///< only numbers below it, for the next page; 0: from the newest
    int limit = 100;
    bool isOldestFirst = false; ///< `before` is then not looked at
};
Result<std::vector<Firing>> loadFirings(Connection &connection, const FiringQuery &query);
/// How often a rule itself (not its ladder) really fired from an instant on.
Result<qint64> countFired(Connection &connection, const QString &rule, Instant from);

/// Adds or replaces.
Result<Done> saveLadder(WriteScope &scope, const LadderRun &run);
/// Those of a ticket that are not over, the oldest first.
Result<std::vector<LadderRun>> loadLadders(Connection &connection, TicketId ticket);
/// Whether any ladder is under way.
Result<bool> hasLadders(Connection &connection);

Result<Done> insertQuestion(WriteScope &scope, const EngineQuestion &question);
/// Conflict where it was answered already.
Result<Done> answerQuestion(
    WriteScope &scope, const QString &id, bool isYes, const QString &agent, Instant at);
/// Those that wait, the oldest first.
Result<std::vector<EngineQuestion>> loadOpenQuestions(Connection &connection, int limit);
/// Those that somebody has answered, by ticket and in the order of the answers.
Result<std::vector<EngineQuestion>> loadAnsweredQuestions(Connection &connection);
Result<std::optional<EngineQuestion>> loadQuestion(Connection &connection, const QString &id);

/// Adds it and sets its number.
Result<Done> insertNotice(WriteScope &scope, Notice &notice);
/// The newest first.
Result<std::vector<Notice>> loadNotices(Connection &connection, TicketId ticket);
/// False where another program had handed it over already.
Result<bool> handOverNotice(WriteScope &scope, qint64 id);
Result<std::optional<Notice>> loadNotice(Connection &connection, qint64 id);

// What goes over a network beside that (deliveries.h).
/// Those due until now of which no deliveries were made, the urgent first, then the oldest.
Result<std::vector<Notice>> loadUnrouted(Connection &connection, Instant now, int limit);
/// When the next one is due; none: nothing waits.
Result<std::optional<Instant>> nextUnrouted(Connection &connection);
Result<Done> markRouted(WriteScope &scope, qint64 notice);

} // namespace tierline::storage
