#include "core/text/links.h"

#include <QRandomGenerator>
#include <QTest>
#include <QUrl>

using namespace tierline::text;
using namespace Qt::StringLiterals;

Q_DECLARE_METATYPE(QList<tierline::text::LinkWarning>)

class TestLinks : public QObject
{
    Q_OBJECT
private slots:
    void allowed_data();
    void allowed();
    void refused_data();
    void refused();
    void shareSpellings_data();
    void shareSpellings();
    void ordinaryTextIsNoShare();
    void verdicts_data();
    void verdicts();
    void imitatedNames();
    void mailKeepsOnlyText();
    void randomSpellingsNeverLeaveTheList();
};

void TestLinks::allowed_data()
{
    QTest::addColumn<QString>("href");
    QTest::addColumn<QString>("url");
    const auto row = [](const char *href, const char *url) {
        QTest::newRow(href) << QString::fromUtf8(href) << QString::fromUtf8(url);
    };
    row("https://a.example", "https://a.example/");
    row("HTTPS://A.EXAMPLE/Path", "https://a.example/Path");
    row("http://a.example/?q=1&r=2#f", "http://a.example/?q=1&r=2#f");
    row("https://a.example:8443/x", "https://a.example:8443/x");
    row("  https://a.example/x  ", "https://a.example/x");
    row("https://a.exa\nmple/x", "https://a.example/x");
    row("\thttps://a.example/x\r\n", "https://a.example/x");
    row("https://bücher.example/ü", "https://xn--bcher-kva.example/%C3%BC");
    row("https://a.example/a b", "https://a.example/a%20b");
    row("https://a.example/%20%2F", "https://a.example/%20%2F");
    row("https://a.example/<b>\"'", "https://a.example/%3Cb%3E%22'");
    row("http://127.0.0.1/x", "http://127.0.0.1/x");
    row("http://[::1]/x", "http://[::1]/x");
    row("https://user:pw@a.example/", "https://a.example/");
    row("https://a.example//x", "https://a.example//x");
    row("https://a.example/javascript:alert(1)", "https://a.example/javascript:alert(1)");
    row("mailto:a@b.example", "mailto:a@b.example");
    row("MailTo:a@b.example?subject=Hi%20you", "mailto:a@b.example?subject=Hi%20you");
    row("mailto:?to=a@b.example", "mailto:?to=a@b.example");
}

void TestLinks::allowed()
{
    QFETCH(QString, href);
    QFETCH(QString, url);
    const LinkVerdict verdict = judgeLink(href);
    QVERIFY2(verdict.isAllowed(), qPrintable(QString::number(int(verdict.refusal))));
    QCOMPARE(verdict.url, url);
    QCOMPARE(canonicalLink(verdict.url), verdict.url);
}

void TestLinks::refused_data()
{
    QTest::addColumn<QString>("href");
    const QStringList plain { u""_s, u" "_s, u"javascript:alert(1)"_s, u"JaVaScRiPt:alert(1)"_s,
        u" javascript:x"_s, u"java\nscript:x"_s, u"java\tscript:x"_s, u"\u0001javascript:x"_s,
        u"java\u0000script:x"_s, u"javascript&colon;x"_s, u"vbscript:x"_s, u"livescript:x"_s,
        u"mocha:x"_s, u"data:text/html,<b>"_s, u"data:text/html;base64,PGI+"_s,
        u"data:image/svg+xml,x"_s, u"DATA:,x"_s, u"blob:https://a.example/1"_s, u"about:blank"_s,
        u"view-source:https://a"_s, u"file:///etc/passwd"_s, u"FILE:/etc/passwd"_s, u"file:a"_s,
        u"fi\nle:///x"_s, u"/etc/passwd"_s, u"etc/passwd"_s, u"./x"_s, u"../x"_s, u"~/x"_s,
        u"C:\\x"_s, u"c:/x"_s, u"C|/x"_s, u"\\\\host\\share"_s, u"//host/share"_s,
        u"\\/host/share"_s, u"/\\host/share"_s, u"smb://host/share"_s, u"SMB:\\\\host"_s,
        u"cifs://h/s"_s, u"nfs://h/s"_s, u"afp://h/s"_s, u"ftp://a.example/x"_s, u"ftps://a"_s,
        u"sftp://a/x"_s, u"ssh://a"_s, u"telnet://a"_s, u"gopher://a"_s, u"ldap://a"_s,
        u"ldaps://a"_s, u"dict://a"_s, u"ws://a"_s, u"wss://a"_s, u"irc://a"_s, u"git://a"_s,
        u"rsync://a"_s, u"ms-word:ofe|u|https://a"_s, u"ms-excel:x"_s, u"ms-msdt:/id"_s,
        u"ms-settings:x"_s, u"ms-officecmd:x"_s, u"search-ms:query=x"_s, u"search:x"_s,
        u"shell:startup"_s, u"mhtml:http://a"_s, u"its:x"_s, u"ms-its:x"_s, u"mk:@MSITStore:x"_s,
        u"res://x"_s, u"hcp://x"_s, u"jar:http://a!/x"_s, u"wyciwyg://x"_s, u"chrome://x"_s,
        u"resource://x"_s, u"moz-extension://x"_s, u"intent://x"_s, u"market://x"_s,
        u"content://x"_s, u"qrc:/x"_s, u"steam://x"_s, u"zoommtg://x"_s, u"msteams:x"_s,
        u"slack://x"_s, u"tel:+491"_s, u"sms:1"_s, u"callto:x"_s, u"skype:x"_s, u"sip:x"_s,
        u"facetime:x"_s, u"magnet:?x"_s, u"bitcoin:x"_s, u"urn:x"_s, u"cid:x"_s, u"mid:x"_s,
        u"tierline:open"_s, u"x:y"_s, u"http"_s, u"http:"_s, u"http:/"_s, u"http://"_s,
        u"http:///"_s, u"http:////a.example"_s, u"https:///a.example"_s, u"https:a.example"_s,
        u"https:/a.example"_s, u"http:\\\\a.example"_s, u"http:/\\a.example"_s,
        u"https://a.example\\@b.example"_s, u"https://a.example\\x"_s, u"https://a%5C.example/"_s,
        u"https://a%2F.example/"_s, u"https://a%00.example/"_s, u"https://%61.example/"_s,
        u"https://a b.example/"_s, u"https://?x"_s, u"https://#x"_s, u"https://:80/"_s,
        u"https://@/"_s, u"https://user@/"_s, u"https://a.example:99999/"_s,
        u"https://a.example:x/"_s, u"https://[::1/"_s, u"https://[zz]/"_s, u"https://a..example/"_s,
        u"https://a\u202E.example/"_s, u"https://a.example/\u202Etxt"_s,
        u"https://a\u200B.example/"_s, u"https://a.example/a\u0000b"_s,
        u"https://a.example/\u007F"_s, u"https://a.example/\u0085"_s, u"http s://a.example"_s,
        u"ht\u00ADtp://a.example"_s, u"ｈttp://a.example"_s, u"http：//a.example"_s,
        u"%68ttp://a.example"_s, u"www.a.example"_s, u"a.example"_s, u"a@b.example"_s,
        u"#fragment"_s, u"?query"_s, u"mailto:"_s, u"mailto:x"_s,
        u"mailto:a@b.example%0d%0aBcc:c@d"_s, u"mailto:/a@b"_s, u"mailto:?subject=x"_s,
        u"mailto:a@b\\c"_s, u"\"https://a.example"_s, u"<https://a.example>"_s, u"'javascript:x'"_s,
        u"url(https://a.example)"_s, u"URL:file:///x"_s, u"\uFEFFjavascript:x"_s,
        u"\u00A0javascript:x"_s, u"java\u2028script:x"_s, u"feed:https://a"_s,
        u"feed:javascript:x"_s, u"pcast:x"_s, u"webcal://a"_s, u"calendar:x"_s, u"vnd.x:y"_s,
        u"app://x"_s, u"cap:x"_s, u"opaque:x"_s, u"h323:x"_s, u"ed2k://x"_s, u"onenote:x"_s,
        u"outlook:x"_s, u"mapi:x"_s, u"help:x"_s, u"man:x"_s, u"info:x"_s, u"apt:x"_s,
        u"file://localhost/etc/passwd"_s, u"file://host/share"_s, u"file:\\\\\\x"_s,
        u"%66ile:///x"_s, u"https://a@b@evil.example/"_s, u"vbs:x"_s, u"wscript:x"_s,
        u"powershell:x"_s, u"cmd:x"_s, u"ms-appinstaller:?source=x"_s, u"ms-powerpoint:x"_s,
        u"ms-cxh:x"_s, u"ms-people:x"_s, u"ms-store:x"_s, u"windowsdefender:x"_s, u"vscode://x"_s,
        u"xcode://x"_s, u"mongodb://x"_s, u"jdbc:x"_s, u"tftp://x"_s, u"svn://x"_s, u"ipp://x"_s,
        u"rtsp://x"_s, u"mms://x"_s, u"rdp://x"_s, u"vnc://x"_s, u"x-apple.systempreferences:x"_s,
        u"itms-services://x"_s, u"zotero://x"_s, u"javascript:https://a.example"_s,
        u"https://a.example/"_s + QString(5'000, u'x') };
    int number = 0;
    for (const QString &href : plain)
        QTest::newRow(qPrintable(u"%1 %2"_s.arg(++number).arg(href.left(40)))) << href;
    QTest::newRow("NUL in front") << QString(QChar(0) + u"javascript:x"_s);
    QTest::newRow("NUL inside") << QString(u"https://a"_s + QChar(0) + u".example"_s);
    QVERIFY(number >= 200);
}

void TestLinks::refused()
{
    QFETCH(QString, href);
    const LinkVerdict verdict = judgeLink(href);
    QVERIFY2(!verdict.isAllowed(), qPrintable(verdict.url));
    QVERIFY(verdict.url.isEmpty());
    QVERIFY(canonicalLink(href).isEmpty());
}

void TestLinks::shareSpellings_data()
{
    QTest::addColumn<QString>("spelling");
    const QStringList all { u"\\\\host\\share"_s, u"\\\\host\\share\\a.png"_s, u"//host/share"_s,
        u"\\/host/share"_s, u"/\\host\\share"_s, u"\\\\?\\UNC\\host\\share"_s, u"\\\\.\\pipe\\x"_s,
        u"//?/UNC/host/share"_s, u"//./x"_s, u"\\??\\UNC\\host\\share"_s, u" \\\\host\\share"_s,
        u"\t\\\\host\\share"_s, u"\n//host/share"_s, u"\\\n\\host\\share"_s, u"/\t/host/share"_s,
        u"%5C%5Chost%5Cshare"_s, u"%5c%5chost"_s, u"%2F%2Fhost%2Fshare"_s, u"/%2Fhost/share"_s,
        u"%255C%255Chost"_s, u"%25255C%25255Chost"_s, u"\\%5Chost"_s, u"///host/share"_s,
        u"////host/share"_s, u"\\\\\\\\host\\share"_s, u"\\\\host@80\\share"_s,
        u"\\\\host@SSL@443\\DavWWWRoot\\x"_s, u"\\\\127.0.0.1\\c$"_s, u"\\\\[::1]\\c$"_s,
        u"\\\\fe80--1.ipv6-literal.net\\x"_s, u"\\\\2130706433\\x"_s, u"file://host/share"_s,
        u"file:////host/share"_s, u"file:///\\\\host\\share"_s, u"file:\\\\host\\share"_s,
        u"file:/host"_s, u"file:x"_s, u"FILE://HOST/x"_s, u"fIlE:///x"_s, u"f\nile://host"_s,
        u" file://host"_s, u"%66%69%6c%65://host"_s, u"file%3A//host"_s, u"url:file://host"_s,
        u"URL:\\\\host"_s, u"smb://host/share"_s, u"SMB:host"_s, u"cifs://host"_s, u"nfs://host"_s,
        u"dav://host"_s, u"C:\\Windows\\x"_s, u"c:/x"_s, u"Z:x"_s, u"%43:\\x"_s, u"/etc/passwd"_s,
        u"~/x"_s, u"./x"_s, u"..\\x"_s, u"\uFF3C\uFF3Chost\uFF3Cshare"_s,
        u"\uFF0F\uFF0Fhost/share"_s, u"\u2215\u2215host"_s, u"file\uFF1A//host"_s,
        u"\u200B\\\\host"_s, u"\uFEFF//host"_s, u"\u00AD\\\\host"_s, u"qrc:/x"_s, u"shell:x"_s };
    int number = 0;
    for (const QString &spelling : all)
        QTest::newRow(qPrintable(u"%1 %2"_s.arg(++number).arg(spelling))) << spelling;
    QVERIFY(number >= 60);
}

void TestLinks::shareSpellings()
{
    QFETCH(QString, spelling);
    QVERIFY(isLocalOrShareSpelling(spelling));
    QVERIFY(!judgeLink(spelling).isAllowed());
}

void TestLinks::ordinaryTextIsNoShare()
{
    for (const QStringView text :
        { u"https://a.example/x", u"cid:part1@a", u"data:image/png;base64,AAAA", u"picture.png",
            u"mailto:a@b.example", u"", u"http://a.example//x", u"100%" })
        QVERIFY2(!isLocalOrShareSpelling(text), qPrintable(text.toString()));
}

void TestLinks::verdicts_data()
{
    QTest::addColumn<QString>("href");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("host");
    QTest::addColumn<QList<LinkWarning>>("warnings");
    int number = 0;
    const auto row = [&number](const QString &href, const QString &shown, const QString &host,
                         const QList<LinkWarning> &warnings = {}) {
        QTest::newRow(qPrintable(u"%1 %2"_s.arg(++number).arg(shown)))
            << href << shown << host << warnings;
    };
    using enum LinkWarning;
    // What honest mail does.
    row(u"https://a.example/x"_s, u"click here"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u""_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"a.example"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"https://a.example/x"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"HTTPS://A.Example"_s, u"a.example"_s);
    row(u"https://www.a.example/x"_s, u"a.example"_s, u"www.a.example"_s);
    row(u"https://a.example/x"_s, u"www.a.example"_s, u"a.example"_s);
    row(u"https://click.a.example/x"_s, u"a.example"_s, u"click.a.example"_s);
    row(u"https://a.example/x"_s, u"(a.example)"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"see a.example."_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"a.example/long/path?x=b.example"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"report.pdf"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"Invoice 3.50"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"e.g. this"_s, u"a.example"_s);
    row(u"https://a.example/x"_s, u"Version 2.0.1"_s, u"a.example"_s);
    row(u"https://a.example:443/x"_s, u"a.example"_s, u"a.example"_s);
    row(u"mailto:a@b.example"_s, u"a@b.example"_s, u"a@b.example"_s);
    row(u"mailto:a@b.example"_s, u"write to us"_s, u"a@b.example"_s);
    row(u"https://bücher.example/"_s, u"bücher.example"_s, u"xn--bcher-kva.example"_s,
        { IsPunycode });
    row(u"https://例え.example/"_s, u"例え"_s, u"xn--r8jz45g.example"_s, { IsPunycode });
    // Another host than the text says.
    row(u"https://evil.example/x"_s, u"a.example"_s, u"evil.example"_s, { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"https://a.example/login"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"www.a.example"_s, u"evil.example"_s, { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"Log in at a.example now"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"<https://a.example>"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"help@a.example"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/x"_s, u"a\u200B.example"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://a.example.evil.example/"_s, u"a.example"_s, u"a.example.evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://nota.example/"_s, u"a.example"_s, u"nota.example"_s, { TextNamesOtherHost });
    row(u"https://example/"_s, u"a.example"_s, u"example"_s, { TextNamesOtherHost });
    row(u"https://evil.example/a.example"_s, u"https://a.example"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/?https://a.example"_s, u"a.example"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/#a.example"_s, u"a.example"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"https://evil.example/"_s, u"http://192.0.2.1/"_s, u"evil.example"_s,
        { TextNamesOtherHost });
    row(u"mailto:a@evil.example"_s, u"a@b.example"_s, u"a@evil.example"_s, { TextNamesOtherHost });
    row(u"https://xn--bcher-kva.example/"_s, u"bucher.example"_s, u"xn--bcher-kva.example"_s,
        { TextNamesOtherHost, IsPunycode });
    row(u"https://evil.example/"_s, u"bücher.example"_s, u"evil.example"_s, { TextNamesOtherHost });
    // User info.
    row(u"https://a.example@evil.example/"_s, u"Log in"_s, u"evil.example"_s, { HasUserInfo });
    row(u"https://a.example:pw@evil.example/"_s, u"Log in"_s, u"evil.example"_s, { HasUserInfo });
    row(u"https://a.example%40x@evil.example/"_s, u"Log in"_s, u"evil.example"_s, { HasUserInfo });
    row(u"https://a.example@evil.example/"_s, u"https://a.example@evil.example/"_s,
        u"evil.example"_s, { HasUserInfo });
    row(u"https://a.example%2F@evil.example/"_s, u"Log in"_s, u"evil.example"_s, { HasUserInfo });
    row(u"https://a.example@evil.example/"_s, u"a.example"_s, u"evil.example"_s,
        { TextNamesOtherHost, HasUserInfo });
    // Look-alikes without a list of names.
    row(u"https://раураl.example/"_s, u"x"_s, u"xn--l-7sba6dbr.example"_s,
        { IsPunycode, LooksAlike });
    row(u"https://аррӏе.example/"_s, u"x"_s, u"xn--80ak6aa92e.example"_s,
        { IsPunycode, LooksAlike });
    row(u"https://xn--80ak6aa92e.example/"_s, u"x"_s, u"xn--80ak6aa92e.example"_s,
        { IsPunycode, LooksAlike });
    row(u"https://gοοgle.example/"_s, u"x"_s, u"xn--ggle-0nda.example"_s,
        { IsPunycode, LooksAlike });
    row(u"https://пример.example/"_s, u"x"_s, u"xn--e1afmkfd.example"_s, { IsPunycode });
    row(u"https://ουτοπία.example/"_s, u"x"_s, u"xn--kxae4bafwg.example"_s, { IsPunycode });
    row(u"https://日本語テスト.example/"_s, u"x"_s, u"xn--zckzah9945czlbtz6h.example"_s,
        { IsPunycode });
    // Numbers, ports, no encryption.
    row(u"https://192.0.2.1/"_s, u"x"_s, u"192.0.2.1"_s, { IsAddressNumber });
    row(u"https://[2001:db8::1]/"_s, u"x"_s, u"2001:db8::1"_s, { IsAddressNumber });
    row(u"https://2130706433/"_s, u"x"_s, u"127.0.0.1"_s, { IsAddressNumber });
    row(u"https://0x7f.0.0.1/"_s, u"x"_s, u"127.0.0.1"_s, { IsAddressNumber });
    row(u"https://a.example:8443/"_s, u"x"_s, u"a.example"_s, { HasUnusualPort });
    row(u"http://a.example/"_s, u"x"_s, u"a.example"_s, { IsUnencrypted });
    row(u"http://a.example:8080/"_s, u"a.example:8080"_s, u"a.example"_s,
        { HasUnusualPort, IsUnencrypted });
    row(u"http://a.example@192.0.2.1:81/"_s, u"a.example"_s, u"192.0.2.1"_s,
        { TextNamesOtherHost, HasUserInfo, IsAddressNumber, HasUnusualPort, IsUnencrypted });
    row(u"https://a.example./x"_s, u"a.example"_s, u"a.example."_s);
    row(u"https://A.EXAMPLE/x"_s, u"a.example"_s, u"a.example"_s);
    QVERIFY(number >= 60);
}

void TestLinks::verdicts()
{
    QFETCH(QString, href);
    QFETCH(QString, shown);
    QFETCH(QString, host);
    QFETCH(QList<LinkWarning>, warnings);
    const LinkVerdict verdict = judgeLink(href, shown);
    QVERIFY(verdict.isAllowed());
    QCOMPARE(verdict.host, host);
    QVERIFY2(verdict.warnings == warnings, [&] {
        QStringList found;
        for (const LinkWarning warning : verdict.warnings)
            found.append(QString::number(int(warning)));
        return qPrintable(u"warnings "_s + found.join(u' ') + u", skeleton "_s + verdict.resembles);
    }());
    QVERIFY2(std::all_of(verdict.host.cbegin(), verdict.host.cend(),
                 [](QChar c) { return c.unicode() < 128; }),
        "the shown host is ASCII");
    QVERIFY(!verdict.url.contains(u'@') || verdict.url.startsWith(u"mailto:"_s));
}

void TestLinks::imitatedNames()
{
    const QStringList known { u"tierline.example"_s, u"www.acme.example"_s };
    const auto resembles = [&known](QStringView href) {
        const LinkVerdict verdict = judgeLink(href, {}, known);
        return verdict.has(LinkWarning::LooksAlike) ? verdict.resembles : QString();
    };
    QCOMPARE(resembles(u"https://t1erline.example/"), u"tierline.example"_s);
    QCOMPARE(resembles(u"https://tlerline.example/"), u"tierline.example"_s);
    QCOMPARE(resembles(u"https://tierIine.example/"),
        u"tierline.example"_s); // capital i, read as its lower case
    QCOMPARE(resembles(u"https://acrne.example/"), u"acme.example"_s);
    QCOMPARE(resembles(u"https://аcme.example/"), u"acme.example"_s);
    QCOMPARE(resembles(u"https://acmé.example/"), u"acme.example"_s);
    QCOMPARE(resembles(u"https://tierline.example/"), QString());
    QCOMPARE(resembles(u"https://help.tierline.example/"), QString());
    QCOMPARE(resembles(u"https://other.example/"), QString());
}

void TestLinks::mailKeepsOnlyText()
{
    QCOMPARE(judgeLink(u"mailto:a@b.example?attach=/etc/passwd&subject=x").url,
        u"mailto:a@b.example?subject=x"_s);
    QCOMPARE(judgeLink(u"mailto:a@b.example?bcc=c@d.example").url, u"mailto:a@b.example"_s);
    QCOMPARE(judgeLink(u"mailto:a@b.example?body=one%0Atwo").url,
        u"mailto:a@b.example?body=one%0Atwo"_s);
    QCOMPARE(judgeLink(u"mailto:a@b.example?subject=x%0ABcc:y").url, u"mailto:a@b.example"_s);
}

void TestLinks::randomSpellingsNeverLeaveTheList()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    static const QStringList pieces { u"http"_s, u"https"_s, u"mailto"_s, u"javascript"_s,
        u"file"_s, u"data"_s, u":"_s, u"/"_s, u"//"_s, u"\\"_s, u"@"_s, u"a.example"_s,
        u"evil.example"_s, u"%5C"_s, u"%2F"_s, u"%00"_s, u"?"_s, u"#"_s, u" "_s, u"\n"_s, u"\t"_s,
        u"."_s, u"xn--"_s, u"ü"_s, u"а"_s, u"["_s, u"]"_s, u":80"_s, u"\u202E"_s, u"%"_s, u"\""_s,
        u"<"_s, u"&"_s, u"127.1"_s, u"\u3002"_s, u"subject=x"_s };
    int allowedCount = 0;
    for (int i = 0; i < 100'000; ++i) {
        QString href = random.bounded(2) ? u"https://"_s : QString();
        for (int k = int(random.bounded(8)); k >= 0; --k)
            href += pieces[random.bounded(int(pieces.size()))];
        const LinkVerdict verdict = judgeLink(href);
        if (!verdict.isAllowed())
            continue;
        ++allowedCount;
        const QUrl url(verdict.url, QUrl::StrictMode);
        QVERIFY2(url.isValid(), qPrintable(href));
        QVERIFY2(QStringList({ u"http"_s, u"https"_s, u"mailto"_s }).contains(url.scheme()),
            qPrintable(verdict.url));
        QVERIFY2(url.userInfo().isEmpty() && !verdict.url.contains(u'\\'), qPrintable(verdict.url));
        QCOMPARE(canonicalLink(verdict.url), verdict.url);
    }
    QVERIFY(allowedCount > 1'000);
}

QTEST_GUILESS_MAIN(TestLinks)
#include "tst_links.moc"
