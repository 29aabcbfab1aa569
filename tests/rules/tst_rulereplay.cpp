// Rounds over a ticket's past: when rules act, and that looking only when something changed or is due finds
// the same as looking at everything every minute.

#include "core/escalation/eventdata.h"
#include "core/rules/backtest.h"
#include "core/rules/parse.h"
#include "tests/support/caserange.h"
#include "tests/support/pasts/pastmaker.h"

#include <QSet>
#include <QtTest>

using namespace tierline;
using namespace tierline::rules;
using namespace Qt::StringLiterals;

namespace {

constexpr qint64 minuteMs = 60'000;

std::vector<Rule> rulesOf(const QString &text)
{
    Parsed parsed = parse(text);
    if (!parsed.isWhole())
        qFatal("%s", qPrintable(parsed.problems.front().text()));
    return std::move(parsed.document.rules);
}

struct Seen {
    qint64 ticket;
    qint64 at;
    int rule;
    bool escalates;
    QString sentence;
    bool operator==(const Seen &) const = default;
};

QString lineOf(const Seen &seen)
{
    return u"ticket %1 at %2 rule %3%4: %5"_s.arg(seen.ticket)
        .arg(Instant { seen.at }.iso())
        .arg(seen.rule)
        .arg(seen.escalates ? u" escalates"_s : QString(), seen.sentence);
}

/// Counts over other tickets by walking through all of them, one by one.
class SlowSurroundings final : public Surroundings
{
public:
    SlowSurroundings(const std::vector<NeighbourTrace> &traces, qint64 ticket, bool readsUnanswered)
        : m_traces(traces)
        , m_ticket(ticket)
        , m_readsUnanswered(readsUnanswered)
    {
    }
    Instant now;
    OrganizationId organization;

    Told<qint64> ticketsFromAccount(Millis window) const override
    {
        return count(window, [](const NeighbourTrace &) { return true; });
    }
    Told<qint64> unansweredFromAccount(Millis window) const override
    {
        return count(window, [this](const NeighbourTrace &trace) {
            return !trace.answered || *trace.answered > now;
        });
    }
    /// Whether an event of another ticket at this instant changes a count that this one stands in.
    bool isWoken(Millis window) const
    {
        const NeighbourTrace &own = m_traces[size_t(m_ticket) - 1];
        if (!own.organization || *own.created > now || *own.created <= now - window)
            return false;
        return std::ranges::any_of(m_traces, [&](const NeighbourTrace &other) {
            const bool isNear = *other.created <= now && *other.created > now - window;
            return other.ticket != own.ticket && other.organization == own.organization && isNear
                && (other.created == now || (m_readsUnanswered && other.answered == now));
        });
    }

private:
    template<typename F>
    Told<qint64> count(Millis window, F matches) const
    {
        if (!organization)
            return {};
        qint64 count = 0;
        for (const NeighbourTrace &trace : m_traces)
            count += trace.organization == organization && *trace.created <= now
                && *trace.created > now - window && matches(trace);
        return count;
    }
    const std::vector<NeighbourTrace> &m_traces;
    qint64 m_ticket;
    bool m_readsUnanswered;
};

/// Every rule, at every minute, from a row that is read anew each time.
class SlowReplay
{
public:
    SlowReplay(const RuleSet &set, const LifeFrame &frame,
        const std::vector<NeighbourTrace> &traces, Millis window)
        : m_set(set)
        , m_traces(traces)
        , m_window(window)
        , m_life(frame)
        , m_evaluator(set)
    {
        for (const FactSlot &slot : set.slotsRead())
            m_readsClocks = m_readsClocks || slot.serviceLength > 0
                || slot.fact->type == FactType::Span
                || (slot.fact->changes & Changes(Change::Clock)) != 0;
    }

    std::vector<Seen> run(const PastTicket &ticket, Instant until)
    {
        std::vector<Seen> seen;
        SlowSurroundings around(m_traces, ticket.id.v,
            m_set.facts()[size_t(factTable().find(u"account-unanswered")->number)]);
        m_life.begin(ticket.id, ticket.customer, ticket.textOf);
        m_life.setAround(&around);
        m_spent.clear();
        std::vector<QList<bool>> turned(m_set.rules().size());
        size_t next = 0;
        for (Instant now = ticket.events.front().at; now <= until; now = now + Millis(minuteMs)) {
            bool hasEvent = false;
            for (; next < ticket.events.size() && ticket.events[next].at <= now; ++next) {
                m_life.apply(ticket.events[next]);
                hasEvent = true;
            }
            around.now = now;
            around.organization = m_life.state().ticket.organization;
            const Subject &subject = m_life.at(now);
            const FactRow row = m_set.read(subject);
            m_evaluator.start(row, now);
            const auto edition = m_life.nextEdition(now - Millis(1));
            const bool isEdition = m_readsClocks && edition && *edition == now;
            const bool isWoken
                = !isSolved(m_life.state().ticket.status) && around.isWoken(m_window);
            round(ticket, subject, row, hasEvent || isWoken || isEdition, turned, seen);
        }
        return seen;
    }

private:
    /// How the conditions on time of a rule stand.
    QList<bool> timesOf(int rule)
    {
        QList<bool> times;
        for (const int place : m_set.compiled()[size_t(rule)].nodes) {
            const int test = m_set.nodes()[size_t(place)].test;
            if (m_set.tests()[size_t(test)].kind == CompiledTest::Kind::Time)
                times.append(m_evaluator.test(test) == Truth::Yes);
        }
        return times;
    }
    bool readsOthers(int rule) const
    {
        return (
            m_set.compiled()[size_t(rule)].facts & factTable().changedBy(Changes(Change::Around)))
            .any();
    }
    void round(const PastTicket &ticket, const Subject &subject, const FactRow &, bool isOwn,
        std::vector<QList<bool>> &turned, std::vector<Seen> &seen)
    {
        bool isStopped = false, hasEscalated = false;
        for (int rule = 0; rule < int(m_set.rules().size()); ++rule) {
            const QList<bool> times = timesOf(rule);
            const bool hasTurned = times != turned[size_t(rule)];
            turned[size_t(rule)] = times;
            if (readsOthers(rule) && !isOwn && !hasTurned)
                continue;
            if (m_evaluator.judge(rule) != Truth::Yes)
                continue;
            const auto cause = std::pair(rule, m_evaluator.anchor(rule).text());
            if (m_spent.contains(cause))
                continue;
            m_spent.insert(cause);
            if (isStopped)
                continue;
            const bool escalates = m_set.compiled()[size_t(rule)].escalates && !hasEscalated;
            hasEscalated = hasEscalated || escalates;
            seen.push_back({ ticket.id.v, subject.now.ms, rule, escalates,
                sentence(m_set, rule, m_evaluator, subject) });
            isStopped = !m_set.rules()[size_t(rule)].goesOn;
        }
    }

    const RuleSet &m_set;
    const std::vector<NeighbourTrace> &m_traces;
    Millis m_window;
    TicketLife m_life;
    Evaluator m_evaluator;
    bool m_readsClocks = false;
    QSet<std::pair<int, QString>> m_spent;
};

/// Rules over every kind of condition that a log can answer.
QString someRules(SeededRandom &random)
{
    static const QStringList conditions { u"plan is enterprise or business"_s,
        u"arr is at least $100,000"_s, u"priority is at least high"_s, u"status is not pending"_s,
        u"category is billing"_s, u"tags include refund"_s, u"amount is over $500"_s,
        u"tier is L1"_s, u"team is \"Billing\""_s, u"assignee is empty"_s, u"channel is chat"_s,
        u"2 attempts"_s, u"1 failed fix"_s, u"reopened 1 time"_s, u"2 messages without answer"_s,
        u"handed over 1 time"_s, u"no agent reply for 2h"_s, u"no agent reply for 45m"_s,
        u"no customer reply for 3h"_s, u"unassigned for 1h"_s, u"in tier for 4h"_s,
        u"idle for 90m"_s, u"open for 1d"_s, u"in status for 5h"_s, u"unaccepted for 30m"_s,
        u"accepted but untouched for 2h"_s, u"no agent reply for 2 service hours"_s,
        u"in tier for 3 service hours"_s, u"outside service hours"_s, u"renewal within 10d"_s,
        u"sla left below 30m"_s, u"sla left below 50 %"_s, u"first response left below 10m"_s,
        u"next response left below 1 service hour"_s, u"resolution left below 4h"_s,
        u"sla breached"_s, u"sla breached for 1h"_s, u"text mentions \"refund\" or \"lawyer\""_s,
        u"last message mentions \"thanks\""_s, u"subject mentions \"export\""_s,
        u"asks for a human"_s, u"churn intent"_s, u"legal words"_s, u"urgency is at least 40"_s,
        u"3 failed logins"_s, u"sentiment is negative"_s, u"bot gave up"_s, u"flagged for 30m"_s,
        u"tier L1 tried without success"_s, u"3 tickets from one account within 1d"_s,
        u"2 unanswered tickets from one account within 1d"_s };
    QString text;
    const qint64 rules = 1 + random.below(8);
    for (qint64 i = 0; i < rules; ++i) {
        const auto one = [&] {
            const QString condition = conditions[random.below(conditions.size())];
            return random.below(5) ? condition : u"not "_s + condition;
        };
        QString when = one();
        if (random.below(3))
            when += (random.below(3) ? u" and "_s : u" or "_s) + one();
        if (random.below(3) == 0)
            when = u"("_s + when + (random.below(2) ? u") and "_s : u") or "_s) + one();
        text += u"rule \"R%1\"\n  when %2\n  then %3\n  %4\n"_s.arg(i).arg(when,
            random.below(2) ? u"escalate to L2 reason sla-risk"_s : u"remind"_s,
            random.below(2) ? u"continue"_s : u"stop"_s);
    }
    return text;
}

} // namespace

class TestRuleReplay : public QObject
{
    Q_OBJECT

private slots:
    void actsAtTheExactInstant();
    void stopSpendsWhatItKeepsFromActing();
    void oneEscalationARound();
    void eventsOfOneInstantCountTogether();
    void nothingIsKnownBeforeItsTime();
    void whatIsUndoneCountsUntilThen();
    void neighboursWake();
    void closedHoursActEveryNight();
    void customersAreKnownAsTheyWere();
    void sameAsLookingEveryMinute();
    void figures();
    void stopsWhenAsked();

private:
    std::vector<Seen> play(const QString &rules, PastTicket ticket, Millis length = Millis(0));
};

namespace {

const Instant start { 1'775'001'600'000 }; // Wed 2026-04-01T00:00:00Z

Instant minute(qint64 minutes)
{
    return start + Millis(minutes * minuteMs);
}

/// A ticket that is told line by line.
struct Told1 {
    PastTicket past { .id = { 1 }, .key = u"T-1"_s };
    explicit Told1(const QJsonObject &data = {})
    {
        Event &created = add(0, EventKind::Created, AuthorKind::Customer);
        created.tier = u"L1"_s;
        created.status = Status::New;
        created.data = data;
    }
    Event &add(qint64 minutes, EventKind kind, AuthorKind actor = AuthorKind::Agent)
    {
        const Instant at = minute(minutes);
        past.events.push_back({ .id = { qint64(past.events.size()) + 1 },
            .ticket = past.id,
            .at = at,
            .order = at,
            .kind = kind,
            .actorKind = actor });
        return past.events.back();
    }
    void customer(qint64 minutes) { add(minutes, EventKind::Message, AuthorKind::Customer); }
    void answer(qint64 minutes) { add(minutes, EventKind::Message); }
};

QStringList shortly(const std::vector<Seen> &seen)
{
    QStringList lines;
    for (const Seen &one : seen)
        lines.append(u"%1 %2%3"_s.arg((one.at - start.ms) / minuteMs)
                         .arg(one.rule)
                         .arg(one.escalates ? u"!"_s : QString()));
    return lines;
}

} // namespace

std::vector<Seen> TestRuleReplay::play(const QString &rules, PastTicket ticket, Millis length)
{
    const RuleSet set(rulesOf(rules), {});
    const triage::TextReader reader;
    LifeFrame frame { .reader = &reader };
    frame.agreements = test::someAgreements(start, 2);
    Replay replay(set, frame, nullptr);
    std::vector<Seen> seen;
    const Instant until = length.count() > 0 ? start + length : minute(60 * 24);
    replay.run(ticket, until, [&](const ReplayFire &fire) {
        seen.push_back({ ticket.id.v, fire.at.ms, fire.fire->rule, fire.fire->escalates,
            fire.fire->sentence });
    });
    return seen;
}

void TestRuleReplay::actsAtTheExactInstant()
{
    Told1 told;
    told.customer(5);
    told.answer(60);
    told.customer(90);
    const auto seen = play(u"rule \"A\" when no agent reply for 2h then remind"_s, told.past);
    QCOMPARE(shortly(seen), QStringList { u"210 0"_s });
    QCOMPARE(seen.front().sentence, u"no agent reply for 2h"_s);
}

/// A plan that came later explains nothing before; once it is known, what holds acts at once.
void TestRuleReplay::customersAreKnownAsTheyWere()
{
    const auto facts = [](const QString &plan) {
        return Organization { .id = { 7 }, .name = u"Acme"_s, .plan = plan };
    };
    const QString rule
        = u"rule \"A\" when plan is enterprise and no agent reply for 2h then remind"_s;
    Told1 told;
    told.customer(5);
    told.past.customer.organization = facts(u"enterprise"_s);
    QCOMPARE(shortly(play(rule, told.past)), QStringList { u"125 0"_s });
    const auto past = [&](std::initializer_list<std::pair<qint64, QString>> turns) {
        OrganizationPast then;
        for (const auto &[until, plan] : turns)
            then.push_back({ minute(until), facts(plan) });
        told.past.customer.past = std::make_shared<const OrganizationPast>(std::move(then));
        return shortly(play(rule, told.past));
    };
    QCOMPARE(past({ { -60, u"team"_s } }), QStringList { u"125 0"_s }); // before there was a ticket
    QCOMPARE(past({ { 60, u"team"_s } }), QStringList { u"125 0"_s });
    QCOMPARE(past({ { 125, u"team"_s } }), QStringList { u"125 0"_s }); // known from that instant
    QCOMPARE(past({ { 300, u"team"_s } }), QStringList { u"300 0"_s });
    QCOMPARE(past({ { 60, u"enterprise"_s }, { 400, u"free"_s } }), QStringList { u"400 0"_s });
    told.past.customer.organization = facts(u"free"_s);
    QCOMPARE(past({ { 124, u"enterprise"_s } }), QStringList {});
    QCOMPARE(past({ { 126, u"enterprise"_s } }), QStringList { u"125 0"_s });
}

void TestRuleReplay::stopSpendsWhatItKeepsFromActing()
{
    Told1 told;
    told.customer(0);
    told.customer(300); // nothing new to wait for
    told.answer(400);
    told.customer(500); // another cause
    const QString two = u"rule \"A\" when no agent reply for 2h then remind\n"
                        "rule \"B\" when no agent reply for 2h then notify manager\n"
                        "rule \"C\" when no agent reply for 3h then notify manager"_s;
    QCOMPARE(shortly(play(two, told.past)),
        (QStringList { u"120 0"_s, u"180 2"_s, u"620 0"_s, u"680 2"_s }));
}

void TestRuleReplay::oneEscalationARound()
{
    Told1 told;
    told.customer(0);
    const QString two
        = u"rule \"A\" when no agent reply for 2h then escalate to L2 reason sla-risk continue\n"
          "rule \"B\" when no agent reply for 2h then escalate to L3 reason sla-risk and remind"_s;
    QCOMPARE(shortly(play(two, told.past)), (QStringList { u"120 0!"_s, u"120 1"_s }));
}

void TestRuleReplay::eventsOfOneInstantCountTogether()
{
    Told1 told;
    told.add(10, EventKind::Changed).priority = Priority::Urgent;
    told.add(10, EventKind::Changed).data = { { eventdata::category, u"billing"_s } };
    told.add(10, EventKind::Changed).priority = Priority::Low;
    QCOMPARE(shortly(play(u"rule \"A\" when priority is urgent then remind\n"
                          "rule \"B\" when category is billing and priority is low then remind"_s,
                 told.past)),
        QStringList { u"10 1"_s });
}

void TestRuleReplay::nothingIsKnownBeforeItsTime()
{
    Told1 told({ { eventdata::category, u"bug"_s } });
    told.customer(0);
    told.add(200, EventKind::Changed).data = { { eventdata::category, u"billing"_s } };
    // At the due instant the ticket was no billing ticket yet; it became one later.
    QCOMPARE(
        shortly(play(u"rule \"A\" when category is billing and no agent reply for 2h then remind"_s,
            told.past)),
        QStringList { u"200 0"_s });
    // An event that its source dates before its predecessor is known from then.
    Event late = told.past.events.back();
    late.id = { 9 };
    late.at = minute(100);
    late.data = { { eventdata::category, u"bug"_s } };
    told.past.events.push_back(late);
    QCOMPARE(
        shortly(play(u"rule \"A\" when category is billing and no agent reply for 2h then remind"_s,
            told.past)),
        QStringList());
}

void TestRuleReplay::whatIsUndoneCountsUntilThen()
{
    Told1 told;
    told.add(10, EventKind::Changed).priority = Priority::Urgent;
    told.add(20, EventKind::Undone).data = { { eventdata::undoes, QJsonArray { 2 } } };
    told.add(30, EventKind::Changed).data = { { eventdata::category, u"billing"_s } };
    QCOMPARE(shortly(play(u"rule \"A\" when priority is urgent then remind continue\n"
                          "rule \"B\" when category is billing and priority is urgent then remind\n"
                          "rule \"C\" when category is billing then remind"_s,
                 told.past)),
        (QStringList { u"10 0"_s, u"30 2"_s }));
}

void TestRuleReplay::neighboursWake()
{
    std::vector<PastTicket> tickets;
    for (qint64 i = 1; i <= 3; ++i) {
        Told1 told({ { eventdata::organization, 7 } });
        told.past.id = { i };
        for (Event &event : told.past.events) {
            event.at = event.order = minute(i * 100);
            event.ticket = { i };
        }
        tickets.push_back(told.past);
    }
    const RuleSet set(
        rulesOf(u"rule \"A\" when 3 tickets from one account within 1d and open for 150m "
                "then remind"_s),
        {});
    test::ListPast past(tickets);
    auto result = backtest(set, past, {}, { .to = minute(600) });
    QVERIFY(result);
    QStringList lines;
    for (const BacktestFire &fire : result->rules[0].fires)
        lines.append(u"%1 %2"_s.arg(fire.key).arg((fire.at - start).count() / minuteMs));
    // The first is old enough when the third comes; the others when their time is up.
    QCOMPARE(lines, (QStringList { u"T-1 300"_s, u"T-1 350"_s, u"T-1 450"_s }));
}

void TestRuleReplay::closedHoursActEveryNight()
{
    Told1 told; // Wednesday, midnight; offices are open from 9 to 17
    const auto seen = play(u"rule \"A\" when outside service hours and open for 5h then remind"_s,
        told.past, Millis(2 * 86'400'000));
    QCOMPARE(shortly(seen), (QStringList { u"300 0"_s, u"1020 0"_s, u"2460 0"_s }));
}

void TestRuleReplay::sameAsLookingEveryMinute()
{
    const triage::TextReader reader;
    const test::CaseRange cases = test::casesToRun(40, 3'000);
    qint64 fires = 0, most = 0;
    for (qint64 seed = cases.first; seed < cases.end; ++seed) {
        SeededRandom random(quint64(seed) * 977 + 5);
        const QString text = someRules(random);
        test::PastMaker maker(quint64(seed) + 1, { .minutes = 60 * 30 });
        std::vector<PastTicket> tickets = maker.tickets(4);
        LifeFrame frame { .reader = &reader, .tracesNeighbours = true };
        frame.people.rankOf = { { u"L1"_s, 1 }, { u"L2"_s, 2 }, { u"L3"_s, 3 } };
        if (seed % 4)
            frame.agreements = test::someAgreements(start, 1);
        const RuleSet set(rulesOf(text), {});
        const Instant until = minute(60 * 48);
        test::ListPast past(tickets);
        auto neighbours = neighboursOf(set, past, frame);
        QVERIFY(neighbours);
        std::vector<NeighbourTrace> traces;
        for (const PastTicket &ticket : tickets) {
            TicketLife life(frame);
            life.begin(ticket.id);
            for (const Event &event : ticket.events)
                life.apply(event);
            traces.push_back(life.trace());
            QCOMPARE(NeighbourTrace::of(ticket.id, ticket.events), traces.back());
            const auto begun
                = NeighbourTrace::of(ticket.id, ticket.events, NeighbourTrace::Extent::Beginning);
            QCOMPARE(begun.created, traces.back().created);
            QCOMPARE(begun.organization, traces.back().organization);
            QCOMPARE(begun.requester, traces.back().requester);
        }
        Replay replay(set, frame, neighbours->get());
        SlowReplay slow(set, frame, traces, Millis(86'400'000));
        for (PastTicket &ticket : tickets) {
            std::vector<Seen> found;
            replay.run(ticket, until, [&](const ReplayFire &fire) {
                found.push_back({ ticket.id.v, fire.at.ms, fire.fire->rule, fire.fire->escalates,
                    fire.fire->sentence });
            });
            const std::vector<Seen> wanted = slow.run(ticket, until);
            fires += qint64(wanted.size());
            most = std::max(most, qint64(wanted.size()));
            if (found == wanted)
                continue;
            qWarning().noquote() << "seed" << seed << "ticket" << ticket.key << "\n" << text;
            for (const Event &event : ticket.events)
                qWarning().noquote() << code(event.kind) << event.at.iso() << code(event.actorKind)
                                     << (event.status ? code(*event.status) : QString())
                                     << QJsonDocument(event.data).toJson(QJsonDocument::Compact);
            for (const Seen &one : wanted)
                qWarning().noquote() << "wanted" << lineOf(one);
            for (const Seen &one : found)
                qWarning().noquote() << "found " << lineOf(one);
            QFAIL("the replay and the slow one differ");
        }
    }
    qInfo() << fires << "fires, at most" << most << "of one ticket; seeds" << cases.first << "to"
            << cases.end - 1;
    QVERIFY(fires > (cases.end - cases.first) * 5);
}

void TestRuleReplay::figures()
{
    std::vector<PastTicket> tickets;
    for (qint64 i = 1; i <= 4; ++i) {
        Told1 told({ { eventdata::category, i <= 3 ? u"billing"_s : u"bug"_s } });
        told.past.id = { i };
        told.past.key = u"T-%1"_s.arg(i);
        if (i != 2)
            told.past.shouldEscalate = i != 3;
        tickets.push_back(told.past);
    }
    const RuleSet set(rulesOf(u"rule \"A\" when category is billing and open for 2h "
                              "then escalate to L2 reason sla-risk "
                              "and notify channel \"#help\" and tell customer continue\n"
                              "rule \"B\" when plan is enterprise then remind"_s),
        {});
    test::ListPast past(tickets);
    auto result = backtest(set, past, {}, { .from = minute(60), .to = minute(600) });
    QVERIFY(result);
    const BacktestRule &rule = result->rules[0];
    QCOMPARE(result->tickets, 4);
    QCOMPARE(rule.count, 3);
    QCOMPARE(rule.tickets, 3);
    QCOMPARE(rule.perDay, (std::map<QDate, qint64> { { QDate(2026, 4, 1), 3 } }));
    QCOMPARE(result->loadPerTier, (std::map<QString, qint64> { { u"L2"_s, 3 } }));
    QCOMPARE(result->notices,
        (std::map<QString, qint64> { { u"channel #help"_s, 3 }, { u"customer"_s, 3 } }));
    QCOMPARE(rule.precision.value_or(-1), 0.5); // T-1 rightly, T-3 not, of T-2 nobody knows
    QCOMPARE(rule.recall.value_or(-1), 0.5); // T-4 was missed
    QCOMPARE(rule.missed, QStringList { u"T-4"_s });
    QVERIFY(!result->rules[1].precision);
    QCOMPARE(result->rules[1].unjudged, 4);
    QCOMPARE(result->rules[1].unjudgedWhy, u"plan is not filled"_s);
    // What acted before the span is spent, and does not count.
    auto later = backtest(set, past, {}, { .from = minute(200), .to = minute(600) });
    QVERIFY(later);
    QCOMPARE(later->rules[0].count, 0);
}

void TestRuleReplay::stopsWhenAsked()
{
    test::PastMaker maker(3, {});
    test::ListPast past(maker.tickets(3));
    const RuleSet set(rulesOf(u"rule \"A\" when open for 2h then remind"_s), {});
    const auto result
        = backtest(set, past, {}, { .to = minute(600), .progress = [](qint64) { return false; } });
    QVERIFY(!result);
    QCOMPARE(result.error().fault, Fault::Cancelled);
}

QTEST_GUILESS_MAIN(TestRuleReplay)
#include "tst_rulereplay.moc"
