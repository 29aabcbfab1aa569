#include "core/import/recordwriter_p.h"

#include "core/base/json.h"
#include "core/import/csvwriter.h"

#include <QFileInfo>
#include <QJsonArray>

#include <filesystem>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype bufferSize = 256 * 1024;

QString cellOf(const QJsonValue &value)
{
    switch (value.type()) {
    case QJsonValue::String: return value.toString();
    case QJsonValue::Bool: return value.toBool() ? u"true"_s : u"false"_s;
    case QJsonValue::Double: {
        const qint64 whole = value.toInteger();
        return value == QJsonValue(whole) ? QString::number(whole)
                                          : QString::number(value.toDouble(), 'g', 15);
    }
    case QJsonValue::Array:
        return QString::fromUtf8(QJsonDocument(value.toArray()).toJson(QJsonDocument::Compact));
    case QJsonValue::Object: return compactJson(value.toObject());
    case QJsonValue::Null:
    case QJsonValue::Undefined: break;
    }
    return {};
}

} // namespace

Result<ExportForm> formOf(const QString &file)
{
    const QString name = file.toLower();
    if (name.endsWith(u".csv"))
        return ExportForm::Csv;
    if (name.endsWith(u".json"))
        return ExportForm::Json;
    if (name.endsWith(u".jsonl") || name.endsWith(u".ndjson"))
        return ExportForm::JsonLines;
    return badInput(
        u"“%1” does not say in which form to export: end its name in .csv, .json or .jsonl."_s.arg(
            QFileInfo(file).fileName()));
}

RecordWriter::RecordWriter(QString file, ExportForm form, QStringList columns)
    : m_name(std::move(file))
    , m_form(form)
    , m_columns(std::move(columns))
    , m_partial(m_name + u".partial"_s)
{
}

Result<std::unique_ptr<RecordWriter>> RecordWriter::open(
    const QString &file, const QStringList &columns)
{
    TIERLINE_TRY(form, formOf(file));
    if (QFileInfo(file).isDir())
        return badInput(u"“%1” is a folder."_s.arg(file));
    std::unique_ptr<RecordWriter> writer(new RecordWriter(file, form, columns));
    if (!writer->m_partial.open(QIODevice::WriteOnly | QIODevice::Truncate)
        || !writer->m_partial.setPermissions(QFileDevice::ReadOwner | QFileDevice::WriteOwner))
        return storageError(u"“%1” cannot be written: %2."_s.arg(
            writer->m_partial.fileName(), writer->m_partial.errorString()));
    const QByteArray head = form == ExportForm::Csv ? csvLine(columns)
        : form == ExportForm::Json                  ? "["
                                                    : "";
    TIERLINE_CHECK(writer->write(head));
    return writer;
}

RecordWriter::~RecordWriter()
{
    if (!m_isFinished && m_partial.isOpen())
        m_partial.remove();
}

Result<Done> RecordWriter::write(const QByteArray &bytes)
{
    m_buffer += bytes;
    if (m_buffer.size() < bufferSize && !m_isFinished)
        return Done {};
    const bool isWritten = m_partial.write(m_buffer) == m_buffer.size();
    m_buffer.clear();
    if (!isWritten)
        return storageError(u"“%1” cannot be written: %2. Nothing was exported."_s.arg(
            m_partial.fileName(), m_partial.errorString()));
    return Done {};
}

Result<Done> RecordWriter::add(const QJsonObject &record)
{
    ++m_rows;
    if (m_form == ExportForm::Csv) {
        QStringList cells;
        for (const QString &column : std::as_const(m_columns))
            cells.append(cellOf(record.value(column)));
        return write(csvLine(cells));
    }
    const QByteArray json = QJsonDocument(record).toJson(QJsonDocument::Compact);
    if (m_form == ExportForm::JsonLines)
        return write(json + '\n');
    return write((m_rows == 1 ? "\n" : ",\n") + json);
}

Result<Done> RecordWriter::replaceBy(const QByteArray &document)
{
    m_buffer.clear();
    m_isReplaced = true;
    if (!m_partial.resize(0) || !m_partial.seek(0))
        return storageError(u"“%1” cannot be written: %2. Nothing was exported."_s.arg(
            m_partial.fileName(), m_partial.errorString()));
    return write(document);
}

Result<Done> RecordWriter::finish()
{
    if (m_form == ExportForm::Json && !m_isReplaced)
        m_buffer += "\n]\n";
    m_isFinished = true;
    auto written = write({});
    if (written && !m_partial.flush())
        written = storageError(u"“%1” cannot be written: %2. Nothing was exported."_s.arg(
            m_partial.fileName(), m_partial.errorString()));
    m_partial.close();
    if (!written) {
        m_partial.remove();
        return written.error();
    }
    // Unlike QFile::rename, this takes the place of what has the name in one step.
    std::error_code problem;
    std::filesystem::rename(
        m_partial.fileName().toStdU16String(), m_name.toStdU16String(), problem);
    if (problem) {
        m_partial.remove();
        return storageError(u"“%1” cannot be given its name: %2."_s.arg(
            m_name, QString::fromStdString(problem.message())));
    }
    return Done {};
}

} // namespace tierline::importing
