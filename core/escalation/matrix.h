#pragma once

#include "core/base/instant.h"
#include "core/base/result.h"
#include "core/domain/people.h"

#include <QMap>

#include <optional>
#include <vector>

namespace tierline::escalation {

// The escalation matrix (M9): what a ticket is about, who its customer is and how bad it is say where it goes. Dialog,
// rules and command line ask the same functions. Pure values.

/// What a step of a path leads to.
enum class Destination : quint8 {
    Tier, ///< `name` is a tier's id
    Team, ///< `name` is a team; at the ticket's own tier the ticket goes sideways, to another department
    AccountTeam, ///< the team that has the customer's account (M65)
    Manager, ///< a lead of where the ticket is
    Person, ///< `name` is an agent's id
};
QString code(Destination destination);
std::optional<Destination> destinationFrom(QStringView code);

struct PathStep {
    Destination to = Destination::Tier;
    QString name; ///< empty for AccountTeam and Manager
    /// How long the ticket may lie unaccepted here before it goes to the next step; 0 for the last one.
    Millis wait { 0 };
    bool operator==(const PathStep &) const = default;
};

/// One line of the matrix. What is empty fits everything.
struct MatrixCell {
    QString category, type, plan; ///< of the ticket and its organization, in any case of letters
    std::optional<Severity> severity;

    std::vector<PathStep> steps; ///< at least one, at most `mostSteps`
    EscalationKind kind = EscalationKind::Functional;
    int priorityStep = 1; ///< 0 keeps the priority (M17)
    QString procedure; ///< name of the page that says how (M29); may be empty

    bool operator==(const MatrixCell &) const = default;
};

inline constexpr qsizetype mostCells = 2'000;
inline constexpr size_t mostSteps = 8;

/// All lines, in the order in which people read them; which one is taken does not depend on it.
using Matrix = std::vector<MatrixCell>;

/// What a ticket is asked by.
struct MatrixAsk {
    QString category, type, plan;
    std::optional<Severity> severity;
};

/// The most specific line that fits: the one that names most of the four; of as many, the one that names the category,
/// then the plan, then the severity. Null where none fits: a gap. O(lines).
const MatrixCell *findCell(const Matrix &matrix, const MatrixAsk &ask);

/// BadInput with a sentence that names the line (from 1) where one has no step, names somebody who is not there, waits
/// behind its last step or not before another, or names the same as another line. `where` is "cells".
Result<Done> check(const Matrix &matrix, const QList<Tier> &tiers, const QList<Team> &teams,
    const QList<Agent> &agents);

/// Who works here, and where the ticket is.
struct PathPlace {
    const QList<Tier> &tiers;
    const QList<Team> &teams;
    const QList<Agent> &agents;
    QString tier, team; ///< of the ticket
    QString accountTeam; ///< of its organization; may be empty
};

/// A step of a path for one ticket.
struct PathTarget {
    QString tier; ///< never empty
    QString team, agent; ///< may be empty
    bool isUp = true; ///< an escalation; else sideways, a reassignment at the ticket's own tier
    bool isThere = false; ///< the ticket is there already: the path goes on with the next step
};

/// Where a step leads from there. NotFound with a sentence where nobody is there to lead to (no team has the account,
/// no lead is active), or it leads down; whoever follows the path then goes on with the next step.
Result<PathTarget> follow(const PathStep &step, const PathPlace &place);

/// The first step of a cell that leads anywhere new, by its place in `steps`; NotFound with the sentences of all.
struct FollowedPath {
    size_t step = 0;
    PathTarget target;
};
Result<FollowedPath> follow(const MatrixCell &cell, const PathPlace &place, size_t from = 0);

/// "billing · enterprise · critical", or "everything else".
QString nameOf(const MatrixCell &cell);
/// "L2 Billing, after 30 min the manager".
QString pathInWords(const MatrixCell &cell);

/// A combination of what is there that no line fits.
struct MatrixGap {
    QString category, plan;
    std::optional<Severity> severity;
    bool operator==(const MatrixGap &) const = default;
};
/// Every combination of these, each with the line that is taken; with null those that are gaps. In the order given, the
/// first counting slowest. `types` are not combined: a line for one type leaves its category's own line in force.
struct MatrixRow {
    MatrixGap combination;
    const MatrixCell *cell = nullptr;
};
std::vector<MatrixRow> combinations(
    const Matrix &matrix, const QStringList &categories, const QStringList &plans);

} // namespace tierline::escalation
