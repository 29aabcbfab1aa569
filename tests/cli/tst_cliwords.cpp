#include "app/cli/arguments.h"
#include "app/cli/output.h"

#include <QJsonDocument>
#include <QTest>

using namespace tierline;
using namespace tierline::cli;
using namespace Qt::StringLiterals;

class TestCliWords : public QObject
{
    Q_OBJECT
private slots:
    void sortsWords();
    void refuses_data();
    void refuses();
    void textTakesAnyWord();
    void nearest_data();
    void nearest();
    void printable_data();
    void printable();
    void printableJsonIsTheSameJson();
    void tableIsAligned();
    void dueText();

private:
    const Shape m_shape { { u"ID"_s, u"field=value…"_s }, { u"--note"_s, u"--to"_s },
        { u"--tried"_s }, { u"--stop"_s } };
};

void TestCliWords::sortsWords()
{
    const auto read
        = Arguments::parse({ u"T-1"_s, u"--note"_s, u"--to"_s, u"a=b"_s, u"--tried=x=y"_s,
                               u"--stop"_s, u"--tried"_s, u""_s, u"--"_s, u"--note"_s },
            m_shape, {});
    QVERIFY(read.has_value());
    QCOMPARE(read->positionals(), (QStringList { u"T-1"_s, u"a=b"_s, u"--note"_s }));
    QCOMPARE(read->value(u"--note"_s), u"--to"_s); // a value may look like an option
    QCOMPARE(read->values(u"--tried"_s), (QStringList { u"x=y"_s, u""_s }));
    QVERIFY(read->has(u"--stop"_s) && !read->has(u"--to"_s));
    QCOMPARE(read->value(u"--to"_s, u"otherwise"_s), u"otherwise"_s);
}

void TestCliWords::refuses_data()
{
    QTest::addColumn<QStringList>("words");
    QTest::addColumn<QString>("told");
    QTest::newRow("nothing") << QStringList {} << u"ID is missing"_s;
    QTest::newRow("one of two") << QStringList { u"T-1"_s } << u"field=value… is missing"_s;
    QTest::newRow("unknown") << QStringList { u"T-1"_s, u"a=b"_s, u"--note2"_s }
                             << u"Did you mean --note"_s;
    QTest::newRow("no value") << QStringList { u"T-1"_s, u"a=b"_s, u"--note"_s }
                              << u"--note needs a value"_s;
    QTest::newRow("twice") << QStringList { u"T-1"_s, u"a=b"_s, u"--to=a"_s, u"--to=b"_s }
                           << u"--to was given twice"_s;
    QTest::newRow("flag with value")
        << QStringList { u"T-1"_s, u"a=b"_s, u"--stop=1"_s } << u"--stop"_s;
}

void TestCliWords::refuses()
{
    QFETCH(QStringList, words);
    QFETCH(QString, told);
    const auto read = Arguments::parse(words, m_shape, u"tierline-cli set ID field=value…"_s);
    QVERIFY(!read.has_value());
    QCOMPARE(read.error().fault, Fault::Usage);
    QVERIFY2(read.error().detail.contains(told), qPrintable(read.error().detail));
    QVERIFY(read.error().detail.contains(u"Usage: tierline-cli set"_s));
    // A command that takes a fixed number of words takes no more.
    const auto more = Arguments::parse({ u"a"_s, u"b"_s }, { { u"ID"_s }, {}, {}, {} }, {});
    QVERIFY(!more && more.error().detail.contains(u"b"_s));
}

void TestCliWords::textTakesAnyWord()
{
    const Shape shape { { u"QUERY…"_s }, { u"--limit"_s }, {}, {}, true };
    const auto read
        = Arguments::parse({ u"--odd=x"_s, u"--limit"_s, u"3"_s, u"-tag:a"_s, u"--"_s }, shape, {});
    QVERIFY(read.has_value());
    QCOMPARE(read->positionals(), (QStringList { u"--odd=x"_s, u"-tag:a"_s, u"--"_s }));
    QCOMPARE(read->value(u"--limit"_s), u"3"_s);
}

void TestCliWords::nearest_data()
{
    QTest::addColumn<QString>("word");
    QTest::addColumn<QString>("found");
    QTest::newRow("a swap") << u"esclate"_s << u"escalate"_s;
    QTest::newRow("the same") << u"queue"_s << u"queue"_s;
    QTest::newRow("far") << u"frobnicate"_s << u""_s;
    QTest::newRow("nothing") << u""_s << u""_s;
    QTest::newRow("endless") << QString(100'000, u'q') << u""_s;
}

void TestCliWords::nearest()
{
    QFETCH(QString, word);
    QFETCH(QString, found);
    QCOMPARE(cli::nearest(word, { u"escalate"_s, u"queue"_s, u"return"_s }), found);
}

void TestCliWords::printable_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("shown");
    QTest::newRow("plain") << u"Zürich\n\tÉtat 🙂"_s << u"Zürich\n\tÉtat 🙂"_s;
    QTest::newRow("escape") << u"a\x1b[31mb"_s << u"a\\u001b[31mb"_s;
    QTest::newRow("C1 and delete") << QString(QChar(0x9b)) + QChar(0x7f) << u"\\u009b\\u007f"_s;
    QTest::newRow("return and bell") << u"\r\a"_s << u"\\u000d\\u0007"_s;
    QTest::newRow("direction") << QString(QChar(0x202e)) + u"txt"_s + QChar(0x2066)
                               << u"\\u202etxt\\u2066"_s;
}

void TestCliWords::printable()
{
    QFETCH(QString, text);
    QFETCH(QString, shown);
    QCOMPARE(cli::printable(text), shown);
}

void TestCliWords::printableJsonIsTheSameJson()
{
    QString text;
    for (char16_t c = 1; c < 0x2100; ++c)
        text += QChar(c);
    const QJsonObject object { { text, text } };
    const QString line
        = cli::printable(QString::fromUtf8(QJsonDocument(object).toJson(QJsonDocument::Compact)));
    QVERIFY(
        !line.contains(QChar(0x9b)) && !line.contains(u'\x1b') && !line.contains(QChar(0x202e)));
    QCOMPARE(QJsonDocument::fromJson(line.toUtf8()).object(), object);
}

void TestCliWords::tableIsAligned()
{
    const QString drawn = table({ u"id"_s, u"subject"_s },
        { { u"T-1"_s, u"two\nlines"_s }, { u"T-100"_s, QString(99, u'x') } }, 10);
    QCOMPARE(drawn, u"id     subject\nT-1    two lines\nT-100  xxxxxxxxx…\n"_s);
}

void TestCliWords::dueText()
{
    QCOMPARE(cli::dueText({}), u"–"_s);
    QVERIFY(cli::dueText(-7'800'000).endsWith(u"late"_s));
    QVERIFY(cli::dueText(60'000).startsWith(u"in "_s));
}

QTEST_GUILESS_MAIN(TestCliWords)
#include "tst_cliwords.moc"
