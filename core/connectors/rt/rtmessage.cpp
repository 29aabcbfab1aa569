#include "core/connectors/rt/rtmessage.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rtthread.h"
#include "core/connectors/rt/ticketsql.h"

#include <QJsonArray>

#include <algorithm>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

// When a step was done is told by the server's clock as far as it was known then.
constexpr Millis timeTolerance { 2 * 60'000 };

bool isPlainName(const QString &name)
{
    return std::all_of(name.cbegin(), name.cend(), [](QChar c) {
        return c >= u' ' && c < QChar(0x7f) && c != u'"' && c != u'\\';
    }) && !name.contains("=?"_L1);
}

} // namespace

QString wireName(const QString &name)
{
    if (isPlainName(name))
        return name;
    // Words of at most 75 letters, none of which cuts a letter in two; spaces between words vanish.
    QStringList words;
    QString piece;
    const auto flush = [&] {
        if (!piece.isEmpty())
            words += u"=?UTF-8?B?"_s + QString::fromLatin1(piece.toUtf8().toBase64()) + u"?="_s;
        piece.clear();
    };
    for (const uint letter : name.toUcs4()) {
        const QString next = QString::fromUcs4(reinterpret_cast<const char32_t *>(&letter), 1);
        if ((piece + next).toUtf8().size() > 45)
            flush();
        piece += next;
    }
    flush();
    return words.join(u' ');
}

Result<QJsonObject> messageBody(const PushStep &step, const QString &referenceField)
{
    // A note ends with its marker, which is in the text; a reply looks as it was written.
    const bool isHtml = step.kind == PushStep::Kind::Reply && !step.html.isEmpty();
    const QString &content = isHtml ? step.html : step.text;
    if (content.trimmed().isEmpty() && step.files.empty())
        return badInput(u"The message is empty; write something, or take it back."_s);
    QJsonObject body;
    if (!content.trimmed().isEmpty()) {
        body.insert(u"Content"_s, content);
        body.insert(u"ContentType"_s, isHtml ? u"text/html"_s : u"text/plain"_s);
    }
    if (!step.operations.isEmpty())
        body.insert(
            u"TxnCustomFields"_s, QJsonObject { { referenceField, step.operations.first() } });
    QJsonArray files;
    for (const RemoteFile &file : step.files) {
        if (!file.bytes || file.bytes->isEmpty()) {
            return badInput(
                u"The file “%1” is empty, and Request Tracker takes no empty files; send the message without it."_s
                    .arg(file.name.left(100)));
        }
        files.append(QJsonObject { { u"FileName"_s, wireName(file.name) },
            { u"FileType"_s,
                file.contentType.isEmpty() ? u"application/octet-stream"_s : file.contentType },
            { u"FileContent"_s, QString::fromLatin1(file.bytes->toBase64()) } });
    }
    if (!files.isEmpty())
        body.insert(u"Attachments"_s, files);
    return body;
}

namespace {

PushOutcome refused(const QString &sentence)
{
    PushOutcome outcome;
    outcome.state = PushOutcome::State::Refused;
    outcome.sentence = sentence;
    return outcome;
}

PushOutcome withoutReply(const Sent &sent)
{
    PushOutcome outcome;
    outcome.sentence = sent.error->detail;
    outcome.wait = sent.error->wait;
    switch (sent.outcome) {
    case net::Outcome::NotSent:
    case net::Outcome::Rejected:
        outcome.state = PushOutcome::State::NotSent;
        outcome.retry = Retry::Later;
        break;
    case net::Outcome::Done:
    case net::Outcome::Unknown: outcome.state = PushOutcome::State::Unknown; break;
    }
    return outcome;
}

} // namespace

Result<PushOutcome> outcomeOf(const Sent &sent)
{
    if (!sent.reply) {
        const bool isNothingSent
            = sent.outcome == net::Outcome::NotSent || sent.outcome == net::Outcome::Rejected;
        if (sent.error->fault == Fault::SignIn
            || (sent.error->fault == Fault::Cancelled && isNothingSent))
            return *sent.error;
        return withoutReply(sent);
    }
    const Reply &reply = *sent.reply;
    PushOutcome outcome;
    if (reply.isGood()) {
        outcome.state = PushOutcome::State::Done;
        outcome.entry = reply.location;
        return outcome;
    }
    const QString words = sentencesOf(reply.json).join(u' ').left(MaxName);
    if (reply.status == 412) {
        outcome.state = PushOutcome::State::Stale;
        outcome.sentence = u"Somebody changed the ticket in Request Tracker meanwhile."_s;
        return outcome;
    }
    if (reply.status == 413)
        return refused(u"Request Tracker refused the message because it is too large."_s);
    if (reply.status == 404)
        return refused(u"Request Tracker does not know this ticket any more."_s);
    return refused(words.isEmpty()
            ? u"Request Tracker refused this with status %1 and gave no reason."_s.arg(reply.status)
            : u"Request Tracker refused this: “%1”."_s.arg(words));
}

void pushMessage(Session &session, const PushStep &step, Answer<PushOutcome> done)
{
    const auto body = messageBody(step, session.mapping.referenceField);
    // The caller has checked it; a body that cannot be made never gets here.
    const QString verb = step.kind == PushStep::Kind::Reply ? u"correspond"_s : u"comment"_s;
    session.client.send(net::Method::Post, { u"ticket"_s, step.ticket, verb },
        body ? *body : QJsonObject(), {},
        [done = std::move(done)](const Sent &sent) { done(outcomeOf(sent)); });
}

bool isSame(const RemoteEntry &entry, const PushStep &step, Instant notBefore)
{
    if (!entry.message || step.operations.isEmpty() || step.taken.contains(entry.id))
        return false;
    const bool isNote = step.kind == PushStep::Kind::Note;
    if ((entry.message->kind == MessageKind::InternalNote) != isNote)
        return false;
    const QString &operation = step.operations.first();
    if (!entry.operation.isEmpty())
        return entry.operation == operation;
    // The marker of a note of ours is always there, so a note without one is not ours.
    if (isNote && !markerOf(step.text).isEmpty())
        return markerOf(entry.message->text) == operation;
    if (entry.author.id.compare(step.as.id, Qt::CaseInsensitive) != 0 || entry.at < notBefore)
        return false;
    return comparable(entry.message->text, entry.message->html) == comparable(step.text, step.html);
}

namespace {

class Finder : public std::enable_shared_from_this<Finder>
{
public:
    Finder(Session &session, PushStep step, Answer<Found> done)
        : m_session(session)
        , m_step(std::move(step))
        , m_done(std::move(done))
    {
    }

    void askByReference()
    {
        // A look says what was so when it began: a row may show while the pages are still coming.
        m_asked = m_session.client.serverNow();
        const QString query = m_step.operations.isEmpty()
            ? QString()
            : changesWith(m_session.mapping.referenceField, m_step.operations.first());
        if (query.isEmpty())
            return readHistory();
        m_session.client.get({ u"transactions"_s },
            { { u"query"_s, query }, { u"per_page"_s, u"10"_s },
                { u"fields"_s, u"Type,ObjectId,CustomFields"_s } },
            [self = shared_from_this()](const Result<Reply> &reply) {
                if (!reply && reply.error().fault != Fault::BadReply)
                    return self->m_done(reply.error());
                // A server without that field may not even take the question.
                if (reply && reply->isGood() && self->takeByReference(*reply))
                    return;
                self->readHistory();
            });
    }

private:
    bool takeByReference(const Reply &reply)
    {
        const QString type = m_step.kind == PushStep::Kind::Reply ? u"Correspond"_s : u"Comment"_s;
        for (const QJsonValue item : reply.object().value("items"_L1).toArray()) {
            // Read again what was asked for: a query that was read otherwise must not find anything.
            const auto change = changeOf(item.toObject(), m_session.mapping.referenceField);
            if (!change || change->type != type || change->reference != m_step.operations.first())
                continue;
            m_done(Found { true, change->id, m_session.client.serverNow() });
            return true;
        }
        return false;
    }

    void readHistory()
    {
        readThread(m_session, m_step.ticket, [self = shared_from_this()](Result<Thread> thread) {
            if (!thread)
                return self->m_done(thread.error());
            self->resolve(std::move(*thread));
        });
    }

    void resolve(Thread thread)
    {
        Wanted wanted;
        addWanted(thread, {}, wanted);
        wanted.users.clear();
        wanted.queues.clear();
        wanted.fields.clear();
        m_session.directory.resolve(wanted,
            [self = shared_from_this(), thread = std::move(thread)](const Result<Done> &result) {
                if (!result)
                    return self->m_done(result.error());
                self->compare(thread);
            });
    }

    void compare(const Thread &thread)
    {
        const History history = historyOf(
            m_step.ticket, thread, {}, {}, m_session.mapping, m_session.directory.names());
        Found found;
        found.serverNow = m_asked;
        const Instant notBefore = m_step.queued - timeTolerance;
        for (const RemoteEntry &entry : history.entries) {
            if (!isSame(entry, m_step, notBefore))
                continue;
            found.isThere = true;
            found.entry = entry.id;
            break;
        }
        m_done(found);
    }

    Session &m_session;
    PushStep m_step;
    Answer<Found> m_done;
    Instant m_asked;
};

} // namespace

void findMessage(Session &session, const PushStep &step, Answer<Found> done)
{
    std::make_shared<Finder>(session, step, std::move(done))->askByReference();
}

} // namespace tierline::connectors::rt
