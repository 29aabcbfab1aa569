#include "core/notify/api/card.h"

#include <QStringList>

namespace tierline::notify {

using namespace Qt::StringLiterals;

QString headline(const Card &card)
{
    QStringList parts { card.ticket.simplified() };
    if (const QString subject = card.subject.simplified(); !subject.isEmpty())
        parts.append(subject);
    if (QString who = card.customer.simplified(); !who.isEmpty()) {
        if (const QString plan = card.plan.simplified(); !plan.isEmpty())
            who += u" (%1)"_s.arg(plan);
        parts.append(who);
    }
    return parts.join(u" · "_s);
}

QString inLines(const Card &card)
{
    QStringList lines;
    const auto add = [&](const QString &name, const QString &value) {
        if (const QString one = value.simplified(); !one.isEmpty())
            lines.append(name.isEmpty() ? one : name + u": "_s + one);
    };
    if (!card.text.trimmed().isEmpty())
        lines.append(card.text.trimmed());
    add(u"Why"_s, card.reason);
    add(u"At"_s, card.tier);
    add({}, card.link);
    return lines.join(u'\n');
}

} // namespace tierline::notify
