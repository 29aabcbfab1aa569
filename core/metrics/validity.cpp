#include "core/metrics/validity_p.h"

#include <QJsonArray>
#include <QJsonObject>
#include <QSet>

#include <algorithm>

namespace tierline::metrics {

using namespace Qt::StringLiterals;

namespace {

/// An escalation of ours, or a move up from outside that became a record and so can be withdrawn.
bool opensRecord(const Event &event)
{
    if (event.kind == EventKind::Escalated)
        return true;
    const QJsonObject move = event.data.value("escalation"_L1).toObject();
    return event.tier && move.value("toRank"_L1).toInt() > move.value("fromRank"_L1).toInt();
}

} // namespace

Validity::Validity(std::span<const Event> events)
{
    const bool isPlain = std::none_of(events.begin(), events.end(), [](const Event &e) {
        return e.kind == EventKind::Undone || e.kind == EventKind::Withdrawn;
    });
    if (isPlain)
        return;
    m_standing.assign(events.size(), Standing::Counts);
    markUndone(events);
    markWithdrawn(events);
}

/// From the last event to the first, so that undoing an undoing brings the event back. `undoes` is
/// an event's number (as a number or as text), the operation whose events are all meant, or a list.
void Validity::markUndone(std::span<const Event> events)
{
    QSet<qint64> ids;
    QSet<QString> operations;
    const auto add = [&](const QJsonValue &value) {
        bool isNumber = false;
        if (const qint64 id = value.toString().toLongLong(&isNumber); isNumber)
            ids.insert(id);
        else if (value.isString())
            operations.insert(value.toString());
        else if (const qint64 id = value.toInteger(); id != 0)
            ids.insert(id);
    };
    for (size_t i = events.size(); i-- > 0;) {
        const Event &event = events[i];
        const bool isUndone = ids.contains(event.id.v)
            || (!event.operation.isEmpty() && operations.contains(event.operation));
        if (isUndone || event.kind == EventKind::Undone)
            m_standing[i] = Standing::Undone;
        if (isUndone || event.kind != EventKind::Undone)
            continue;
        const QJsonValue undoes = event.data.value("undoes"_L1);
        if (!undoes.isArray()) {
            add(undoes);
            continue;
        }
        for (const QJsonValue &value : undoes.toArray())
            add(value);
    }
}

/// A withdrawal takes back the escalation right before it that nobody has accepted or returned.
void Validity::markWithdrawn(std::span<const Event> events)
{
    std::vector<size_t> open;
    for (size_t i = 0; i < events.size(); ++i) {
        if (m_standing[i] == Standing::Undone)
            continue;
        if (opensRecord(events[i])) {
            open.push_back(i);
            continue;
        }
        switch (events[i].kind) {
        case EventKind::Accepted:
        case EventKind::Returned: open.clear(); break;
        case EventKind::Withdrawn:
            m_standing[i] = Standing::Restores;
            if (open.empty())
                break;
            for (size_t between = open.back(); between < i; ++between) {
                // A withdrawal of a further step inside goes too: its restoring is no news.
                if (m_standing[between] != Standing::Undone)
                    m_standing[between] = Standing::Withdrawn;
            }
            open.pop_back();
            break;
        default: break;
        }
    }
}

} // namespace tierline::metrics
