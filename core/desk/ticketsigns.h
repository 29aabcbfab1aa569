#pragma once

#include "core/desk/reading.h"

namespace tierline::desk {

/// What a customer's words say beyond their matter.
enum class Sign : quint8 { Legal, Leaving, Manager, Person, Urgent, Unhappy };

/// What rules read of a ticket's words, and which words say so.
struct TicketSigns {
    struct Word {
        MessageId message;
        QString text; ///< as it is written there
        Sign sign = Sign::Urgent;
        bool operator==(const Word &) const = default;
    };
    QList<Sign> signs; ///< the gravest first; empty where nothing is remarkable
    qint64 urgency = 0; ///< 0 … 100
    qint64 sentiment = 0; ///< -100 … 100
    bool isRisky = false; ///< that this ends in a lost customer or a lawyer's letter
    std::vector<Word> words; ///< in the order of the thread
    bool operator==(const TicketSigns &) const = default;
};

/// The figures are those that rules read now (core/rules/life.h): mood and urgency of the customer's last words, the
/// rest since our last answer. The words are looked for in the same messages, the newest twenty at most. Empty for
/// tickets that are solved. Thread: any; reads no store. Cost: the log, and some 10 µs for a kilobyte of words.
TicketSigns signsOf(const TicketDetails &details, Instant now);

} // namespace tierline::desk
