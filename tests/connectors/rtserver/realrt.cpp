#include "tests/connectors/rtserver/realrt.h"

#include <QProcess>
#include <QTcpServer>

using namespace Qt::StringLiterals;

namespace tierline::test {

using namespace connectors;

namespace {

const QString scripts = QStringLiteral(TIERLINE_SOURCE_DIR "/tests/support/rt/");

net::TransportSettings settingsFor(const QString &url)
{
    net::TransportSettings settings { .base = *net::BaseUrl::parse(url) };
    settings.pace = rt::rtKind().pace;
    return settings;
}

} // namespace

RealRt::~RealRt()
{
    if (m_isUp)
        run(u"stop-rt"_s, { u"--work-dir"_s, m_folder.filePath(u"rt"_s), u"--purge"_s }, 60,
            nullptr);
}

bool RealRt::run(const QString &script, const QStringList &arguments, int seconds, QByteArray *out)
{
    QProcess process;
    process.start(scripts + script, arguments);
    // The loop goes on: a test's own proxies live in it.
    QEventLoop loop;
    QObject::connect(&process, &QProcess::finished, &loop, &QEventLoop::quit);
    QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
    if (process.state() != QProcess::NotRunning)
        loop.exec();
    const bool hasEnded = process.state() == QProcess::NotRunning;
    if (out)
        *out = process.readAllStandardOutput();
    m_error = QString::fromUtf8(process.readAllStandardError()).right(500);
    if (!hasEnded)
        process.kill();
    return hasEnded && process.exitCode() == 0;
}

QString RealRt::start(int tickets)
{
    QTcpServer probe;
    if (!m_folder.isValid() || !probe.listen(QHostAddress::LocalHost))
        return u"no folder or no port"_s;
    m_port = QString::number(probe.serverPort());
    probe.close();
    const QString folder = m_folder.filePath(u"rt"_s);
    QByteArray printed;
    if (!run(u"start-rt"_s,
            { u"--port"_s, m_port, u"--work-dir"_s, folder, u"--no-mail"_s, u"--workers"_s, u"3"_s,
                u"--no-install"_s },
            180, &printed)) {
        return m_error.contains("not installed"_L1) ? u"skip: "_s + m_error : m_error;
    }
    m_isUp = true;
    for (const QString &line : QString::fromUtf8(printed).split(u'\n', Qt::SkipEmptyParts))
        m_values.insert(line.section(u'=', 0, 0), line.section(u'=', 1));
    if (tickets > 0
        && !run(u"seed-rt"_s,
            { u"--work-dir"_s, folder, u"--via"_s, u"direct"_s, u"--count"_s,
                QString::number(tickets), u"--quiet"_s },
            180 + tickets / 5, nullptr))
        return m_error;
    return {};
}

QString RealRt::halt()
{
    return run(u"stop-rt"_s, { u"--work-dir"_s, m_folder.filePath(u"rt"_s) }, 60, nullptr)
        ? QString()
        : m_error;
}

QString RealRt::resume()
{
    return run(u"start-rt"_s,
               { u"--port"_s, m_port, u"--work-dir"_s, m_folder.filePath(u"rt"_s), u"--no-mail"_s,
                   u"--workers"_s, u"3"_s, u"--no-install"_s },
               180, nullptr)
        ? QString()
        : m_error;
}

QByteArray RealRt::token(const QString &role) const
{
    return m_values.value(role.isEmpty() ? u"RT_TOKEN"_s : u"RT_TOKEN_"_s + role).toLatin1();
}

QString RealRt::revokeTokens(const QString &role)
{
    return run(u"token-rt"_s,
               { u"--work-dir"_s, m_folder.filePath(u"rt"_s), u"revoke"_s, login(role) }, 60,
               nullptr)
        ? QString()
        : m_error;
}

QString RealRt::renewToken(const QString &role)
{
    QByteArray printed;
    if (!run(u"token-rt"_s, { u"--work-dir"_s, m_folder.filePath(u"rt"_s), u"new"_s, login(role) },
            60, &printed))
        return m_error;
    const QString token = QString::fromLatin1(printed).trimmed().section(u'=', 1);
    if (token.isEmpty())
        return u"no token was printed"_s;
    m_values.insert(role.isEmpty() ? u"RT_TOKEN"_s : u"RT_TOKEN_"_s + role, token);
    return {};
}

QString RealRt::login(const QString &role) const
{
    return m_values.value(role.isEmpty() ? u"RT_USER"_s : u"RT_USER_"_s + role);
}

RtLogin::RtLogin(const RealRt &server, const QString &role, std::map<QString, QString> options,
    const QByteArray &token)
    : transport(settingsFor(server.url()), clock, random)
{
    account.name = u"desk"_s;
    account.type = u"rt"_s;
    account.url = QUrl(server.url());
    account.options = std::move(options);
    const Kind kind = rt::rtKind();
    const Secret secret = Secret::take(token.isEmpty() ? server.token(role) : QByteArray(token));
    account.user = kind.userOf(secret);
    transport.setCredentials(kind.credentials(account, secret));
    connector = kind.make(account, transport, clock, random);
}

Result<Probe> RtLogin::probe()
{
    return wait<Probe>([this](Answer<Probe> answer) { connector->probe(std::move(answer)); });
}

Result<PullPage> RtLogin::pull(const QString &cursor)
{
    return wait<PullPage>(
        [&](Answer<PullPage> answer) { connector->pull(cursor, std::move(answer)); });
}

Result<RemoteTicket> RtLogin::fetch(const QString &ticket, bool wantsEntries)
{
    return wait<RemoteTicket>([&](Answer<RemoteTicket> answer) {
        connector->fetch(ticket, wantsEntries, std::move(answer));
    });
}

Result<PushOutcome> RtLogin::push(const PushStep &step)
{
    return wait<PushOutcome>(
        [&](Answer<PushOutcome> answer) { connector->push(step, std::move(answer)); });
}

Result<Found> RtLogin::find(const PushStep &step)
{
    return wait<Found>([&](Answer<Found> answer) { connector->find(step, std::move(answer)); });
}

Result<QByteArray> RtLogin::download(const RemoteFile &file, qint64 limit)
{
    return wait<QByteArray>(
        [&](Answer<QByteArray> answer) { connector->download(file, limit, std::move(answer)); });
}

RtLogin::Pulled RtLogin::pullAll(QString &cursor)
{
    Pulled pulled;
    for (; pulled.pages < 500; ++pulled.pages) {
        auto page = pull(cursor);
        if (!page) {
            pulled.error = page.error().detail;
            return pulled;
        }
        for (RemoteTicket &ticket : page->tickets)
            pulled.tickets[ticket.id] = std::move(ticket);
        if (page->census)
            pulled.census.push_back(*page->census);
        pulled.setAside += page->setAside;
        cursor = page->cursor;
        if (page->isLast)
            return pulled;
    }
    pulled.error = u"no end"_s;
    return pulled;
}

RtLogin::Raw RtLogin::rawWith(net::Method method, const QStringList &path,
    const QJsonDocument &body, const net::QueryItems &query)
{
    net::Request request;
    request.method = method;
    request.url = transport.base().at(QStringList { u"REST"_s, u"2.0"_s } + path, query);
    if (!net::isSafe(method)) {
        request.contentType = "application/json";
        request.body = body.toJson(QJsonDocument::Compact);
    }
    std::unique_ptr<net::Call> call;
    const auto answer = waitFor<net::Answer>(
        [&](const std::function<void(Result<net::Answer>)> &done) {
            call = transport.send(
                std::move(request), [done](net::Answer got) { done(std::move(got)); });
        },
        Millis(60'000));
    Raw result;
    if (!answer || !answer->response)
        return result;
    result.status = answer->response->status;
    result.location = answer->response->header("Location");
    result.json = QJsonDocument::fromJson(answer->response->body);
    return result;
}

QString RtLogin::create(const QJsonObject &more)
{
    QJsonObject body { { u"Queue"_s, u"L1 Frontline"_s }, { u"Subject"_s, u"Printer on fire"_s },
        { u"Requestor"_s, u"mia@kestrel.example"_s }, { u"Content"_s, u"It burns.\n\nReally."_s },
        { u"ContentType"_s, u"text/plain"_s }, { u"Priority"_s, 30 } };
    for (auto item = more.constBegin(); item != more.constEnd(); ++item)
        body.insert(item.key(), item.value());
    const Raw made = raw(net::Method::Post, { u"ticket"_s }, body);
    return made.status == 201 ? made.json.object().value("id"_L1).toString() : QString();
}

PushStep step(
    PushStep::Kind kind, const QString &ticket, const QString &operation, const RemoteUser &as)
{
    PushStep step;
    step.kind = kind;
    step.ticket = ticket;
    step.operations = { operation };
    step.queued = SystemClock().now();
    step.as = as;
    return step;
}

} // namespace tierline::test
