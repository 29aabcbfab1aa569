#include "core/handoff/document.h"

#include "core/handoff/nextaction.h"
#include "core/handoff/promises.h"
#include "core/handoff/thread.h"

#include <QJsonArray>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

QJsonValue instant(Instant at)
{
    return at.iso();
}
QJsonValue instant(const std::optional<Instant> &at)
{
    return at ? QJsonValue(at->iso()) : QJsonValue(QJsonValue::Null);
}

QJsonArray strings(const QStringList &list)
{
    QJsonArray array;
    for (const QString &text : list) {
        if (!text.trimmed().isEmpty())
            array.append(text.trimmed());
    }
    return array;
}

QJsonObject sideOf(const PackageInput &input, const QString &tier, int rank, const QString &team,
    const QString &assignee)
{
    const auto known = std::find_if(
        input.tiers.begin(), input.tiers.end(), [&](const Tier &t) { return t.id == tier; });
    return { { u"tier"_s, tier }, { u"name"_s, known == input.tiers.end() ? tier : known->name },
        { u"rank"_s, rank }, { u"team"_s, team }, { u"assignee"_s, assignee } };
}

QJsonObject ticketOf(const Ticket &ticket)
{
    return { { u"id"_s, ticket.key }, { u"subject"_s, ticket.subject },
        { u"channel"_s, ticket.channel }, { u"category"_s, ticket.category },
        { u"product"_s, ticket.product }, { u"type"_s, ticket.type },
        { u"priority"_s, code(ticket.priority) },
        { u"severity"_s,
            ticket.severity ? QJsonValue(code(*ticket.severity)) : QJsonValue(QJsonValue::Null) },
        { u"tags"_s, strings(ticket.tags) }, { u"created"_s, instant(ticket.created) } };
}

QJsonObject customerOf(const PackageInput &input)
{
    const Organization &company = input.organization;
    return { { u"name"_s, input.requester.name }, { u"email"_s, input.requester.email },
        { u"organization"_s, company.name }, { u"plan"_s, company.plan },
        { u"arr"_s, company.arr ? QJsonValue(*company.arr) : QJsonValue(QJsonValue::Null) },
        { u"health"_s,
            company.health ? QJsonValue(*company.health) : QJsonValue(QJsonValue::Null) },
        { u"renewal"_s,
            company.renewal.isValid() ? QJsonValue(company.renewal.toString(Qt::ISODate))
                                      : QJsonValue(QJsonValue::Null) },
        { u"flags"_s, strings(company.flags) } };
}

QJsonObject whyOf(const PackageInput &input)
{
    const Escalation &record = input.escalation;
    QString by = record.actor;
    if (by == input.actor.id && !input.actor.name.isEmpty())
        by = input.actor.name;
    else if (by.startsWith(u"rule:"))
        by = u"rule "_s + by.mid(5);
    QString sentence = record.sentence.trimmed();
    if (sentence.isEmpty())
        sentence = QString(record.reasonCode).replace(u'-', u' ');
    return { { u"sentence"_s, sentence }, { u"reason"_s, record.reasonCode },
        { u"kind"_s, code(record.kind) }, { u"trigger"_s, code(record.trigger) }, { u"by"_s, by },
        { u"note"_s, record.note } };
}

/// The form's own flags, then what the store sees by itself.
QJsonArray urgencyOf(const PackageInput &input, const ThreadSummary &thread)
{
    QJsonArray urgency;
    const auto add = [&](const QString &text, const QString &source) {
        urgency.append(QJsonObject { { u"text"_s, text }, { u"source"_s, source } });
    };
    for (const QString &flag : input.form.urgency) {
        if (!flag.trimmed().isEmpty())
            add(flag.trimmed(), u"form"_s);
    }
    if (input.ticket.severity == Severity::Critical)
        add(u"severity critical"_s, u"store"_s);
    if (input.ticket.priority == Priority::Urgent)
        add(u"priority urgent"_s, u"store"_s);
    const auto reopened = std::count_if(input.events.begin(), input.events.end(),
        [](const Event &event) { return event.kind == EventKind::Reopened; });
    if (reopened > 0)
        add(reopened == 1 ? u"reopened once"_s : u"reopened %1 times"_s.arg(reopened), u"store"_s);
    constexpr Millis LongWait = std::chrono::hours(2);
    if (thread.waitingSince && input.now - *thread.waitingSince >= LongWait)
        add(u"waits "_s + durationText(input.now - *thread.waitingSince), u"store"_s);
    return urgency;
}

QJsonArray promisesOf(const std::vector<Promise> &promises)
{
    QJsonArray array;
    for (const Promise &promise : promises)
        array.append(QJsonObject { { u"text"_s, promise.text }, { u"found"_s, promise.found },
            { u"author"_s, promise.author }, { u"made"_s, instant(promise.made) },
            { u"due"_s, instant(promise.due) } });
    return array;
}

void addRelated(QJsonObject &below, const std::vector<RelatedTicket> &related)
{
    QJsonArray history;
    QJsonArray unsolved;
    std::vector<std::pair<QString, int>> counts; // in the order of their newest ticket
    for (const RelatedTicket &other : related) {
        history.append(QJsonObject { { u"id"_s, other.key }, { u"subject"_s, other.subject },
            { u"status"_s, code(other.status) }, { u"category"_s, other.category },
            { u"created"_s, instant(other.created) } });
        if (isWorkable(other.status))
            unsolved.append(other.key);
        const QString category = other.category.isEmpty() ? u"none"_s : other.category;
        const auto known = std::find_if(
            counts.begin(), counts.end(), [&](const auto &pair) { return pair.first == category; });
        if (known == counts.end())
            counts.emplace_back(category, 1);
        else
            ++known->second;
    }
    std::stable_sort(counts.begin(), counts.end(),
        [](const auto &a, const auto &b) { return a.second > b.second; });
    QJsonArray categories;
    for (const auto &[category, count] : counts)
        categories.append(QJsonObject { { u"category"_s, category }, { u"tickets"_s, count } });
    below.insert(u"history30d"_s, history);
    below.insert(u"unsolved"_s, unsolved);
    below.insert(u"categories"_s, categories);
}

QJsonObject summaryJson(const ThreadSummary &thread)
{
    QJsonArray writers;
    for (const Writer &writer : thread.writers)
        writers.append(QJsonObject { { u"name"_s, writer.name }, { u"is"_s, code(writer.author) },
            { u"messages"_s, writer.publicMessages }, { u"notes"_s, writer.notes },
            { u"first"_s, instant(writer.first) }, { u"last"_s, instant(writer.last) } });
    return { { u"made_by"_s, u"rules"_s },
        { u"method"_s,
            u"Made by rules: messages are counted, and sentences are taken as they stand; nothing is rephrased."_s },
        { u"writers"_s, writers },
        { u"counts"_s,
            QJsonObject { { u"customer"_s, thread.customer }, { u"agent"_s, thread.agent },
                { u"bot"_s, thread.bot }, { u"notes"_s, thread.notes } } },
        { u"first_customer_sentence"_s, thread.firstCustomer },
        { u"last_agent_sentence"_s, thread.lastAgent },
        { u"last_customer_sentence"_s, thread.lastCustomer },
        { u"waiting_since"_s, instant(thread.waitingSince) } };
}

QJsonValue botJson(const std::optional<BotPart> &bot)
{
    if (!bot)
        return QJsonValue(QJsonValue::Null);
    QJsonArray transcript;
    for (const Message &message : bot->transcript)
        transcript.append(
            QJsonObject { { u"at"_s, instant(message.at) }, { u"is"_s, code(message.author) },
                { u"name"_s, message.authorName }, { u"text"_s, message.text } });
    return QJsonObject { { u"first_message"_s, bot->firstMessage },
        { u"steps"_s, strings(bot->steps) },
        { u"broke"_s,
            QJsonObject { { u"turn"_s, bot->brokeAt + 1 }, { u"text"_s, bot->broke },
                { u"why"_s, bot->why } } },
        { u"transcript"_s, transcript } };
}

QJsonObject originalOf(const PackageInput &input)
{
    const auto first = std::find_if(input.messages.begin(), input.messages.end(),
        [](const Message &m) { return m.author == AuthorKind::Customer; });
    if (first == input.messages.end())
        return { { u"at"_s, instant(input.ticket.created) }, { u"name"_s, input.requester.name },
            { u"text"_s, input.ticket.subject } };
    return { { u"at"_s, instant(first->at) }, { u"name"_s, first->authorName },
        { u"text"_s, first->text } };
}

/// Places of the messages in the thread, from 0.
using Places = QHash<MessageId, qsizetype>;

QJsonObject eventJson(
    const Event &event, const std::vector<Message> &messages, const Places &places)
{
    QJsonObject json { { u"at"_s, instant(event.at) }, { u"kind"_s, code(event.kind) },
        { u"actor"_s, event.actor }, { u"actor_kind"_s, code(event.actorKind) } };
    const auto add = [&](const QString &key, const std::optional<QString> &value) {
        if (value)
            json.insert(key, *value);
    };
    add(u"tier"_s, event.tier);
    add(u"team"_s, event.team);
    add(u"assignee"_s, event.assignee);
    if (event.status)
        json.insert(u"status"_s, code(*event.status));
    if (event.priority)
        json.insert(u"priority"_s, code(*event.priority));
    if (!event.note.isEmpty())
        json.insert(u"note"_s, event.note);
    if (!event.data.isEmpty())
        json.insert(u"data"_s, event.data);
    if (const auto place = places.constFind(event.message); place != places.cend()) {
        const Message &message = messages[static_cast<size_t>(*place)];
        json.insert(u"message"_s,
            QJsonObject { { u"number"_s, *place + 1 }, { u"kind"_s, code(message.kind) },
                { u"by"_s, code(message.author) } });
    }
    return json;
}

QJsonObject belowOf(const PackageInput &input)
{
    const ThreadSummary thread = summaryOf(input.messages);
    const std::vector<Promise> promises = openPromises(input.messages);
    const std::optional<BotPart> bot = botPartOf(input.messages);
    const NextAction next = nextActionFor(input, thread, promises, bot);
    const HandoffForm &form = input.form;

    QJsonArray files;
    for (const FileNote &file : input.files)
        files.append(QJsonObject { { u"name"_s, file.name },
            { u"content_type"_s, file.contentType }, { u"size"_s, file.size } });
    Places places;
    for (qsizetype i = 0; i < std::ssize(input.messages); ++i) {
        if (const MessageId id = input.messages[static_cast<size_t>(i)].id)
            places.insert(id, i);
    }
    QJsonArray events;
    for (const Event &event : input.events)
        events.append(eventJson(event, input.messages, places));

    QJsonObject below {
        { u"form"_s,
            QJsonObject { { u"summary"_s, form.summary.trimmed() },
                { u"tried"_s, strings(form.tried) }, { u"expected"_s, form.expected.trimmed() },
                { u"urgency"_s, strings(form.urgency) }, { u"next"_s, form.nextAction.trimmed() },
                { u"by"_s, input.actor.name } } },
        { u"why"_s, whyOf(input) }, { u"customer"_s, customerOf(input) },
        { u"urgency"_s, urgencyOf(input, thread) }, { u"promises"_s, promisesOf(promises) },
        { u"next"_s, QJsonObject { { u"text"_s, next.text }, { u"source"_s, next.source } } },
        { u"summary"_s, summaryJson(thread) }, { u"bot"_s, botJson(bot) }, { u"files"_s, files },
        { u"original"_s, originalOf(input) }, { u"events"_s, events }
    };
    addRelated(below, input.related);
    return below;
}

} // namespace

QJsonObject documentOf(const PackageInput &input)
{
    const Escalation &record = input.escalation;
    return { { u"format"_s, u"tierline-handoff"_s }, { u"schema"_s, 1 },
        { u"version"_s, input.version }, { u"escalation"_s, record.id },
        { u"frozen"_s, instant(input.now) }, { u"masked"_s, false },
        { u"ticket"_s, ticketOf(input.ticket) },
        { u"move"_s,
            QJsonObject { { u"from"_s,
                              sideOf(input, record.fromTier, record.fromRank, record.fromTeam,
                                  record.fromAssignee) },
                { u"to"_s,
                    sideOf(input, record.toTier, record.toRank, record.toTeam,
                        input.ticket.assignee) } } },
        { u"below"_s, belowOf(input) } };
}

} // namespace tierline::handoff
