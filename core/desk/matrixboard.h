#pragma once

#include "core/commands/paths.h"
#include "core/storage/editions.h"

namespace tierline::desk {

/// The escalation matrix as people look at it: every combination of what tickets and customers of this workspace have,
/// with the line that is taken, and those that are gaps.
struct MatrixBoard {
    escalation::PathBook book;
    std::vector<storage::Edition> history; ///< without their documents, the oldest first
    std::vector<storage::AccountTeam> accounts;
    QStringList categories, plans; ///< of tickets, customers and the matrix itself, by name

    std::vector<escalation::MatrixRow> rows() const
    {
        return escalation::combinations(book.matrix, categories, plans);
    }
    /// How many of rows() no line fits.
    qsizetype gaps() const;
};
/// Bounded by what storage::loadSeenWords() gives. Thread: the connection's.
Result<MatrixBoard> loadMatrixBoard(storage::Connection &connection);

/// The matrix on paper: a page of HTML for A4, with its edition, its lines, their paths, and the gaps. Nothing of it
/// is a link or comes from elsewhere. Pure.
QString matrixSheet(const MatrixBoard &board, const QString &printed);

/// A path as people read it, with the names of tiers and agents: "L2 Technical, after 30 min the manager".
QString pathWords(const escalation::MatrixCell &cell, const escalation::PathBook &book);

} // namespace tierline::desk
