#include "core/connectors/rt/rtprobe.h"

#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/ticketsql.h"

#include <QJsonArray>

#include <algorithm>
#include <memory>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr qsizetype maxQueuesLookedAt = 20;
constexpr qsizetype maxGroups = 5;
constexpr qsizetype maxAgents = 100;

class Prober : public std::enable_shared_from_this<Prober>
{
public:
    Prober(Session &session, ProbeDepth depth, Answer<Probe> done)
        : m_session(session)
        , m_depth(depth)
        , m_done(std::move(done))
    {
        m_probe.warnings = session.problems;
    }

    void start()
    {
        ask({ u"rt"_s }, {}, [this](const Reply &reply) {
            const QString version = textOf(reply.object().value("Version"_L1), MaxName);
            if (!reply.isGood() || version.isEmpty()) {
                return fail(Error { .fault = Fault::NotFound,
                    .detail
                    = u"There is no Request Tracker with REST 2 at this address; give the address of its start page."_s });
            }
            m_probe.product = u"Request Tracker "_s + version.section(u'+', 0, 0);
            m_probe.clockOffset = m_session.client.clockOffset();
            askUser();
        });
    }

private:
    // Two requests at a time may fail both; one answer is given.
    void fail(const Error &error)
    {
        if (!std::exchange(m_isOver, true))
            m_done(error);
    }

    // Errors end the probe; `next` then is not called.
    void ask(const QStringList &path, const net::QueryItems &query,
        std::function<void(const Reply &)> next)
    {
        m_session.client.get(path, query,
            [self = shared_from_this(), next = std::move(next)](const Result<Reply> &reply) {
                if (!reply)
                    return self->fail(reply.error());
                next(*reply);
            });
    }

    void askUser()
    {
        if (m_session.user.isEmpty()) {
            m_probe.warnings
                += u"Request Tracker does not say whose token this is; name the login in the account's settings, or replies of unknown outcome cannot be found again."_s;
            return userKnown();
        }
        ask({ u"user"_s, m_session.user }, {}, [this](const Reply &reply) {
            const QJsonObject object = reply.object();
            m_probe.me = personOf(object);
            if (!reply.isGood() || m_probe.me.id.isEmpty()) {
                return fail(Error { .fault = Fault::SignIn,
                    .detail
                    = u"Request Tracker accepts the token, and does not show its user “%1”; check the login in the account's settings."_s
                          .arg(m_session.user),
                    .retry = Retry::AfterSignIn });
            }
            m_probe.me.isAgent = numberOf(object.value("Privileged"_L1)).value_or(0) == 1;
            noteUser(object);
            userKnown();
        });
    }

    void userKnown()
    {
        if (m_depth == ProbeDepth::Greeting)
            return finish();
        askQueues();
    }

    void noteUser(const QJsonObject &object)
    {
        if (!m_probe.me.isAgent) {
            m_probe.warnings
                += u"This user is a customer in Request Tracker, not an agent; it sees and changes next to nothing."_s;
        }
        const QString zone = textOf(object.value("Timezone"_L1), MaxName);
        if (!zone.isEmpty() && zone != "UTC"_L1) {
            m_probe.warnings
                += u"This user's time zone in Request Tracker is %1. Times here are right all the same; only dates that are typed into its own search mean that zone."_s
                       .arg(zone);
        }
        for (const QJsonValue group : object.value("Memberships"_L1).toArray()) {
            if (const QString id = idOf(group.toObject().value("id"_L1));
                !id.isEmpty() && m_groups.size() < maxGroups)
                m_groups += id;
        }
    }

    void askQueues()
    {
        m_session.directory.loadQueues([self = shared_from_this()](const Result<Done> &result) {
            if (!result)
                return self->fail(result.error());
            const auto &queues = self->m_session.directory.names().queues;
            self->m_queues = queues.keys();
            self->m_probe.places = queues.values();
            self->m_probe.places.sort();
            if (queues.isEmpty())
                self->m_probe.warnings += u"This user may not see any queue."_s;
            self->askReferenceFields();
        });
    }

    // --- what will not work

    void askReferenceFields()
    {
        std::vector<Step> steps;
        for (const QString &queue : m_queues.mid(0, maxQueuesLookedAt)) {
            steps.push_back([self = shared_from_this(), queue](auto next) {
                self->ask({ u"queue"_s, queue }, {}, [self, queue, next](const Reply &reply) {
                    self->noteQueue(queue, reply.object());
                    next(Done {});
                });
            });
        }
        // Where one fails, the probe has ended already.
        runInLanes(std::move(steps), 2, [self = shared_from_this()](const Result<Done> &) {
            self->warnOfReference();
            self->askComments();
        });
    }

    void noteQueue(const QString &queue, const QJsonObject &object)
    {
        for (const QJsonValue item : object.value("TicketTransactionCustomFields"_L1).toArray()) {
            const QString name = textOf(item.toObject().value("name"_L1), MaxName);
            if (QString::compare(name, m_session.mapping.referenceField, Qt::CaseInsensitive) == 0)
                return;
        }
        m_withoutReference += m_session.directory.names().queues.value(queue);
    }

    void warnOfReference()
    {
        if (m_withoutReference.isEmpty())
            return;
        m_withoutReference.sort();
        m_probe.warnings
            += u"%1 no transaction custom field “%2”: a reply whose answer was lost is looked for by author, text and time there. An administrator can add the field, free text, one value."_s
                   .arg(m_withoutReference.size() == m_queues.size()
                           ? u"There is"_s
                           : u"In %1 there is"_s.arg(m_withoutReference.mid(0, 5).join(u", "_s)),
                       m_session.mapping.referenceField);
    }

    void askComments()
    {
        ask({ u"transactions"_s },
            { { u"query"_s, u"Type = 'Comment' AND ObjectType = 'RT::Ticket'"_s },
                { u"per_page"_s, u"1"_s } },
            [this](const Reply &reply) {
                const auto items = itemsOf(reply);
                if (!m_queues.isEmpty() && (!items || items->isEmpty())) {
                    m_probe.warnings
                        += u"No internal comment can be seen. If there are some, this user lacks the right to see comments, and then neither notes nor escalations of colleagues arrive."_s;
                }
                askNewest();
            });
    }

    void askNewest()
    {
        ask({ u"tickets"_s },
            { { u"query"_s, ticketsAfter(u"0"_s) }, { u"orderby"_s, u"id"_s },
                { u"order"_s, u"DESC"_s }, { u"per_page"_s, u"1"_s } },
            [this](const Reply &reply) {
                const auto items = itemsOf(reply);
                const QString id
                    = items ? idOf(items->first().toObject().value("id"_L1)) : QString();
                if (id.isEmpty())
                    return askGroups();
                ask({ u"ticket"_s, id }, {}, [this, id](const Reply &ticket) {
                    noteRights(id, ticket.object());
                    askGroups();
                });
            });
    }

    void noteRights(const QString &id, const QJsonObject &ticket)
    {
        QStringList refs;
        for (const QJsonValue link : ticket.value("_hyperlinks"_L1).toArray())
            refs += link.toObject().value("ref"_L1).toString();
        const bool mayReply = refs.contains("correspond"_L1);
        const bool mayComment = refs.contains("comment"_L1);
        if (mayReply && mayComment)
            return;
        const QString what = mayReply ? u"comment"_s
            : mayComment              ? u"reply"_s
                                      : u"reply or comment"_s;
        m_probe.warnings
            += u"This user may not %1, as ticket %2 shows; what is written here will be refused."_s
                   .arg(what, id);
    }

    // --- colleagues

    void askGroups()
    {
        std::vector<Step> steps;
        for (const QString &group : std::as_const(m_groups)) {
            steps.push_back([self = shared_from_this(), group](auto next) {
                self->ask({ u"group"_s, group }, {}, [self, next](const Reply &reply) {
                    for (const QJsonValue member : reply.object().value("Members"_L1).toArray()) {
                        const QString login = referenceOf(member);
                        if (member.toObject().value("type"_L1).toString() == "user"_L1
                            && !isNobody(login) && self->m_members.size() < maxAgents)
                            self->m_members.insert(login);
                    }
                    next(Done {});
                });
            });
        }
        runInLanes(std::move(steps), 2,
            [self = shared_from_this()](const Result<Done> &) { self->askMembers(); });
    }

    void askMembers()
    {
        Wanted wanted;
        wanted.people = m_members;
        m_session.directory.resolve(
            wanted, [self = shared_from_this()](const Result<Done> &result) {
                if (!result)
                    return self->fail(result.error());
                self->finish();
            });
    }

    void finish()
    {
        const auto &people = m_session.directory.names().people;
        for (const QString &login : std::as_const(m_members)) {
            const auto person = people.constFind(login);
            if (person != people.cend() && person->isAgent)
                m_probe.agents.push_back(*person);
        }
        if (m_probe.me.isAgent && !m_members.contains(m_probe.me.id))
            m_probe.agents.push_back(m_probe.me);
        std::sort(m_probe.agents.begin(), m_probe.agents.end(),
            [](const RemoteUser &a, const RemoteUser &b) { return a.id < b.id; });
        m_done(std::move(m_probe));
    }

    Session &m_session;
    ProbeDepth m_depth;
    Answer<Probe> m_done;
    Probe m_probe;
    QStringList m_queues; ///< ids
    QStringList m_withoutReference; ///< names of queues
    QStringList m_groups; ///< ids
    QSet<QString> m_members; ///< logins
    bool m_isOver = false;
};

} // namespace

void probeAccount(Session &session, ProbeDepth depth, Answer<Probe> done)
{
    std::make_shared<Prober>(session, depth, std::move(done))->start();
}

} // namespace tierline::connectors::rt
