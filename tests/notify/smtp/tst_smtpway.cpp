#include "core/notify/smtp/smtpway.h"
#include "tests/support/fakeclock.h"
#include "tests/support/net/testcertificates.h"
#include "tests/support/smtp/lyingsmtp.h"

#include <QEventLoop>
#include <QTest>
#include <QTimer>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::notify::smtp;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const QByteArray canary = "c4nary-Passw0rd"; // what nobody may see
QStringList logged;

void keepLog(QtMsgType, const QMessageLogContext &, const QString &text)
{
    logged.append(text);
}

Telling telling(const QString &text = u"Look"_s)
{
    Telling one;
    one.id = u"00000000-0000-4000-8000-000000000001"_s;
    one.topic = u"00000000-0000-4000-8000-0000000000aa"_s;
    one.address = u"ada@example.net"_s;
    one.card.ticket = u"T-12"_s;
    one.card.subject = u"SSO login loops"_s;
    one.card.text = text;
    one.at = *Instant::parse(u"2026-06-08T08:09:10Z"_s);
    return one;
}

/// The forms in which a password travels.
QList<QByteArray> formsOfCanary()
{
    return { canary, canary.toBase64(), ('\0' + QByteArray("desk") + '\0' + canary).toBase64(),
        ("user=desk\1auth=Bearer " + canary + "\1\1").toBase64() };
}

bool tellsTheCanary(const QString &text)
{
    const auto forms = formsOfCanary();
    return std::any_of(forms.begin(), forms.end(),
        [&](const QByteArray &one) { return text.contains(QString::fromLatin1(one)); });
}

QString nameOf(Told::Outcome outcome)
{
    switch (outcome) {
    case Told::Outcome::Arrived: return u"Arrived"_s;
    case Told::Outcome::Later: return u"Later"_s;
    case Told::Outcome::Refused: return u"Refused"_s;
    case Told::Outcome::Unknown: break;
    }
    return u"Unknown"_s;
}

} // namespace

class TestSmtpWay : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void cleanup();
    void wholeConversation();
    void relayOnThisMachine();
    void encryptedFromTheStart();
    void signsIn_data();
    void signsIn();
    void whatItSays_data();
    void whatItSays();
    void answersToNothingAreNotTaken();
    void wordsBeforeEncryptionAreNotBelieved_data();
    void wordsBeforeEncryptionAreNotBelieved();
    void badCertificates_data();
    void badCertificates();
    void noTlsThere();
    void brokenBeforeTheDot();
    void nobodyThere();
    void dotsAndLetters();
    void threadsByTopic();
    void nothingForTakenOrOver();
    void looksAtNothing();
    void badAddresses();
    void secretsAreNotRepeated_data();
    void secretsAreNotRepeated();
    void errandsThatEnd();
    void twoAtATime();
    void setups_data();
    void setups();
    void kind();

private:
    SmtpWay way(
        bool signsIn = true, SignInBy by = SignInBy::Auto, SmtpLimits limits = { 5s, 5s, 5s, 20s });
    Told tell(Way &way, const Telling &telling = ::telling());
    QString test(Way &way);

    CertificateMaker m_maker;
    TestCertificate m_authority, m_good;
    std::unique_ptr<LyingSmtp> m_server;
};

void TestSmtpWay::initTestCase()
{
    if (!CertificateMaker::isAvailable())
        QSKIP("The program openssl is not installed.");
    m_authority = m_maker.authority().value();
    m_good = m_maker.signedFor(u"IP:127.0.0.1"_s, 2).value();
}

void TestSmtpWay::init()
{
    m_server = std::make_unique<LyingSmtp>();
    m_server->useTls(m_good.certificate, m_good.key);
    logged.clear();
    qInstallMessageHandler(keepLog);
}

void TestSmtpWay::cleanup()
{
    qInstallMessageHandler(nullptr);
    for (const QString &line : logged)
        QVERIFY2(!tellsTheCanary(line), qPrintable(line));
    // Nothing of a sign-in, and no mail, is said in the clear where somebody signs in.
    for (const QByteArray &line : m_server->openCommands())
        QVERIFY2(!line.startsWith("AUTH"), line.constData());
}

SmtpWay TestSmtpWay::way(bool signsIn, SignInBy by, SmtpLimits limits)
{
    WayConfig config;
    config.url = m_server->url();
    config.user = signsIn ? u"desk"_s : QString();
    config.options[u"from"_s] = u"desk@example.org"_s;
    config.authorities = m_authority.certificate.toPem();
    auto setup = readSetup(config, signsIn ? Secret::take(QByteArray(canary)) : Secret()).value();
    setup.server.signInBy = by;
    return SmtpWay(setup, limits);
}

Told TestSmtpWay::tell(Way &way, const Telling &telling)
{
    std::optional<Told> told;
    // QTRY looks only twenty times a second, and there are many of these.
    QEventLoop loop;
    const auto errand = way.tell(telling, [&](Told one) {
        told = std::move(one);
        loop.quit();
    });
    const bool wasEarly = told.has_value();
    QTimer::singleShot(10s, &loop, &QEventLoop::quit);
    if (!told)
        loop.exec();
    if (!told || wasEarly)
        return { .outcome = Told::Outcome::Unknown, .error = Error { .detail = u"no answer"_s } };
    [&] {
        QCOMPARE(told->error.has_value(), told->outcome != Told::Outcome::Arrived);
        const QString all
            = told->receipt + (told->error ? told->error->detail + told->error->where : QString());
        QVERIFY2(!tellsTheCanary(all), qPrintable(all));
        QVERIFY2(!all.contains(u"SSO login"_s), qPrintable(all));
        QVERIFY(!all.contains(u'\n') && !all.contains(u'!'));
    }();
    return *told;
}

QString TestSmtpWay::test(Way &way)
{
    std::optional<Result<QString>> result;
    QEventLoop loop;
    const auto errand = way.test([&](Result<QString> one) {
        result = std::move(one);
        loop.quit();
    });
    QTimer::singleShot(10s, &loop, &QEventLoop::quit);
    loop.exec();
    return !result ? QString() : *result ? **result : u"error: "_s + result->error().detail;
}

void TestSmtpWay::wholeConversation()
{
    auto mail = way();
    const Told told = tell(mail);
    QCOMPARE(nameOf(told.outcome), u"Arrived"_s);
    QCOMPARE(told.receipt, u"<00000000-0000-4000-8000-000000000001@example.org>"_s);
    QTRY_COMPARE(m_server->commands().value(7), QByteArray("QUIT"));
    QCOMPARE(m_server->openCommands(), QByteArrayList({ "EHLO [127.0.0.1]", "STARTTLS" }));
    QCOMPARE(m_server->commands().mid(2),
        QByteArrayList({ "EHLO [127.0.0.1]", "AUTH PLAIN " + formsOfCanary()[2],
            "MAIL FROM:<desk@example.org>", "RCPT TO:<ada@example.net>", "DATA", "QUIT" }));
    QCOMPARE(m_server->mails().size(), 1);
    QVERIFY(
        m_server->mails().first().startsWith("From: desk@example.org\r\nTo: ada@example.net\r\n"));
    // Again: the same, so that whoever gets both knows it.
    QCOMPARE(nameOf(tell(mail).outcome), u"Arrived"_s);
    QCOMPARE(m_server->mails().size(), 2);
    QCOMPARE(m_server->mails()[0], m_server->mails()[1]);
    QVERIFY(test(mail).startsWith(u"Signed in to 127.0.0.1 as desk, encrypted with TLS 1."_s));
    QCOMPARE(m_server->mails().size(), 2);
}

void TestSmtpWay::relayOnThisMachine()
{
    auto mail = way(false);
    QCOMPARE(nameOf(tell(mail).outcome), u"Arrived"_s);
    QVERIFY(!m_server->commands().contains("STARTTLS"));
    QCOMPARE(test(mail),
        u"127.0.0.1 is there, without encryption, which does not leave this machine; nobody signs in."_s);
}

void TestSmtpWay::encryptedFromTheStart()
{
    m_server->useTls(m_good.certificate, m_good.key, true);
    auto mail = way();
    QCOMPARE(nameOf(tell(mail).outcome), u"Arrived"_s);
    QCOMPARE(m_server->openCommands(), QByteArrayList());
}

void TestSmtpWay::signsIn_data()
{
    QTest::addColumn<int>("by");
    QTest::addColumn<QByteArray>("offer");
    QTest::addColumn<QByteArrayList>("lines"); ///< none: nothing is said
    const auto row
        = [](const char *name, SignInBy by, const char *offer, const QByteArrayList &lines) {
              QTest::newRow(name) << int(by) << QByteArray(offer) << lines;
          };
    const auto forms = formsOfCanary();
    const QByteArray user = QByteArray("desk").toBase64();
    const QByteArrayList plain { "AUTH PLAIN " + forms[2] };
    const QByteArrayList login { "AUTH LOGIN", user, forms[1] };
    const QByteArrayList token { "AUTH XOAUTH2 " + forms[3] };
    row("first", SignInBy::Auto, "AUTH LOGIN PLAIN XOAUTH2", plain);
    row("what there is", SignInBy::Auto, "AUTH LOGIN", login);
    row("lower case", SignInBy::Auto, "auth login", login);
    row("as of old", SignInBy::Auto, "AUTH=LOGIN", login);
    row("wanted", SignInBy::Login, "AUTH LOGIN PLAIN", login);
    row("token", SignInBy::Token, "AUTH LOGIN PLAIN XOAUTH2", token);
    row("no token by itself", SignInBy::Auto, "AUTH XOAUTH2", {});
    row("unknown ones", SignInBy::Auto, "AUTH GSSAPI NTLM", {});
    row("none", SignInBy::Auto, "SIZE 1000", {});
    row("not the wanted", SignInBy::Plain, "AUTH LOGIN", {});
}

void TestSmtpWay::signsIn()
{
    QFETCH(int, by);
    QFETCH(QByteArray, offer);
    QFETCH(QByteArrayList, lines);
    m_server->capabilities = "STARTTLS|" + offer;
    auto mail = way(true, SignInBy(by));
    const Told told = tell(mail);
    if (lines.isEmpty()) {
        QCOMPARE(nameOf(told.outcome), u"Refused"_s);
        QVERIFY(told.isWayShut);
        QCOMPARE(told.error->fault, Fault::SignIn);
        QCOMPARE(m_server->commands().size(), 3); // EHLO, STARTTLS, EHLO
        return;
    }
    QCOMPARE(nameOf(told.outcome), u"Arrived"_s);
    QCOMPARE(m_server->commands().mid(3, lines.size()), lines);
}

void TestSmtpWay::whatItSays_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<int>("then");
    QTest::addColumn<QString>("outcome");
    QTest::addColumn<bool>("isShut");
    QTest::addColumn<QString>("part"); ///< of the sentence
    const auto row
        = [](const QByteArray &step, const QByteArray &bytes, const char *outcome,
              bool isShut = false, const char *part = "", Said::Then then = Said::Then::GoOn) {
              QTest::addRow("%s: %s%s", step.constData(), bytes.left(30).simplified().constData(),
                  then == Said::Then::Close       ? ", closed"
                      : then == Said::Then::Reset ? ", reset"
                      : bytes.isEmpty()           ? "silence"
                                                  : "")
                  << step << bytes << int(then) << QString::fromLatin1(outcome) << isShut
                  << QString::fromUtf8(part);
          };
    constexpr auto closed = Said::Then::Close;
    constexpr auto dead = Said::Then::Reset;
    for (const char *step :
        { "GREETING", "EHLO1", "EHLO2", "AUTH", "MAIL", "RCPT", "DATA", "DOT" }) {
        const char *unheard = qstrcmp(step, "DOT") == 0 ? "Unknown" : "Later";
        row(step, "421 4.3.2 closing\r\n", "Later", false, "421 4.3.2 closing", closed);
        row(step, "421 closing\r\n", "Later");
        row(step, "451 4.7.1 wait-\r\n", "Later", false, "451 4.7.1 wait");
        row(step, "451-4.7.1 wait\r\n451 a while\r\n", "Later", false, "4.7.1 wait a while");
        row(step, {}, unheard, false, "in time");
        row(step, {}, unheard, false, "broke", closed);
        row(step, {}, unheard, false, "broke", dead);
        row(step, "25", unheard, false, "broke", closed);
        row(step, "250-half\r\n", unheard, false, "broke", closed);
        row(step, "hello there\r\n", unheard, false, "as a mail server");
        row(step, "250-a\r\n251 b\r\n", unheard, false, "as a mail server");
        row(step, QByteArray(100'000, 'x'), unheard, false, "as a mail server");
    }
    row("GREETING", "554 no\r\n", "Refused", true, "554 no");
    row("EHLO1", "502 no\r\n", "Refused", true);
    row("STARTTLS", "454 not now\r\n", "Refused", true, "STARTTLS");
    row("STARTTLS", "502 what\r\n", "Refused", true, "STARTTLS");
    row("STARTTLS", "421 bye\r\n", "Later", false, "421 bye", closed);
    row("STARTTLS", {}, "Later", false, "in time");
    row("EHLO2", "502 no\r\n", "Refused", true);
    row("AUTH", "535 5.7.8 wrong\r\n", "Refused", true, "sign-in");
    row("AUTH", "454 4.7.0 not now\r\n", "Later", false, "454");
    row("AUTH", "334 more\r\n", "Later", false, "as a mail server");
    row("MAIL", "530 5.7.0 sign in\r\n", "Refused", true, "sign-in first");
    row("MAIL", "553 5.7.1 not yours\r\n", "Refused", true, "sender");
    row("RCPT", "550-5.1.1 no such user\r\n550 5.1.1 ask ada@example.net\r\n", "Refused", false,
        "this address; check it: it says “550 5.1.1 no such user 5.1.1 ask …”");
    row("RCPT", "251 goes on\r\n", "Arrived");
    row("RCPT", "354 what\r\n", "Later", false, "as a mail server");
    row("DATA", "554 no\r\n", "Refused");
    row("DATA", "250 taken\r\n", "Later", false, "as a mail server");
    row("DOT", "554 5.6.0 spam\r\n", "Refused", false, "this mail: it says “554 5.6.0 spam”");
    row("DOT", "554 5.6.0 your mail SSO login loops is spam\r\n", "Refused", false,
        "this mail (554)");
    row("DOT", "250-2.0.0 taken\r\n250 as 1\r\n", "Arrived");
    row("DOT", "250 taken\r\n", "Arrived", false, "", closed);
    row("DOT", "250 taken\r\n421 closing\r\n", "Arrived", false, "", closed);
    row("RCPT", "550 no\r\n221 bye\r\n", "Refused", false, "550 no", closed);
    // Answers to what was not asked might be taken for those to what comes next.
    row("MAIL", "250 fine\r\n250 fine\r\n", "Later", false, "as a mail server");
    row("DATA", "354 go\r\n250 taken\r\n", "Later", false, "as a mail server");
    row("RCPT", "250 fine\r\n421 closing\r\n", "Later", false, "421", closed);
}

void TestSmtpWay::whatItSays()
{
    QFETCH(QByteArray, step);
    QFETCH(QByteArray, bytes);
    QFETCH(int, then);
    QFETCH(QString, outcome);
    QFETCH(bool, isShut);
    QFETCH(QString, part);
    m_server->script[step] = { bytes, Said::Then(then) };
    // What is waited for in vain is waited for a little.
    const bool isSilent = bytes.isEmpty() && Said::Then(then) == Said::Then::GoOn;
    SmtpLimits limits { 5s, 5s, 5s, 20s };
    if (isSilent)
        (step == "DOT" ? limits.taken : limits.reply) = 150ms;
    auto mail = way(true, SignInBy::Auto, limits);
    const Told told = tell(mail);
    const QString sentence = told.error ? told.error->detail : QString();
    QVERIFY2(
        nameOf(told.outcome) == outcome, qPrintable(nameOf(told.outcome) + u": "_s + sentence));
    QCOMPARE(told.isWayShut, isShut);
    QVERIFY2(sentence.contains(part), qPrintable(sentence));
    QVERIFY2(sentence.isEmpty() || sentence.endsWith(u'.'), qPrintable(sentence));
    QVERIFY2(sentence.size() < 400, qPrintable(sentence));
    if (outcome != "Arrived"_L1 && step != "DOT")
        QCOMPARE(m_server->mails(), QByteArrayList());
}

void TestSmtpWay::answersToNothingAreNotTaken()
{
    m_server->script["MAIL"] = { "250 fine\r\n250 fine\r\n" };
    auto mail = way();
    QCOMPARE(nameOf(tell(mail).outcome), u"Later"_s);
    QVERIFY2(!m_server->commands().join(' ').contains("RCPT"),
        m_server->commands().join(' ').constData());
}

void TestSmtpWay::wordsBeforeEncryptionAreNotBelieved_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("a hello") << QByteArray("220 go\r\n250-mail\r\n250 AUTH PLAIN\r\n");
    QTest::newRow("half a line") << QByteArray("220 go\r\n25");
    QTest::newRow("a refusal") << QByteArray("220 go\r\n550 gone\r\n");
}

void TestSmtpWay::wordsBeforeEncryptionAreNotBelieved()
{
    QFETCH(QByteArray, bytes);
    m_server->script["STARTTLS"] = { bytes };
    auto mail = way();
    const Told told = tell(mail);
    QCOMPARE(nameOf(told.outcome), u"Refused"_s);
    QVERIFY(told.isWayShut);
    QVERIFY2(told.error->detail.contains(u"somebody in between"_s), qPrintable(told.error->detail));
    QCOMPARE(m_server->commands().size(), 2);
}

void TestSmtpWay::badCertificates_data()
{
    QTest::addColumn<QString>("name"); ///< empty: signed by itself
    QTest::addColumn<int>("days");
    QTest::addColumn<bool>("fromStart");
    for (const bool fromStart : { false, true }) {
        const char *kind = fromStart ? "smtps" : "STARTTLS";
        QTest::addRow("%s, another name", kind) << u"DNS:mail.example.com"_s << 2 << fromStart;
        QTest::addRow("%s, another address", kind) << u"IP:127.0.0.2"_s << 2 << fromStart;
        QTest::addRow("%s, expired", kind) << u"IP:127.0.0.1"_s << -1 << fromStart;
        QTest::addRow("%s, signed by itself", kind) << QString() << 2 << fromStart;
    }
}

void TestSmtpWay::badCertificates()
{
    QFETCH(QString, name);
    QFETCH(int, days);
    QFETCH(bool, fromStart);
    const auto bad = name.isEmpty() ? m_maker.selfSigned() : m_maker.signedFor(name, days);
    QVERIFY(bad);
    m_server->useTls(bad->certificate, bad->key, fromStart);
    auto mail = way();
    const Told told = tell(mail);
    QCOMPARE(nameOf(told.outcome), u"Refused"_s);
    QVERIFY(told.isWayShut);
    QVERIFY2(told.error->detail.startsWith(u"The certificate of 127.0.0.1 is refused: "_s),
        qPrintable(told.error->detail));
    QCOMPARE(m_server->commands(), m_server->openCommands());
    QVERIFY(m_server->commands().size() <= 2);
}

void TestSmtpWay::noTlsThere()
{
    // Offered by none, though somebody wants to sign in.
    m_server->capabilities = "AUTH PLAIN LOGIN";
    auto mail = way();
    const Told told = tell(mail);
    QCOMPARE(nameOf(told.outcome), u"Refused"_s);
    QVERIFY(told.isWayShut);
    QCOMPARE(m_server->commands().first(1), QByteArrayList { "EHLO [127.0.0.1]" });
    QVERIFY(m_server->mails().isEmpty());
    // And a server in the clear where encryption is to begin at once.
    WayConfig config;
    config.url = QUrl(u"smtps://127.0.0.1:%1"_s.arg(m_server->serverPort()));
    config.options[u"from"_s] = u"desk@example.org"_s;
    SmtpWay other(readSetup(config, {}).value(), { 5s, 5s, 5s, 20s });
    const Told second = tell(other);
    QCOMPARE(nameOf(second.outcome), u"Later"_s);
    QVERIFY2(second.error->detail.contains(u"No encrypted connection"_s),
        qPrintable(second.error->detail));
}

void TestSmtpWay::brokenBeforeTheDot()
{
    // More than all buffers on the way hold, so the dot cannot have left.
    const QString huge = (u"x"_s.repeated(70) + u'\n').repeated(120'000);
    for (const Said &said :
        { Said { {}, Said::Then::Reset }, Said { "452 4.3.1 full\r\n", Said::Then::Close },
            Said { "552 5.3.4 too large\r\n", Said::Then::GoOn } }) {
        m_server->script["BODY"] = said;
        auto mail = way();
        const Told told = tell(mail, telling(huge));
        QCOMPARE(nameOf(told.outcome), said.bytes.startsWith("552") ? u"Refused"_s : u"Later"_s);
        QVERIFY(!told.isWayShut);
        QCOMPARE(m_server->mails(), QByteArrayList());
    }
}

void TestSmtpWay::nobodyThere()
{
    auto mail = way();
    m_server->close();
    const Told told = tell(mail);
    QCOMPARE(nameOf(told.outcome), u"Later"_s);
    QCOMPARE(told.error->fault, Fault::Offline);
    QVERIFY2(told.error->detail.contains(u"cannot be reached"_s), qPrintable(told.error->detail));
    QVERIFY(test(mail).startsWith(u"error: 127.0.0.1 cannot be reached"_s));
}

void TestSmtpWay::dotsAndLetters()
{
    auto mail = way();
    QCOMPARE(nameOf(tell(mail, telling(u".\n..\n.x\nGrüße 語"_s)).outcome), u"Arrived"_s);
    const QByteArray raw = m_server->mails().value(0);
    // headline() marks its parts with a dot of its own.
    QVERIFY(raw.contains(
        "\r\nSubject: =?UTF-8?B?" + QByteArray("T-12 · SSO login loops").toBase64() + "?=\r\n"));
    QVERIFY2(raw.endsWith("T-12 =C2=B7 SSO login loops\r\n\r\n..\r\n...\r\n..x\r\n"
                          "Gr=C3=BC=C3=9Fe =E8=AA=9E\r\n"),
        raw.right(200).constData());
    QCOMPARE(m_server->mails().size(), 1);
}

void TestSmtpWay::threadsByTopic()
{
    auto mail = way();
    Telling second = telling();
    second.receipt = tell(mail).receipt;
    second.id = u"00000000-0000-4000-8000-000000000002"_s;
    const Told told = tell(mail, second);
    QCOMPARE(told.receipt, second.receipt);
    QVERIFY(!m_server->mails().value(0).contains("References:"));
    QVERIFY(m_server->mails().value(1).contains(
        "Message-ID: <00000000-0000-4000-8000-000000000002@example.org>\r\n"
        "In-Reply-To: <00000000-0000-4000-8000-000000000001@example.org>\r\n"
        "References: <00000000-0000-4000-8000-000000000001@example.org>\r\n"));
    // A receipt that is none of ours begins a thread, and no header.
    second.receipt = u"<x@y>\r\nBcc: eve@example.com"_s;
    QCOMPARE(tell(mail, second).receipt, u"<00000000-0000-4000-8000-000000000002@example.org>"_s);
    QVERIFY(!m_server->mails().value(2).contains("Bcc"));
}

void TestSmtpWay::nothingForTakenOrOver()
{
    auto mail = way();
    for (const Act act : { Act::Acknowledge, Act::Resolve }) {
        Telling one = telling();
        one.act = act;
        one.receipt = u"<a@b>"_s;
        const Told told = tell(mail, one);
        QCOMPARE(nameOf(told.outcome), u"Arrived"_s);
        QCOMPARE(told.receipt, u"<a@b>"_s);
    }
    QCOMPARE(m_server->connections(), 0);
}

void TestSmtpWay::looksAtNothing()
{
    auto mail = way();
    std::optional<Told> told;
    const auto errand = mail.look(telling(), [&](Told one) { told = one; });
    QVERIFY(!told);
    QTRY_VERIFY(told);
    QCOMPARE(nameOf(told->outcome), u"Later"_s);
    QCOMPARE(m_server->connections(), 0);
}

void TestSmtpWay::badAddresses()
{
    auto mail = way();
    for (const QString &bad : { u""_s, u"ada"_s, u"ada@example.net>\r\nRCPT TO:<eve@example.com"_s,
             u"ada@example.net,eve@example.com"_s, u"ädä@example.net"_s }) {
        Telling one = telling();
        one.address = bad;
        const Told told = tell(mail, one);
        QCOMPARE(nameOf(told.outcome), u"Refused"_s);
        QVERIFY(!told.isWayShut);
    }
    Telling one = telling();
    one.id = u"x>\r\nBcc: eve@example.com"_s;
    QCOMPARE(nameOf(tell(mail, one).outcome), u"Refused"_s);
    QCOMPARE(m_server->connections(), 0);
}

void TestSmtpWay::secretsAreNotRepeated_data()
{
    QTest::addColumn<QByteArray>("step");
    QTest::addColumn<QByteArray>("form");
    for (const char *step : { "AUTH", "MAIL", "RCPT", "DATA", "DOT" }) {
        int number = 0;
        for (const QByteArray &form : formsOfCanary())
            QTest::addRow("%s, form %d", step, number++) << QByteArray(step) << form;
    }
}

void TestSmtpWay::secretsAreNotRepeated()
{
    QFETCH(QByteArray, step);
    QFETCH(QByteArray, form);
    // tell() looks for the canary in what comes back.
    for (const char *code : { "535 5.7.8 ", "454 4.7.0 " }) {
        m_server->script[step] = { code + form + " was refused\r\n" };
        auto mail = way(true, form == formsOfCanary()[3] ? SignInBy::Token : SignInBy::Login);
        m_server->script["ANSWER2"]
            = step == "AUTH" ? m_server->script[step] : Said { "235 fine\r\n" };
        const Told told = tell(mail);
        QVERIFY(told.outcome == Told::Outcome::Refused || told.outcome == Told::Outcome::Later);
        QVERIFY(!tellsTheCanary(test(mail)));
    }
}

void TestSmtpWay::errandsThatEnd()
{
    int heard = 0;
    const auto count = [&](const Told &) { ++heard; };
    // At once, in the middle, and with the way itself.
    for (const char *step : { "GREETING", "STARTTLS", "AUTH", "DATA", "DOT" }) {
        m_server->script = { { step, Said {} } };
        auto mail = way();
        auto at = mail.tell(telling(), count);
        at.reset();
        auto middle = mail.tell(telling(), count);
        const int seen = m_server->connections();
        const QByteArray last = QByteArray(step) == "GREETING" || QByteArray(step) == "DOT"
            ? QByteArray()
            : QByteArray(step);
        QTRY_VERIFY(m_server->connections() >= seen);
        if (!last.isEmpty())
            QTRY_VERIFY(m_server->commands().join(' ').contains(last));
        middle.reset();
        std::unique_ptr<Errand> left;
        {
            auto gone = way();
            left = gone.tell(telling(), count);
            QTest::qWait(0);
        }
        left.reset();
    }
    // Within its own handler.
    m_server->script.clear();
    auto mail = std::make_unique<SmtpWay>(readSetup(
        [&] {
            WayConfig config;
            config.url = m_server->url();
            config.options[u"from"_s] = u"desk@example.org"_s;
            return config;
        }(),
        {})
                                              .value());
    std::unique_ptr<Errand> own;
    own = mail->tell(telling(), [&](const Told &) {
        ++heard;
        own.reset();
        mail.reset();
    });
    QTRY_COMPARE(heard, 1);
    QTest::qWait(0);
    QCOMPARE(heard, 1);
}

void TestSmtpWay::twoAtATime()
{
    m_server->script["GREETING"] = {};
    auto mail = way();
    int heard = 0;
    std::vector<std::unique_ptr<Errand>> errands;
    for (int i = 0; i < 7; ++i)
        errands.push_back(mail.tell(telling(), [&](const Told &) { ++heard; }));
    QTRY_COMPARE(m_server->connections(), 2);
    // Those that nobody waits for any more free a place, or never take one.
    errands[3].reset();
    errands[2].reset();
    errands[0].reset();
    QTRY_COMPARE(m_server->connections(), 3);
    m_server->script.clear();
    errands[1].reset();
    QTRY_COMPARE(heard, 2); // the third that began still hangs at its greeting
    QCOMPARE(m_server->connections(), 5);
    errands.clear();
    QCOMPARE(nameOf(tell(mail).outcome), u"Arrived"_s);
}

void TestSmtpWay::setups_data()
{
    QTest::addColumn<QString>("url");
    QTest::addColumn<QString>("user");
    QTest::addColumn<QString>("option"); ///< "name=value"
    QTest::addColumn<QString>("expected"); ///< host:port and flags, or "!where"
    const auto row
        = [](const char *url, const char *user, const char *option, const char *expected) {
              QTest::addRow("%s %s %s", url, user, option)
                  << QString::fromUtf8(url) << QString::fromUtf8(user) << QString::fromUtf8(option)
                  << QString::fromUtf8(expected);
          };
    row("smtp://mail.example.org", "a@b.org", "", "mail.example.org:587");
    row("smtp://mail.example.org:25", "a@b.org", "", "mail.example.org:25");
    row("smtp://mail.example.org:587/", "a@b.org", "", "mail.example.org:587");
    row("smtps://mail.example.org", "a@b.org", "", "mail.example.org:465 tls");
    row("smtp://bücher.example", "a@b.org", "", "xn--bcher-kva.example:587");
    row("smtp://127.0.0.1:2525", "a@b.org", "", "127.0.0.1:2525 plain");
    row("smtp://[::1]:2525", "a@b.org", "", "::1:2525 plain");
    row("smtps://127.0.0.1", "a@b.org", "", "127.0.0.1:465 tls");
    // A name may mean any place.
    row("smtp://localhost", "a@b.org", "", "localhost:587");
    row("smtp://192.168.1.2", "a@b.org", "", "192.168.1.2:587");
    row("smtp://mail.example.org", "ada", "from=a@b.org", "mail.example.org:587");
    row("smtp://mail.example.org", "ada", "", "!from");
    row("smtp://mail.example.org", "", "", "!from");
    row("smtp://mail.example.org", "a@b.org", "from=x", "!from");
    row("smtp://mail.example.org", "a@b.org", "auth=xoauth2", "mail.example.org:587");
    row("smtp://mail.example.org", "a@b.org", "auth=digest", "!auth");
    row("smtp://mail.example.org", "a@b.org\r\nx", "", "!user");
    for (const char *bad :
        { "", "mail.example.org", "http://mail.example.org", "smtp://user@mail.example.org",
            "smtp://user:x@mail.example.org", "smtp://", "smtp://mail.example.org/path",
            "smtp://mail.example.org?x", "smtp://mail.example.org#x", "smtp://mail.example.org:0",
            "smtp://mail.example.org:70000", "smtp://[fe80::1%25eth0]" })
        row(bad, "a@b.org", "", "!url");
}

void TestSmtpWay::setups()
{
    QFETCH(QString, url);
    QFETCH(QString, user);
    QFETCH(QString, option);
    QFETCH(QString, expected);
    WayConfig config;
    config.url = QUrl(url);
    config.user = user;
    if (!option.isEmpty())
        config.options[option.section(u'=', 0, 0)] = option.section(u'=', 1);
    const auto setup = readSetup(config, {});
    QString got;
    if (setup) {
        const SmtpServer &server = setup->server;
        got = u"%1:%2%3%4"_s.arg(server.host)
                  .arg(server.port)
                  .arg(server.isTlsFromStart ? u" tls"_s : QString(),
                      server.isPlain ? u" plain"_s : QString());
    } else {
        got = u'!' + setup.error().where;
        QCOMPARE(setup.error().fault, Fault::BadInput);
    }
    QCOMPARE(got, expected);
    // With a password nothing is plain anywhere.
    const auto signedIn = readSetup(config, Secret::take(QByteArray(canary)));
    QCOMPARE(signedIn.has_value(), setup.has_value() && !user.isEmpty());
    QVERIFY(!signedIn || !signedIn->server.isPlain);
    QVERIFY(signedIn || !tellsTheCanary(signedIn.error().detail));
}

void TestSmtpWay::kind()
{
    const WayKind kind = smtpKind();
    QCOMPARE(kind.type, u"smtp"_s);
    QVERIFY(kind.reaches == std::vector { NoticeTarget::Mail });
    QVERIFY(kind.secrets.front().isOptional);
    QVERIFY(kind.checkAddress(u"ada@example.org"_s));
    QVERIFY(!kind.checkAddress(u"#escalations"_s));
    WayConfig config;
    config.url = m_server->url();
    config.options[u"from"_s] = u"desk@example.org"_s;
    QVERIFY(kind.check(config));
    SystemClock clock;
    SeededRandom random(1);
    // A password without a user is found out where there is one.
    WaySecrets secrets;
    secrets[u"secret"_s] = Secret::take(QByteArray(canary));
    QVERIFY(!kind.make(config, secrets, clock, random));
    auto made = kind.make(config, {}, clock, random);
    QVERIFY(made);
    QCOMPARE(nameOf(tell(**made).outcome), u"Arrived"_s);
}

QTEST_GUILESS_MAIN(TestSmtpWay)
#include "tst_smtpway.moc"
