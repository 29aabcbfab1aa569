#include "core/desk/engineservice.h"
#include "core/desk/session.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

// Stands for a desktop whose rules run: a Session on a workspace with its engine started, and nothing else. Ends when
// standard input ends.
//
//   tierline_engine_desk FOLDER

using namespace tierline;

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const SystemClock clock;
    SystemRandom random;
    desk::Session session(
        storage::Workspace(QCoreApplication::arguments().value(1)), clock, random);
    QObject::connect(&session, &desk::Session::failed, &app, [](const Error &error) {
        std::fprintf(stderr, "%s\n", qPrintable(error.detail));
        QCoreApplication::exit(3);
    });
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &app, [&input] {
        char byte = 0;
        if (read(STDIN_FILENO, &byte, 1) <= 0) {
            input.setEnabled(false);
            QCoreApplication::exit(0);
        }
    });
    session.engine().start({});
    session.open();
    return QCoreApplication::exec();
}
