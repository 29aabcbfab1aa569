#include "core/connectors/rt/rttickets.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/rtthread.h"
#include "core/connectors/rt/ticketsql.h"

#include <QJsonArray>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int ticketLanes = 2;

void addWantedOf(const QJsonObject &raw, Wanted &wanted)
{
    if (const QString queue = referenceOf(raw.value("Queue"_L1));
        isId(queue) && !raw.value("Queue"_L1).toObject().contains("Name"_L1))
        wanted.queues.insert(queue);
    for (const QJsonValue item : raw.value("CustomFields"_L1).toArray()) {
        if (const QString id = idOf(item.toObject().value("id"_L1)); !id.isEmpty())
            wanted.fields.insert(id);
    }
}

QString requesterOf(const QJsonObject &raw)
{
    const QJsonValue requestor = raw.value("Requestor"_L1);
    return personOf(requestor.isArray() ? requestor.toArray().first() : requestor).id;
}

RemoteTicket bare(const QString &id, Presence presence)
{
    RemoteTicket ticket;
    ticket.id = id;
    ticket.presence = presence;
    return ticket;
}

bool isTicket(const QJsonObject &raw)
{
    const QString type = textOf(raw.value("Type"_L1), MaxName);
    return type.isEmpty() || type == "ticket"_L1;
}

class BatchReader : public std::enable_shared_from_this<BatchReader>
{
public:
    BatchReader(Session &session, QStringList ids, std::function<void(Result<Batch>)> done)
        : m_session(session)
        , m_ids(std::move(ids))
        , m_done(std::move(done))
    {
    }

    void readThreads()
    {
        std::vector<Step> steps;
        for (const QString &id : std::as_const(m_ids)) {
            steps.push_back([self = shared_from_this(), id](auto next) {
                readThread(self->m_session, id, [self, id, next](Result<Thread> thread) {
                    if (thread)
                        self->m_threads.emplace(id, std::move(*thread));
                    else if (thread.error().fault == Fault::BadReply)
                        self->fail(id, thread.error());
                    else
                        return next(thread.error());
                    next(Done {});
                });
            });
        }
        runInLanes(
            std::move(steps), ticketLanes, [self = shared_from_this()](const Result<Done> &result) {
                if (!result)
                    return self->m_done(result.error());
                self->readRecords();
            });
    }

private:
    void fail(const QString &id, const Error &error)
    {
        m_batch.failed.push_back({ id, u"Ticket %1 was left out: %2"_s.arg(id, error.detail) });
        m_left.insert(id);
    }

    void tell(const QString &sentence) { m_batch.failed.push_back({ {}, sentence }); }

    QStringList open() const
    {
        QStringList ids;
        for (const QString &id : m_ids) {
            if (!m_left.contains(id) && !m_raws.contains(id))
                ids += id;
        }
        return ids;
    }

    void readRecords()
    {
        const QStringList ids = open();
        if (ids.isEmpty())
            return readUnlisted();
        readListed(ids, [self = shared_from_this()](const Result<Done> &result) {
            if (!result)
                return self->m_done(result.error());
            self->readUnlisted();
        });
    }

    // Where the answer cannot be read, each half of it: one broken record must not hold back the others,
    // and honest ones together may be more than is taken at once.
    void readListed(const QStringList &ids, std::function<void(Result<Done>)> done)
    {
        list(ids, [self = shared_from_this(), ids, done](const Result<Done> &result) {
            if (result || result.error().fault != Fault::BadReply)
                return done(result);
            if (ids.size() == 1) {
                self->fail(ids.first(), result.error());
                return done(Done {});
            }
            const qsizetype half = ids.size() / 2;
            self->readListed(
                ids.first(half), [self, rest = ids.mid(half), done](const Result<Done> &first) {
                    if (!first)
                        return done(first);
                    self->readListed(rest, done);
                });
        });
    }

    void list(const QStringList &ids, std::function<void(Result<Done>)> done)
    {
        m_session.client.get({ u"tickets"_s },
            { { u"query"_s, anyTicketOf(ids) }, { u"per_page"_s, u"100"_s },
                { u"fields"_s,
                    u"Subject,Status,Priority,Queue,Owner,Requestor,CustomFields,Created,LastUpdated,Type"_s },
                { u"fields[Queue]"_s, u"Name"_s },
                { u"fields[Requestor]"_s, u"Name,RealName,EmailAddress"_s } },
            [self = shared_from_this(), ids, done = std::move(done)](const Result<Reply> &reply) {
                if (!reply)
                    return done(reply.error());
                const auto items = itemsOf(*reply);
                if (!items)
                    return done(items.error());
                for (const QJsonValue item : *items) {
                    const QJsonObject raw = item.toObject();
                    const QString id = idOf(raw.value("id"_L1));
                    if (ids.contains(id))
                        self->m_raws.insert(id, raw);
                }
                done(Done {});
            });
    }

    // What no listing shows: deleted, merged, hidden, gone.
    void readUnlisted()
    {
        std::vector<Step> steps;
        for (const QString &id : open()) {
            steps.push_back([self = shared_from_this(), id](auto next) {
                readSingle(self->m_session, id, [self, id, next](const Result<Single> &single) {
                    if (!single && single.error().fault != Fault::BadReply)
                        return next(single.error());
                    if (!single)
                        self->fail(id, single.error());
                    else
                        self->keepUnlisted(id, *single);
                    next(Done {});
                });
            });
        }
        runInLanes(
            std::move(steps), ticketLanes, [self = shared_from_this()](const Result<Done> &result) {
                if (!result)
                    return self->m_done(result.error());
                self->resolveNames();
            });
    }

    void keepUnlisted(const QString &id, const Single &single)
    {
        const bool isWhole = single.ticket.presence == Presence::There
            || single.ticket.presence == Presence::Deleted;
        if (!single.isRecord)
            m_left.insert(id);
        else if (isWhole)
            m_raws.insert(id, single.raw);
        else {
            m_batch.tickets.push_back(single.ticket);
            m_left.insert(id);
        }
    }

    void resolveNames()
    {
        Wanted wanted;
        for (auto raw = m_raws.cbegin(); raw != m_raws.cend(); ++raw) {
            addWantedOf(*raw, wanted);
            addWanted(m_threads[raw.key()], requesterOf(*raw), wanted);
        }
        m_session.directory.resolve(
            wanted, [self = shared_from_this()](const Result<Done> &result) {
                if (!result)
                    return self->m_done(result.error());
                self->finish();
            });
    }

    void finish()
    {
        for (const QString &id : std::as_const(m_ids)) {
            const auto raw = m_raws.constFind(id);
            if (raw == m_raws.cend() || m_left.contains(id) || !isTicket(*raw))
                continue;
            addTicket(*raw, m_threads[id]);
        }
        m_done(std::move(m_batch));
    }

    void addTicket(const QJsonObject &raw, const Thread &thread)
    {
        const Names &names = m_session.directory.names();
        RemoteTicket ticket
            = ticketOf(raw, m_session.mapping, names, m_session.client.ticketLink());
        ticket.version = thread.version();
        History history = historyOf(
            ticket.id, thread, ticket.fields, ticket.requester, m_session.mapping, names);
        ticket.entries = std::move(history.entries);
        ticket.fieldsAtCreation = std::move(history.atCreation);
        for (const Change &change : thread.changes) {
            // Rows of a merged ticket are that ticket's news.
            if (change.ticket == ticket.id)
                m_batch.transactions += change.id;
        }
        if (thread.isCut)
            tell(u"Ticket %1 has more than 20,000 changes; the newest are not read."_s.arg(
                ticket.id));
        if (thread.unread > 0) {
            tell(
                u"Ticket %1 came without %2 of its changes, which could not be read again and again."_s
                    .arg(ticket.id)
                    .arg(thread.unread));
        }
        m_batch.tickets.push_back(std::move(ticket));
    }

    Session &m_session;
    QStringList m_ids;
    std::function<void(Result<Batch>)> m_done;
    Batch m_batch;
    QHash<QString, Thread> m_threads;
    QHash<QString, QJsonObject> m_raws;
    QSet<QString> m_left; ///< done with, one way or another
};

void takeSingle(Session &session, const QString &id, const Result<Reply> &reply,
    const std::function<void(Result<Single>)> &done)
{
    if (!reply)
        return done(reply.error());
    if (reply->status == 403)
        return done(Single { bare(id, Presence::Hidden), {}, true });
    if (reply->status == 404)
        return done(Single { bare(id, Presence::Gone), {}, true });
    const QJsonObject raw = reply->object();
    const QString told = idOf(raw.value("id"_L1));
    if (!reply->isGood() || told.isEmpty())
        return done(unexpected(*reply, u"ticket %1"_s.arg(id)));
    if (told != id) {
        RemoteTicket merged = bare(id, Presence::Merged);
        merged.mergedInto = told;
        return done(Single { merged, {}, true });
    }
    Wanted wanted;
    addWantedOf(raw, wanted);
    if (const QString requester = requesterOf(raw); !requester.isEmpty())
        wanted.people.insert(requester);
    session.directory.resolve(
        wanted, [&session, raw, etag = reply->etag, done](const Result<Done> &result) {
            if (!result)
                return done(result.error());
            const Names &names = session.directory.names();
            Single single { ticketOf(raw, session.mapping, names, session.client.ticketLink()), raw,
                isTicket(raw) };
            single.ticket.version = etag;
            const auto person = names.people.constFind(single.ticket.requester.id);
            if (person != names.people.cend())
                single.ticket.requester = *person;
            done(std::move(single));
        });
}

} // namespace

void readTickets(Session &session, const QStringList &ids, bool wantsEntries,
    std::function<void(Result<Batch>)> done)
{
    if (wantsEntries || ids.size() != 1) {
        std::make_shared<BatchReader>(session, ids, std::move(done))->readThreads();
        return;
    }
    readSingle(session, ids.first(), [done = std::move(done)](Result<Single> single) {
        if (!single)
            return done(single.error());
        Batch batch;
        if (single->isRecord)
            batch.tickets.push_back(std::move(single->ticket));
        done(std::move(batch));
    });
}

void readSingle(Session &session, const QString &id, std::function<void(Result<Single>)> done)
{
    session.client.get({ u"ticket"_s, id }, { { u"fields[Queue]"_s, u"Name"_s } },
        [&session, id, done = std::move(done)](
            const Result<Reply> &reply) { takeSingle(session, id, reply, done); });
}

} // namespace tierline::connectors::rt
