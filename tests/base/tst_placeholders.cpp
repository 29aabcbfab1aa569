#include "core/base/ids.h"
#include "core/base/placeholders.h"

#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

using namespace tierline;
using namespace Qt::StringLiterals;

// Texts with places to fill, and what customers write into what fills them.

namespace {

const QHash<QString, QString> &values()
{
    static const QHash<QString, QString> values { { u"id"_s, u"T-1"_s },
        { u"subject"_s, u"{{customer}} </b> \"x\" \\ =1+1 {{id}}"_s },
        { u"customer"_s, u"Ada & {{subject}}"_s }, { u"lines"_s, u"one\r\ntwo\tthree"_s } };
    return values;
}

} // namespace

class TestPlaceholders : public QObject
{
    Q_OBJECT
private slots:
    void fills_data();
    void fills();
    void names();
    void longValuesAreCut();
    void whatIsFilledInIsNeverReadAgain();
};

void TestPlaceholders::fills_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("destination");
    QTest::addColumn<QString>("expected");
    const auto row
        = [](const char *name, const QString &text, Destination to, const QString &expected) {
              QTest::newRow(name) << text << int(to) << expected;
          };
    row("one", u"About {{id}}."_s, Destination::Text, u"About T-1."_s);
    row("spaces inside", u"{{ id }}{{id }}"_s, Destination::Text, u"T-1T-1"_s);
    row("one pass", u"{{customer}}: {{subject}}"_s, Destination::Text,
        u"Ada & {{subject}}: {{customer}} </b> \"x\" \\ =1+1 {{id}}"_s);
    row("unknown stays", u"{{nobody}} {{id}}"_s, Destination::Text, u"{{nobody}} T-1"_s);
    row("no place", u"{id} {{}} {{ID}} {{a b}} {{id"_s, Destination::Text,
        u"{id} {{}} {{ID}} {{a b}} {{id"_s);
    row("three braces", u"{{{id}}}"_s, Destination::Text, u"{T-1}"_s);
    row("one line", u"<{{lines}}>"_s, Destination::Text, u"<one two three>"_s);
    row("html", u"<b>{{subject}}</b>"_s, Destination::Html,
        u"<b>{{customer}} &lt;/b&gt; &quot;x&quot; \\ =1+1 {{id}}</b>"_s);
    row("json", u"{\"s\":\"{{subject}}\"}"_s, Destination::Json,
        u"{\"s\":\"{{customer}} </b> \\\"x\\\" \\\\ =1+1 {{id}}\"}"_s);
    row("empty", QString(), Destination::Text, QString());
}

void TestPlaceholders::fills()
{
    QFETCH(QString, text);
    QFETCH(int, destination);
    QFETCH(QString, expected);
    QCOMPARE(filled(text, values(), Destination(destination)), expected);
}

void TestPlaceholders::names()
{
    QCOMPARE(placeholdersIn(u"{{b}} {{ a }} {{b}} {{C}} {{{d}}} {{a-1}}"),
        (QStringList { u"b"_s, u"a"_s, u"d"_s, u"a-1"_s }));
    QVERIFY(placeholdersIn(u"{{%1}}"_s.arg(QString(41, u'a'))).isEmpty());
    QCOMPARE(placeholdersIn(u"{{%1}}"_s.arg(QString(40, u'a'))).size(), 1);
    QVERIFY(placeholdersIn(QString(100'000, u'{')).isEmpty());
}

void TestPlaceholders::longValuesAreCut()
{
    QCOMPARE(filled(u"{{a}}", { { u"a"_s, QString(5'000, u'x') } }).size(), 1'000);
    // Never inside a character.
    const QString faces = u"x"_s + u"\U0001F600"_s.repeated(1'000);
    const QString cut = filled(u"{{a}}", { { u"a"_s, faces } });
    QCOMPARE(cut.size(), 999);
    QVERIFY(cut.isValidUtf16());
    QCOMPARE(filled(u"{{a}}", { { u"a"_s, QString(QChar(0xd800)) } }), QString(QChar(0xfffd)));
}

/// Whatever stands in the values, each stands in the outcome as it is, and nothing else does.
void TestPlaceholders::whatIsFilledInIsNeverReadAgain()
{
    const quint64 seed = qEnvironmentVariable("TIERLINE_SEED", u"52"_s).toULongLong();
    SeededRandom random(seed);
    static const QStringList pieces { u"{{"_s, u"}}"_s, u"{"_s, u"}"_s, u"a"_s, u"b"_s, u" "_s,
        u"<"_s, u"&"_s, u"\""_s, u"'"_s, u"\\"_s, u"{{a}}"_s, u"{{b}}"_s };
    const auto made = [&](int most) {
        QString text;
        for (qint64 i = random.below(most); i > 0; --i)
            text += pieces[random.below(pieces.size())];
        return text;
    };
    for (int i = 0; i < 5'000; ++i) {
        const QString a = made(8).simplified(), b = made(8).simplified();
        const QHash<QString, QString> own { { u"a"_s, a }, { u"b"_s, b } };
        const QByteArray where = "seed " + QByteArray::number(seed) + " case "
            + QByteArray::number(i) + ": " + a.toUtf8() + " | " + b.toUtf8();
        QVERIFY2(filled(u"[{{a}}|{{b}}]", own) == u"[%1|%2]"_s.arg(a, b), where.constData());
        const QString html = filled(u"{{a}}", own, Destination::Html);
        QVERIFY2(!html.contains(u'<') && !html.contains(u'"') && !html.contains(u'\''),
            where.constData());
        const QJsonObject json
            = QJsonDocument::fromJson(filled(u"{\"v\":\"{{a}}\"}", own, Destination::Json).toUtf8())
                  .object();
        QVERIFY2(json[u"v"_s].toString() == a, where.constData());
    }
}

QTEST_GUILESS_MAIN(TestPlaceholders)
#include "tst_placeholders.moc"
