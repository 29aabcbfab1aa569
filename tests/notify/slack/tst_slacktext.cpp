#include "core/notify/slack/slacktext.h"
#include "tests/notify/slack/slackrig.h"

#include <QRegularExpression>
#include <QTest>

using namespace tierline;
using namespace tierline::notify;
using namespace tierline::notify::slack;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

/// What a customer may write to reach more than its place.
const QString canary = u"<!channel> @here <https://evil.example|bank> `x` *y* {{z}} & <@U1>"_s;

Telling hostile()
{
    Telling one = telling();
    one.card.subject = one.card.customer = one.card.plan = one.card.tier = one.card.reason
        = one.card.text = canary;
    return one;
}

/// All text objects of blocks, however deep.
void collect(const QJsonValue &value, QList<QJsonObject> &texts)
{
    const QJsonArray array = value.toArray();
    for (const QJsonValue item : array)
        collect(item, texts);
    const QJsonObject object = value.toObject();
    if (object.value("text"_L1).isString())
        texts.append(object);
    for (const QJsonValue item : object)
        collect(item, texts);
}

bool isValidUtf16(const QString &text)
{
    return text.isValidUtf16();
}

} // namespace

/// What a telling looks like in Slack, and that nothing in it does anything.
class TestSlackText : public QObject
{
    Q_OBJECT
private slots:
    void init() { QTest::failOnWarning(QRegularExpression(u".*"_s)); }
    void cutsAtCharacters_data();
    void cutsAtCharacters();
    void escapesWithinLimits_data();
    void escapesWithinLimits();
    void foreignTextIsPlainText();
    void keepsLimits();
    void saysState_data();
    void saysState();
    void linksOnlyToTheWeb_data();
    void linksOnlyToTheWeb();
};

void TestSlackText::cutsAtCharacters_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("most");
    QTest::addColumn<QString>("result");
    QTest::newRow("short") << u"abc"_s << 3 << u"abc"_s;
    QTest::newRow("long") << u"abcd"_s << 3 << u"ab…"_s;
    QTest::newRow("pair at the edge") << u"ab😀cd"_s << 4 << u"ab…"_s;
    QTest::newRow("pair before the edge") << u"ab😀cd"_s << 5 << u"ab😀…"_s;
    QTest::newRow("accent apart") << u"abe\u0301fgh"_s << 4 << u"ab…"_s;
    QTest::newRow("heap of marks")
        << u"ab"_s + QString(100, QChar(0x301)) << 50 << u"ab"_s + QString(47, QChar(0x301)) + u'…';
    QTest::newRow("nothing") << QString() << 3 << QString();
}

void TestSlackText::cutsAtCharacters()
{
    QFETCH(QString, text);
    QFETCH(int, most);
    QFETCH(QString, result);
    QCOMPARE(cut(text, most), result);
}

void TestSlackText::escapesWithinLimits_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("most");
    QTest::addColumn<QString>("result");
    QTest::newRow("all three") << u"a<b>&c"_s << 100 << u"a&lt;b&gt;&amp;c"_s;
    QTest::newRow("fits whole") << u"a<"_s << 5 << u"a&lt;"_s;
    QTest::newRow("never half an entity") << u"ab<"_s << 5 << u"ab…"_s;
    QTest::newRow("entity and more") << u"a<b"_s << 5 << u"a…"_s;
    QTest::newRow("never half a pair") << u"ab😀c"_s << 4 << u"ab…"_s;
    QTest::newRow("already an entity") << u"&lt;"_s << 100 << u"&amp;lt;"_s;
}

void TestSlackText::escapesWithinLimits()
{
    QFETCH(QString, text);
    QFETCH(int, most);
    QFETCH(QString, result);
    QCOMPARE(escaped(text, most), result);
    QVERIFY(escaped(text, most).size() <= most);
}

void TestSlackText::foreignTextIsPlainText()
{
    for (const Act act : { Act::Tell, Act::Acknowledge, Act::Resolve }) {
        Telling one = hostile();
        one.act = act;
        for (const QJsonObject &content : { postContent(one), lineContent(one) }) {
            QList<QJsonObject> texts;
            collect(content.value("blocks"_L1), texts);
            QVERIFY(!texts.isEmpty());
            for (const QJsonObject &text : texts) {
                QCOMPARE(text.value("type"_L1).toString(), u"plain_text"_s);
                QCOMPARE(text.value("emoji"_L1), QJsonValue(false));
            }
            const QString fallback = content.value("text"_L1).toString();
            QVERIFY(!fallback.contains(u'<') && !fallback.contains(u'>'));
            QVERIFY(fallback.contains("&lt;!channel&gt;"_L1));
            QCOMPARE(content.value("parse"_L1).toString(), u"none"_s);
            QCOMPARE(content.value("link_names"_L1), QJsonValue(false));
            const QJsonObject fresh = asNew(content);
            for (const QString &off : { u"mrkdwn"_s, u"unfurl_links"_s, u"unfurl_media"_s })
                QCOMPARE(fresh.value(off), QJsonValue(false));
        }
    }
}

void TestSlackText::keepsLimits()
{
    Telling one = hostile();
    QString huge;
    for (int i = 0; i < 20'000; ++i)
        huge += u"<😀"_s;
    huge += QChar(0xd83d); // half a pair, as broken mail has it
    one.card.subject = one.card.customer = one.card.plan = one.card.tier = one.card.reason
        = one.card.text = huge;
    for (const QJsonObject &content : { postContent(one), lineContent(one) }) {
        QList<QJsonObject> texts;
        collect(content.value("blocks"_L1), texts);
        qsizetype sum = 0;
        for (const QJsonObject &text : texts) {
            const QString words = text.value("text"_L1).toString();
            QVERIFY(words.size() <= 3000);
            QVERIFY(isValidUtf16(words));
            sum += words.size();
        }
        QVERIFY(sum < 13'000);
        const QString fallback = content.value("text"_L1).toString();
        QVERIFY(fallback.size() <= 4000 && fallback.size() > 3900);
        QVERIFY(isValidUtf16(fallback));
    }
    one.card.subject = QString(500, u'x');
    const QJsonObject header = postContent(one).value("blocks"_L1).toArray().first().toObject();
    QCOMPARE(header.value("type"_L1).toString(), u"header"_s);
    QCOMPARE(header.value("text"_L1).toObject().value("text"_L1).toString().size(), 150);
}

void TestSlackText::saysState_data()
{
    QTest::addColumn<Act>("act");
    QTest::addColumn<bool>("urgent");
    QTest::addColumn<QString>("title");
    QTest::addColumn<QString>("line");
    const QString rest = u"T-12 · SSO login loops · Ada Byron, ACME (enterprise)"_s;
    const QString text = u"Nobody has answered yet."_s;
    QTest::newRow("told") << Act::Tell << false << rest << text;
    QTest::newRow("urgent") << Act::Tell << true << u"Urgent · "_s + rest << text;
    QTest::newRow("taken") << Act::Acknowledge << true << u"Taken · "_s + rest
                           << u"Taken: "_s + text;
    QTest::newRow("over") << Act::Resolve << true << u"Resolved · "_s + rest
                          << u"Resolved: "_s + text;
}

void TestSlackText::saysState()
{
    QFETCH(Act, act);
    QFETCH(bool, urgent);
    QFETCH(QString, title);
    QFETCH(QString, line);
    Telling one = telling();
    one.act = act;
    one.card.isUrgent = urgent;
    QCOMPARE(postContent(one).value("text"_L1).toString(), title + u"\nNobody has answered yet."_s);
    QCOMPARE(lineContent(one).value("text"_L1).toString(), line);
    // Without a word the line says what happened.
    one.card.text.clear();
    QCOMPARE(lineContent(one).value("text"_L1).toString(), title);
}

void TestSlackText::linksOnlyToTheWeb_data()
{
    QTest::addColumn<QString>("link");
    QTest::addColumn<bool>("isButton");
    QTest::newRow("https") << u"https://desk.example.com/t/12"_s << true;
    QTest::newRow("none") << QString() << false;
    QTest::newRow("plain") << u"http://desk.example.com/t/12"_s << false;
    QTest::newRow("script") << u"javascript:alert(1)"_s << false;
    QTest::newRow("nowhere") << u"https://"_s << false;
    QTest::newRow("too long") << u"https://desk.example.com/"_s + QString(3000, u'x') << false;
}

void TestSlackText::linksOnlyToTheWeb()
{
    QFETCH(QString, link);
    QFETCH(bool, isButton);
    Telling one = telling();
    one.card.link = link;
    const QByteArray json = QJsonDocument(postContent(one).value("blocks"_L1).toArray()).toJson();
    QCOMPARE(json.contains("\"button\""), isButton);
    QCOMPARE(json.contains("\"url\""), isButton);
}

QTEST_GUILESS_MAIN(TestSlackText)
#include "tst_slacktext.moc"
