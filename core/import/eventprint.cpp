#include "core/import/eventprint.h"

#include "core/base/json.h"
#include "core/import/fingerprint_p.h"

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

void addOptional(Fingerprint &print, const std::optional<QString> &text)
{
    print.add(qint64(text.has_value()));
    print.add(QStringView(text.value_or(QString())));
}

} // namespace

quint64 eventPrint(const Event &event, QStringView text)
{
    Fingerprint print;
    print.add(event.at.ms);
    print.add(static_cast<qint64>(event.kind));
    print.add(QStringView(event.actor));
    addOptional(print, event.tier);
    addOptional(print, event.team);
    addOptional(print, event.assignee);
    print.add(event.status ? static_cast<qint64>(*event.status) : qint64(-1));
    print.add(event.priority ? static_cast<qint64>(*event.priority) : qint64(-1));
    print.add(QStringView(event.note));
    // What the store adds when it takes an event in is no part of what happened.
    QJsonObject data = event.data;
    for (const QString &frozen : { u"escalation"_s, u"limit"_s, u"receiving"_s, u"internal"_s,
             u"requester"_s, u"organization"_s })
        data.remove(frozen);
    if (!data.isEmpty())
        print.add(QStringView(compactJson(data)));
    print.add(text);
    return print.value();
}

quint64 OriginCounter::next(quint64 print)
{
    const int occurrence = m_seen[print]++;
    if (occurrence == 0)
        return print;
    // SplitMix64's mixing step: neighbouring counts give unrelated numbers.
    quint64 z = print + static_cast<quint64>(occurrence) * 0x9E3779B97F4A7C15ULL;
    z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ULL;
    z = (z ^ (z >> 27)) * 0x94D049BB133111EBULL;
    z ^= z >> 31;
    return z == 0 ? 1 : z;
}

} // namespace tierline::importing
