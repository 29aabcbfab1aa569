#include "app/cli/command.h"

#include "app/cli/terminal.h"
#include "core/base/unicode.h"

#include <QFile>

#include <atomic>
#include <csignal>
#include <cstdio>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {
std::atomic<bool> interrupted { false };
static_assert(std::atomic<bool>::is_always_lock_free, "a signal handler writes it");

void onInterrupt(int)
{
    interrupted = true;
    std::signal(SIGINT, SIG_DFL);
}
} // namespace

Environment::Environment(
    QString folder, QString as, bool json, const Clock &clock, RandomSource &random)
    : m_folder(std::move(folder))
    , m_as(std::move(as))
    , m_json(json)
    , m_clock(clock)
    , m_random(random)
    , m_began(clock.monotonic())
{
}

bool Environment::isInterrupted()
{
    static const bool isListening = std::signal(SIGINT, onInterrupt) != SIG_ERR;
    return isListening && interrupted;
}

Result<storage::Store *> Environment::store()
{
    if (!m_store) {
        auto opened = storage::Store::open(workspace(), m_clock);
        if (!opened)
            return opened.error();
        m_store = std::move(*opened);
    }
    return m_store.get();
}

Result<desk::Desk *> Environment::desk()
{
    if (!m_desk) {
        TIERLINE_TRY(opened, store());
        TIERLINE_TRY(made, desk::Desk::open(*opened, m_random, m_as));
        m_desk = std::move(made);
    }
    return &*m_desk;
}

void Environment::close()
{
    m_desk.reset();
    m_store.reset();
}

Result<QString> Environment::textFromInput(const QString &what) const
{
    constexpr qint64 most = 1 << 20;
    // A pipe gives its text in pieces; fread() goes on until it is full or there is no more.
    QByteArray bytes(most + 1, Qt::Uninitialized);
    bytes.truncate(static_cast<qsizetype>(
        std::fread(bytes.data(), 1, static_cast<size_t>(bytes.size()), stdin)));
    if (std::ferror(stdin))
        return badInput(
            u"Standard input cannot be read; %1 is taken from there."_s.arg(what), u"text"_s);
    if (bytes.size() > most)
        return badInput(u"%1 is longer than 1 MiB; write it shorter."_s.arg(what), u"text"_s);
    const QString text = validText(QByteArrayView(bytes)).trimmed();
    if (text.isEmpty())
        return badInput(u"%1 is empty; write it to standard input."_s.arg(what), u"text"_s);
    return text;
}

void Environment::progress(const QString &line)
{
    if (!isatty(fileno(stderr)) || m_clock.monotonic() - m_began < Millis(2000))
        return;
    const QByteArray utf8 = "\r" + line.leftJustified(70).toUtf8();
    std::fwrite(utf8.constData(), 1, static_cast<size_t>(utf8.size()), stderr);
    m_hasProgress = true;
}

void Environment::endProgress()
{
    if (std::exchange(m_hasProgress, false))
        printError({});
}

Result<QByteArray> readFile(const QString &name)
{
    constexpr qint64 largest = 16 << 20;
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        return notFound(u"%1 cannot be read: %2."_s.arg(name, file.errorString()));
    QByteArray bytes = file.read(largest + 1);
    if (bytes.size() > largest)
        return badInput(
            u"%1 is larger than 16 MiB: it is read as a whole, and no such file is."_s.arg(name));
    return bytes;
}

Answer outcomeAnswer(const commands::Outcome &outcome, const QString &sentence)
{
    const Ticket &ticket = outcome.state.ticket;
    return { { { u"ticket"_s, ticket.key }, { u"operation"_s, outcome.operation },
                 { u"status"_s, code(ticket.status) }, { u"tier"_s, ticket.tier },
                 { u"team"_s, ticket.team }, { u"assignee"_s, ticket.assignee },
                 { u"operations"_s, QJsonArray::fromStringList(outcome.queued) } },
        printable(ticket.key) + u": "_s + sentence + u'\n' };
}

} // namespace tierline::cli
