#pragma once

#include "core/domain/people.h"
#include "core/storage/connection.h"

namespace tierline::storage {

/// The part of a WHERE clause that keeps out what nobody, or this person, may see: tickets of an
/// import that has not ended, and of confidential teams. Every list is built with it. Room-private.
class VisibleTickets
{
public:
    /// `alias` is the ticket table's name in the query; `firstParameter` the first number free.
    static Result<VisibleTickets> load(Connection &connection, const Visibility &visibility,
        const QString &alias, int firstParameter);

    /// "" or " AND …".
    const QString &sql() const { return m_sql; }
    void bind(Statement &statement) const;
    int nextParameter() const { return m_first + static_cast<int>(m_teams.size()); }

private:
    QString m_sql;
    QStringList m_teams;
    int m_first = 1;
};

} // namespace tierline::storage
