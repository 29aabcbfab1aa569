#include "tests/support/fakedesk/fakeconnector.h"

#include <QJsonDocument>

namespace tierline::test {

using namespace Qt::StringLiterals;
using namespace connectors;
using Loss = FakeConnector::Loss;

/// One request on its way. The desk's half of it lives on without the connector.
struct FakeConnector::Flight {
    FakeConnector *owner = nullptr; ///< null once it has been answered
    FakeDesk *desk = nullptr;
    quint64 number = 0;
    Calls call;
    Lie lie;
    Millis up { 1 };
    Millis down { 1 };
    bool isCoin = false; ///< decides what a lie leaves open
    bool isSent = false;
    bool isCancelled = false;
    int restarts = 0; ///< of the desk, when it left
    quint64 timer = 0; ///< the client's own limit
    FakeDesk::Reserved reserved; ///< for ApplyLate
    std::function<void()> serve; ///< does it at the desk and keeps the answer
    std::function<void()> deliver; ///< hands over the kept answer
    std::function<void(Loss, Millis)> fail; ///< hands over what the client sees instead

    SimLoop &loop() const { return desk->loop(); }
};

namespace {

constexpr Millis inFlightLimit { 60'000 };

Error errorOf(Loss loss, Millis wait)
{
    switch (loss) {
    case Loss::NotSent:
        return { .fault = Fault::Offline,
            .detail = u"The desk cannot be reached."_s,
            .retry = Retry::Later };
    case Loss::Cut:
        return { .fault = Fault::Offline,
            .detail = u"The connection to the desk broke."_s,
            .retry = Retry::Later };
    case Loss::Timeout:
        return {
            .fault = Fault::Timeout, .detail = u"The desk does not answer."_s, .retry = Retry::Later
        };
    case Loss::SignIn:
        return { .fault = Fault::SignIn,
            .detail = u"The desk refuses the token."_s,
            .retry = Retry::AfterSignIn };
    case Loss::TooMany:
        return { .fault = Fault::RateLimited,
            .detail = u"The desk asks for fewer requests."_s,
            .retry = Retry::Later,
            .wait = wait };
    case Loss::Busy:
        return {
            .fault = Fault::Offline, .detail = u"The desk is busy (503)."_s, .retry = Retry::Later
        };
    case Loss::Broken:
        return { .fault = Fault::BadReply,
            .detail = u"The desk answered with an error of its own (500)."_s,
            .retry = Retry::Later };
    case Loss::Cancelled: break;
    }
    return cancelled();
}

template<typename T>
Result<T> lossOf(Loss loss, Millis wait, bool)
{
    return errorOf(loss, wait);
}

// A push must say whether it may have happened. Before the first byte either way of saying it is right.
template<>
Result<PushOutcome> lossOf(Loss loss, Millis wait, bool isCoin)
{
    PushOutcome outcome { .sentence = errorOf(loss, wait).detail };
    switch (loss) {
    case Loss::SignIn:
    case Loss::Cancelled: return errorOf(loss, wait);
    case Loss::NotSent:
        if (isCoin)
            return errorOf(loss, wait);
        [[fallthrough]];
    case Loss::TooMany:
    case Loss::Busy:
        outcome.state = PushOutcome::State::NotSent;
        outcome.retry = Retry::Later;
        outcome.wait = wait;
        return outcome;
    default: outcome.state = PushOutcome::State::Unknown; return outcome;
    }
}

Calls callOf(PushStep::Kind kind)
{
    switch (kind) {
    case PushStep::Kind::Reply: return Push::Reply;
    case PushStep::Kind::Note: return Push::Note;
    case PushStep::Kind::Fields: break;
    }
    return Push::Fields;
}

void lieAboutCodes(RemoteTicket &ticket)
{
    ticket.fields.insert(field::status, u"frobnicated"_s);
    ticket.fields.insert(field::priority, u"P0!"_s);
}

// What a lie makes of a page. `before` is the page that was served before this one.
void lieAboutPage(PullPage &page, Lie lie, const QString &cursor, std::vector<RemoteTicket> &before,
    FakeDesk &desk)
{
    std::vector<RemoteTicket> served = page.tickets;
    switch (lie.kind) {
    case Lie::Kind::DuplicatePage:
        page.tickets.insert(page.tickets.begin(), before.begin(), before.end());
        break;
    case Lie::Kind::ShiftPage:
        if (!before.empty())
            page.tickets.insert(page.tickets.begin(), before.back());
        if (!served.empty())
            desk.say(served.front().id, u"100"_s, MessageKind::PublicReply, u"And one more."_s);
        break;
    case Lie::Kind::ShortPage: page.isLast = false; break;
    case Lie::Kind::RepeatCursor:
        page.cursor = cursor;
        page.isLast = false;
        page.census.reset();
        break;
    case Lie::Kind::EmptyList:
        page.tickets.clear();
        page.cursor = cursor;
        page.isLast = true;
        page.census = desk.wholeRange();
        return; // not a page that could come again
    case Lie::Kind::UnknownCode:
        for (RemoteTicket &ticket : page.tickets)
            lieAboutCodes(ticket);
        break;
    default: break;
    }
    before = std::move(served);
}

PushOutcome refusedBy(Lie lie)
{
    PushOutcome outcome { .state = PushOutcome::State::Refused };
    outcome.sentence = lie == Lie::SayGone ? u"There is no such ticket (404)."_s
        : lie == Lie::SayHidden            ? u"You may not see this ticket (403)."_s
                                           : u"The desk will not have this (422)."_s;
    return outcome;
}

} // namespace

FakeConnector::FakeConnector(FakeDesk &desk, const FakeConnectorOptions &options)
    : m_desk(desk)
    , m_options(options)
    , m_random(options.seed)
    , m_pageBefore(std::make_shared<std::vector<RemoteTicket>>())
{
    m_listener = desk.onRestart([this] {
        for (const auto &[number, flight] : m_open) {
            if (flight->isSent)
                loseLater(flight, Loss::Cut);
        }
    });
}

FakeConnector::~FakeConnector()
{
    m_desk.forgetRestart(m_listener);
    for (const auto &[number, flight] : m_open) {
        m_desk.loop().cancel(flight->timer);
        flight->owner = nullptr;
    }
}

void FakeConnector::cancelAll()
{
    // An answer may begin new requests, and may even be the end of this connector.
    std::vector<FlightPtr> open;
    for (const auto &[number, flight] : m_open)
        open.push_back(flight);
    const bool isAtOnce = m_options.cancelsAtOnce;
    for (const FlightPtr &flight : open) {
        flight->isCancelled = true;
        if (isAtOnce)
            lose(flight, Loss::Cancelled);
        else
            flight->loop().after(Millis(0), [flight] { lose(flight, Loss::Cancelled); });
    }
}

// --- the way of one request

template<typename T>
void FakeConnector::begin(
    Calls call, const QString &what, Answer<T> answer, std::function<Result<T>(Lie)> serve)
{
    const auto flight = std::make_shared<Flight>();
    flight->owner = this;
    flight->desk = &m_desk;
    flight->number = m_next++;
    flight->call = call;
    flight->lie = m_desk.lies().take(call);
    const qint64 slowest = std::max<qint64>(1, m_options.slowest.count());
    flight->up = Millis(1 + m_random.below(slowest));
    flight->down = Millis(1 + m_random.below(slowest));
    flight->isCoin = m_random.below(2) == 0;
    if (m_desk.isTracing()) {
        m_desk.trace(
            u"%1 %2 %3%4"_s.arg(flight->number)
                .arg(callName(call), what,
                    flight->lie == Lie::Honest ? QString() : u": "_s + flight->lie.text()));
    }
    const auto kept = std::make_shared<std::optional<Result<T>>>();
    const auto told = std::make_shared<Answer<T>>(std::move(answer));
    // Through a copy: an answer may end its connector, and with it whatever holds the callback.
    const auto tell = [told](Result<T> result) {
        const Answer<T> callback = std::move(*told);
        callback(std::move(result));
    };
    Flight *const plain = flight.get(); // what the flight holds must not hold the flight
    flight->serve = [kept, serve = std::move(serve), plain] { *kept = serve(plain->lie); };
    flight->deliver = [kept, tell] { tell(**kept); };
    flight->fail
        = [tell, plain](Loss loss, Millis wait) { tell(lossOf<T>(loss, wait, plain->isCoin)); };
    start(flight);
}

void FakeConnector::start(const FlightPtr &flight)
{
    m_open.emplace(flight->number, flight);
    m_mostOpen = std::max(m_mostOpen, int(m_open.size()));
    flight->timer
        = flight->loop().after(m_options.timeout, [flight] { lose(flight, Loss::Timeout); });
    flight->loop().after(Millis(0), [flight] { depart(flight); });
}

void FakeConnector::depart(const FlightPtr &flight)
{
    if (!flight->owner || flight->isCancelled)
        return; // it ended before the first byte
    if (flight->lie == Lie::RefuseConnection || flight->lie == Lie::CutBeforeSend
        || flight->desk->isDown()) {
        loseLater(flight, Loss::NotSent);
        return;
    }
    flight->isSent = true;
    flight->restarts = flight->desk->restarts();
    flight->loop().after(flight->up, [flight] { arrive(flight); });
}

void FakeConnector::arrive(const FlightPtr &flight)
{
    FakeDesk &desk = *flight->desk;
    if (flight->restarts != desk.restarts())
        return; // the server that it was sent to is gone
    for (const auto &action : desk.lies().arrived(flight->call))
        action();
    const Lie lie = flight->lie;
    if (!desk.takesToken() || lie == Lie::SignIn) {
        loseLater(flight, Loss::SignIn);
        return;
    }
    switch (lie.kind) {
    case Lie::Kind::Hang: return;
    case Lie::Kind::CutBeforeApply: loseLater(flight, Loss::Cut); return;
    case Lie::Kind::TooMany: loseLater(flight, Loss::TooMany); return;
    case Lie::Kind::Busy: loseLater(flight, Loss::Busy); return;
    case Lie::Kind::Broken: loseLater(flight, Loss::Broken); return;
    case Lie::Kind::RestartBeforeApply: desk.restart(lie.time); return;
    case Lie::Kind::ApplyLate:
        loseLater(flight, Loss::Cut);
        flight->reserved = desk.reserve();
        desk.loop().after(std::min(lie.time, inFlightLimit), [flight] {
            if (flight->restarts == flight->desk->restarts())
                serve(flight);
        });
        return;
    default: break;
    }
    serve(flight);
    switch (lie.kind) {
    case Lie::Kind::ApplyThenDropAnswer: loseLater(flight, Loss::Cut); return;
    case Lie::Kind::ApplyThenHang: return;
    case Lie::Kind::ApplyThenBroken: loseLater(flight, Loss::Broken); return;
    case Lie::Kind::RestartAfterApply: desk.restart(lie.time); return;
    case Lie::Kind::Delay: answerLater(flight, lie.time); return;
    case Lie::Kind::AnswerTwice: answerLater(flight, Millis(7)); break;
    default: break;
    }
    answerLater(flight);
}

void FakeConnector::serve(const FlightPtr &flight)
{
    flight->serve();
    if (flight->desk->isTracing())
        flight->desk->trace(u"%1 %2 done"_s.arg(flight->number).arg(callName(flight->call)));
}

void FakeConnector::answerLater(const FlightPtr &flight, Millis more)
{
    flight->loop().after(flight->down + more, [flight] {
        if (flight->restarts != flight->desk->restarts())
            return; // its connection went down with the server
        if (close(flight))
            flight->deliver();
    });
}

void FakeConnector::loseLater(const FlightPtr &flight, Loss loss)
{
    flight->loop().after(flight->down, [flight, loss] { lose(flight, loss); });
}

void FakeConnector::lose(const FlightPtr &flight, Loss loss)
{
    if (flight->owner && close(flight))
        flight->fail(loss, loss == Loss::TooMany ? flight->lie.time : Millis(0));
}

// True for the one who may answer. After that the connector may be gone at any moment.
bool FakeConnector::close(const FlightPtr &flight)
{
    FakeConnector *const owner = std::exchange(flight->owner, nullptr);
    if (!owner) {
        flight->desk->countDropped();
        return false;
    }
    flight->loop().cancel(flight->timer);
    owner->m_open.erase(flight->number);
    if (flight->desk->isTracing())
        flight->desk->trace(u"%1 %2 answered"_s.arg(flight->number).arg(callName(flight->call)));
    return true;
}

// --- the requests

void FakeConnector::probe(Answer<Probe> answer)
{
    begin<Probe>(Ask::Probe, {}, std::move(answer),
        [desk = &m_desk, user = m_options.user](Lie) { return desk->probe(user); });
}

void FakeConnector::pull(const QString &cursor, Answer<PullPage> answer)
{
    begin<PullPage>(Ask::Pull, cursor, std::move(answer),
        [desk = &m_desk, options = m_options, before = m_pageBefore, cursor](
            Lie lie) -> Result<PullPage> {
            PullPage page = desk->page(options.user, cursor,
                lie == Lie::ShortPage ? 1 : options.pageSize, options.pullsWholeHistories);
            lieAboutPage(page, lie, cursor, *before, *desk);
            return page;
        });
}

void FakeConnector::fetch(const QString &ticket, bool wantsEntries, Answer<RemoteTicket> answer)
{
    begin<RemoteTicket>(Ask::Fetch, ticket, std::move(answer),
        [desk = &m_desk, user = m_options.user, ticket, wantsEntries](
            Lie lie) -> Result<RemoteTicket> {
            if (lie == Lie::SayGone)
                return RemoteTicket { .id = ticket, .presence = Presence::Gone };
            if (lie == Lie::SayHidden)
                return RemoteTicket { .id = ticket, .presence = Presence::Hidden };
            RemoteTicket found = desk->ticketFor(user, ticket, wantsEntries);
            if (lie == Lie::UnknownCode)
                lieAboutCodes(found);
            return found;
        });
}

void FakeConnector::push(const PushStep &step, Answer<PushOutcome> answer)
{
    const Calls call = callOf(step.kind);
    // A late message has had its number since it arrived; a late change is made as any other.
    const auto flight = std::make_shared<std::weak_ptr<Flight>>();
    begin<PushOutcome>(call,
        m_desk.isTracing() ? step.ticket + u' ' + step.operations.join(u'+') + u' '
                + QString::fromUtf8(QJsonDocument(step.fields).toJson(QJsonDocument::Compact))
                           : QString(),
        std::move(answer),
        [desk = &m_desk, user = m_options.user, step, flight](Lie lie) -> Result<PushOutcome> {
            if (lie == Lie::Reject || lie == Lie::SayGone || lie == Lie::SayHidden)
                return refusedBy(lie);
            const auto mine = flight->lock();
            if (mine && mine->reserved.number > 0)
                return desk->applyReserved(step, user, mine->reserved);
            return desk->apply(step, user);
        });
    *flight = m_open.rbegin()->second;
}

void FakeConnector::find(const PushStep &step, Answer<Found> answer)
{
    begin<Found>(Ask::Find,
        m_desk.isTracing() ? step.ticket + u' ' + step.operations.value(0) : QString(),
        std::move(answer),
        [desk = &m_desk, user = m_options.user, step](Lie) { return desk->look(step, user); });
}

void FakeConnector::download(const RemoteFile &file, qint64 limit, Answer<QByteArray> answer)
{
    begin<QByteArray>(Ask::Download, file.id, std::move(answer),
        [desk = &m_desk, id = file.id, limit](Lie) { return desk->bytesOf(id, limit); });
}

} // namespace tierline::test
