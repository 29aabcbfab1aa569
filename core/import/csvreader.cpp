#include "core/import/csvreader.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

CsvReader::CsvReader(std::unique_ptr<ByteSource> source, CsvOptions options)
    : m_lines(std::move(source), options.encoding)
    , m_delimiter(options.delimiter)
{
}

/// Runs the record's state over one physical line (without its end).
void CsvReader::takeLine(const QString &text, CsvRecord &record)
{
    const auto endField = [&] {
        if (record.fields.size() < MaxCsvColumns)
            record.fields.append(m_field);
        else if (record.problem.isEmpty())
            record.problem = u"it has more than %1 columns"_s.arg(MaxCsvColumns);
        m_field.clear();
        m_state = State::FieldStart;
    };
    for (const QChar c : text) {
        switch (m_state) {
        case State::FieldStart:
            if (c == u'"') {
                m_state = State::Quoted;
                break;
            }
            m_state = State::Plain;
            [[fallthrough]];
        case State::Plain:
            if (c == m_delimiter)
                endField();
            else
                m_field.append(c); // a quote inside a plain field is just a quote
            break;
        case State::Quoted:
            if (c == u'"')
                m_state = State::QuoteInQuoted;
            else
                m_field.append(c);
            break;
        case State::QuoteInQuoted:
            if (c == u'"') {
                m_field.append(c);
                m_state = State::Quoted;
            } else if (c == m_delimiter) {
                endField();
            } else {
                if (record.problem.isEmpty())
                    record.problem = u"a quoted cell goes on behind its closing quote"_s;
                m_field.append(c);
                m_state = State::Plain;
            }
            break;
        }
    }
    if (m_state != State::Quoted)
        endField();
}

Result<bool> CsvReader::next(CsvRecord &record)
{
    record = {};
    m_state = State::FieldStart;
    m_field.clear();
    m_recordLength = 0;
    Line line;
    for (;;) {
        TIERLINE_TRY(more, m_lines.next(line));
        if (!more) {
            if (record.line == 0)
                return false;
            record.problem = u"the quote that begins in line %1 is never closed"_s.arg(record.line);
            record.fields.append(m_field);
            return true;
        }
        if (record.line == 0) {
            if (line.bytes.isEmpty())
                continue;
            record.line = line.number;
        }
        m_recordLength += line.bytes.size();
        if (m_recordLength > MaxLineBytes)
            return badInput(
                u"The cell that begins in line %1%2 is longer than %3 MiB: a quote is not closed."_s
                    .arg(record.line)
                    .arg(ofFile(m_lines.source()))
                    .arg(MaxLineBytes >> 20),
                u"line %1"_s.arg(record.line));
        auto text = decode(line.bytes, m_lines.encoding());
        if (!text) {
            if (record.problem.isEmpty())
                record.problem = text.error().detail.chopped(1); // without its full stop
            takeLine(QString::fromLatin1(line.bytes), record);
        } else {
            takeLine(*text, record);
        }
        if (m_state != State::Quoted)
            return true;
        if (line.hadEnd) {
            if (line.hadCarriageReturn)
                m_field.append(u'\r');
            m_field.append(u'\n');
        }
    }
}

QString withoutGuard(QString cell)
{
    if (cell.size() > 1 && cell[0] == u'\'') {
        // The guard stands only before what would begin a formula, or before a guard.
        const QChar next = cell[1];
        if (next == u'=' || next == u'+' || next == u'-' || next == u'@' || next == u'\t'
            || next == u'\r' || next == u'\n' || next == u'\'')
            cell.remove(0, 1);
    }
    return cell;
}

} // namespace tierline::importing
