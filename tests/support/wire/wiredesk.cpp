#include "tests/support/wire/wiredesk.h"

#include "core/net/transport.h"

#include <QAbstractEventDispatcher>
#include <QCryptographicHash>
#include <QElapsedTimer>
#include <QLocale>
#include <QThread>

namespace tierline::test {

using namespace Qt::StringLiterals;

/// One request on its way through the desk.
struct WireDesk::Deed {
    WireRequest request;
    QString user;
    Calls call;
    Lie lie;
    int restarts = 0; ///< of the desk, when it left
    FakeDesk::Reserved reserved;
    SeededRandom random { 1 }; ///< decides what is left open about it
    Millis down { 1 };
};

namespace {

constexpr Millis beatEvery { 1'000 };
constexpr Millis inFlightLimit { 60'000 };
constexpr int mostBadTurns = 30; ///< of a second each

/// What a lie says of what is there; for the dialect.
Lie aboutContents(Lie lie)
{
    switch (lie.kind) {
    case Lie::Kind::Reject:
    case Lie::Kind::SayGone:
    case Lie::Kind::SayHidden:
    case Lie::Kind::DuplicatePage:
    case Lie::Kind::ShiftPage:
    case Lie::Kind::ShortPage:
    case Lie::Kind::RepeatCursor:
    case Lie::Kind::EmptyList:
    case Lie::Kind::UnknownCode: return lie;
    default: return Lie::Honest;
    }
}

} // namespace

WireDesk::WireDesk(FakeDesk &desk, std::unique_ptr<Dialect> dialect, const WireOptions &options)
    : m_desk(desk)
    , m_dialect(std::move(dialect))
    , m_options(options)
{
    m_server.onRequest = [this](const WireRequest &request) {
        m_arrived.push_back(request);
        m_arrived.back().operations = m_expected.value(m_dialect->ticketOf(request));
    };
    m_listener = desk.onRestart([this] { m_server.setListening(false); });
    desk.loop().setIdle([this] { return settle(); });
}

WireDesk::~WireDesk()
{
    m_desk.loop().setIdle({});
    m_desk.forgetRestart(m_listener);
}

void WireDesk::watch(net::Transport &transport)
{
    m_clients.push_back(&transport);
}

void WireDesk::forget(std::unique_ptr<net::Transport> transport)
{
    std::erase(m_clients, transport.get());
    transport.reset();
    // All that it did has been done: what left is here to be read, and the end behind it.
    while (turn(false)) { }
}

void WireDesk::beforeCall()
{
    m_server.setListening(
        !m_desk.isDown() && !m_desk.lies().isAlways(anyCall, Lie::RefuseConnection));
}

void WireDesk::expect(const QString &ticket, const QStringList &operations)
{
    m_expected[ticket] = operations;
}

// --- time

/// One turn of the event loop; whether anything happened in it.
bool WireDesk::turn(bool mayWait)
{
    QAbstractEventDispatcher *const events = QThread::currentThread()->eventDispatcher();
    return events->processEvents(
        mayWait ? QEventLoop::AllEvents | QEventLoop::WaitForMoreEvents : QEventLoop::AllEvents);
}

/// Whether all that clients have out lies here and waits for time.
bool WireDesk::isQuiet() const
{
    qsizetype out = 0, sending = 0;
    for (const net::Transport *client : m_clients) {
        out += client->load().running;
        sending += client->load().sending; // it has left, and its side does not know yet
    }
    return out == m_server.waiting() && sending == 0;
}

bool WireDesk::settle()
{
    beforeCall();
    bool hasMoved = false;
    const auto turns = [&] {
        while (turn(false))
            hasMoved = true;
    };
    turns();
    QElapsedTimer timer;
    timer.start();
    while (!isQuiet()) {
        hasMoved = true;
        turn(true);
        turns();
        if (timer.elapsed() > mostBadTurns * 1000)
            qFatal("Bytes are under way and do not arrive: %d requests wait here.",
                m_server.waiting());
    }
    if (!m_arrived.empty()) {
        hasMoved = true;
        // Two that left at once come in either order: not here.
        std::ranges::stable_sort(m_arrived, {}, [](const WireRequest &request) {
            return std::tuple(request.header("Authorization"), request.target, request.method);
        });
        for (const WireRequest &request : std::exchange(m_arrived, {}))
            begin(request);
    }
    beat();
    return hasMoved;
}

/// As long as somebody waits, time has a next instant, and clients look at their clock in it.
void WireDesk::beat()
{
    const bool isNeeded = std::ranges::any_of(m_clients, [](const net::Transport *client) {
        const auto load = client->load();
        return load.running + load.waiting > 0;
    });
    if (m_hasBeat || !isNeeded)
        return;
    m_hasBeat = true;
    m_desk.loop().after(beatEvery, [this, alive = std::weak_ptr(m_alive)] {
        if (alive.expired())
            return;
        m_hasBeat = false;
        for (net::Transport *client : m_clients)
            client->lookAtClock();
    });
}

// --- a request

void WireDesk::begin(const WireRequest &request)
{
    const auto deed = std::make_shared<Deed>();
    deed->request = request;
    deed->restarts = m_desk.restarts();
    const QByteArray words = request.method + ' ' + request.target + ' '
        + request.header("Authorization") + ' ' + request.body;
    const QByteArray key = QCryptographicHash::hash(
        words + QByteArray::number(++m_times[words]) + '/' + QByteArray::number(m_options.seed),
        QCryptographicHash::Md5);
    quint64 seed = 0;
    memcpy(&seed, key.constData(), sizeof seed);
    deed->random = SeededRandom(seed);
    const Millis up(1 + deed->random.below(m_options.slowest.count()));
    deed->down = Millis(1 + deed->random.below(m_options.slowest.count()));
    m_desk.loop().after(up, [this, deed, alive = std::weak_ptr(m_alive)] {
        if (!alive.expired())
            arrive(deed);
    });
}

void WireDesk::arrive(const DeedPtr &deed)
{
    if (deed->restarts != m_desk.restarts())
        return; // the server that it was sent to is gone
    deed->call = m_dialect->callOf(deed->request);
    deed->user = m_dialect->userOf(deed->request);
    deed->lie = m_desk.lies().take(deed->call);
    if (m_desk.isTracing()) {
        m_desk.trace(u"%1 %2 %3%4"_s.arg(deed->request.number)
                         .arg(QString::fromLatin1(deed->request.method),
                             QUrl::fromPercentEncoding(deed->request.target),
                             deed->lie == Lie::Honest ? QString() : u": "_s + deed->lie.text()));
    }
    for (const auto &action : m_desk.lies().arrived(deed->call))
        action();
    if (deed->restarts == m_desk.restarts())
        strike(deed);
}

void WireDesk::strike(const DeedPtr &deed)
{
    const Lie lie = deed->lie;
    if (!m_desk.takesToken() || deed->user.isEmpty() || lie == Lie::SignIn)
        return answer(deed, m_dialect->whenRefused(int(deed->random.below(3))));
    switch (lie.kind) {
    case Lie::Kind::RefuseConnection: // told of one request alone it is too late to refuse it
    case Lie::Kind::CutBeforeSend:
    case Lie::Kind::CutBeforeApply: return breakOff(deed, std::nullopt);
    case Lie::Kind::Hang: return;
    case Lie::Kind::TooMany:
        return answer(
            deed, m_dialect->error(429, lie.hasTime ? std::optional(lie.time) : std::nullopt));
    case Lie::Kind::Busy: return answer(deed, m_dialect->error(503, std::nullopt));
    case Lie::Kind::Broken: return answer(deed, m_dialect->error(500, std::nullopt));
    case Lie::Kind::RestartBeforeApply: return m_desk.restart(lie.time);
    case Lie::Kind::ApplyLate:
        deed->reserved = m_desk.reserve();
        breakOff(deed, std::nullopt);
        m_desk.loop().after(
            std::min(lie.time, inFlightLimit), [this, deed, alive = std::weak_ptr(m_alive)] {
                if (!alive.expired() && deed->restarts == m_desk.restarts())
                    served(deed);
            });
        return;
    default: break;
    }
    const WireAnswer right = served(deed);
    switch (lie.kind) {
    case Lie::Kind::ApplyThenDropAnswer: return breakOff(deed, right);
    case Lie::Kind::ApplyThenHang: return;
    case Lie::Kind::ApplyThenBroken: return answer(deed, m_dialect->error(500, std::nullopt));
    case Lie::Kind::RestartAfterApply: return m_desk.restart(lie.time);
    case Lie::Kind::Delay: return answerSlowly(deed, right, lie.time);
    // Nobody reads a second answer on a connection that ends behind the first.
    case Lie::Kind::AnswerTwice:
        return answer(deed, [right] {
            WireAnswer last = right;
            last.closes = true;
            return last;
        }());
    default: return answer(deed, right);
    }
}

WireAnswer WireDesk::served(const DeedPtr &deed) const
{
    WireAnswer right
        = m_dialect->serve(deed->request, deed->user, aboutContents(deed->lie), deed->reserved);
    if (m_desk.isTracing())
        m_desk.trace(u"%1 done: %2"_s.arg(deed->request.number).arg(right.status));
    return right;
}

// --- answers

net::Header WireDesk::date() const
{
    const QDateTime now = QDateTime::fromMSecsSinceEpoch(m_desk.now().ms, Qt::UTC);
    return { "Date",
        QLocale::c().toString(now, u"ddd, dd MMM yyyy hh:mm:ss"_s).toLatin1() + " GMT" };
}

void WireDesk::answer(const DeedPtr &deed, WireAnswer answer, Millis more)
{
    answer.headers.append(date());
    answer.isChunked = deed->random.below(2) == 0;
    answer.closes = answer.closes || deed->random.below(8) == 0;
    m_desk.loop().after(deed->down + more, [this, deed, answer, alive = std::weak_ptr(m_alive)] {
        if (alive.expired() || deed->restarts != m_desk.restarts())
            return; // its connection went down with the server
        m_server.put(deed->request.number, answer.head() + answer.tail());
        m_server.answered(deed->request.number, answer.closes);
    });
}

/// Right in the end; its headers come in two pieces with the delay between them.
void WireDesk::answerSlowly(const DeedPtr &deed, const WireAnswer &right, Millis more)
{
    countBreak(u"slow headers"_s);
    WireAnswer slow = right;
    slow.headers.append(date());
    const QByteArray bytes = slow.head() + slow.tail();
    const qsizetype half = slow.head().size() / 2;
    m_desk.loop().after(
        deed->down, [this, deed, bytes, half, more, alive = std::weak_ptr(m_alive)] {
            if (alive.expired() || deed->restarts != m_desk.restarts())
                return;
            m_server.put(deed->request.number, bytes.first(half));
            m_desk.loop().after(more, [this, deed, bytes, half, alive] {
                if (alive.expired() || deed->restarts != m_desk.restarts())
                    return;
                m_server.put(deed->request.number, bytes.mid(half));
                m_server.answered(deed->request.number, false);
            });
        });
}

/// The connection dies; of an answer that there was, some of it may have come.
void WireDesk::breakOff(const DeedPtr &deed, const std::optional<WireAnswer> &right)
{
    QByteArray bytes;
    bool isEnd = deed->random.below(2) == 0; // else a reset
    if (right) {
        WireAnswer wrong = *right;
        wrong.headers.append(date());
        const qint64 pick = m_cutAt ? -1 : deed->random.below(6);
        if (m_cutAt) {
            const QByteArray whole = wrong.head() + wrong.tail();
            m_lastCut = whole.size();
            bytes = whole.first(std::min(*m_cutAt, m_lastCut));
        } else if (pick == 0) {
            countBreak(u"half the headers"_s);
            bytes = wrong.head().first(wrong.head().size() / 2);
        } else if (pick == 1) {
            countBreak(u"half a body"_s);
            bytes = wrong.head() + wrong.body.first(wrong.body.size() / 2);
        } else if (pick == 2) {
            countBreak(u"half a chunked body"_s);
            wrong.isChunked = true;
            const QByteArray body = wrong.tail();
            bytes = wrong.head() + body.first(body.size() / 2);
        } else if (pick == 3) {
            countBreak(u"a length too long"_s);
            bytes = wrong.head().replace("Content-Length: ", "Content-Length: 9") + wrong.tail();
            isEnd = true;
        } else if (pick == 4) {
            countBreak(u"broken packing"_s);
            wrong.headers.append(net::Header { "Content-Encoding", "gzip" });
            wrong.body = gzipped(right->body);
            wrong.body = wrong.body.first(wrong.body.size() / 2) + "no more of it, but this";
            bytes = wrong.head() + wrong.tail();
            isEnd = true;
        }
    }
    if (bytes.isEmpty())
        countBreak(isEnd ? u"an end"_s : u"a reset"_s);
    m_desk.loop().after(deed->down, [this, deed, bytes, isEnd, alive = std::weak_ptr(m_alive)] {
        if (alive.expired() || deed->restarts != m_desk.restarts())
            return;
        if (!bytes.isEmpty())
            m_server.put(deed->request.number, bytes);
        if (isEnd)
            m_server.answered(deed->request.number, true);
        else
            m_server.reset(deed->request.number);
    });
}

} // namespace tierline::test
