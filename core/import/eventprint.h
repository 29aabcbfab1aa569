#pragma once

#include "core/domain/event.h"

#include <QHash>

namespace tierline::importing {

/// 64 bits that are the same for the same event on every machine: of what happened, not of row
/// numbers. `text` is the message that the event points to. Never 0.
quint64 eventPrint(const Event &event, QStringView text);

/// Gives each event of one ticket its origin: eventPrint(), and another number for the n-th of
/// several equal ones.
class OriginCounter
{
public:
    quint64 next(quint64 print);

private:
    QHash<quint64, int> m_seen;
};

} // namespace tierline::importing
