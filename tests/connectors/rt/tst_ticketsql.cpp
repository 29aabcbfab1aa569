#include "core/base/ids.h"
#include "core/connectors/rt/rtjson.h"
#include "core/connectors/rt/ticketsql.h"
#include "core/net/baseurl.h"

#include <QRegularExpression>
#include <QTest>

using namespace Qt::StringLiterals;
using namespace tierline;
using namespace tierline::connectors::rt;

namespace {

/// What the server's own parser makes of a query: its tokens and state machine, written from its
/// grammar. Values in quotes are taken out of them and unescaped.
struct Condition {
    QString key, op, value;
    bool isQuoted = false;
};

std::optional<QList<Condition>> parsed(const QString &query)
{
    static const QString delimited = uR"((?:'[^\\']*(?:\\.[^\\']*)*'|"[^\\"]*(?:\\.[^\\"]*)*"))"_s;
    static const QString field = uR"((?:CF)\.\{.+?\}(?:\.(?:Content|LargeContent))?)"_s;
    static const QString op
        = uR"((?:!=|>=|<=|=|>|<|IS NOT|IS|NOT LIKE|LIKE|NOT STARTSWITH|STARTSWITH|NOT ENDSWITH|ENDSWITH))"_s;
    static const QString keyword = field + uR"(|[{}\w\.]+|)"_s + delimited;
    static const QString value = field + uR"(|[\w\.]+|[+-]?\d+|NULL|)"_s + delimited;
    static const auto option = QRegularExpression::CaseInsensitiveOption;
    static const QRegularExpression token(
        u"(?:AND|OR)|%1|%2|%3|\\(|\\)"_s.arg(op, keyword, value), option);
    static const auto beginning = [](const QString &pattern) {
        return QRegularExpression(u"^(?:%1)"_s.arg(pattern), option);
    };
    static const QRegularExpression isKeyword = beginning(keyword), isOp = beginning(op),
                                    isValue = beginning(value), isJoint = beginning(u"AND|OR"_s),
                                    isFieldName = beginning(u"CF\\."_s), escaped(u"\\\\(.)"_s);
    enum Want { Key, Operator, Value, Joint } want = Key;
    QList<Condition> conditions;
    Condition current;
    auto matches = token.globalMatch(query);
    while (matches.hasNext()) {
        QString text = matches.next().captured();
        const bool isQuoted = text.startsWith(u'\'') || text.startsWith(u'"');
        if (want == Key && isKeyword.match(text).hasMatch()) {
            current = { text, {}, {}, false };
            want = Operator;
        } else if (want == Operator && isOp.match(text).hasMatch()) {
            current.op = text;
            want = Value;
        } else if (want == Value && isValue.match(text).hasMatch()) {
            if (isQuoted)
                text = text.mid(1, text.size() - 2);
            text.replace(escaped, u"\\1"_s);
            // It turns such a value back into a field's name, quotes or not.
            current.value = text;
            current.isQuoted = isQuoted && !isFieldName.match(text).hasMatch();
            conditions.append(current);
            want = Joint;
        } else if (want == Joint && isJoint.match(text).hasMatch()) {
            want = Key;
        } else {
            return std::nullopt;
        }
    }
    return want == Joint ? std::optional(conditions) : std::nullopt;
}

} // namespace

class TestTicketSql : public QObject
{
    Q_OBJECT
private slots:
    void theParserKnowsAnInjectionWhenItSeesOne()
    {
        const auto two = parsed(u"Subject = 'x' OR id > 0"_s);
        QVERIFY(two);
        QCOMPARE(two->size(), 2);
        QVERIFY(!parsed(u"Subject = 'x' 'y'"_s));
        QVERIFY(!parsed(u"Subject = CF.{a}"_s)->at(0).isQuoted);
    }

    void hostileTextStaysOneLiteral_data()
    {
        QTest::addColumn<QString>("text");
        const QStringList payloads { u""_s, u"plain"_s, u"it's"_s, u"' OR id > 0 OR Subject = '"_s,
            u"\\' OR id > 0 --"_s, u"\\"_s, u"\\\\"_s, u"\\\\'"_s, u"ends with \\"_s,
            u"\"quoted\""_s, u"a\nb' OR 'c"_s, u"\\\n'"_s, u"') OR (id > 0"_s,
            u"x CF.{Tags} = 'y'"_s, u"{}"_s, u"}"_s, u"日本 ' ☕ \\"_s, u"%' OR '1'='1"_s,
            u"\t\r\n'"_s, u"' AND Status = '__Active__"_s };
        for (int i = 0; i < payloads.size(); ++i)
            QTest::addRow("%d", i) << payloads[i];
    }
    void hostileTextStaysOneLiteral()
    {
        QFETCH(QString, text);
        const auto quoted = literal(text);
        QVERIFY(quoted);
        const auto conditions = parsed(u"Subject = "_s + *quoted);
        QVERIFY(conditions);
        QCOMPARE(conditions->size(), 1);
        QVERIFY(conditions->at(0).isQuoted);
        QCOMPARE(conditions->at(0).value, text);
    }

    void anyTextIsOneLiteralOrNone()
    {
        constexpr quint64 seed = 48;
        SeededRandom random(seed);
        const QString letters = u"'\\\"(){}.=<> CFcf1aOR\n\u00e9\u4e2d"_s;
        for (int round = 0; round < 5'000; ++round) {
            QString text;
            for (qint64 i = random.below(24); i > 0; --i)
                text += letters[static_cast<qsizetype>(random.below(letters.size()))];
            const auto quoted = literal(text);
            if (!quoted) {
                QVERIFY(text.startsWith("CF."_L1, Qt::CaseInsensitive));
                continue;
            }
            const auto conditions = parsed(u"Subject = "_s + *quoted);
            QVERIFY2(conditions && conditions->size() == 1 && conditions->at(0).isQuoted
                    && conditions->at(0).value == text,
                qPrintable(u"seed %1, round %2: %3"_s.arg(seed).arg(round).arg(text)));
        }
    }

    void whatNoLiteralCanSayIsRefused()
    {
        QVERIFY(!literal(u"CF.{Tags}"_s));
        QVERIFY(!literal(u"cf.Tags"_s));
        QVERIFY(!literal(QString(QChar(u'\0'))));
        QVERIFY(!fieldKey(u"a}b"));
        QVERIFY(!fieldKey(u""));
        QVERIFY(changesWith(u"Client Reference", u"CF.{x}").isEmpty());
        QVERIFY(changesWith(u"x} = 'y' OR CF.{z", u"1").isEmpty());
    }

    void queriesAreWhole()
    {
        QCOMPARE(ticketsAfter(u"9007199254740993"_s), u"id > 9007199254740993"_s);
        QCOMPARE(anyTicketOf({ u"1"_s, u"2"_s }), u"id = 1 OR id = 2"_s);
        QCOMPARE(changesAfter(u"0"_s), u"id > 0 AND ObjectType = 'RT::Ticket'"_s);
        QCOMPARE(changesWith(u"Client Reference", u"it's"), u"CF.{Client Reference} = 'it\\'s'"_s);
        QVERIFY(ticketsAfter(u"1 OR id > 0"_s).isEmpty());
        QVERIFY(anyTicketOf({ u"1"_s, u"-2"_s }).isEmpty());
        QVERIFY(changesAfter({}).isEmpty());
    }

    void noSegmentLeavesItsPlace_data()
    {
        QTest::addColumn<QString>("id");
        for (const char *id :
            { "../../admin", "5/comment", "5?x=1", "5#a", "a@b.example", "5%2F6", "日本", "a b+c" })
            QTest::addRow("%s", id) << QString::fromUtf8(id);
    }
    void noSegmentLeavesItsPlace()
    {
        QFETCH(QString, id);
        const auto base = net::BaseUrl::parse(u"https://desk.example/rt"_s);
        QVERIFY(base);
        const QByteArray url = base->at({ u"REST"_s, u"2.0"_s, u"user"_s, id }).toEncoded();
        QVERIFY2(url.startsWith("https://desk.example/rt/REST/2.0/user/"), url.constData());
        const QByteArray last = url.mid(int(qstrlen("https://desk.example/rt/REST/2.0/user/")));
        QVERIFY2(
            !last.contains('/') && !last.contains('?') && !last.contains('#'), last.constData());
        QVERIFY2(last != "." && last != "..", last.constData());
        QVERIFY(!isId(id));
    }
};

QTEST_GUILESS_MAIN(TestTicketSql)
#include "tst_ticketsql.moc"
