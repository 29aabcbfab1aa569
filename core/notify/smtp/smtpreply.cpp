#include "core/notify/smtp/smtpreply.h"

#include "core/base/unicode.h"

#include <QRegularExpression>

#include <algorithm>

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype mostLines = 100;
constexpr qsizetype mostBytes = 64 << 10;
constexpr qsizetype longestSaid = 160;

/// Of "250-SIZE 1000": 250, or 0 where the line is no part of a reply.
int codeOf(const QByteArray &line)
{
    if (line.size() < 3 || (line.size() > 3 && line[3] != ' ' && line[3] != '-'))
        return 0;
    bool isNumber = false;
    const int code = line.first(3).toInt(&isNumber);
    return isNumber && code >= 200 && code < 600 ? code : 0;
}

} // namespace

QList<QByteArrayList> Reply::words() const
{
    QList<QByteArrayList> result;
    for (const QByteArray &line : lines)
        result.append(line.simplified().toUpper().split(' '));
    return result;
}

void ReplyReader::add(const QByteArray &bytes)
{
    m_bytes += bytes;
    m_isBroken = m_isBroken || m_bytes.size() > mostBytes;
}

std::optional<Reply> ReplyReader::take()
{
    while (!m_isBroken) {
        const qsizetype end = m_bytes.indexOf('\n');
        if (end < 0)
            return std::nullopt;
        const QByteArray line = m_bytes.first(end).trimmed();
        m_bytes.remove(0, end + 1);
        const int code = codeOf(line);
        m_isBroken
            = code == 0 || (!m_lines.isEmpty() && code != m_code) || m_lines.size() == mostLines;
        if (m_isBroken)
            break;
        m_code = code;
        m_lines.append(line.mid(4));
        if (line.size() == 3 || line[3] == ' ')
            return Reply { std::exchange(m_code, 0), std::exchange(m_lines, {}) };
    }
    return std::nullopt;
}

QString cleaned(const Reply &reply, const QStringList &withheld)
{
    QString text = validText(QByteArrayView(reply.lines.join(' ')));
    for (QChar &c : text) {
        if (!c.isPrint())
            c = u' ';
    }
    text = text.simplified();
    const bool isQuoting = std::any_of(withheld.begin(), withheld.end(), [&](const QString &one) {
        return !one.isEmpty() && text.contains(one, Qt::CaseInsensitive);
    });
    if (isQuoting)
        return {};
    static const QRegularExpression address(u"[^\\s<>(),;:\"]+@[^\\s<>(),;:\"]+"_s);
    text.replace(address, u"…"_s);
    return text.size() > longestSaid ? text.left(longestSaid) + u'…' : text;
}

} // namespace tierline::notify::smtp
