// One ticket's log as rules read it: words, signs, clocks and hours, each as of its instant.

#include "core/escalation/eventdata.h"
#include "core/rules/life.h"
#include "tests/support/pasts/pastmaker.h"

#include <QJsonArray>
#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr Instant start { 1'775'001'600'000 }; // Wed 2026-04-01T00:00:00Z

Instant minute(qint64 minutes)
{
    return start + Millis(minutes * 60'000);
}

/// Writes a life event by event. Messages have the texts they were given.
struct Writer {
    LifeFrame frame;
    triage::TextReader reader;
    QStringList texts { QString() };
    int fetched = 0;
    std::unique_ptr<TicketLife> life;
    qint64 events = 0;

    explicit Writer(const QJsonObject &data = {}, LifeCustomer customer = {},
        std::shared_ptr<const sla::AgreementBook> book = {})
    {
        frame.reader = &reader;
        frame.agreements = std::move(book);
        frame.people.rankOf = { { u"L0"_s, 0 }, { u"L1"_s, 1 }, { u"L2"_s, 2 } };
        life = std::make_unique<TicketLife>(frame);
        life->begin({ 1 }, std::move(customer), [this](MessageId id) {
            ++fetched;
            return texts.value(id.v);
        });
        Event created = event(0, EventKind::Created, AuthorKind::Customer);
        created.tier = u"L1"_s;
        created.status = Status::New;
        created.data = data;
        life->apply(created);
    }
    Event event(qint64 minutes, EventKind kind, AuthorKind actor = AuthorKind::Agent)
    {
        return { .id = { ++events },
            .ticket = { 1 },
            .at = minute(minutes),
            .order = minute(minutes),
            .kind = kind,
            .actorKind = actor };
    }
    void says(qint64 minutes, AuthorKind actor, const QString &text, bool isInternal = false)
    {
        Event message = event(minutes, EventKind::Message, actor);
        texts.append(text);
        message.message = { texts.size() - 1 };
        if (isInternal)
            message.data = { { eventdata::internal, true } };
        life->apply(message);
    }
    void fields(qint64 minutes, const QJsonObject &fields)
    {
        Event changed = event(minutes, EventKind::Changed);
        changed.data = { { eventdata::fields, fields } };
        life->apply(changed);
    }
};

} // namespace

class TestTicketLife : public QObject
{
    Q_OBJECT

private slots:
    void words();
    void wordsAreBounded();
    void textsAreFetchedOnceAndOnlyWhenRead();
    void signsOfTheLastWords();
    void moodsAreReadWhereAskedFor();
    void answeredWishesAreOver();
    void fieldsReportWhatOthersKnow();
    void theBotGaveUp();
    void undoing();
    void whatWasGivenUpAnswersNobody();
    void clocks();
    void editionsAreNotKnownBefore();
    void hours();
    void customer();
    void anotherTicketBeginsAnew();
    void changes();
    void traces();
};

void TestTicketLife::words()
{
    Writer writer({ { eventdata::subject, u"Invoice"_s } });
    writer.says(1, AuthorKind::Customer, u"It is wrong."_s);
    writer.says(2, AuthorKind::Agent, u"Which one?"_s);
    writer.says(3, AuthorKind::Customer, u"The last."_s);
    writer.says(4, AuthorKind::Customer, u"a note of ours"_s, true);
    const Subject &subject = writer.life->at(minute(5), Parts(Part::Text));
    QCOMPARE(subject.text, u"Invoice\nIt is wrong.\nThe last."_s);
    QCOMPARE(subject.lastWords, u"The last."_s);
    QVERIFY(!subject.signs.urgency.isKnown()); // not asked for
}

void TestTicketLife::wordsAreBounded()
{
    Writer writer({ { eventdata::subject, u"S"_s } });
    writer.says(1, AuthorKind::Customer, QString(40'000, u'a'));
    writer.says(2, AuthorKind::Customer, QString(40'000, u'b'));
    QString text = writer.life->at(minute(3)).text;
    QCOMPARE(text.size(), 40'002); // the newest goes before
    QVERIFY(text.endsWith(u'b'));
    writer.says(3, AuthorKind::Customer, QString(100'000, u'c'));
    text = writer.life->at(minute(3)).text;
    QCOMPARE(text.size(), 65'536);
    QVERIFY(text.startsWith(u"S\nc"));
}

void TestTicketLife::textsAreFetchedOnceAndOnlyWhenRead()
{
    Writer writer;
    writer.says(1, AuthorKind::Customer, u"one"_s);
    writer.says(2, AuthorKind::Customer, u"two"_s);
    writer.life->at(minute(3), Parts(Part::Clocks) | Parts(Part::Hours));
    QCOMPARE(writer.fetched, 0);
    writer.life->at(minute(3));
    writer.life->at(minute(9));
    QCOMPARE(writer.fetched, 2);
    Event undone = writer.event(10, EventKind::Undone);
    undone.data = { { eventdata::undoes, QJsonArray { 99 } } };
    writer.life->apply(undone);
    writer.life->at(minute(10));
    QCOMPARE(writer.fetched, 2);
}

void TestTicketLife::signsOfTheLastWords()
{
    Writer writer({ { eventdata::subject, u"Help"_s } });
    QVERIFY(!writer.life->at(minute(0)).signs.mood.isKnown()); // nobody has said anything
    writer.says(1, AuthorKind::Customer, u"This is terrible, awful and broken. Urgent!"_s);
    const Signals bad = writer.life->at(minute(1)).signs;
    QCOMPARE(*bad.mood, u"negative"_s);
    QVERIFY(*bad.urgency > 0);
    writer.says(2, AuthorKind::Customer,
        u"Thank you so much, this is excellent, wonderful and perfect, I love it"_s);
    const Signals good = writer.life->at(minute(2)).signs;
    QCOMPARE(*good.mood, u"positive"_s);
    QVERIFY(*good.sentiment > *bad.sentiment);
    QCOMPARE(*good.language, u"en"_s);
}

void TestTicketLife::moodsAreReadWhereAskedFor()
{
    constexpr auto signs = Parts(Part::Signs), mood = Parts(Part::Mood);
    Writer writer;
    writer.says(1, AuthorKind::Customer, u"This is terrible. Urgent, I will call my lawyer!"_s);
    const Signals without = writer.life->at(minute(1), signs).signs;
    QVERIFY(*without.legalWords && *without.urgency > 0);
    QVERIFY(!without.mood.isKnown() && !without.sentiment.isKnown() && !without.risk.isKnown());
    const Signals with = writer.life->at(minute(1), signs | mood).signs;
    QCOMPARE(*with.mood, u"negative"_s);
    QCOMPARE(*with.urgency, *without.urgency);
    // What is made stays, in whatever order it is asked for.
    QCOMPARE(*writer.life->at(minute(1), signs).signs.mood, u"negative"_s);
    writer.says(2, AuthorKind::Customer, u"Thank you, this is excellent and perfect."_s);
    QCOMPARE(*writer.life->at(minute(2), mood).signs.mood, u"positive"_s);
    QCOMPARE(*writer.life->at(minute(2), signs).signs.mood, u"positive"_s);
}

void TestTicketLife::answeredWishesAreOver()
{
    Writer writer;
    writer.says(1, AuthorKind::Customer, u"Please let me speak to a human."_s);
    writer.says(2, AuthorKind::Customer, u"My order is 4711."_s);
    QVERIFY(*writer.life->at(minute(2)).signs.asksForHuman); // still open
    writer.says(3, AuthorKind::Agent, u"for us"_s, true);
    QVERIFY(*writer.life->at(minute(3)).signs.asksForHuman);
    writer.says(4, AuthorKind::Agent, u"Here is a human."_s);
    QVERIFY(!*writer.life->at(minute(4)).signs.asksForHuman);
    writer.says(5, AuthorKind::Customer, u"I will call my lawyer."_s);
    QVERIFY(*writer.life->at(minute(5)).signs.legalWords);
    QVERIFY(!*writer.life->at(minute(5)).signs.asksForHuman);
}

void TestTicketLife::fieldsReportWhatOthersKnow()
{
    Writer writer;
    const Signals none = writer.life->at(minute(0)).signs;
    QVERIFY(!none.failedPayment.isKnown() && !none.failedLogins.isKnown() && !none.named.isKnown());
    writer.says(1, AuthorKind::Customer, u"Thank you, wonderful"_s);
    writer.fields(2,
        { { u"failed_logins"_s, 3 }, { u"failed_payment"_s, u"yes"_s },
            { u"revenue_loss"_s, false }, { u"escalation_risk"_s, u"high"_s },
            { u"sentiment_score"_s, u"-70"_s }, { u"signals"_s, u"order-delay, known-bug"_s } });
    const Signals told = writer.life->at(minute(2)).signs;
    QCOMPARE(*told.failedLogins, 3);
    QVERIFY(*told.failedPayment);
    QVERIFY(told.revenueLoss.hasValue() && !*told.revenueLoss);
    QCOMPARE(*told.risk, u"high"_s);
    QCOMPARE(*told.sentiment, -70);
    QCOMPARE(*told.named, (QStringList { u"order-delay"_s, u"known-bug"_s }));
    writer.fields(3, { { u"failed_payment"_s, u"perhaps"_s }, { u"failed_logins"_s, u"many"_s } });
    QVERIFY(!writer.life->at(minute(3)).signs.failedPayment.isKnown());
    QVERIFY(!writer.life->at(minute(3)).signs.failedLogins.isKnown());
}

void TestTicketLife::theBotGaveUp()
{
    Writer writer;
    QVERIFY(!*writer.life->at(minute(0)).signs.botGaveUp);
    Event toBot = writer.event(1, EventKind::Moved, AuthorKind::System);
    toBot.tier = u"L0"_s;
    writer.life->apply(toBot);
    QVERIFY(!*writer.life->at(minute(1)).signs.botGaveUp);
    Event toPeople = writer.event(2, EventKind::Moved, AuthorKind::Bot);
    toPeople.tier = u"L1"_s;
    writer.life->apply(toPeople);
    QVERIFY(*writer.life->at(minute(2)).signs.botGaveUp);
}

void TestTicketLife::undoing()
{
    Writer writer;
    Event changed = writer.event(1, EventKind::Changed);
    changed.priority = Priority::Urgent;
    changed.status = Status::Solved;
    writer.life->apply(changed);
    QVERIFY(!writer.life->activity().openSince.hasValue());
    Event undone = writer.event(2, EventKind::Undone);
    undone.data = { { eventdata::undoes, QJsonArray { changed.id.v } } };
    QCOMPARE(writer.life->apply(undone), Changes(0x7ff));
    QCOMPARE(writer.life->state().ticket.priority, Priority::Normal);
    QCOMPARE((*writer.life->activity().openSince - start).count(), 0);
    QCOMPARE(writer.life->id().v, 1);
}

/// An answer counts until somebody gives it up before the helpdesk has heard of it; then it never was one.
void TestTicketLife::whatWasGivenUpAnswersNobody()
{
    Writer writer({}, {}, test::someAgreements(start, 30));
    writer.says(1, AuthorKind::Customer, u"I want to speak to a human."_s);
    writer.says(2, AuthorKind::Agent, u"Here I am."_s);
    QVERIFY(!writer.life->at(minute(3)).activity.waitingSince.hasValue());
    QCOMPARE(writer.life->at(minute(3)).signs.asksForHuman, Told<bool>(false));
    const auto isFirstAnswered = [&](qint64 at) {
        const std::vector<ClockFact> &clocks = writer.life->at(minute(at)).clocks;
        return std::ranges::none_of(clocks, [](const ClockFact &clock) {
            return clock.kind == sla::ClockKind::FirstResponse && !clock.cycle->met;
        });
    };
    QVERIFY(isFirstAnswered(3));
    Event dropped = writer.event(4, EventKind::Changed);
    dropped.data = { { eventdata::unsent, QJsonArray { 2 } } };
    QCOMPARE(writer.life->apply(dropped), Changes(0x7ff));
    QCOMPARE(writer.life->at(minute(5)).activity.waitingSince, Told<Instant>(minute(1)));
    QCOMPARE(writer.life->at(minute(5)).activity.unansweredMessages, Told<qint64>(1));
    QCOMPARE(writer.life->at(minute(5)).signs.asksForHuman, Told<bool>(true));
    QVERIFY(!isFirstAnswered(5));
    writer.says(6, AuthorKind::Agent, u"Now I am."_s);
    QVERIFY(!writer.life->at(minute(7)).activity.waitingSince.hasValue());
    QVERIFY(isFirstAnswered(7));
}

void TestTicketLife::clocks()
{
    Writer none;
    QVERIFY(none.life->at(minute(0)).clocks.empty()); // nothing is agreed
    Writer writer({}, {}, test::someAgreements(start, 30));
    writer.says(0, AuthorKind::Customer, u"hello"_s);
    const Subject &subject = writer.life->at(minute(0));
    const auto left = [&](sla::ClockKind kind) { return subject.whenLeft(kind, {}); };
    // Two hours from nine o'clock on.
    QCOMPARE((*left(sla::ClockKind::FirstResponse) - start).count(), 11 * 3'600'000);
    writer.says(10 * 60, AuthorKind::Agent, u"hi"_s);
    writer.life->at(minute(10 * 60));
    QVERIFY(left(sla::ClockKind::FirstResponse).isKnown());
    QVERIFY(!left(sla::ClockKind::FirstResponse).hasValue()); // met
    QVERIFY(left(sla::ClockKind::TotalResolution).hasValue());
}

void TestTicketLife::editionsAreNotKnownBefore()
{
    Writer writer({}, {}, test::someAgreements(start, 2));
    writer.says(0, AuthorKind::Customer, u"hello"_s);
    const Instant edition = start + Millis(2 * 86'400'000);
    QCOMPARE(writer.life->nextEdition(start)->ms, edition.ms);
    QVERIFY(!writer.life->nextEdition(edition));
    const auto due = [&](Instant now) {
        return *writer.life->at(now).whenLeft(sla::ClockKind::FirstResponse, {});
    };
    QCOMPARE((due(edition - Millis(1)) - start).count(), 11 * 3'600'000);
    QVERIFY(due(edition) != due(edition - Millis(1)));
    QCOMPARE((due(edition - Millis(1)) - start).count(), 11 * 3'600'000); // and back again
}

void TestTicketLife::hours()
{
    Writer none;
    QVERIFY(!none.life->at(minute(0)).hours.isKnown());
    Writer writer({}, {}, test::someAgreements(start, 2));
    const Subject &subject = writer.life->at(minute(0));
    QVERIFY(subject.hours.isKnown());
    QCOMPARE(subject.hours.between(start, start + Millis(86'400'000)).count(), 8 * 3'600'000);
}

void TestTicketLife::customer()
{
    Writer writer({},
        { .organization = Organization { .name = u"Acme"_s, .plan = u"free"_s },
            .requester = u"ceo@acme.example"_s });
    QCOMPARE(writer.life->at(minute(0)).customer->plan, u"free"_s);
    QCOMPARE(writer.life->at(minute(0)).requester, u"ceo@acme.example"_s);
    writer.life->setCustomer({ .organization = Organization { .plan = u"enterprise"_s } });
    QCOMPARE(writer.life->at(minute(1)).customer->plan, u"enterprise"_s);
}

void TestTicketLife::anotherTicketBeginsAnew()
{
    Writer writer({ { eventdata::subject, u"Old"_s } },
        { .organization = Organization { .plan = u"free"_s } });
    writer.says(1, AuthorKind::Customer, u"I will call my lawyer."_s);
    writer.life->at(minute(1));
    writer.life->begin({ 2 });
    QVERIFY(writer.life->isEmpty());
    Event created { .id = { 1 }, .ticket = { 2 }, .at = minute(-500), .order = minute(-500) };
    created.kind = EventKind::Created;
    created.status = Status::New;
    writer.life->apply(created);
    const Subject &subject = writer.life->at(minute(-500));
    QCOMPARE(subject.ticket->id.v, 2);
    QCOMPARE(subject.customer, nullptr);
    QCOMPARE(subject.text, QString());
    QVERIFY(!subject.signs.legalWords.isKnown());
    QVERIFY(!subject.activity.waitingSince.isKnown());
    QCOMPARE(writer.life->knownAt(), minute(-500));
}

void TestTicketLife::changes()
{
    Writer writer;
    Event changed = writer.event(1, EventKind::Changed);
    changed.assignee = u"priya"_s;
    const Changes changes = writer.life->apply(changed);
    QVERIFY(changes & Changes(Change::Owner));
    QVERIFY(!(changes & Changes(Change::Message)));
}

void TestTicketLife::traces()
{
    Writer writer({ { eventdata::subject, u"Export fails"_s }, { eventdata::organization, 7 },
        { eventdata::requester, 3 }, { eventdata::category, u"Bug"_s } });
    QVERIFY(!writer.life->trace().created); // nobody asked for it
    writer.frame.tracesNeighbours = true;
    writer.life->begin({ 5 });
    const auto apply = [&](qint64 minutes, EventKind kind, AuthorKind actor, auto change) {
        Event event = writer.event(minutes, kind, actor);
        change(event);
        writer.life->apply(event);
    };
    const auto agent = AuthorKind::Agent;
    apply(1, EventKind::Created, AuthorKind::Customer, [](Event &event) {
        event.status = Status::New;
        event.team = u"Billing"_s;
        event.data = { { eventdata::subject, u"Export fails"_s }, { eventdata::organization, 7 },
            { eventdata::category, u"Bug"_s } };
    });
    apply(2, EventKind::Message, agent, [](Event &event) {
        event.data = { { eventdata::notice, true } };
    });
    QVERIFY(!writer.life->trace().answered); // a notice is no answer
    apply(3, EventKind::Message, agent, [](Event &) {});
    apply(4, EventKind::Changed, agent, [](Event &event) { event.status = Status::Pending; });
    apply(5, EventKind::Solved, agent, [](Event &event) { event.status = Status::Solved; });
    apply(6, EventKind::Reopened, agent, [](Event &event) { event.status = Status::Open; });
    const NeighbourTrace &trace = writer.life->trace();
    QCOMPARE(trace.ticket.v, 5);
    QCOMPARE(trace.organization.v, 7);
    QCOMPARE(trace.created->ms, minute(1).ms);
    QCOMPARE(trace.answered->ms, minute(3).ms);
    QCOMPARE(trace.subject, u"Export fails"_s);
    const std::vector<NeighbourTrace::Load> loads { { minute(1), u"Billing"_s }, { minute(4), {} },
        { minute(6), u"Billing"_s } };
    QCOMPARE(trace.loads, loads);
    QCOMPARE(trace.reopenings.size(), 1u);
    QCOMPARE(trace.reopenings[0].at.ms, minute(6).ms);
    QVERIFY(trace.reopenings[0].issue.startsWith(u"bug"));
    // What is undone later moves nothing to the instant of the undoing.
    apply(7, EventKind::Changed, agent, [](Event &event) {
        event.id = { 70 };
        event.team = u"Chargebacks"_s;
    });
    apply(8, EventKind::Undone, agent, [](Event &event) {
        event.data = { { eventdata::undoes, QJsonArray { 70 } } };
    });
    QCOMPARE(writer.life->trace().created->ms, minute(1).ms);
    QCOMPARE(writer.life->trace().answered->ms, minute(3).ms);
    QCOMPARE(writer.life->trace().loads, loads);
    Ticket linked = writer.life->state().ticket;
    linked.fields = { { u"issue"_s, u"PROJ-12"_s } };
    QCOMPARE(NeighbourTrace::issueOf(linked), u"proj-12"_s);
    QCOMPARE(NeighbourTrace::issueOf({}), QString());
}

QTEST_GUILESS_MAIN(TestTicketLife)
#include "tst_ticketlife.moc"
