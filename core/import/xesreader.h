#pragma once

#include "core/import/logreader.h"

#include <QHash>
#include <QSet>
#include <QXmlStreamReader>

#include <deque>

namespace tierline::importing {

/// Reads XES (IEEE 1849) with QXmlStreamReader, fed in chunks. A document type declaration is
/// refused, so no entity is ever expanded; depth, the length of one token and the events of one trace are bounded.
/// Attributes inside attributes and lists are passed over. The case is an attribute of the trace;
/// every other column is the event's, or the trace's where none of its events has it.
class XesReader final : public LogReader
{
public:
    XesReader(std::unique_ptr<ByteSource> source, QStringList columns, int caseColumn);

    Result<bool> next(LogRecord &record) override;
    const ByteSource &source() const override { return *m_source; }

private:
    struct Pending {
        qint64 line = 0;
        QStringList values;
    };

    Result<bool> readOn(); ///< one token; false at the document's end
    Result<Done> takeStart();
    void takeAttribute();
    Result<Done> takeEnd();
    void releaseTrace();
    Error broken(const QString &why) const;

    std::unique_ptr<ByteSource> m_source;
    QStringList m_columns;
    QMultiHash<QString, int> m_indexOf;
    int m_caseColumn;
    QXmlStreamReader m_xml;
    QByteArray m_chunk;
    qint64 m_sinceToken = 0; ///< bytes fed since the last whole token
    int m_depth = 0;
    int m_ignoredBelow = 0; ///< depth of an attribute whose inside is passed over; 0: none
    bool m_sawLog = false;
    bool m_isInTrace = false, m_isInEvent = false;
    QStringList m_traceValues;
    std::vector<Pending> m_events; ///< of the trace that is being read
    std::deque<LogRecord> m_ready;
};

constexpr int MaxXesDepth = 64;
constexpr qint64 MaxXesTokenBytes = 16 << 20;

} // namespace tierline::importing
