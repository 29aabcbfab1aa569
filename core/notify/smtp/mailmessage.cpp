#include "core/notify/smtp/mailmessage.h"

#include "core/base/unicode.h"

#include <QDateTime>
#include <QLocale>

#include <algorithm>

namespace tierline::notify::smtp {

using namespace Qt::StringLiterals;

namespace {

constexpr qsizetype longestSubject = 250;
constexpr qsizetype longestPlainSubject = 78 - qsizetype(sizeof("Subject: ") - 1);
// "Subject: " and an encoded word of so many bytes stay within the 76 that RFC 2047 allows a line.
constexpr qsizetype bytesInAWord = 39;
constexpr qsizetype longestQuotedLine = 76;

/// Controls, and marks that turn the direction of what stands beside them.
bool isHarmful(QChar c)
{
    const char16_t u = c.unicode();
    return c.category() == QChar::Other_Control || u == 0x2028 || u == 0x2029
        || (u >= 0x202a && u <= 0x202e) || (u >= 0x2066 && u <= 0x2069);
}

QString oneLine(const QString &text)
{
    QString line = validText(text);
    for (QChar &c : line) {
        if (isHarmful(c))
            c = u' ';
    }
    line = line.simplified();
    if (line.size() > longestSubject) {
        line.truncate(longestSubject - 1);
        if (line.back().isHighSurrogate())
            line.chop(1);
        line += u'…';
    }
    return line;
}

QByteArray subjectHeader(const QString &subject)
{
    const QString line = oneLine(subject);
    const QByteArray bytes = line.toUtf8();
    // "=?" would be read as a word in another spelling.
    if (bytes.size() == line.size() && bytes.size() <= longestPlainSubject && !bytes.contains("=?"))
        return "Subject: " + bytes + "\r\n";
    QByteArray header = "Subject:";
    qsizetype begin = 0;
    while (begin < bytes.size()) {
        qsizetype end = qMin(begin + bytesInAWord, bytes.size());
        // Each word is whole letters.
        while (end < bytes.size() && (static_cast<uchar>(bytes[end]) & 0xc0) == 0x80)
            --end;
        header += " =?UTF-8?B?" + bytes.mid(begin, end - begin).toBase64() + "?=\r\n";
        begin = end;
    }
    return header;
}

QByteArray dateHeader(Instant at)
{
    const QDateTime when = QDateTime::fromMSecsSinceEpoch(at.ms, Qt::UTC);
    return "Date: " + QLocale::c().toString(when, u"ddd, d MMM yyyy HH:mm:ss"_s).toLatin1()
        + " +0000\r\n";
}

/// One line, as quoted-printable in lines of at most 76.
void appendQuoted(QByteArray &to, QByteArrayView line)
{
    qsizetype width = 0;
    for (qsizetype i = 0; i < line.size(); ++i) {
        const auto c = static_cast<uchar>(line[i]);
        const bool isLast = i + 1 == line.size();
        // Servers that keep mail in one file know its beginnings by "From ".
        const bool isFrom = i == 0 && line.startsWith("From ");
        const bool isPlain = !isFrom
            && ((c >= 33 && c <= 126 && c != '=') || ((c == ' ' || c == '\t') && !isLast));
        const qsizetype size = isPlain ? 1 : 3;
        if (width + size > longestQuotedLine - (isLast ? 0 : 1)) {
            to += "=\r\n";
            width = 0;
        }
        if (isPlain)
            to += static_cast<char>(c);
        else
            to += '=' + QByteArray(1, static_cast<char>(c)).toHex().toUpper();
        width += size;
    }
    to += "\r\n";
}

QByteArray quotedPrintable(const QString &text)
{
    QString plain = validText(text);
    plain.replace("\r\n"_L1, "\n"_L1);
    plain.replace(u'\r', u'\n');
    plain.removeIf(
        [](QChar c) { return c.category() == QChar::Other_Control && c != u'\n' && c != u'\t'; });
    QByteArray quoted;
    const QByteArray bytes = plain.toUtf8();
    quoted.reserve(bytes.size() + bytes.size() / 8);
    qsizetype begin = 0;
    while (begin <= bytes.size()) {
        qsizetype end = bytes.indexOf('\n', begin);
        if (end < 0)
            end = bytes.size();
        if (begin < bytes.size() || end < bytes.size())
            appendQuoted(quoted, QByteArrayView(bytes).sliced(begin, end - begin));
        begin = end + 1;
    }
    return quoted;
}

bool isIdPart(QByteArrayView text)
{
    return !text.isEmpty() && text.size() <= 255
        && std::all_of(text.begin(), text.end(), [](char c) {
               return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9')
                   || c == '-' || c == '.';
           });
}

} // namespace

QByteArray messageIdOf(const QString &id, const MailAddress &from)
{
    const QByteArray local = id.toUtf8();
    if (!isIdPart(local) || local.contains('.') || local.size() > 64)
        return {};
    return '<' + local + '@' + from.domain + '>';
}

bool isMessageId(QByteArrayView text)
{
    if (text.size() < 5 || text.front() != '<' || text.back() != '>')
        return false;
    const QByteArrayView inner = text.sliced(1, text.size() - 2);
    const qsizetype at = inner.indexOf('@');
    return at > 0 && isIdPart(inner.first(at)) && isIdPart(inner.sliced(at + 1));
}

QByteArray composed(const Letter &letter)
{
    QByteArray mail = "From: " + letter.from.text + "\r\nTo: " + letter.to.text + "\r\n"
        + dateHeader(letter.at) + subjectHeader(letter.subject) + "Message-ID: " + letter.messageId
        + "\r\n";
    if (isMessageId(letter.inReplyTo))
        mail += "In-Reply-To: " + letter.inReplyTo + "\r\nReferences: " + letter.inReplyTo + "\r\n";
    // A helpdesk that gets this mail answers no machine, and nobody's absence is told to one.
    mail += "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n";
    if (letter.isUrgent)
        mail += "Importance: high\r\n";
    mail += "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
            "Content-Transfer-Encoding: quoted-printable\r\n\r\n";
    return mail + quotedPrintable(letter.text);
}

QByteArray dotStuffed(const QByteArray &message)
{
    QByteArray stuffed = message.startsWith('.') ? '.' + message : message;
    stuffed.replace("\r\n.", "\r\n..");
    return stuffed;
}

} // namespace tierline::notify::smtp
