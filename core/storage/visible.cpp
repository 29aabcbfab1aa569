#include "core/storage/visible.h"

#include "core/storage/imports.h"

using namespace Qt::StringLiterals;

namespace tierline::storage {

Result<VisibleTickets> VisibleTickets::load(
    Connection &connection, const Visibility &visibility, const QString &alias, int firstParameter)
{
    VisibleTickets visible;
    visible.m_first = firstParameter;
    visible.m_teams = visibility.deniedTeams;
    TIERLINE_TRY(imports, unfinishedImports(connection));
    if (!imports.empty()) {
        QStringList numbers;
        for (const ImportId import : imports)
            numbers.append(QString::number(import.v));
        visible.m_sql += u" AND %1.import NOT IN (%2)"_s.arg(alias, numbers.join(u','));
    }
    if (!visible.m_teams.isEmpty()) {
        QStringList places;
        for (qsizetype i = 0; i < visible.m_teams.size(); ++i)
            places.append(u"?%1"_s.arg(firstParameter + i));
        visible.m_sql += u" AND %1.team NOT IN (%2)"_s.arg(alias, places.join(u','));
    }
    return visible;
}

void VisibleTickets::bind(Statement &statement) const
{
    int at = m_first;
    for (const QString &team : m_teams)
        statement.bind(at++, team);
}

} // namespace tierline::storage
