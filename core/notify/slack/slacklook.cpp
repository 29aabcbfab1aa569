#include "core/notify/slack/slackrefusal.h"
#include "core/notify/slack/slacktell.h"
#include "core/notify/slack/slacktext.h"

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

constexpr int lookPages = 8;
constexpr Millis lookBefore { 10 * 60'000 }; ///< our clock and Slack's may differ by so much

class LookErrand final : public SlackErrand
{
public:
    LookErrand(SlackDesk &desk, const Telling &telling, ToldHandler done)
        : SlackErrand(desk, telling.address)
        , m_telling(telling)
        , m_done(std::move(done))
        , m_place(Place::parse(telling.receipt))
    {
    }

    void start()
    {
        if (m_place)
            readThread({});
        else if (isSlackId(m_telling.address, u"CGD"))
            readPosts(m_telling.address, {});
        else if (const auto known = m_desk.channels.find(m_telling.address);
                 known != m_desk.channels.end())
            readPosts(known->second, {});
        else if (m_telling.address.startsWith(u'#'))
            findChannel({});
        else
            openDirect();
    }

private:
    // --- where

    /// By name only the bot's own channels are known; posts of others it may not read anyway.
    void findChannel(const QString &cursor)
    {
        get(u"users.conversations"_s,
            paged({ { u"types"_s, u"public_channel,private_channel"_s } }, cursor),
            [this](const Said &said) {
                if (!said.good)
                    return cannotSee(said.told);
                for (const QJsonValue item : said.good->value("channels"_L1).toArray()) {
                    const QString id = item.toObject().value("id"_L1).toString();
                    if (u'#' + item.toObject().value("name"_L1).toString() == m_telling.address
                        && isSlackId(id, u"CG"))
                        return found(id);
                }
                if (!goOn(said, [this](const QString &next) { findChannel(next); }))
                    cannotSee(toldOfRefusal(u"not_in_channel"_s, {}, m_telling.address));
            });
    }

    /// Opening what is open already shows nobody anything.
    void openDirect()
    {
        post(u"conversations.open"_s, { { u"users"_s, m_telling.address } },
            [this](const Said &said) {
                if (!said.good)
                    return cannotSee(said.told);
                const QString id
                    = said.good->value("channel"_L1).toObject().value("id"_L1).toString();
                if (!isSlackId(id, u"CGD"))
                    return cannotSee({});
                found(id);
            });
    }

    void found(const QString &channel)
    {
        m_desk.noteChannel(m_telling.address, channel);
        m_page = 0;
        readPosts(channel, {});
    }

    // --- what

    void readThread(const QString &cursor)
    {
        get(u"conversations.replies"_s,
            paged(since({ { u"channel"_s, m_place->channel }, { u"ts"_s, m_place->ts } }), cursor),
            [this](const Said &said) {
                static const QStringList gone { u"thread_not_found"_s, u"message_not_found"_s };
                if (gone.contains(said.code))
                    return readPostsInstead();
                const auto messages = said.messages();
                if (!messages)
                    return cannotSee(said.told);
                if (!oursAmong(*messages).isEmpty())
                    return arrived(*m_place);
                if (!goOn(said, [this](const QString &next) { readThread(next); }))
                    readPostsInstead();
            });
    }

    /// Where the post was removed meanwhile, a new one was made.
    void readPostsInstead()
    {
        m_page = 0;
        readPosts(m_place->channel, {});
    }

    void readPosts(const QString &channel, const QString &cursor)
    {
        get(u"conversations.history"_s, paged(since({ { u"channel"_s, channel } }), cursor),
            [this, channel](const Said &said) {
                const auto messages = said.messages();
                if (!messages)
                    return cannotSee(said.told);
                const Place place { channel, oursAmong(*messages) };
                if (Place::parse(place.receipt()))
                    return arrived(place);
                if (!goOn(said, [this, channel](const QString &next) { readPosts(channel, next); }))
                    didNotArrive();
            });
    }

    net::QueryItems since(net::QueryItems query) const
    {
        const Instant from = m_telling.at - lookBefore;
        query.append({ u"oldest"_s, QString::number(from.ms / 1000) + u".000000"_s });
        query.append({ u"include_all_metadata"_s, u"true"_s });
        return query;
    }

    static net::QueryItems paged(net::QueryItems query, const QString &cursor)
    {
        query.append({ u"limit"_s, u"200"_s });
        if (!cursor.isEmpty())
            query.append({ u"cursor"_s, cursor });
        return query;
    }

    /// The ts of the message that carries our id; empty where none does.
    QString oursAmong(const QJsonArray &messages) const
    {
        for (const QJsonValue item : messages) {
            if (isOf(item.toObject(), m_telling))
                return item.toObject().value("ts"_L1).toString();
        }
        return {};
    }

    /// Whether there is more, which is asked for then, or cannot be seen.
    bool goOn(const Said &said, const std::function<void(const QString &)> &next)
    {
        const QString cursor = said.nextPage();
        if (cursor.isEmpty())
            return false;
        if (++m_page < lookPages)
            next(cursor);
        else
            cannotSee(
                { .error = Error { .fault = Fault::BadReply,
                      .detail = u"So much was written in %1 since that it was not all read."_s.arg(
                          m_telling.address.left(100)) } });
        return true;
    }

    // --- what came of it

    void arrived(const Place &place)
    {
        finish({ .outcome = Told::Outcome::Arrived, .receipt = place.receipt() });
    }

    void didNotArrive()
    {
        finish({ .error = Error { .fault = Fault::Timeout,
                     .detail = u"The message did not arrive in %1; it is sent again."_s.arg(
                         m_telling.address.left(100)),
                     .retry = Retry::Later } });
    }

    void cannotSee(Told told)
    {
        if (!told.error)
            told.error = oddAnswer();
        told.outcome = Told::Outcome::Unknown;
        finish(told);
    }

    void finish(const Told &told)
    {
        const ToldHandler done = std::exchange(m_done, nullptr);
        done(told);
    }

    Telling m_telling;
    ToldHandler m_done;
    std::optional<Place> m_place;
    int m_page = 0;
};

} // namespace

std::unique_ptr<Errand> lookInSlack(SlackDesk &desk, const Telling &telling, ToldHandler done)
{
    auto errand = std::make_unique<LookErrand>(desk, telling, std::move(done));
    errand->start();
    return errand;
}

} // namespace tierline::notify::slack
