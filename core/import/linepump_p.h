#pragma once

#include "core/import/linereader.h"
#include "core/import/ticketline.h"

#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

namespace tierline::importing {

/// Reads and parses ticket lines on a thread of its own, ahead of whoever takes them, in a queue
/// that is bounded by count and by bytes. Made, asked and destroyed on one thread.
class LinePump
{
public:
    struct Parsed {
        qint64 line = 0;
        QByteArray raw; ///< empty where the pump was asked for no raw lines
        std::optional<commands::History> history;
        QString problem; ///< where there is no history: why
    };

    LinePump(std::unique_ptr<ByteSource> source, TicketLineParser::Options options, bool keepsRaw);
    ~LinePump();

    enum class Taken { Item, NotYet, End };
    /// Waits at most `patience` for the next line. An error is one that ends the reading.
    Result<Taken> take(Parsed &parsed, Millis patience);
    qint64 bytesTaken() const { return m_bytes; }
    qint64 bytesTotal() const { return m_total; }
    /// Unknown keys; complete once take() said End.
    QHash<QString, qint64> ignored();

private:
    void run();
    bool push(Parsed parsed, qsizetype weight); ///< false: asked to stop

    LineReader m_lines;
    TicketLineParser m_parser;
    bool m_keepsRaw;
    qint64 m_total;
    std::atomic<qint64> m_bytes = 0;
    std::mutex m_mutex;
    std::condition_variable m_hasItem, m_hasRoom;
    std::deque<std::pair<Parsed, qsizetype>> m_queue;
    qsizetype m_weight = 0;
    std::optional<Error> m_error;
    bool m_isStopping = false, m_isAtEnd = false;
    std::thread m_thread; ///< last: it uses all of the above
};

} // namespace tierline::importing
