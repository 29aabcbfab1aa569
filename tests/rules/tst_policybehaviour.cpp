// The shipped rules, by what they do: each acts on one ticket of a table and leaves another one alone.

#include "core/rules/evaluate.h"
#include "core/rules/print.h"
#include "tests/rules/subjects.h"

#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;
using test::FilledSubject;

namespace {

Document pack()
{
    const QDir folder(QStringLiteral(TIERLINE_SOURCE_DIR "/resources/policies"));
    QString all;
    for (const QString &name : folder.entryList({ u"*.rules"_s }, QDir::Files, QDir::Name)) {
        QFile file(folder.filePath(name));
        if (file.open(QIODevice::ReadOnly))
            all += QString::fromUtf8(file.readAll()) + u'\n';
    }
    return parse(all).document;
}

/// A ticket of a free account that is answered, accepted and well: no shipped rule has anything to say of it.
struct Plain : FilledSubject {
    Plain()
    {
        ticket.subject = u"How do I change my picture?"_s;
        ticket.category = u"account"_s;
        ticket.type = u"question"_s;
        ticket.priority = Priority::Normal;
        ticket.severity = Severity::Low;
        ticket.tags = {};
        ticket.fields = { { u"amount"_s, 10 } };
        customer.plan = u"free"_s;
        customer.arr = 0;
        customer.health = 90;
        customer.renewal = QDate(2027, 1, 1);
        customer.flags = {};
        around.tickets = around.unanswered = around.reopening = around.similar = 0;
        around.arrivals = 100'000;
        around.own = around.capacity = 80'000;
        Activity &a = subject.activity;
        a = {};
        a.waitingSince = a.customerSilentSince = Told<Instant>::none();
        a.unassignedSince = a.unacceptedSince = Told<Instant>::none();
        a.acceptedUntouchedSince = a.flaggedSince = Told<Instant>::none();
        a.openSince = a.tierSince = a.statusSince = a.touchedAt = now - Millis(60'000);
        a.cycleStart = now - Millis(60'000);
        a.reopened = 0;
        a.unansweredMessages = 0;
        a.handovers = 0;
        a.hasAttempts = true;
        a.attempts = { { u"L1"_s, 1 } };
        subject.signs = {};
        Signals &s = subject.signs;
        s.urgency = 0;
        s.sentiment = 0;
        s.mood = u"neutral"_s;
        s.risk = u"low"_s;
        s.churn = s.asksForHuman = s.asksForManager = s.legalWords = s.botGaveUp = false;
        s.revenueLoss = s.failedPayment = false;
        s.failedLogins = 0;
        s.language = u"en"_s;
        s.named = QStringList {};
        cycle.targets = { { *cycle.start, Millis(400 * 3'600'000LL) } };
        say(u"How do I change my picture?"_s);
    }
    void say(const QString &text) { subject.text = subject.lastWords = text; }
    void wait(qint64 hours) { subject.activity.waitingSince = ago(hours); }
    static Instant ago(qint64 hours) { return now - Millis(hours * 3'600'000); }
};

using Change = void (*)(Plain &);
struct Case {
    Change acts;
    Change leaves;
};

/// By the rule's name. What is not changed is plain.
const QHash<QString, Case> &cases()
{
    static const QHash<QString, Case> all {
        { u"What is severe by its kind"_s,
            { [](Plain &t) { t.ticket.type = u"revenue loss"_s, t.ticket.severity.reset(); },
                [](Plain &t) { t.ticket.type = u"revenue loss"_s; } } },
        { u"Assigned, and then left"_s,
            { [](Plain &t) { t.subject.activity.touchedAt = Plain::ago(1); },
                [](Plain &t) {
                    t.subject.activity.touchedAt = Plain::ago(1);
                    t.ticket.status = Status::Pending;
                } } },
        { u"Requests for information and features can wait"_s,
            { [](Plain &t) { t.ticket.type = u"feature request"_s; },
                [](Plain &t) { t.ticket.type = u"bug"_s; } } },
        { u"Legal words at the tier of the legal team"_s,
            { [](Plain &t) { t.subject.signs.legalWords = true, t.ticket.tier = u"L2"_s; },
                [](Plain &t) { t.subject.signs.legalWords = true; } } },
        { u"Legal words go to the legal team at once"_s,
            { [](Plain &t) { t.say(u"My attorneys will write to you."_s); },
                [](Plain &t) { t.say(u"I do not want a lawyer."_s); } } },
        { u"Somebody tries to log in as the customer"_s,
            { [](Plain &t) { t.subject.signs.failedLogins = 3; },
                [](Plain &t) { t.subject.signs.failedLogins = 2; } } },
        { u"Sensitive data is asked for"_s,
            { [](Plain &t) { t.ticket.type = u"sensitive data request"_s; }, [](Plain &) {} } },
        { u"A critical issue pages whoever is on call"_s,
            { [](Plain &t) {
                 t.ticket.severity = Severity::Critical;
                 t.subject.activity.attempts.clear();
             },
                [](Plain &t) { t.ticket.severity = Severity::Critical; } } },
        { u"A critical bug outside opening hours pages instead of waiting"_s,
            { [](Plain &t) {
                 t.ticket.severity = Severity::Critical, t.ticket.type = u"bug"_s;
                 t.subject.now = Plain::now + Millis(10 * 3'600'000);
             },
                [](Plain &t) {
                    t.ticket.severity = Severity::Critical, t.ticket.type = u"bug"_s;
                } } },
        { u"A critical issue waits two hours at most"_s,
            { [](Plain &t) { t.ticket.severity = Severity::Critical, t.wait(2); },
                [](Plain &t) { t.ticket.severity = Severity::High, t.wait(2); } } },
        { u"Enterprise, billing and anger go first of all"_s,
            { [](Plain &t) {
                 t.customer.plan = u"enterprise"_s, t.ticket.category = u"billing"_s;
                 t.subject.signs.sentiment = -60;
             },
                [](Plain &t) {
                    t.customer.plan = u"enterprise"_s, t.ticket.category = u"billing"_s;
                    t.subject.signs.sentiment = -59;
                } } },
        { u"High risk at an enterprise customer goes to the top tier"_s,
            { [](Plain &t) { t.customer.plan = u"enterprise"_s, t.subject.signs.risk = u"high"_s; },
                [](Plain &t) { t.subject.signs.risk = u"high"_s; } } },
        { u"Churn intent of a paying customer"_s,
            { [](Plain &t) { t.subject.signs.churn = true, t.customer.plan = u"team"_s; },
                [](Plain &t) { t.subject.signs.churn = true; } } },
        { u"The customer asks for a manager"_s,
            { [](Plain &t) { t.subject.signs.asksForManager = true; },
                [](Plain &t) { t.subject.signs.asksForHuman = true; } } },
        { u"The customer asks for a person"_s,
            { [](Plain &t) { t.subject.signs.asksForHuman = true, t.ticket.tier = u"L0"_s; },
                [](Plain &t) { t.subject.signs.asksForHuman = true; } } },
        { u"The bot gave up"_s,
            { [](Plain &t) { t.subject.signs.botGaveUp = true; }, [](Plain &) {} } },
        { u"Billing above the limit needs a yes"_s,
            { [](Plain &t) {
                 t.ticket.category = u"billing"_s, t.ticket.fields[u"amount"_s] = 501;
             },
                [](Plain &t) {
                    t.ticket.category = u"billing"_s, t.ticket.fields[u"amount"_s] = 500;
                } } },
        { u"Refunds, chargebacks and duplicate charges"_s,
            { [](Plain &t) { t.say(u"I want a refund."_s); },
                [](Plain &t) { t.say(u"I want a refund."_s), t.ticket.tier = u"L2"_s; } } },
        { u"A payment of a paying customer failed"_s,
            { [](Plain &t) { t.subject.signs.failedPayment = true, t.customer.plan = u"team"_s; },
                [](Plain &t) { t.subject.signs.failedPayment = true; } } },
        { u"Enterprise billing waits two hours at most"_s,
            { [](Plain &t) {
                 t.customer.plan = u"enterprise"_s, t.ticket.category = u"billing"_s, t.wait(2);
             },
                [](Plain &t) {
                    t.customer.plan = u"enterprise"_s, t.ticket.category = u"billing"_s, t.wait(1);
                } } },
        { u"A six-figure contract waits twelve hours at most"_s,
            { [](Plain &t) { t.customer.arr = 100'000, t.wait(12); },
                [](Plain &t) { t.customer.arr = 100'000, t.wait(12), t.ticket.tier = u"L2"_s; } } },
        { u"A six-figure contract waits a day with a small issue at most"_s,
            { [](Plain &t) {
                 t.customer.arr = 100'000, t.wait(24), t.ticket.priority = Priority::Low;
             },
                [](Plain &t) {
                    t.customer.arr = 100'000, t.wait(24), t.ticket.priority = Priority::Low;
                    t.ticket.tier = u"L3"_s;
                } } },
        { u"A standard issue waits 24 hours at most"_s,
            { [](Plain &t) { t.wait(24); },
                [](Plain &t) { t.wait(24), t.ticket.tier = u"L2"_s; } } },
        { u"A small issue waits 48 hours at most"_s,
            { [](Plain &t) { t.wait(48), t.ticket.priority = Priority::Low; },
                [](Plain &t) {
                    t.wait(48), t.ticket.priority = Priority::Low, t.ticket.tier = u"L3"_s;
                } } },
        { u"A six-figure contract waits twelve hours at most, whoever has it"_s,
            { [](Plain &t) {
                 t.customer.arr = 100'000, t.wait(12), t.ticket.tier = u"L3"_s;
                 t.subject.activity.tierSince = Plain::ago(12);
             },
                [](Plain &t) { // handed up just now
                    t.customer.arr = 100'000, t.wait(12), t.ticket.tier = u"L3"_s;
                } } },
        { u"A customer waits a day at most, whoever has it"_s,
            { [](Plain &t) {
                 t.wait(24), t.ticket.tier = u"L2"_s;
                 t.subject.activity.tierSince = Plain::ago(24);
             },
                [](Plain &t) { t.wait(24), t.ticket.tier = u"L2"_s; } } },
        { u"Not solved by the first tier in a day"_s,
            { [](Plain &t) {
                 t.subject.activity.openSince = t.subject.activity.tierSince = Plain::ago(24);
             },
                [](Plain &t) { t.subject.activity.openSince = Plain::ago(24); } } },
        { u"The second tier let it lie for four hours"_s,
            { [](Plain &t) {
                 t.ticket.tier = u"L2"_s, t.subject.activity.touchedAt = Plain::ago(4);
             },
                [](Plain &t) {
                    t.ticket.tier = u"L2"_s, t.subject.activity.touchedAt = Plain::ago(4);
                    t.ticket.status = Status::Pending;
                } } },
        { u"Anything untouched for two hours"_s,
            { [](Plain &t) {
                 t.subject.activity.touchedAt = Plain::ago(2), t.ticket.status = Status::New;
             },
                [](Plain &t) {
                    t.subject.activity.touchedAt = Plain::ago(1), t.ticket.status = Status::New;
                } } },
        { u"The agreed time is nearly over"_s,
            { [](Plain &t) {
                 t.cycle.targets = { { *t.cycle.start, Millis(70 * 60'000) } };
             },
                [](Plain &) {} } },
        { u"The agreed time is over"_s,
            { [](Plain &t) {
                 t.cycle.targets = { { *t.cycle.start, Millis(30 * 60'000) } };
             },
                [](Plain &t) {
                    t.cycle.targets = { { *t.cycle.start, Millis(30 * 60'000) } };
                    t.ticket.tier = u"L2"_s;
                } } },
        { u"The agreed time is over, and nobody is left to hand it to"_s,
            { [](Plain &t) {
                 t.cycle.targets = { { *t.cycle.start, Millis(30 * 60'000) } };
                 t.ticket.tier = u"L3"_s, t.subject.activity.tierSince = Plain::ago(1);
             },
                [](Plain &t) {
                    t.cycle.targets = { { *t.cycle.start, Millis(30 * 60'000) } };
                    t.ticket.tier = u"L3"_s;
                } } },
        { u"Nobody has the ticket"_s,
            { [](Plain &t) { t.ticket.assignee.clear(); }, [](Plain &) {} } },
        { u"Nobody accepts the escalation"_s,
            { [](Plain &t) { t.subject.activity.unacceptedSince = Plain::ago(1); },
                [](Plain &t) { t.subject.activity.unacceptedSince = Plain::now; } } },
        { u"Accepted, and then left"_s,
            { [](Plain &t) { t.subject.activity.acceptedUntouchedSince = Plain::ago(2); },
                [](Plain &t) { t.subject.activity.acceptedUntouchedSince = Plain::ago(1); } } },
        { u"Flagged as out of scope, and nobody looked"_s,
            { [](Plain &t) { t.subject.activity.flaggedSince = Plain::ago(1); },
                [](Plain &t) { t.subject.activity.flaggedSince = Plain::now; } } },
        { u"Opened again twice"_s,
            { [](Plain &t) { t.subject.activity.reopened = 2; },
                [](Plain &t) { t.subject.activity.reopened = 1; } } },
        { u"The second tier tried without success"_s,
            { [](Plain &t) {
                 t.ticket.tier = u"L2"_s;
                 t.subject.activity.attempts[u"L2"_s] = 2;
                 t.subject.activity.failedFixes[u"L2"_s] = 2;
             },
                [](Plain &t) { t.subject.activity.failedFixes[u"L1"_s] = 2; } } },
        { u"The same issue came back to three customers"_s,
            { [](Plain &t) { t.around.reopening = 3; },
                [](Plain &t) { t.around.reopening = 2; } } },
        { u"Five unanswered tickets of one account in a week"_s,
            { [](Plain &t) { t.around.unanswered = 5; },
                [](Plain &t) { t.around.unanswered = 4; } } },
        { u"Many alike at once are one incident"_s,
            { [](Plain &t) { t.around.similar = 5; }, [](Plain &t) { t.around.similar = 4; } } },
        { u"Three hand-overs are enough"_s,
            { [](Plain &t) { t.subject.activity.handovers = 3; },
                [](Plain &t) { t.subject.activity.handovers = 2; } } },
        { u"An account was suspended"_s,
            { [](Plain &t) { t.ticket.type = u"account suspension"_s; }, [](Plain &) {} } },
        { u"Legal liability"_s,
            { [](Plain &t) { t.ticket.type = u"legal liability"_s; }, [](Plain &) {} } },
        { u"The customer loses revenue"_s,
            { [](Plain &t) { t.subject.signs.revenueLoss = true; }, [](Plain &) {} } },
        { u"A very important customer wrote"_s,
            { [](Plain &t) { t.customer.flags = { u"vip"_s }; }, [](Plain &) {} } },
        { u"A renewal is near and the account is not well"_s,
            { [](Plain &t) {
                 t.customer.renewal = QDate(2026, 7, 8), t.customer.health = 49;
                 t.ticket.assignee.clear();
             },
                [](Plain &t) {
                    t.customer.renewal = QDate(2026, 7, 8), t.customer.health = 49;
                } } },
        { u"An order is late"_s,
            { [](Plain &t) { t.subject.signs.named = QStringList { u"order-delay"_s }; },
                [](Plain &t) { t.subject.signs.named = QStringList { u"known-bug"_s }; } } },
        { u"A known bug"_s,
            { [](Plain &t) { t.subject.signs.named = QStringList { u"known-bug"_s }; },
                [](Plain &) {} } },
        { u"Strong distress"_s,
            { [](Plain &t) { t.subject.signs.sentiment = -60; },
                [](Plain &t) { t.subject.signs.sentiment = -59; } } },
        { u"Urgent words"_s,
            { [](Plain &t) { t.subject.signs.urgency = 70; },
                [](Plain &t) { t.subject.signs.urgency = 69; } } },
        { u"Arrivals are twice the usual"_s,
            { [](Plain &t) { t.around.arrivals = 201'000; },
                [](Plain &t) { t.around.arrivals = 200'000; } } },
        { u"A team has no room left"_s,
            { [](Plain &t) { t.around.own = 9'000; }, [](Plain &t) { t.around.own = 10'000; } } },
    };
    return all;
}

} // namespace

class TestPolicyBehaviour : public QObject
{
    Q_OBJECT
private slots:
    void nothingIsSaidOfAPlainTicket();
    void eachActsOnOneAndLeavesAnother_data();
    void eachActsOnOneAndLeavesAnother();
    void noneSendsATicketWhereItIs_data();
    void noneSendsATicketWhereItIs();

private:
    const Document m_pack = pack();
    const RuleSet m_set { m_pack.rules, m_pack.lists };

    Truth judge(int rule, const Plain &ticket)
    {
        Evaluator evaluator(m_set);
        const FactRow row = m_set.read(ticket.subject);
        evaluator.start(row, ticket.subject.now);
        return evaluator.judge(rule);
    }
    void eachRule()
    {
        QTest::addColumn<int>("number");
        for (int i = 0; i < int(m_pack.rules.size()); ++i)
            QTest::newRow(qPrintable(m_pack.rules[size_t(i)].name)) << i;
    }
};

void TestPolicyBehaviour::nothingIsSaidOfAPlainTicket()
{
    const Plain plain;
    for (int i = 0; i < int(m_pack.rules.size()); ++i)
        QVERIFY2(judge(i, plain) == Truth::No, qPrintable(m_pack.rules[size_t(i)].name));
}

void TestPolicyBehaviour::eachActsOnOneAndLeavesAnother_data()
{
    eachRule();
}

void TestPolicyBehaviour::eachActsOnOneAndLeavesAnother()
{
    QFETCH(int, number);
    const QString name = m_pack.rules[size_t(number)].name;
    QVERIFY2(cases().contains(name), qPrintable(u"No ticket stands here for "_s + name));
    const Case one = cases().value(name);
    Plain acted, left;
    one.acts(acted);
    one.leaves(left);
    QVERIFY(judge(number, acted) == Truth::Yes);
    QVERIFY(judge(number, left) == Truth::No);
}

void TestPolicyBehaviour::noneSendsATicketWhereItIs_data()
{
    eachRule();
}

/// A rule that does nothing but hand a ticket up holds for none that is there already: the guards would refuse it,
/// and it would keep the rules below from acting.
void TestPolicyBehaviour::noneSendsATicketWhereItIs()
{
    QFETCH(int, number);
    const Rule &rule = m_pack.rules[size_t(number)];
    const bool isOnlyAMove = std::ranges::all_of(
        rule.then, [](const Action &action) { return action.info->id == u"escalate"; });
    if (!isOnlyAMove || rule.goesOn)
        return;
    for (const Action &action : rule.then) {
        const QString tier = action.text(Slot::Tier);
        if (tier.isEmpty())
            continue;
        Plain there;
        cases().value(rule.name).acts(there);
        there.ticket.tier = tier;
        QVERIFY(judge(number, there) == Truth::No);
    }
}

QTEST_GUILESS_MAIN(TestPolicyBehaviour)
#include "tst_policybehaviour.moc"
