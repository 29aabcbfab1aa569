#include "core/text/mask.h"

#include <QElapsedTimer>
#include <QTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

class TestMask : public QObject
{
    Q_OBJECT
private slots:
    void masks_data();
    void masks();
    void leaves_data();
    void leaves();
    void countsByKind();
    void switchedOff();
    void twiceEqualsOnce_data();
    void twiceEqualsOnce();
    void cardNumbers();
    void isLinear();
};

void TestMask::masks_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("masked");
    const auto row = [](const char *name, const QString &text, const QString &masked) {
        QTest::newRow(name) << text << masked;
    };
    // The numbers are the issuers' published test numbers; the keys are made up.
    row("visa", u"card 4111111111111111 please"_s, u"card [masked card] please"_s);
    row("visa spaces", u"4111 1111 1111 1111"_s, u"[masked card]"_s);
    row("visa dashes", u"4111-1111-1111-1111."_s, u"[masked card]."_s);
    row("visa dots", u"4111.1111.1111.1111"_s, u"[masked card]"_s);
    row("visa no-break spaces", u"4111\u00A01111\u00A01111\u00A01111"_s, u"[masked card]"_s);
    row("visa 13", u"4222222222222"_s, u"[masked card]"_s);
    row("mastercard", u"5555 5555 5555 4444"_s, u"[masked card]"_s);
    row("mastercard 2", u"2223003122003222"_s, u"[masked card]"_s);
    row("amex", u"3782 822463 10005"_s, u"[masked card]"_s);
    row("discover", u"6011111111111117"_s, u"[masked card]"_s);
    row("jcb", u"3530111333300000"_s, u"[masked card]"_s);
    row("diners", u"30569309025904"_s, u"[masked card]"_s);
    row("unionpay", u"6200000000000005"_s, u"[masked card]"_s);
    row("full width digits", u"４１１１１１１１１１１１１１１１"_s, u"[masked card]"_s);
    row("with expiry", u"4111 1111 1111 1111 03/27"_s, u"[masked card] 03/27"_s);
    row("after other figures", u"2 x 4111 1111 1111 1111"_s, u"2 x [masked card]"_s);
    row("two cards", u"4111111111111111, 5555555555554444"_s, u"[masked card], [masked card]"_s);
    row("after a hash", u"#4111111111111111"_s, u"#[masked card]"_s);

    row("aws", u"id AKIAIOSFODNN7EXAMPLE ok"_s, u"id [masked key] ok"_s);
    row("github", u"ghp_"_s + QString(36, u'a'), u"[masked key]"_s);
    row("github fine", u"github_pat_11ABCDEFG0abcdefghijkl_mnop"_s, u"[masked key]"_s);
    row("gitlab", u"glpat-abcdefghij0123456789"_s, u"[masked key]"_s);
    row("slack", u"xoxb"_s + u"-123456789012-abcdefABCDEF"_s, u"[masked key]"_s);
    row("stripe", u"sk_live"_s + u"_abcdefghijklmnop1234"_s, u"[masked key]"_s);
    row("jwt", u"eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N"_s,
        u"[masked key]"_s);
    row("bearer", u"Authorization: Bearer abcDEF123456.xyz-789=="_s,
        u"Authorization: Bearer [masked key]"_s);
    row("basic", u"authorization: Basic dXNlcjpwYXNzd29yZA=="_s,
        u"authorization: Basic [masked key]"_s);
    row("api key", u"api_key=abcdef123456"_s, u"api_key=[masked key]"_s);
    row("api key json", u"{\"apiKey\": \"abcdef123456\", \"a\": 1}"_s,
        u"{\"apiKey\": \"[masked key]\", \"a\": 1}"_s);
    row("client secret", u"CLIENT_SECRET: 'q1w2e3r4t5'"_s, u"CLIENT_SECRET: '[masked key]'"_s);
    row("aws secret", u"aws_secret_access_key = wJalrXUtnFEMI/K7MDENG"_s,
        u"aws_secret_access_key = [masked key]"_s);
    row("url token", u"https://a.example/?access_token=abcdef1234567&x=1"_s,
        u"https://a.example/?access_token=[masked key]&x=1"_s);
    row("plain token", u"token: 9f8e7d6c5b4a3f2e"_s, u"token: [masked key]"_s);
    row("pem",
        u"a\n-----BEGIN RSA PRIVATE KEY-----\nMIIEpAIBAAKCAQEA\nabc\n-----END RSA PRIVATE KEY-----\nb"_s,
        u"a\n[masked key]\nb"_s);
    row("pem cut off", u"-----BEGIN PRIVATE KEY-----\nMIIEvQIBADANBgkqhkiG9w0BAQEFAASC\nend"_s,
        u"[masked key]\nend"_s);

    row("password", u"password: hunter2"_s, u"password: [masked password]"_s);
    row("password equals", u"Password=hunter2!"_s, u"Password=[masked password]"_s);
    row("password quoted", u"password: \"two words\" ok"_s, u"password: [masked password] ok"_s);
    row("pwd", u"pwd:x7"_s, u"pwd:[masked password]"_s);
    row("database", u"DB_PASSWORD=s3cret"_s, u"DB_PASSWORD=[masked password]"_s);
    row("is", u"my password is Tr0ub4dor&3"_s, u"my password is [masked password]"_s);
    row("german", u"Passwort: geheim"_s, u"Passwort: [masked password]"_s);
    row("german 2", u"Das Kennwort lautet: abc"_s, u"Das Kennwort lautet: [masked password]"_s);
    row("german is", u"Mein Passwort ist Sommer2024"_s, u"Mein Passwort ist [masked password]"_s);
    row("french", u"mot de passe : azerty"_s, u"mot de passe : [masked password]"_s);
    row("french no-break", u"Mot de passe\u00A0: azerty"_s,
        u"Mot de passe\u00A0: [masked password]"_s);
    row("french short", u"mdp: azerty"_s, u"mdp: [masked password]"_s);
    row("spanish", u"Contraseña: abc123"_s, u"Contraseña: [masked password]"_s);
    row("spanish bare", u"contrasena=abc123"_s, u"contrasena=[masked password]"_s);
    row("portuguese", u"Senha: abc123"_s, u"Senha: [masked password]"_s);
    row("portuguese 2", u"palavra-passe: abc123"_s, u"palavra-passe: [masked password]"_s);
    row("address with password", u"postgres://user:s3cret@db.example/x"_s,
        u"postgres://user:[masked password]@db.example/x"_s);
    row("table cell", u"Password | hunter2"_s, u"Password | [masked password]"_s);

    row("iban", u"DE89 3704 0044 0532 0130 00"_s, u"[masked iban]"_s);
    row("iban closed up", u"IBAN: GB29NWBK60161331926819."_s, u"IBAN: [masked iban]."_s);
    row("iban then more", u"FR14 2004 1010 0505 0001 3M02 606 BIC X"_s, u"[masked iban] BIC X"_s);
}

void TestMask::masks()
{
    QFETCH(QString, text);
    QFETCH(QString, masked);
    const Masked result = maskSecrets(text);
    QCOMPARE(result.text, masked);
    QVERIFY(result.total() >= 1);
}

void TestMask::leaves_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
        { "order 2026060800123456", "order 4111111111111112", "Order no. 1234-5678-9012-3456",
            "ticket #100200300400", "T-17 and ACME:4711", "call +49 30 1234567890",
            "+1 (555) 010-9999", "0800 555 0199 555", "tracking 1Z999AA10123456784",
            "2026-06-08 10:15:30.123", "1780920000001", "invoice 9999 9999 9999 9999",
            "1 2 3 4 5 6 7 8 9 10 11 12 13 14 15 16", "192.168.100.200", "the password is wrong",
            "My password was not accepted", "I forgot my password", "password reset",
            "Das Passwort ist falsch", "mot de passe est incorrect", "bearer of bad news",
            "bearer internationalization", "the secret is out", "secret: nobody knows",
            "token: none", "api keys are listed below", "a key: value pair", "keyboard=qwertzuiop",
            "sk-1", "ghp_short", "AKIASHORT", "uuid 6ba7b810-9dad-11d1-80b4-00c04fd430c8",
            "DE00 3704 0044 0532 0130 00", "http://a.example:8080/x", "mailto:a@b.example",
            "-----BEGIN CERTIFICATE-----", "eyJust a text" })
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestMask::leaves()
{
    QFETCH(QString, text);
    const Masked result = maskSecrets(text);
    QCOMPARE(result.text, text);
    QCOMPARE(result.total(), 0);
}

void TestMask::countsByKind()
{
    const Masked result
        = maskSecrets(u"4111111111111111 5555555555554444 password: x AKIAIOSFODNN7EXAMPLE "
                      "DE89370400440532013000"_s);
    QCOMPARE(result.cards, 2);
    QCOMPARE(result.passwords, 1);
    QCOMPARE(result.keys, 1);
    QCOMPARE(result.ibans, 1);
    QCOMPARE(result.total(), 5);
}

void TestMask::switchedOff()
{
    const QString text
        = u"4111111111111111 password: x AKIAIOSFODNN7EXAMPLE DE89370400440532013000"_s;
    QCOMPARE(
        maskSecrets(text, { .cards = false, .keys = false, .passwords = false, .ibans = false })
            .text,
        text);
    QCOMPARE(maskSecrets(text, { .keys = false, .passwords = false, .ibans = false }).total(), 1);
}

void TestMask::twiceEqualsOnce_data()
{
    masks_data();
}

void TestMask::twiceEqualsOnce()
{
    QFETCH(QString, masked);
    const Masked again = maskSecrets(masked);
    QCOMPARE(again.text, masked);
    QCOMPARE(again.total(), 0);
}

void TestMask::cardNumbers()
{
    QVERIFY(isCardNumber(u"4111 1111 1111 1111"));
    QVERIFY(!isCardNumber(u"4111 1111 1111 1112"));
    QVERIFY(!isCardNumber(u"411"));
    QVERIFY(!isCardNumber(u"x4111111111111111"));
    QVERIFY(!isCardNumber(u""));
}

void TestMask::isLinear()
{
    for (const QString &piece : { u"token="_s, u"password is "_s, u"4111 "_s, u"DE89 "_s,
             u"eyJaaaaaaaaa."_s, u"://a:"_s, u"-----BEGIN PRIVATE KEY-----"_s,
             u"bearer aaaaaaaaaaaaaaaaa "_s, u"\""_s, u"api key"_s }) {
        QElapsedTimer timer;
        timer.start();
        maskSecrets(piece.repeated(1'000'000 / piece.size()));
        QVERIFY2(timer.elapsed() < 5'000,
            qPrintable(u"a megabyte of %1 takes %2 ms"_s.arg(piece).arg(timer.elapsed())));
    }
}

QTEST_GUILESS_MAIN(TestMask)
#include "tst_mask.moc"
