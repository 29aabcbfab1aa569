#pragma once

#include "core/connectors/rt/rtconnector.h"
#include "tests/support/syncrig/enginerig.h"
#include "tests/support/wire/rtdialect.h"
#include "tests/support/wire/wireconnector.h"

namespace tierline::test {

/// A desk behind bytes in the dialect of Request Tracker, and the real connector to it.
struct RtOverWire {
    FakeDesk &desk;
    connectors::Kind kind = connectors::rt::rtKind();
    WireDesk wire;

    explicit RtOverWire(FakeDesk &truth)
        : desk(truth)
        , wire(truth,
              std::make_unique<RtDialect>(
                  truth, RtDialectOptions { .hasReference = truth.options().keepsOperations }),
              { .seed = truth.options().seed })
    {
    }

    SideOptions side(const QString &user = QStringLiteral("7"))
    {
        return { .seed = desk.options().seed,
            .user = user,
            .makeConnector = [this, user](quint64 seed) {
                return std::make_unique<WireConnector>(wire, kind, user, rtAccountOptions(), seed);
            } };
    }
};

/// The contract's client, the whole way down to the bytes.
class RtWireRig final : private RtOverWire, public EngineRig
{
public:
    explicit RtWireRig(FakeDesk &desk)
        : RtOverWire(desk)
        , EngineRig(desk, side())
    {
    }
};

} // namespace tierline::test
