#pragma once

#include "core/domain/firing.h"

#include <QMap>

namespace tierline {

/// A way to people over a network, as somebody set it up (core/notify/api/wayregistry.h knows the kinds). Never a secret.
struct Way {
    QString name; ///< short, unique; first part of what routes say
    QString type; ///< WayKind::type
    QString url; ///< where its kind wants one
    QString user;
    QMap<QString, QString> options;
    QByteArray authorities; ///< PEM
    QString problem; ///< why nothing goes out until a person sees to it; empty: it does
    Instant created; ///< set up, or set up anew: whoever has it open takes its secret anew
    bool operator==(const Way &) const = default;
};

/// Where what is for somebody goes, besides their desktop (M89). Of several all are taken.
struct NoticeRoute {
    NoticeTarget kind = NoticeTarget::Team;
    QString
        target; ///< agent, team, tier, role, "#channel", pager; empty: all of that kind that have no route of their own
    QString way; ///< Way::name
    QString address; ///< in the way's own terms
    bool operator==(const NoticeRoute &) const = default;
};

/// One thing that is to reach one address by one way. What was told at an address about one topic is told there again
/// by changing it, where the way can.
struct Delivery {
    enum class State : quint8 {
        Waiting = 0, ///< for `next`
        Sending
        = 1, ///< a try is under way, or was when the program died: looked for before the next one
        Sent = 2,
        Refused = 3, ///< never as it is: `error` says why
        GivenUp = 4, ///< tried for a day
        Digest = 5, ///< over its receiver's budget: told with others at the end of the hour
        Dropped = 6, ///< in vain before it went: the ticket was taken, or a person said so
    };
    enum class Act : quint8 { Tell = 0, Acknowledge = 1, Resolve = 2 };

    QString id; ///< UUID, made of what is told, to whom and by which way: it cannot be there twice
    qint64 notice = 0; ///< 0: none stands behind it: an acknowledgement, a resolution, a digest
    TicketId ticket;
    QString topic; ///< UUID: the escalation, else the firing
    QString way;
    QString address;
    QString receiver; ///< agent id where one person reads it there; empty: a group
    Act act = Act::Tell;
    State state = State::Waiting;
    bool isUrgent = false;
    bool isFallback = false; ///< by mail, for what another way refused for five minutes (M120)
    Instant made;
    std::optional<Instant> next; ///< not before; with Waiting and Digest
    int attempts = 0;
    int looks = 0; ///< so often it was looked whether a try had arrived
    std::optional<Instant> refusedSince; ///< the first try that failed
    std::optional<Instant> sent;
    QString receipt; ///< of the way, for later tellings of the topic there
    QString error; ///< of the last try
    bool operator==(const Delivery &) const = default;
};
QString code(Delivery::State state);
QString code(Delivery::Act act);

} // namespace tierline
