#include "core/base/json.h"
#include "core/net/wholejson.h"

#include <QTest>

using namespace tierline;
using namespace tierline::net;

/// A body that was cut anywhere is told from a whole one.
class TestWholeJson : public QObject
{
    Q_OBJECT
private slots:
    void wholeOnes_data();
    void wholeOnes();
    void everyCutIsSeen();
};

void TestWholeJson::wholeOnes_data()
{
    QTest::addColumn<QByteArray>("text");
    for (const char *text :
        { "", " \r\n", "{}", "[]", "null", "12", "\"a\"", "{\"a\":[1,{\"b\":\"]\"}]} \n",
            "{\"a\\\"}\":\"\\\\\"}", "[\"{\",\"[\",\"\\\\\\\"\"]" })
        QTest::newRow(text) << QByteArray(text);
}

void TestWholeJson::wholeOnes()
{
    QFETCH(QByteArray, text);
    QVERIFY(isWholeJson(text));
}

void TestWholeJson::everyCutIsSeen()
{
    const QByteArray text = "{\"a\\\"}\":[1,true,{\"b\":\"]}\\\\\",\"c\":[]}],\"d\":\"{\"}";
    QVERIFY(readJson(text));
    QVERIFY(isWholeJson(text));
    for (qsizetype length = 1; length < text.size(); ++length)
        QVERIFY2(!isWholeJson(text.first(length)), text.first(length).constData());
}

QTEST_GUILESS_MAIN(TestWholeJson)
#include "tst_wholejson.moc"
