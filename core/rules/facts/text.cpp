#include "core/rules/registry.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

void addTexts(FactTable &table)
{
    const auto group = u"text"_s;
    const auto changes = Change::Message | Change::Fields;
    table.add({ .id = u"text"_s,
        .group = group,
        .patterns = { u"text {is}"_s },
        .type = FactType::Text,
        .help
        = u"Subject and all that the customer wrote. What is asked not to be done is no mention."_s,
        .example = u"text mentions \"refund\" or \"chargeback\" or list \"legal words\""_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return Reading { .state = Reading::State::Value, .text = s.text };
        } });
    table.add({ .id = u"subject"_s,
        .group = group,
        .patterns = { u"subject {is}"_s },
        .type = FactType::Text,
        .help = u"The subject line."_s,
        .example = u"subject matches \"\\bINV-[0-9]+\""_s,
        .changes = Changes(Change::Fields),
        .read = [](const Subject &s, const Ask &) {
            return Reading { .state = Reading::State::Value, .text = s.ticket->subject };
        } });
    table.add({ .id = u"last-message"_s,
        .group = group,
        .patterns = { u"last message {is}"_s },
        .type = FactType::Text,
        .help = u"What the customer wrote last."_s,
        .example = u"last message does not mention \"thank*\""_s,
        .changes = Changes(Change::Message),
        .read = [](const Subject &s, const Ask &) {
            return Reading { .state = Reading::State::Value, .text = s.lastWords };
        } });
}

struct Yes {
    QString id;
    QStringList patterns;
    QString help;
    Reading (*read)(const Subject &, const Ask &);
};

void addYes(FactTable &table, const Yes &row)
{
    table.add({ .id = row.id,
        .group = u"text"_s,
        .patterns = row.patterns,
        .type = FactType::Flag,
        .help = row.help,
        .example = row.patterns.front(),
        .changes = Change::Signal | Change::Message,
        .read = row.read });
}

void addSigns(FactTable &table)
{
    addYes(table,
        { u"asks-for-human"_s, { u"asks for a human"_s, u"asks for human"_s },
            u"The customer asks for a person instead of a machine."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.asksForHuman); } });
    addYes(table,
        { u"asks-for-manager"_s, { u"asks for a manager"_s, u"asks for manager"_s },
            u"The customer asks for somebody higher."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.asksForManager); } });
    addYes(table,
        { u"churn-intent"_s, { u"churn intent"_s }, u"The customer speaks of leaving."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.churn); } });
    addYes(table,
        { u"legal-words"_s, { u"legal words"_s }, u"Lawyers, courts, authorities are named."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.legalWords); } });
    addYes(table,
        { u"bot-gave-up"_s, { u"bot gave up"_s }, u"The bot handed the customer over."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.botGaveUp); } });
    addYes(table,
        { u"revenue-loss"_s, { u"revenue loss"_s },
            u"The customer loses money through the issue."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.revenueLoss); } });
    addYes(table,
        { u"failed-payment"_s, { u"failed payment"_s, u"payment failed"_s },
            u"A payment of the customer failed."_s,
            [](const Subject &s, const Ask &) { return Reading::of(s.signs.failedPayment); } });
}

void addScores(FactTable &table)
{
    const auto group = u"text"_s;
    const auto changes = Change::Signal | Change::Message;
    table.add({ .id = u"urgency"_s,
        .group = group,
        .patterns = { u"urgency {is}"_s },
        .type = FactType::Number,
        .help = u"How urgent the words are, 0 to 100."_s,
        .example = u"urgency is at least 60"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.signs.urgency.hasValue() ? Reading::count(s.signs.urgency)
                                              : Reading::unknown();
        } });
    table.add({ .id = u"sentiment-score"_s,
        .group = group,
        .patterns = { u"sentiment score {is}"_s },
        .type = FactType::Number,
        .help = u"Mood of the words, -100 to 100."_s,
        .example = u"sentiment score is at most -50"_s,
        .changes = changes,
        .isOfMood = true,
        .read = [](const Subject &s, const Ask &) {
            return s.signs.sentiment.hasValue() ? Reading::count(s.signs.sentiment)
                                                : Reading::unknown();
        } });
    table.add({ .id = u"sentiment"_s,
        .group = group,
        .patterns = { u"sentiment {is}"_s },
        .type = FactType::Choice,
        .help = u"Mood of the words: negative, neutral or positive."_s,
        .example = u"sentiment is negative"_s,
        .changes = changes,
        .choices = { u"negative"_s, u"neutral"_s, u"positive"_s },
        .isOrdered = true,
        .isOfMood = true,
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.signs.mood); } });
    table.add({ .id = u"risk"_s,
        .group = group,
        .patterns = { u"escalation risk {is}"_s, u"risk {is}"_s },
        .type = FactType::Choice,
        .help = u"How likely the ticket is to be escalated: low, medium or high."_s,
        .example = u"escalation risk is high"_s,
        .changes = changes,
        .choices = { u"low"_s, u"medium"_s, u"high"_s },
        .isOrdered = true,
        .isOfMood = true,
        .read = [](const Subject &s, const Ask &) { return Reading::word(s.signs.risk); } });
    table.add({ .id = u"failed-logins"_s,
        .group = group,
        .patterns = { u"{count} failed logins|login"_s },
        .type = FactType::Number,
        .help = u"Failed sign-ins that another system reported."_s,
        .example = u"3 failed logins"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.signs.failedLogins.hasValue() ? Reading::count(s.signs.failedLogins)
                                                   : Reading::unknown();
        } });
    table.add({ .id = u"signals"_s,
        .group = group,
        .patterns = { u"signals|signal {is}"_s },
        .type = FactType::Names,
        .help = u"What another system reported: order-delay, known-bug …"_s,
        .example = u"signals include order-delay"_s,
        .changes = changes,
        .read = [](const Subject &s, const Ask &) {
            return s.signs.named.hasValue() ? Reading::set(*s.signs.named)
                : s.signs.named.isKnown()   ? Reading::set({})
                                            : Reading::unknown();
        } });
}

} // namespace

void factsText(FactTable &table)
{
    addTexts(table);
    addSigns(table);
    addScores(table);
}

} // namespace tierline::rules
