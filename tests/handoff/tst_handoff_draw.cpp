#include "core/handoff/draw.h"
#include "core/handoff/package.h"

#include <QJsonArray>
#include <QTest>
#include <QXmlStreamReader>

using namespace tierline;
using namespace tierline::handoff;
using namespace Qt::StringLiterals;

namespace {

const QString hostile
    = u"<img src=x onerror=alert(1)> ![p](http://evil.example/p.png) [a](javascript:x) # T @all `c` ``` | **b**"_s;

/// Every text is hostile, in every place where a text can stand.
Handoff hostilePackage()
{
    PackageInput input;
    input.ticket = { .key = hostile, .subject = hostile, .category = hostile, .tags = { hostile } };
    input.requester = { .name = hostile, .email = hostile };
    input.organization = { .name = hostile, .plan = hostile, .flags = { hostile } };
    const QString block = u"# Title\n```\n</pre><script>1</script>\n````\n\x1b[31m"_s + hostile;
    input.messages
        = { { .id = { 1 }, .author = AuthorKind::Customer, .authorName = hostile, .text = block },
              { .id = { 2 },
                  .kind = MessageKind::BotTurn,
                  .author = AuthorKind::Bot,
                  .authorName = hostile,
                  .text = block },
              { .id = { 3 },
                  .author = AuthorKind::Agent,
                  .authorName = hostile,
                  .text = hostile + u" within 2 hours"_s } };
    input.events = { { .actor = hostile, .tier = hostile, .team = hostile, .note = hostile } };
    input.escalation = { .reasonCode = hostile,
        .sentence = hostile,
        .fromTier = hostile,
        .toTier = hostile,
        .actor = hostile,
        .note = hostile };
    input.form = { .summary = hostile,
        .tried = { hostile },
        .expected = hostile,
        .urgency = { hostile },
        .nextAction = hostile };
    input.related = { { hostile, hostile, hostile, Status::Open, {} } };
    input.files = { { hostile, hostile, 1 } };
    return build(input).value_or({});
}

} // namespace

class TestHandoffDraw : public QObject
{
    Q_OBJECT

private slots:
    void htmlIsWellFormedAndHoldsNothingForeign()
    {
        QString html = asHtml(hostilePackage());
        QVERIFY(html.startsWith(u"<!DOCTYPE html>"));
        html.replace(u"<meta charset=\"utf-8\">"_s, QString());
        html.replace(u"style-src 'unsafe-inline'\">"_s, u"style-src 'unsafe-inline'\"/>"_s);
        QXmlStreamReader reader(html);
        QSet<QString> elements;
        QSet<QString> attributes;
        while (!reader.atEnd()) {
            if (reader.readNext() != QXmlStreamReader::StartElement)
                continue;
            elements.insert(reader.name().toString());
            for (const QXmlStreamAttribute &attribute : reader.attributes())
                attributes.insert(attribute.name().toString());
        }
        QVERIFY2(!reader.hasError(), qPrintable(reader.errorString()));
        const QSet<QString> known { u"html"_s, u"head"_s, u"meta"_s, u"title"_s, u"style"_s,
            u"body"_s, u"h1"_s, u"h2"_s, u"dl"_s, u"dt"_s, u"dd"_s, u"ul"_s, u"li"_s, u"pre"_s };
        QVERIFY2((elements - known).isEmpty(),
            qPrintable(QStringList((elements - known).values()).join(u' ')));
        const QSet<QString> knownAttributes { u"lang"_s, u"http-equiv"_s, u"content"_s, u"dir"_s,
            u"class"_s };
        QVERIFY((attributes - knownAttributes).isEmpty());
    }

    void markdownEscapesEverySign()
    {
        const QString markdown = asMarkdown(hostilePackage());
        QVERIFY(markdown.contains(u"\\<img src\\=x"));
        bool isInFence = false;
        QString fence;
        for (const QString &line : markdown.split(u'\n')) {
            if (!isInFence && line.endsWith(u"text") && line.startsWith(u"```")) {
                isInFence = true;
                fence = line.chopped(4);
                continue;
            }
            if (isInFence) {
                if (line == fence)
                    isInFence = false;
                continue;
            }
            QVERIFY2(!line.contains(u" <img"), qPrintable(line));
            QVERIFY2(!line.contains(u"]("), qPrintable(line));
            QVERIFY2(!line.contains(u"@all"), qPrintable(line));
            QVERIFY2(!line.contains(u"://"), qPrintable(line));
        }
        QVERIFY(!isInFence); // every block ended at its own fence, not at one of the text
        QVERIFY(fence.size() > 4);
    }

    void textHasNoControls()
    {
        const QString text = asText(hostilePackage());
        for (const QChar c : text)
            QVERIFY(c == u'\n' || c.category() != QChar::Other_Control);
        QVERIFY(text.startsWith(firstScreenText(hostilePackage())));
        // A block cannot pass for a title of ours: all of it is set in.
        QVERIFY(text.contains(u"\n    # Title\n"));
    }

    void cardHasTheFirstScreenInItsOrder()
    {
        const Card card = asCard(hostilePackage());
        QList<CardKind> kinds;
        for (const CardSection &section : card.first)
            kinds.append(section.kind);
        QCOMPARE(kinds,
            (QList<CardKind> { CardKind::Expects, CardKind::Who, CardKind::Need, CardKind::Why,
                CardKind::Tried, CardKind::Urgency, CardKind::Promises, CardKind::Next }));
        QCOMPARE(card.first.first().emphasis, Emphasis::Strong);
        QCOMPARE(card.first.at(5).emphasis, Emphasis::Warning);
        kinds.clear();
        for (const CardSection &section : card.below)
            kinds.append(section.kind);
        QCOMPARE(kinds,
            (QList<CardKind> { CardKind::Form, CardKind::History, CardKind::Summary, CardKind::Bot,
                CardKind::Files, CardKind::Original, CardKind::Events }));
        QVERIFY(card.words > 0 && card.words <= FirstScreenWords);
    }

    void anyObjectCanBeDrawn_data()
    {
        QTest::addColumn<QJsonObject>("document");
        QTest::newRow("nothing") << QJsonObject();
        QTest::newRow("wrong types") << QJsonObject { { u"first_screen"_s, 3 },
            { u"below"_s, QJsonArray { 1 } }, { u"move"_s, u"x"_s } };
        QTest::newRow("wrong inside") << QJsonObject {
            { u"first_screen"_s,
                QJsonObject {
                    { u"who"_s, QJsonArray {} }, { u"tried"_s, 4 }, { u"why"_s, true } } },
            { u"below"_s,
                QJsonObject { { u"events"_s, u"no"_s }, { u"bot"_s, QJsonArray { 1, 2 } } } }
        };
    }

    void anyObjectCanBeDrawn()
    {
        QFETCH(QJsonObject, document);
        const Handoff handoff { .document = document };
        QVERIFY(!asText(handoff).isEmpty());
        QVERIFY(!asMarkdown(handoff).isEmpty());
        QVERIFY(!asHtml(handoff).isEmpty());
        QVERIFY(!asCard(handoff).title.isEmpty());
    }
};

QTEST_GUILESS_MAIN(TestHandoffDraw)
#include "tst_handoff_draw.moc"
