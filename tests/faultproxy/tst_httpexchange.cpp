#include "tests/support/faultproxy/httpexchange.h"

#include <QTest>

using namespace tierline::test;

class TestHttpExchange : public QObject
{
    Q_OBJECT
private slots:
    void findsTheEnd_data();
    void findsTheEnd();
    void readsTheFirstLine();
    void endsWithItsConnection();
    void answersWithoutBody();
    void knowsInterimAnswers();
};

void TestHttpExchange::findsTheEnd_data()
{
    QTest::addColumn<bool>("isAnswer");
    QTest::addColumn<QByteArray>("message");
    const auto row = [](const char *name, bool isAnswer, const QByteArray &message) {
        QTest::newRow(name) << isAnswer << message;
    };
    row("get", false, "GET /a?b=c HTTP/1.1\r\nHost: x\r\n\r\n");
    row("post", false, "POST /a HTTP/1.1\r\ncontent-length: 5\r\n\r\nhello");
    row("empty post", false, "POST /a HTTP/1.1\r\nContent-Length: 0\r\n\r\n");
    row("answer", true, "HTTP/1.1 200 OK\r\nContent-Length:3\r\n\r\nabc");
    row("chunks", true,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "3\r\nabc\r\nA;x=y\r\n0123456789\r\n0\r\nTrailer: x\r\n\r\n");
    row("chunks that look like ends", true,
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        "9\r\n0\r\n\r\n0\r\n\r\r\n0\r\n\r\n");
    row("no content", true, "HTTP/1.1 204 No Content\r\nContent-Length: 7\r\n\r\n");
    row("not modified", true, "HTTP/1.1 304 Not Modified\r\nContent-Length: 7\r\n\r\n");
}

// However the bytes come, the message ends where it ends, and what follows is left.
void TestHttpExchange::findsTheEnd()
{
    QFETCH(bool, isAnswer);
    QFETCH(QByteArray, message);
    const auto kind = isAnswer ? HttpMessage::Kind::Answer : HttpMessage::Kind::Request;
    for (qsizetype step = 1; step <= message.size(); ++step) {
        HttpMessage http(kind);
        const QByteArray bytes = message + "HTTP/1.1 500 next";
        qsizetype at = 0;
        while (at < bytes.size()) {
            const QByteArray piece = bytes.mid(at, step);
            const qsizetype taken = http.take(piece);
            at += taken;
            if (taken < piece.size() || taken == 0)
                break;
            QVERIFY(at <= message.size());
            QCOMPARE(http.isWhole(), at == message.size());
        }
        QCOMPARE(at, message.size());
        QCOMPARE(http.size(), message.size());
        QVERIFY(http.isWhole());
        QCOMPARE(http.take("more"), 0);
    }
}

void TestHttpExchange::readsTheFirstLine()
{
    HttpMessage request(HttpMessage::Kind::Request);
    request.take("PUT /REST/2.0/ticket/7?token=secret HT");
    QVERIFY(request.hasBegun() && !request.hasHead());
    request.take("TP/1.1\r\nContent-Length: 1\r\n\r\n");
    QVERIFY(request.hasHead() && !request.isWhole());
    QCOMPARE(request.method(), QByteArray("PUT"));
    QCOMPARE(request.path(), QByteArray("/REST/2.0/ticket/7"));
    HttpMessage answer(HttpMessage::Kind::Answer);
    QCOMPARE(answer.status(), 0);
    answer.take("HTTP/1.1 412 Precondition Failed\r\nContent-Length: 0\r\n\r\n");
    QCOMPARE(answer.status(), 412);
}

void TestHttpExchange::endsWithItsConnection()
{
    HttpMessage answer(HttpMessage::Kind::Answer);
    const QByteArray bytes = "HTTP/1.0 200 OK\r\n\r\nabc";
    QCOMPARE(answer.take(bytes), bytes.size());
    QCOMPARE(answer.take("0\r\n\r\n"), 5);
    QVERIFY(!answer.isWhole());
}

void TestHttpExchange::answersWithoutBody()
{
    HttpMessage answer(HttpMessage::Kind::Answer);
    const QByteArray head = "HTTP/1.1 200 OK\r\nContent-Length: 99\r\n\r\n";
    QCOMPARE(answer.take(head + "rest", true), head.size());
    QVERIFY(answer.isWhole());
}

void TestHttpExchange::knowsInterimAnswers()
{
    HttpMessage answer(HttpMessage::Kind::Answer);
    const QByteArray interim = "HTTP/1.1 100 Continue\r\n\r\n";
    QCOMPARE(answer.take(interim + "HTTP/1.1 200 OK\r\n"), interim.size());
    QVERIFY(answer.isInterim());
}

QTEST_GUILESS_MAIN(TestHttpExchange)
#include "tst_httpexchange.moc"
