#include "core/commands/quiet.h"

#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "core/commands/staffwork_p.h"
#include "core/commands/texts.h"

#include <QJsonArray>
#include <QJsonDocument>

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

const QString quietSetting = u"quiet"_s;
constexpr size_t mostSpans = 100;
constexpr Millis longest { 366 * DayMs };

QJsonObject toJson(const QuietTimes &times)
{
    QJsonArray spans;
    for (const TimeSpan &span : times.spans)
        spans.append(QJsonObject { { u"from"_s, span.from.iso() }, { u"to"_s, span.to.iso() } });
    QJsonObject json { { u"spans"_s, spans }, { u"critical"_s, times.criticalPasses } };
    if (!times.outsideOf.isEmpty())
        json[u"outside_of"_s] = times.outsideOf;
    return json;
}

Result<Done> check(const QuietTimes &times)
{
    if (times.spans.size() > mostSpans)
        return badInput(
            u"There can be %1 quiet times; leave out those that are over."_s.arg(mostSpans),
            u"spans"_s);
    for (const TimeSpan &span : times.spans) {
        if (span.to <= span.from)
            return badInput(
                u"A quiet time that begins %1 has to end after that."_s.arg(span.from.iso()),
                u"spans"_s);
        if (span.length() > longest)
            return badInput(u"A quiet time that begins %1 lasts over a year: name its end."_s.arg(
                                span.from.iso()),
                u"spans"_s);
    }
    return Done {};
}

Result<Done> checkCalendar(storage::Connection &connection, const QString &name)
{
    if (name.isEmpty())
        return Done {};
    TIERLINE_TRY(book, loadAgreements(connection));
    if (book && book->calendars().contains(name))
        return Done {};
    return badInput(
        u"There is no calendar “%1”; name one of those that agreements use."_s.arg(name.left(80)),
        u"outside_of"_s);
}

} // namespace

Result<QuietTimes> loadQuietTimes(storage::Connection &connection)
{
    QuietTimes times;
    TIERLINE_TRY(text, storage::loadSetting(connection, quietSetting));
    if (text.isEmpty())
        return times;
    const auto json = readJsonObject(text.toUtf8());
    if (!json)
        return times;
    for (const QJsonValue &value : json->value("spans"_L1).toArray()) {
        const auto from = Instant::parse(value["from"_L1].toString(), true);
        const auto to = Instant::parse(value["to"_L1].toString(), true);
        if (from && to && *from < *to)
            times.spans.push_back({ *from, *to });
    }
    times.spans = unionOf(std::move(times.spans));
    times.criticalPasses = json->value("critical"_L1).toBool(true);
    times.outsideOf = json->value("outside_of"_L1).toString();
    return times;
}

Result<Done> replaceQuietTimes(
    Context &context, storage::WriteScope &scope, const SetQuietTimes &command)
{
    TIERLINE_CHECK(check(command.times));
    TIERLINE_CHECK(checkCalendar(scope.connection(), command.times.outsideOf));
    TIERLINE_TRY(why, cleaned(command.why, MaxNote, u"why"_s));
    QuietTimes times = command.times;
    times.spans = unionOf(std::move(times.spans));
    const QJsonObject json = toJson(times);
    TIERLINE_CHECK(storage::saveSetting(scope, quietSetting,
        QString::fromUtf8(QJsonDocument(json).toJson(QJsonDocument::Compact))));
    return logWorkspace(context, scope, why, { { quietSetting, json } });
}

Result<WorkspaceOutcome> run(Context &context, const SetQuietTimes &command)
{
    TIERLINE_CHECK(check(command.times));
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            return replaceQuietTimes(context, scope, command);
        }));
    return WorkspaceOutcome {};
}

} // namespace tierline::commands
