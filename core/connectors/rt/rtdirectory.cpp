#include "core/connectors/rt/rtdirectory.h"

#include "core/connectors/rt/rtjson.h"

#include <QJsonArray>

using namespace Qt::StringLiterals;

namespace tierline::connectors::rt {

namespace {

constexpr int directoryLanes = 2;
constexpr int maxQueuePages = 20;
constexpr Millis keepFor { 3'600'000 };
constexpr auto userKey = "user "_L1;
constexpr auto fieldKeyText = "field "_L1;

// What is not told to this user, or not in a form that can be read, stays unknown; what stops the
// account stops the asker too.
std::optional<Error> fatal(const Result<Reply> &reply)
{
    if (reply || reply.error().fault == Fault::BadReply)
        return std::nullopt;
    return reply.error();
}

RemoteUser systemUser()
{
    return { u"RT_System"_s, u"Request Tracker"_s, {}, true };
}

} // namespace

Result<QJsonArray> itemsOf(const Reply &reply)
{
    const QJsonValue items = reply.object().value("items"_L1);
    if (!reply.isGood() || !items.isArray())
        return unexpected(reply, u"a list"_s);
    return items.toArray();
}

Error unexpected(const Reply &reply, const QString &what)
{
    const QString words = sentencesOf(reply.json).join(u' ').left(MaxName);
    return { .fault = Fault::BadReply,
        .detail = u"Request Tracker was asked for %1 and answered with status %2%3."_s.arg(
            what, QString::number(reply.status), words.isEmpty() ? QString() : u": "_s + words),
        .retry = Retry::Later };
}

RtDirectory::RtDirectory(RtClient &client, const Clock &clock)
    : m_client(client)
    , m_clock(clock)
{
    m_names.people.insert(systemUser().id, systemUser());
}

void RtDirectory::forgetOld()
{
    const Millis now = m_clock.monotonic();
    if (m_fieldsAt && now - *m_fieldsAt > keepFor) {
        m_freshFields.clear();
        m_unknown.clear();
        m_fieldsAt.reset();
    }
    if (!m_fieldsAt)
        m_fieldsAt = now;
}

bool RtDirectory::wantsQueues(const Wanted &wanted) const
{
    if (!m_queuesAt || m_clock.monotonic() - *m_queuesAt > keepFor)
        return !wanted.queues.isEmpty();
    return false;
}

void RtDirectory::resolve(const Wanted &wanted, std::function<void(Result<Done>)> done)
{
    forgetOld();
    std::vector<Step> steps;
    if (wantsQueues(wanted))
        steps.push_back([this](auto next) { loadQueues(std::move(next)); });
    const auto wantsUser = [&](const QString &key, bool isKnown) {
        // Names of dots would climb in the path.
        if (isKnown || isNobody(key) || key == u'.' || key == ".."_L1
            || m_unknown.contains(userKey + key))
            return;
        steps.push_back([this, key](auto next) { loadUser(key, std::move(next)); });
    };
    for (const QString &number : wanted.users)
        wantsUser(number, m_names.logins.contains(number));
    for (const QString &login : wanted.people)
        wantsUser(login, m_names.people.contains(login));
    for (const QString &id : wanted.fields) {
        if (!m_freshFields.contains(id) && !m_unknown.contains(fieldKeyText + id))
            steps.push_back([this, id](auto next) { loadField(id, std::move(next)); });
    }
    runInLanes(std::move(steps), directoryLanes, std::move(done));
}

void RtDirectory::loadQueues(std::function<void(Result<Done>)> done)
{
    loadQueuePage(1, {}, std::move(done));
}

// The old table holds until the new one is whole: others may be reading from it meanwhile.
void RtDirectory::loadQueuePage(
    int page, QHash<QString, QString> queues, std::function<void(Result<Done>)> done)
{
    m_client.get({ u"queues"_s, u"all"_s },
        { { u"fields"_s, u"Name"_s }, { u"per_page"_s, u"100"_s },
            { u"page"_s, QString::number(page) } },
        [this, page, queues = std::move(queues), done = std::move(done)](
            const Result<Reply> &reply) mutable {
            if (!reply)
                return done(reply.error());
            const auto items = itemsOf(*reply);
            if (!items)
                return done(items.error());
            const qsizetype before = queues.size();
            for (const QJsonValue item : *items) {
                const QString id = idOf(item.toObject().value("id"_L1));
                const QString name = textOf(item.toObject().value("Name"_L1), MaxName);
                if (!id.isEmpty() && !name.isEmpty())
                    queues.insert(id, name);
            }
            if (queues.size() > before && items->size() >= 100 && page < maxQueuePages)
                return loadQueuePage(page + 1, std::move(queues), std::move(done));
            m_names.queues = std::move(queues);
            m_queuesAt = m_clock.monotonic();
            done(Done {});
        });
}

void RtDirectory::loadUser(const QString &key, std::function<void(Result<Done>)> done)
{
    m_client.get(
        { u"user"_s, key }, {}, [this, key, done = std::move(done)](const Result<Reply> &reply) {
            if (const auto error = fatal(reply))
                return done(*error);
            if (!reply || !reply->isGood()) {
                if (reply)
                    m_unknown.insert(userKey + key);
                return done(Done {});
            }
            const QJsonObject object = reply->object();
            const QString login = textOf(object.value("Name"_L1), MaxName);
            if (login.isEmpty()) {
                m_unknown.insert(userKey + key);
                return done(Done {});
            }
            if (isId(key))
                m_names.logins.insert(key, login);
            RemoteUser person = personOf(object);
            person.isAgent
                = isSystem(login) || numberOf(object.value("Privileged"_L1)).value_or(0) == 1;
            if (!isNobody(login) && !isSystem(login))
                m_names.people.insert(login, person);
            done(Done {});
        });
}

void RtDirectory::loadField(const QString &id, std::function<void(Result<Done>)> done)
{
    m_client.get({ u"customfield"_s, id }, {},
        [this, id, done = std::move(done)](const Result<Reply> &reply) {
            if (const auto error = fatal(reply))
                return done(*error);
            if (!reply || !reply->isGood()) {
                if (reply)
                    m_unknown.insert(fieldKeyText + id);
                return done(Done {});
            }
            const QJsonObject object = reply->object();
            FieldShape shape;
            shape.id = id;
            shape.name = textOf(object.value("Name"_L1), MaxName);
            // "1" is one value, "0" is any number of them.
            shape.isMany = numberOf(object.value("MaxValues"_L1)).value_or(1) != 1;
            shape.isInstant = textOf(object.value("Type"_L1), MaxName) == "DateTime"_L1;
            m_names.fields.insert(id, shape);
            m_freshFields.insert(id);
            done(Done {});
        });
}

} // namespace tierline::connectors::rt
