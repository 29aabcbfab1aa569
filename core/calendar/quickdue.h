#pragma once

#include "core/calendar/duejson.h"

#include <memory>
#include <optional>

namespace tierline::sla {

/// Lines of `sla due` from their bytes to their bytes, for many at a time. Answers only lines in their plain form:
/// known keys, each once, an id of plain letters, every value of the kind that belongs there, nothing wrong.
/// Whatever it answers, DueReader answers the same to the byte; for all else it says nothing, and DueReader says
/// what is wrong, or reads the line after all. Thread: one. A line of 500 bytes costs a few microseconds more than
/// its clock.
class QuickDue
{
public:
    QuickDue();
    ~QuickDue();
    QuickDue(const QuickDue &) = delete;

    /// The answer without its line's end.
    std::optional<QByteArray> answer(QByteArrayView line);

private:
    struct Private;
    std::unique_ptr<Private> d;
};

} // namespace tierline::sla
