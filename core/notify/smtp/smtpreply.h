#pragma once

#include <QByteArrayList>
#include <QStringList>

#include <optional>

namespace tierline::notify::smtp {

/// What a server says at one time, its lines without codes.
struct Reply {
    int code = 0; ///< 200 to 599
    QByteArrayList lines;

    bool isPassing() const { return code >= 400 && code < 500; } ///< it may go later
    bool isFinal() const { return code >= 500; }
    /// Words of its lines in capitals, each line one: what EHLO is answered with.
    QList<QByteArrayList> words() const;
};

/// Puts replies together from bytes that come in any pieces. At most 100 lines and 64 KiB; a reply that is more, or is
/// none, breaks the reader for good.
class ReplyReader
{
public:
    void add(const QByteArray &bytes);
    /// The next whole one.
    std::optional<Reply> take();
    bool isBroken() const { return m_isBroken; }
    bool isEmpty() const { return m_bytes.isEmpty() && m_lines.isEmpty(); }

private:
    QByteArray m_bytes;
    int m_code = 0;
    QByteArrayList m_lines; ///< of a reply that has not ended
    bool m_isBroken = false;
};

/// A reply's text for a sentence of ours: one line of at most 160 letters, addresses left out. Empty where it repeats
/// one of `withheld` (secrets, what people wrote): servers like to quote what they refuse.
QString cleaned(const Reply &reply, const QStringList &withheld);

} // namespace tierline::notify::smtp
