#include "core/notify/smtp/mailmessage.h"
#include "core/notify/smtp/smtpreply.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::notify::smtp;
using namespace Qt::StringLiterals;

namespace {

Letter letter()
{
    Letter one;
    one.from = *parseMailAddress(u"desk@example.org"_s);
    one.to = *parseMailAddress(u"ada@example.net"_s);
    one.subject = u"T-12"_s;
    one.text = u"Look"_s;
    one.messageId = messageIdOf(u"00000000-0000-4000-8000-000000000001"_s, one.from);
    one.at = *Instant::parse(u"2026-06-08T08:09:10Z"_s);
    return one;
}

QByteArray headOf(const QByteArray &mail)
{
    return mail.first(mail.indexOf("\r\n\r\n") + 2);
}

/// The names of a mail's headers, in order.
QByteArrayList namesOf(const QByteArray &mail)
{
    QByteArrayList names;
    for (const QByteArray &line : headOf(mail).split('\n')) {
        if (!line.isEmpty() && line[0] != ' ')
            names.append(line.first(qMax<qsizetype>(0, line.indexOf(':'))));
    }
    return names;
}

/// A header's value as a reader shows it.
QString shown(const QByteArray &mail, const QByteArray &name)
{
    const QByteArray head = "\r\n" + headOf(mail);
    const qsizetype begin = head.indexOf("\r\n" + name + ": ") + name.size() + 4;
    qsizetype end = head.indexOf("\r\n", begin);
    while (head.mid(end + 2, 1) == " ")
        end = head.indexOf("\r\n", end + 2);
    QByteArray text = head.mid(begin, end - begin);
    if (!text.contains("=?"))
        return QString::fromUtf8(text);
    QByteArray bytes;
    for (const QByteArray &word : text.simplified().split(' '))
        bytes += QByteArray::fromBase64(word.mid(10).chopped(2));
    return QString::fromUtf8(bytes);
}

/// Quoted-printable, as a reader reads it.
QByteArray unquoted(const QByteArray &mail)
{
    QByteArray body = mail.mid(mail.indexOf("\r\n\r\n") + 4);
    body.replace("=\r\n", "");
    QByteArray plain;
    for (qsizetype i = 0; i < body.size(); ++i) {
        if (body[i] == '=') {
            plain += QByteArray::fromHex(body.mid(i + 1, 2));
            i += 2;
        } else {
            plain += body[i];
        }
    }
    return plain.replace("\r\n", "\n");
}

const QByteArrayList usualNames { "From", "To", "Date", "Subject", "Message-ID", "Auto-Submitted",
    "X-Auto-Response-Suppress", "MIME-Version", "Content-Type", "Content-Transfer-Encoding" };

} // namespace

class TestMailMessage : public QObject
{
    Q_OBJECT
private slots:
    void wholeMail();
    void subjects_data();
    void subjects();
    void nothingBeginsAHeader_data();
    void nothingBeginsAHeader();
    void texts_data();
    void texts();
    void dots();
    void threads();
    void addresses_data();
    void addresses();
    void noAddresses_data();
    void noAddresses();
    void replies_data();
    void replies();
    void cleans();
};

void TestMailMessage::wholeMail()
{
    QCOMPARE(composed(letter()),
        QByteArray("From: desk@example.org\r\nTo: ada@example.net\r\n"
                   "Date: Mon, 8 Jun 2026 08:09:10 +0000\r\nSubject: T-12\r\n"
                   "Message-ID: <00000000-0000-4000-8000-000000000001@example.org>\r\n"
                   "Auto-Submitted: auto-generated\r\nX-Auto-Response-Suppress: All\r\n"
                   "MIME-Version: 1.0\r\nContent-Type: text/plain; charset=utf-8\r\n"
                   "Content-Transfer-Encoding: quoted-printable\r\n\r\nLook\r\n"));
    Letter urgent = letter();
    urgent.isUrgent = true;
    QVERIFY(headOf(composed(urgent)).contains("\r\nImportance: high\r\n"));
}

void TestMailMessage::subjects_data()
{
    QTest::addColumn<QString>("subject");
    QTest::newRow("plain") << u"T-12 SSO login loops"_s;
    QTest::newRow("dots") << u"T-12 · SSO login loops · ACME (enterprise)"_s;
    QTest::newRow("two bytes") << u"ä"_s.repeated(120);
    QTest::newRow("three bytes") << u"a"_s + u"語"_s.repeated(120);
    QTest::newRow("four bytes") << u"ab"_s + u"🙂"_s.repeated(60);
    QTest::newRow("long and plain") << u"x"_s.repeated(240);
    QTest::newRow("a word in another spelling") << u"=?UTF-8?B?SGk=?="_s;
    QTest::newRow("empty") << QString();
}

void TestMailMessage::subjects()
{
    QFETCH(QString, subject);
    Letter one = letter();
    one.subject = subject;
    const QByteArray mail = composed(one);
    QCOMPARE(shown(mail, "Subject"), subject);
    QCOMPARE(namesOf(mail), usualNames);
    for (const QByteArray &line : headOf(mail).split('\n'))
        QVERIFY2(line.trimmed().size() <= 78, line.constData());
    // Each word is whole letters by itself.
    for (const QByteArray &each : headOf(mail).split('\n')) {
        const QByteArray line = each.trimmed();
        const qsizetype begin = line.indexOf("=?UTF-8?B?");
        if (begin < 0)
            continue;
        QVERIFY(line.size() <= 76);
        const QByteArray word = QByteArray::fromBase64(line.mid(begin + 10).chopped(2));
        QCOMPARE(QString::fromUtf8(word).toUtf8(), word);
    }
    one.subject = subject.repeated(9);
    QVERIFY(shown(composed(one), "Subject").size() <= 250);
}

void TestMailMessage::nothingBeginsAHeader_data()
{
    QTest::addColumn<QString>("bad");
    for (const char *bad : { "x\r\nBcc: eve@example.com", "x\nBcc: eve@example.com",
             "x\rBcc: eve@example.com", "x\r\n\r\nBody", "x\r\n.\r\nMAIL FROM:<eve@example.com>" })
        QTest::newRow(QByteArray(bad).replace('\r', 'R').replace('\n', 'N').constData())
            << QString::fromLatin1(bad);
    QTest::newRow("line separator") << u"x\u2028Bcc: eve@example.com"_s;
    QTest::newRow("next line") << u"x\u0085Bcc: eve@example.com"_s;
    QTest::newRow("NUL") << u"x"_s + QChar(0) + u"\r\nBcc: eve@example.com"_s;
    QTest::newRow("other controls") << u"x\u001b[2J\u0007\r\nBcc: eve@example.com"_s;
}

void TestMailMessage::nothingBeginsAHeader()
{
    QFETCH(QString, bad);
    Letter one = letter();
    one.subject = bad;
    one.text = bad;
    one.inReplyTo = bad.toUtf8();
    const QByteArray mail = composed(one);
    QCOMPARE(namesOf(mail), usualNames);
    QVERIFY(!headOf(mail).contains('\0'));
    QVERIFY(messageIdOf(bad, one.from).isEmpty());
    QVERIFY(!isMessageId('<' + bad.toUtf8() + "@example.org>"));
    QVERIFY(!parseMailAddress(bad + u"@example.org"_s));
    QVERIFY(!parseMailAddress(u"ada@example.org"_s + bad));
    QVERIFY(!parseMailAddress(u"ada@"_s + bad));
    // No line of what is sent is a dot alone.
    QVERIFY(!("\r\n" + dotStuffed(mail)).contains("\r\n.\r\n"));
}

void TestMailMessage::texts_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("empty") << QString();
    QTest::newRow("lines") << u"one\ntwo\n\nfour"_s;
    QTest::newRow("dots") << u".\n..\n.hidden\n"_s;
    QTest::newRow("spaces at the end") << u"one \ntwo\t\n \n"_s;
    QTest::newRow("equals") << u"a=b==\n=3D"_s;
    QTest::newRow("letters") << u"Ärger: 語 🙂 שלום"_s;
    QTest::newRow("braces") << u"{{ticket}} {{customer}}"_s;
    QTest::newRow("from") << u"From here\nFrom there"_s;
    for (int width = 70; width < 80; ++width) {
        QTest::addRow("%d wide", width) << u"x"_s.repeated(width) + u'\n';
        QTest::addRow("%d wide, space", width) << u"x"_s.repeated(width) + u" \n"_s;
        QTest::addRow("%d wide, letter", width) << u"x"_s.repeated(width) + u"ä\n"_s;
    }
    QTest::newRow("long") << u"Grüße, "_s.repeated(3000);
}

void TestMailMessage::texts()
{
    QFETCH(QString, text);
    Letter one = letter();
    one.text = text;
    const QByteArray mail = composed(one);
    const QString expected = text.isEmpty() || text.endsWith(u'\n') ? text : text + u'\n';
    QCOMPARE(QString::fromUtf8(unquoted(mail)), expected);
    for (const QByteArray &line : mail.mid(mail.indexOf("\r\n\r\n") + 4).split('\n')) {
        QVERIFY2(line.size() <= 77, line.constData()); // the return counted
        const QByteArray bare = line.chopped(line.isEmpty() ? 0 : 1);
        QVERIFY2(!bare.endsWith(' ') && !bare.endsWith('\t'), line.constData());
    }
    QVERIFY(std::all_of(mail.begin(), mail.end(), [](char c) { return c > 0; }));
    QVERIFY(!mail.contains("\nFrom "));
}

void TestMailMessage::dots()
{
    QCOMPARE(dotStuffed(".a\r\n.\r\nb.\r\n..\r\n"), QByteArray("..a\r\n..\r\nb.\r\n...\r\n"));
    QCOMPARE(dotStuffed("\r\n.\r\n.\r\n.\r\n"), QByteArray("\r\n..\r\n..\r\n..\r\n"));
}

void TestMailMessage::threads()
{
    Letter one = letter();
    one.inReplyTo = "<first-1@example.org>";
    QVERIFY(headOf(composed(one))
                .contains("\r\nIn-Reply-To: <first-1@example.org>\r\n"
                          "References: <first-1@example.org>\r\n"));
    for (const char *bad :
        { "", "first", "<>", "<a>", "<@>", "<a@b", "<a b@c>", "<a@b>\r\nBcc: x", "<a@b@c>" })
        QVERIFY2(!isMessageId(bad), bad);
    QVERIFY(messageIdOf(u"a.b"_s, one.from).isEmpty());
    QVERIFY(messageIdOf(u""_s, one.from).isEmpty());
}

void TestMailMessage::addresses_data()
{
    QTest::addColumn<QString>("given");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("plain") << u"ada@example.org"_s << QByteArray("ada@example.org");
    QTest::newRow("signs") << u"a.b+c_d-e=f@x-y.example"_s << QByteArray("a.b+c_d-e=f@x-y.example");
    QTest::newRow("this machine") << u"root@localhost"_s << QByteArray("root@localhost");
    QTest::newRow("other letters")
        << u"ada@bücher.example"_s << QByteArray("ada@xn--bcher-kva.example");
}

void TestMailMessage::addresses()
{
    QFETCH(QString, given);
    QFETCH(QByteArray, text);
    const auto address = parseMailAddress(given);
    QVERIFY(address);
    QCOMPARE(address->text, text);
    QCOMPARE(address->domain, text.mid(text.indexOf('@') + 1));
}

void TestMailMessage::noAddresses_data()
{
    QTest::addColumn<QString>("given");
    for (const char *bad : { "", "ada", "@example.org", "ada@", "ada@@example.org",
             "a@b@example.org", "ada@example..org", "ada@.example.org", "ada@-x.org", "ada@x-.org",
             ".ada@example.org", "ada.@example.org", "a..b@example.org", "a b@example.org",
             "ada@exa mple.org", "<ada@example.org>", "Ada <ada@example.org>",
             "ada@example.org, eve@example.com", "ada@example.org eve@example.com",
             "ada@example.org,", "\"a b\"@example.org", "ada@[127.0.0.1]", "ada@exa_mple.org",
             "ada@example.org>", "a>b@example.org", " ada@example.org", "ada@example.org\n" })
        QTest::newRow(QByteArray(bad).replace('\r', 'R').replace('\n', 'N').constData())
            << QString::fromLatin1(bad);
    QTest::newRow("letters before") << u"ädä@example.org"_s;
    QTest::newRow("NUL") << u"ada@example.org"_s + QChar(0);
    QTest::newRow("long name") << u"a"_s.repeated(65) + u"@example.org"_s;
    QTest::newRow("long label") << u"ada@"_s + u"a"_s.repeated(64) + u".org"_s;
    QTest::newRow("long") << u"ada@"_s + u"abcdefg."_s.repeated(32) + u"org"_s;
}

void TestMailMessage::noAddresses()
{
    QFETCH(QString, given);
    const auto address = parseMailAddress(given);
    QVERIFY2(!address, address ? address->text.constData() : "");
    QCOMPARE(address.error().fault, Fault::BadInput);
    QVERIFY(!address.error().detail.contains(u'\n'));
    QVERIFY(!address.error().detail.contains(QChar(0)));
}

void TestMailMessage::replies_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("expected"); // "code:line|line", "…" for more to come, "!" for broken
    QTest::newRow("one") << QByteArray("250 fine\r\n") << u"250:fine"_s;
    QTest::newRow("bare") << QByteArray("250\r\n") << u"250:"_s;
    QTest::newRow("many") << QByteArray("250-a\r\n250-b c\r\n250 d\r\n") << u"250:a|b c|d"_s;
    QTest::newRow("half") << QByteArray("250-a\r\n25") << u"…"_s;
    QTest::newRow("no end") << QByteArray("250 fine") << u"…"_s;
    QTest::newRow("mixed codes") << QByteArray("250-a\r\n550 b\r\n") << u"!"_s;
    QTest::newRow("no code") << QByteArray("hello\r\n") << u"!"_s;
    QTest::newRow("empty line") << QByteArray("\r\n") << u"!"_s;
    QTest::newRow("odd sign") << QByteArray("250_a\r\n") << u"!"_s;
    QTest::newRow("beyond codes") << QByteArray("999 a\r\n") << u"!"_s;
    QTest::newRow("HTTP") << QByteArray("HTTP/1.1 400 Bad\r\n") << u"!"_s;
    QTest::newRow("too many lines") << QByteArray("250-a\r\n").repeated(101) << u"!"_s;
    QTest::newRow("too long") << QByteArray(70'000, 'x') << u"!"_s;
}

void TestMailMessage::replies()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, expected);
    // Whole, and byte by byte.
    for (const qsizetype piece : { bytes.size(), qsizetype(1) }) {
        ReplyReader reader;
        std::optional<Reply> reply;
        for (qsizetype i = 0; i < bytes.size() && !reply && !reader.isBroken(); i += piece) {
            reader.add(bytes.mid(i, piece));
            reply = reader.take();
        }
        const QString got = reader.isBroken() ? u"!"_s
            : !reply
            ? u"…"_s
            : QString::number(reply->code) + u':' + QString::fromUtf8(reply->lines.join('|'));
        QCOMPARE(got, expected);
    }
}

void TestMailMessage::cleans()
{
    const auto said = [](const char *text, const QStringList &withheld = {}) {
        return cleaned(Reply { 550, { QByteArray(text) } }, withheld);
    };
    QCOMPARE(said("5.1.1 no\x1b[2J such\r user"), u"5.1.1 no [2J such user"_s);
    QCOMPARE(said("no ada@example.net, <bob@example.net>; here"), u"no …, <…>; here"_s);
    QVERIFY(said(QByteArray(2000, 'x').constData()).size() <= 161);
    QCOMPARE(said("bad password Secret9 given", { u"secret9"_s }), QString());
    QCOMPARE(cleaned(Reply { 550, { "two", "lines" } }, {}), u"two lines"_s);
}

QTEST_GUILESS_MAIN(TestMailMessage)
#include "tst_mailmessage.moc"
