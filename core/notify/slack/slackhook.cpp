#include "core/notify/api/atonce.h"
#include "core/notify/slack/slackrefusal.h"
#include "core/notify/slack/slacktext.h"
#include "core/notify/slack/slackway.h"

#include <QJsonDocument>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

constexpr qint64 longestHookAnswer = 64 << 10;

/// What a hook says, in plain text: "ok", or a word for what is wrong.
Told toldOfHook(const net::Answer &answer)
{
    using Outcome = Told::Outcome;
    Told told = toldOf(answer);
    if (!answer.response)
        return told;
    const int status = answer.response->status;
    const QByteArray words = answer.response->body.left(200).trimmed();
    if (answer.ok()) {
        if (words != "ok")
            return { .outcome = Outcome::Unknown, .error = oddAnswer() };
        return told;
    }
    if (answer.problem != net::Problem::Status || status < 400 || status >= 500 || status == 429)
        return told;
    const QString code = codeOf(QString::fromLatin1(words));
    const QString said = code.isEmpty() ? u"status %1"_s.arg(status) : code;
    if (status == 403 || status == 404 || status == 410) {
        return { .outcome = Outcome::Later,
            .error = Error { .fault = Fault::SignIn,
                .detail
                = u"Slack no longer takes anything through this webhook (%1): make a new one in the app's settings and enter its address."_s
                      .arg(said),
                .retry = Retry::AfterSignIn },
            .isWayShut = true };
    }
    told.error->detail
        = u"Slack does not take this message as it is (%1), and would refuse it again; look at the ticket here instead."_s
              .arg(said);
    return told;
}

class HookErrand final : public HttpErrand
{
public:
    void start(net::Transport &transport, const QByteArray &body, ToldHandler done)
    {
        m_done = std::move(done);
        net::Request request;
        request.method = net::Method::Post;
        request.url = transport.base().url();
        request.contentType = "application/json; charset=utf-8";
        request.body = body;
        request.limits.bodyBytes = longestHookAnswer;
        // Wherever it leads, it is not where the secret was meant for.
        request.limits.redirects = 0;
        request.isPathSecret = true;
        ask(transport, std::move(request), [this](const net::Answer &answer) {
            const ToldHandler last = std::exchange(m_done, nullptr);
            last(toldOfHook(answer));
        });
    }

private:
    ToldHandler m_done;
};

} // namespace

SlackHookWay::SlackHookWay(const net::BaseUrl &hook, const QList<QSslCertificate> &authorities,
    const Clock &clock, RandomSource &random)
    // A message a second, with short bursts.
    : m_transport({ .base = hook,
                      .pace = { .perMinute = 60, .burst = 4, .concurrent = 1 },
                      .authorities = authorities },
        clock, random)
{
}

std::unique_ptr<Errand> SlackHookWay::tell(const Telling &telling, ToldHandler done)
{
    auto errand = std::make_unique<HookErrand>();
    errand->start(m_transport,
        QJsonDocument(asNew(postContent(telling))).toJson(QJsonDocument::Compact), std::move(done));
    return errand;
}

std::unique_ptr<Errand> SlackHookWay::look(const Telling &, ToldHandler done)
{
    return std::make_unique<AtOnce>(std::move(done),
        Told { .outcome = Told::Outcome::Unknown,
            .error = Error { .fault = Fault::Timeout,
                .detail
                = u"Whether the message arrived cannot be seen through a webhook; look into the channel."_s,
                .retry = Retry::Never } });
}

std::unique_ptr<Errand> SlackHookWay::test(std::function<void(Result<QString>)> done)
{
    return std::make_unique<AtOnce>(std::move(done),
        Result<QString>(
            u"The address has the form of a webhook of Slack's; whether it is good shows with the first message."_s));
}

} // namespace tierline::notify::slack
