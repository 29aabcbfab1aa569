#pragma once

#include "core/import/exporter.h"

#include <QFile>

namespace tierline::importing {

/// Writes records into FILE.partial in one of the three forms, and gives the file its name at the end.
class RecordWriter
{
public:
    /// `columns`: the cells of CSV, in order; the other forms write each record as it is.
    static Result<std::unique_ptr<RecordWriter>> open(
        const QString &file, const QStringList &columns);
    ~RecordWriter(); ///< without finish(): removes the partial file

    Result<Done> add(const QJsonObject &record);
    /// One document in the place of the records so far; for a form of its own.
    Result<Done> replaceBy(const QByteArray &document);
    Result<Done> finish();
    ExportForm form() const { return m_form; }
    qint64 rows() const { return m_rows; }

private:
    RecordWriter(QString file, ExportForm form, QStringList columns);
    Result<Done> write(const QByteArray &bytes);

    QString m_name;
    ExportForm m_form;
    QStringList m_columns;
    QFile m_partial;
    QByteArray m_buffer;
    qint64 m_rows = 0;
    bool m_isFinished = false;
    bool m_isReplaced = false;
};

} // namespace tierline::importing
