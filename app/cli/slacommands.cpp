#include "app/cli/command.h"

#include "core/base/json.h"
#include "core/calendar/duejson.h"

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

/// One answer for each line, as soon as the line is there; a line that cannot be used is answered with
/// its error, and the others go on.
Result<Answer> slaDue(Environment &, const Arguments &)
{
    QFile input;
    if (!input.open(stdin, QIODevice::ReadOnly))
        return badInput(u"Standard input cannot be read; the clocks are taken from there."_s);
    qint64 number = 0;
    int good = 0, bad = 0;
    while (!Environment::isInterrupted()) {
        const QByteArray line = input.readLine(longestLine + 1);
        if (line.isEmpty())
            break;
        ++number;
        if (line.size() > longestLine)
            return badInput(
                u"Line %1 is longer than 1 MiB; write one clock on each line."_s.arg(number));
        if (line.trimmed().isEmpty())
            continue;
        auto out
            = readJsonObject(line).and_then([](const QJsonObject &in) { return sla::dueLine(in); });
        (out ? good : bad) += 1;
        printDocument(out ? *out : errorOf(out.error(), number));
    }
    return Answer { .exitCode = bad == 0 ? 0 : good == 0 ? 1 : 3, .isSaid = true };
}

} // namespace

QList<Command> slaCommands()
{
    return { { u"sla due"_s, {},
        u"clocks on standard input, one JSON object a line: when each is due, and how it stands"_s,
        {}, slaDue } };
}

} // namespace tierline::cli
