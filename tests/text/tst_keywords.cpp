// Keywords stand as whole words, in any case and with any accent, and one that is asked not to be is marked.

#include "core/text/keywords.h"

#include <QtTest>

using namespace tierline::text;
using namespace Qt::StringLiterals;

class TestKeywords : public QObject
{
    Q_OBJECT

private slots:
    void found_data();
    void found();
    void negation_data();
    void negation();
    void ownersAndPlaces();
    void wordsOfSeveralOwners();
    void oddTexts();
    void manyKeywordsInOnePass();
};

namespace {

std::vector<KeywordFinder::Hit> hitsOf(const QString &keyword, const QString &text)
{
    KeywordFinder finder;
    finder.add(1, keyword);
    return finder.find(WordedText(text));
}

} // namespace

void TestKeywords::found_data()
{
    QTest::addColumn<QString>("keyword");
    QTest::addColumn<QString>("text");
    QTest::addColumn<int>("hits");
    const auto row = [](const char *keyword, const char *text, int hits) {
        QTest::addRow("%s in %s", keyword, text)
            << QString::fromUtf8(keyword) << QString::fromUtf8(text) << hits;
    };
    row("refund", "I want a REFUND.", 1);
    row("refund", "refunds refunded prerefund", 0);
    row("refund*", "refunds refunded prerefund", 2);
    row("art", "party art, cart", 1);
    row("money back", "My money back! Money, back", 2);
    row("money back", "money is back", 0);
    row("Rückerstattung", "bitte ruckerstattung", 1);
    row("remboursement", "REMBOURSEMENT s'il vous plaît", 1);
    row("devolución", "quiero una devolucion", 1);
    row("reembolso", "preciso de reembolso já", 1);
    row("don't", "I don't know, I dont know, I don’t", 3);
    row("e-mail", "send e-mail or e mail", 2);
    row("c*", "cat Car dog", 2);
    row("sue you", "I will sue you and sue you", 2);
    row("", "anything", 0);
    row("!!!", "anything !!!", 0);
}

void TestKeywords::found()
{
    QFETCH(const QString, keyword);
    QFETCH(const QString, text);
    QFETCH(const int, hits);
    QCOMPARE(int(hitsOf(keyword, text).size()), hits);
}

void TestKeywords::negation_data()
{
    QTest::addColumn<QString>("keyword");
    QTest::addColumn<QString>("text");
    QTest::addColumn<bool>("negated");
    const auto row = [](const char *keyword, const char *text, bool negated) {
        QTest::addRow("%s", text) << QString::fromUtf8(keyword) << QString::fromUtf8(text)
                                  << negated;
    };
    // English
    row("escalate", "Please do not escalate this.", true);
    row("escalate", "please don't escalate", true);
    row("escalate", "Please don’t escalate this ticket", true);
    row("escalate", "No need to escalate", true);
    row("escalate", "It is not necessary to escalate this", true);
    row("escalat*", "Solve it without escalating", true);
    row("manager", "I do not want to speak to a manager", false); // "speak" stands between
    row("refund", "I don't want a refund", true);
    row("refund", "no refund needed", true);
    row("refund", "no refund is required", true);
    row("refund", "I want a replacement, not a refund", true);
    row("lawyer", "I am not going to a lawyer", true);
    row("escalate", "Please escalate this now", false);
    row("escalate", "This does not work. Escalate it!", false);
    row("refund", "I have not received my refund", false);
    row("refund", "Still no refund", false);
    row("refund", "You did not refund me", false);
    row("refund*", "This was never refunded", false);
    row("refund", "Without a refund I will sue you", false);
    row("cancel", "If you do not answer, I will cancel", false);
    row("outage", "This is not good: outage again", false);
    // German
    row("eskalieren", "Bitte nicht eskalieren", true);
    row("eskalieren", "Bitte eskalieren Sie das nicht", true);
    row("eskalieren", "Sie müssen das nicht zu eskalieren", true);
    row("Anwalt", "Ich brauche keinen Anwalt", true);
    row("Erstattung", "Keine Erstattung nötig", true);
    row("Erstattung", "Ich möchte keine Erstattung", true);
    row("Erstattung", "Ich habe keine Erstattung bekommen", false);
    row("erstatt*", "Sie haben es nicht erstattet", false);
    row("eskalieren", "Bitte eskalieren Sie das sofort", false);
    // French
    row("escalader", "Merci de ne pas escalader", true);
    row("escaladez", "N'escaladez pas ce ticket", true);
    row("remboursement", "Je ne veux pas de remboursement", true);
    row("avocat", "Pas besoin d'avocat", true);
    row("escalader", "sans escalader", true);
    row("remboursement", "Je n'ai pas de remboursement", false);
    row("remboursement", "Je veux un remboursement", false);
    // Spanish
    row("escalar", "Por favor, no escalar", true);
    row("escale", "No escale este caso", true);
    row("reembolso", "No quiero un reembolso", true);
    row("abogado", "No necesito abogado", true);
    row("escalar", "no es necesario escalar", true);
    row("reembolso", "No he recibido el reembolso", false);
    row("reembolsado", "No reembolsado todavía", false);
    row("reembolso", "Quiero un reembolso", false);
    // Portuguese
    row("escalar", "Por favor, não escalar", true);
    row("reembolso", "Não quero reembolso", true);
    row("advogado", "não preciso de advogado", true);
    row("escalar", "não é necessário escalar", true);
    row("reembolso", "Não recebi o reembolso", false);
    row("reembolso", "Quero o reembolso", false);
}

void TestKeywords::negation()
{
    QFETCH(const QString, keyword);
    QFETCH(const QString, text);
    QFETCH(const bool, negated);
    const auto hits = hitsOf(keyword, text);
    QCOMPARE(int(hits.size()), 1);
    QCOMPARE(hits.front().isNegated, negated);
}

void TestKeywords::ownersAndPlaces()
{
    KeywordFinder finder;
    finder.add(1, u"refund");
    finder.add(2, u"refund now");
    finder.add(3, u"now");
    const QString text = u"«Refund now», please"_s;
    const auto hits = finder.find(WordedText(text));
    QCOMPARE(int(hits.size()), 3);
    QCOMPARE(hits[0].owner, 1);
    QCOMPARE(text.mid(hits[0].start, hits[0].length), u"Refund"_s);
    QCOMPARE(hits[1].owner, 2);
    QCOMPARE(text.mid(hits[1].start, hits[1].length), u"Refund now"_s);
    QCOMPARE(hits[2].owner, 3);
}

void TestKeywords::wordsOfSeveralOwners()
{
    WordOwners owners;
    owners.add(0, WordSet { u"the"_s, u"no"_s });
    owners.add(2, WordSet { u"la"_s, u"no"_s });
    owners.add(31, WordSet { u"no"_s });
    std::vector<quint32> found;
    WordedText text;
    { // a copy outlives what it was copied from
        const WordedText first(u"The NO la nothing");
        text = first;
    }
    for (const WordedText::Word &word : text.words())
        found.push_back(owners.ownersOf(word));
    QCOMPARE(found, std::vector<quint32>({ 1U, 0x80000005U, 4U, 0U }));
    QCOMPARE(WordOwners().ownersOf(WordedText(u"no").words().front()), 0U);
}

void TestKeywords::oddTexts()
{
    KeywordFinder finder;
    finder.add(1, u"a*");
    QVERIFY(finder.find(WordedText(QStringView())).empty());
    QVERIFY(finder.find(WordedText(QString(QChar(0xD800)) + u'a')).size() <= 1);
    const QString marks = QString(10'000, QChar(0x0301));
    QVERIFY(finder.find(WordedText(marks)).empty());
    // Only the bound is looked at.
    QVERIFY(finder.find(WordedText(QString(100, u' ') + u'a', 50)).empty());
    QCOMPARE(int(finder.find(WordedText(u"not "_s.repeated(20'000) + u"a"_s, 200'000)).size()), 1);
}

void TestKeywords::manyKeywordsInOnePass()
{
    KeywordFinder finder;
    for (int i = 0; i < 5'000; ++i)
        finder.add(i, u"word%1"_s.arg(i));
    QString text;
    for (int i = 0; i < 20'000; ++i)
        text += u"other word%1 "_s.arg(i % 10'000);
    QElapsedTimer timer;
    timer.start();
    QCOMPARE(int(finder.find(WordedText(text, text.size())).size()), 10'000);
    QVERIFY2(timer.elapsed() < 5'000, qPrintable(QString::number(timer.elapsed())));
}

QTEST_GUILESS_MAIN(TestKeywords)
#include "tst_keywords.moc"
