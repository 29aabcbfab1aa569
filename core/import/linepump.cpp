#include "core/import/linepump_p.h"

namespace tierline::importing {

namespace {
constexpr size_t mostItems = 512;
constexpr qsizetype mostBytes = 32 << 20;
} // namespace

LinePump::LinePump(
    std::unique_ptr<ByteSource> source, TicketLineParser::Options options, bool keepsRaw)
    : m_lines(std::move(source))
    , m_parser(std::move(options))
    , m_keepsRaw(keepsRaw)
    , m_total(m_lines.source().total())
    , m_thread([this] { run(); })
{
}

LinePump::~LinePump()
{
    {
        const std::scoped_lock lock(m_mutex);
        m_isStopping = true;
    }
    m_hasRoom.notify_all();
    m_thread.join();
}

void LinePump::run()
{
    Line line;
    std::optional<Error> failure;
    for (;;) {
        const auto more = m_lines.next(line);
        if (!more)
            failure = more.error();
        if (!more || !*more)
            break;
        m_bytes = m_lines.source().taken();
        if (line.bytes.trimmed().isEmpty())
            continue;
        Parsed parsed { .line = line.number };
        if (m_keepsRaw)
            parsed.raw = line.bytes.toByteArray();
        auto history = m_parser.parse(line.bytes);
        if (history)
            parsed.history = std::move(*history);
        else
            parsed.problem = history.error().detail;
        if (!push(std::move(parsed), line.bytes.size()))
            return;
    }
    const std::scoped_lock lock(m_mutex);
    m_error = failure;
    m_isAtEnd = true;
    m_hasItem.notify_all();
}

bool LinePump::push(Parsed parsed, qsizetype weight)
{
    std::unique_lock lock(m_mutex);
    m_hasRoom.wait(lock, [&] {
        return m_isStopping || m_queue.empty()
            || (m_queue.size() < mostItems && m_weight + weight <= mostBytes);
    });
    if (m_isStopping)
        return false;
    m_queue.emplace_back(std::move(parsed), weight);
    m_weight += weight;
    if (m_queue.size() == 1)
        m_hasItem.notify_one();
    return true;
}

Result<LinePump::Taken> LinePump::take(Parsed &parsed, Millis patience)
{
    std::unique_lock lock(m_mutex);
    m_hasItem.wait_for(lock, patience, [&] { return !m_queue.empty() || m_isAtEnd; });
    if (!m_queue.empty()) {
        parsed = std::move(m_queue.front().first);
        m_weight -= m_queue.front().second;
        m_queue.pop_front();
        // Woken only now and then, so that the two threads do not hand over line by line.
        if (m_queue.size() <= mostItems / 2 || m_weight <= mostBytes / 2)
            m_hasRoom.notify_one();
        return Taken::Item;
    }
    if (!m_isAtEnd)
        return Taken::NotYet;
    if (m_error)
        return *m_error;
    return Taken::End;
}

QHash<QString, qint64> LinePump::ignored()
{
    const std::scoped_lock lock(m_mutex);
    return m_isAtEnd ? m_parser.ignored() : QHash<QString, qint64>();
}

} // namespace tierline::importing
