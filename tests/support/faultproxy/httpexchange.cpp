#include "tests/support/faultproxy/httpexchange.h"

#include <QList>

#include <algorithm>

namespace tierline::test {

namespace {

constexpr qsizetype maxHead = 256 * 1024; // beyond that it is no HTTP, and passes to its close

} // namespace

QByteArray HttpMessage::headerValue(QByteArrayView name) const
{
    for (const QByteArray &line : m_head.split('\n')) {
        const qsizetype colon = line.indexOf(':');
        if (colon > 0 && line.left(colon).trimmed().compare(name, Qt::CaseInsensitive) == 0)
            return line.mid(colon + 1).trimmed();
    }
    return {};
}

QByteArray HttpMessage::path() const
{
    const qsizetype first = m_head.indexOf(' ') + 1;
    const QByteArray target = m_head.mid(first, m_head.indexOf(' ', first) - first);
    const qsizetype query = target.indexOf('?');
    return query < 0 ? target : target.left(query);
}

int HttpMessage::status() const
{
    const qsizetype first = m_head.indexOf(' ') + 1;
    return hasHead() ? m_head.mid(first, 3).toInt() : 0;
}

void HttpMessage::readHead(bool isBodiless)
{
    m_state = State::Body; // the head is there: status() may read it
    const bool isAnswer = m_kind == Kind::Answer;
    if (isAnswer && (isBodiless || isInterim() || status() == 204 || status() == 304)) {
        m_state = State::Whole;
        return;
    }
    if (headerValue("Transfer-Encoding").toLower().contains("chunked")) {
        m_state = State::ChunkSize;
        return;
    }
    const QByteArray length = headerValue("Content-Length");
    m_left = length.toLongLong();
    if (length.isEmpty() && isAnswer)
        m_state = State::UntilClose;
    else
        m_state = m_left > 0 ? State::Body : State::Whole;
}

qsizetype HttpMessage::takeLine(QByteArrayView bytes)
{
    const qsizetype end = bytes.indexOf('\n');
    const qsizetype taken = end < 0 ? bytes.size() : end + 1;
    m_line.append(bytes.first(taken).toByteArray());
    if (end >= 0) {
        readLine();
        m_line.clear();
    }
    return taken;
}

void HttpMessage::readLine()
{
    const QByteArray line = m_line.trimmed();
    if (m_state == State::Trailer) {
        m_state = line.isEmpty() ? State::Whole : State::Trailer;
        return;
    }
    if (line.isEmpty())
        return; // the end of a chunk's data
    m_left = line.left(line.indexOf(';') < 0 ? line.size() : line.indexOf(';'))
                 .toLongLong(nullptr, 16);
    m_state = m_left > 0 ? State::ChunkData : State::Trailer;
}

qsizetype HttpMessage::take(QByteArrayView bytes, bool isBodiless)
{
    qsizetype taken = 0;
    while (taken < bytes.size() && m_state != State::Whole) {
        const QByteArrayView rest = bytes.sliced(taken);
        qsizetype step = rest.size();
        switch (m_state) {
        case State::Head: {
            const qsizetype before = m_head.size();
            m_head.append(rest.toByteArray());
            const qsizetype end = m_head.indexOf("\r\n\r\n", std::max<qsizetype>(0, before - 3));
            if (end >= 0) {
                step = end + 4 - before;
                m_head.truncate(end + 4);
                readHead(isBodiless);
            } else if (m_head.size() > maxHead) {
                m_state = State::UntilClose;
            }
            break;
        }
        case State::Body:
        case State::ChunkData:
            step = qsizetype(std::min<qint64>(rest.size(), m_left));
            m_left -= step;
            if (m_left == 0)
                m_state = m_state == State::Body ? State::Whole : State::ChunkSize;
            break;
        case State::ChunkSize:
        case State::Trailer: step = takeLine(rest); break;
        case State::UntilClose:
        case State::Whole: break;
        }
        taken += step;
        m_size += step;
    }
    return taken;
}

} // namespace tierline::test
