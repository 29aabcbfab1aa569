#pragma once

#include "core/domain/codes.h"

#include <QJsonObject>

#include <map>
#include <vector>

namespace tierline::test {

/// A message as both sides must have it, without times and ids, which differ by nature.
struct MessagePicture {
    MessageKind kind = MessageKind::PublicReply;
    QString text; ///< valid text; without the marker that the operation put at its end
    QString operation; ///< our operation that made it; empty for what others wrote

    bool operator==(const MessagePicture &) const = default;
};

struct TicketPicture {
    QJsonObject fields; ///< by the names of core/connectors/api; what is empty is left out
    std::vector<MessagePicture> messages; ///< in the remote's order

    bool operator==(const TicketPicture &) const = default;
};

/// All tickets of one side by remote id, as a value to compare with the other side's.
struct DeskState {
    std::map<QString, TicketPicture> tickets;

    bool operator==(const DeskState &) const = default;
};

/// Fields without those that say nothing: null, "", [].
QJsonObject saidFields(const QJsonObject &fields);

/// One line for each ticket and each message, always the same for equal states:
///     #3 place="L2 Technical" priority="high" status="open" subject="Printer"
///       public "It burns."
///       note [6f0…] "Looked at it."
QString printed(const DeskState &state);

/// The first lines that differ, "-" for `here` and "+" for `there`; empty where they are equal.
QString difference(const DeskState &here, const DeskState &there);

/// For QCOMPARE.
char *toString(const DeskState &state);

} // namespace tierline::test
