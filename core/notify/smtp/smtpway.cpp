#include "core/notify/smtp/smtpway.h"

#include "core/net/authorities.h"
#include "core/net/baseurl.h"
#include "core/notify/api/atonce.h"
#include "core/notify/smtp/smtpverdict.h"

#include <QPointer>

#include <deque>

namespace tierline::notify {

using namespace Qt::StringLiterals;

namespace smtp {

namespace {

constexpr quint16 submissionPort = 587;
constexpr quint16 submissionsPort = 465;
constexpr int mostConnections = 2;

/// Points at a dialogue, which leaves when it has ended.
class Delivery final : public Errand
{
public:
    explicit Delivery(SmtpDialogue *dialogue)
        : m_dialogue(dialogue)
    {
    }
    ~Delivery() override
    {
        if (m_dialogue)
            m_dialogue->abandon();
    }

private:
    QPointer<SmtpDialogue> m_dialogue;
};

Result<SignInBy> signInBy(const QString &text)
{
    if (text.isEmpty() || text == "auto"_L1)
        return SignInBy::Auto;
    if (text == "plain"_L1)
        return SignInBy::Plain;
    if (text == "login"_L1)
        return SignInBy::Login;
    if (text == "xoauth2"_L1)
        return SignInBy::Token;
    return badInput(u"“%1” is no way to sign in: write auto, plain, login or xoauth2."_s.arg(
                        text.simplified().left(40)),
        u"auth"_s);
}

QString option(const WayConfig &config, const QString &name)
{
    const auto found = config.options.find(name);
    return found == config.options.end() ? QString() : found->second.trimmed();
}

bool hasControls(const QString &text)
{
    return std::any_of(
        text.begin(), text.end(), [](QChar c) { return c.category() == QChar::Other_Control; });
}

Result<SmtpServer> readServer(const QUrl &url)
{
    const bool isEncrypted = url.scheme() == "smtps"_L1;
    const bool isBare = url.userInfo().isEmpty() && !url.hasQuery() && !url.hasFragment()
        && (url.path().isEmpty() || url.path() == "/"_L1);
    if (!url.isValid() || url.host().isEmpty() || url.host().contains(u'%')
        || (!isEncrypted && url.scheme() != "smtp"_L1) || !isBare || url.port() == 0)
        return badInput(
            u"This is no address of a mail server: write smtp://mail.example.org:587, or smtps://mail.example.org:465 where it is encrypted from the start, without a name or path."_s,
            u"url"_s);
    SmtpServer server;
    server.host = url.host(QUrl::FullyEncoded);
    server.port = static_cast<quint16>(url.port(isEncrypted ? submissionsPort : submissionPort));
    server.isTlsFromStart = isEncrypted;
    return server;
}

QStringList wordsOf(const Card &card)
{
    QStringList words;
    for (const QString &one : { card.subject, card.customer, card.reason, card.text, card.link }) {
        // As a server would quote it; of short ones nobody could tell.
        if (const QString line = one.simplified(); line.size() >= 4)
            words.append(line);
    }
    return words;
}

Letter letterOf(const Telling &telling, const MailAddress &from, const MailAddress &to)
{
    const QString subject = headline(telling.card);
    Letter letter { .from = from, .to = to, .subject = subject };
    letter.text = subject + u"\n\n"_s + inLines(telling.card);
    letter.messageId = messageIdOf(telling.id, from);
    letter.inReplyTo = telling.receipt.toLatin1();
    letter.at = telling.at;
    letter.isUrgent = telling.card.isUrgent;
    return letter;
}

} // namespace

/// What is under way, and who waits for a place.
class SmtpWay::Post final : public QObject
{
public:
    Post(SmtpServer server, SmtpLimits limits)
        : m_server(std::move(server))
        , m_limits(limits)
    {
    }

    std::unique_ptr<Errand> add(std::optional<SmtpMail> mail, std::function<void(SmtpEnd)> done)
    {
        auto *dialogue
            = new SmtpDialogue(m_server, m_limits, std::move(mail), std::move(done), this);
        connect(dialogue, &SmtpDialogue::over, this, [this, dialogue] {
            m_running -= std::erase(m_started, dialogue) > 0 ? 1 : 0;
            std::erase(m_waiting, dialogue);
            next();
        });
        m_waiting.push_back(dialogue);
        next();
        return std::make_unique<Delivery>(dialogue);
    }

private:
    void next()
    {
        while (m_running < mostConnections && !m_waiting.empty()) {
            SmtpDialogue *first = m_waiting.front();
            m_waiting.pop_front();
            m_started.push_back(first);
            ++m_running;
            first->start();
        }
    }

    const SmtpServer m_server;
    const SmtpLimits m_limits;
    std::deque<SmtpDialogue *> m_waiting;
    std::vector<SmtpDialogue *> m_started;
    int m_running = 0;
};

Result<SmtpSetup> readSetup(const WayConfig &config, const Secret &secret)
{
    SmtpSetup setup;
    TIERLINE_TRY(server, readServer(config.url));
    setup.server = server;
    if (hasControls(config.user))
        return badInput(
            u"The user name holds a line break or another control character."_s, u"user"_s);
    setup.server.user = config.user.trimmed();
    setup.server.secret = secret;
    if (!secret.isEmpty() && setup.server.user.isEmpty())
        return badInput(u"There is a password and no user name to sign in with."_s, u"user"_s);
    if (hasControls(QString::fromUtf8(secret.expose())))
        return badInput(
            u"The password holds a line break or another control character; enter it again."_s);
    TIERLINE_TRY(by, signInBy(option(config, u"auth"_s)));
    setup.server.signInBy = by;
    // A password never goes unencrypted, not even here: whoever listens on a port of this machine may be anybody.
    setup.server.isPlain
        = secret.isEmpty() && !server.isTlsFromStart && net::isLoopbackLiteral(setup.server.host);
    TIERLINE_TRY(authorities, net::readAuthorities(config.authorities));
    setup.server.authorities = authorities;
    const QString given = option(config, u"from"_s);
    const auto from = parseMailAddress(given.isEmpty() ? setup.server.user : given);
    if (!from) {
        return given.isEmpty()
            ? badInput(
                u"The mail needs a sender: write its address under “from”, since the user name is none."_s,
                u"from"_s)
            : badInput(from.error().detail, u"from"_s);
    }
    setup.from = *from;
    return setup;
}

SmtpWay::SmtpWay(SmtpSetup setup, SmtpLimits limits)
    : m_setup(std::move(setup))
    , m_post(std::make_unique<Post>(m_setup.server, limits))
{
}

SmtpWay::~SmtpWay() = default;

std::unique_ptr<Errand> SmtpWay::tell(const Telling &telling, ToldHandler done)
{
    // A mail that says that somebody took it, or that it is over, rings nobody's bell and fills everybody's box.
    if (telling.act != Act::Tell)
        return std::make_unique<AtOnce>(std::move(done),
            Told { .outcome = Told::Outcome::Arrived, .receipt = telling.receipt });
    const auto to = parseMailAddress(telling.address);
    const Letter letter = letterOf(telling, m_setup.from, to ? *to : MailAddress {});
    if (!to || letter.messageId.isEmpty()) {
        Told refused { .outcome = Told::Outcome::Refused };
        refused.error = to ? badInput(u"The message has no proper id."_s) : to.error();
        return std::make_unique<AtOnce>(std::move(done), std::move(refused));
    }
    const bool isFirst = !isMessageId(letter.inReplyTo);
    const QString receipt = QString::fromLatin1(isFirst ? letter.messageId : letter.inReplyTo);
    return m_post->add(SmtpMail { letter.from.text, letter.to.text, composed(letter) },
        [server = m_setup.server, receipt, words = wordsOf(telling.card), done = std::move(done)](
            const SmtpEnd &end) {
            Told told = toldBy(end, server, words);
            if (told.outcome == Told::Outcome::Arrived)
                told.receipt = receipt;
            done(std::move(told));
        });
}

std::unique_ptr<Errand> SmtpWay::look(const Telling &, ToldHandler done)
{
    // The same Message-ID twice is one mail to those who receive it.
    return std::make_unique<AtOnce>(std::move(done), Told { .outcome = Told::Outcome::Later });
}

std::unique_ptr<Errand> SmtpWay::test(std::function<void(Result<QString>)> done)
{
    return m_post->add(
        std::nullopt, [server = m_setup.server, done = std::move(done)](const SmtpEnd &end) {
            done(testedBy(end, server));
        });
}

WayKind smtpKind()
{
    const QString password = u"secret"_s;
    const auto secretOf = [password](const WaySecrets &secrets) {
        const auto found = secrets.find(password);
        return found == secrets.end() ? Secret() : found->second;
    };
    WayKind kind;
    kind.type = u"smtp"_s;
    kind.name = u"Mail"_s;
    kind.about
        = u"Mail through a mail server of yours: to an address that a rule names, a thread for each matter."_s;
    kind.reaches = { NoticeTarget::Mail };
    kind.wantsUrl = true;
    kind.wantsUser = true;
    kind.urlHint = u"smtp://mail.example.org:587"_s;
    kind.secrets = { { password, u"Password"_s,
        u"Many providers want one made for programs, or a token with “auth” set to xoauth2; a relay on this machine needs none."_s,
        true } };
    kind.options = {
        { u"from"_s, u"Sender's address"_s, u"Where it is not the user name."_s, {} },
        { u"auth"_s, u"Sign-in"_s, u"auto, plain, login, or xoauth2 with a token."_s, u"auto"_s },
    };
    kind.check = [](const WayConfig &config) -> Result<Done> {
        // Whether there is a password is not known here, and what is asked of a user name without one is less.
        TIERLINE_CHECK(readSetup(config, {}));
        return Done {};
    };
    kind.checkAddress = [](const QString &address) -> Result<Done> {
        TIERLINE_CHECK(parseMailAddress(address));
        return Done {};
    };
    kind.make = [secretOf](const WayConfig &config, const WaySecrets &secrets, const Clock &,
                    RandomSource &) -> Result<std::unique_ptr<Way>> {
        TIERLINE_TRY(setup, readSetup(config, secretOf(secrets)));
        return std::unique_ptr<Way>(std::make_unique<SmtpWay>(std::move(setup)));
    };
    return kind;
}

} // namespace smtp

void registerSmtp(WayRegistry &registry)
{
    registry.add(smtp::smtpKind());
}

} // namespace tierline::notify
