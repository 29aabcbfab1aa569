#include "core/escalation/stays.h"

#include "core/escalation/eventdata.h"
#include "core/escalation/fold.h"

namespace tierline::escalation {

using namespace std::chrono_literals;

namespace {

constexpr size_t hopsOfPingPong = 3;

/// Whether an event takes a move back, rather than making one.
bool takesBack(const Event &event)
{
    return event.kind == EventKind::Withdrawn || event.data.contains(eventdata::dropped);
}

} // namespace

std::vector<Stay> staysOf(const std::vector<Event> &events)
{
    const QSet<qint64> undone = undoneIn(events);
    std::vector<Stay> stays;
    Stay here;
    Status status = Status::New;
    for (size_t i = 0; i < events.size(); ++i) {
        const Event &event = events[i];
        if (undone.contains(event.id.v) || event.kind == EventKind::Undone)
            continue;
        const bool wasSolved = isSolved(status);
        status = event.status.value_or(status);
        const bool isReopened = wasSolved && !isSolved(status);
        if (!event.tier && !event.team && !isReopened && !stays.empty())
            continue;
        here.tier = event.tier.value_or(here.tier);
        here.team = event.team.value_or(here.team);
        // Clocks are set back, and sources have orders of their own: no stay begins before the one that it ends.
        here.since = qMax(event.at, here.since);
        here.event = i;
        const bool isNowhere = stays.size() == 1 && stays.front().isIn({}, {});
        if (isReopened || isNowhere)
            stays.clear();
        const bool isBack = stays.size() > 1 && stays[stays.size() - 2].isIn(here.tier, here.team);
        if (isBack && takesBack(event))
            stays.pop_back();
        else if (stays.empty() || !stays.back().isIn(here.tier, here.team))
            stays.push_back(here);
    }
    return stays;
}

std::optional<size_t> earlierStay(
    const std::vector<Stay> &stays, const QString &tier, const QString &team)
{
    for (size_t i = stays.size(); i-- > 1;) {
        if (stays[i - 1].isIn(tier, team))
            return i - 1;
    }
    return std::nullopt;
}

std::optional<size_t> findPingPong(const std::vector<Stay> &stays, Instant from)
{
    for (size_t last = hopsOfPingPong; last < stays.size(); ++last) {
        const size_t first = last - hopsOfPingPong;
        if (stays[last].since < from || stays[last].since - stays[first + 1].since > 24h)
            continue;
        for (size_t to = first + 2; to <= last; ++to) {
            for (size_t left = first; left < to; ++left) {
                if (stays[left].isIn(stays[to].tier, stays[to].team))
                    return last;
            }
        }
    }
    return std::nullopt;
}

} // namespace tierline::escalation
