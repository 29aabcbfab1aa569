#include "core/handoff/draw.h"
#include "core/handoff/package.h"
#include "tests/handoff/schemacheck.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QTest>

using namespace tierline;
using namespace tierline::handoff;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant Base { 1'780'912'800'000 }; // 2026-06-08T10:00:00Z

Message says(qint64 id, AuthorKind author, const QString &name, int minute, const QString &text,
    MessageKind kind = MessageKind::PublicReply)
{
    return { .id = { id },
        .ticket = { 7 },
        .at = Base + std::chrono::minutes(minute),
        .kind = kind,
        .author = author,
        .authorName = name,
        .text = text };
}

PackageInput plainInput()
{
    PackageInput input;
    input.ticket = { .id = { 7 },
        .key = u"T-12"_s,
        .subject = u"SSO login loops after the change"_s,
        .channel = u"email"_s,
        .category = u"access"_s,
        .priority = Priority::High,
        .tier = u"L2"_s,
        .created = Base };
    input.requester = { .name = u"Ana Ruiz"_s, .email = u"ana@harbourline.example"_s };
    input.organization = { .name = u"Harbourline"_s,
        .plan = u"enterprise"_s,
        .arr = 120'000,
        .health = 42,
        .renewal = QDate(2026, 9, 1),
        .flags = { u"vip"_s } };
    input.messages = {
        says(1, AuthorKind::Customer, u"Ana Ruiz"_s, 0,
            u"Hello,\n\nWe cannot log in since this morning. The page loops back to the start.\n\nRegards\nAna"_s),
        says(2, AuthorKind::Bot, u"Fenny"_s, 1, u"Please clear your cookies and try again."_s,
            MessageKind::BotTurn),
        says(3, AuthorKind::Customer, u"Ana Ruiz"_s, 3, u"Already tried that. I need a human."_s),
        says(4, AuthorKind::Agent, u"tom"_s, 20,
            u"Hi Ana,\nI can see the loop. We will come back to you within 2 hours.\n\nBest regards\nTom"_s),
        says(5, AuthorKind::Agent, u"tom"_s, 30, u"Reproduced with SAML."_s,
            MessageKind::InternalNote),
        says(6, AuthorKind::Customer, u"Ana Ruiz"_s, 40,
            u"Our shift starts at noon. Please hurry."_s),
    };
    input.events = { { .id = { 1 },
                         .ticket = { 7 },
                         .at = Base,
                         .order = Base,
                         .kind = EventKind::Created,
                         .actor = u"customer"_s,
                         .actorKind = AuthorKind::Customer,
                         .tier = u"L1"_s },
        { .id = { 2 },
            .ticket = { 7 },
            .at = Base + std::chrono::minutes(20),
            .kind = EventKind::Message,
            .actor = u"tom"_s,
            .message = { 4 } },
        { .id = { 3 },
            .ticket = { 7 },
            .at = Base + std::chrono::minutes(60),
            .kind = EventKind::Escalated,
            .actor = u"tom"_s,
            .tier = u"L2"_s,
            .data = { { u"reason"_s, u"missing-tools"_s } } } };
    input.escalation = { .id = u"6f1c1d5e-8a55-4a41-9f0e-2b7d3a0c9e11"_s,
        .reasonCode = u"missing-tools"_s,
        .sentence = u"plan is enterprise + no agent reply for 2h"_s,
        .fromTier = u"L1"_s,
        .toTier = u"L2"_s,
        .fromRank = 1,
        .toRank = 2,
        .actor = u"tom"_s,
        .opened = Base };
    input.form = { .summary = u"Nobody at the site can log in through SSO."_s,
        .tried = { u"Cleared cookies"_s, u"Reproduced with SAML"_s },
        .expected = u"Everybody can log in before the noon shift."_s,
        .urgency = { u"churn risk"_s } };
    input.tiers
        = { { .id = u"L1"_s, .name = u"Frontline"_s }, { .id = u"L2"_s, .name = u"Technical"_s } };
    input.actor = { .id = u"tom"_s, .name = u"Tom Field"_s };
    input.related = { { u"T-9"_s, u"Invoice twice"_s, u"billing"_s, Status::Closed, Base },
        { u"T-8"_s, u"SSO certificate"_s, u"access"_s, Status::Open, Base },
        { u"T-3"_s, u"Invoice lost"_s, u"billing"_s, Status::Solved, Base } };
    input.files = { { u"saml.log"_s, u"text/plain"_s, 2048 } };
    input.now = Base + std::chrono::minutes(60);
    return input;
}

QJsonObject screen(const Handoff &handoff)
{
    return handoff.document.value(u"first_screen").toObject();
}
QJsonObject below(const Handoff &handoff)
{
    return handoff.document.value(u"below").toObject();
}

/// Counted here with nothing of ours: runs between white space.
int plainWords(const QString &text)
{
    return static_cast<int>(text.simplified().split(u' ').size());
}

QString randomText(SeededRandom &random, int words)
{
    static const QStringList pool { u"invoice"_s, u"Schichtplanübernahme"_s, u"a"_s,
        u"2026-06-08"_s, u"…"_s, u"https://fennmark.example/very/long/path?with=query&and=more"_s,
        u"排班表无法导出"_s, u"😀"_s, u"\n\n"_s, u"\u202egnp.exe"_s, u"- bullet"_s, u"naïve"_s,
        QString(900, u'x') };
    QStringList text;
    for (int i = 0; i < words; ++i)
        text.append(pool[random.below(pool.size())]);
    return text.join(u' ');
}

QStringList randomTexts(SeededRandom &random, int count, int words)
{
    QStringList list;
    for (qint64 i = random.below(count); i >= 0; --i)
        list.append(randomText(random, static_cast<int>(random.below(words))));
    return list;
}

} // namespace

class TestHandoffPackage : public QObject
{
    Q_OBJECT

private slots:
    void saysWhatIsKnown()
    {
        const auto built = build(plainInput());
        QVERIFY(built);
        const QJsonObject first = screen(*built);
        QCOMPARE(
            first.value(u"expects").toString(), u"Everybody can log in before the noon shift."_s);
        QCOMPARE(first.value(u"need").toString(), u"Nobody at the site can log in through SSO."_s);
        const QJsonObject who = first.value(u"who").toObject();
        QCOMPARE(who.value(u"organization").toString(), u"Harbourline"_s);
        QCOMPARE(who.value(u"plan").toString(), u"enterprise"_s);
        QCOMPARE(who.value(u"arr").toInt(), 120'000);
        QCOMPARE(who.value(u"health").toInt(), 42);
        QCOMPARE(who.value(u"renewal").toString(), u"2026-09-01"_s);
        QCOMPARE(who.value(u"flags").toArray(), QJsonArray { u"vip"_s });
        const QJsonObject why = first.value(u"why").toObject();
        QCOMPARE(
            why.value(u"sentence").toString(), u"plan is enterprise + no agent reply for 2h"_s);
        QCOMPARE(why.value(u"reason").toString(), u"missing-tools"_s);
        QCOMPARE(why.value(u"kind").toString(), u"functional"_s);
        QCOMPARE(why.value(u"by").toString(), u"Tom Field"_s);
        QCOMPARE(first.value(u"tried").toArray(),
            (QJsonArray { u"Cleared cookies"_s, u"Reproduced with SAML"_s }));
        QCOMPARE(first.value(u"urgency").toArray(), QJsonArray { u"churn risk"_s });
        QCOMPARE(first.value(u"promises").toArray(),
            QJsonArray { u"We will come back to you within 2 hours."_s });
        QVERIFY(!first.value(u"next").toObject().value(u"text").toString().isEmpty());
        QVERIFY(first.value(u"next").toObject().value(u"source").toString().startsWith(u"rule: "));
    }

    void keepsEverythingBelow()
    {
        const auto built = build(plainInput());
        QVERIFY(built);
        const QJsonObject all = below(*built);
        QCOMPARE(all.value(u"original").toObject().value(u"text").toString(),
            plainInput().messages.front().text);
        QCOMPARE(all.value(u"events").toArray().size(), 3);
        QCOMPARE(all.value(u"events")
                     .toArray()
                     .at(1)
                     .toObject()
                     .value(u"message")
                     .toObject()
                     .value(u"number")
                     .toInt(),
            4);
        QCOMPARE(all.value(u"history30d").toArray().size(), 3);
        QCOMPARE(all.value(u"unsolved").toArray(), QJsonArray { u"T-8"_s });
        QCOMPARE(
            all.value(u"categories").toArray().first().toObject().value(u"category").toString(),
            u"billing"_s);
        QCOMPARE(all.value(u"files").toArray().first().toObject().value(u"size").toInt(), 2048);
        const QJsonObject summary = all.value(u"summary").toObject();
        QCOMPARE(summary.value(u"made_by").toString(), u"rules"_s);
        QCOMPARE(summary.value(u"first_customer_sentence").toString(),
            u"We cannot log in since this morning."_s);
        QCOMPARE(summary.value(u"last_agent_sentence").toString(),
            u"We will come back to you within 2 hours."_s);
        QCOMPARE(summary.value(u"last_customer_sentence").toString(), u"Please hurry."_s);
        QCOMPARE(summary.value(u"counts").toObject().value(u"notes").toInt(), 1);
        QCOMPARE(summary.value(u"waiting_since").toString(), u"2026-06-08T10:40:00Z"_s);
        const QJsonObject bot = all.value(u"bot").toObject();
        QCOMPARE(bot.value(u"steps").toArray(),
            QJsonArray { u"Please clear your cookies and try again."_s });
        QCOMPARE(bot.value(u"broke").toObject().value(u"turn").toInt(), 3);
        QCOMPARE(
            bot.value(u"broke").toObject().value(u"text").toString(), u"Already tried that."_s);
        QCOMPARE(bot.value(u"transcript").toArray().size(), 3);
        const QJsonObject promise = all.value(u"promises").toArray().first().toObject();
        QCOMPARE(promise.value(u"found").toString(), u"within 2 hours"_s);
        QCOMPARE(promise.value(u"due").toString(), u"2026-06-08T12:20:00Z"_s);
    }

    void isWhatTheSchemaSays()
    {
        const QJsonObject schema = test::publishedSchema(u"handoff-1.json"_s);
        QVERIFY(!schema.isEmpty());
        const auto full = build(plainInput());
        QVERIFY(full);
        QCOMPARE(test::schemaFault(full->document, schema), QString());

        PackageInput bare;
        bare.form = { .summary = u"a"_s, .tried = { u"b"_s }, .expected = u"c"_s };
        bare.escalation.reasonCode = u"vip"_s;
        const auto least = build(bare);
        QVERIFY(least);
        QCOMPARE(test::schemaFault(least->document, schema), QString());
        QVERIFY(below(*least).value(u"bot").isNull());

        // The checker itself sees what is missing and what is too much.
        QJsonObject wrong = full->document;
        wrong.remove(u"frozen"_s);
        QCOMPARE(test::schemaFault(wrong, schema), u"$: lacks frozen"_s);
        wrong = full->document;
        wrong.insert(u"extra"_s, 1);
        QVERIFY(!test::schemaFault(wrong, schema).isEmpty());
    }

    void refusesAnIncompleteForm_data()
    {
        QTest::addColumn<QString>("missing");
        for (const char *name : { "reason", "summary", "tried", "expected" })
            QTest::addRow("%s", name) << QString::fromLatin1(name);
    }

    void refusesAnIncompleteForm()
    {
        QFETCH(QString, missing);
        PackageInput input = plainInput();
        if (missing == u"reason")
            input.escalation.reasonCode.clear();
        else if (missing == u"summary")
            input.form.summary = u"  \n "_s;
        else if (missing == u"tried")
            input.form.tried = { u" "_s, QString() };
        else
            input.form.expected.clear();
        const auto built = build(input);
        QVERIFY(!built);
        QCOMPARE(built.error().fault, Fault::BadInput);
        QCOMPARE(built.error().where, missing);
    }

    void theSameInputGivesTheSameBytes()
    {
        const auto one = build(plainInput());
        const auto two = build(plainInput());
        QVERIFY(one && two);
        QCOMPARE(QJsonDocument(one->document).toJson(), QJsonDocument(two->document).toJson());
    }

    void theFormGoesBeforeTheStore()
    {
        PackageInput input = plainInput();
        input.escalation.sentence = u"because "_s.repeated(200);
        const auto built = build(input);
        QVERIFY(built);
        const QJsonObject first = screen(*built);
        QCOMPARE(first.value(u"need").toString(), input.form.summary);
        QCOMPARE(first.value(u"expects").toString(), input.form.expected);
        QVERIFY(first.value(u"why").toObject().value(u"sentence").toString().endsWith(u"because…"));
        QCOMPARE(below(*built).value(u"why").toObject().value(u"sentence").toString(),
            input.escalation.sentence.trimmed());
    }

    void aComposedSentenceDoesNotRepeatTheSummary()
    {
        PackageInput input = plainInput();
        input.escalation.sentence = u"missing tools: "_s + input.form.summary;
        const auto built = build(input);
        QVERIFY(built);
        QCOMPARE(screen(*built).value(u"why").toObject().value(u"sentence").toString(),
            u"missing tools"_s);
        QCOMPARE(below(*built).value(u"why").toObject().value(u"sentence").toString(),
            input.escalation.sentence);
    }

    void theLastWordIsNoSignatureAndNoQuote()
    {
        PackageInput input = plainInput();
        input.messages.back().text
            = u"The third one fails too.\n\nAna\n\nOn 2026-06-08 Support wrote:\n\n> Hi Ana,\n> we look by tomorrow"_s;
        const auto built = build(input);
        QVERIFY(built);
        QCOMPARE(
            below(*built).value(u"summary").toObject().value(u"last_customer_sentence").toString(),
            u"The third one fails too."_s);
    }

    void aCutPromiseStillNamesItsTime()
    {
        PackageInput input = plainInput();
        input.form.summary = u"alpha beta gamma delta "_s.repeated(60);
        input.messages[3].text
            = u"As soon as the colleagues of the other department have looked at all of this "
              "with the care that it needs we will write to you within 2 hours."_s;
        const auto built = build(input);
        QVERIFY(built);
        QCOMPARE(screen(*built).value(u"promises").toArray(), QJsonArray { u"within 2 hours"_s });
    }

    void longTextsAreCutAtAWordAndStandWholeBelow()
    {
        PackageInput input = plainInput();
        input.form.summary = u"alpha beta gamma delta "_s.repeated(60).trimmed();
        const auto built = build(input);
        QVERIFY(built);
        const QString need = screen(*built).value(u"need").toString();
        QVERIFY(need.endsWith(u'…'));
        QVERIFY(input.form.summary.startsWith(need.chopped(1)));
        QVERIFY(plainWords(need) >= 15);
        QCOMPARE(below(*built).value(u"form").toObject().value(u"summary").toString(),
            input.form.summary);
        QVERIFY(screen(*built).value(u"words").toInt() >= 110); // room is used, not given away
    }

    void firstScreenFitsWhateverComesIn()
    {
        const quint64 seed = qEnvironmentVariableIsSet("TIERLINE_SEED")
            ? qEnvironmentVariable("TIERLINE_SEED").toULongLong()
            : 20260608;
        qInfo("seed %llu", seed);
        SeededRandom random(seed);
        const QJsonObject schema = test::publishedSchema(u"handoff-1.json"_s);
        for (int round = 0; round < 100; ++round) {
            PackageInput input = plainInput();
            const auto text = [&](int words) {
                return randomText(random, static_cast<int>(random.below(words)));
            };
            input.form = { .summary = u"x "_s + text(200),
                .tried = randomTexts(random, 40, 60),
                .expected = u"y "_s + text(200),
                .urgency = randomTexts(random, 12, 20),
                .nextAction = text(90) };
            input.form.tried.append(u"z"_s);
            input.requester.name = text(30);
            input.organization = { .name = text(30),
                .plan = text(10),
                .arr = static_cast<qint64>(random.next64() >> 12),
                .health = static_cast<int>(random.below(101)),
                .renewal = QDate(2026, 9, 1),
                .flags = randomTexts(random, 9, 6) };
            input.escalation.sentence = text(100);
            input.escalation.reasonCode = u"r "_s + text(12);
            input.escalation.actor = text(12);
            input.escalation.fromTier = text(6);
            input.escalation.toTier = text(6);
            input.ticket.key = text(10);
            for (Message &message : input.messages)
                message.text = text(60) + u" We answer within 3 hours. By tomorrow it is done."_s;
            const auto built = build(input);
            QVERIFY(built);
            const int words = plainWords(firstScreenText(*built));
            QVERIFY2(words <= FirstScreenWords,
                qPrintable(u"round %1: %2 words"_s.arg(round).arg(words)));
            QVERIFY(screen(*built).value(u"words").toInt() <= FirstScreenWords);
            QCOMPARE(asCard(*built).words, screen(*built).value(u"words").toInt());
            QCOMPARE(test::schemaFault(built->document, schema), QString());
        }
    }

    void whatLeavesIsMasked()
    {
        const QString card = u"4111 1111 1111 1111"_s;
        PackageInput input = plainInput();
        // So many words before it that the first screen would cut the number in its middle.
        for (int before = 0; before < 60; before += 4) {
            input.form.summary
                = u"word "_s.repeated(before) + card + u" password: Hunter2hunter2"_s;
            input.messages.front().text = u"My card is "_s + card;
            input.events.front().note = card;
            input.events.front().data
                = { { u"nested"_s, QJsonArray { QJsonObject { { u"deep"_s, card } } } } };
            const auto built = build(input);
            QVERIFY(built);
            const Handoff safe = masked(*built);
            const QString all = QString::fromUtf8(QJsonDocument(safe.document).toJson());
            QVERIFY2(!all.contains(u"1111 1111"), qPrintable(all.left(2000)));
            QVERIFY(!all.contains(u"Hunter2"));
            QVERIFY(!asHtml(safe).contains(u"1111 1111"));
            QVERIFY(screen(safe).value(u"words").toInt() <= FirstScreenWords);
            QCOMPARE(test::schemaFault(safe.document, test::publishedSchema(u"handoff-1.json"_s)),
                QString());
            QVERIFY(safe.document.value(u"masked").toBool());
            QCOMPARE(safe.document.value(u"escalation"), built->document.value(u"escalation"));
            QCOMPARE(safe.document.value(u"frozen"), built->document.value(u"frozen"));
            QCOMPARE(masked(safe), safe);
            // The local card stays as it is.
            QVERIFY(QString::fromUtf8(QJsonDocument(built->document).toJson()).contains(card));
        }
    }

    void namesTheNextStep_data()
    {
        QTest::addColumn<QString>("reason");
        QTest::addColumn<QString>("category");
        QTest::addColumn<QString>("form");
        QTest::addColumn<QString>("source");
        QTest::newRow("the form's own word wins")
            << u"security"_s << u"billing"_s << u"Call her"_s << u"form"_s;
        QTest::newRow("reason") << u"security"_s << u"billing"_s << QString()
                                << u"rule: reason is security"_s;
        QTest::newRow("billing") << u"beyond-skill"_s << u"billing"_s << QString()
                                 << u"rule: category is billing"_s;
        QTest::newRow("promise") << u"beyond-skill"_s << u"bug"_s << QString()
                                 << u"rule: an agent named a time"_s;
    }

    void namesTheNextStep()
    {
        QFETCH(QString, reason);
        QFETCH(QString, category);
        QFETCH(QString, form);
        PackageInput input = plainInput();
        input.escalation.reasonCode = reason;
        input.ticket.category = category;
        input.form.nextAction = form;
        const auto built = build(input);
        QVERIFY(built);
        QTEST(below(*built).value(u"next").toObject().value(u"source").toString(), "source");
    }
};

QTEST_GUILESS_MAIN(TestHandoffPackage)
#include "tst_handoff_package.moc"
