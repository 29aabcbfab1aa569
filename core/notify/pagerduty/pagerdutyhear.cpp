#include "core/notify/pagerduty/pagerdutyhear.h"

#include "core/base/unicode.h"
#include "core/notify/api/atonce.h"

#include <QJsonArray>

#include <set>

using namespace Qt::StringLiterals;

namespace tierline::notify::pagerduty {

namespace {

constexpr int pageSize = 25;
constexpr int mostPages = 4;
constexpr qsizetype longestName = 200;

using Object = std::function<void(const QJsonObject &)>;

/// Letters and digits: what may stand in a path.
bool isPagerId(const QString &text)
{
    return text.size() >= 4 && text.size() <= 40 && std::ranges::all_of(text, [](QChar c) {
        return (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9');
    });
}

QString oneLine(const QJsonValue &value)
{
    return validText(cut(value.toString().simplified(), longestName));
}

/// Asks the REST API, one thing after the other.
class ReadErrand : public HttpErrand
{
protected:
    explicit ReadErrand(PagerDesk &desk)
        : m_desk(desk)
    {
    }

    void get(const QStringList &path, const net::QueryItems &query,
        std::function<void(Result<QJsonObject>)> then)
    {
        net::Request request;
        request.url = m_desk.reads.base().at(path, query);
        request.headers = { { "Accept", "application/vnd.pagerduty+json;version=2" } };
        ask(m_desk.reads, std::move(request),
            [then = std::move(then)](const net::Answer &answer) { then(objectOf(answer)); });
    }

    PagerDesk &m_desk;

private:
    static Result<QJsonObject> objectOf(const net::Answer &answer)
    {
        if (!answer.error)
            return net::jsonObjectOf(*answer.response);
        Error error = *answer.error;
        if (error.fault == Fault::SignIn)
            error.detail
                = u"PagerDuty does not accept the API token: make a new one under “API Access Keys” or in your profile and enter it."_s;
        else if (error.fault == Fault::NotAllowed)
            error.detail
                = u"The API token may not read incidents: make one that may, read-only is enough, and enter it."_s;
        return error;
    }
};

class PagerHearErrand final : public ReadErrand
{
public:
    PagerHearErrand(PagerDesk &desk, const std::vector<Open> &open, HeardHandler done)
        : ReadErrand(desk)
        , m_done(std::move(done))
    {
        for (const Open &one : open)
            m_topics.insert(one.topic);
    }

    void start() { nextTopic(); }

private:
    void nextTopic()
    {
        if (m_topics.empty())
            return nextPerson();
        const QString topic = *m_topics.begin();
        m_topics.erase(m_topics.begin());
        readIncidents(topic, 0);
    }

    void readIncidents(const QString &topic, int page)
    {
        // An incident made of alerts has no key of its own in the answer; to ask by it finds it all the same.
        get({ u"incidents"_s },
            { { u"incident_key"_s, topic }, { u"date_range"_s, u"all"_s },
                { u"limit"_s, QString::number(pageSize) },
                { u"offset"_s, QString::number(page * pageSize) } },
            [this, topic, page](const Result<QJsonObject> &answer) {
                if (!answer)
                    return finish(answer.error());
                if (!answer->value("incidents"_L1).isArray())
                    return finish(Error { .fault = Fault::BadReply,
                        .detail
                        = u"PagerDuty answered without a list of incidents; check the address of its API."_s,
                        .retry = Retry::Later });
                for (const QJsonValue item : answer->value("incidents"_L1).toArray())
                    note(heardOf(item.toObject(), topic));
                if (answer->value("more"_L1).toBool() && page + 1 < mostPages)
                    return readIncidents(topic, page + 1);
                nextTopic();
            });
    }

    void note(const std::vector<Heard> &heard)
    {
        for (const Heard &one : heard) {
            m_strangers.insert(one.who);
            m_heard.push_back(one);
        }
    }

    void nextPerson()
    {
        while (!m_strangers.empty()) {
            const QString id = *m_strangers.begin();
            m_strangers.erase(m_strangers.begin());
            if (!m_desk.people.contains(id))
                return askPerson(id);
        }
        for (Heard &one : m_heard) {
            const auto found = m_desk.people.find(one.who);
            if (found == m_desk.people.end())
                continue;
            one.email = found->second.email;
            if (!found->second.name.isEmpty())
                one.name = found->second.name;
        }
        std::ranges::stable_sort(m_heard, {}, &Heard::at);
        finish(std::move(m_heard));
    }

    void askPerson(const QString &id)
    {
        get({ u"users"_s, id }, {}, [this, id](const Result<QJsonObject> &answer) {
            if (answer) {
                const QJsonObject user = answer->value("user"_L1).toObject();
                remember(id, { oneLine(user.value("name"_L1)), oneLine(user.value("email"_L1)) });
            } else if (answer.error().fault == Fault::NotFound
                || answer.error().fault == Fault::NotAllowed) {
                remember(id, {}); // gone, or not shown to this token
            } else {
                return finish(answer.error());
            }
            nextPerson();
        });
    }

    void remember(const QString &id, const Person &person)
    {
        if (m_desk.people.size() >= PagerDesk::Remembered)
            m_desk.people.clear();
        m_desk.people[id] = person;
    }

    void finish(Result<std::vector<Heard>> result)
    {
        const HeardHandler done = std::exchange(m_done, nullptr);
        done(std::move(result));
    }

    HeardHandler m_done;
    std::set<QString> m_topics;
    std::set<QString> m_strangers;
    std::vector<Heard> m_heard;
};

class PagerGreetErrand final : public ReadErrand
{
public:
    PagerGreetErrand(PagerDesk &desk, std::function<void(Result<QString>)> done)
        : ReadErrand(desk)
        , m_done(std::move(done))
    {
    }

    void start()
    {
        // Every kind of token may ask this; who it is, only those of a person.
        get({ u"abilities"_s }, {}, [this](const Result<QJsonObject> &answer) {
            const auto done = std::exchange(m_done, nullptr);
            if (!answer)
                return done(answer.error());
            done(
                u"PagerDuty accepts the API token. The key has the right form; whether it is good shows with the first page."_s);
        });
    }

private:
    std::function<void(Result<QString>)> m_done;
};

std::optional<Heard> heardFrom(const QJsonObject &agent, const QJsonValue &at)
{
    Heard heard;
    heard.who = agent.value("id"_L1).toString();
    heard.name = oneLine(agent.value("summary"_L1));
    const auto instant = Instant::parse(at.toString().left(40));
    if (!agent.value("type"_L1).toString().startsWith("user"_L1) || !isPagerId(heard.who)
        || !instant)
        return std::nullopt;
    heard.at = *instant;
    return heard;
}

} // namespace

std::vector<Heard> heardOf(const QJsonObject &incident, const QString &topic)
{
    std::vector<Heard> all;
    const QString id = incident.value("id"_L1).toString();
    const QString status = incident.value("status"_L1).toString();
    if (!isPagerId(id))
        return all;
    const auto add = [&](std::optional<Heard> heard, Heard::Kind kind, const QString &suffix) {
        if (!heard)
            return;
        heard->topic = topic;
        heard->kind = kind;
        heard->id = id + suffix;
        all.push_back(*heard);
    };
    if (status == "acknowledged"_L1) {
        for (const QJsonValue item : incident.value("acknowledgements"_L1).toArray()) {
            const QJsonObject one = item.toObject();
            const QJsonObject agent = one.value("acknowledger"_L1).toObject();
            add(heardFrom(agent, one.value("at"_L1)), Heard::Kind::Acknowledge,
                u":acknowledged:"_s + agent.value("id"_L1).toString());
        }
    } else if (status == "resolved"_L1) {
        add(heardFrom(incident.value("last_status_change_by"_L1).toObject(),
                incident.value("last_status_change_at"_L1)),
            Heard::Kind::Resolve, u":resolved"_s);
    }
    return all;
}

std::unique_ptr<Errand> hearPagerDuty(
    PagerDesk &desk, const std::vector<Open> &open, HeardHandler done)
{
    if (open.empty())
        return std::make_unique<AtOnce>(std::move(done), std::vector<Heard> {});
    auto errand = std::make_unique<PagerHearErrand>(desk, open, std::move(done));
    errand->start();
    return errand;
}

std::unique_ptr<Errand> greetPagerDuty(PagerDesk &desk, std::function<void(Result<QString>)> done)
{
    auto errand = std::make_unique<PagerGreetErrand>(desk, std::move(done));
    errand->start();
    return errand;
}

} // namespace tierline::notify::pagerduty
