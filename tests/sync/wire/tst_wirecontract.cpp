#include "tests/sync/wire/wirerig.h"

#include <QCoreApplication>
#include <QTest>

// The list that every connector's sync must pass, run with the real connector, the real transport and the
// real engine and store, against a desk that lies in bytes.

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

int main(int argc, char **argv)
{
    QCoreApplication app(argc, argv);
    DeskOptions late = rtDesk(false);
    late.lateCommitPercent = 15;
    late.repliesOpen = true;
    const std::vector<RemoteKind> kinds {
        { .name = u"rt"_s, .desk = rtDesk(), .connector = {}, .triesAgain = 26h },
        // No field for our ids, rows that show late, and replies that open tickets.
        { .name = u"rt as it comes"_s, .desk = late, .connector = {}, .triesAgain = 26h },
    };
    ConnectorContract contract(
        [](FakeDesk &desk, const RemoteKind &) {
            return std::unique_ptr<ContractRig>(std::make_unique<RtWireRig>(desk));
        },
        kinds);
    return QTest::qExec(&contract, argc, argv);
}
