#pragma once

#include "core/import/bytesource.h"
#include "core/import/textencoding.h"

#include <QStringList>

namespace tierline::importing {

/// One row of an event log: the values of the wanted columns, in the order in which they were
/// asked for. A null string: the row has no such value. Where `problem` is not empty the row could
/// not be read.
struct LogRecord {
    qint64 line = 0;
    QStringList values;
    QString problem;
};

/// Reads the rows of an event log in the file's order. Thread: one. Memory: bounded, whatever the
/// file holds.
class LogReader
{
public:
    virtual ~LogReader() = default;
    /// False at the end. Errors are those that end the reading.
    virtual Result<bool> next(LogRecord &record) = 0;
    virtual const ByteSource &source() const = 0;
};

/// One ticket is built in memory, so its rows are bounded.
constexpr int MaxRowsOfACase = 200'000;

struct LogFormat {
    bool isXes = false;
    QChar delimiter = u',';
    TextEncoding encoding = TextEncoding::Utf8;
    /// XES only: index into the columns of the one that is read from the trace (the case).
    int caseColumn = 0;
};

/// Opens a log for these columns. BadInput where the file is no such log or where a column is
/// missing from its header; the sentence lists the columns that there are. A XES file has no header:
/// there a column that is missing everywhere is found at the end (see XesReader::neverSeen).
Result<std::unique_ptr<LogReader>> openLog(
    std::unique_ptr<ByteSource> source, const LogFormat &format, const QStringList &columns);

/// The columns of a CSV log's header; empty for XES.
Result<QStringList> headerOf(std::unique_ptr<ByteSource> source, const LogFormat &format);

} // namespace tierline::importing
