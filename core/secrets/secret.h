#pragma once

#include <QByteArray>
#include <QDebug>
#include <QMetaType>

#include <memory>

namespace tierline {

/// A password, token or key. It prints as “•••” wherever it is printed, has no way into a QString but
/// the named one, and its bytes are overwritten when the last copy goes.
/// Thread: a value; copies share one block that never changes, so they may cross threads.
/// Cost: a copy is one pointer. What a library is given (a header, a keychain job) it copies, and
/// those copies are not ours to wipe.
class Secret
{
public:
    static constexpr qsizetype Longest = 8 * 1024; ///< bytes that any source may give

    Secret() = default;
    /// Takes the bytes over and overwrites the given array, if nobody shares it.
    static Secret take(QByteArray &&bytes);
    static Secret fromText(const QString &text) { return take(text.toUtf8()); }

    bool isEmpty() const;
    qsizetype size() const;

    /// The bytes themselves, for the one line that hands them to a socket or a keychain. The view
    /// lives as long as this copy.
    QByteArrayView expose() const;

    /// Takes the same time wherever the two differ.
    friend bool operator==(const Secret &a, const Secret &b);

    friend QDebug operator<<(QDebug debug, const Secret &secret);

private:
    struct Block;
    std::shared_ptr<const Block> m_block;
};

/// Overwrites and empties an array that held a secret. Nothing can be done about other sharers.
void wipe(QByteArray &bytes);

} // namespace tierline

Q_DECLARE_METATYPE(tierline::Secret)
