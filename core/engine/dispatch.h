#pragma once

#include "core/base/backoff.h"
#include "core/engine/postage.h"
#include "core/storage/store.h"

#include <QSet>

namespace tierline::engine {

// The courier's side of the store: what is to be sent, and what becomes of what was. Nothing here speaks to a network.
// Thread: the store's.

struct DispatchTerms {
    Millis fallbackAfter { 300'000 }; ///< refused for so long: by mail, once (M120)
    Millis giveUpAfter { 86'400'000 };
    Millis lookAfter { 5'000 }; ///< what may have arrived is looked for after this
    int looks = 5; ///< so often; then it counts as sent, with a word about it
    Millis staleAfter {
        900'000
    }; ///< a telling of a ticket that was solved meanwhile is then dropped
    int perHour = 20; ///< direct notes to one person; beyond them a digest (W27). 0: no limit
    BackoffPolicy waits { .first = Millis(2'000), .factor = 2, .cap = Millis(600'000) };
};

/// One thing to do at one place now. Its row says Sending.
struct Parcel {
    Delivery delivery;
    notify::Telling telling;
    bool mayHaveArrived
        = false; ///< a program died in the middle of a try, or lost sight of it: look() first
};

/// Room at one way.
struct OpenWay {
    QString name;
    int room = 0; ///< so many more may be under way
    QSet<QString>
        underWay; ///< ids; a row that says Sending and is not here was left by a program that died
    QSet<QString> busy; ///< "topic\naddress" at which one of them is: one after another
};

struct Dispatched {
    std::vector<Parcel> parcels;
    std::optional<Instant>
        next; ///< when something is to be done that is not now; none: nothing waits
    bool hasMore = false;
};

/// Makes deliveries of what is to be told, and hands out those that are due and for which there is room. One
/// transaction, and none where there is nothing to do. What waits for a way that is not open stays as it is.
Result<Dispatched> dispatch(storage::Store &store, const notify::WayRegistry &kinds,
    const DispatchTerms &terms, const std::vector<OpenWay> &open, Instant now);

/// Keeps what became of a try: arrived, again later, by mail instead, never.
Result<Done> noteTold(storage::Store &store, const notify::WayRegistry &kinds,
    const DispatchTerms &terms, const QString &delivery, const notify::Told &told, Instant now,
    RandomSource &random);

/// What is listened to at a way: escalations that were told there and that nobody has taken.
Result<std::vector<notify::Open>> openAt(
    storage::Connection &connection, const QString &way, Instant now);

/// Whoever took an escalation where they were told of it has accepted it here: the first one, if they are an agent
/// with that mail address and may. How many were.
Result<int> takeHeard(storage::Store &store, RandomSource &random,
    const std::vector<notify::Heard> &heard, Instant now);

} // namespace tierline::engine
