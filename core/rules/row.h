#pragma once

#include "core/base/instant.h"

#include <QString>

#include <limits>
#include <vector>

namespace tierline::rules {

class RuleSet;

/// One value of a row as evaluation reads it: a symbol's number, thousandths, or the instant from which
/// something holds. What is not known lies below every known value.
namespace cell {
constexpr qint64 unknown = std::numeric_limits<qint64>::min();
constexpr qint64 wrongType = unknown + 1;
/// Not looked at yet: only where a SlotSource stands behind the row.
constexpr qint64 unread = unknown + 2;
constexpr qint64 leastKnown = unknown + 3;
/// An instant that never comes, with room for a year on either side.
constexpr qint64 never = std::numeric_limits<qint64>::max() / 4;
/// Symbols: nothing there, and a word that no rule names.
constexpr qint64 empty = 0;
constexpr qint64 other = 1;
constexpr qint64 firstSymbol = 2;
} // namespace cell

/// A text that conditions look through, with what they found in it so far.
struct RowText {
    QString text;
    bool isRead = false; ///< words and hits below are made
    std::vector<quint8> found; ///< by number of the text condition; 2: not looked for yet
};

/// What the rules of one RuleSet read of one ticket: a value a slot, compact and without names. Value;
/// thread: one at a time, since looking through a text is remembered in it.
struct FactRow {
    Instant cycleStart; ///< of the ticket's life: creation or last reopening
    std::vector<qint64> cells; ///< by slot
    std::vector<qint64>
        ends; ///< of a span: where it ends; of service time: from when it is counted
    std::vector<std::vector<qint32>> sets; ///< by slot that is a set; symbols, ascending
    mutable std::vector<RowText> texts; ///< by slot that is a text
};

/// Fills cells of a row when a condition first reads them.
class SlotSource
{
public:
    virtual ~SlotSource() = default;
    virtual void fill(FactRow &row, int slot) = 0;
};

} // namespace tierline::rules
