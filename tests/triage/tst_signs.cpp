#include "core/triage/reader.h"

#include <QTest>

using namespace tierline;
using namespace tierline::triage;
using namespace Qt::StringLiterals;

class TestSigns : public QObject
{
    Q_OBJECT
private slots:
    void moods_data();
    void moods();
    void signsOfAText_data();
    void signsOfAText();
    void negatedAsksForNothing_data();
    void negatedAsksForNothing();
    void urgencyGrowsAndCalms();
    void riskGrows();
    void everySignPointsAtItsWords();
    void categories();
    void nothingBreaksIt_data();
    void nothingBreaksIt();

private:
    const TextReader m_reader;
};

void TestSigns::moods_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("mood");
    const auto row = [](const char *text, const char *mood) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromLatin1(mood);
    };
    row("This API is broken", "negative");
    row("this api is broken.", "negative");
    row("Your support is great, thank you so much!", "positive");
    row("not good", "negative");
    row("The new release is not bad", "neutral");
    row("It would be great if I could export this.", "neutral");
    row("Where can I find the invoice settings?", "neutral");
    row("Please send me the manual. Kind regards, Ann", "neutral");
    row("Thanks in advance for your help.", "neutral");
    row("Still waiting for an answer after three days.", "negative");
    row("The page is slow :(", "negative");
    row("Works now :) love it", "positive");
    row("see http://example.org/page for details", "neutral");
    row("I NEVER GOT MY REFUND AND NOBODY ANSWERS", "negative");
    row("never a problem with you, always excellent", "positive");
    row("", "neutral");
    row("Das ist eine Frechheit, seit Tagen keine Antwort!", "negative");
    row("Vielen Dank, der Support war sehr hilfreich und freundlich.", "positive");
    row("Ich habe eine Frage zu meiner Rechnung.", "neutral");
    row("Votre service est catastrophique, je suis très déçu.", "negative");
    row("Le support est excellent et très rapide, je suis ravi.", "positive");
    row("El servicio es pésimo y nadie responde.", "negative");
    row("Estoy muy contenta con la ayuda, excelente servicio.", "positive");
    row("O sistema não funciona e ninguém responde, péssimo.", "negative");
    row("O atendimento foi excelente, estou muito satisfeito.", "positive");
}

void TestSigns::moods()
{
    QFETCH(QString, text);
    const Signs signs = m_reader.read(text);
    QTEST(code(signs.mood), "mood");
    QVERIFY(signs.sentiment >= -100 && signs.sentiment <= 100);
}

void TestSigns::signsOfAText_data()
{
    QTest::addColumn<QString>("text");
    QTest::addColumn<QString>("has"); // words for what it has, in order
    const auto row = [](const char *text, const char *has) {
        QTest::newRow(text) << QString::fromUtf8(text) << QString::fromLatin1(has);
    };
    row("How do I change the colour?", "");
    row("I want to talk to a human.", "human");
    row("Let me speak to your supervisor!", "manager");
    row("This fails.\n\nGet me a manager, please\nGareth Tindall", "manager");
    row("This fails.\nGET ME A MANAGER\nGareth", "manager");
    row("This fails.\nManager!\nGareth", "manager");
    row("Get Me A Manager", "manager");
    row("The last column is cut.\n\nGareth Tindall\nSite Manager, Pinemoor Care Homes", "");
    row("Die Spalte fehlt.\n\nLena Vogt\nTeamleiterin", "");
    row("My manager asked me to report this.", "");
    row("My manager wants to speak to your manager.", "manager");
    row("Mein Chef wartet darauf.", "");
    row("Notre direction attend la facture.", "");
    row("We are considering cancelling.", "churn");
    row("Nobody answered for three days, this is bad.", "churn");
    row("Our contract runs for three days.", "");
    row("My lawyer will hear of this.", "legal");
    row("This violates GDPR.", "legal");
    row("The issue stays open.", "");
    row("party art", "");
    row("Ich möchte mit einem Menschen sprechen, bitte.", "human");
    row("Mein Anwalt meldet sich, ich kündige den Vertrag.", "churn legal");
    row("Je veux parler à quelqu'un, pas un robot.", "human");
    row("Nous allons porter plainte et résilier.", "churn legal");
    row("Quiero hablar con una persona y con su jefe.", "human manager");
    row("Vamos a cancelar el contrato.", "churn");
    row("Quero falar com um atendente.", "human");
    row("Vou processar vocês, meu advogado sabe.", "legal");
}

void TestSigns::signsOfAText()
{
    QFETCH(QString, text);
    const Signs signs = m_reader.read(text);
    QStringList has;
    if (signs.hasChurnIntent)
        has << u"churn"_s;
    if (signs.asksForHuman)
        has << u"human"_s;
    if (signs.hasLegalWords)
        has << u"legal"_s;
    if (signs.asksForManager)
        has << u"manager"_s;
    QTEST(has.join(u' '), "has");
    // Who asks for no mood gets the rest all the same, also where that hangs on the mood.
    const Signs shallow = m_reader.read(text, TextReader::Depth::WithoutMood);
    QCOMPARE(shallow.hasChurnIntent, signs.hasChurnIntent);
    QCOMPARE(shallow.asksForHuman, signs.asksForHuman);
    QCOMPARE(shallow.hasLegalWords, signs.hasLegalWords);
    QCOMPARE(shallow.asksForManager, signs.asksForManager);
    QCOMPARE(shallow.urgency, signs.urgency);
    QCOMPARE(shallow.language, signs.language);
    QCOMPARE(shallow.sentiment, 0);
    QVERIFY(shallow.evidence.empty());
}

void TestSigns::negatedAsksForNothing_data()
{
    QTest::addColumn<QString>("text");
    for (const char *text :
        { "No need for a manager, this is fine.", "I do not want to talk to a human.",
            "Please do not call me.", "We are not planning to sue.", "Ich möchte keinen Rückruf.",
            "I don't want to cancel my account.", "Keine Kündigung nötig." })
        QTest::newRow(text) << QString::fromUtf8(text);
}

void TestSigns::negatedAsksForNothing()
{
    QFETCH(QString, text);
    const Signs signs = m_reader.read(text);
    QVERIFY(!signs.asksForHuman);
    QVERIFY(!signs.asksForManager);
    QVERIFY(!signs.hasLegalWords);
    QVERIFY(!signs.hasChurnIntent);
}

void TestSigns::urgencyGrowsAndCalms()
{
    const auto urgency
        = [&](const char *text) { return m_reader.read(QString::fromUtf8(text)).urgency; };
    QCOMPARE(urgency("How do I change the colour?"), 0);
    QVERIFY(urgency("Please answer today.") > 0);
    QVERIFY(urgency("This is urgent.") > urgency("Please answer today."));
    QVERIFY(urgency("Urgent: production is down!") > urgency("This is urgent."));
    QVERIFY(urgency("PRODUCTION IS DOWN AND WE ARE LOSING MONEY!!") >= 80);
    QVERIFY(urgency("Everything is down, losing money, urgent, asap, immediately, critical, today")
        <= 100);
    QVERIFY(urgency("This is not urgent.") < 10);
    QVERIFY(urgency("No rush, whenever you have time.") == 0);
    QVERIFY(urgency("No rush, but today would be good.") < urgency("Today would be good."));
    for (const char *text : { "Dringend, bitte sofort!", "C'est urgent, tout de suite.",
             "Es urgente, ahora mismo.", "É urgente, agora mesmo." })
        QVERIFY2(urgency(text) >= 60, text);
    for (const char *text : { "Das ist nicht dringend.", "Ce n'est pas urgent.",
             "No es urgente, sin prisa.", "Não é urgente, sem pressa." })
        QVERIFY2(urgency(text) <= 10, text);
}

void TestSigns::riskGrows()
{
    const auto risk = [&](const char *text) { return m_reader.read(QString::fromUtf8(text)).risk; };
    QCOMPARE(risk("How do I change the colour?"), Risk::Low);
    QCOMPARE(risk("We are considering cancelling."), Risk::Medium);
    QCOMPARE(risk("This is a terrible disaster, production is down, I will call my lawyer."),
        Risk::High);
    QCOMPARE(risk("Thank you, that was great."), Risk::Low);
}

void TestSigns::everySignPointsAtItsWords()
{
    const QString text = u"I have waited three days. This API is broken, I want to talk to a human "
                         "and my lawyer says it is urgent."_s;
    const Signs signs = m_reader.read(text);
    const QStringList words = signs.words(text);
    for (const QString &word :
        { u"three days"_s, u"broken"_s, u"talk to a human"_s, u"lawyer"_s, u"urgent"_s })
        QVERIFY2(words.contains(word), qPrintable(word));
    for (size_t i = 0; i < signs.evidence.size(); ++i) {
        const Evidence &each = signs.evidence[i];
        QVERIFY(each.start >= 0 && each.length > 0 && each.start + each.length <= text.size());
        QVERIFY(i == 0 || signs.evidence[i - 1].start <= each.start);
    }
}

void TestSigns::categories()
{
    const auto first = [&](const char *text) {
        return m_reader.read(QString::fromUtf8(text)).categories.value(0);
    };
    QCOMPARE(
        first("The invoice shows a wrong price and the payment was charged twice."), u"billing"_s);
    QCOMPARE(first("I cannot access my account, the password reset link is gone."), u"access"_s);
    QCOMPARE(first("Die Rechnung stimmt nicht, die Abbuchung war doppelt."), u"billing"_s);
    QCOMPARE(first("Hello"), QString());
}

void TestSigns::nothingBreaksIt_data()
{
    QTest::addColumn<QString>("text");
    QTest::newRow("lone surrogate") << QString(QChar(0xD83D)) + u":)"_s;
    QTest::newRow("a sign at the end") << u"fine :"_s;
    QTest::newRow("only signs") << QString(100'000, u'!');
    QTest::newRow("one long word") << QString(1'000'000, u'a');
    QTest::newRow("no space") << u"not"_s.repeated(30'000);
    QTest::newRow("right to left") << u"\u05d0\u05d1 \u200f:)"_s;
    QTest::newRow("null") << QString(1'000, QChar(0));
}

void TestSigns::nothingBreaksIt()
{
    QFETCH(QString, text);
    const Signs signs = m_reader.read(text);
    QVERIFY(signs.urgency >= 0 && signs.urgency <= 100);
    signs.words(text);
}

QTEST_GUILESS_MAIN(TestSigns)
#include "tst_signs.moc"
