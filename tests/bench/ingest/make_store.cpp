#include "tests/support/bigstore/bigstore.h"

#include <QCoreApplication>

#include <cstdio>

/// make_store N DIR [SEED]: a workspace with N generated tickets.
int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    const QStringList arguments = app.arguments();
    const qint64 tickets = arguments.value(1).toLongLong();
    if (arguments.size() < 3 || tickets < 1) {
        std::fputs("Usage: make_store N DIR [SEED]\n", stderr);
        return 2;
    }
    const auto made = tierline::test::makeStore(
        arguments[2], tickets, arguments.value(3, QStringLiteral("1")).toULongLong());
    if (!made) {
        std::fprintf(stderr, "%s\n", qPrintable(made.error().detail));
        return 1;
    }
    std::printf("%lld tickets in %s\n", static_cast<long long>(tickets), qPrintable(arguments[2]));
    return 0;
}
