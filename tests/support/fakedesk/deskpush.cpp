#include "tests/support/fakedesk/fakedesk.h"

// The writing half of the server. It repeats what it is told as often as it is told: only a client can
// keep a message from being there twice.

namespace tierline::test {

using namespace Qt::StringLiterals;
using connectors::Presence;
using connectors::PushOutcome;
using connectors::PushStep;
using connectors::RemoteEntry;
namespace field = connectors::field;

namespace {

PushOutcome refused(const QString &sentence)
{
    return { .state = PushOutcome::State::Refused, .sentence = sentence };
}

} // namespace

PushOutcome FakeDesk::apply(const PushStep &step, const QString &user)
{
    return applyReserved(step, user, reserve());
}

PushOutcome FakeDesk::applyReserved(
    const PushStep &step, const QString &user, const Reserved &reserved)
{
    Ticket *const ticket = find(step.ticket);
    const bool isThere = ticket && ticket->shown.presence != Presence::Gone;
    // Out of sight by an earlier attempt at this very move: that is what was wanted.
    if (isThere && !isSeenBy(*ticket, user) && step.mayBeDone && step.fields.contains(field::place))
        return { .state = PushOutcome::State::Done, .isOutOfSight = true };
    if (!isThere || !isSeenBy(*ticket, user))
        return refused(u"There is no ticket %1 that you may see."_s.arg(step.ticket));
    if (ticket->shown.presence == Presence::Deleted)
        return refused(u"Ticket %1 was deleted."_s.arg(step.ticket));
    if (ticket->shown.presence == Presence::Merged)
        return refused(
            u"Ticket %1 was merged into %2."_s.arg(step.ticket, ticket->shown.mergedInto));
    settle(ticket->number, reserved.number);
    return step.kind == PushStep::Kind::Fields ? applyFields(step, user, *ticket)
                                               : applyMessage(step, user, *ticket, reserved);
}

PushOutcome FakeDesk::applyMessage(
    const PushStep &step, const QString &user, Ticket &ticket, const Reserved &reserved)
{
    const QString place = ticket.shown.fields.value(field::place).toString();
    if (!rightsOf(user, place).writes)
        return refused(u"You may not write in %1."_s.arg(place));
    const bool isReply = step.kind == PushStep::Kind::Reply;
    Entry &entry = addEntry(ticket, reserved, user);
    auto files = step.files;
    keepFiles(files);
    entry.shown.message
        = RemoteEntry::Text { isReply ? MessageKind::PublicReply : MessageKind::InternalNote,
              mended(step.text), step.html, files };
    if (m_options.keepsOperations)
        entry.shown.operation = step.operations.value(0);
    entry.madeBy = step.operations;
    const QString id = entry.shown.id;
    for (const QString &operation : step.operations)
        ++m_applied[operation][(isReply ? u"reply "_s : u"note "_s) + step.text];
    if (isReply && m_options.repliesOpen) {
        const QString status = ticket.shown.fields.value(field::status).toString();
        if (status != u"open" && status != u"hold" && status != u"closed")
            setFields(ticket, reserve(rowsOfChange()), user, { { field::status, u"open"_s } }, {});
    }
    PushOutcome outcome = outcomeFor(ticket, user);
    outcome.entry = id;
    return outcome;
}

PushOutcome FakeDesk::applyFields(const PushStep &step, const QString &user, Ticket &ticket)
{
    if (m_options.hasVersions && !step.version.isEmpty() && step.version != ticket.shown.version) {
        PushOutcome stale = outcomeFor(ticket, user);
        stale.state = PushOutcome::State::Stale;
        stale.sentence = u"Somebody changed ticket %1 meanwhile."_s.arg(step.ticket);
        return stale;
    }
    QJsonObject allowed;
    QStringList sentences;
    for (auto it = step.fields.begin(); it != step.fields.end(); ++it) {
        const QString sentence = refusal(ticket, user, it.key(), it.value());
        if (sentence.isEmpty())
            allowed.insert(it.key(), it.value());
        else
            sentences.append(sentence);
    }
    if (sentences.isEmpty() || m_options.appliesPartly)
        setFields(ticket, reserve(rowsOfChange()), user, allowed, step.operations);
    PushOutcome outcome = outcomeFor(ticket, user);
    if (!sentences.isEmpty()) {
        outcome.state = PushOutcome::State::Refused;
        outcome.sentence = sentences.join(u' ');
    }
    return outcome;
}

QString FakeDesk::refusal(
    const Ticket &ticket, const QString &user, const QString &name, const QJsonValue &value) const
{
    const QString place = ticket.shown.fields.value(field::place).toString();
    if (!rightsOf(user, place).edits)
        return u"You may not change tickets in %1."_s.arg(place);
    const QString text = value.toString();
    if (name == field::place) {
        if (!m_places.contains(text))
            return u"Queue %1 does not exist."_s.arg(text);
        if (!rightsOf(user, text).movesIn)
            return u"You may not move tickets to %1."_s.arg(text);
    } else if (name == field::status) {
        if (!fromCode<Status>(text))
            return u"Status %1 is not valid here."_s.arg(text);
    } else if (name == field::priority) {
        if (!fromCode<Priority>(text))
            return u"Priority %1 is not valid here."_s.arg(text);
    } else if (name == field::owner && !text.isEmpty()) {
        const auto owner = m_users.find(text);
        if (owner == m_users.end() || !owner->second.isAgent)
            return u"That user may not own tickets here."_s;
    }
    return {};
}

PushOutcome FakeDesk::outcomeFor(const Ticket &ticket, const QString &user) const
{
    PushOutcome outcome { .state = PushOutcome::State::Done };
    if (isSeenBy(ticket, user))
        outcome.readBack = shownTicket(ticket, -1);
    else
        outcome.isOutOfSight = true;
    return outcome;
}

} // namespace tierline::test
