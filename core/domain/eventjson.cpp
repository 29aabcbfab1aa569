#include "core/domain/eventjson.h"

namespace tierline {

using namespace Qt::StringLiterals;

QJsonObject eventJson(const Event &event)
{
    QJsonObject json { { u"kind"_s, code(event.kind) }, { u"at"_s, event.at.iso() } };
    const auto set = [&](const QString &name, const std::optional<QString> &value) {
        if (value)
            json[name] = *value;
    };
    set(u"tier"_s, event.tier);
    set(u"team"_s, event.team);
    set(u"assignee"_s, event.assignee);
    if (event.status)
        json[u"status"_s] = code(*event.status);
    if (event.priority)
        json[u"priority"_s] = code(*event.priority);
    if (!event.note.isEmpty())
        json[u"note"_s] = event.note;
    if (!event.data.isEmpty())
        json[u"data"_s] = event.data;
    return json;
}

} // namespace tierline
