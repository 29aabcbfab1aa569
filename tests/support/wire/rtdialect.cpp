#include "tests/support/wire/rtdialect.h"

#include "tests/support/wire/rtwords_p.h"

#include <QJsonDocument>
#include <QRegularExpression>

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::Presence;
using connectors::PushOutcome;
using connectors::PushStep;
using connectors::RemoteFile;
using connectors::RemoteTicket;
namespace field = connectors::field;

struct RtDialect::Asked {
    const WireRequest &request;
    QString user;
    Lie lie;
    FakeDesk::Reserved reserved;

    QString parameter(const QString &name) const { return request.asked(name); }
    int perPage() const
    {
        const int wanted = parameter(u"per_page"_s).toInt();
        return wanted < 1 ? 20 : std::min(wanted, 100);
    }
    int page() const { return std::max(1, parameter(u"page"_s).toInt()); }
};

namespace {

constexpr qint64 partsOfMessage = 32;

WireAnswer json(const QJsonValue &value, int status = 200)
{
    const QJsonDocument document
        = value.isArray() ? QJsonDocument(value.toArray()) : QJsonDocument(value.toObject());
    return { .status = status, .body = document.toJson(QJsonDocument::Indented) };
}

WireAnswer said(int status, const QString &message)
{
    return json(QJsonObject { { u"message"_s, message } }, status);
}

WireAnswer list(const QJsonArray &items, int page, int perPage)
{
    return json(QJsonObject { { u"items"_s, items }, { u"count"_s, items.size() },
        { u"page"_s, page }, { u"per_page"_s, perPage } });
}

/// One page of what is whole.
template<typename T>
std::vector<T> slice(std::vector<T> all, int page, int perPage)
{
    const size_t from = std::min(all.size(), size_t(page - 1) * size_t(perPage));
    const size_t to = std::min(all.size(), from + size_t(perPage));
    return { all.begin() + qint64(from), all.begin() + qint64(to) };
}

std::optional<qint64> numberAfter(const QString &query)
{
    static const QRegularExpression after(u"^id > (\\d+)( AND ObjectType = 'RT::Ticket')?$"_s);
    const auto match = after.match(query);
    return match.hasMatch() ? std::optional(match.captured(1).toLongLong()) : std::nullopt;
}

QStringList restPath(const WireRequest &request)
{
    const QString path = request.path();
    const QString base = u"/REST/2.0/"_s;
    return path.startsWith(base) ? path.mid(base.size()).split(u'/') : QStringList();
}

/// A name of a file as RFC 2047 writes what is not ASCII.
QString decodedName(const QString &name)
{
    static const QRegularExpression word(u"=\\?UTF-8\\?B\\?([A-Za-z0-9+/=]*)\\?=\\s*"_s);
    QString decoded = name;
    for (auto match = word.match(decoded); match.hasMatch(); match = word.match(decoded)) {
        decoded.replace(match.capturedStart(), match.capturedLength(),
            QString::fromUtf8(QByteArray::fromBase64(match.captured(1).toLatin1())));
    }
    return decoded;
}

} // namespace

DeskOptions rtDesk(bool hasReference)
{
    return { .wholeSeconds = true,
        .keepsOperations = hasReference,
        .mendsText = false,
        .oneValueAnEntry = true };
}

std::map<QString, QString> rtAccountOptions()
{
    return { { u"statuses"_s, u"hold=hold, rejected=closed"_s }, { u"census_hours"_s, u"0.1"_s } };
}

RtDialect::RtDialect(FakeDesk &desk, RtDialectOptions options)
    : m_desk(desk)
    , m_options(std::move(options))
    , m_fields(QStringList { u"Tags"_s } + m_options.customFields)
{
}

// --- who asks, and what

QString RtDialect::secretOf(const QString &user) const
{
    return u"1-%1-abcdef0123456789"_s.arg(user);
}

QString RtDialect::userOf(const WireRequest &request) const
{
    const QString token = QString::fromLatin1(request.header("Authorization"));
    const QString user = token.section(u'-', 1, 1);
    return m_desk.hasUser(user) && token == u"token "_s + secretOf(user) ? user : QString();
}

Calls RtDialect::callOf(const WireRequest &request) const
{
    const QStringList path = restPath(request);
    const QString verb = path.value(2);
    if (request.method == "PUT")
        return Push::Fields;
    if (request.method == "POST")
        return verb == u"correspond" ? Push::Reply : verb == u"comment" ? Push::Note : Ask::Part;
    const QString query = request.asked(u"query"_s);
    const bool isList = path.value(0) == u"transactions" || path.value(0) == u"tickets";
    if (isList && query.startsWith(u"id > "))
        return Ask::Pull;
    if (isList && query.startsWith(u"CF."))
        return Ask::Find;
    if (path.value(0) == u"ticket" && path.size() == 2)
        return Ask::Fetch;
    return path.value(0) == u"rt" ? Ask::Probe : Ask::Part;
}

QString RtDialect::ticketOf(const WireRequest &request) const
{
    const QStringList path = restPath(request);
    return path.value(0) == u"ticket" ? path.value(1) : QString();
}

WireAnswer RtDialect::whenRefused(int pick) const
{
    if (pick == 0) // as to a browser
        return { .status = 302,
            .body = "Login required",
            .type = "text/plain",
            .headers = { { "Location", "/" } } };
    if (pick == 1)
        return { .body = "<!DOCTYPE html><html><body><form>Login</form></body></html>",
            .type = "text/html; charset=utf-8" };
    return said(401, u"Unauthorized"_s);
}

WireAnswer RtDialect::error(int status, std::optional<Millis> wait) const
{
    WireAnswer answer { .status = status };
    if (status != 500) // which has nothing in it, and still says that it is JSON
        answer.body = "{\"message\":\"Not now\"}";
    if (wait) {
        answer.headers.append({ "Retry-After", QByteArray::number((wait->count() + 999) / 1000) });
    }
    return answer;
}

WireAnswer RtDialect::serve(
    const WireRequest &request, const QString &user, Lie lie, const FakeDesk::Reserved &reserved)
{
    const Asked asked { request, user, lie, reserved };
    const QStringList path = restPath(request);
    if (path.isEmpty())
        return said(404, u"Not Found"_s);
    if (request.method == "GET")
        return get(asked, path);
    const QString id = followed(user, path.value(1));
    if (request.method == "PUT" && path.size() == 2 && path[0] == u"ticket")
        return change(asked, id);
    const QString verb = path.value(2);
    if (request.method == "POST" && path.size() == 3 && path[0] == u"ticket"
        && (verb == u"correspond" || verb == u"comment"))
        return message(asked, id, verb == u"correspond");
    return said(405, u"Method Not Allowed"_s);
}

WireAnswer RtDialect::get(const Asked &asked, const QStringList &path)
{
    const QString kind = path[0], id = path.value(1);
    if (kind == u"rt" && path.size() == 1)
        return json(QJsonObject { { u"Version"_s, u"5.0.3+fake"_s } });
    if (kind == u"user" && path.size() == 2)
        return whoIs(id);
    if (kind == u"queues" && id == u"all")
        return queues(asked);
    if (kind == u"queue" && path.size() == 2) {
        return json(QJsonObject { { u"id"_s, id.toLongLong() },
            { u"TicketTransactionCustomFields"_s,
                m_options.hasReference ? QJsonArray { QJsonObject {
                    { u"id"_s, u"99"_s }, { u"name"_s, u"Client Reference"_s } } }
                                       : QJsonArray() } });
    }
    if (kind == u"customfield")
        return customField(id);
    if (kind == u"transactions")
        return transactions(asked);
    if (kind == u"tickets")
        return tickets(asked);
    if (kind == u"attachment")
        return attachment(asked, id);
    if (kind != u"ticket")
        return said(404, u"Not Found"_s);
    if (path.size() == 2)
        return ticket(asked, id);
    const QString there = followed(asked.user, id);
    return path[2] == u"history" ? history(asked, there) : attachments(asked, there);
}

// --- what surrounds tickets

WireAnswer RtDialect::whoIs(const QString &key) const
{
    if (key == u"6" || key == u"Nobody")
        return json(QJsonObject { { u"id"_s, 6 }, { u"Name"_s, u"Nobody"_s } });
    if (!m_desk.hasUser(key))
        return said(404, u"Not Found"_s);
    const connectors::RemoteUser user = m_desk.user(key);
    return json(QJsonObject { { u"id"_s, key.toLongLong() }, { u"Name"_s, key },
        { u"RealName"_s, user.name }, { u"EmailAddress"_s, user.email },
        { u"Privileged"_s, user.isAgent ? 1 : 0 }, { u"Memberships"_s, QJsonArray() } });
}

WireAnswer RtDialect::queues(const Asked &asked) const
{
    QJsonArray items;
    for (const QString &place : m_desk.places()) {
        if (m_desk.rightsOf(asked.user, place).sees)
            items.append(QJsonObject { { u"id"_s, queueId(place) }, { u"Name"_s, place } });
    }
    return list(asked.page() > 1 ? QJsonArray() : items, asked.page(), asked.perPage());
}

WireAnswer RtDialect::customField(const QString &id) const
{
    const QString name = m_fields.value(id.toLongLong() - 1);
    if (name.isEmpty())
        return said(404, u"Not Found"_s);
    return json(QJsonObject { { u"id"_s, id.toLongLong() }, { u"Name"_s, name },
        { u"Type"_s, u"Freeform"_s }, { u"MaxValues"_s, name == u"Tags" ? u"0"_s : u"1"_s } });
}

QString RtDialect::queueId(const QString &place) const
{
    return QString::number(m_desk.places().indexOf(place) + 1);
}

QString RtDialect::fieldId(const QString &name) const
{
    const qsizetype at = m_fields.indexOf(name);
    return at < 0 ? QString() : QString::number(at + 1);
}

QString RtDialect::fieldOf(const QString &idOrName) const
{
    bool isNumber = false;
    const qint64 number = idOrName.toLongLong(&isNumber);
    const QString name
        = isNumber ? m_fields.value(number - 1) : m_fields.value(m_fields.indexOf(idOrName));
    return name.isEmpty() ? name : name == u"Tags" ? QString(field::tags) : field::custom + name;
}

QString RtDialect::followed(const QString &user, QString id) const
{
    while (true) {
        const RemoteTicket ticket = m_desk.ticketFor(user, id, false);
        if (ticket.presence != Presence::Merged)
            return id;
        id = ticket.mergedInto;
    }
}

// --- lists

WireAnswer RtDialect::transactions(const Asked &asked)
{
    const QString query = asked.parameter(u"query"_s);
    const bool isDown = asked.parameter(u"order"_s) == u"DESC";
    int most = asked.perPage();
    QJsonArray items;
    if (query == u"Type = 'Comment' AND ObjectType = 'RT::Ticket'") {
        items.append(QJsonObject { { u"id"_s, u"1"_s } });
        return list(items, 1, most);
    }
    if (query.startsWith(u"CF.{Client Reference} = '") && m_options.hasReference) {
        const QString operation = query.section(u'\'', 1, 1);
        for (const FakeDesk::Row &row :
            m_desk.rowsAfter(asked.user, 0, std::numeric_limits<int>::max())) {
            if (row.entry && row.entry->message && row.entry->operation == operation)
                items.append(transaction(row, {}));
        }
        return list(items, 1, most);
    }
    const auto after = numberAfter(query);
    if (!after)
        return said(400, u"Invalid query: unknown field at /usr/share/perl5/RT/SQL.pm line 127."_s);
    std::vector<FakeDesk::Row> &before = m_rowsBefore[asked.user];
    std::vector<FakeDesk::Row> rows = m_desk.rowsAfter(asked.user, *after,
        isDown                            ? -most
            : asked.lie == Lie::ShortPage ? 1
                                          : most);
    if (asked.lie == Lie::EmptyList) {
        m_isListEmpty = true;
        rows.clear();
    } else if (asked.lie == Lie::RepeatCursor && !isDown && !before.empty()) {
        rows = before;
    }
    m_isTorn = m_isTorn || asked.lie == Lie::UnknownCode;
    const std::vector<FakeDesk::Row> served = rows;
    // Nothing but what was there before would be a page that stands still: RepeatCursor.
    const bool comesAgain = asked.lie == Lie::DuplicatePage || asked.lie == Lie::ShiftPage;
    if (comesAgain && !served.empty() && !before.empty()) {
        const size_t again = asked.lie == Lie::ShiftPage ? 1 : before.size();
        rows.insert(rows.begin(), before.end() - qint64(again), before.end());
    }
    if (asked.lie == Lie::ShiftPage && !served.empty())
        m_desk.say(served.front().ticket, u"100"_s, MessageKind::PublicReply, u"And one more."_s);
    if (!isDown)
        before = served;
    for (const FakeDesk::Row &row : rows) {
        items.append(QJsonObject { { u"id"_s, QString::number(row.number) },
            { u"type"_s, u"transaction"_s }, { u"ObjectId"_s, row.ticket } });
    }
    return list(items, 1, most);
}

WireAnswer RtDialect::tickets(const Asked &asked)
{
    const QString query = asked.parameter(u"query"_s);
    const auto after = numberAfter(query);
    if (after && asked.parameter(u"order"_s) == u"DESC") {
        auto all = m_desk.listedAfter(asked.user, *after, std::numeric_limits<int>::max());
        std::ranges::reverse(all);
        return listed(asked, slice(std::move(all), asked.page(), asked.perPage()));
    }
    if (!after) {
        std::vector<qint64> numbers;
        for (const QString &part : query.split(u" OR "_s)) {
            static const QRegularExpression one(u"^id = (\\d+)$"_s);
            const auto match = one.match(part);
            if (!match.hasMatch())
                return said(400, u"Invalid query at /usr/share/perl5/RT/SQL.pm line 127."_s);
            const qint64 number = match.captured(1).toLongLong();
            const auto there = m_desk.listedAfter(asked.user, number - 1, 1);
            if (!there.empty() && there.front() == number)
                numbers.push_back(number);
        }
        return listed(asked, slice(std::move(numbers), asked.page(), asked.perPage()));
    }
    std::vector<qint64> &before = m_idsBefore[asked.user];
    std::vector<qint64> numbers
        = m_desk.listedAfter(asked.user, *after, asked.lie == Lie::ShortPage ? 1 : asked.perPage());
    const bool isEmpty
        = asked.lie == Lie::EmptyList || (*after == 0 && std::exchange(m_isListEmpty, false));
    if (isEmpty)
        return listed(asked, {});
    if (asked.lie == Lie::RepeatCursor && !before.empty())
        numbers = before;
    m_isTorn = m_isTorn || asked.lie == Lie::UnknownCode;
    const std::vector<qint64> served = numbers;
    const bool comesAgain = asked.lie == Lie::DuplicatePage || asked.lie == Lie::ShiftPage;
    if (comesAgain && !served.empty() && !before.empty()) {
        const size_t again = asked.lie == Lie::ShiftPage ? 1 : before.size();
        numbers.insert(numbers.begin(), before.end() - qint64(again), before.end());
    }
    if (asked.lie == Lie::ShiftPage && !served.empty())
        m_desk.say(QString::number(served.front()), u"100"_s, MessageKind::PublicReply,
            u"And one more."_s);
    before = served;
    return listed(asked, numbers);
}

WireAnswer RtDialect::listed(const Asked &asked, const std::vector<qint64> &numbers)
{
    const bool isWhole = !asked.parameter(u"fields"_s).isEmpty();
    QJsonArray items;
    for (const qint64 number : numbers) {
        const QString id = QString::number(number);
        if (isWhole) {
            items.append(record(m_desk.ticketFor(asked.user, id, false), true, m_isTorn));
        } else {
            items.append(QJsonObject { { u"id"_s, id }, { u"type"_s, u"ticket"_s },
                { u"_url"_s, u"http://inside.invalid/REST/2.0/ticket/"_s + id } });
        }
    }
    if (isWhole)
        m_isTorn = false;
    return list(items, asked.page(), asked.perPage());
}

// --- one ticket

WireAnswer RtDialect::ticket(const Asked &asked, const QString &id) const
{
    const RemoteTicket found = m_desk.ticketFor(asked.user, followed(asked.user, id), false);
    if (found.presence == Presence::Gone || asked.lie == Lie::SayGone)
        return said(404, u"Not Found"_s);
    if (found.presence == Presence::Hidden || asked.lie == Lie::SayHidden)
        return said(403, u"Forbidden"_s);
    WireAnswer answer = json(record(found, false, asked.lie == Lie::UnknownCode));
    answer.headers.append({ "ETag", '"' + found.version.toLatin1() + '"' });
    answer.headers.append(net::Header { "Last-Modified", "2026-11-21T02:50:18Z" }); // no HTTP date
    return answer;
}

WireAnswer RtDialect::history(const Asked &asked, const QString &id) const
{
    QJsonArray items;
    QHash<QString, QJsonObject> states; // by the ticket that a row was made for
    std::vector<QJsonObject> all;
    for (const FakeDesk::Row &row : m_desk.rowsOf(asked.user, id)) {
        const bool isFirst = !states.contains(row.ticket);
        if (isFirst)
            states[row.ticket] = m_desk.ticketFor(asked.user, row.ticket, false).fieldsAtCreation;
        QJsonObject told = transaction(row, states[row.ticket]);
        if (isFirst && row.entry && row.entry->message)
            told.insert(u"Type"_s, u"Create"_s);
        all.push_back(told);
        for (const QString &name : row.entry ? row.entry->fields.keys() : QStringList())
            states[row.ticket].insert(name, row.entry->fields.value(name));
    }
    for (const QJsonObject &told : slice(std::move(all), asked.page(), asked.perPage()))
        items.append(told);
    return list(items, asked.page(), asked.perPage());
}

WireAnswer RtDialect::attachments(const Asked &asked, const QString &id) const
{
    const bool withContent = asked.parameter(u"fields"_s).split(u',').contains(u"Content"_s);
    std::vector<QJsonObject> all;
    for (const FakeDesk::Row &row : m_desk.rowsOf(asked.user, id)) {
        if (!row.entry || !row.entry->message)
            continue;
        for (QJsonObject part : attachmentsOf(row)) {
            part.remove(u"bytes"_s);
            if (!withContent)
                part.remove(u"Content"_s);
            all.push_back(part);
        }
    }
    QJsonArray items;
    for (const QJsonObject &part : slice(std::move(all), asked.page(), asked.perPage()))
        items.append(part);
    return list(items, asked.page(), asked.perPage());
}

WireAnswer RtDialect::attachment(const Asked &asked, const QString &id) const
{
    const qint64 number = id.toLongLong() / partsOfMessage;
    const auto rows = m_desk.rowsAfter(asked.user, number - 1, 1);
    const bool isThere = !rows.empty() && rows.front().number == number && rows.front().entry
        && rows.front().entry->message;
    const auto parts = isThere ? attachmentsOf(rows.front()) : std::vector<QJsonObject>();
    const auto at = size_t(id.toLongLong() % partsOfMessage);
    if (at >= parts.size())
        return said(404, u"Not Found"_s);
    QJsonObject part = parts[at];
    part.insert(u"id"_s, id.toLongLong());
    part.insert(u"TransactionId"_s, QJsonObject { { u"id"_s, part.value(u"TransactionId"_s) } });
    part.insert(u"Content"_s, part.take(u"bytes"_s));
    part.remove(u"ContentLength"_s);
    return json(part);
}

// --- writing

WireAnswer RtDialect::message(const Asked &asked, const QString &id, bool isReply)
{
    const QJsonObject body = QJsonDocument::fromJson(asked.request.body).object();
    const QString reference
        = body.value(u"TxnCustomFields"_s).toObject().value(u"Client Reference"_s).toString();
    PushStep step { .kind = isReply ? PushStep::Kind::Reply : PushStep::Kind::Note,
        .ticket = id,
        .operations = asked.request.operations,
        .text = body.value(u"Content"_s).toString() };
    if (step.operations.isEmpty() && !reference.isEmpty())
        step.operations = { reference };
    if (!reference.isEmpty() && step.operations.first() != reference)
        qFatal("A message says that it is %s's, and was sent for %s.", qPrintable(reference),
            qPrintable(step.operations.first()));
    for (const QJsonValue file : body.value(u"Attachments"_s).toArray()) {
        step.files.push_back({ .name = decodedName(file[u"FileName"_s].toString()),
            .contentType = file[u"FileType"_s].toString(),
            .bytes = QByteArray::fromBase64(file[u"FileContent"_s].toString().toLatin1()) });
    }
    if (asked.lie == Lie::SayGone)
        return said(404, u"Not Found"_s);
    if (asked.lie != Lie::Honest)
        return said(400, u"Permission Denied"_s);
    const PushOutcome outcome = asked.reserved.number > 0
        ? m_desk.applyReserved(step, asked.user, asked.reserved)
        : m_desk.apply(step, asked.user);
    if (outcome.state != PushOutcome::State::Done)
        return said(400, u"Message could not be recorded: "_s + outcome.sentence);
    WireAnswer answer
        = json(QJsonArray { isReply ? u"Correspondence added"_s : u"Comments added"_s }, 201);
    answer.headers.append({ "Location", "/REST/2.0/transaction/" + outcome.entry.toLatin1() });
    return answer;
}

/// Puts a wish of a PUT into fields of ours; what nobody knows is left out without a word.
void RtDialect::addWish(const QString &name, const QJsonValue &value, QJsonObject &fields) const
{
    const QString text = value.toString();
    if (name == u"Subject") {
        fields.insert(field::subject, text.simplified().left(200));
    } else if (name == u"Status") {
        const QString status = text == u"stalled" ? u"pending"_s
            : text == u"resolved"                 ? u"solved"_s
            : text == u"rejected"                 ? u"closed"_s
                                                  : text;
        fields.insert(field::status, status);
    } else if (name == u"Priority") {
        const qint64 number = value.isString() ? text.toLongLong() : value.toInteger();
        fields.insert(field::priority,
            number >= 80       ? u"urgent"_s
                : number >= 50 ? u"high"_s
                : number >= 20 ? u"normal"_s
                               : u"low"_s);
    } else if (name == u"Owner") {
        fields.insert(field::owner, text == u"Nobody" ? QString() : text);
    } else if (name == u"Queue") {
        bool isNumber = false;
        const qint64 number = text.toLongLong(&isNumber);
        fields.insert(field::place, isNumber ? m_desk.places().value(number - 1, text) : text);
    } else {
        const QString known = fieldOf(name);
        if (known.isEmpty())
            return;
        QStringList values;
        for (const QJsonValue one : value.isArray() ? value.toArray() : QJsonArray { value })
            values.append(one.toString());
        values.sort();
        if (known == field::tags)
            fields.insert(known, QJsonArray::fromStringList(values));
        else
            fields.insert(known, values.value(0));
    }
}

/// In alphabetical order, each by itself; a part that is refused is only a text in a 200.
WireAnswer RtDialect::change(const Asked &asked, const QString &id)
{
    const RemoteTicket before = m_desk.ticketFor(asked.user, id, false);
    if (before.presence == Presence::Gone || asked.lie == Lie::SayGone)
        return said(404, u"Not Found"_s);
    if (before.presence == Presence::Hidden || asked.lie == Lie::SayHidden)
        return said(403, u"Forbidden"_s);
    const QByteArray ifMatch = asked.request.header("If-Match");
    if (!ifMatch.isEmpty() && ifMatch != '"' + before.version.toLatin1() + '"')
        return said(412, u"Precondition Failed"_s);
    const QJsonObject body = QJsonDocument::fromJson(asked.request.body).object();
    QJsonArray sentences;
    for (const QString &name : body.keys()) {
        QJsonObject fields;
        if (name == u"CustomFields") {
            const QJsonObject custom = body.value(name).toObject();
            for (const QString &one : custom.keys())
                addWish(one, custom.value(one), fields);
        } else {
            addWish(name, body.value(name), fields);
        }
        for (const QString &wish : fields.keys()) {
            if (asked.lie == Lie::Reject) {
                sentences.append(u"Ticket %1: Permission Denied"_s.arg(id));
                continue;
            }
            const PushOutcome outcome
                = m_desk.apply({ .kind = PushStep::Kind::Fields,
                                   .ticket = id,
                                   .operations = asked.request.operations,
                                   .fields = { { wish, fields.value(wish) } } },
                    asked.user);
            sentences.append(outcome.state == PushOutcome::State::Done
                    ? u"Ticket %1: %2 changed"_s.arg(id, name)
                    : u"Ticket %1: %2"_s.arg(id, outcome.sentence));
        }
    }
    return json(sentences);
}

} // namespace tierline::test
