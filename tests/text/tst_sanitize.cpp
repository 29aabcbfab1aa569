#include "core/text/sanitize.h"
#include "tests/text/htmlcheck.h"
#include "tests/text/payloads.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

namespace {

constexpr auto Png
    = "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg=="_L1;

QString clean(QStringView html, const SanitizeOptions &options = {})
{
    return sanitizeHtml(html, options).html;
}

SanitizeOptions withPicture()
{
    SanitizeOptions options;
    options.pictureNames = { u"one"_s, u"part1.abc@mail.example"_s };
    return options;
}

/// An ordinary newsletter-like mail of some 20 KB.
QString ordinaryMail()
{
    QString html = u"<html><head><style>p { color: #333 }</style></head><body>"_s;
    for (int i = 0; html.size() < 20'000; ++i) {
        html
            += u"<table width=600 cellpadding=0><tr><td style=\"font-family:Arial;font-size:14px;color:#333333;"
               "padding:12px\"><p style=\"margin:0 0 10px 0;text-align:left\">Dear customer %1, your order "
               "<b>4711-%1</b> is on its way. See <a href=\"https://shop.example/orders/4711?c=%1&amp;s=mail\" "
               "style=\"color:#0066cc\">the order</a> &amp; <img src=\"https://t.example/%1.gif\" width=\"1\" "
               "height=\"1\" alt=\"\">track it.</p><ul><li>First item</li><li>Second item</li></ul></td></tr></table>\r\n"_s
                   .arg(i);
    }
    return html + u"</body></html>"_s;
}

qint64 elapsed(const QString &html)
{
    qint64 best = std::numeric_limits<qint64>::max();
    for (int i = 0; i < 3; ++i) {
        QElapsedTimer timer;
        timer.start();
        sanitizeHtml(html);
        best = qMin(best, timer.nsecsElapsed());
    }
    return best / 1'000;
}

} // namespace

class TestSanitize : public QObject
{
    Q_OBJECT
private slots:
    void payloads_data();
    void payloads();
    void keeps_data();
    void keeps();
    void textOfUnknownElementsStays();
    void textThatIsNoMarkupStays();
    void remotePictures();
    void fetchedPictures();
    void ownPictures();
    void dataPictures();
    void dataPicturesHaveATotal();
    void nestedTablesAreFlattened();
    void depthIsCapped();
    void elementsAreCapped();
    void spansAreCapped();
    void longWordsAreBroken();
    void combiningMarksAreCapped();
    void outputIsCapped();
    void randomStyles();
    void bombs_data();
    void bombs();
    void ordinaryMailIsFast();
};

void TestSanitize::payloads_data()
{
    QTest::addColumn<QString>("html");
    int number = 0;
    const auto row = [&number](const QString &html) {
        QTest::newRow(qPrintable(u"%1 %2"_s.arg(++number, 3).arg(html.left(60)))) << html;
    };
    for (const char *html : payloads::Written)
        row(QString::fromUtf8(html));
    const QStringList elements { u"p"_s, u"img src=cid:one"_s, u"a href=https://a.example"_s,
        u"td"_s, u"svg"_s };
    int turn = 0;
    for (const char *handler : payloads::Handlers)
        row(u"<%1 %2=\"CANARY(1)\">x"_s.arg(
            elements[turn++ % elements.size()], QString::fromLatin1(handler)));
    for (const char *scheme : payloads::Schemes) {
        row(u"<a href=\"%1CANARY\">x</a>"_s.arg(QString::fromLatin1(scheme)));
        row(u"<img src=\"%1CANARY\">"_s.arg(QString::fromLatin1(scheme)));
        row(u"<div style=\"background:url(%1CANARY)\">x</div>"_s.arg(QString::fromLatin1(scheme)));
    }
    QVERIFY2(number >= 300, qPrintable(QString::number(number)));
}

void TestSanitize::payloads()
{
    QFETCH(QString, html);
    const Sanitized once = sanitizeHtml(html, withPicture());
    const htmlcheck::Walk found = htmlcheck::inspect(once.html);
    QVERIFY2(found.problem.isEmpty(), qPrintable(found.problem + u" in "_s + once.html));
    // What is shown as text cannot act; it must not be in a tag.
    static const QRegularExpression inTag(u"<[^>]*CANARY"_s);
    QVERIFY2(!inTag.match(once.html).hasMatch(), qPrintable(once.html));
    QCOMPARE(sanitizeHtml(once.html, withPicture()).html, once.html);
    const QString inside = clean(
        u"<div><table><tr><td><b>before "_s + html + u" after</b></td></tr></table></div>"_s,
        withPicture());
    QVERIFY2(htmlcheck::inspect(inside).problem.isEmpty(), qPrintable(inside));
    QCOMPARE(clean(inside, withPicture()), inside);
}

void TestSanitize::keeps_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("kept");
    const auto row = [](const char *html, const char *kept) {
        QTest::newRow(html) << QString::fromUtf8(html) << QString::fromUtf8(kept);
    };
    row("<p>one</p><p>two</p>", "<p>one</p><p>two</p>");
    row("<p>one<p>two", "<p>one</p><p>two</p>");
    row("a<br>b<br/>c", "a<br>b<br>c");
    row("<b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <u>e</u> <s>f</s> <code>g</code>",
        "<b>a</b> <strong>b</strong> <i>c</i> <em>d</em> <u>e</u> <s>f</s> <code>g</code>");
    row("<del>a</del><ins>b</ins><tt>c</tt>", "<s>a</s><u>b</u><code>c</code>");
    row("<h1>a</h1><h2>b</h2><h3>c</h3><h5>d</h5>", "<h3>a</h3><h3>b</h3><h3>c</h3><h5>d</h5>");
    row("<ul><li>a<li>b<ol><li>c</ol></ul>", "<ul><li>a</li><li>b<ol><li>c</li></ol></li></ul>");
    row("<ol start=4><li>a</ol>", "<ol start=\"4\"><li>a</li></ol>");
    row("<blockquote>a<blockquote>b</blockquote></blockquote>",
        "<blockquote>a<blockquote>b</blockquote></blockquote>");
    row("<pre>  a\n   b\n</pre>", "<pre>  a\n   b\n</pre>");
    row("<table><tr><th>a<td>b</table>",
        "<table><tbody><tr><th>a</th><td>b</td></tr></tbody></table>");
    row("<table><thead><tr><td colspan=2 align=right>a</table>",
        "<table><thead><tr><td style=\"text-align:right\" colspan=\"2\">a</td></tr></thead></table>");
    row("<a href=\"https://a.example/?x=1&amp;y=2\">a</a>",
        "<a href=\"https://a.example/?x=1&amp;y=2\">a</a>");
    row("<a href=https://a.example/?x=1&y=2>a</a>",
        "<a href=\"https://a.example/?x=1&amp;y=2\">a</a>");
    row("<a href='mailto:a@b.example?subject=Hi'>a</a>",
        "<a href=\"mailto:a@b.example?subject=Hi\">a</a>");
    row("<span style='FONT-WEIGHT : 700 ; color:red'>a</span>",
        "<span style=\"font-weight:bold\">a</span>");
    row("<span style='font-style:italic!important;text-decoration:underline'>a</span>",
        "<span style=\"font-style:italic;text-decoration:underline\">a</span>");
    row("<span style='color:red'>a</span>", "a");
    row("<p align=center>a</p>", "<p style=\"text-align:center\">a</p>");
    row("<p dir=RTL>a</p>", "<p dir=\"rtl\">a</p>");
    row("<center>a</center>", "<div>a</div>");
    row("<div style='white-space:pre-wrap'>a\nb</div>", "<div>a<br>b</div>");
    row("a   b\n\t c", "a b c");
    row("a&nbsp;b &copy; &lt;x&gt; &amp;amp;",
        "a\xC2\xA0"
        "b \xC2\xA9 &lt;x&gt; &amp;amp;");
    row("<hr>", "<hr>");
    row("<b><i>x</b>y</i>", "<b><i>x</i></b><i>y</i>");
    row("<p>Grüße 你好 👍</p>", "<p>Grüße 你好 👍</p>");
    row("<li>a</li>", "<div>a</div>");
    row("<html><head><title>t</title><style>p{}</style></head><body><p>a</p></body></html>",
        "<p>a</p>");
    row("<!--[if mso]><p>x</p><![endif]--><p>a</p>", "<p>a</p>");
    row("<noscript>a</noscript>", "a");
}

void TestSanitize::keeps()
{
    QFETCH(QString, html);
    QFETCH(QString, kept);
    const Sanitized result = sanitizeHtml(html);
    QCOMPARE(result.html, kept);
    QVERIFY(!result.isShortened);
    QVERIFY(!result.isSimplified);
}

void TestSanitize::textOfUnknownElementsStays()
{
    QCOMPARE(clean(u"<section><x-y>a</x-y> <form>b <button>c</button></form></section>"),
        u"<div>a <div>b c</div></div>"_s);
    QCOMPARE(clean(u"<a href=javascript:x>press here</a>"), u"press here"_s);
    QCOMPARE(clean(u"<svg><text>a</text></svg>"), u"a"_s);
}

void TestSanitize::textThatIsNoMarkupStays()
{
    QCOMPARE(clean(u"a < b and c > d"), u"a &lt; b and c &gt; d"_s);
    QCOMPARE(clean(u"1 <2 <"), u"1 &lt;2 &lt;"_s);
    QCOMPARE(clean(u"tail <b"), u"tail &lt;b"_s);
    QCOMPARE(clean(u"<p title=\"never closed>a</p>b"), u"<p>a</p>b"_s);
    QCOMPARE(clean(u"<!-- never closed <b>a</b>"), u"a"_s);
}

void TestSanitize::remotePictures()
{
    const Sanitized result = sanitizeHtml(
        u"<p>a <img src='https://t.example/a.png' alt='Our  logo'> <img src=https://t.example/b.png>"
        "<img src=https://t.example/p.gif width=1 height=1><img src=https://t.example/a.png></p>");
    QCOMPARE(result.html, u"<p>a [Our logo] [picture][picture]</p>"_s);
    QCOMPARE(result.blockedPictures,
        QStringList({ u"https://t.example/a.png"_s, u"https://t.example/b.png"_s,
            u"https://t.example/p.gif"_s }));
    QCOMPARE(result.blockedPictureCount, 4);
    SanitizeOptions options;
    options.pictureText = u"[Bild & mehr]"_s;
    QCOMPARE(clean(u"<img src=http://t.example/b.png>", options), u"[Bild &amp; mehr]"_s);
}

void TestSanitize::fetchedPictures()
{
    SanitizeOptions options;
    options.fetchedPictures.insert(u"https://t.example/a.png"_s, u"fetched-1"_s);
    const Sanitized result = sanitizeHtml(
        u"<img src=https://t.example/a.png width=20><img src=https://t.example/b.png>", options);
    QCOMPARE(result.html, u"<img src=\"cid:fetched-1\" width=\"20\">[picture]"_s);
    QCOMPARE(result.blockedPictures, QStringList({ u"https://t.example/b.png"_s }));
    QCOMPARE(sanitizeHtml(result.html, options).html, result.html);
}

void TestSanitize::ownPictures()
{
    QCOMPARE(clean(u"<img src=cid:one alt='A &quot;b&quot;' width=9999 height=20>", withPicture()),
        u"<img src=\"cid:one\" alt=\"A &quot;b&quot;\" width=\"2000\" height=\"20\">"_s);
    QCOMPARE(clean(u"<img src='CID:part1.abc%40mail.example'>", withPicture()),
        u"<img src=\"cid:part1.abc@mail.example\">"_s);
    QCOMPARE(clean(u"<img src=cid:other>", withPicture()), QString());
    QCOMPARE(clean(u"<img src=cid:one>"), QString());
}

void TestSanitize::dataPictures()
{
    const QString url = u"data:image/png;base64,"_s + Png;
    QCOMPARE(clean(u"<img src=\"%1\">"_s.arg(url)), u"<img src=\"%1\">"_s.arg(url));
    QCOMPARE(
        clean(u"<img src=\"DATA:Image/PNG;base64,%1\">"_s.arg(QString(Png).insert(20, u"\r\n "))),
        u"<img src=\"%1\">"_s.arg(url));
    QCOMPARE(clean(u"<img src=\"data:image/jpeg;base64,%1\">"_s.arg(Png)), QString());
    QCOMPARE(clean(u"<img src=\"data:image/png,%1\">"_s.arg(Png)), QString());
    SanitizeOptions options;
    options.limits.pictureBytes = 50;
    const Sanitized refused = sanitizeHtml(u"<img src=\"%1\">"_s.arg(url), options);
    QCOMPARE(refused.html, QString());
    QVERIFY(refused.isShortened);
}

void TestSanitize::dataPicturesHaveATotal()
{
    SanitizeOptions options;
    options.limits.allPictureBytes = 200; // two of 70 bytes
    const QString picture = u"<img src=\"data:image/png;base64,%1\">"_s.arg(Png);
    const Sanitized result = sanitizeHtml(picture.repeated(5), options);
    QCOMPARE(result.html, picture.repeated(2));
    QVERIFY(result.isShortened);
}

void TestSanitize::nestedTablesAreFlattened()
{
    const QString open = u"<table><tr><td>"_s;
    for (const int depth : { 1, 2, 3, 5, 20, 300 }) {
        const Sanitized result = sanitizeHtml(open.repeated(depth) + u"text"_s);
        const htmlcheck::Walk found = htmlcheck::inspect(result.html);
        QCOMPARE(found.deepestTable, qMin(depth, 2));
        QCOMPARE(found.text.trimmed(), u"text"_s);
        QCOMPARE(result.isSimplified, depth > 2);
    }
}

void TestSanitize::depthIsCapped()
{
    const Sanitized result = sanitizeHtml(u"<div>"_s.repeated(10'000) + u"text"_s);
    const htmlcheck::Walk found = htmlcheck::inspect(result.html);
    QCOMPARE(found.deepest, 64);
    QCOMPARE(found.text.trimmed(), u"text"_s);
    QVERIFY(result.isSimplified);
}

void TestSanitize::elementsAreCapped()
{
    SanitizeOptions options;
    options.limits.nodes = 100;
    const Sanitized result = sanitizeHtml(u"<p>a</p>"_s.repeated(1'000), options);
    QCOMPARE(htmlcheck::inspect(result.html).elements, 100);
    QVERIFY(result.isShortened);
}

void TestSanitize::spansAreCapped()
{
    QCOMPARE(clean(u"<table><td colspan=3 rowspan=99>a"),
        u"<table><tbody><tr><td colspan=\"3\" rowspan=\"20\">a</td></tr></tbody></table>"_s);
    const Sanitized spanned
        = sanitizeHtml(u"<table>"_s + u"<tr><td colspan=100 rowspan=100>b"_s.repeated(1'000));
    QVERIFY(spanned.isSimplified);
    QVERIFY(!spanned.html.contains(u"<table"_s));
    QCOMPARE(htmlcheck::inspect(spanned.html).text.count(u'b'), 1'000);
    const Sanitized wide
        = sanitizeHtml(u"<table><tr>"_s + u"<td>b"_s.repeated(100) + u"<tr><td>b"_s.repeated(900));
    QVERIFY(!wide.html.contains(u"<table"_s));
    QVERIFY(sanitizeHtml(u"<table>"_s + u"<tr><td>a<td>b<td>c"_s.repeated(500))
                .html.contains(u"<table"_s));
}

void TestSanitize::longWordsAreBroken()
{
    const Sanitized result
        = sanitizeHtml(QString(1'000, u'a') + u"<b>"_s + QString(1'000, u'a') + u"</b> short"_s);
    QVERIFY(result.isShortened);
    QString plain = htmlcheck::inspect(result.html).text;
    for (const QStringView word : QStringView(plain).tokenize(QChar(0x200B)))
        QVERIFY(word.size() <= 406);
    QCOMPARE(plain.remove(QChar(0x200B)), QString(2'000, u'a') + u" short"_s);
    QVERIFY(!clean(u"word "_s.repeated(500)).contains(QChar(0x200B)));
}

void TestSanitize::combiningMarksAreCapped()
{
    const Sanitized result = sanitizeHtml(u"Z"_s + QString(100'000, QChar(0x0301)) + u"<b>"_s
        + QString(50, QChar(0x0302)) + u"</b>x"_s);
    QVERIFY(result.isShortened);
    QCOMPARE(htmlcheck::inspect(result.html).text, u"Z"_s + QString(8, QChar(0x0301)) + u"x"_s);
    QVERIFY(!sanitizeHtml(u"Việt Nam Ê\u0323\u0301").isShortened);
}

void TestSanitize::outputIsCapped()
{
    const Sanitized result = sanitizeHtml(u"<p>"_s + u"word "_s.repeated(1'000'000) + u"</p>"_s);
    QVERIFY(result.isShortened);
    QVERIFY(result.html.size() <= 250'100);
    QVERIFY(result.html.endsWith(u"</p>"_s));
}

void TestSanitize::randomStyles()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    static const QStringList pieces { u"font-weight"_s, u"font-style"_s, u"text-decoration"_s,
        u"text-align"_s, u":"_s, u";"_s, u"bold"_s, u"italic"_s, u"underline"_s, u"center"_s,
        u" "_s, u"url(x)"_s, u"position:fixed"_s, u"/*"_s, u"*/"_s, u"\\"_s, u"!important"_s,
        u"\""_s, u"'"_s, u">"_s, u"<"_s, u"expression("_s, u")"_s, u"font-size:900px"_s,
        u"color:red"_s, u"\n"_s, u"&quot;"_s, u"white-space:pre"_s, u"100"_s, u"-"_s, u"normal"_s,
        u"{"_s, u"}"_s, u"@import"_s };
    for (int i = 0; i < 5'000; ++i) {
        QString style;
        for (int k = int(random.bounded(12)); k >= 0; --k)
            style += pieces[random.bounded(int(pieces.size()))];
        const QString html = u"<%1 style=%2%3%2>x"_s.arg(
            random.bounded(2) ? u"p"_s : u"span"_s, random.bounded(2) ? u"\""_s : u"'"_s, style);
        const QString once = clean(html);
        const htmlcheck::Walk found = htmlcheck::inspect(once);
        QVERIFY2(found.problem.isEmpty(), qPrintable(found.problem + u" from "_s + html));
        QCOMPARE(clean(once), once);
    }
}

void TestSanitize::bombs_data()
{
    QTest::addColumn<QString>("html");
    QTest::newRow("blocks") << u"<div>"_s.repeated(200'000);
    QTest::newRow("tables") << u"<table><tr><td>"_s.repeated(50'000);
    QTest::newRow("tables without cells") << u"<table>"_s.repeated(100'000);
    QTest::newRow("fonts") << u"<font color=x><b><i>"_s.repeated(50'000)
            + u"<p>x"_s.repeated(50'000);
    QTest::newRow("links") << u"<a href=https://a.example>"_s.repeated(50'000);
    QTest::newRow("links in cells") << u"<a href=https://a.example><table><td>"_s.repeated(20'000);
    QTest::newRow("misnested") << u"<b><i><u><s></b></i></u></s>"_s.repeated(40'000);
    QTest::newRow("one word") << QString(1'000'000, u'x');
    QTest::newRow("marks") << QString(1'000'000, QChar(0x301));
    QTest::newRow("attributes") << u"<p "_s + u"a=b "_s.repeated(400'000) + u">x"_s;
    QTest::newRow("same attribute") << u"<p "_s + u"style=x "_s.repeated(200'000) + u">x"_s;
    QTest::newRow("open tags") << u"<a "_s.repeated(500'000);
    QTest::newRow("open quotes") << u"<a b=\""_s.repeated(300'000);
    QTest::newRow("open comments") << u"<!--"_s.repeated(400'000);
    QTest::newRow("open styles") << u"<style>"_s.repeated(200'000);
    QTest::newRow("open scripts and styles") << u"<script><style><title>"_s.repeated(80'000);
    QTest::newRow("ends") << u"</p></b></td>"_s.repeated(150'000);
    QTest::newRow("entities") << u"&amp;&#x41;&notit;"_s.repeated(100'000);
    QTest::newRow("less signs") << QString(1'500'000, u'<');
    QTest::newRow("list") << u"<ul><li>"_s.repeated(100'000);
    QTest::newRow("select") << u"<select><option>"_s.repeated(100'000);
    QTest::newRow("svg") << u"<svg><desc>"_s.repeated(100'000);
    QTest::newRow("breaks in a table") << u"<table>"_s + u"<br>"_s.repeated(300'000);
    QTest::newRow("text in a table") << u"<table>"_s + u"x<tr>"_s.repeated(200'000);
    QTest::newRow("style value") << u"<p style=\"%1\">x"_s.arg(u"a:b;"_s.repeated(400'000));
    QTest::newRow("remote pictures") << u"<img src=https://t.example/x>"_s.repeated(50'000);
    QTest::newRow("spans") << u"<table>"_s
            + u"<tr><td colspan=1000 rowspan=1000>b"_s.repeated(30'000);
    QTest::newRow("zero width") << QString(1'000'000, QChar(0x200B));
}

void TestSanitize::bombs()
{
    QFETCH(QString, html);
    QElapsedTimer timer;
    timer.start();
    const Sanitized once = sanitizeHtml(html);
    const qint64 milliseconds = timer.elapsed();
    // Generous, for a debug build on a busy machine; anything quadratic takes minutes.
    QVERIFY2(milliseconds < 10'000, qPrintable(u"%1 ms"_s.arg(milliseconds)));
    const htmlcheck::Walk found = htmlcheck::inspect(once.html);
    QVERIFY2(found.problem.isEmpty(), qPrintable(found.problem));
    QVERIFY(found.deepest <= 64);
    QVERIFY(found.deepestTable <= 2);
    QVERIFY(found.elements <= 6'000);
    QVERIFY(once.html.size() <= 350'000);
    QCOMPARE(sanitizeHtml(once.html).html, once.html);
}

void TestSanitize::ordinaryMailIsFast()
{
    const QString mail = ordinaryMail();
    const qint64 microseconds = elapsed(mail);
    qInfo("%lld KB in %lld microseconds", static_cast<long long>(mail.size() / 1'000),
        static_cast<long long>(microseconds));
    QVERIFY2(microseconds < 20'000, "ten times the time that a release build may take");
    QVERIFY(!sanitizeHtml(mail).isShortened);
}

QTEST_GUILESS_MAIN(TestSanitize)
#include "tst_sanitize.moc"
