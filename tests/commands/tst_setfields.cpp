#include "tests/commands/commandtest.h"

using namespace tierline;
using namespace tierline::commands;
using namespace tierline::test;
using namespace Qt::StringLiterals;

/// Several fields in one command.
class TestSetFields : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void aFieldIsNamedOnce_data();
    void aFieldIsNamedOnce();

private:
    std::unique_ptr<CommandFixture> f;
};

void TestSetFields::init()
{
    f = std::make_unique<CommandFixture>();
    DONE(f->begin());
    DONE(f->newTicket(u"T-1"_s, Priority::High));
}

void TestSetFields::aFieldIsNamedOnce_data()
{
    using Changes = QList<std::pair<QString, QString>>;
    QTest::addColumn<Changes>("changes");
    QTest::addColumn<bool>("isTaken");
    // The second says what is true already: taken one by one, the first would win.
    QTest::newRow("back to what it is")
        << Changes { { u"priority"_s, u"low"_s }, { u"priority"_s, u"high"_s } } << false;
    QTest::newRow("another spelling")
        << Changes { { u"status"_s, u"open"_s }, { u" STATUS"_s, u"hold"_s } } << false;
    QTest::newRow("custom") << Changes { { u"field.x"_s, u"1"_s }, { u"field.x"_s, u"2"_s } }
                            << false;
    QTest::newRow("two custom ones")
        << Changes { { u"field.x"_s, u"1"_s }, { u"field.X"_s, u"2"_s } } << true;
    QTest::newRow("two fields") << Changes { { u"priority"_s, u"low"_s },
        { u"status"_s, u"hold"_s } }
                                << true;
}

void TestSetFields::aFieldIsNamedOnce()
{
    using Changes = QList<std::pair<QString, QString>>;
    QFETCH(Changes, changes);
    QFETCH(bool, isTaken);
    const TicketState before = f->state(u"T-1"_s);
    const auto outcome = f->run("ann", SetFields { u"T-1"_s, changes });
    QCOMPARE(outcome.has_value(), isTaken);
    QCOMPARE(f->state(u"T-1"_s) == before, !isTaken);
    if (!isTaken)
        QCOMPARE(outcome.error().fault, Fault::BadInput);
    QCOMPARE(f->wrong(u"T-1"_s), QString());
}

QTEST_GUILESS_MAIN(TestSetFields)
#include "tst_setfields.moc"
