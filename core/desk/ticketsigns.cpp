#include "core/desk/ticketsigns.h"

#include "core/rules/life.h"
#include "core/triage/reader.h"

namespace tierline::desk {

namespace {

constexpr qint64 urgentFrom = 50;
constexpr size_t mostMessages = 20;
constexpr size_t mostSignWords = 200;

bool isCustomers(const Message &message)
{
    return message.author == AuthorKind::Customer && message.kind == MessageKind::PublicReply;
}

/// What the customer has said since our last answer; where that is nothing, their last words.
std::vector<const Message *> openWords(const std::vector<Message> &messages)
{
    std::vector<const Message *> open;
    for (auto message = messages.rbegin(); message != messages.rend(); ++message) {
        if (isCustomers(*message) && open.size() < mostMessages)
            open.insert(open.begin(), &*message);
        else if (message->author == AuthorKind::Agent && message->kind == MessageKind::PublicReply
            && !open.empty())
            break;
    }
    return open;
}

std::optional<Sign> signOf(triage::Meaning meaning)
{
    switch (meaning) {
    case triage::Meaning::Legal: return Sign::Legal;
    case triage::Meaning::Churn: return Sign::Leaving;
    case triage::Meaning::Manager: return Sign::Manager;
    case triage::Meaning::Human: return Sign::Person;
    case triage::Meaning::Urgency: return Sign::Urgent;
    case triage::Meaning::Negative: return Sign::Unhappy;
    default: return std::nullopt;
    }
}

void addWords(TicketSigns &signs, const Message &message, bool isLast)
{
    const triage::Signs read = triage::TextReader::shared().read(message.text);
    for (const triage::Evidence &evidence : read.evidence) {
        const auto sign = signOf(evidence.meaning);
        const bool isOfLast = sign == Sign::Urgent || sign == Sign::Unhappy;
        if (!sign || !signs.signs.contains(*sign) || (isOfLast && !isLast)
            || signs.words.size() >= mostSignWords)
            continue;
        signs.words.push_back(
            { message.id, message.text.mid(evidence.start, evidence.length), *sign });
    }
}

} // namespace

TicketSigns signsOf(const TicketDetails &details, Instant now)
{
    TicketSigns signs;
    if (isSolved(details.state.ticket.status) || details.state.ticket.status == Status::Deleted)
        return signs;
    rules::LifeFrame frame;
    frame.reader = &triage::TextReader::shared();
    rules::TicketLife life(frame);
    life.begin(details.state.ticket.id, {}, [&details](MessageId id) {
        const auto found = std::ranges::find(details.messages, id, &Message::id);
        return found == details.messages.end() ? QString() : found->text;
    });
    for (const Event &event : details.events)
        life.apply(event);
    if (life.isEmpty())
        return signs;
    constexpr rules::Parts parts
        = rules::Parts(rules::Part::Signs) | rules::Parts(rules::Part::Mood);
    const rules::Signals &told = life.at(std::max(now, life.knownAt()), parts).signs;
    const auto holds = [](const rules::Told<bool> &fact) { return fact.hasValue() && *fact; };
    signs.urgency = told.urgency.hasValue() ? *told.urgency : 0;
    signs.sentiment = told.sentiment.hasValue() ? *told.sentiment : 0;
    signs.isRisky = told.risk.hasValue() && *told.risk == u"high";
    const std::pair<Sign, bool> all[] = { { Sign::Legal, holds(told.legalWords) },
        { Sign::Leaving, holds(told.churn) }, { Sign::Manager, holds(told.asksForManager) },
        { Sign::Person, holds(told.asksForHuman) }, { Sign::Urgent, signs.urgency >= urgentFrom },
        { Sign::Unhappy, told.mood.hasValue() && *told.mood == u"negative" } };
    for (const auto &[sign, isThere] : all) {
        if (isThere)
            signs.signs.append(sign);
    }
    if (signs.signs.isEmpty())
        return signs;
    const std::vector<const Message *> open = openWords(details.messages);
    for (const Message *message : open)
        addWords(signs, *message, message == open.back());
    return signs;
}

} // namespace tierline::desk
