#pragma once

#include <QJsonObject>
#include <QList>

#include <optional>

// Real helpdesk logs, which are not part of the project, and what they must give: figures on which
// two calculations agree that were made apart from this program.

namespace tierline::test {

/// Where the real logs lie: the folder that TIERLINE_DATA names, else shared/data beside the source
/// tree. Empty where neither is there.
QString dataFolder();

struct RealLog {
    QString name; ///< "closed", "closed-xes", "open", "incidents"
    QString file; ///< below the data folder
    QString map; ///< the shipped one that reads it
    qint64 rows = 0, cases = 0;

    QString path() const { return dataFolder() + u'/' + file; }
};

const QList<RealLog> &realLogs();
/// One of them; ends the program where there is none of that name.
const RealLog &realLog(const QString &name);

struct RealFigure {
    QString path; ///< in the JSON of a report's one row: "by_start_tier/L1/tickets"
    std::optional<double> value; ///< nothing: null, since the log has no data for it
};

QList<RealFigure> figuresOf(const QString &log);
/// What is wrong with a row of figures of that log, each in one line; empty: nothing.
QString wrongFigures(const QString &log, const QJsonObject &row);

/// Test data for one figure of one log at a time: columns log and path.
void addFigureRows(const QStringList &logs);
/// The same for one row of that data; empty: right.
QString wrongFigure(const QString &log, const QString &path, const QJsonObject &row);

} // namespace tierline::test
