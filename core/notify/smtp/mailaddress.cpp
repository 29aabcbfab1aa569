#include "core/notify/smtp/mailaddress.h"

#include <QUrl>

#include <algorithm>

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestAddress = 254;
constexpr qsizetype longestLocal = 64;
constexpr qsizetype longestLabel = 63;

bool isAlphanumeric(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

/// Dots between words that need no quotes.
bool isLocalPart(QByteArrayView local)
{
    constexpr QByteArrayView others = "!#$%&'*+-/=?^_`{|}~.";
    return !local.isEmpty() && local.size() <= longestLocal && !local.startsWith('.')
        && !local.endsWith('.') && local.indexOf("..") < 0
        && std::all_of(local.begin(), local.end(),
            [&](char c) { return isAlphanumeric(c) || others.contains(c); });
}

bool isDomain(const QByteArray &domain)
{
    const QByteArrayList labels = domain.split('.');
    return !domain.isEmpty()
        && std::all_of(labels.begin(), labels.end(), [](const QByteArray &one) {
               return !one.isEmpty() && one.size() <= longestLabel && !one.startsWith('-')
                   && !one.endsWith('-') && std::all_of(one.begin(), one.end(), [](char c) {
                          return isAlphanumeric(c) || c == '-';
                      });
           });
}

QString shown(const QString &text)
{
    QString line = text.left(80);
    for (QChar &c : line) {
        if (!c.isPrint())
            c = u'?';
    }
    return line;
}

} // namespace

Result<MailAddress> parseMailAddress(const QString &text)
{
    const Error none = badInput(
        u"“%1” is no mail address: write one such as ada@example.org, and only one."_s.arg(
            shown(text)));
    const qsizetype at = text.lastIndexOf(u'@');
    if (at < 1 || text.size() > longestAddress)
        return none;
    const QString local = text.first(at);
    const QByteArray ascii = local.toUtf8();
    if (ascii.size() != local.size())
        return badInput(
            u"“%1” has letters before the @ that not every mail server takes; use an address in plain letters."_s
                .arg(shown(text)));
    // Qt takes odd dots and signs for parts of a name; what it makes of them is looked at, not what was written.
    const QByteArray domain = QUrl::toAce(text.mid(at + 1));
    if (!isLocalPart(ascii) || !isDomain(domain)
        || ascii.size() + 1 + domain.size() > longestAddress)
        return none;
    return MailAddress { ascii + '@' + domain, domain };
}

} // namespace tierline::notify::smtp
