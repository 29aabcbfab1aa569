#include "core/notify/slack/slackdesk.h"

#include "core/notify/slack/slackrefusal.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

constexpr qint64 longestAnswer = 8 << 20; // 200 messages with their blocks

net::TransportSettings settings(const net::BaseUrl &base, const QList<QSslCertificate> &authorities,
    const net::PacePolicy &pace)
{
    return { .base = base, .pace = pace, .authorities = authorities };
}

bool isDigits(QStringView text)
{
    return std::ranges::all_of(text, [](QChar c) { return c >= u'0' && c <= u'9'; });
}

} // namespace

SlackDesk::SlackDesk(const net::BaseUrl &base, const QList<QSslCertificate> &authorities,
    const Secret &token, const Clock &clock_, RandomSource &random)
    : clock(clock_)
    // A message a second and channel, with short bursts.
    , posts(settings(base, authorities, { .perMinute = 60, .burst = 6, .concurrent = 2 }), clock_,
          random)
    // Fifty in a minute are allowed of most methods.
    , reads(settings(base, authorities, { .perMinute = 45, .burst = 15, .concurrent = 2 }), clock_,
          random)
{
    const auto credentials = net::Credentials::authorization("Bearer", token);
    posts.setCredentials(credentials);
    reads.setCredentials(credentials);
}

void SlackDesk::noteChannel(const QString &address, const QString &channel)
{
    if (channels.size() >= Remembered)
        channels.clear();
    channels[address] = channel;
}

void SlackDesk::notePerson(const QString &id, const Person &person)
{
    if (people.size() >= Remembered)
        people.clear();
    people[id] = person;
}

bool isSlackId(QStringView text, QStringView first)
{
    return text.size() >= 4 && text.size() <= 24 && first.contains(text.front())
        && std::ranges::all_of(
            text, [](QChar c) { return (c >= u'A' && c <= u'Z') || (c >= u'0' && c <= u'9'); });
}

std::optional<qint64> microsOf(const QString &ts)
{
    // Ten digits of seconds until the year 2286.
    if (ts.size() != 17 || ts[10] != u'.' || !isDigits(QStringView(ts).first(10))
        || !isDigits(QStringView(ts).sliced(11)))
        return std::nullopt;
    return ts.left(10).toLongLong() * 1'000'000 + QStringView(ts).sliced(11).toLongLong();
}

std::optional<Place> Place::parse(const QString &receipt)
{
    const qsizetype colon = receipt.indexOf(u':');
    if (colon < 0)
        return std::nullopt;
    const Place place { receipt.left(colon), receipt.mid(colon + 1) };
    if (!isSlackId(place.channel, u"CGD") || !microsOf(place.ts))
        return std::nullopt;
    return place;
}

std::optional<QJsonArray> Said::messages() const
{
    const QJsonValue list = good ? good->value("messages"_L1) : QJsonValue();
    return list.isArray() ? std::optional(list.toArray()) : std::nullopt;
}

QString Said::nextPage() const
{
    return good->value("response_metadata"_L1).toObject().value("next_cursor"_L1).toString();
}

SlackErrand::SlackErrand(SlackDesk &desk, QString address)
    : m_desk(desk)
    , m_address(std::move(address))
{
}

void SlackErrand::post(const QString &method, const QJsonObject &arguments, Then then)
{
    net::Request request;
    request.method = net::Method::Post;
    request.url = m_desk.posts.base().at({ method });
    request.contentType = "application/json; charset=utf-8";
    request.body = QJsonDocument(arguments).toJson(QJsonDocument::Compact);
    request.limits.bodyBytes = longestAnswer;
    ask(m_desk.posts, std::move(request),
        [this, then = std::move(then)](const net::Answer &answer) { then(read(answer)); });
}

void SlackErrand::get(const QString &method, const net::QueryItems &arguments, Then then)
{
    net::Request request;
    // The methods that only read do not take JSON.
    request.url = m_desk.reads.base().at({ method }, arguments);
    request.limits.bodyBytes = longestAnswer;
    ask(m_desk.reads, std::move(request),
        [this, then = std::move(then)](const net::Answer &answer) { then(read(answer)); });
}

Said SlackErrand::read(const net::Answer &answer) const
{
    Said said;
    said.at = m_desk.clock.now();
    said.told = toldOf(answer);
    if (!answer.response || answer.response->status >= 500
        || (answer.problem != net::Problem::None && answer.problem != net::Problem::Status))
        return said;
    said.at = answer.response->serverDate.value_or(said.at);
    said.scopes = answer.response->header("X-OAuth-Scopes");
    // Status 200 says nothing here; the words do, whatever the status.
    auto object = net::jsonObjectOf(*answer.response, { .bytes = longestAnswer });
    if (!object || !object->value("ok"_L1).isBool()) {
        if (answer.ok()) {
            said.told = { .outcome = Told::Outcome::Unknown,
                .error = object ? oddAnswer() : object.error() };
        }
        return said;
    }
    if (answer.ok() && object->value("ok"_L1).toBool()) {
        said.good = std::move(*object);
        return said;
    }
    said.code = codeOf(object->value("error"_L1).toString());
    if (answer.ok() || !said.code.isEmpty())
        said.told = toldOfRefusal(said.code, object->value("needed"_L1).toString(), m_address,
            answer.error ? answer.error->wait : Millis(0));
    return said;
}

} // namespace tierline::notify::slack
