#include "core/desk/session.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

// Stands for a desktop at work: a Session on a workspace, with its store thread, readers and feed,
// that runs one command after another and says `ack OPERATION KIND` on standard output for each that is
// acknowledged. Ends when standard input ends.
//
//   tierline_desktop_writer FOLDER SEED

using namespace tierline;
using namespace Qt::StringLiterals;

namespace {

class Writer : public QObject
{
public:
    Writer(desk::Session &session, quint64 seed)
        : m_session(session)
        , m_random(seed)
        , m_seed(seed)
    {
    }

    void next()
    {
        if (m_isStopping) {
            QCoreApplication::exit(0);
            return;
        }
        if (m_keys.isEmpty() || m_random.below(4) == 0) {
            perform(newTicket());
            return;
        }
        const QString key = m_keys[m_random.below(m_keys.size())];
        switch (m_random.below(4)) {
        case 0: perform(commands::Note { key, u"A note by seed %1."_s.arg(m_seed), {} }); break;
        case 1:
            perform(
                commands::Reply { key, u"An answer of some words, so that the thread grows."_s });
            break;
        case 2:
            perform(
                commands::SetFields { key, { { u"field.round"_s, QString::number(++m_round) } } });
            break;
        default: perform(escalation(m_keys.takeLast())); break;
        }
    }
    void stop() { m_isStopping = true; }

private:
    commands::CreateTicket newTicket()
    {
        commands::CreateTicket command;
        command.ticket.subject = u"Written at a desk, seed %1"_s.arg(m_seed);
        command.ticket.channel = u"email"_s;
        command.requester = { .name = u"Dana"_s, .email = u"dana@example.org"_s };
        command.text = u"It stopped working this morning and nothing helps."_s;
        return command;
    }
    commands::Escalate escalation(const QString &key)
    {
        commands::Escalate command {
            .ticket = key, .toTier = u"L2"_s, .reason = u"beyond-skill"_s
        };
        command.form = { .summary = u"It stopped working."_s,
            .tried = { u"A restart"_s },
            .expected = u"It works"_s };
        return command;
    }

    template<typename Command>
    void perform(const Command &command)
    {
        m_session.run(command).then(this, [this](const Result<commands::Outcome> &outcome) {
            if (!outcome) {
                std::fprintf(stderr, "%s\n", qPrintable(outcome.error().detail));
                QCoreApplication::exit(4);
                return;
            }
            const EventKind kind = outcome->events.front().kind;
            if (kind == EventKind::Created)
                m_keys.append(outcome->state.ticket.key);
            std::printf("ack %s %s\n", qPrintable(outcome->operation), qPrintable(code(kind)));
            std::fflush(stdout);
            next();
        });
    }

    desk::Session &m_session;
    SeededRandom m_random;
    quint64 m_seed;
    QStringList m_keys; ///< tickets of this writer that are still at L1
    int m_round = 0; ///< a value that is never there already: what changes nothing is no event
    bool m_isStopping = false;
};

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    const SystemClock clock;
    SystemRandom random;
    desk::Session session(storage::Workspace(words.value(1)), clock, random);
    Writer writer(session, words.value(2).toULongLong());
    QObject::connect(&session, &desk::Session::writable, &writer, [&writer] { writer.next(); });
    QObject::connect(&session, &desk::Session::failed, &writer, [](const Error &error) {
        std::fprintf(stderr, "%s\n", qPrintable(error.detail));
        QCoreApplication::exit(3);
    });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &writer, [&writer, &input] {
        char byte = 0;
        if (read(STDIN_FILENO, &byte, 1) <= 0) {
            input.setEnabled(false);
            writer.stop();
        }
    });
    session.open();
    return QCoreApplication::exec();
}
