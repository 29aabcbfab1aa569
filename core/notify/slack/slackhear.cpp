#include "core/notify/slack/slackhear.h"

#include "core/base/unicode.h"
#include "core/notify/api/atonce.h"
#include "core/notify/slack/slackclaims.h"
#include "core/notify/slack/slackrefusal.h"

#include <deque>
#include <set>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

constexpr int hearPages = 3; ///< of 200 posts; what lies beyond is asked for thread by thread
constexpr int threadPages = 5;
constexpr qsizetype longestName = 200;

QString line(const QJsonValue &value)
{
    return validText(cut(value.toString().simplified(), longestName));
}

class HearErrand final : public SlackErrand
{
public:
    HearErrand(SlackDesk &desk, const std::vector<Open> &open, HeardHandler done)
        : SlackErrand(desk, {})
        , m_done(std::move(done))
    {
        for (const Open &one : open) {
            if (const auto place = Place::parse(one.receipt))
                m_unread[place->channel][place->ts] = one.topic;
        }
    }

    void start() { nextChannel(); }
    bool hasWork() const { return !m_unread.empty(); }

private:
    // --- posts

    void nextChannel()
    {
        if (m_unread.empty())
            return nextPerson();
        m_channel = m_unread.begin()->first;
        m_posts = std::move(m_unread.begin()->second);
        m_unread.erase(m_unread.begin());
        m_threads.clear();
        m_page = 0;
        // From the first of our posts to the last; of one post that is that one.
        readPosts({ { u"channel"_s, m_channel }, { u"oldest"_s, m_posts.begin()->first },
            { u"latest"_s, m_posts.rbegin()->first }, { u"inclusive"_s, u"true"_s },
            { u"limit"_s, u"200"_s } });
    }

    void readPosts(const net::QueryItems &query, const QString &cursor = {})
    {
        net::QueryItems page = query;
        if (!cursor.isEmpty())
            page.append({ u"cursor"_s, cursor });
        get(u"conversations.history"_s, page, [this, query](const Said &said) {
            const auto messages = said.messages();
            if (!messages)
                return leaveOut(said);
            for (const QJsonValue item : *messages)
                notePost(item.toObject(), said.at);
            const QString next = said.nextPage();
            if (!next.isEmpty() && ++m_page < hearPages)
                return readPosts(query, next);
            if (!next.isEmpty()) {
                for (const auto &[ts, topic] : m_posts)
                    m_threads.emplace_back(ts, topic);
            }
            nextThread();
        });
    }

    void notePost(const QJsonObject &post, Instant now)
    {
        const auto found = m_posts.find(post.value("ts"_L1).toString());
        if (found == m_posts.end())
            return;
        add(claimsOfReactions(post, found->second, m_channel, now));
        if (post.value("reply_count"_L1).toInt() > 0)
            m_threads.emplace_back(found->first, found->second);
        m_posts.erase(found);
    }

    // --- threads

    void nextThread()
    {
        if (m_threads.empty())
            return nextChannel();
        const auto [ts, topic] = m_threads.front();
        m_threads.pop_front();
        m_page = 0;
        readThread(ts, topic, {});
    }

    void readThread(const QString &ts, const QString &topic, const QString &cursor)
    {
        net::QueryItems query { { u"channel"_s, m_channel }, { u"ts"_s, ts },
            { u"limit"_s, u"200"_s } };
        if (!cursor.isEmpty())
            query.append({ u"cursor"_s, cursor });
        get(u"conversations.replies"_s, query, [this, ts, topic](const Said &said) {
            // Somebody removed the post, and its thread with it.
            if (said.code == "thread_not_found"_L1)
                return nextThread();
            const auto messages = said.messages();
            if (!messages)
                return leaveOut(said);
            for (const QJsonValue item : *messages) {
                const QJsonObject message = item.toObject();
                if (message.value("ts"_L1).toString() != ts)
                    add(claimsOfReply(message, topic, m_channel));
                else if (m_posts.erase(ts) > 0) // not among the posts that were read
                    add(claimsOfReactions(message, topic, m_channel, said.at));
            }
            const QString next = said.nextPage();
            if (!next.isEmpty() && ++m_page < threadPages)
                return readThread(ts, topic, next);
            nextThread();
        });
    }

    // --- people

    void nextPerson()
    {
        while (!m_strangers.empty()) {
            const QString id = *m_strangers.begin();
            if (m_desk.mayAskPeople && !m_desk.people.contains(id))
                return askPerson(id);
            m_strangers.erase(m_strangers.begin());
        }
        finish();
    }

    void askPerson(const QString &id)
    {
        get(u"users.info"_s, { { u"user"_s, id } }, [this, id](const Said &said) {
            if (said.code == "missing_scope"_L1) {
                m_desk.mayAskPeople = false;
            } else if (said.good) {
                const QJsonObject user = said.good->value("user"_L1).toObject();
                const QJsonObject profile = user.value("profile"_L1).toObject();
                QString name = line(profile.value("display_name"_L1));
                if (name.isEmpty())
                    name = line(profile.value("real_name"_L1));
                m_desk.notePerson(id,
                    { name, line(profile.value("email"_L1)), user.value("is_bot"_L1).toBool() });
            } else if (said.told.outcome == Told::Outcome::Refused) {
                m_desk.notePerson(id, {}); // hidden from the bot, or gone
            } else {
                // Nobody's claim is lost for a busy server: all of it is heard again.
                return fail(said.told);
            }
            nextPerson();
        });
    }

    // --- what came of it

    void add(std::vector<Claim> claims)
    {
        for (Claim &claim : claims) {
            m_strangers.insert(claim.who);
            m_claims.push_back(std::move(claim));
        }
    }

    /// One channel that is closed to the bot does not make it deaf to the others.
    void leaveOut(const Said &said)
    {
        if (said.good || said.told.outcome != Told::Outcome::Refused)
            return fail(said.told);
        m_refusal = said.told.error;
        nextChannel();
    }

    void fail(const Told &told)
    {
        const HeardHandler done = std::exchange(m_done, nullptr);
        done(told.error.value_or(oddAnswer()));
    }

    void finish()
    {
        if (m_claims.empty() && m_refusal)
            return fail({ .error = m_refusal });
        std::ranges::stable_sort(m_claims, [](const Claim &a, const Claim &b) {
            return std::pair(a.at, a.order) < std::pair(b.at, b.order);
        });
        std::vector<Heard> heard;
        for (const Claim &claim : m_claims) {
            const auto found = m_desk.people.find(claim.who);
            const Person person = found == m_desk.people.end() ? Person {} : found->second;
            if (!person.isBot)
                heard.push_back({ claim.topic, Heard::Kind::Claim, claim.id, claim.who, person.name,
                    person.email, claim.at });
        }
        const HeardHandler done = std::exchange(m_done, nullptr);
        done(std::move(heard));
    }

    HeardHandler m_done;
    std::map<QString, std::map<QString, QString>> m_unread; ///< topic by ts, by channel
    QString m_channel; ///< that is read
    std::map<QString, QString> m_posts; ///< of it: those that were not seen yet, topic by ts
    std::deque<std::pair<QString, QString>> m_threads; ///< of it, to be read: ts and topic
    int m_page = 0;
    std::vector<Claim> m_claims;
    std::set<QString> m_strangers;
    std::optional<Error> m_refusal;
};

} // namespace

std::unique_ptr<Errand> hearSlack(SlackDesk &desk, const std::vector<Open> &open, HeardHandler done)
{
    auto errand = std::make_unique<HearErrand>(desk, open, done);
    if (!errand->hasWork())
        return std::make_unique<AtOnce>(std::move(done), std::vector<Heard> {});
    errand->start();
    return errand;
}

} // namespace tierline::notify::slack
