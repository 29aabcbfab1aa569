#include "core/text/plaintext.h"
#include "core/text/sanitize.h"
#include "tests/text/htmlcheck.h"

#include <QElapsedTimer>
#include <QRandomGenerator>
#include <QTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

class TestPlainText : public QObject
{
    Q_OBJECT
private slots:
    void fromHtml_data();
    void fromHtml();
    void toHtml_data();
    void toHtml();
    void resultIsSanitised();
    void textSurvivesTheWayThere();
    void history_data();
    void history();
    void isLinear_data();
    void isLinear();
};

void TestPlainText::fromHtml_data()
{
    QTest::addColumn<QString>("html");
    QTest::addColumn<QString>("text");
    const auto row = [](const char *name, const QString &html, const QString &text) {
        QTest::newRow(name) << html << text;
    };
    row("nothing", u""_s, u""_s);
    row("paragraphs", u"<p>one</p>\n<p>two</p>"_s, u"one\n\ntwo"_s);
    row("line breaks", u"one<br>two<br><br>three"_s, u"one\ntwo\n\nthree"_s);
    row("many line breaks", u"one<br><br><br><br>two"_s, u"one\n\ntwo"_s);
    row("divs", u"<div>one</div><div>two</div>"_s, u"one\ntwo"_s);
    row("white space", u" one \n\t two "_s, u"one two"_s);
    row("no-break space", u"one&nbsp;two"_s, u"one two"_s);
    row("entities", u"&lt;b&gt; &amp;amp; &euro;"_s, u"<b> &amp; €"_s);
    row("list", u"<p>Tried:</p><ul><li>one</li><li>two</li></ul><p>end</p>"_s,
        u"Tried:\n\n- one\n- two\n\nend"_s);
    row("numbered", u"<ol start=3><li>one<li>two</ol>"_s, u"3. one\n4. two"_s);
    row("nested list", u"<ul><li>one<ul><li>two</ul><li>three</ul>"_s,
        u"- one\n  - two\n- three"_s);
    row("list item of two lines", u"<ul><li>one<br>more<li>two</ul>"_s, u"- one\n  more\n- two"_s);
    row("item with a paragraph", u"<ul><li><p>one</p></li><li><p>two</p></li></ul>"_s,
        u"- one\n\n- two"_s);
    row("quote", u"<p>new</p><blockquote><p>old</p><p>older</p></blockquote>"_s,
        u"new\n\n> old\n>\n> older"_s);
    row("quote in quote", u"<blockquote>a<blockquote>b</blockquote></blockquote>"_s,
        u"> a\n>\n> > b"_s);
    row("table", u"<table><tr><th>Plan<th>ARR</tr><tr><td>Pro<td>$5</tr></table>"_s,
        u"Plan | ARR\nPro | $5"_s);
    row("empty cells", u"<table><tr><td></td><td>a</td><td> </td><td>b</td></tr></table>"_s,
        u"a | b"_s);
    row("link", u"see <a href='https://a.example/x'>the page</a>."_s,
        u"see the page <https://a.example/x>."_s);
    row("link that shows itself", u"<a href='https://a.example/'>https://a.example</a>"_s,
        u"https://a.example"_s);
    row("link without scheme", u"<a href='https://a.example/x'>a.example/x</a>"_s,
        u"a.example/x"_s);
    row("mail", u"<a href='mailto:a@b.example'>a@b.example</a>"_s, u"a@b.example"_s);
    row("bad link", u"<a href='javascript:x'>press</a>"_s, u"press"_s);
    row("link around nothing", u"<a href='https://a.example/x'></a>"_s, u"https://a.example/x"_s);
    row("picture", u"a <img src=x alt='the logo'> b"_s, u"a [the logo] b"_s);
    row("code", u"<pre>a\n  b\n</pre>"_s, u"a\n  b"_s);
    row("rule", u"a<hr>b"_s, u"a\n---\nb"_s);
    row("headings", u"<h1>a</h1>b"_s, u"a\n\nb"_s);
    row("scripts", u"<style>x</style><script>y</script><title>z</title>a"_s, u"a"_s);
    row("no html", u"a < b\nc"_s, u"a < b c"_s);
}

void TestPlainText::fromHtml()
{
    QFETCH(QString, html);
    QFETCH(QString, text);
    QCOMPARE(htmlToText(html), text);
}

void TestPlainText::toHtml_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("html");
    const auto row = [](const char *name, const QString &text, const QString &html) {
        QTest::newRow(name) << text << html;
    };
    row("nothing", u""_s, u""_s);
    row("lines", u"one\ntwo\r\n\r\nthree"_s, u"one<br>two<br><br>three"_s);
    row("markup", u"<b>a</b> & \"c\" <script>x</script>"_s,
        u"&lt;b&gt;a&lt;/b&gt; &amp; \"c\" &lt;script&gt;x&lt;/script&gt;"_s);
    row("entity", u"&lt; &amp;"_s, u"&amp;lt; &amp;amp;"_s);
    row("address", u"see https://a.example/x?a=1&b=2."_s,
        u"see <a href=\"https://a.example/x?a=1&amp;b=2\">https://a.example/x?a=1&amp;b=2</a>."_s);
    row("address in brackets", u"(http://a.example/x_(y))"_s,
        u"(<a href=\"http://a.example/x_(y)\">http://a.example/x_(y)</a>)"_s);
    row("address in angles", u"<https://a.example/x>"_s,
        u"&lt;<a href=\"https://a.example/x\">https://a.example/x</a>&gt;"_s);
    row("two addresses", u"https://a.example/ http://b.example/"_s,
        u"<a href=\"https://a.example/\">https://a.example/</a> <a href=\"http://b.example/\">http://b.example/</a>"_s);
    row("no address",
        u"xhttp://a.example http: https:// javascript:x ftp://a file:///x mailto:a@b.example"_s,
        u"xhttp://a.example http: https:// javascript:x ftp://a file:///x mailto:a@b.example"_s);
    row("indent", u"a\n  b  c"_s, u"a<br>\u00A0 b \u00A0c"_s);
    row("quote", u"new\n> old\n> older\nend"_s, u"new<blockquote>old<br>older</blockquote>end"_s);
    row("quote in quote", u"> a\n>> b\n> > c\n> d"_s,
        u"<blockquote>a<blockquote>b<br>c</blockquote>d</blockquote>"_s);
}

void TestPlainText::toHtml()
{
    QFETCH(QString, text);
    QFETCH(QString, html);
    QCOMPARE(textToHtml(text), html);
}

void TestPlainText::resultIsSanitised()
{
    const quint32 seed = QRandomGenerator::global()->generate();
    qInfo("seed %u", seed);
    QRandomGenerator random(seed);
    static const QStringList pieces { u"<"_s, u">"_s, u"\""_s, u"'"_s, u"&"_s, u"https://"_s,
        u"http://a.example/"_s, u"\n"_s, u"> "_s, u">>"_s, u" "_s, u"  "_s, u"\t"_s,
        u"javascript:"_s, u"<script>"_s, u"&lt;"_s, u"onclick=x"_s, u"a"_s, u"\\"_s, u"("_s, u")"_s,
        u"."_s, u"\u202E"_s, u"\u0301"_s, QString(QChar(0xD800)), QString(QChar(0)) };
    for (int i = 0; i < 5'000; ++i) {
        QString text;
        for (int k = int(random.bounded(15)); k >= 0; --k)
            text += pieces[random.bounded(int(pieces.size()))];
        const QString html = textToHtml(text);
        const htmlcheck::Walk found = htmlcheck::inspect(html);
        QVERIFY2(found.problem.isEmpty(), qPrintable(found.problem + u" from "_s + text));
        QCOMPARE(sanitizeHtml(html).html, html);
    }
}

void TestPlainText::textSurvivesTheWayThere()
{
    const QString text = u"Hello Anna,\n\n1 < 2 & 3 > 2 \"quoted\"\nTried: restart\n\nGrüße\n👍"_s;
    QCOMPARE(htmlToText(textToHtml(text)), text);
}

void TestPlainText::history_data()
{
    QTest::addColumn<QString>("fresh");
    QTest::addColumn<QString>("old");
    const auto row = [](const char *name, const QString &fresh, const QString &old) {
        QTest::newRow(name) << fresh << old;
    };
    row("none", u"Hello\nOn Monday I wrote: a letter\nBye"_s, u""_s);
    row("english", u"Thanks!\n\n"_s,
        u"On Mon, 8 Jun 2026 at 10:00, Anna <a@b.example> wrote:\n> Hello"_s);
    row("german", u"Danke\n"_s, u"Am 08.06.2026 um 10:00 schrieb Anna <a@b.example>:\n> Hallo"_s);
    row("french", u"Merci\n"_s, u"Le lun. 8 juin 2026 à 10:00, Anna a écrit :\n> Bonjour"_s);
    row("spanish", u"Gracias\n"_s, u"El lun, 8 jun 2026 a las 10:00, Anna escribió:\n> Hola"_s);
    row("portuguese", u"Obrigado\n"_s,
        u"Em seg., 8 de jun. de 2026 às 10:00, Anna escreveu:\n> Olá"_s);
    row("outlook", u"Thanks\n"_s, u"-----Original Message-----\nFrom: Anna\nHello"_s);
    row("outlook german", u"Danke\n"_s, u"-----Ursprüngliche Nachricht-----\nVon: Anna"_s);
    row("quotes at the end", u"Thanks\n"_s, u"> Hello\n>\n> Bye\n"_s);
    row("quotes in between", u"> Question?\nAnswer\n"_s, u""_s);
    row("only quotes", u""_s, u"> Hello"_s);
}

void TestPlainText::history()
{
    QFETCH(QString, fresh);
    QFETCH(QString, old);
    QCOMPARE(quotedHistoryStart(fresh + old), fresh.size());
}

void TestPlainText::isLinear_data()
{
    QTest::addColumn<QString>("piece");
    for (const char *piece : { "http://", "https://a.example/ ", "https://a", "> ", ">", "\n", "<",
             "(", "a\n> b\n", "<div>", "<ul><li>x", "<blockquote>x", "<table><tr><td>x",
             "<a href=https://a.example>x", "&amp;", "<p>", "-----", "<br>" })
        QTest::newRow(piece) << QString::fromLatin1(piece);
}

void TestPlainText::isLinear()
{
    QFETCH(QString, piece);
    const QString bomb = piece.repeated(500'000 / piece.size());
    QElapsedTimer timer;
    timer.start();
    const QString html = textToHtml(bomb);
    const QString text = htmlToText(bomb);
    quotedHistoryStart(bomb);
    QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
    QVERIFY(html.size() <= 3'000'000);
    QVERIFY(text.size() <= MaxPlainCharacters);
}

QTEST_GUILESS_MAIN(TestPlainText)
#include "tst_plaintext.moc"
