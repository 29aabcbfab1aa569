#pragma once

#include "core/base/instant.h"
#include "core/domain/ticket.h"

namespace tierline::handoff {

/// Something an agent told the customer they would get by some time.
struct Promise {
    QString text; ///< the sentence
    QString found; ///< the words in it that made it a promise ("within 2 hours")
    QString author;
    Instant made;
    std::optional<Instant> due; ///< set where the words name a length of time, not a day

    bool operator==(const Promise &) const = default;
};

/// Promises that are still open at the end of the thread, newest message first: sentences that name a
/// time limit in public messages of ours, written by an agent or composed (the escalation's notice) ("within 2 hours", "by tomorrow", "innerhalb von 30 Minuten", "bis morgen",
/// "d'ici demain", "antes de mañana", "até amanhã" …). The next public message of a person keeps
/// all earlier ones; a composed one keeps none. Reads English, German,
/// French, Spanish and Portuguese; questions are no promises. Due is made + the length of time, on
/// the wall clock. O(length of those messages).
std::vector<Promise> openPromises(const std::vector<Message> &messages);

/// The sentences of a text, at most `limit`; quoted lines ("> …") and the line that
/// leads them in are left out.
QStringList sentencesOf(const QString &text, int limit = 200);

} // namespace tierline::handoff
