#pragma once

#include "core/domain/ticket.h"
#include "core/escalation/matrix.h"

#include <QHash>

namespace tierline::escalation {

/// The way of one ticket by the matrix.
struct TicketPath {
    MatrixCell cell;
    int edition = 0;
    size_t step = 0; ///< of the line's path, that is taken
    PathTarget target;
};

/// All that says which way tickets go: an edition of the matrix, and who works here. A value; reading it from several
/// threads is fine.
struct PathBook {
    Matrix matrix;
    int edition = 0; ///< 0: there never was one
    QList<Tier> tiers;
    QList<Team> teams;
    QList<Agent> agents;
    QHash<qint64, QString> accountTeams; ///< by organization

    /// Where a ticket whose customer has this plan goes, from the given step of its line on. NotFound with a sentence
    /// where there is no matrix, where no line fits (a gap), or where its path leads nowhere from where the ticket is.
    Result<TicketPath> pathOf(const Ticket &ticket, const QString &plan, size_t from = 0) const;
};

} // namespace tierline::escalation
