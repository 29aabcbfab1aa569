#include "app/cli/linestream.h"

#include "core/base/json.h"

#include <QFile>

#include <cstdio>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

constexpr qint64 longestLine = 1 << 20;

QJsonObject errorOf(const Error &error, qint64 line)
{
    const QString where = error.where.isEmpty() ? u"line %1"_s.arg(line)
                                                : u"line %1, %2"_s.arg(line).arg(error.where);
    return { { u"error"_s,
        QJsonObject { { u"code"_s, faultCode(error.fault) }, { u"message"_s, error.detail },
            { u"where"_s, where } } } };
}

} // namespace

Result<Answer> answerLines(const QString &what,
    const std::function<Result<QJsonObject>(const QJsonObject &)> &answer, const QuickAnswer &quick)
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return badInput(u"Standard input cannot be read; the %1 are taken from there."_s.arg(what));
    qint64 number = 0;
    int good = 0, bad = 0;
    while (!Environment::isInterrupted()) {
        const QByteArray line = input.readLine(longestLine + 1);
        if (line.isEmpty())
            break;
        ++number;
        if (line.size() > longestLine)
            return badInput(
                u"Line %1 is longer than 1 MiB; write one JSON object on each line."_s.arg(number));
        if (line.trimmed().isEmpty())
            continue;
        if (const auto out = quick ? quick(line) : std::nullopt) {
            ++good;
            printLine(*out);
            continue;
        }
        const auto out = readJsonObject(line).and_then(answer);
        (out ? good : bad) += 1;
        printDocument(out ? *out : errorOf(out.error(), number));
    }
    return Answer { .exitCode = bad == 0 ? 0 : good == 0 ? 1 : 3, .isSaid = true };
}

} // namespace tierline::cli
