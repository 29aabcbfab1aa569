#pragma once

#include "core/base/instant.h"
#include "core/domain/ticket.h"

namespace tierline::handoff {

/// Somebody who wrote in a thread.
struct Writer {
    QString name;
    AuthorKind author = AuthorKind::Customer;
    int publicMessages = 0;
    int notes = 0;
    Instant first;
    Instant last;

    bool operator==(const Writer &) const = default;
};

/// What a thread says, made by plain rules and nothing else: counting, and picking sentences. Nothing
/// in it is rephrased or guessed.
struct ThreadSummary {
    std::vector<Writer> writers; ///< in the order of their first message
    int customer = 0; ///< messages by kind of author; notes are counted apart
    int agent = 0;
    int bot = 0;
    int notes = 0;
    QString firstCustomer; ///< first sentence of the first customer message, greetings skipped
    QString lastAgent; ///< last sentence of the last public agent message, sign-offs skipped
    QString lastCustomer; ///< the same of the last customer message
    /// Set where the customer wrote last: since when they wait.
    std::optional<Instant> waitingSince;
};

ThreadSummary summaryOf(const std::vector<Message> &messages);

/// What happened while a bot had the conversation.
struct BotPart {
    QString firstMessage; ///< the customer's first message to it, whole
    QStringList steps; ///< what the bot said, one line for each turn
    qsizetype brokeAt = -1; ///< index into the transcript; -1: it did not visibly break
    QString broke; ///< the words at which it broke
    QString why; ///< how that was seen, one sentence
    std::vector<Message>
        transcript; ///< from the first message to the customer's last word to the bot
};

/// Nothing where no bot took part.
std::optional<BotPart> botPartOf(const std::vector<Message> &messages);

} // namespace tierline::handoff
