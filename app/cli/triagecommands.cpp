#include "app/cli/linestream.h"
#include "core/triage/reader.h"

#include <QJsonArray>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<QJsonObject> readText(const triage::TextReader &reader, const QJsonObject &line)
{
    for (const QString &key : line.keys()) {
        if (key != u"id"_s && key != u"text"_s)
            return badInput(u"There is no field “%1”; a line has id and text."_s.arg(key), key);
    }
    const QJsonValue id = line.value(u"id"_s);
    if (!id.isString() && !id.isDouble())
        return badInput(u"The field id is missing; it names the text in the answer."_s, u"id"_s);
    if (!line.value(u"text"_s).isString())
        return badInput(u"The field text is missing; it is what is read."_s, u"text"_s);
    const QString text = line.value(u"text"_s).toString();
    const triage::Signs signs = reader.read(text);
    return QJsonObject { { u"id"_s, id }, { u"sentiment"_s, signs.sentiment },
        { u"label"_s, code(signs.mood) }, { u"urgency"_s, signs.urgency },
        { u"risk"_s, code(signs.risk) }, { u"churn"_s, signs.hasChurnIntent },
        { u"categories"_s, QJsonArray::fromStringList(signs.categories) },
        { u"asks_for_human"_s, signs.asksForHuman || signs.asksForManager },
        { u"words"_s, QJsonArray::fromStringList(signs.words(text)) } };
}

Result<Answer> triageTexts(Environment &, const Arguments &)
{
    const auto &reader = triage::TextReader::shared();
    return answerLines(
        u"texts"_s, [&reader](const QJsonObject &line) { return readText(reader, line); });
}

} // namespace

QList<Command> triageCommands()
{
    return { { u"triage"_s, {},
        u"texts on standard input, one JSON object with id and text a line: mood, urgency, risk and why"_s,
        {}, triageTexts } };
}

} // namespace tierline::cli
