#pragma once

#include "core/domain/delivery.h"
#include "core/domain/people.h"
#include "core/notify/api/card.h"
#include "core/notify/api/wayregistry.h"
#include "core/storage/connection.h"

namespace tierline::engine {

// Who is told what by which way: pure decisions over what is set up. What is kept, tried and given up is courier.h's.

/// All that routing needs, read once for several notices.
struct PostOffice {
    std::vector<Way> ways;
    std::vector<NoticeRoute> routes;
    const notify::WayRegistry &kinds;
    QList<Team> teams;
    QList<Agent> agents;

    /// Thread: the connection's.
    static Result<PostOffice> load(
        storage::Connection &connection, const notify::WayRegistry &kinds);
    const notify::WayKind *kindOf(const QString &way) const;
    const Agent *agent(const QString &id) const;
};

/// One place to tell something at.
struct PostAddress {
    QString way;
    QString address;
    QString receiver; ///< agent id where one person reads it there
    bool operator==(const PostAddress &) const = default;
};

/// Where what is for somebody goes, each place once. Routes to exactly this target come first; where there are none,
/// those for all of its kind; where there are none either:
/// - a channel goes the only way that reaches channels and takes its name, a mail the only way of mail,
/// - a pager or webhook the way of its name,
/// - an agent to their mail address, by the only way of mail,
/// - a team, where it has no group, to each of its active members as agents (M90: one shared post, else each once),
/// - a role to each who has it; leads also to admins where there is no lead. A tier goes nowhere without a route.
/// Empty: nobody can be reached but at their desktops.
std::vector<PostAddress> addressesFor(
    const PostOffice &office, NoticeTarget kind, const QString &target);

/// The deliveries that a notice becomes, with their ids. `topic` sets together what is told of one thing.
std::vector<Delivery> deliveriesFor(
    const PostOffice &office, const Notice &notice, const QString &topic, Instant now);

/// The mails that stand in for what another way refuses (M120): to the same receivers, else to the leads. One for each
/// thing told and mailbox, however many ways refuse it. Empty: there is no way of mail, or it was mail that refused.
std::vector<Delivery> fallbackFor(const PostOffice &office, const Delivery &refused,
    const std::optional<Notice> &notice, Instant now);

/// Ids of what no notice stands behind: that somebody has taken it or that it is over, told at a place; the digest of
/// a place in this hour.
QString actId(const Delivery &act);
QString digestId(const Delivery &digest, Instant now);

/// Whether a card may say more than the ticket's key there: of a confidential team only to those who see it.
bool mayReadThere(const PostOffice &office, const PostAddress &address, const QString &ticketTeam);

} // namespace tierline::engine
