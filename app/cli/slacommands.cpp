#include "app/cli/agreementcommands.h"
#include "app/cli/linestream.h"
#include "core/calendar/quickdue.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> slaDue(Environment &, const Arguments &)
{
    sla::DueReader reader;
    sla::QuickDue quick;
    return answerLines(
        u"clocks"_s, [&reader](const QJsonObject &line) { return reader.read(line); },
        [&quick](QByteArrayView line) { return quick.answer(line); });
}

} // namespace

QList<Command> slaCommands()
{
    return QList<Command> {
        { u"sla due"_s, {},
            u"clocks on standard input, one JSON object a line: when each is due, and how it stands"_s,
            {}, slaDue }
    }
    + agreementCommands();
}

} // namespace tierline::cli
