#pragma once

#include <QByteArray>
#include <QHashFunctions>
#include <QMetaType>
#include <QString>

#include <compare>

namespace tierline {

/// A 64-bit row number that cannot be taken for another kind of row number. 0 means none.
template<typename Tag>
struct RowId {
    qint64 v = 0;

    auto operator<=>(const RowId &) const = default;
    explicit operator bool() const { return v != 0; }
    friend size_t qHash(RowId id, size_t seed = 0) { return ::qHash(id.v, seed); }
};

using TicketId = RowId<struct TicketTag>; ///< local, never leaves the workspace
using MessageId = RowId<struct MessageTag>;
using EventId = RowId<struct EventTag>;
using RequesterId = RowId<struct RequesterTag>;
using OrganizationId = RowId<struct OrganizationTag>;
using ImportId = RowId<struct ImportTag>;

/// Where identifiers and other randomness come from; injected, so that a seed repeats a run.
class RandomSource
{
public:
    virtual ~RandomSource() = default;
    virtual quint64 next64() = 0;
    /// A random UUID (version 4), lower case, without braces.
    QString uuid();
    /// 0 … bound-1; bound must be positive.
    qint64 below(qint64 bound)
    {
        return static_cast<qint64>(next64() % static_cast<quint64>(bound));
    }
};

class SystemRandom final : public RandomSource
{
public:
    quint64 next64() override;
};

/// SplitMix64: the same seed gives the same run on every machine.
class SeededRandom final : public RandomSource
{
public:
    explicit SeededRandom(quint64 seed)
        : m_state(seed)
    {
    }
    quint64 next64() override;

private:
    quint64 m_state;
};

} // namespace tierline

Q_DECLARE_METATYPE(tierline::TicketId)
