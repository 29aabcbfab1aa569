#pragma once

#include "core/connectors/api/registry.h"
#include "core/connectors/rt/rtdirectory.h"

namespace tierline::connectors::rt {

/// What every piece of work on one account needs; lives as long as its connector.
struct Session {
    Session(const AccountConfig &account, net::Transport &transport, const Clock &clock)
        : user(account.user)
        , mapping(Mapping::fromOptions(account.options, &problems))
        , clock(clock)
        , client(transport, clock)
        , directory(client, clock)
    {
    }

    QString user; ///< login, or the number that a token names; may be empty
    QStringList problems; ///< with the settings
    Mapping mapping;
    const Clock &clock;
    RtClient client;
    RtDirectory directory;
};

} // namespace tierline::connectors::rt
