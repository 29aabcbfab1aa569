#include "core/connectors/rt/rtpush.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rtmessage.h"
#include "core/connectors/rt/rttickets.h"
#include "core/connectors/rt/rtwrite.h"

#include <array>
#include <memory>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int maxTries = 3;
constexpr std::array parts { WritePart::Queue, WritePart::Owner, WritePart::Rest };

class FieldsPusher : public std::enable_shared_from_this<FieldsPusher>
{
public:
    FieldsPusher(Session &session, PushStep step, Answer<PushOutcome> done)
        : m_session(session)
        , m_step(std::move(step))
        , m_done(std::move(done))
    {
    }

    void start()
    {
        read([this, self = shared_from_this()] {
            if (!m_step.version.isEmpty() && !m_now.version.isEmpty()
                && m_step.version != m_now.version) {
                return end(PushOutcome::State::Stale,
                    u"Somebody changed the ticket in Request Tracker meanwhile."_s);
            }
            writeNext();
        });
    }

private:
    // --- reading

    void read(std::function<void()> next)
    {
        readSingle(m_session, m_step.ticket,
            [self = shared_from_this(), next = std::move(next)](
                const Result<Single> &single) { self->take(single, next); });
    }

    void take(const Result<Single> &single, const std::function<void()> &next)
    {
        if (!single)
            return unreadable(single.error());
        if (single->ticket.presence == Presence::There
            || single->ticket.presence == Presence::Deleted) {
            m_now = single->ticket;
            m_raw = single->raw;
            return next();
        }
        if (single->ticket.presence == Presence::Merged) {
            return end(PushOutcome::State::Refused,
                u"The ticket was merged into ticket %1 in Request Tracker."_s.arg(
                    single->ticket.mergedInto));
        }
        outOfSight(single->ticket.presence);
    }

    void outOfSight(Presence presence)
    {
        const bool movesIt = m_step.fields.contains(field::place);
        if (presence == Presence::Hidden && movesIt
            && (m_last.contains(field::place) || (!m_hasWritten && m_step.mayBeDone))) {
            m_outcome.isOutOfSight = true;
            return end(PushOutcome::State::Done,
                u"The ticket moved to a queue that this account may not see."_s);
        }
        if (m_hasWritten) {
            return end(PushOutcome::State::Unknown,
                u"The ticket went out of sight while it was changed."_s);
        }
        end(PushOutcome::State::Refused,
            presence == Presence::Gone ? u"Request Tracker does not know this ticket any more."_s
                                       : u"This account may not see the ticket any more."_s);
    }

    void unreadable(const Error &error)
    {
        if (!m_hasWritten) {
            if (error.fault == Fault::SignIn || error.fault == Fault::Cancelled)
                return m_done(error);
            m_outcome.retry = Retry::Later;
            m_outcome.wait = error.wait;
            return end(PushOutcome::State::NotSent, error.detail);
        }
        end(PushOutcome::State::Unknown,
            u"What became of the change could not be read: %1"_s.arg(error.detail));
    }

    // --- writing

    void writeNext()
    {
        for (const WritePart part : parts) {
            const QJsonObject wishes
                = openWishes(part, m_step.fields, m_now.fields, m_session.mapping);
            if (!wishes.isEmpty())
                return write(wishes);
        }
        m_outcome.readBack = m_now;
        end(PushOutcome::State::Done, {});
    }

    void write(const QJsonObject &wishes)
    {
        if (wasEverSent(wishes))
            return refusedPart(wishes);
        const auto body = writeBody(wishes, m_raw, m_session.mapping, m_session.directory.names());
        if (!body) {
            m_outcome.readBack = m_now;
            return end(PushOutcome::State::Refused, body.error().detail);
        }
        m_before = m_now.fields;
        m_session.client.send(net::Method::Put, { u"ticket"_s, m_step.ticket }, *body,
            m_now.version,
            [self = shared_from_this(), wishes](const Sent &sent) { self->written(wishes, sent); });
    }

    void written(const QJsonObject &wishes, const Sent &sent)
    {
        auto outcome = outcomeOf(sent);
        if (!outcome && !m_hasWritten)
            return m_done(outcome.error());
        if (!outcome) {
            // An earlier part is done already; only looking again can tell how far it came.
            return end(PushOutcome::State::Unknown, outcome.error().detail);
        }
        if (outcome->state == PushOutcome::State::Stale && m_hasWritten && m_tries++ < maxTries)
            return retry();
        if (outcome->state != PushOutcome::State::Done) {
            m_outcome = *outcome;
            if (outcome->state == PushOutcome::State::Stale && m_hasWritten)
                m_outcome.readBack = m_now;
            return m_done(std::move(m_outcome));
        }
        m_last = wishes;
        for (auto wish = wishes.constBegin(); wish != wishes.constEnd(); ++wish)
            m_ever.insert(wish.key(), wish.value());
        m_hasWritten = true;
        m_words
            = sent.reply ? sentencesOf(sent.reply->json).join("; "_L1).left(MaxName) : QString();
        read([this, self = shared_from_this()] { writeNext(); });
    }

    // Our own first part, and what the server did because of it, moved the version. The next part goes
    // on where nobody else touched what it is to change.
    void retry()
    {
        const QJsonObject before = m_before;
        read([this, self = shared_from_this(), before] {
            for (auto wish = m_step.fields.constBegin(); wish != m_step.fields.constEnd(); ++wish) {
                const QString &name = wish.key();
                if (!isSameAsNow(name, before.value(name)) && !isSameAsNow(name, wish.value()))
                    return overtaken();
            }
            writeNext();
        });
    }

    bool isSameAsNow(const QString &name, const QJsonValue &value) const
    {
        return isSameValue(name, value, m_now.fields.value(name), m_session.mapping);
    }

    void overtaken()
    {
        m_outcome.readBack = m_now;
        end(PushOutcome::State::Stale,
            u"Somebody changed the ticket in Request Tracker meanwhile."_s);
    }

    // Each wish is sent once; only what a 412 kept from being done is sent again.
    bool wasEverSent(const QJsonObject &wishes) const
    {
        for (auto wish = wishes.constBegin(); wish != wishes.constEnd(); ++wish) {
            if (!m_ever.contains(wish.key()))
                return false;
        }
        return true;
    }

    // These wishes are still open after they were sent and answered with 200.
    void refusedPart(const QJsonObject &wishes)
    {
        // Neither as it was nor as it was to be: somebody wrote between our request and the look at it.
        for (const QString &name : wishes.keys()) {
            if (!isSameAsNow(name, m_before.value(name)))
                return overtaken();
        }
        QStringList names;
        for (const QString &name : wishes.keys())
            names += fieldWords(name, m_session.mapping);
        m_outcome.readBack = m_now;
        end(PushOutcome::State::Refused,
            m_words.isEmpty() ? u"Request Tracker did not change the %1 and gave no reason."_s.arg(
                names.join(u", "_s))
                              : u"Request Tracker did not change the %1: “%2”."_s.arg(
                                  names.join(u", "_s), m_words));
    }

    void end(PushOutcome::State state, const QString &sentence)
    {
        m_outcome.state = state;
        m_outcome.sentence = sentence;
        m_done(std::move(m_outcome));
    }

    Session &m_session;
    PushStep m_step;
    Answer<PushOutcome> m_done;
    PushOutcome m_outcome;
    RemoteTicket m_now; ///< as read last
    QJsonObject m_raw;
    QJsonObject m_before; ///< fields as they were before the last PUT
    QJsonObject m_last; ///< wishes of the last PUT that was answered with 200
    QJsonObject m_ever; ///< wishes of all of those
    QString m_words; ///< what that answer said
    bool m_hasWritten = false;
    int m_tries = 0;
};

} // namespace

void pushFields(Session &session, const PushStep &step, Answer<PushOutcome> done)
{
    std::make_shared<FieldsPusher>(session, step, std::move(done))->start();
}

} // namespace tierline::connectors::rt
