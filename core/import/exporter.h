#pragma once

#include "core/base/result.h"
#include "core/domain/people.h"
#include "core/storage/connection.h"

#include <QJsonObject>

#include <functional>

namespace tierline::importing {

/// The form of an export, told by the file's name: .csv, .json, or .jsonl and .ndjson.
enum class ExportForm : quint8 { Csv, Json, JsonLines };

/// BadInput where the name ends in none of them.
Result<ExportForm> formOf(const QString &file);

struct ExportReport {
    qint64 rows = 0;
    qint64 tickets = 0;
};

struct ExportOptions {
    Visibility visibility; ///< what the person who exports may not see is not in it
    /// Told now and then how many rows are written; gives false to stop (fault Cancelled).
    std::function<bool(qint64 rows)> progress;
};

// Every export is written to FILE.partial, readable by its owner only, and takes its name when it is
// whole; one that fails leaves what stood there as it was. It is one consistent picture of the
// workspace. In CSV no cell can be taken for a formula. Meant for a reader thread.

/// JSON lines are ticket lines, which `import tickets` takes back exactly; CSV is one row a ticket
/// as it stands now. Attachments and handoff packages are not in it: a backup has them.
Result<ExportReport> exportTickets(
    storage::Connection &connection, const QString &file, const ExportOptions &options);
/// One row an event: ticket, at, kind, actor, tier, team, assignee, status, priority, note, data.
Result<ExportReport> exportEvents(
    storage::Connection &connection, const QString &file, const ExportOptions &options);
/// Who changed what, from what, to what: of the workspace itself and of its tickets, without
/// imported history; and every firing of a rule with what it did, was refused or would have done, and what
/// somebody answered where it asked.
Result<ExportReport> exportAudit(
    storage::Connection &connection, const QString &file, const ExportOptions &options);
/// A report as core/metrics gives it (toJson): JSON as it is, JSON lines a row each, CSV with one
/// column a figure.
Result<ExportReport> exportMetrics(const QJsonObject &report, const QString &file);

} // namespace tierline::importing
