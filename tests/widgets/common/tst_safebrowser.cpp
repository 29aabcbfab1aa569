#include "core/text/sanitize.h"
#include "widgets/common/appearance.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/messagebox.h"
#include "widgets/common/safebrowser.h"

#include <QApplication>
#include <QBuffer>
#include <QFile>
#include <QLabel>
#include <QTcpServer>
#include <QTcpSocket>
#include <QTemporaryDir>
#include <QTest>

using namespace tierline;
using namespace tierline::ui;
using namespace Qt::StringLiterals;

namespace {

/// Keeps what a document asked for, and whether it was given anything.
class SpiedBrowser final : public SafeBrowser
{
public:
    QVariant loadResource(int type, const QUrl &name) override
    {
        const QVariant given = SafeBrowser::loadResource(type, name);
        // What is refused is a blank of 16 pixels; where it were nothing, the document would look itself.
        const bool isBlank = given.isValid()
            && (type == QTextDocument::ImageResource ? given.value<QImage>().size() == QSize(16, 16)
                                                     : given.toString().isEmpty());
        (isBlank ? m_refused : m_given).append(name.toString());
        return given;
    }
    QStringList m_given, m_refused;
};

/// What mails do to learn that they are read: `%1` is the address.
const QStringList lures { u"<img src=\"%1\">"_s, u"<img src='%1' width=1 height=1 alt=''>"_s,
    u"<img srcset=\"%1 2x\">"_s, u"<p><a href='#'><img src=%1></a>"_s,
    u"<link rel=stylesheet href=\"%1\">text"_s, u"<style>@import url(%1);</style>text"_s,
    u"<style>p { background: url('%1') }</style><p>text"_s,
    u"<p style=\"background-image:url(%1)\">text"_s,
    u"<table background=\"%1\"><tr><td>x</table>"_s, u"<body background=\"%1\">text"_s,
    u"<ul style=\"list-style-image:url(%1)\"><li>x</ul>"_s, u"<iframe src=\"%1\"></iframe>"_s,
    u"<object data=\"%1\"></object>"_s, u"<embed src=\"%1\">"_s,
    u"<video poster=\"%1\" src=\"%1\" autoplay></video>"_s,
    u"<audio src=\"%1\" autoplay></audio>"_s,
    u"<svg><image href=\"%1\" xlink:href=\"%1\"/></svg>"_s, u"<input type=image src=\"%1\">"_s,
    u"<script src=\"%1\"></script>"_s, u"<base href=\"%1\"><img src=\"x.png\">"_s,
    u"<meta http-equiv=refresh content=\"0;url=%1\">"_s,
    u"<picture><source srcset=\"%1\"><img src=\"%1\"></picture>"_s,
    u"<link rel=prefetch href=\"%1\"><link rel=dns-prefetch href=\"%1\">"_s,
    u"<img src=\"data:image/svg+xml,&lt;svg&gt;&lt;image href='%1'/&gt;&lt;/svg&gt;\">"_s,
    u"<div style=\"content:url(%1);cursor:url(%1)\">text</div>"_s };

QByteArray oddPicture(const char *format = "PNG")
{
    QImage image(317, 211, QImage::Format_RGB32);
    image.fill(0);
    QByteArray png;
    QBuffer buffer(&png);
    image.save(&buffer, format);
    return png;
}

} // namespace

/// Foreign HTML in the one view that may show it: nothing is fetched, nothing is read from the disk,
/// and what a click opens is asked first and told as it is.
class TestSafeBrowser : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase() { new Appearance(*qApp, SchemeChoice::Light); }
    void cleanup() { SafeBrowser::setOpener({}); }
    void hostileMailsFetchNothing();
    void localPicturesAreNotLoaded_data();
    void localPicturesAreNotLoaded();
    void onlyWebAndMailLeave();
    void clickOnAFileGoesNowhere();
    void firstLineNamesTheRealHost_data();
    void firstLineNamesTheRealHost();
};

/// 200 mails, each as it came and as it is shown.
void TestSafeBrowser::hostileMailsFetchNothing()
{
    QTcpServer spy;
    QVERIFY(spy.listen(QHostAddress::LocalHost));
    const QString port = QString::number(spy.serverPort());
    const QStringList addresses { u"http://127.0.0.1:%1/t.png"_s, u"HTTP://127.0.0.1:%1/t.gif"_s,
        u"//127.0.0.1:%1/t.jpg"_s, u"http:\\\\127.0.0.1:%1\\t"_s, u"http://a:b@127.0.0.1:%1/t"_s,
        u"http://localhost:%1/t.webp"_s, u"http://[::ffff:127.0.0.1]:%1/t"_s,
        u"h\nttp://127.0.0.1:%1/t"_s };
    SpiedBrowser browser;
    browser.resize(500, 400);
    browser.show();
    int opened = 0;
    for (const QString &lure : lures) {
        for (const QString &address : addresses) {
            const QString mail = QString(lure).replace(u"%1"_s, QString(address).arg(port));
            for (const QString &html : { mail, text::sanitizeHtml(mail).html }) {
                browser.setHtml(html);
                browser.grab();
            }
            ++opened;
        }
    }
    QCOMPARE(opened, 200);
    QVERIFY(!browser.m_refused.isEmpty()); // the pictures were asked for, and refused
    QCOMPARE(browser.m_given, QStringList());
    QVERIFY(!spy.waitForNewConnection(300));
    // The listener does hear whoever comes.
    QTcpSocket caller;
    caller.connectToHost(QHostAddress::LocalHost, spy.serverPort());
    QVERIFY(spy.waitForNewConnection(5000));
}

void TestSafeBrowser::localPicturesAreNotLoaded_data()
{
    QTest::addColumn<QString>("address");
    for (const char *address :
        { "%1", "file://%1", "FILE:%1", "file://localhost%1", "file://127.0.0.1%1", "//localhost%1",
            "%2", "./%2", "file:%2", "qrc:%1", "%1?x", "%1#x" })
        QTest::newRow(address) << QString::fromLatin1(address);
    const QByteArray svg = "<svg xmlns='http://www.w3.org/2000/svg' width='317' height='211'/>";
    QTest::newRow("drawing") << u"data:image/svg+xml;base64,"_s
            + QString::fromLatin1(svg.toBase64());
    QTest::newRow("drawing in the open")
        << u"data:image/svg+xml,"_s + QString::fromLatin1(svg.toPercentEncoding());
    QTest::newRow("picture in the open")
        << u"data:image/png,"_s + QString::fromLatin1(oddPicture().toPercentEncoding());
    QTest::newRow("picture of no kind")
        << u"data:;base64,"_s + QString::fromLatin1(oddPicture().toBase64());
    QTest::newRow("old format") << u"data:image/bmp;base64,"_s
            + QString::fromLatin1(oddPicture("BMP").toBase64());
}

/// A picture of an unusual size would change the document's width, were it loaded.
void TestSafeBrowser::localPicturesAreNotLoaded()
{
    QFETCH(QString, address);
    QTemporaryDir folder;
    QFile file(folder.filePath(u"odd.png"_s));
    QVERIFY(file.open(QIODevice::WriteOnly));
    QVERIFY(file.write(oddPicture()) > 0);
    file.close();
    address.replace(u"%1"_s, file.fileName()).replace(u"%2"_s, u"odd.png"_s);
    const auto widthOf = [&](const QString &source) {
        SafeBrowser browser;
        browser.resize(800, 600);
        browser.setLineWrapMode(QTextEdit::NoWrap);
        browser.setSearchPaths({ folder.path() });
        browser.document()->setBaseUrl(QUrl::fromLocalFile(folder.path() + u'/'));
        browser.show();
        browser.setHtml(u"<img src=\"%1\">"_s.arg(source));
        return browser.document()->idealWidth();
    };
    const qreal width = widthOf(address);
    QVERIFY2(width < 200, qPrintable(QString::number(width)));
    QCOMPARE(width, widthOf(u"x-nowhere:y"_s));
    QVERIFY(
        widthOf(u"data:image/png;base64,"_s + QString::fromLatin1(oddPicture().toBase64())) > 317);
}

void TestSafeBrowser::onlyWebAndMailLeave()
{
    static const QStringList schemes { u"file"_s, u"FILE"_s, u"fIlE"_s, u"smb"_s, u"cifs"_s,
        u"nfs"_s, u"dav"_s, u"afp"_s, u"javascript"_s, u"jAvAsCrIpT"_s, u"vbscript"_s, u"data"_s,
        u"blob"_s, u"about"_s, u"ms-word"_s, u"ms-excel"_s, u"ms-msdt"_s, u"ms-settings"_s,
        u"search-ms"_s, u"search"_s, u"shell"_s, u"res"_s, u"mhtml"_s, u"view-source"_s,
        u"chrome"_s, u"intent"_s, u"tel"_s, u"callto"_s, u"sip"_s, u"skype"_s, u"slack"_s, u"ftp"_s,
        u"sftp"_s, u"ssh"_s, u"telnet"_s, u"ldap"_s, u"jar"_s, u"qrc"_s, u"cid"_s, u"ws"_s,
        u"httpx"_s, u"xhttp"_s };
    QStringList spellings;
    for (const QString &scheme : schemes) {
        for (const QString &shape : { u"%1:x"_s, u"%1://host/x"_s, u"%1:///etc/passwd"_s,
                 u"%1:////host/share"_s, u" %1:%5C%5Chost%5Cshare"_s })
            spellings.append(QString(shape).replace(u"%1"_s, scheme));
    }
    spellings += { u"\\\\host\\share"_s, u"//host/share"_s, u"/etc/passwd"_s, u"C:\\x.exe"_s,
        u"\\\\?\\C:\\x"_s, u"x.html"_s, u"?q"_s, u""_s };
    const QStringList allowed { u"https://a.example/x"_s, u"http://b.example/"_s,
        u"HTTPS://C.example"_s, u"mailto:d@e.example"_s, u"https://u:p@f.example/"_s };
    spellings += allowed;
    QVERIFY2(spellings.size() >= 200, qPrintable(QString::number(spellings.size())));

    QStringList opened;
    SafeBrowser::setOpener([&](const QUrl &url) { opened.append(url.toString()); });
    QueuedAnswers answers;
    SafeBrowser browser;
    for (const QString &spelling : std::as_const(spellings)) {
        answers.confirm(); // whoever is asked says yes to all
        emit browser.anchorClicked(QUrl(spelling));
    }
    QTRY_VERIFY(opened.size() >= allowed.size());
    // What is opened is what was judged, written anew: no user info, one spelling.
    QCOMPARE(opened,
        QStringList({ u"https://a.example/x"_s, u"http://b.example/"_s, u"https://c.example/"_s,
            u"mailto:d@e.example"_s, u"https://f.example/"_s }));
    QCOMPARE(answers.asked().size(), spellings.size());
}

void TestSafeBrowser::clickOnAFileGoesNowhere()
{
    QStringList opened;
    SafeBrowser::setOpener([&](const QUrl &url) { opened.append(url.toString()); });
    QueuedAnswers answers;
    answers.confirm();
    SafeBrowser browser;
    browser.resize(500, 200);
    browser.setHtml(u"<a href=\"file:///etc/hostname\">the annual report, all of it</a>"_s);
    browser.show();
    QTextCursor inside(browser.document());
    inside.setPosition(5);
    const QString before = browser.toHtml();
    QTest::mouseClick(browser.viewport(), Qt::LeftButton, {}, browser.cursorRect(inside).center());
    QCOMPARE(answers.asked().size(), 1); // it was told that the link stays closed
    QVERIFY(answers.asked().first().contains(u"not opened"_s));
    browser.setSource(QUrl(u"file:///etc/hostname"_s));
    browser.reload();
    QCOMPARE(browser.toHtml(), before);
    QVERIFY(browser.source().isEmpty());
    QCOMPARE(opened, QStringList());
}

void TestSafeBrowser::firstLineNamesTheRealHost_data()
{
    QTest::addColumn<QString>("href");
    QTest::addColumn<QString>("shown");
    QTest::addColumn<QString>("first");
    QTest::addColumn<QString>("warning"); ///< part of the second; empty: none
    QTest::newRow("honest") << u"https://a.example/x"_s << u"click here"_s << u"Open a.example?"_s
                            << QString();
    QTest::newRow("another host") << u"https://evil.example/x"_s << u"https://a.example/login"_s
                                  << u"Open evil.example?"_s << u"shows a.example"_s;
    QTest::newRow("look-alike") << u"https://аррӏе.example/"_s << u"apple"_s
                                << u"Open xn--80ak6aa92e.example?"_s << u"look like others"_s;
    QTest::newRow("user info") << u"https://a.example@evil.example/"_s << u"Log in"_s
                               << u"Open evil.example?"_s << u"sign-in name"_s;
}

void TestSafeBrowser::firstLineNamesTheRealHost()
{
    QFETCH(QString, href);
    QFETCH(QString, shown);
    QFETCH(QString, first);
    QFETCH(QString, warning);
    bool hasOpened = false;
    SafeBrowser::setOpener([&](const QUrl &) { hasOpened = true; });
    SafeBrowser browser;
    browser.resize(600, 200);
    browser.setHtml(u"<a href=\"%1\">%2</a>"_s.arg(href.toHtmlEscaped(), shown.toHtmlEscaped()));
    browser.show();
    QTextCursor inside(browser.document());
    inside.setPosition(2);
    QTest::mouseClick(browser.viewport(), Qt::LeftButton, {}, browser.cursorRect(inside).center());
    auto *box = browser.findChild<MessageBox *>();
    QVERIFY(box);
    const QList<QLabel *> labels = box->findChildren<QLabel *>();
    QCOMPARE(labels.first()->text(), first);
    QCOMPARE(labels.first()->textFormat(), Qt::PlainText);
    const bool warns = std::ranges::any_of(labels,
        [&](QLabel *label) { return !warning.isEmpty() && label->text().contains(warning); });
    QCOMPARE(warns, !warning.isEmpty());
    QVERIFY(!hasOpened);
    box->reject();
    QVERIFY(!hasOpened);
}

QTEST_MAIN(TestSafeBrowser)
#include "tst_safebrowser.moc"
