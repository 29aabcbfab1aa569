#include "core/handoff/below.h"

#include "core/handoff/screen.h"

#include <QJsonArray>
#include <QLocale>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

QString text(const QJsonObject &object, QStringView key)
{
    return object.value(key).toString();
}

/// `2026-06-08 08:00` of an ISO instant: shorter, and still UTC.
QString shortTime(const QString &iso)
{
    return iso.size() >= 16 ? iso.left(16).replace(u'T', u' ') : iso;
}

void addField(BelowPart &part, const QString &label, const QString &value)
{
    if (!value.isEmpty())
        part.lines.push_back({ label + u": "_s + value });
}

BelowPart formPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Form, u"The form, whole"_s, {} };
    const QJsonObject form = below.value(u"form").toObject();
    addField(part, u"Expects"_s, text(form, u"expected"));
    addField(part, u"Need"_s, text(form, u"summary"));
    for (const QString &step : stringsOf(form.value(u"tried")))
        addField(part, u"Tried"_s, step);
    for (const QJsonValue &value : below.value(u"urgency").toArray()) {
        const QJsonObject flag = value.toObject();
        addField(part, u"Urgency"_s,
            text(flag, u"text") + u" (from the "_s + text(flag, u"source") + u')');
    }
    for (const QJsonValue &value : below.value(u"promises").toArray()) {
        const QJsonObject promise = value.toObject();
        const QString due = text(promise, u"due");
        addField(part, u"Promised"_s,
            u"%1 (%2, %3 UTC; found: %4%5)"_s.arg(text(promise, u"text"), text(promise, u"author"),
                shortTime(text(promise, u"made")), text(promise, u"found"),
                due.isEmpty() ? QString() : u"; until "_s + shortTime(due) + u" UTC"_s));
    }
    const QJsonObject next = below.value(u"next").toObject();
    addField(part, u"Next"_s, text(next, u"text") + u" ("_s + text(next, u"source") + u')');
    const QJsonObject why = below.value(u"why").toObject();
    addField(part, u"Why"_s, text(why, u"sentence"));
    addField(part, u"Note"_s, text(why, u"note"));
    return part;
}

BelowPart historyPart(const QJsonObject &below)
{
    BelowPart part { CardKind::History, u"Last 30 days"_s, {} };
    const QJsonArray history = below.value(u"history30d").toArray();
    if (history.isEmpty())
        return part;
    QStringList categories;
    for (const QJsonValue &value : below.value(u"categories").toArray()) {
        const QJsonObject entry = value.toObject();
        categories.append(
            u"%1 %2"_s.arg(text(entry, u"category")).arg(entry.value(u"tickets").toInt()));
    }
    const QStringList unsolved = stringsOf(below.value(u"unsolved"));
    part.lines.push_back({ u"%1 tickets, %2 unsolved; %3"_s.arg(history.size())
                               .arg(unsolved.size())
                               .arg(categories.join(u", "_s)) });
    for (const QJsonValue &value : history) {
        const QJsonObject other = value.toObject();
        part.lines.push_back({ u"%1 %2 [%3] %4"_s.arg(text(other, u"id"),
            text(other, u"created").left(10), text(other, u"status"), text(other, u"subject")) });
    }
    return part;
}

BelowPart summaryPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Summary, u"The thread in short (made by rules)"_s, {} };
    const QJsonObject summary = below.value(u"summary").toObject();
    for (const QJsonValue &value : summary.value(u"writers").toArray()) {
        const QJsonObject writer = value.toObject();
        QString counts = u"messages %1"_s.arg(writer.value(u"messages").toInt());
        if (const int notes = writer.value(u"notes").toInt())
            counts += u", notes %1"_s.arg(notes);
        part.lines.push_back(
            { u"%1 (%2): %3, %4 to %5 UTC"_s.arg(text(writer, u"name"), text(writer, u"is"), counts,
                shortTime(text(writer, u"first")), shortTime(text(writer, u"last"))) });
    }
    addField(part, u"The customer began"_s, text(summary, u"first_customer_sentence"));
    addField(part, u"Last answer"_s, text(summary, u"last_agent_sentence"));
    addField(part, u"The customer's last word"_s, text(summary, u"last_customer_sentence"));
    if (const QString since = text(summary, u"waiting_since"); !since.isEmpty())
        addField(part, u"Waiting since"_s, shortTime(since) + u" UTC"_s);
    return part;
}

BelowPart botPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Bot, u"What the bot did"_s, {} };
    const QJsonObject bot = below.value(u"bot").toObject();
    if (bot.isEmpty())
        return part;
    for (const QString &step : stringsOf(bot.value(u"steps")))
        addField(part, u"Step"_s, step);
    const QJsonObject broke = bot.value(u"broke").toObject();
    addField(part, u"Where it broke"_s, text(broke, u"text"));
    addField(part, u"Seen by"_s, text(broke, u"why"));
    for (const QJsonValue &value : bot.value(u"transcript").toArray()) {
        const QJsonObject turn = value.toObject();
        part.lines.push_back({ u"%1 UTC, %2 (%3)"_s.arg(
            shortTime(text(turn, u"at")), text(turn, u"name"), text(turn, u"is")) });
        part.lines.push_back({ text(turn, u"text"), true });
    }
    return part;
}

BelowPart filesPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Files, u"Files"_s, {} };
    for (const QJsonValue &value : below.value(u"files").toArray()) {
        const QJsonObject file = value.toObject();
        const auto size = static_cast<qint64>(file.value(u"size").toDouble());
        part.lines.push_back({ u"%1 (%2, %3)"_s.arg(text(file, u"name"),
            text(file, u"content_type"), QLocale::c().formattedDataSize(size)) });
    }
    return part;
}

BelowPart originalPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Original, u"Original message, word for word"_s, {} };
    const QJsonObject original = below.value(u"original").toObject();
    if (original.isEmpty())
        return part;
    part.lines.push_back(
        { u"%1 UTC, %2"_s.arg(shortTime(text(original, u"at")), text(original, u"name")) });
    part.lines.push_back({ text(original, u"text"), true });
    return part;
}

BelowPart eventsPart(const QJsonObject &below)
{
    BelowPart part { CardKind::Events, u"Full log"_s, {} };
    for (const QJsonValue &value : below.value(u"events").toArray()) {
        const QJsonObject event = value.toObject();
        QStringList words { shortTime(text(event, u"at")) + u" UTC"_s, text(event, u"kind"),
            u"by "_s + text(event, u"actor") };
        for (const QStringView key :
            { u"tier", u"team", u"assignee", u"status", u"priority", u"note" }) {
            if (!event.contains(key))
                continue;
            const QString value = text(event, key);
            words.append(value.isEmpty() ? u"no %1"_s.arg(key) : u"%1: %2"_s.arg(key, value));
        }
        part.lines.push_back({ words.join(u", "_s) });
    }
    return part;
}

} // namespace

std::vector<BelowPart> belowParts(const QJsonObject &document)
{
    const QJsonObject below = document.value(u"below").toObject();
    std::vector<BelowPart> parts { formPart(below), historyPart(below), summaryPart(below),
        botPart(below), filesPart(below), originalPart(below), eventsPart(below) };
    std::erase_if(parts, [](const BelowPart &part) { return part.lines.empty(); });
    return parts;
}

} // namespace tierline::handoff
