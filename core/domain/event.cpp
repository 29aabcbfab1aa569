#include "core/domain/event.h"

#include <array>

namespace tierline {

using namespace Qt::StringLiterals;

namespace {
constexpr std::array eventCodes = std::to_array<QStringView>(
    { u"created", u"message", u"changed", u"log_row", u"flagged", u"unflagged", u"triaged",
        u"claimed", u"reassigned", u"escalated", u"accepted", u"returned", u"withdrawn", u"solved",
        u"confirmed", u"reopened", u"reviewed", u"csat", u"undone", u"followed", u"moved" });
}

QString code(EventKind kind)
{
    const auto index = static_cast<size_t>(kind);
    return index < eventCodes.size() ? eventCodes[index].toString() : u"unknown"_s;
}

template<>
std::optional<EventKind> fromCode<EventKind>(QStringView text)
{
    for (size_t i = 0; i < eventCodes.size(); ++i) {
        if (text.compare(eventCodes[i], Qt::CaseInsensitive) == 0)
            return static_cast<EventKind>(i);
    }
    return std::nullopt;
}

} // namespace tierline
