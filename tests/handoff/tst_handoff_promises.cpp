#include "core/handoff/promises.h"

#include <QTest>

using namespace tierline;
using namespace tierline::handoff;
using namespace Qt::StringLiterals;

class TestHandoffPromises : public QObject
{
    Q_OBJECT

private slots:
    void readsSentences_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<QString>("found"); // empty: no promise
        QTest::addColumn<int>("minutes"); // -1: a day, no length of time
        const auto row = [](const char *name, const QString &text, const QString &found,
                             int minutes) { QTest::newRow(name) << text << found << minutes; };
        row("hours", u"You will hear from us within 2 hours."_s, u"within 2 hours"_s, 120);
        row("one", u"I will write within an hour!"_s, u"within an hour"_s, 60);
        row("business days", u"The refund comes within 5 business days."_s,
            u"within 5 business days"_s, 7200);
        row("tomorrow", u"We send the file by tomorrow, promised."_s, u"by tomorrow, promised"_s,
            -1);
        row("clock", u"It is back by 14:30."_s, u"by 14:30"_s, -1);
        row("german", u"Wir melden uns innerhalb von 30 Minuten bei Ihnen."_s,
            u"innerhalb von 30 Minuten"_s, 30);
        row("german day", u"Das ist bis morgen früh erledigt."_s, u"bis morgen früh"_s, -1);
        row("french", u"Nous revenons vers vous sous 4 heures."_s, u"sous 4 heures"_s, 240);
        row("spanish", u"Le escribimos dentro de dos horas."_s, u"dentro de dos horas"_s, 120);
        row("portuguese", u"Respondemos em até 3 horas."_s, u"em até 3 horas"_s, 180);
        row("a question", u"Do you need it within 2 hours?"_s, QString(), 0);
        row("no time", u"We will come back to you soon."_s, QString(), 0);
        row("within something else", u"It happens within 2 clicks."_s, QString(), 0);
        row("not a number", u"It happens within the report."_s, QString(), 0);
    }

    void readsSentences()
    {
        QFETCH(QString, text);
        QFETCH(QString, found);
        QFETCH(int, minutes);
        const Instant at { 1'780'912'800'000 };
        const auto open = openPromises(
            { { .at = at, .author = AuthorKind::Agent, .authorName = u"tom"_s, .text = text } });
        QCOMPARE(open.size(), found.isEmpty() ? size_t(0) : size_t(1));
        if (found.isEmpty())
            return;
        QCOMPARE(open[0].found, found);
        QCOMPARE(open[0].text, text);
        QCOMPARE(open[0].author, u"tom"_s);
        QCOMPARE(open[0].due.has_value(), minutes >= 0);
        if (minutes >= 0)
            QCOMPARE(open[0].due->ms, (at + std::chrono::minutes(minutes)).ms);
    }

    void onlyTheLastPublicAnswerHoldsOpenOnes()
    {
        const Message promise { .author = AuthorKind::Agent, .text = u"Within 2 hours."_s };
        const Message kept { .author = AuthorKind::Agent, .text = u"Here it is."_s };
        const Message note { .kind = MessageKind::InternalNote,
            .author = AuthorKind::Agent,
            .text = u"Within 9 hours, I think."_s };
        const Message customer { .author = AuthorKind::Customer,
            .text = u"I need it by tomorrow."_s };
        QCOMPARE(openPromises({ promise, kept }).size(), size_t(0));
        QCOMPARE(openPromises({ promise, note, customer }).size(), size_t(1));
        QCOMPARE(openPromises({ note, customer }).size(), size_t(0));
        QCOMPARE(openPromises({}).size(), size_t(0));
        const Message notice { .author = AuthorKind::System,
            .text = u"You hear from us within 4 hours."_s };
        QCOMPARE(openPromises({ promise, notice }).size(), size_t(2));
        QCOMPARE(openPromises({ promise, notice, kept }).size(), size_t(0));
    }

    void readsWrappedMailAndLeavesQuotesOut()
    {
        const QStringList sentences = sentencesOf(
            u"I have looked at the export and it is the time zone of the\nsecond site. We fix it.\n\n> I wrote this\n> by tomorrow\n\nBye"_s);
        QCOMPARE(sentences,
            (QStringList {
                u"I have looked at the export and it is the time zone of the second site."_s,
                u"We fix it."_s, u"Bye"_s }));
    }

    void aHugeMessageIsReadInPart()
    {
        const QString huge = QString(5'000'000, u'a') + u" within 2 hours"_s;
        QCOMPARE(openPromises({ { .author = AuthorKind::Agent, .text = huge } }).size(), size_t(0));
    }
};

QTEST_GUILESS_MAIN(TestHandoffPromises)
#include "tst_handoff_promises.moc"
