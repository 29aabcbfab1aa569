#include "core/connectors/rt/rtconnector.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rtmessage.h"
#include "core/connectors/rt/rtprobe.h"
#include "core/connectors/rt/rtpull.h"
#include "core/connectors/rt/rtpush.h"
#include "core/connectors/rt/rttickets.h"

#include <QRegularExpression>
#include <QTimer>

using namespace Qt::StringLiterals;

namespace tierline::connectors {

namespace rt {

namespace {

constexpr int parallel = 2; // a server has a handful of processes
constexpr Millis inFlightLimit { 60'000 }; // a write was seen to show 18 s after its request

Error noTicket(const QString &id)
{
    return badInput(u"“%1” is no number of a ticket in Request Tracker."_s.arg(id.left(60)));
}

Error tooLong(qint64 limit)
{
    return { .fault = Fault::BadReply,
        .detail = u"The file is larger than the %1 bytes that may be fetched."_s.arg(limit) };
}

// `1-51-7273…`: the middle part is the number of the token's user.
std::optional<QString> userOfToken(const Secret &secret)
{
    static const QRegularExpression shape(u"^\\d+-(\\d+)-[0-9A-Fa-f]+$"_s);
    const auto match = shape.match(QString::fromLatin1(secret.expose()));
    if (!match.hasMatch() || !isId(match.captured(1)))
        return std::nullopt;
    return match.captured(1);
}

Result<QByteArray> fileOf(const Result<Reply> &reply, const RemoteFile &file, qint64 limit)
{
    if (!reply)
        return reply.error();
    if (reply->status == 403 || reply->status == 404) {
        return notFound(u"Request Tracker no longer gives the file “%1” to this account."_s.arg(
            file.name.left(100)));
    }
    if (!reply->isGood() || idOf(reply->object().value("id"_L1)) != file.id)
        return unexpected(*reply, u"a file"_s);
    auto bytes = contentOf(reply->object());
    if (!bytes)
        return unexpected(*reply, u"a file's content"_s);
    if (bytes->size() > limit)
        return tooLong(limit);
    return std::move(*bytes);
}

} // namespace

RtConnector::RtConnector(
    const AccountConfig &account, net::Transport &transport, const Clock &clock)
    : m_session(account, transport, clock)
{
}

RtConnector::~RtConnector() = default;

template<typename T>
void RtConnector::post(Answer<T> answer, Result<T> result)
{
    QTimer::singleShot(0, &m_context,
        [answer = std::move(answer), result = std::move(result)] { answer(result); });
}

Manner RtConnector::manner() const
{
    return { .parallel = parallel, .inFlightLimit = inFlightLimit, .canAttach = true };
}

void RtConnector::probe(Answer<Probe> answer)
{
    probeAccount(m_session, ProbeDepth::Whole, std::move(answer));
}

void RtConnector::greet(Answer<Probe> answer)
{
    probeAccount(m_session, ProbeDepth::Greeting, std::move(answer));
}

void RtConnector::pull(const QString &cursor, Answer<PullPage> answer)
{
    const auto parsed = Cursor::parse(cursor);
    if (!parsed)
        return post<PullPage>(std::move(answer), parsed.error());
    pullPage(m_session, *parsed, std::move(answer));
}

void RtConnector::fetch(const QString &ticket, bool wantsEntries, Answer<RemoteTicket> answer)
{
    if (!isId(ticket))
        return post<RemoteTicket>(std::move(answer), noTicket(ticket));
    readTickets(m_session, { ticket }, wantsEntries,
        [ticket, answer = std::move(answer)](Result<Batch> batch) {
            if (!batch)
                return answer(batch.error());
            for (RemoteTicket &one : batch->tickets) {
                if (one.id == ticket)
                    return answer(std::move(one));
            }
            if (!batch->failed.empty()) {
                return answer(Error { .fault = Fault::BadReply,
                    .detail = batch->failed.front().sentence,
                    .retry = Retry::Later });
            }
            // A reminder or the like: no ticket, as far as anybody here is concerned.
            RemoteTicket none;
            none.id = ticket;
            none.presence = Presence::Gone;
            answer(std::move(none));
        });
}

void RtConnector::push(const PushStep &step, Answer<PushOutcome> answer)
{
    if (!isId(step.ticket))
        return post<PushOutcome>(std::move(answer), noTicket(step.ticket));
    if (step.kind == PushStep::Kind::Fields)
        return pushFields(m_session, step, std::move(answer));
    if (const auto body = messageBody(step, m_session.mapping.referenceField); !body) {
        PushOutcome refused;
        refused.state = PushOutcome::State::Refused;
        refused.sentence = body.error().detail;
        return post<PushOutcome>(std::move(answer), refused);
    }
    pushMessage(m_session, step, std::move(answer));
}

void RtConnector::find(const PushStep &step, Answer<Found> answer)
{
    if (!isId(step.ticket))
        return post<Found>(std::move(answer), noTicket(step.ticket));
    findMessage(m_session, step, std::move(answer));
}

void RtConnector::download(const RemoteFile &file, qint64 limit, Answer<QByteArray> answer)
{
    // Only a number is ever asked for, at the account's own address: whatever else an answer named
    // as a file's place is not followed.
    if (!isId(file.id) || limit <= 0) {
        return post<QByteArray>(std::move(answer),
            badInput(u"“%1” is no file of Request Tracker."_s.arg(file.id.left(60))));
    }
    // Base64 in lines of 76, in JSON, beside the file's headers.
    const qint64 wireLimit = limit / 3 * 4 + limit / 3 * 4 / 38 + (256 << 10);
    m_session.client.get(
        { u"attachment"_s, file.id }, {},
        [file, limit, answer = std::move(answer)](
            const Result<Reply> &reply) { answer(fileOf(reply, file, limit)); },
        wireLimit);
}

void RtConnector::cancelAll()
{
    m_session.client.cancelAll();
}

Kind rtKind()
{
    Kind kind;
    kind.type = u"rt"_s;
    kind.name = u"Request Tracker"_s;
    kind.secretName = u"auth token, or password with a login"_s;
    kind.secretHint
        = u"A token is made in Request Tracker under “Logged in as”, “Settings”, “Auth Tokens”."_s;
    kind.needsUser = false;
    kind.options = Mapping::optionNames();
    kind.pace.concurrent = parallel;
    kind.userOf = [](const Secret &secret) { return userOfToken(secret).value_or(QString()); };
    kind.credentials = [](const AccountConfig &account, const Secret &secret) {
        return userOfToken(secret) || account.user.isEmpty()
            ? net::Credentials::authorization("token", secret)
            : net::Credentials::basic(account.user, secret);
    };
    kind.make = [](const AccountConfig &account, net::Transport &transport, const Clock &clock,
                    RandomSource &) -> std::unique_ptr<Connector> {
        return std::make_unique<RtConnector>(account, transport, clock);
    };
    return kind;
}

} // namespace rt

void registerRt(Registry &registry)
{
    registry.add(rt::rtKind());
}

} // namespace tierline::connectors
