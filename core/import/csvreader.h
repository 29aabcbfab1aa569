#pragma once

#include "core/import/linereader.h"

#include <QStringList>

namespace tierline::importing {

/// One record of a CSV file. Where `problem` is not empty it could not be read, and `fields` is
/// what there is.
struct CsvRecord {
    qint64 line = 0; ///< number of its first line
    QStringList fields;
    QString problem;
};

struct CsvOptions {
    QChar delimiter = u',';
    TextEncoding encoding = TextEncoding::Utf8;
};

/// Reads CSV as it is found in the wild: RFC 4180 quotes (doubled inside, line ends inside them
/// kept), CR LF or LF, a byte order mark, empty lines passed over. A broken record is given with its
/// problem, and reading goes on at the next line. Memory: one record of at most 16 MiB.
class CsvReader
{
public:
    CsvReader(std::unique_ptr<ByteSource> source, CsvOptions options);

    /// False at the end. Errors are those that end the reading: a line or record over the limit, a
    /// damaged file.
    Result<bool> next(CsvRecord &record);
    const ByteSource &source() const { return m_lines.source(); }

private:
    enum class State { FieldStart, Plain, Quoted, QuoteInQuoted };
    void takeLine(const QString &text, CsvRecord &record);

    LineReader m_lines;
    QChar m_delimiter;
    State m_state = State::FieldStart;
    QString m_field;
    qint64 m_recordLength = 0;
};

constexpr int MaxCsvColumns = 4096;

/// Takes our own formula guard off a cell: see csvwriter.h.
QString withoutGuard(QString cell);

} // namespace tierline::importing
