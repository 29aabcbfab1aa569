#include "core/commands/texts.h"

#include "core/base/unicode.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

QString greeting(const Requester &requester)
{
    const QString name = requester.name.simplified().left(80);
    return name.isEmpty() ? u"Hello,"_s : u"Hello %1,"_s.arg(name);
}

QString counted(qint64 n, const QString &one, const QString &many)
{
    return n == 1 ? u"1 "_s + one : u"%1 %2"_s.arg(QString::number(n), many);
}

bool isHandle(QChar c)
{
    return c.isLetterOrNumber() || c == u'.' || c == u'-' || c == u'_';
}

} // namespace

Result<QString> cleaned(const QString &text, qsizetype limit, const QString &where)
{
    if (text.size() > limit)
        return badInput(
            u"The text is %1 characters long; at most %2 are taken here."_s.arg(text.size())
                .arg(limit),
            where);
    return validText(text).trimmed();
}

Result<QString> required(
    const QString &text, qsizetype limit, const QString &where, const QString &ifEmpty)
{
    TIERLINE_TRY(clean, cleaned(text, limit, where));
    if (clean.isEmpty())
        return badInput(ifEmpty, where);
    return clean;
}

QString timeInWords(Millis duration)
{
    const qint64 minutes = qMax<qint64>(1, (duration.count() + 59'999) / 60'000);
    if (minutes < 60)
        return counted(minutes, u"minute"_s, u"minutes"_s);
    // Rounded up: a promise is kept when the answer comes earlier.
    const qint64 hours = (minutes + 59) / 60;
    if (hours < 48)
        return counted(hours, u"hour"_s, u"hours"_s);
    return counted((hours + 23) / 24, u"day"_s, u"days"_s);
}

QString reasonInWords(const QString &reason)
{
    return QString(reason).replace(u'-', u' ');
}

QString composeNotice(const Ticket &ticket, const Requester &requester, const Tier &to,
    const Team *team, const QString &receiverName)
{
    const bool isConfidential = team && team->confidential != Confidential::No;
    QString who = u"a specialist team"_s;
    if (!isConfidential) {
        who = u"our %1 team"_s.arg(team ? team->name : to.name);
        if (!receiverName.isEmpty())
            who = u"%1 of %2"_s.arg(receiverName, who);
    }
    return u"%1\n\nYour request “%2” is now with %3. You will hear from them within %4. They have everything "
           "you told us, so you need not explain it again."_s.arg(greeting(requester),
               ticket.subject.simplified().left(200), who, timeInWords(to.replyWithin));
}

QString composeQuestion(const Ticket &ticket, const Requester &requester)
{
    return u"%1\n\nWe believe that “%2” is solved. Is it? Please answer yes or no: with a no, the same people "
           "go on with it."_s.arg(greeting(requester), ticket.subject.simplified().left(200));
}

QStringList mentionsIn(const QString &text)
{
    QStringList found;
    for (qsizetype at = text.indexOf(u'@'); at >= 0; at = text.indexOf(u'@', at + 1)) {
        if (at > 0 && isHandle(text[at - 1]))
            continue; // an e-mail address
        qsizetype end = at + 1;
        while (end < text.size() && isHandle(text[end]))
            ++end;
        QString handle = text.mid(at + 1, end - at - 1);
        while (handle.endsWith(u'.') || handle.endsWith(u'-'))
            handle.chop(1); // the sentence's own
        if (!handle.isEmpty() && !found.contains(handle))
            found.append(handle);
    }
    return found;
}

} // namespace tierline::commands
