#include "tests/integration/rtschedules/rtside.h"

#include <QEventLoop>
#include <QTimer>

namespace tierline::test {

using namespace Qt::StringLiterals;

namespace {

constexpr int patienceMs = 150'000; ///< of a round, on a machine that is busy with other things

} // namespace

bool waitForEnd(QProcess &process, int ms)
{
    if (process.state() == QProcess::NotRunning)
        return true;
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
    return process.state() == QProcess::NotRunning;
}

void passTime(int ms)
{
    QEventLoop loop;
    QTimer::singleShot(ms, &loop, &QEventLoop::quit);
    loop.exec();
}

RtSide::RtSide(const RealRt &server, const QString &role, quint64 seed)
    : m_server(server)
    , m_role(role)
    , m_login(server.login(role))
    , m_proxy(static_cast<quint16>(QUrl(server.url()).port()), seed)
{
}

RtSide::~RtSide()
{
    killSync();
    if (m_process)
        m_process->waitForFinished();
}

QString RtSide::begin()
{
    const Ran made = m_cli.run({ u"init"_s });
    if (made.exitCode != 0)
        return QString::fromUtf8(made.told());
    // The live test of a new account goes through the proxy, whose loop must run meanwhile.
    QProcess adding;
    adding.start(CliRunner::program(),
        m_cli.globals()
            + QStringList { u"account"_s, u"add"_s, u"rt"_s, u"--name"_s, u"desk"_s, u"--url"_s,
                m_proxy.url().toString(), u"--secret-stdin"_s, u"--map"_s,
                u"L1 Frontline=L1/Frontline"_s, u"--map"_s, u"L2 Technical=L2/Technical"_s,
                u"--map"_s, u"L2 Billing=L2/Billing"_s, u"--map"_s,
                u"L3 Engineering=L3/Engineering"_s });
    adding.write(m_server.token(m_role));
    adding.closeWriteChannel();
    const bool hasEnded = waitForEnd(adding, patienceMs);
    return hasEnded && adding.exitCode() == 0
        ? QString()
        : u"no account: "_s + QString::fromUtf8(adding.readAllStandardError());
}

Ran RtSide::run(const QStringList &words, const QByteArray &input)
{
    m_outbox.reset();
    m_conflicts.reset();
    return m_cli.json(words, input);
}

void RtSide::startSync()
{
    m_round = {};
    m_outbox.reset();
    m_conflicts.reset();
    m_isKilled = false;
    m_process = std::make_unique<QProcess>();
    m_process->start(CliRunner::program(),
        m_cli.globals() + QStringList { u"--json"_s, u"sync"_s, u"--secrets-stdin"_s });
    m_process->write("{\"desk\":\"" + m_server.token(m_role) + "\"}");
    m_process->closeWriteChannel();
}

void RtSide::killSync()
{
    if (!isSyncing())
        return;
    m_isKilled = true;
    m_process->kill();
}

void RtSide::killLater(int ms)
{
    QTimer::singleShot(ms, m_process.get(), [this] { killSync(); });
}

void RtSide::cutOffLater(int ms)
{
    QTimer::singleShot(ms, m_process.get(), [this] {
        if (!isSyncing())
            return;
        m_proxy.refuseFor(Millis(300));
        m_proxy.cutAll();
    });
}

QString RtSide::endSync()
{
    if (!m_process)
        return {};
    if (!waitForEnd(*m_process, patienceMs)) {
        killSync();
        return u"the sync of %1 did not end"_s.arg(m_login);
    }
    const std::unique_ptr<QProcess> ended = std::move(m_process);
    m_outbox.reset();
    m_conflicts.reset();
    if (m_isKilled)
        return {};
    const Ran ran { ended->exitStatus() == QProcess::NormalExit ? ended->exitCode() : -1,
        ended->readAllStandardOutput(), QString::fromUtf8(ended->readAllStandardError()) };
    if (ran.exitCode != 1) // one that failed has nothing to say of what is still to come
        m_round = at(ran.json(), u"accounts"_s).toArray().first().toObject();
    const QString code = ran.exitCode == 0 ? QString() : at(ran.json(), u"error/code"_s).toString();
    static const QStringList ofTheWay { {}, u"offline"_s, u"timeout"_s, u"bad_reply"_s };
    if (ran.exitCode == -1 || !ofTheWay.contains(code))
        return u"the sync of %1: %2"_s.arg(m_login, QString::fromUtf8(ran.told()));
    return {};
}

bool RtSide::isQuiet() const
{
    return !m_round.isEmpty() && at(m_round, u"pulled/tickets"_s).toInt() == 0
        && at(m_round, u"pulled/messages"_s).toInt() == 0 && at(m_round, u"pushed"_s).toInt() == 0;
}

const QJsonArray &RtSide::outbox() const
{
    if (!m_outbox)
        m_outbox = m_cli.json({ u"outbox"_s, u"list"_s }).rows();
    return *m_outbox;
}

const QJsonArray &RtSide::conflicts() const
{
    if (!m_conflicts)
        m_conflicts = m_cli.json({ u"conflict"_s, u"list"_s }).rows();
    return *m_conflicts;
}

QJsonObject RtSide::ticket(const QString &key) const
{
    return m_cli.json({ u"ticket"_s, u"show"_s, key }).json();
}

} // namespace tierline::test
