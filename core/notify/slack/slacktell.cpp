#include "core/notify/slack/slacktell.h"

#include "core/notify/slack/slackrefusal.h"
#include "core/notify/slack/slacktext.h"

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

class TellErrand final : public SlackErrand
{
public:
    TellErrand(SlackDesk &desk, const Telling &telling, ToldHandler done)
        : SlackErrand(desk, telling.address)
        , m_telling(telling)
        , m_done(std::move(done))
    {
    }

    void start()
    {
        if (const auto place = Place::parse(m_telling.receipt))
            change(*place);
        else
            begin();
    }

private:
    void begin()
    {
        post(u"chat.postMessage"_s, message(m_telling.address, postContent(m_telling)),
            [this](const Said &said) { began(said); });
    }

    void began(const Said &said)
    {
        if (!said.good)
            return finish(said.told);
        const auto place = Place::parse(said.good->value("channel"_L1).toString() + u':'
            + said.good->value("ts"_L1).toString());
        if (!place) {
            // It is there, and where is not known: to look finds it.
            return finish({ .outcome = Told::Outcome::Unknown, .error = oddAnswer() });
        }
        m_desk.noteChannel(m_telling.address, place->channel);
        finish({ .outcome = Told::Outcome::Arrived, .receipt = place->receipt() });
    }

    /// First the post, then its thread: to change the post a second time is no harm, so only the line can be there
    /// twice, and it carries the id that it is looked for by.
    void change(const Place &place)
    {
        QJsonObject arguments = postContent(m_telling);
        arguments[u"channel"_s] = place.channel;
        arguments[u"ts"_s] = place.ts;
        post(u"chat.update"_s, arguments, [this, place](const Said &said) {
            static const QStringList unchangeable { u"cant_update_message"_s,
                u"edit_window_closed"_s };
            if (said.code == "message_not_found"_L1)
                return begin(); // somebody removed it
            if (said.good || unchangeable.contains(said.code))
                return addLine(place);
            Told told = said.told;
            if (told.outcome == Told::Outcome::Unknown)
                told.outcome = Told::Outcome::Later;
            finish(told);
        });
    }

    void addLine(const Place &place)
    {
        QJsonObject arguments = message(place.channel, lineContent(m_telling));
        arguments[u"thread_ts"_s] = place.ts;
        post(u"chat.postMessage"_s, arguments, [this, place](const Said &said) {
            if (!said.good)
                return finish(said.told);
            finish({ .outcome = Told::Outcome::Arrived, .receipt = place.receipt() });
        });
    }

    QJsonObject message(const QString &channel, const QJsonObject &content) const
    {
        QJsonObject arguments = asNew(content);
        arguments[u"channel"_s] = channel;
        arguments[u"metadata"_s] = metadataOf(m_telling);
        return arguments;
    }

    void finish(const Told &told)
    {
        const ToldHandler done = std::exchange(m_done, nullptr);
        done(told);
    }

    Telling m_telling;
    ToldHandler m_done;
};

} // namespace

std::unique_ptr<Errand> tellSlack(SlackDesk &desk, const Telling &telling, ToldHandler done)
{
    auto errand = std::make_unique<TellErrand>(desk, telling, std::move(done));
    errand->start();
    return errand;
}

} // namespace tierline::notify::slack
