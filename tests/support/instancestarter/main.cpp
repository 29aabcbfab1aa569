#include "app/desktop/singleinstance.h"

#include <QCoreApplication>
#include <QSocketNotifier>

#include <cstdio>
#include <unistd.h>

// Stands for a desktop that is started: waits for a line on standard input, so that several can start
// in the same instant, and then says `first` and, for each request that arrives, `asked TICKET`; or
// `handed` and ends. The first ends when its standard input does.
//
//   tierline_instance_starter SOCKET LOCK TICKET

using namespace tierline;
using ui::SingleInstance;

namespace {

void say(const char *word, const QString &more = {})
{
    std::printf("%s%s%s\n", word, more.isEmpty() ? "" : " ", qPrintable(more));
    std::fflush(stdout);
}

} // namespace

int main(int argc, char *argv[])
{
    QCoreApplication app(argc, argv);
    const QStringList words = QCoreApplication::arguments();
    SingleInstance instance(words.value(1), words.value(2));
    QObject::connect(&instance, &SingleInstance::asked, &app,
        [](const QString &ticket) { say("asked", ticket); });
    say("ready");
    char byte = 0;
    while (byte != '\n') {
        if (read(STDIN_FILENO, &byte, 1) <= 0)
            return 5;
    }
    const auto start = instance.start(words.value(3));
    if (!start) {
        say("failed", start.error().detail);
        return 1;
    }
    if (*start == SingleInstance::Start::HandedOver) {
        say("handed");
        return 0;
    }
    say("first");
    QSocketNotifier input(STDIN_FILENO, QSocketNotifier::Read);
    QObject::connect(&input, &QSocketNotifier::activated, &app, [&input] {
        char ignored = 0;
        if (read(STDIN_FILENO, &ignored, 1) <= 0) {
            input.setEnabled(false);
            QCoreApplication::quit();
        }
    });
    return QCoreApplication::exec();
}
