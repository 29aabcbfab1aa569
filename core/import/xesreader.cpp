#include "core/import/xesreader.h"

#include "core/base/unicode.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

XesReader::XesReader(std::unique_ptr<ByteSource> source, QStringList columns, int caseColumn)
    : m_source(std::move(source))
    , m_columns(std::move(columns))
    , m_caseColumn(caseColumn)
    , m_chunk(64 * 1024, Qt::Uninitialized)
{
    for (int i = 0; i < m_columns.size(); ++i)
        m_indexOf.insert(m_columns[i], i);
    m_xml.setNamespaceProcessing(true);
}

Error XesReader::broken(const QString &why) const
{
    const qint64 line = m_xml.lineNumber();
    return badInput(
        u"“%1” is no XES log that can be read: %2 (line %3)."_s.arg(m_source->name(), why)
            .arg(line),
        u"line %1"_s.arg(line));
}

/// Reads one token, feeding the parser as it asks for more.
Result<bool> XesReader::readOn()
{
    for (;;) {
        if (m_xml.atEnd() && m_xml.error() == QXmlStreamReader::NoError)
            return false;
        const auto token = m_xml.readNext();
        if (token == QXmlStreamReader::Invalid) {
            if (m_xml.error() != QXmlStreamReader::PrematureEndOfDocumentError)
                return broken(m_xml.errorString().left(200));
            TIERLINE_TRY(got, m_source->read(m_chunk.data(), m_chunk.size()));
            if (got == 0)
                return m_sawLog ? broken(u"it ends in the middle"_s)
                                : broken(u"there is no <log> in it"_s);
            m_sinceToken += got;
            if (m_sinceToken > MaxXesTokenBytes)
                return broken(
                    u"one value in it is longer than %1 MiB"_s.arg(MaxXesTokenBytes >> 20));
            m_xml.addData(QByteArray(m_chunk.constData(), got));
            continue;
        }
        m_sinceToken = 0;
        switch (token) {
        case QXmlStreamReader::DTD:
            return broken(
                u"it declares a document type, which a log never needs and an attack does"_s);
        case QXmlStreamReader::EntityReference:
            return broken(u"it refers to an entity that XML does not know"_s);
        case QXmlStreamReader::StartElement: TIERLINE_CHECK(takeStart()); break;
        case QXmlStreamReader::EndElement: TIERLINE_CHECK(takeEnd()); break;
        default: break;
        }
        return token != QXmlStreamReader::EndDocument;
    }
}

Result<Done> XesReader::takeStart()
{
    if (++m_depth > MaxXesDepth)
        return broken(u"it is nested more than %1 levels deep"_s.arg(MaxXesDepth));
    if (m_ignoredBelow > 0)
        return Done {};
    const QStringView name = m_xml.name();
    if (!m_sawLog) {
        if (name != u"log")
            return broken(
                u"it begins with <%1> and not with <log>"_s.arg(name.left(40).toString()));
        m_sawLog = true;
    } else if (name == u"trace") {
        if (m_depth != 2)
            return broken(u"a trace stands inside another element"_s);
        m_isInTrace = true;
        m_traceValues = QStringList(m_columns.size());
        m_events.clear();
    } else if (name == u"event") {
        if (!m_isInTrace || m_isInEvent)
            return broken(u"an event stands outside of a trace"_s);
        if (m_events.size() >= MaxRowsOfACase)
            return broken(u"one trace has more than %1 events"_s.arg(MaxRowsOfACase));
        m_isInEvent = true;
        m_events.push_back({ .line = m_xml.lineNumber(), .values = QStringList(m_columns.size()) });
    } else {
        if (m_isInTrace)
            takeAttribute();
        m_ignoredBelow = m_depth; // what an attribute holds inside concerns itself
    }
    return Done {};
}

void XesReader::takeAttribute()
{
    const QXmlStreamAttributes attributes = m_xml.attributes();
    const QStringView key = attributes.value(u"key"_s);
    QStringList &values = m_isInEvent ? m_events.back().values : m_traceValues;
    const auto [first, last] = m_indexOf.equal_range(key.toString());
    for (auto it = first; it != last; ++it) {
        const bool isCase = *it == m_caseColumn;
        if (isCase && m_isInEvent)
            continue; // the case is the trace's own name, never an event's
        values[*it] = validText(attributes.value(u"value"_s).toString());
        if (values[*it].isNull())
            values[*it] = u""_s;
    }
}

Result<Done> XesReader::takeEnd()
{
    if (m_ignoredBelow == m_depth)
        m_ignoredBelow = 0;
    else if (m_ignoredBelow == 0 && m_isInEvent)
        m_isInEvent = false;
    else if (m_ignoredBelow == 0 && m_isInTrace)
        releaseTrace();
    --m_depth;
    return Done {};
}

void XesReader::releaseTrace()
{
    m_isInTrace = false;
    for (int column = 0; column < m_columns.size(); ++column) {
        const bool isEvents = column != m_caseColumn
            && std::any_of(m_events.cbegin(), m_events.cend(),
                [&](const Pending &event) { return !event.values[column].isNull(); });
        if (isEvents)
            continue;
        for (Pending &event : m_events)
            event.values[column] = m_traceValues[column];
    }
    for (Pending &event : m_events)
        m_ready.push_back({ .line = event.line, .values = std::move(event.values) });
    m_events.clear();
}

Result<bool> XesReader::next(LogRecord &record)
{
    while (m_ready.empty()) {
        TIERLINE_TRY(more, readOn());
        if (!more)
            return false;
    }
    record = std::move(m_ready.front());
    m_ready.pop_front();
    return true;
}

} // namespace tierline::importing
