#include "core/desk/reading.h"

#include "core/base/json.h"
#include "core/escalation/clockpast.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/storage/walk.h"
#include "core/text/tokens.h"

#include <QJsonArray>

namespace tierline::desk {

using namespace Qt::StringLiterals;

Result<TicketDetails> loadDetails(
    storage::Connection &connection, const QString &key, const Visibility &visibility)
{
    TIERLINE_TRY(id, storage::findTicket(connection, key, visibility));
    return loadDetails(connection, id, visibility);
}

Result<TicketDetails> loadDetails(
    storage::Connection &connection, TicketId id, const Visibility &visibility)
{
    TicketDetails details;
    TIERLINE_TRY(state, storage::loadTicket(connection, id));
    if (!visibility.sees(state.ticket.team))
        return notFound(u"There is no such ticket; `queue` and `search` show those there are."_s);
    details.state = state;
    if (state.ticket.requester) {
        TIERLINE_TRY(requester, storage::loadRequester(connection, state.ticket.requester));
        details.requester = requester;
    }
    if (state.ticket.organization) {
        TIERLINE_TRY(
            organization, storage::loadOrganization(connection, state.ticket.organization));
        details.organization = organization;
    }
    TIERLINE_TRY(messages, storage::loadMessages(connection, id));
    std::stable_sort(messages.begin(), messages.end(),
        [](const Message &a, const Message &b) { return a.at < b.at; });
    details.messages = messages;
    TIERLINE_TRY(attachments, storage::loadAttachments(connection, id));
    details.attachments = attachments;
    TIERLINE_TRY(events, storage::loadEvents(connection, id));
    details.events = events;
    if (auto handoff = storage::loadHandoff(connection, id))
        details.handoff = *handoff;
    else if (handoff.error().fault != Fault::NotFound)
        return handoff.error();
    return details;
}

QSet<qint64> TicketDetails::unsent() const
{
    return escalation::unsentIn(events);
}

namespace {

QJsonObject ticketJson(const Ticket &t)
{
    return { { u"id"_s, t.key }, { u"subject"_s, t.subject }, { u"channel"_s, t.channel },
        { u"category"_s, t.category }, { u"product"_s, t.product }, { u"type"_s, t.type },
        { u"priority"_s, code(t.priority) },
        { u"severity"_s, t.severity ? QJsonValue(code(*t.severity)) : QJsonValue() },
        { u"status"_s, code(t.status) }, { u"awaiting_yes"_s, t.isAwaitingYes },
        { u"complex"_s, t.isComplex }, { u"tier"_s, t.tier }, { u"start_tier"_s, t.startTier },
        { u"team"_s, t.team }, { u"assignee"_s, t.assignee }, { u"created"_s, t.created.iso() },
        { u"updated"_s, t.updated.iso() }, { u"tags"_s, QJsonArray::fromStringList(t.tags) },
        { u"followers"_s, QJsonArray::fromStringList(t.followers) }, { u"fields"_s, t.fields },
        { u"flag"_s, t.isFlagged() ? QJsonValue(t.flagNote) : QJsonValue() },
        { u"reason"_s, t.reason } };
}

QJsonObject eventJson(const Event &e)
{
    QJsonObject o { { u"id"_s, QString::number(e.id.v) }, { u"at"_s, e.at.iso() },
        { u"kind"_s, code(e.kind) }, { u"actor"_s, e.actor } };
    if (e.tier)
        o.insert(u"tier"_s, *e.tier);
    if (e.team)
        o.insert(u"team"_s, *e.team);
    if (e.assignee)
        o.insert(u"assignee"_s, *e.assignee);
    if (e.status)
        o.insert(u"status"_s, code(*e.status));
    if (e.priority)
        o.insert(u"priority"_s, code(*e.priority));
    if (!e.note.isEmpty())
        o.insert(u"note"_s, e.note);
    if (!e.data.isEmpty())
        o.insert(u"data"_s, e.data);
    if (!e.operation.isEmpty())
        o.insert(u"operation"_s, e.operation);
    return o;
}

QJsonObject escalationJson(const Escalation &e)
{
    QJsonArray stages;
    for (const StageEntry &s : e.stages) {
        stages.append(QJsonObject { { u"stage"_s, code(s.stage) }, { u"owner"_s, s.owner },
            { u"entered"_s, s.entered.iso() }, { u"limit"_s, orNull(s.limit) },
            { u"left"_s, orNull(s.left) } });
    }
    return { { u"id"_s, e.id }, { u"kind"_s, code(e.kind) }, { u"trigger"_s, code(e.trigger) },
        { u"reason"_s, e.reasonCode }, { u"sentence"_s, e.sentence },
        { u"from_tier"_s, e.fromTier }, { u"to_tier"_s, e.toTier }, { u"from_rank"_s, e.fromRank },
        { u"to_rank"_s, e.toRank }, { u"from_team"_s, e.fromTeam }, { u"to_team"_s, e.toTeam },
        { u"actor"_s, e.actor }, { u"note"_s, e.note }, { u"opened"_s, e.opened.iso() },
        { u"moved"_s, orNull(e.moved) }, { u"accepted"_s, orNull(e.accepted) },
        { u"accepted_by"_s, e.acceptedBy }, { u"ended"_s, orNull(e.ended) },
        { u"outcome"_s, code(e.outcome) },
        { u"verdict"_s, e.verdict ? QJsonValue(code(*e.verdict)) : QJsonValue() },
        { u"notice_skipped"_s, e.noticeSkipped }, { u"stages"_s, stages } };
}

/// The limits of the open escalation, past and present, as clocks.
QJsonArray clocksJson(const TicketState &state, Instant now)
{
    QJsonArray clocks;
    for (const Escalation &e : state.escalations) {
        for (const StageEntry &s : e.stages) {
            if (!s.limit)
                continue;
            const Instant end = s.left.value_or(now);
            const bool isLate = end >= *s.limit;
            clocks.append(
                QJsonObject { { u"clock"_s, code(s.stage) }, { u"started"_s, s.entered.iso() },
                    { u"due"_s, s.limit->iso() }, { u"stopped"_s, orNull(s.left) },
                    { u"state"_s,
                        s.left ? (isLate ? u"met-late"_s : u"met"_s)
                               : (isLate ? u"breached-running"_s : u"running"_s) },
                    { u"overdue_s"_s,
                        isLate ? static_cast<qint64>((end - *s.limit).count() / 1000) : 0 } });
        }
    }
    return clocks;
}

} // namespace

QJsonObject toJson(const TicketDetails &d, const RemoteSide &side, Instant now)
{
    QJsonArray messages, events, escalations;
    const QSet<qint64> unsent = d.unsent();
    for (const Message &m : d.messages) {
        QJsonArray files;
        for (const Attachment &a : d.attachments) {
            if (a.message == m.id)
                files.append(QJsonObject {
                    { u"name"_s, a.name }, { u"type"_s, a.contentType }, { u"size"_s, a.size } });
        }
        messages.append(QJsonObject { { u"at"_s, m.at.iso() }, { u"from"_s, code(m.author) },
            { u"author"_s, m.authorName }, { u"kind"_s, code(m.kind) },
            { u"public"_s, m.kind != MessageKind::InternalNote && m.kind != MessageKind::System },
            { u"text"_s, m.text }, { u"html"_s, m.html }, { u"attachments"_s, files },
            { u"unsent"_s, unsent.contains(m.id.v) } });
    }
    for (const Event &e : d.events)
        events.append(eventJson(e));
    for (const Escalation &e : d.state.escalations)
        escalations.append(escalationJson(e));
    const Organization &o = d.organization;
    return { { u"ticket"_s, ticketJson(d.state.ticket) },
        { u"requester"_s,
            QJsonObject { { u"name"_s, d.requester.name }, { u"email"_s, d.requester.email } } },
        { u"organization"_s,
            o.name.isEmpty()
                ? QJsonValue()
                : QJsonValue(QJsonObject { { u"name"_s, o.name }, { u"plan"_s, o.plan },
                    { u"arr"_s, o.arr ? QJsonValue(*o.arr) : QJsonValue() },
                    { u"health"_s, o.health ? QJsonValue(*o.health) : QJsonValue() },
                    { u"renewal"_s,
                        o.renewal.isValid() ? QJsonValue(o.renewal.toString(Qt::ISODate))
                                            : QJsonValue() },
                    { u"flags"_s, QJsonArray::fromStringList(o.flags) } }) },
        { u"messages"_s, messages }, { u"events"_s, events }, { u"escalations"_s, escalations },
        { u"clocks"_s, clocksJson(d.state, now) }, { u"sync"_s, toJson(side) } };
}

namespace {

/// One filter of the search box in the store's terms; false where its value means nothing there, so
/// that it is searched for as text.
bool takeFilter(storage::SearchQuery &query, const text::SearchFilter &filter, QDate today)
{
    using text::FilterField;
    const QString &value = filter.values.first();
    const bool isDay = filter.field == FilterField::Before || filter.field == FilterField::After;
    const bool isKnown = filter.field == FilterField::Status ? fromCode<Status>(value).has_value()
        : filter.field == FilterField::Priority              ? fromCode<Priority>(value).has_value()
        : filter.field == FilterField::Is ? isSearchFlags().contains(value, Qt::CaseInsensitive)
        : isDay                           ? text::searchDay(value, today).has_value()
                                          : true;
    if (!isKnown)
        return false;
    if (isDay) {
        const Instant start {
            text::searchDay(value, today)->startOfDay(Qt::UTC).toMSecsSinceEpoch()
        };
        const bool isBefore = (filter.field == FilterField::Before) != filter.isNegated;
        (isBefore ? query.before : query.after) = start;
        return true;
    }
    query.filters.push_back({ text::filterName(filter.field), filter.values, filter.isNegated });
    return true;
}

} // namespace

const QStringList &isSearchFlags()
{
    static const QStringList flags { u"open"_s, u"solved"_s, u"flagged"_s, u"unassigned"_s,
        u"escalated"_s, u"awaiting"_s };
    return flags;
}

namespace {

/// More words than this that begin alike are left to the index, which reads through all of them.
constexpr int mostIndexWords = 200;

/// The words as the index takes them. A long beginning of a word is spelled out as the words that there
/// are, each of which gives its newest tickets at once; the index would read every place of all of them.
Result<QString> matchOf(storage::Connection &connection, const text::SearchQuery &parsed)
{
    const QString start = text::longStart(parsed);
    if (start.isEmpty())
        return text::ftsMatch(parsed);
    TIERLINE_TRY(words, storage::wordsThatBegin(connection, start, mostIndexWords));
    return words && !words->isEmpty() ? text::ftsMatch(parsed, *words) : text::ftsMatch(parsed);
}

} // namespace

Result<storage::SearchPage> search(storage::Connection &connection, const QString &typed,
    const Visibility &visibility, int limit, Instant now, const std::function<bool()> &isEnough)
{
    text::SearchQuery parsed = text::parseSearch(typed);
    const QDate today = QDateTime::fromMSecsSinceEpoch(now.ms, Qt::UTC).date();
    storage::SearchQuery query;
    QString rest;
    for (const text::SearchFilter &filter : std::as_const(parsed.filters)) {
        if (!takeFilter(query, filter, today))
            rest += u' ' + filter.values.join(u' ');
    }
    if (!rest.isEmpty())
        parsed.terms += text::parseSearch(rest + u' ').terms;
    TIERLINE_TRY(match, matchOf(connection, parsed));
    query.match = match;
    query.exclude = query.match.isEmpty() ? text::ftsExclude(parsed) : QString();
    return storage::search(connection, query, visibility, limit, {}, isEnough);
}

Result<metrics::Report> measure(storage::Connection &connection, const Visibility &visibility,
    metrics::Options options, const std::function<bool()> &isCancelled)
{
    TIERLINE_TRY(tiers, storage::loadTiers(connection));
    options.ranks = metrics::Ranks(tiers);
    metrics::Collector collector(std::move(options));
    std::vector<metrics::MessageStamp> stamps;
    TIERLINE_CHECK(storage::walkTickets(
        connection, visibility, [&](Instant created) { return collector.wants(created); },
        [&](const storage::WalkedTicket &walked) -> Result<Done> {
            if (isCancelled && isCancelled())
                return cancelled();
            stamps.clear();
            for (const storage::MessageTime &m : walked.messages)
                stamps.push_back({ m.at, m.kind, m.author });
            collector.add({ .ticket = walked.ticket,
                .events = walked.events,
                .messages = stamps,
                .segment = walked.plan,
                .escalations = walked.escalations });
            return Done {};
        }));
    return collector.finish();
}

} // namespace tierline::desk
