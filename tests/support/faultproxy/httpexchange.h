#pragma once

#include <QByteArray>

namespace tierline::test {

/// Follows one direction of an HTTP/1.1 connection just far enough to know where a message ends, without
/// keeping its body. No pipelining: one message at a time.
class HttpMessage
{
public:
    enum class Kind { Request, Answer };

    explicit HttpMessage(Kind kind)
        : m_kind(kind)
    {
    }

    /// Takes from `bytes` what belongs to this message; how many bytes that was. `isBodiless`: the answer
    /// to a HEAD request.
    qsizetype take(QByteArrayView bytes, bool isBodiless = false);

    bool hasBegun() const { return m_size > 0; }
    bool hasHead() const { return m_state != State::Head; }
    /// False for an answer that ends with its connection.
    bool isWhole() const { return m_state == State::Whole; }
    qint64 size() const { return m_size; } ///< bytes so far
    QByteArray method() const { return m_head.left(m_head.indexOf(' ')); } ///< of a request
    QByteArray path() const; ///< of a request, without its query
    int status() const; ///< of an answer; 0 before its head is there
    /// 1xx: another answer follows.
    bool isInterim() const { return m_kind == Kind::Answer && hasHead() && status() / 100 == 1; }

private:
    enum class State { Head, Body, ChunkSize, ChunkData, Trailer, UntilClose, Whole };

    void readHead(bool isBodiless);
    QByteArray headerValue(QByteArrayView name) const;
    qsizetype takeLine(QByteArrayView bytes);
    void readLine();

    Kind m_kind;
    State m_state = State::Head;
    QByteArray m_head;
    QByteArray m_line;
    qint64 m_left = 0;
    qint64 m_size = 0;
};

} // namespace tierline::test
