#include "core/handoff/screen.h"

#include "core/handoff/package.h"
#include "core/handoff/shorten.h"
#include "core/text/words.h"

#include <QJsonArray>

namespace tierline::handoff {

using namespace Qt::StringLiterals;

namespace {

// How many items of a list the first screen names; the others stand below.
constexpr int TriedShown = 4;
constexpr int UrgencyShown = 3;
constexpr int PromisesShown = 2;
constexpr int FlagsShown = 3;
// Words kept free for what the form did not say, while the form takes its share.
constexpr int ReservedEach = 9;

/// A text that wants words on the first screen.
struct Demand {
    QString text;
    int weight = 1;
    int wants = 0;
    int gets = 0;

    Demand() = default;
    Demand(const QString &whole, int w, int cap = 1000)
        : text(oneLine(whole))
        , weight(w)
        , wants(std::min(countWords(text), cap))
    {
    }
    QString given() const { return shortened(text, gets); }
};

/// Hands out words in rounds, `weight` words a round to each that wants more. Gives what is left.
int share(const QList<Demand *> &demands, int budget)
{
    bool anyWants = true;
    while (budget > 0 && anyWants) {
        anyWants = false;
        for (Demand *demand : demands) {
            const int take = std::min({ demand->weight, demand->wants - demand->gets, budget });
            if (take <= 0)
                continue;
            demand->gets += take;
            budget -= take;
            anyWants = true;
        }
    }
    return budget;
}

QList<Demand> demandsOf(const QStringList &items, int shown, int weight)
{
    QList<Demand> demands;
    for (const QString &item : items) {
        if (demands.size() < shown && !oneLine(item).isEmpty())
            demands.append(Demand(item, weight));
    }
    return demands;
}

QJsonArray givenOf(const QList<Demand> &demands, qsizetype all)
{
    QJsonArray given;
    for (const Demand &demand : demands) {
        const QString text = demand.given();
        if (!text.isEmpty())
            given.append(text);
    }
    if (all > demands.size())
        given.append(u"+%1 more"_s.arg(all - demands.size()));
    return given;
}

QStringList textsOf(const QJsonValue &objects, QStringView key = u"text")
{
    QStringList texts;
    for (const QJsonValue &value : objects.toArray())
        texts.append(value.toObject().value(key).toString());
    return texts;
}

/// Of a promise the time matters most: where the sentence would be cut, its words that name the
/// time are shown instead.
void keepTimes(QList<Demand> &promises, const QStringList &found)
{
    for (qsizetype i = 0; i < promises.size(); ++i) {
        Demand &promise = promises[i];
        const QString time = oneLine(found.value(i));
        if (promise.gets < promise.wants && !time.isEmpty() && countWords(time) <= promise.gets)
            promise.text = time;
    }
}

/// The sentence without the summary that a composed one repeats: it is read under "Need" already.
QString ownPart(const QString &sentence, const QString &summary)
{
    const qsizetype colon = sentence.indexOf(u": ");
    const QString said = oneLine(summary);
    if (colon <= 0 || said.isEmpty())
        return sentence;
    const QString rest = oneLine(sentence.mid(colon + 2));
    return !rest.isEmpty() && said.startsWith(rest) ? sentence.left(colon) : sentence;
}

QJsonObject whoOf(const QJsonObject &customer)
{
    const auto word = [&](QStringView key, int words) {
        return shortened(oneLine(customer.value(key).toString()), words);
    };
    QJsonArray flags;
    const QStringList all = stringsOf(customer.value(u"flags"));
    for (const QString &flag : all.mid(0, FlagsShown))
        flags.append(shortened(oneLine(flag), 2));
    if (all.size() > FlagsShown)
        flags.append(u"+%1 more"_s.arg(all.size() - FlagsShown));
    return { { u"name"_s, word(u"name", 4) }, { u"organization"_s, word(u"organization", 5) },
        { u"plan"_s, word(u"plan", 2) }, { u"arr"_s, customer.value(u"arr") },
        { u"health"_s, customer.value(u"health") }, { u"renewal"_s, customer.value(u"renewal") },
        { u"flags"_s, flags } };
}

/// One attempt with a given number of words for the texts.
QJsonObject attempt(const QJsonObject &document, int budget)
{
    const QJsonObject below = document.value(u"below").toObject();
    const QJsonObject form = below.value(u"form").toObject();
    const QJsonObject why = below.value(u"why").toObject();
    const QJsonObject nextAction = below.value(u"next").toObject();
    const QStringList triedAll = stringsOf(form.value(u"tried"));
    const QStringList urgencyAll = textsOf(below.value(u"urgency"));
    const QStringList promisesAll = textsOf(below.value(u"promises"));

    Demand expects(form.value(u"expected").toString(), 2);
    Demand need(form.value(u"summary").toString(), 3);
    Demand sentence(
        ownPart(why.value(u"sentence").toString(), form.value(u"summary").toString()), 2);
    Demand next(nextAction.value(u"text").toString(), 2);
    QList<Demand> tried = demandsOf(triedAll, TriedShown, 1);
    QList<Demand> urgency = demandsOf(urgencyAll, UrgencyShown, 1);
    QList<Demand> promises = demandsOf(promisesAll, PromisesShown, 2);
    const QString source = shortened(oneLine(nextAction.value(u"source").toString()), 6);

    QList<Demand *> ofForm { &need, &expects };
    QList<Demand *> ofStore { &sentence };
    (source == u"form" ? ofForm : ofStore).append(&next);
    for (Demand &demand : tried)
        ofForm.append(&demand);
    for (Demand &demand : urgency)
        ofForm.append(&demand);
    for (Demand &demand : promises)
        ofStore.append(&demand);

    int reserve = 0;
    for (const Demand *demand : ofStore)
        reserve += std::min(demand->wants, ReservedEach);
    reserve = std::min(reserve, budget / 2);
    int left = share(ofForm, budget - reserve) + reserve;
    left = share(ofStore, left);
    share(ofForm, left);
    keepTimes(promises, textsOf(below.value(u"promises"), u"found"));

    return { { u"expects"_s, expects.given() },
        { u"who"_s, whoOf(below.value(u"customer").toObject()) }, { u"need"_s, need.given() },
        { u"why"_s,
            QJsonObject { { u"sentence"_s, sentence.given() },
                { u"reason"_s, shortened(oneLine(why.value(u"reason").toString()), 3) },
                { u"kind"_s, why.value(u"kind") },
                { u"by"_s, shortened(oneLine(why.value(u"by").toString()), 4) } } },
        { u"tried"_s, givenOf(tried, triedAll.size()) },
        { u"urgency"_s, givenOf(urgency, urgencyAll.size()) },
        { u"promises"_s, givenOf(promises, promisesAll.size()) },
        { u"next"_s, QJsonObject { { u"text"_s, next.given() }, { u"source"_s, source } } } };
}

QString moneyText(double amount)
{
    const double size = std::abs(amount);
    if (size >= 1e6)
        return QString::number(amount / 1e6, 'g', 3) + u'M';
    if (size >= 1e3)
        return QString::number(qRound64(amount / 1e3)) + u'k';
    return QString::number(qRound64(amount));
}

void addList(QStringList &lines, const QString &label, const QStringList &items)
{
    if (items.isEmpty())
        return;
    lines.append(label);
    for (const QString &item : items)
        lines.append(u"  "_s + item);
}

} // namespace

int screenWords(const QJsonObject &document)
{
    const QString drawn = screenLines(document).join(u'\n');
    return std::max(countWords(drawn), text::wordCount(drawn));
}

QStringList stringsOf(const QJsonValue &array)
{
    QStringList strings;
    for (const QJsonValue &value : array.toArray()) {
        if (value.isString())
            strings.append(value.toString());
    }
    return strings;
}

QJsonObject screenOf(const QJsonObject &document)
{
    QJsonObject drawn = document;
    int budget = FirstScreenWords;
    QJsonObject screen;
    for (;;) {
        screen = attempt(document, budget);
        drawn.insert(u"first_screen"_s, screen);
        const int over = screenWords(drawn) - FirstScreenWords;
        if (over <= 0 || budget == 0)
            break;
        budget = std::max(0, budget - over);
    }
    screen.insert(u"words"_s, screenWords(drawn));
    return screen;
}

ScreenTexts screenTexts(const QJsonObject &document)
{
    const QJsonObject screen = document.value(u"first_screen").toObject();
    const QJsonObject move = document.value(u"move").toObject();
    const auto tier = [&](QStringView side) {
        return shortened(oneLine(move.value(side).toObject().value(u"tier").toString()), 2);
    };
    const auto text = [](const QJsonObject &object, QStringView key) {
        return oneLine(object.value(key).toString());
    };
    const auto list = [&](QStringView key) {
        QStringList lines;
        for (const QString &item : stringsOf(screen.value(key)))
            lines.append(oneLine(item));
        return lines;
    };
    ScreenTexts texts;
    const QString key
        = shortened(oneLine(document.value(u"ticket").toObject().value(u"id").toString()), 3);
    texts.title = u"Handoff "_s + key + u": "_s + tier(u"from") + u" to "_s + tier(u"to");
    texts.expects = text(screen, u"expects");
    texts.need = text(screen, u"need");

    const QJsonObject who = screen.value(u"who").toObject();
    const QString organization = text(who, u"organization");
    texts.who.append(
        text(who, u"name") + (organization.isEmpty() ? QString() : u", "_s + organization));
    if (const QString plan = text(who, u"plan"); !plan.isEmpty())
        texts.who.append(plan);
    if (who.value(u"arr").isDouble())
        texts.who.append(u"ARR "_s + moneyText(who.value(u"arr").toDouble()));
    if (who.value(u"health").isDouble())
        texts.who.append(u"health "_s + QString::number(who.value(u"health").toInt()));
    if (const QString renewal = text(who, u"renewal"); !renewal.isEmpty())
        texts.who.append(u"renews "_s + renewal);
    for (const QString &flag : stringsOf(who.value(u"flags")))
        texts.whoFlags.append(oneLine(flag));

    const QJsonObject why = screen.value(u"why").toObject();
    texts.why = text(why, u"sentence");
    QStringList facts;
    for (const QStringView key : { u"reason", u"kind" }) {
        if (const QString fact = text(why, key); !fact.isEmpty())
            facts.append(fact);
    }
    if (const QString by = text(why, u"by"); !by.isEmpty())
        facts.append(u"by "_s + by);
    texts.whyFacts = facts.join(u", "_s);

    texts.tried = list(u"tried");
    texts.urgency = list(u"urgency");
    texts.promises = list(u"promises");
    const QJsonObject next = screen.value(u"next").toObject();
    texts.next = text(next, u"text");
    texts.nextSource = text(next, u"source");
    return texts;
}

QStringList screenLines(const QJsonObject &document)
{
    const ScreenTexts texts = screenTexts(document);
    QStringList lines { texts.title };
    const auto add = [&](const QString &label, const QString &value) {
        if (!value.isEmpty())
            lines.append(label + u": "_s + value);
    };
    add(u"Expects"_s, texts.expects);
    QStringList who = texts.who;
    if (!texts.whoFlags.isEmpty())
        who.append(texts.whoFlags.join(u", "_s));
    add(u"Who"_s, who.join(u", "_s));
    add(u"Need"_s, texts.need);
    add(u"Why"_s,
        texts.why + (texts.whyFacts.isEmpty() ? QString() : u" ("_s + texts.whyFacts + u')'));
    addList(lines, u"Tried:"_s, texts.tried);
    add(u"Urgency"_s, texts.urgency.join(u", "_s));
    addList(lines, u"Promised:"_s, texts.promises);
    add(u"Next"_s,
        texts.next + (texts.nextSource.isEmpty() ? QString() : u" ("_s + texts.nextSource + u')'));
    return lines;
}

} // namespace tierline::handoff
