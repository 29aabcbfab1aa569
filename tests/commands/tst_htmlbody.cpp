#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// What a customer wrote as HTML comes with its plain text, is bounded, and is kept as it came.
class TestHtmlBody : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void isKeptBesideItsText();
    void isBounded_data();
    void isBounded();
    void needsItsText();

private:
    Result<std::vector<Message>> thread(const QString &key);
    std::unique_ptr<CommandFixture> f;
};

void TestHtmlBody::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s));
}

Result<std::vector<Message>> TestHtmlBody::thread(const QString &key)
{
    TIERLINE_TRY(id, storage::findAnyTicket(f->connection(), key));
    return storage::loadMessages(f->connection(), id);
}

void TestHtmlBody::isKeptBesideItsText()
{
    CreateTicket create;
    create.ticket.key = u"T-2"_s;
    create.ticket.subject = u"Print"_s;
    create.text = u"It prints nothing."_s;
    create.html = u"<p>It prints <b>nothing</b>.</p>"_s;
    DONE(f->run("ann", create));
    const QString answer = u"<p>Still <i>nothing</i>."_s + QChar(0xD800) + u"</p>"_s;
    DONE(f->run("ann",
        CustomerMessage { .ticket = u"T-2"_s, .text = u"Still nothing."_s, .html = answer }));
    VALUE(messages, thread(u"T-2"_s));
    QCOMPARE(messages.size(), size_t(2));
    QCOMPARE(messages[0].text, create.text);
    QCOMPARE(messages[0].html, create.html);
    QCOMPARE(messages[1].html, u"<p>Still <i>nothing</i>.\ufffd</p>"_s);
}

void TestHtmlBody::isBounded_data()
{
    QTest::addColumn<qsizetype>("size");
    QTest::addColumn<bool>("isTaken");
    QTest::newRow("two million") << qsizetype(2'000'000) << true;
    QTest::newRow("one more") << qsizetype(2'000'001) << false;
}

void TestHtmlBody::isBounded()
{
    QFETCH(qsizetype, size);
    QFETCH(bool, isTaken);
    const auto said = f->run("ann",
        CustomerMessage { .ticket = u"T-1"_s, .text = u"long"_s, .html = QString(size, u'x') });
    QCOMPARE(said.has_value(), isTaken);
    if (isTaken)
        return;
    QCOMPARE(said.error().fault, Fault::BadInput);
    QCOMPARE(said.error().where, u"html"_s);
}

void TestHtmlBody::needsItsText()
{
    CreateTicket create;
    create.ticket.subject = u"Print"_s;
    create.html = u"<p>unseen by search</p>"_s;
    const auto made = f->run("ann", create);
    QVERIFY(!made);
    QCOMPARE(made.error().where, u"text"_s);
    FAULT(f->run("ann", CustomerMessage { .ticket = u"T-1"_s, .text = {}, .html = create.html }),
        Fault::BadInput);
}

QTEST_GUILESS_MAIN(TestHtmlBody)
#include "tst_htmlbody.moc"
