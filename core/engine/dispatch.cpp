#include "core/engine/dispatch.h"

#include "core/commands/commands.h"
#include "core/engine/cards.h"
#include "core/storage/deliveries.h"
#include "core/storage/firings.h"
#include "core/storage/people.h"
#include "core/storage/tickets.h"
#include "core/storage/ways.h"

namespace tierline::engine {

using namespace Qt::StringLiterals;

namespace {

constexpr int noticesAtOnce = 200;
constexpr int openAtOnce = 100;
constexpr Millis listensFor { 7 * DayMs };
constexpr Millis hour { 3'600'000 };

QString placeOf(const Delivery &one)
{
    return one.topic + u'\n' + one.address;
}

bool isDigest(const Delivery &one)
{
    return one.notice == 0 && one.act == Delivery::Act::Tell;
}

/// What a digest tells: nothing that came after it was made.
Result<std::vector<Delivery>> digestOf(storage::Connection &connection, const Delivery &digest)
{
    TIERLINE_TRY(all, storage::loadDigest(connection, digest.way, digest.address, digest.receiver));
    std::erase_if(all, [&](const Delivery &one) { return one.made > digest.made; });
    return all;
}

/// One pass over what is to be sent, inside a transaction.
class Dispatch
{
public:
    Dispatch(storage::WriteScope &scope, const PostOffice &office, const DispatchTerms &terms,
        Instant now)
        : m_scope(scope)
        , m_connection(scope.connection())
        , m_office(office)
        , m_terms(terms)
        , m_now(now)
    {
    }

    Result<Done> route()
    {
        TIERLINE_TRY(notices, storage::loadUnrouted(m_connection, m_now, noticesAtOnce));
        for (const Notice &notice : notices) {
            TIERLINE_TRY(topic, topicOf(notice));
            for (Delivery &one : deliveriesFor(m_office, notice, topic, m_now)) {
                TIERLINE_CHECK(budget(one));
                TIERLINE_CHECK(storage::insertDelivery(m_scope, one));
            }
            TIERLINE_CHECK(storage::markRouted(m_scope, notice.id));
        }
        m_out.hasMore = notices.size() == size_t(noticesAtOnce);
        return Done {};
    }

    /// Who was told of an escalation hears that somebody has taken it, and that it is over.
    Result<Done> finish()
    {
        TIERLINE_TRY(
            places, storage::loadUnfinished(m_connection, m_now - listensFor, noticesAtOnce));
        for (Delivery &one : places) {
            one.id = actId(one);
            one.made = m_now;
            one.next = m_now;
            TIERLINE_CHECK(storage::insertDelivery(m_scope, one));
        }
        return Done {};
    }

    Result<Done> handOut(const OpenWay &way)
    {
        TIERLINE_CHECK(beginDigests(way.name));
        // Places where something is under way may hold up some; those behind them go first.
        const int most = way.room + int(way.underWay.size()) + 256;
        TIERLINE_TRY(due, storage::loadDue(m_connection, way.name, m_now, most));
        QSet<QString> busy = way.busy;
        int room = way.room;
        for (Delivery &one : due) {
            const QString place = placeOf(one);
            if (way.underWay.contains(one.id) || busy.contains(place))
                continue;
            if (room == 0) {
                m_out.hasMore = true;
                break;
            }
            TIERLINE_TRY(isOut, handOut(one));
            if (isOut) {
                busy.insert(place);
                --room;
            }
        }
        return Done {};
    }

    Dispatched take() && { return std::move(m_out); }

private:
    /// What is told of one escalation belongs together, whoever says it.
    Result<QString> topicOf(const Notice &notice)
    {
        if (!notice.topic.isEmpty())
            return notice.topic;
        TIERLINE_TRY(state, storage::loadTicket(m_connection, notice.ticket));
        if (const Escalation *record = state.openEscalation())
            return record->id;
        TIERLINE_TRY(firing, storage::loadFiring(m_connection, notice.firing));
        return firing ? firing->operation : QString();
    }

    /// Over what one person is told in an hour there is a digest; what is urgent is not kept back.
    Result<Done> budget(Delivery &one)
    {
        if (one.receiver.isEmpty() || one.isUrgent || m_terms.perHour == 0)
            return Done {};
        TIERLINE_TRY(got, storage::countReceived(m_connection, one.receiver, m_now - hour));
        if (got < m_terms.perHour)
            return Done {};
        one.state = Delivery::State::Digest;
        one.next = Instant { (m_now.ms / hour.count() + 1) * hour.count() };
        return Done {};
    }

    /// One message for each place at which a digest is due; what is in it waits until that has arrived.
    Result<Done> beginDigests(const QString &way)
    {
        TIERLINE_TRY(due, storage::loadDueDigests(m_connection, way, m_now));
        for (Delivery &one : due) {
            one.id = digestId(one, m_now);
            one.topic = one.id;
            one.made = m_now;
            one.next = m_now;
            TIERLINE_CHECK(storage::insertDelivery(m_scope, one));
            TIERLINE_TRY(all, storage::loadDigest(m_connection, way, one.address, one.receiver));
            for (Delivery &part : all) {
                part.next = m_now + hour;
                TIERLINE_CHECK(storage::saveDelivery(m_scope, part));
            }
        }
        return Done {};
    }

    Result<bool> handOut(Delivery &one)
    {
        const bool wasUnderWay = one.state == Delivery::State::Sending;
        TIERLINE_TRY(state, storage::loadTicket(m_connection, one.ticket));
        const bool isStale = one.act == Delivery::Act::Tell && !wasUnderWay
            && isSolved(state.ticket.status) && m_now - one.made >= m_terms.staleAfter;
        if (isStale) {
            one.state = Delivery::State::Dropped;
            one.next.reset();
            one.error = u"The ticket was solved before it could be sent."_s;
            TIERLINE_CHECK(storage::saveDelivery(m_scope, one));
            return false;
        }
        TIERLINE_TRY(telling, tellingOf(one, state));
        one.attempts += wasUnderWay ? 0 : 1;
        one.state = Delivery::State::Sending;
        one.next.reset();
        TIERLINE_CHECK(storage::saveDelivery(m_scope, one));
        m_out.parcels.push_back({ one, std::move(telling), wasUnderWay });
        return true;
    }

    Result<notify::Telling> tellingOf(const Delivery &one, const TicketState &state)
    {
        std::optional<Notice> notice;
        if (one.notice) {
            TIERLINE_TRY(found, storage::loadNotice(m_connection, one.notice));
            notice = std::move(found);
        }
        TIERLINE_TRY(card, cardOf(m_connection, m_office, one, notice, state));
        if (isDigest(one)) {
            TIERLINE_TRY(all, digestOf(m_connection, one));
            TIERLINE_TRY(whole, digestCard(m_connection, m_office, all, std::move(card)));
            card = std::move(whole);
        }
        TIERLINE_TRY(receipt, storage::loadReceipt(m_connection, one.topic, one.way, one.address));
        return notify::Telling { .id = one.id,
            .topic = one.topic,
            .act = static_cast<notify::Act>(one.act),
            .address = one.address,
            .card = std::move(card),
            .receipt = receipt,
            .at = one.made };
    }

    storage::WriteScope &m_scope;
    storage::Connection &m_connection;
    const PostOffice &m_office;
    const DispatchTerms &m_terms;
    Instant m_now;
    Dispatched m_out;
};

/// One try of one delivery has ended, inside a transaction.
class Outcome
{
public:
    Outcome(storage::WriteScope &scope, const PostOffice &office, const DispatchTerms &terms,
        Delivery &delivery, Instant now, RandomSource &random)
        : m_scope(scope)
        , m_office(office)
        , m_terms(terms)
        , m_delivery(delivery)
        , m_now(now)
        , m_random(random)
    {
    }

    Result<Done> keep(const notify::Told &told)
    {
        m_delivery.error = told.error ? told.error->detail.left(1'000) : QString();
        switch (told.outcome) {
        case notify::Told::Outcome::Arrived: TIERLINE_CHECK(arrived(told.receipt)); break;
        case notify::Told::Outcome::Later: TIERLINE_CHECK(later(told)); break;
        case notify::Told::Outcome::Refused:
            end(Delivery::State::Refused);
            TIERLINE_CHECK(byMail());
            break;
        case notify::Told::Outcome::Unknown: TIERLINE_CHECK(unknown()); break;
        }
        TIERLINE_CHECK(storage::saveDelivery(m_scope, m_delivery));
        if (told.isWayShut)
            TIERLINE_CHECK(storage::setWayProblem(m_scope, m_delivery.way, m_delivery.error));
        m_scope.touch(m_delivery.ticket);
        return Done {};
    }

private:
    void end(Delivery::State state)
    {
        m_delivery.state = state;
        m_delivery.next.reset();
    }

    Result<Done> arrived(const QString &receipt)
    {
        if (isDigest(m_delivery)) {
            TIERLINE_TRY(all, digestOf(m_scope.connection(), m_delivery));
            for (Delivery &part : all) {
                part.state = Delivery::State::Sent;
                part.next.reset();
                part.sent = m_now;
                TIERLINE_CHECK(storage::saveDelivery(m_scope, part));
            }
        }
        end(Delivery::State::Sent);
        m_delivery.sent = m_now;
        m_delivery.receipt = receipt;
        return Done {};
    }

    Result<Done> later(const notify::Told &told)
    {
        // The way is shut: nobody was asked, and a try was none.
        if (!m_delivery.refusedSince)
            m_delivery.refusedSince = m_now;
        const Millis since = m_now - *m_delivery.refusedSince;
        if (since >= m_terms.giveUpAfter) {
            end(Delivery::State::GivenUp);
            return Done {};
        }
        if (since >= m_terms.fallbackAfter || told.isWayShut)
            TIERLINE_CHECK(byMail());
        m_delivery.state = Delivery::State::Waiting;
        Millis wait = backoff(m_terms.waits, m_delivery.attempts, m_random, told.wait);
        // Who waits for the mail instead is not kept waiting by a long pause.
        if (since < m_terms.fallbackAfter)
            wait = std::min(wait, std::max(Millis(1), m_terms.fallbackAfter - since));
        m_delivery.next = m_now + std::max(wait, told.wait);
        return Done {};
    }

    /// It may be there, and looking does not tell. Once more would tell people twice; so often is enough.
    Result<Done> unknown()
    {
        if (++m_delivery.looks <= m_terms.looks) {
            m_delivery.state = Delivery::State::Sending;
            m_delivery.next = m_now + m_terms.lookAfter;
            return Done {};
        }
        TIERLINE_CHECK(arrived({}));
        m_delivery.error
            = u"It may have arrived; it is not sent again, so that nobody is told twice. "_s
            + m_delivery.error;
        return Done {};
    }

    Result<Done> byMail()
    {
        if (m_delivery.isFallback || m_delivery.act != Delivery::Act::Tell)
            return Done {};
        std::optional<Notice> notice;
        if (m_delivery.notice) {
            TIERLINE_TRY(found, storage::loadNotice(m_scope.connection(), m_delivery.notice));
            notice = found;
        }
        for (Delivery &one : fallbackFor(m_office, m_delivery, notice, m_now))
            TIERLINE_CHECK(storage::insertDelivery(m_scope, one));
        return Done {};
    }

    storage::WriteScope &m_scope;
    const PostOffice &m_office;
    const DispatchTerms &m_terms;
    Delivery &m_delivery;
    Instant m_now;
    RandomSource &m_random;
};

Result<bool> hasWork(storage::Connection &connection, const std::vector<OpenWay> &open, Instant now)
{
    TIERLINE_TRY(notice, storage::nextUnrouted(connection));
    if (notice && *notice <= now)
        return true;
    for (const OpenWay &way : open) {
        TIERLINE_TRY(
            due, storage::loadDue(connection, way.name, now, int(way.underWay.size()) + 1));
        const bool isNew = std::ranges::any_of(
            due, [&](const Delivery &one) { return !way.underWay.contains(one.id); });
        if (isNew && way.room > 0)
            return true;
        TIERLINE_TRY(digests, storage::loadDueDigests(connection, way.name, now));
        if (!digests.empty())
            return true;
    }
    TIERLINE_TRY(unfinished, storage::loadUnfinished(connection, now - listensFor, 1));
    return !unfinished.empty();
}

} // namespace

Result<Dispatched> dispatch(storage::Store &store, const notify::WayRegistry &kinds,
    const DispatchTerms &terms, const std::vector<OpenWay> &open, Instant now)
{
    Dispatched out;
    storage::Connection &connection = store.connection();
    TIERLINE_TRY(isNeeded, hasWork(connection, open, now));
    if (isNeeded) {
        TIERLINE_TRY(office, PostOffice::load(connection, kinds));
        TIERLINE_CHECK(store.write(
            storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
                Dispatch pass(scope, office, terms, now);
                TIERLINE_CHECK(pass.route());
                TIERLINE_CHECK(pass.finish());
                for (const OpenWay &way : open) {
                    if (way.room > 0)
                        TIERLINE_CHECK(pass.handOut(way));
                }
                out = std::move(pass).take();
                return Done {};
            }));
    }
    const auto sooner = [&](const std::optional<Instant> &at) {
        if (at && *at > now && (!out.next || *at < *out.next))
            out.next = at;
    };
    TIERLINE_TRY(notice, storage::nextUnrouted(connection));
    sooner(notice);
    for (const OpenWay &way : open) {
        TIERLINE_TRY(next, storage::nextDue(connection, way.name, now));
        sooner(next);
    }
    return out;
}

Result<Done> noteTold(storage::Store &store, const notify::WayRegistry &kinds,
    const DispatchTerms &terms, const QString &delivery, const notify::Told &told, Instant now,
    RandomSource &random)
{
    TIERLINE_TRY(office, PostOffice::load(store.connection(), kinds));
    return store.write(
        storage::Durability::Background, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(found, storage::findDelivery(scope.connection(), delivery));
            if (!found || found->state != Delivery::State::Sending)
                return Done {}; // its way or its ticket is gone
            return Outcome(scope, office, terms, *found, now, random).keep(told);
        });
}

Result<std::vector<notify::Open>> openAt(
    storage::Connection &connection, const QString &way, Instant now)
{
    TIERLINE_TRY(told, storage::loadUnclaimed(connection, way, now - listensFor, openAtOnce));
    std::vector<notify::Open> open;
    for (const Delivery &one : told)
        open.push_back({ one.topic, one.address, one.receipt, *one.sent });
    return open;
}

Result<int> takeHeard(storage::Store &store, RandomSource &random,
    const std::vector<notify::Heard> &heard, Instant now)
{
    TIERLINE_TRY(agents, storage::loadAgents(store.connection()));
    TIERLINE_TRY(teams, storage::loadTeams(store.connection()));
    std::vector<notify::Heard> inOrder = heard;
    std::ranges::stable_sort(inOrder, {}, &notify::Heard::at);
    int accepted = 0;
    for (const notify::Heard &one : inOrder) {
        if (one.kind == notify::Heard::Kind::Resolve)
            continue; // an incident that is over somewhere else solves no ticket
        TIERLINE_TRY(ticket, storage::findTicketOf(store.connection(), one.topic));
        const auto agent = std::ranges::find_if(agents, [&](const Agent &known) {
            return known.isActive && !one.email.isEmpty()
                && known.email.compare(one.email, Qt::CaseInsensitive) == 0;
        });
        if (!ticket || agent == agents.end())
            continue;
        TIERLINE_TRY(state, storage::loadTicket(store.connection(), *ticket));
        const Escalation *record = state.openEscalation();
        if (!record || record->id != one.topic || record->accepted)
            continue; // somebody was quicker
        commands::Context context { .store = store,
            .random = random,
            .actor = *agent,
            .visibility = visibilityOf(*agent, teams),
            .now = now };
        const auto done = commands::run(context, commands::Accept { state.ticket.key });
        if (!done && done.error().fault == Fault::Storage)
            return done.error();
        accepted += done ? 1 : 0; // what a guard refuses stays for a person to see at the desk
    }
    return accepted;
}

} // namespace tierline::engine
