#include "core/connectors/rt/rtclient.h"

#include "core/connectors/rt/rtjson.h"

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

QString etagOf(const net::Response &response)
{
    const QString text = QString::fromLatin1(response.header("ETag")).remove(u'"').trimmed();
    // Of users the tag is a date; of tickets it is the number of the last transaction one may see.
    return isId(text) ? text : QString();
}

bool isJson(const net::Response &response)
{
    return response.mediaType() == "application/json";
}

} // namespace

RtClient::RtClient(net::Transport &transport, const Clock &clock)
    : m_transport(transport)
    , m_clock(clock)
{
}

QString RtClient::ticketLink() const
{
    return m_transport.base()
        .at({ u"Ticket"_s, u"Display.html"_s }, { { u"id"_s, u"0"_s } })
        .toString(QUrl::FullyEncoded)
        .chopped(1);
}

QUrl RtClient::urlOf(const QStringList &path, const net::QueryItems &query) const
{
    return m_transport.base().at(QStringList { u"REST"_s, u"2.0"_s } + path, query);
}

void RtClient::start(net::Request request, net::AnswerHandler done)
{
    request.headers.append(net::Header { "Accept", "application/json" });
    // A redirect means the sign-in page; following it would only fetch that.
    request.limits.redirects = 0;
    const quint64 number = ++m_next;
    Open &open = m_open[number];
    open.done = std::move(done);
    open.call = m_transport.send(std::move(request), [this, number](const net::Answer &answer) {
        const auto found = m_open.find(number);
        if (found == m_open.end())
            return;
        // The call must outlive its own handler, which may end this client.
        const Open ended = std::move(found->second);
        m_open.erase(found);
        noteDate(answer);
        ended.done(answer);
    });
}

void RtClient::noteDate(const net::Answer &answer)
{
    if (answer.response && answer.response->serverDate)
        m_offset = *answer.response->serverDate - m_clock.now();
}

Error RtClient::signInError(const net::Response &response)
{
    QString detail
        = u"Request Tracker did not accept this account's token; make a new one under “Auth Tokens” in its settings and enter it."_s;
    if (response.status >= 300 && response.status < 400) {
        detail
            = u"Request Tracker sent its sign-in page instead of an answer (a redirect): the token is no longer valid, or the address is not the one of its start page."_s;
    } else if (response.isGood()) {
        detail
            = u"A page for people came instead of an answer for programs, as with a sign-in page: the token is no longer valid, or the address is not the one of Request Tracker's start page."_s;
    }
    m_transport.closeGate(detail);
    return { .fault = Fault::SignIn, .detail = detail, .retry = Retry::AfterSignIn };
}

Result<Reply> RtClient::replyOf(const net::Answer &answer, qint64 bodyBytes)
{
    const bool isWhole = answer.response
        && (answer.problem == net::Problem::None || answer.problem == net::Problem::Status);
    if (!isWhole) {
        Error error = answer.error.value_or(Error {});
        // Cut short is a matter of the line; BadReply is kept for what comes the same way every time.
        if (answer.problem == net::Problem::Broken)
            error.fault = Fault::Offline;
        return error;
    }
    const net::Response &response = *answer.response;
    const int status = response.status;
    if (status == 401 || (status >= 300 && status < 400))
        return signInError(response);
    if (response.isGood() && !isJson(response) && !response.body.isEmpty())
        return signInError(response);
    if (status == 408 || status == 425 || status == 429 || status >= 500 || status < 200) {
        Error error
            = answer.error.value_or(net::statusError(status, net::Method::Get, response.url));
        // Its own 500 may come of one record; these come of a server that is down or busy.
        if (status != 429 && status != 500 && error.fault == Fault::BadReply)
            error.fault = Fault::Offline;
        return error;
    }
    Reply reply { status, {}, etagOf(response), lastIdOf(response.header("Location")) };
    // A file that is too large is refused by the web server in front, in its own words.
    if (!response.isGood() && !isJson(response) && status != 413) {
        return Error { .fault = Fault::BadReply,
            .detail
            = u"Something before Request Tracker answered with status %1 and a page of its own; check the address, and whether a proxy lets /REST/2.0 through."_s
                  .arg(status),
            .retry = Retry::Later };
    }
    // Only known places of it are read, so the parser's own limit of depth is enough.
    auto json = net::jsonOf(response, { .bytes = bodyBytes, .depth = JsonLimits::ParserDepth });
    if (json)
        reply.json = std::move(*json);
    else if (response.isGood() && !response.body.isEmpty())
        return json.error();
    return reply;
}

void RtClient::get(
    const QStringList &path, const net::QueryItems &query, ReplyHandler done, qint64 bodyBytes)
{
    net::Request request;
    request.url = urlOf(path, query);
    request.limits.bodyBytes = bodyBytes;
    start(std::move(request), [this, done = std::move(done), bodyBytes](const net::Answer &answer) {
        done(replyOf(answer, bodyBytes));
    });
}

void RtClient::search(const QStringList &path, const net::QueryItems &query,
    const QJsonDocument &body, ReplyHandler done)
{
    net::Request request;
    request.method = net::Method::Post;
    request.url = urlOf(path, query);
    request.contentType = "application/json";
    request.body = body.toJson(QJsonDocument::Compact);
    request.isRepeatable = true;
    start(std::move(request), [this, done = std::move(done)](const net::Answer &answer) {
        done(replyOf(answer, DefaultBodyBytes));
    });
}

void RtClient::send(net::Method method, const QStringList &path, const QJsonObject &body,
    const QString &ifMatch, SentHandler done)
{
    net::Request request;
    request.method = method;
    request.url = urlOf(path, {});
    // Only JSON keeps text whole there.
    request.contentType = "application/json";
    request.body = QJsonDocument(body).toJson(QJsonDocument::Compact);
    if (!ifMatch.isEmpty())
        request.headers.append(net::Header { "If-Match", '"' + ifMatch.toLatin1() + '"' });
    start(std::move(request), [this, done = std::move(done)](const net::Answer &answer) {
        Sent sent { answer.outcome, {}, {} };
        auto reply = replyOf(answer, DefaultBodyBytes);
        if (reply) {
            sent.reply = std::move(*reply);
        } else {
            sent.error = reply.error();
            // Of a deed that is done, only the answer's body may be useless.
            if (answer.response && answer.response->isGood()
                && sent.error->fault == Fault::BadReply) {
                sent.reply = Reply { answer.response->status, {}, etagOf(*answer.response),
                    lastIdOf(answer.response->header("Location")) };
                sent.error.reset();
            }
        }
        done(std::move(sent));
    });
}

void RtClient::cancelAll()
{
    const std::weak_ptr<int> alive = m_alive;
    const quint64 last = m_next; // what a handler asks for now is not meant
    while (!alive.expired() && !m_open.empty() && m_open.begin()->first <= last) {
        const auto first = m_open.begin();
        const Open ended = std::move(first->second);
        m_open.erase(first);
        net::Answer answer;
        answer.outcome
            = ended.call->firstByteSent() ? net::Outcome::Unknown : net::Outcome::NotSent;
        answer.problem = net::Problem::Cancelled;
        answer.error = cancelled();
        ended.done(answer);
    }
}

namespace {

struct Lanes : std::enable_shared_from_this<Lanes> {
    std::vector<Step> steps;
    std::function<void(Result<Done>)> done;
    size_t next = 0;
    int running = 0;
    bool isOver = false;

    void begin(int lanes)
    {
        for (int lane = 0; lane < lanes && next < steps.size(); ++lane)
            beginOne();
    }
    void beginOne()
    {
        ++running;
        steps[next++](
            [self = shared_from_this()](const Result<Done> &result) { self->ended(result); });
    }
    void ended(const Result<Done> &result)
    {
        --running;
        if (isOver)
            return;
        if (result && next < steps.size())
            return beginOne();
        if (result && running > 0)
            return;
        isOver = true;
        const auto tell = std::move(done);
        tell(result);
    }
};

} // namespace

void runInLanes(std::vector<Step> steps, int lanes, std::function<void(Result<Done>)> done)
{
    if (steps.empty())
        return done(Done {});
    const auto run = std::make_shared<Lanes>();
    run->steps = std::move(steps);
    run->done = std::move(done);
    run->begin(lanes);
}

} // namespace tierline::connectors::rt
