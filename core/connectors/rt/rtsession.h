#pragma once

#include "core/connectors/api/registry.h"
#include "core/connectors/rt/rtdirectory.h"

#include <QSet>

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
    /// Tickets of which some part could not be read again and again: they are taken without it.
    QSet<QString> resigned;
};

} // namespace tierline::connectors::rt
