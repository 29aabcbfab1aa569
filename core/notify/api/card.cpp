#include "core/notify/api/card.h"

#include <QStringList>
#include <QTextBoundaryFinder>

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

QString cut(const QString &text, qsizetype most)
{
    if (text.size() <= most)
        return text;
    constexpr qsizetype longestCharacter = 32;
    qsizetype end = qMax<qsizetype>(0, most - 1);
    QTextBoundaryFinder finder(QTextBoundaryFinder::Grapheme, text.constData(), end + 1);
    finder.toEnd();
    // What stands at the very end may go on behind it, so it is not known to be whole.
    finder.toPreviousBoundary();
    // A letter under a heap of marks would take all the rest with it.
    if (finder.position() >= end - longestCharacter)
        end = qMax<qsizetype>(0, finder.position());
    else if (text[end].isLowSurrogate())
        --end;
    return text.left(end) + u'…';
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
