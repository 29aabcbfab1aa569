#include "core/import/logreader.h"

#include "core/import/csvreader.h"
#include "core/import/xesreader.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

/// What a person sees of a header in a sentence.
QString listed(const QStringList &columns)
{
    QStringList shown;
    for (const QString &column : columns.first(qMin<qsizetype>(columns.size(), 20)))
        shown.append(u"“%1”"_s.arg(column.left(60)));
    if (columns.size() > shown.size())
        shown.append(u"and %1 more"_s.arg(columns.size() - shown.size()));
    return shown.join(u", "_s);
}

Result<QStringList> readHeader(CsvReader &reader, const QString &file)
{
    CsvRecord header;
    TIERLINE_TRY(more, reader.next(header));
    if (!more)
        return badInput(
            u"“%1” is empty: there is no header and no row in it."_s.arg(file), u"line 1"_s);
    if (!header.problem.isEmpty())
        return badInput(
            u"The header of “%1” cannot be read: %2."_s.arg(file, header.problem), u"line 1"_s);
    for (QString &field : header.fields) {
        if (std::any_of(field.cbegin(), field.cend(), [](QChar c) {
                return (c < u' ' && c != u'\t' && c != u'\n' && c != u'\r')
                    || c == QChar::ReplacementCharacter;
            }))
            return badInput(
                u"“%1” is no CSV file: its first line holds bytes that are no text."_s.arg(file),
                u"line 1"_s);
        field = withoutGuard(field).trimmed();
    }
    return header.fields;
}

class CsvLog final : public LogReader
{
public:
    CsvLog(std::unique_ptr<CsvReader> reader, qsizetype width, std::vector<qsizetype> places)
        : m_reader(std::move(reader))
        , m_width(width)
        , m_places(std::move(places))
    {
    }

    Result<bool> next(LogRecord &record) override
    {
        TIERLINE_TRY(more, m_reader->next(m_record));
        if (!more)
            return false;
        record.line = m_record.line;
        record.problem = m_record.problem;
        record.values.clear();
        if (record.problem.isEmpty() && m_record.fields.size() != m_width)
            record.problem
                = u"it has %1 cells where the header has %2"_s.arg(m_record.fields.size())
                      .arg(m_width);
        if (record.problem.isEmpty()) {
            for (const qsizetype place : m_places)
                record.values.append(withoutGuard(m_record.fields[place]));
        }
        return true;
    }
    const ByteSource &source() const override { return m_reader->source(); }

private:
    std::unique_ptr<CsvReader> m_reader;
    CsvRecord m_record;
    qsizetype m_width;
    std::vector<qsizetype> m_places;
};

} // namespace

Result<std::unique_ptr<LogReader>> openLog(
    std::unique_ptr<ByteSource> source, const LogFormat &format, const QStringList &columns)
{
    if (format.isXes)
        return std::unique_ptr<LogReader>(
            std::make_unique<XesReader>(std::move(source), columns, format.caseColumn));

    const QString file = source->name();
    auto reader = std::make_unique<CsvReader>(
        std::move(source), CsvOptions { format.delimiter, format.encoding });
    TIERLINE_TRY(header, readHeader(*reader, file));
    std::vector<qsizetype> places;
    for (const QString &column : columns) {
        const qsizetype place = header.indexOf(column.trimmed());
        if (place < 0)
            return badInput(
                u"The column “%1” is missing from “%2”. Its header has: %3. Check the map's columns and "
                "its delimiter “%4”."_s.arg(
                    column, file, listed(header), QString(format.delimiter)),
                u"line 1"_s);
        places.push_back(place);
    }
    return std::unique_ptr<LogReader>(
        std::make_unique<CsvLog>(std::move(reader), header.size(), std::move(places)));
}

Result<QStringList> headerOf(std::unique_ptr<ByteSource> source, const LogFormat &format)
{
    if (format.isXes)
        return QStringList();
    const QString file = source->name();
    CsvReader reader(std::move(source), { format.delimiter, format.encoding });
    return readHeader(reader, file);
}

} // namespace tierline::importing
