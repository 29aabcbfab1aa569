#include "tests/support/syncrig/enginerig.h"

#include <QCoreApplication>
#include <QTest>

// The list that every connector's sync must pass, run with the real engine and a real store.

using namespace tierline;
using namespace tierline::test;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    ConnectorContract contract([](FakeDesk &desk, const RemoteKind &kind) {
        return std::unique_ptr<ContractRig>(std::make_unique<EngineRig>(
            desk, SideOptions { .seed = desk.options().seed, .connector = kind.connector }));
    });
    return QTest::qExec(&contract, argc, argv);
}
