#include "app/cli/output.h"

#include "app/cli/terminal.h"
#include "core/base/instant.h"

#include <QJsonDocument>

#include <cstdio>

namespace tierline::cli {

using namespace Qt::StringLiterals;

QString printable(QStringView text)
{
    QString out;
    out.reserve(text.size());
    for (const QChar c : text) {
        const char16_t u = c.unicode();
        const bool isBidi = (u >= 0x202A && u <= 0x202E) || (u >= 0x2066 && u <= 0x2069)
            || u == 0x061C || u == 0x200E || u == 0x200F;
        if (u == u'\n' || u == u'\t')
            out += c;
        else if (u < 0x20 || (u >= 0x7F && u < 0xA0) || isBidi)
            out += u"\\u%1"_s.arg(u, 4, 16, QLatin1Char('0'));
        else
            out += c;
    }
    return out;
}

namespace {

QString cell(const QString &text, int maxWidth)
{
    QString one = printable(text);
    one.replace(u'\n', u' ').replace(u'\t', u' ');
    if (one.size() > maxWidth)
        one = one.left(maxWidth - 1) + u'…';
    return one;
}

} // namespace

QString table(const QStringList &header, const QList<QStringList> &rows, int maxWidth)
{
    QList<QStringList> cells { header };
    for (const QStringList &row : rows) {
        QStringList line;
        for (const QString &text : row)
            line.append(cell(text, maxWidth));
        cells.append(line);
    }
    QList<qsizetype> widths(header.size(), 0);
    for (const QStringList &line : std::as_const(cells)) {
        for (qsizetype i = 0; i < widths.size(); ++i)
            widths[i] = std::max(widths[i], line.value(i).size());
    }
    QString out;
    for (const QStringList &line : std::as_const(cells)) {
        QString printed;
        for (qsizetype i = 0; i < widths.size(); ++i)
            printed += line.value(i).leftJustified(widths[i]) + u"  "_s;
        while (printed.endsWith(u' '))
            printed.chop(1);
        out += printed + u'\n';
    }
    return out;
}

QString dueText(std::optional<qint64> remainingMs)
{
    if (!remainingMs)
        return u"–"_s;
    return *remainingMs < 0 ? durationText(Millis(-*remainingMs)) + u" late"_s
                            : u"in "_s + durationText(Millis(*remainingMs));
}

void printOut(const QString &text)
{
    const QByteArray utf8 = text.toUtf8();
    std::fwrite(utf8.constData(), 1, static_cast<size_t>(utf8.size()), stdout);
}

void printLine(const QByteArray &ascii)
{
    std::fwrite(ascii.constData(), 1, static_cast<size_t>(ascii.size()), stdout);
    std::fputc('\n', stdout);
}

void printDocument(const QJsonObject &document)
{
    printOut(printable(QString::fromUtf8(QJsonDocument(document).toJson(QJsonDocument::Compact)))
        + u'\n');
}

bool isTerminal()
{
    return isatty(fileno(stdout));
}

void printError(const QString &text)
{
    const QByteArray utf8 = text.toUtf8() + '\n';
    std::fwrite(utf8.constData(), 1, static_cast<size_t>(utf8.size()), stderr);
}

} // namespace tierline::cli
