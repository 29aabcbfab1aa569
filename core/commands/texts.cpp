#include "core/commands/texts.h"

#include "core/base/unicode.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

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

QString reasonInWords(const QString &reason)
{
    return QString(reason).replace(u'-', u' ');
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
