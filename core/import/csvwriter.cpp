#include "core/import/csvwriter.h"

namespace tierline::importing {

namespace {

bool startsFormula(QChar c)
{
    return c == u'=' || c == u'+' || c == u'-' || c == u'@' || c == u'\t' || c == u'\r'
        || c == u'\n';
}

} // namespace

QString withGuard(const QString &cell)
{
    if (cell.isEmpty())
        return cell;
    const bool looksGuarded
        = cell[0] == u'\'' && cell.size() > 1 && (startsFormula(cell[1]) || cell[1] == u'\'');
    return startsFormula(cell[0]) || looksGuarded ? u'\'' + cell : cell;
}

QByteArray csvLine(const QStringList &cells, QChar delimiter)
{
    QString line;
    for (qsizetype i = 0; i < cells.size(); ++i) {
        if (i > 0)
            line += delimiter;
        QString cell = withGuard(cells[i]);
        // A record of one empty cell would be an empty line, which readers pass over.
        const bool isLonely = cells.size() == 1 && cell.isEmpty();
        if (isLonely || cell.contains(u'"') || cell.contains(delimiter) || cell.contains(u'\n')
            || cell.contains(u'\r')) {
            cell.replace(QChar(u'"'), QStringLiteral("\"\""));
            cell = u'"' + cell + u'"';
        }
        line += cell;
    }
    return (line + QStringLiteral("\r\n")).toUtf8();
}

} // namespace tierline::importing
