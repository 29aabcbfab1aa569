#include "core/notify/slack/slackway.h"

#include "core/base/unicode.h"
#include "core/notify/slack/slackhear.h"
#include "core/notify/slack/slackrefusal.h"
#include "core/notify/slack/slacktell.h"

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

QString nameIn(const QJsonObject &answer, QLatin1StringView key)
{
    return validText(cut(answer.value(key).toString().simplified(), 80));
}

/// Asks who the token is, and what it may.
class GreetErrand final : public SlackErrand
{
public:
    GreetErrand(SlackDesk &desk, std::function<void(Result<QString>)> done)
        : SlackErrand(desk, {})
        , m_done(std::move(done))
    {
    }

    void start()
    {
        post(u"auth.test"_s, {}, [this](const Said &said) {
            const auto done = std::exchange(m_done, nullptr);
            done(said.good ? greeting(said) : said.told.error.value_or(oddAnswer()));
        });
    }

private:
    static Result<QString> greeting(const Said &said)
    {
        QByteArrayList scopes = said.scopes.split(',');
        for (QByteArray &scope : scopes)
            scope = scope.trimmed();
        const bool isTold = !said.scopes.isEmpty();
        if (isTold && !scopes.contains("chat:write"))
            return *toldOfRefusal(u"missing_scope"_s, u"chat:write"_s, {}).error;
        QString sentence = u"Signed in to %1 as %2."_s.arg(
            nameIn(*said.good, "team"_L1), nameIn(*said.good, "user"_L1));
        const bool canRead = std::ranges::any_of(
            scopes, [](const QByteArray &scope) { return scope.endsWith(":history"); });
        if (isTold && !canRead)
            sentence
                += u" Without the scope channels:history or groups:history nobody's claim is heard."_s;
        else if (isTold && !scopes.contains("users:read.email"))
            sentence
                += u" Without the scope users:read.email it is not known which agent claims."_s;
        return sentence;
    }

    std::function<void(Result<QString>)> m_done;
};

} // namespace

SlackWay::SlackWay(const net::BaseUrl &base, const QList<QSslCertificate> &authorities,
    const Secret &token, const Clock &clock, RandomSource &random)
    : m_desk(base, authorities, token, clock, random)
{
}

std::unique_ptr<Errand> SlackWay::tell(const Telling &telling, ToldHandler done)
{
    return tellSlack(m_desk, telling, std::move(done));
}

std::unique_ptr<Errand> SlackWay::look(const Telling &telling, ToldHandler done)
{
    return lookInSlack(m_desk, telling, std::move(done));
}

std::unique_ptr<Errand> SlackWay::hear(const std::vector<Open> &open, HeardHandler done)
{
    return hearSlack(m_desk, open, std::move(done));
}

std::unique_ptr<Errand> SlackWay::test(std::function<void(Result<QString>)> done)
{
    auto errand = std::make_unique<GreetErrand>(m_desk, std::move(done));
    errand->start();
    return errand;
}

} // namespace tierline::notify::slack
