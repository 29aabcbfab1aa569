#include "core/handoff/draw.h"

#include "core/handoff/below.h"
#include "core/handoff/screen.h"
#include "core/handoff/shorten.h"

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

constexpr int LowHealth = 50;

void add(QList<CardSection> &sections, CardKind kind, const QString &title,
    const QStringList &lines, Emphasis emphasis = Emphasis::Plain)
{
    if (!lines.isEmpty() && !(lines.size() == 1 && lines.first().isEmpty()))
        sections.append({ .kind = kind, .title = title, .lines = lines, .emphasis = emphasis });
}

QStringList linesOf(const QString &text)
{
    return text.isEmpty() ? QStringList() : QStringList { text };
}

} // namespace

Card asCard(const Handoff &handoff)
{
    const ScreenTexts texts = screenTexts(handoff.document);
    Card card;
    card.title = texts.title;
    card.subject
        = oneLine(handoff.document.value(u"ticket").toObject().value(u"subject").toString());
    card.words = screenWords(handoff.document);

    add(card.first, CardKind::Expects, u"Expects"_s, linesOf(texts.expects), Emphasis::Strong);
    QStringList who { texts.who.value(0) };
    if (const QStringList facts = texts.who.mid(1) + texts.whoFlags; !facts.isEmpty())
        who.append(facts.join(u" · "_s));
    const QJsonValue health = handoff.document.value(u"first_screen")
                                  .toObject()
                                  .value(u"who")
                                  .toObject()
                                  .value(u"health");
    add(card.first, CardKind::Who, u"Who"_s, who,
        health.isDouble() && health.toInt() < LowHealth ? Emphasis::Warning : Emphasis::Plain);
    add(card.first, CardKind::Need, u"Need"_s, linesOf(texts.need));
    QStringList why = linesOf(texts.why);
    if (!texts.whyFacts.isEmpty())
        why.append(texts.whyFacts);
    add(card.first, CardKind::Why, u"Why"_s, why);
    add(card.first, CardKind::Tried, u"Tried"_s, texts.tried);
    add(card.first, CardKind::Urgency, u"Urgency"_s, texts.urgency, Emphasis::Warning);
    add(card.first, CardKind::Promises, u"Promised"_s, texts.promises, Emphasis::Warning);
    QStringList next = linesOf(texts.next);
    if (!texts.nextSource.isEmpty())
        next.append(texts.nextSource);
    add(card.first, CardKind::Next, u"Next"_s, next, Emphasis::Strong);

    for (const BelowPart &part : belowParts(handoff.document)) {
        QStringList lines;
        for (const BelowLine &line : part.lines)
            lines.append(line.isBlock ? withoutControls(line.text) : oneLine(line.text));
        add(card.below, part.kind, part.title, lines, Emphasis::Muted);
    }
    return card;
}

} // namespace tierline::handoff
