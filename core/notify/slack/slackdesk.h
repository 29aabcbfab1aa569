#pragma once

#include "core/notify/api/httperrand.h"
#include "core/notify/api/wayregistry.h"

#include <QJsonArray>
#include <QJsonObject>

#include <map>

namespace tierline::notify::slack {

/// Somebody in a workspace of Slack.
struct Person {
    QString name;
    QString email; ///< empty without the scope users:read.email
    bool isBot = false;
};

/// What every errand to one workspace needs; lives as long as its way.
struct SlackDesk {
    SlackDesk(const net::BaseUrl &base, const QList<QSslCertificate> &authorities,
        const Secret &token, const Clock &clock, RandomSource &random);

    const Clock &clock;
    /// Two, since Slack counts by method: hearing that is asked to slow down must not hold an escalation up.
    net::Transport posts;
    net::Transport reads;
    /// What was learned since the start. Each starts anew when it is full.
    std::map<QString, QString> channels; ///< id by address
    std::map<QString, Person> people; ///< by id
    bool mayAskPeople = true; ///< false: the bot lacks the scope users:read

    void noteChannel(const QString &address, const QString &channel);
    void notePerson(const QString &id, const Person &person);

    static constexpr size_t Remembered = 500;
};

/// Where a post is: what a receipt says.
struct Place {
    QString channel; ///< id
    QString ts; ///< Slack's time of a message, and its name within the channel

    QString receipt() const { return channel + u':' + ts; }
    /// Nothing where it is none of ours.
    static std::optional<Place> parse(const QString &receipt);
};

/// Whether a text is an id of a channel, a direct message or a person: letter, capitals, digits.
bool isSlackId(QStringView text, QStringView first);

/// A message's time in microseconds since 1970, "1700000000.000100"; nothing for what is none.
std::optional<qint64> microsOf(const QString &ts);

/// What one method answered.
struct Said {
    std::optional<QJsonObject> good; ///< where it said ok
    QString code; ///< Slack's word for what is wrong; empty where it said none
    Told told; ///< unless good: what that means for a telling
    Instant at; ///< by Slack's clock
    QByteArray scopes; ///< of the token: "chat:write,users:read"; empty where it did not say

    /// Nothing where it is no list: then nothing is known, least of all that there are none.
    std::optional<QJsonArray> messages() const;
    QString nextPage() const; ///< empty at the end
};

/// Asks methods of the Web API, one after the other. The desk may go first.
class SlackErrand : public HttpErrand
{
public:
    /// `address` is what sentences call the place: "#escalations".
    SlackErrand(SlackDesk &desk, QString address);

protected:
    using Then = std::function<void(const Said &)>;
    /// Changes something there: never sent twice by itself.
    void post(const QString &method, const QJsonObject &arguments, Then then);
    void get(const QString &method, const net::QueryItems &arguments, Then then);

    SlackDesk &m_desk;

private:
    Said read(const net::Answer &answer) const;

    QString m_address;
};

} // namespace tierline::notify::slack
