#include "core/calendar/agreementjson.h"
#include "core/calendar/ticketclocks.h"
#include "tests/calendar/calendartest.h"

using namespace tierline;
using namespace tierline::test;
using namespace tierline::sla;
using namespace Qt::StringLiterals;

namespace {

using Kind = Fact::Kind;
constexpr std::chrono::minutes minute { 1 };
constexpr std::chrono::hours hour { 1 };

/// On Monday 8 June 2026, UTC.
Instant on(const char *time)
{
    return at(("2026-06-08T" + QByteArray(time) + ":00Z").constData());
}

Fact fact(const char *time, Kind kind)
{
    return { .at = on(time), .kind = kind };
}
Fact status(const char *time, Status to)
{
    return { .at = on(time), .kind = Kind::StatusSet, .status = to };
}
Fact reply(const char *time, const QStringList &tiers = { u"L1"_s })
{
    return { .at = on(time), .kind = Kind::HumanReply, .tiers = tiers };
}
Fact escalated(const char *time, const QString &tier)
{
    return { .at = on(time), .kind = Kind::Escalated, .tier = tier };
}

/// A ticket that a customer opened at eight, at L1, normal priority, by mail.
TicketPast opened(std::vector<Fact> more = {}, const PolicyFields &fields = {})
{
    TicketPast past;
    past.facts = { { .at = on("08:00"), .kind = Kind::Created, .tier = u"L1"_s },
        fact("08:00", Kind::CustomerWord) };
    past.facts.insert(past.facts.end(), more.begin(), more.end());
    sortFacts(past.facts);
    PolicyFields first = fields;
    if (first.tier.isEmpty())
        first.tier = u"L1"_s;
    past.fields = { { on("08:00"), first } };
    return past;
}

Policy customer(const QString &name, std::vector<PolicyTarget> targets)
{
    return {
        .name = name, .isDefault = true, .calendar = u"Always"_s, .targets = std::move(targets)
    };
}
Policy internal(std::vector<PolicyTarget> targets)
{
    Policy policy = customer(u"Inside"_s, std::move(targets));
    policy.party = Party::Internal;
    return policy;
}

AgreementBook bookOf(Policies policies)
{
    AgreementBook book;
    book.setCalendar(u"Always"_s, calendar("{'zone':'UTC','hours':'24/7'}"));
    book.setCalendar(u"Office"_s, calendar(A));
    const auto added = book.add({ 1, { Instant::MinMs }, std::move(policies) });
    if (!added)
        qFatal("%s", qPrintable(added.error().detail));
    return book;
}

QString timeOf(const std::optional<Instant> &at)
{
    return at ? at->iso().mid(11, 5) : u"-"_s;
}

/// "first_response running due 09:00 by P, accept met …": every cycle on its own.
QString told(const std::vector<TicketClock> &clocks)
{
    QStringList all;
    for (const TicketClock &clock : clocks) {
        QString text = code(clock.kind);
        if (!clock.tier.isEmpty())
            text += u'@' + clock.tier;
        text += u' ' + code(clock.reading.state) + u" due "_s + timeOf(clock.reading.due);
        if (clock.reading.breachedAt)
            text += u" breached "_s + timeOf(clock.reading.breachedAt);
        if (!sla::text(clock.reading.cause).isEmpty())
            text += u" (%1)"_s.arg(sla::text(clock.reading.cause));
        all.append(text);
    }
    return all.join(u", "_s);
}

const PolicyTarget hourToAnswer { ClockKind::FirstResponse, hour };

} // namespace

/// The clocks of whole tickets under what is agreed: which there are, what changes them, what never does.
class TestTicketClocks : public QObject
{
    Q_OBJECT
private slots:
    void cases_data();
    void cases();
    void emptyBookCostsNothing();
    void acceptAloneAnswersNobody();
    void priorityChangeIsRetroactive();
    void looseningKeepsTheBreach();
    void graceBeforeAChangeBreaches();
    void unalarmedUnlessThePolicySaysSo();
    void policyDeletedWhileRunning();
    void policyComesBack();
    void finishedCyclesStay();
    void editionsRuleFromTheirInstant();
    void calendarEditedWhilePaused();
    void anotherCalendarHoldsOverTheWholeSpan();
    void breachUnderOtherPausesStays();
    void callsAnswerWhereThePolicyOfTheirTimeSaysSo();
    void zoneIsShown();
    void handDueWinsUntilReleased();
    void promisesNeedNoPolicy();
    void mergedTickets();
    void deletedTickets();
    void climbsTowardsTheDueTime();
    void nextDueIsTheEarliest();
    void tiersKeepTheirOwnTarget();
    void neverSummed();
    void alwaysTheSame();
};

void TestTicketClocks::cases_data()
{
    QTest::addColumn<TicketPast>("past");
    QTest::addColumn<std::vector<PolicyTarget>>("targets");
    QTest::addColumn<QString>("expected");
    using Targets = std::vector<PolicyTarget>;
    using enum ClockKind;
    const auto row = [](const char *name, const TicketPast &past, const Targets &targets,
                         const char *expected) {
        QTest::newRow(name) << past << targets << QString::fromLatin1(expected);
    };
    row("running", opened(), { hourToAnswer },
        "first_response breached-running due 09:00 breached 09:00");
    row("met", opened({ reply("08:30") }), { hourToAnswer }, "first_response met due 09:00");
    row("pending set in the same save as the first reply",
        opened({ reply("08:30"), status("08:30", Status::Pending) }),
        { hourToAnswer, { AgentWork, 10 * hour } },
        "first_response met due 09:00, agent_work paused due -");
    row("solved straight from on-hold",
        opened({ reply("08:10"), status("09:00", Status::Hold), status("11:00", Status::Solved) }),
        { { AgentWork, 2 * hour } }, "agent_work met due 12:00");
    row(
        "ticket created by an agent for a silent customer",
        [] {
            TicketPast past = opened({ reply("08:05") });
            std::erase_if(past.facts, [](const Fact &f) { return f.kind == Kind::CustomerWord; });
            return past;
        }(),
        { hourToAnswer, { NextResponse, hour } }, "");
    row(
        "bot answers twice, then hands over",
        [] {
            TicketPast past = opened({ fact("08:01", Kind::MachineReply),
                fact("08:02", Kind::CustomerWord), fact("08:03", Kind::MachineReply),
                { .at = on("08:30"), .kind = Kind::TierSet, .tier = u"L1"_s }, reply("09:15") });
            past.facts.front().isBotTier = true;
            return past;
        }(),
        { hourToAnswer }, "first_response met due 09:30");
    row("auto-reply as first message",
        opened({ fact("08:00", Kind::MachineReply), reply("08:45") }), { hourToAnswer },
        "first_response met due 09:00");
    row("customer thanks after solve",
        opened(
            { reply("08:10"), status("08:20", Status::Solved), fact("08:30", Kind::CustomerWord) }),
        { { NextResponse, hour } }, "");
    row("two answers of one instant",
        opened({ reply("08:30", { u"L1"_s }), reply("08:30", { u"L2"_s }) }), { hourToAnswer },
        "first_response met due 09:00");
    row("nothing agreed of a clock", opened({ fact("08:10", Kind::CustomerWord) }),
        { { TotalResolution, 100 * hour } }, "total_resolution running due 12:00");
}

void TestTicketClocks::cases()
{
    QFETCH(TicketPast, past);
    QFETCH(std::vector<PolicyTarget>, targets);
    QFETCH(QString, expected);
    const AgreementBook book = bookOf({ customer(u"P"_s, targets) });
    QCOMPARE(told(clocksOf(past, book, on("23:00"))), expected);
}

void TestTicketClocks::emptyBookCostsNothing()
{
    QVERIFY(clocksOf(opened(), {}, on("23:00")).empty());
    AgreementBook book;
    QVERIFY(clocksOf({}, bookOf({ customer(u"P"_s, { hourToAnswer }) }), on("23:00")).empty());
}

void TestTicketClocks::acceptAloneAnswersNobody()
{
    TicketPast past = opened({ reply("08:01"), fact("08:02", Kind::CustomerWord),
        escalated("08:10", u"L3"_s), fact("08:11", Kind::Accepted) });
    past.fields.push_back({ on("08:10"), { .tier = u"L3"_s } });
    const AgreementBook book = bookOf({ customer(u"P"_s, { { ClockKind::NextResponse, hour } }),
        internal({ { ClockKind::Accept, 5 * minute },
            { ClockKind::TierResponse, hour, { .tiers = { u"L3"_s } } } }) });
    QCOMPARE(told(clocksOf(past, book, on("08:30"))),
        u"next_response running due 09:02, accept@L3 met due 08:15, tier_response@L3 running due 09:10"_s);
    past.facts.push_back(reply("08:40", { u"L3"_s }));
    QCOMPARE(told(clocksOf(past, book, on("09:30"))),
        u"next_response met due 09:02, accept@L3 met due 08:15, tier_response@L3 met due 09:10"_s);
}

void TestTicketClocks::priorityChangeIsRetroactive()
{
    Policy policy = customer(u"P"_s,
        { { ClockKind::FirstResolution, hour, { .priorities = { Priority::Urgent } } },
            { ClockKind::FirstResolution, 8 * hour } });
    TicketPast past = opened();
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Urgent } });
    const AgreementBook book = bookOf({ policy });
    const auto before = clocksOf(past, book, on("09:59"));
    QCOMPARE(told(before), u"first_resolution running due 16:00"_s);
    const auto after = clocksOf(past, book, on("10:00"));
    QCOMPARE(told(after),
        u"first_resolution breached-running due 09:00 breached 10:00 (policy change)"_s);
    QCOMPARE(after.front().target, Millis(hour));
    // Of several settings in one instant the last counts.
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Low } });
    QCOMPARE(told(clocksOf(past, book, on("10:30"))), u"first_resolution running due 16:00"_s);
}

void TestTicketClocks::looseningKeepsTheBreach()
{
    Policy policy = customer(u"P"_s,
        { { ClockKind::FirstResolution, hour, { .priorities = { Priority::Normal } } },
            { ClockKind::FirstResolution, 8 * hour } });
    TicketPast past = opened();
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Low } });
    QCOMPARE(told(clocksOf(past, bookOf({ policy }), on("11:00"))),
        u"first_resolution breached-running due 16:00 breached 09:00"_s);
}

void TestTicketClocks::graceBeforeAChangeBreaches()
{
    Policy policy = customer(u"P"_s,
        { { ClockKind::FirstResolution, hour, { .priorities = { Priority::Urgent } } },
            { ClockKind::FirstResolution, 8 * hour } });
    policy.grace = 15 * minute;
    TicketPast past = opened({ status("10:10", Status::Solved) });
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Urgent } });
    QCOMPARE(
        told(clocksOf(past, bookOf({ policy }), on("12:00"))), u"first_resolution met due 09:00"_s);
    past = opened();
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Urgent } });
    QCOMPARE(told(clocksOf(past, bookOf({ policy }), on("12:00"))),
        u"first_resolution breached-running due 09:00 breached 10:15 (policy change)"_s);
}

void TestTicketClocks::unalarmedUnlessThePolicySaysSo()
{
    Policy policy = customer(u"P"_s,
        { { ClockKind::FirstResolution, hour, { .priorities = { Priority::Urgent } } },
            { ClockKind::FirstResolution, 8 * hour } });
    TicketPast past = opened();
    past.fields.push_back({ on("10:00"), { .tier = u"L1"_s, .priority = Priority::Urgent } });
    QVERIFY(clocksOf(past, bookOf({ policy }), on("12:00")).front().isUnalarmed);
    policy.changeRunsLadder = true;
    QVERIFY(!clocksOf(past, bookOf({ policy }), on("12:00")).front().isUnalarmed);
    past.fields.pop_back();
    policy.changeRunsLadder = false;
    QVERIFY(!clocksOf(past, bookOf({ policy }), on("18:00")).front().isUnalarmed);
}

void TestTicketClocks::policyDeletedWhileRunning()
{
    AgreementBook book = bookOf({ customer(u"P"_s, { hourToAnswer }) });
    QVERIFY(book.add({ 2, on("08:30"), {} }));
    QCOMPARE(told(clocksOf(opened(), book, on("12:00"))), u"first_response cancelled due -"_s);
    // A breach of before stays.
    AgreementBook late = bookOf({ customer(u"P"_s, { hourToAnswer }) });
    QVERIFY(late.add({ 2, on("09:30"), {} }));
    QCOMPARE(told(clocksOf(opened(), late, on("12:00"))),
        u"first_response cancelled due - breached 09:00"_s);
    // What comes afterwards has no clock.
    QVERIFY(clocksOf(opened(), late, on("12:00")).front().policy == u"P");
    TicketPast next = opened({ reply("08:10"), fact("10:00", Kind::CustomerWord) });
    QCOMPARE(told(clocksOf(next, late, on("12:00"))), u"first_response met due 09:00"_s);
}

void TestTicketClocks::policyComesBack()
{
    AgreementBook book = bookOf({ customer(u"P"_s, { hourToAnswer }) });
    QVERIFY(book.add({ 2, on("08:30"), {} }));
    QVERIFY(book.add(
        { 3, on("10:00"), { customer(u"Q"_s, { { ClockKind::FirstResponse, 4 * hour } }) } }));
    // Nine o'clock passed while nothing was promised.
    const auto clocks = clocksOf(opened(), book, on("11:00"));
    QCOMPARE(told(clocks), u"first_response running due 12:00"_s);
    QCOMPARE(clocks.front().policy, u"Q"_s);
    QCOMPARE(clocks.front().edition, 3);
}

void TestTicketClocks::finishedCyclesStay()
{
    AgreementBook book = bookOf({ customer(u"P"_s, { hourToAnswer }) });
    QVERIFY(book.add(
        { 2, on("10:00"), { customer(u"P"_s, { { ClockKind::FirstResponse, minute } }) } }));
    const auto clocks = clocksOf(opened({ reply("08:30") }), book, on("12:00"));
    QCOMPARE(told(clocks), u"first_response met due 09:00"_s);
    QCOMPARE(clocks.front().edition, 1);
}

void TestTicketClocks::editionsRuleFromTheirInstant()
{
    // The first rules from ever; one that changes nothing moves nothing and is named.
    AgreementBook book;
    book.setCalendar(u"Always"_s, calendar("{'zone':'UTC','hours':'24/7'}"));
    QVERIFY(book.add({ 1, on("12:00"), { customer(u"P"_s, { hourToAnswer }) } }));
    QVERIFY(book.add({ 2, on("13:00"), { customer(u"P"_s, { hourToAnswer }) } }));
    const auto clocks = clocksOf(opened(), book, on("14:00"));
    QCOMPARE(told(clocks), u"first_response breached-running due 09:00 breached 09:00"_s);
    QCOMPARE(clocks.front().edition, 2);
    QCOMPARE(clocks.front().cycle.targets.size(), 1U);
}

void TestTicketClocks::calendarEditedWhilePaused()
{
    Policy policy = customer(u"P"_s, { { ClockKind::AgentWork, 4 * hour } });
    policy.calendar = u"Office"_s; // nine to five in Berlin, 07:00 to 15:00 UTC
    const TicketPast past
        = opened({ status("09:00", Status::Pending), status("13:00", Status::Open) });
    AgreementBook book = bookOf({ policy });
    QCOMPARE(clocksOf(past, book, on("13:30")).front().reading.due,
        at("2026-06-09T08:00:00Z")); // one hour, pause, two hours, one more on Tuesday
    CalendarEditions hours(calendar(A));
    hours.add(on("11:00"), calendar(G)); // eight to six from eleven on
    book.setCalendar(u"Office"_s, hours);
    QCOMPARE(clocksOf(past, book, on("13:30")).front().reading.due, on("16:00"));
}

void TestTicketClocks::anotherCalendarHoldsOverTheWholeSpan()
{
    Policy vip = customer(u"Vip"_s, { { ClockKind::FirstResolution, 10 * hour } });
    vip.isDefault = false;
    vip.when.tags = QStringList { u"vip"_s };
    Policy rest = customer(u"Rest"_s, { { ClockKind::FirstResolution, 10 * hour } });
    rest.calendar = u"Office"_s;
    TicketPast past = opened();
    const AgreementBook book = bookOf({ vip, rest });
    QCOMPARE(clocksOf(past, book, on("12:00")).front().reading.due, at("2026-06-09T10:00:00Z"));
    past.fields.push_back({ on("12:00"), { .tier = u"L1"_s, .tags = { u"vip"_s } } });
    const auto clocks = clocksOf(past, book, on("12:30"));
    QCOMPARE(clocks.front().reading.due, on("18:00"));
    QCOMPARE(clocks.front().calendar, u"Always"_s);
    QCOMPARE(clocks.front().policy, u"Vip"_s);
    QCOMPARE(clocks.front().reading.elapsed, Millis(4 * hour + 30 * minute));
}

/// A pause that only the new policy knows does not undo what happened under the old one.
void TestTicketClocks::breachUnderOtherPausesStays()
{
    Policy strict = customer(u"Strict"_s, { { ClockKind::FirstResolution, 2 * hour } });
    Policy kind = customer(u"Kind"_s, { { ClockKind::FirstResolution, 2 * hour } });
    kind.isDefault = false;
    kind.when.tags = QStringList { u"vip"_s };
    kind.pauses = { ClockKind::FirstResolution };
    TicketPast past = opened({ status("09:00", Status::Pending), status("12:00", Status::Open) });
    const AgreementBook book = bookOf({ kind, strict });
    past.fields.push_back({ on("11:00"), { .tier = u"L1"_s, .tags = { u"vip"_s } } });
    QCOMPARE(told(clocksOf(past, book, on("12:30"))),
        u"first_resolution breached-running due 13:00 breached 10:00"_s);
    past.fields.back().from = on("09:30"); // before it was breached
    QCOMPARE(told(clocksOf(past, book, on("12:30"))), u"first_resolution running due 13:00"_s);
}

void TestTicketClocks::callsAnswerWhereThePolicyOfTheirTimeSaysSo()
{
    Policy before = customer(u"P"_s, { hourToAnswer });
    Policy after = before;
    after.callsAnswer = true;
    AgreementBook book = bookOf({ before });
    QVERIFY(book.add({ 2, on("08:20"), { after } }));
    QCOMPARE(told(clocksOf(opened({ fact("08:10", Kind::Call) }), book, on("08:59"))),
        u"first_response running due 09:00"_s);
    QCOMPARE(told(clocksOf(opened({ fact("08:30", Kind::Call) }), book, on("08:59"))),
        u"first_response met due 09:00"_s);
}

void TestTicketClocks::zoneIsShown()
{
    Policy policy = customer(u"P"_s, { hourToAnswer });
    policy.calendar = u"Office"_s;
    policy.zone = ZoneChoice::Organization;
    const AgreementBook book = bookOf({ policy });
    auto clocks
        = clocksOf(opened({}, { .organizationZone = u"America/New_York"_s }), book, on("20:00"));
    QCOMPARE(clocks.front().zone, u"America/New_York"_s);
    QCOMPARE(clocks.front().zoneBy, ZoneChoice::Organization);
    QCOMPARE(clocks.front().reading.due, on("14:00")); // opens at nine there
    clocks = clocksOf(opened(), book, on("20:00"));
    QCOMPARE(clocks.front().zone, u"Europe/Berlin"_s);
    QCOMPARE(clocks.front().zoneBy, ZoneChoice::Calendar);
}

void TestTicketClocks::handDueWinsUntilReleased()
{
    TicketPast past = opened();
    past.byHand.push_back(
        { ClockKind::FirstResponse, on("08:10"), on("11:00"), u"agreed"_s, u"ana"_s });
    const AgreementBook book = bookOf({ customer(u"P"_s, { hourToAnswer }) });
    QCOMPARE(told(clocksOf(past, book, on("10:00"))), u"first_response running due 11:00"_s);
    QCOMPARE(told(clocksOf(past, book, on("11:00"))),
        u"first_response breached-running due 11:00 breached 11:00 (due time set by hand)"_s);
    past.byHand.push_back(
        { ClockKind::FirstResponse, on("10:00"), on("12:00"), u"again"_s, u"ana"_s });
    QCOMPARE(told(clocksOf(past, book, on("11:30"))), u"first_response running due 12:00"_s);
    past.byHand.push_back({ ClockKind::FirstResponse, on("10:30"), {}, {}, u"ana"_s });
    QCOMPARE(told(clocksOf(past, book, on("11:30"))),
        u"first_response breached-running due 09:00 breached 10:30"_s);
    // Another clock, and a cycle that began later, know nothing of it.
    TicketPast next = opened({ reply("08:05"), fact("09:00", Kind::CustomerWord) });
    next.byHand = past.byHand;
    QCOMPARE(told(clocksOf(next,
                 bookOf({ customer(u"P"_s, { { ClockKind::NextResponse, hour } }) }), on("09:30"))),
        u"next_response running due 10:00"_s);
}

void TestTicketClocks::promisesNeedNoPolicy()
{
    TicketPast past = opened(
        { reply("08:10"), { .at = on("08:10"), .kind = Kind::Promised, .until = on("10:00") } });
    QCOMPARE(told(clocksOf(past, {}, on("09:00"))), u"promise running due 10:00"_s);
    QCOMPARE(told(clocksOf(past, {}, on("10:30"))),
        u"promise breached-running due 10:00 breached 10:00 (due time set by hand)"_s);
    past.facts.push_back(reply("09:30"));
    QCOMPARE(told(clocksOf(past, {}, on("10:30"))), u"promise met due 10:00"_s);
}

void TestTicketClocks::mergedTickets()
{
    const AgreementBook book
        = bookOf({ customer(u"P"_s, { hourToAnswer, { ClockKind::FirstResolution, 10 * hour } }) });
    // The survivor was answered in time; the other was not, and is merged into it at ten.
    const TicketPast healthy = opened({ reply("08:20") });
    const TicketPast late = opened();
    const auto own = clocksOf(healthy, book, on("11:00"));
    const auto clocks = mergedClocks(own, late, book, on("10:00"));
    QCOMPARE(told(clocks),
        u"first_response met due 09:00, first_resolution running due 18:00, "
        "first_response cancelled due - breached 09:00"_s);
    QCOMPARE(std::ranges::count_if(clocks, &TicketClock::isOpen), 1);
    // Merged before it was late: nothing of it stays.
    QCOMPARE(told(mergedClocks(own, late, book, on("08:30"))), told(own));
}

void TestTicketClocks::deletedTickets()
{
    const AgreementBook book
        = bookOf({ customer(u"P"_s, { { ClockKind::TotalResolution, 9 * hour } }) });
    QCOMPARE(told(clocksOf(opened({ status("10:00", Status::Deleted) }), book, on("20:00"))),
        u"total_resolution cancelled due -"_s);
    QCOMPARE(
        told(clocksOf(opened({ status("10:00", Status::Deleted), status("11:00", Status::Open) }),
            book, on("12:00"))),
        u"total_resolution running due 17:00"_s);
}

void TestTicketClocks::climbsTowardsTheDueTime()
{
    Policy policy = customer(u"P"_s, { { ClockKind::FirstResolution, 6 * hour } });
    policy.climbsTo = Priority::Urgent;
    const TicketClock clock = clocksOf(opened(), bookOf({ policy }), on("09:00")).front();
    const std::vector<ClimbStep> steps = climb(clock, Priority::Low);
    const std::vector<ClimbStep> expected { { on("10:00"), Priority::Normal },
        { on("12:00"), Priority::High }, { on("14:00"), Priority::Urgent } };
    QVERIFY(steps == expected);
    QCOMPARE(climbed(clock, Priority::Low, on("09:59")), Priority::Low);
    QCOMPARE(climbed(clock, Priority::Low, on("12:00")), Priority::High);
    QCOMPARE(climbed(clock, Priority::Low, on("20:00")), Priority::Urgent);
    QVERIFY(climb(clock, Priority::Urgent).empty());
    // Pauses hold the climb as they hold the clock.
    policy.pauses = { ClockKind::FirstResolution };
    const TicketClock paused
        = clocksOf(opened({ status("08:30", Status::Pending), status("09:30", Status::Open) }),
            bookOf({ policy }), on("09:45"))
              .front();
    QCOMPARE(climb(paused, Priority::Low).front().at, on("11:00"));
    policy.climbsTo.reset();
    QVERIFY(
        climb(clocksOf(opened(), bookOf({ policy }), on("09:00")).front(), Priority::Low).empty());
}

void TestTicketClocks::nextDueIsTheEarliest()
{
    const AgreementBook book = bookOf({ customer(u"P"_s,
        { { ClockKind::FirstResolution, 8 * hour }, { ClockKind::FirstResponse, 2 * hour } }) });
    auto clocks = clocksOf(opened(), book, on("09:00"));
    QVERIFY(nextDue(clocks));
    QCOMPARE(nextDue(clocks)->kind, ClockKind::FirstResponse);
    clocks = clocksOf(opened({ reply("09:00") }), book, on("09:30"));
    QCOMPARE(nextDue(clocks)->kind, ClockKind::FirstResolution);
    QVERIFY(!nextDue({}));
}

void TestTicketClocks::tiersKeepTheirOwnTarget()
{
    TicketPast past = opened({ escalated("09:00", u"L2"_s), escalated("10:00", u"L3"_s) });
    past.fields.push_back({ on("09:00"), { .tier = u"L2"_s } });
    past.fields.push_back({ on("10:00"), { .tier = u"L3"_s } });
    const AgreementBook book
        = bookOf({ internal({ { ClockKind::TierResolution, 30 * minute, { .tiers = { u"L2"_s } } },
            { ClockKind::TierResolution, 4 * hour, { .tiers = { u"L3"_s } } } }) });
    QCOMPARE(told(clocksOf(past, book, on("11:00"))),
        u"tier_resolution@L2 cancelled due - breached 09:30, tier_resolution@L3 running due 14:00"_s);
}

void TestTicketClocks::neverSummed()
{
    TicketPast past = opened({ escalated("08:00", u"L2"_s), status("09:00", Status::Hold),
        status("10:00", Status::Open) });
    Policy supplier = customer(u"Carrier"_s, { { ClockKind::Supplier, 2 * hour } });
    supplier.party = Party::Supplier;
    const AgreementBook book
        = bookOf({ customer(u"P"_s, { { ClockKind::TotalResolution, 9 * hour } }),
            internal({ { ClockKind::TierResolution, 9 * hour } }), supplier });
    const auto clocks = clocksOf(past, book, on("12:00"));
    QCOMPARE(told(clocks),
        u"total_resolution running due 17:00, tier_resolution@L2 running due 18:00, supplier met due 11:00"_s);
    for (const TicketClock &clock : clocks)
        QCOMPARE(clock.party(), partyOf(clock.kind));
    QCOMPARE(clocks[1].reading.elapsed, Millis(3 * hour)); // the hold is the supplier's
}

/// Facts and fields in any order of coming, looked at often: the same answer each time.
void TestTicketClocks::alwaysTheSame()
{
    const quint64 seed = 20260612;
    qInfo("seed %llu", static_cast<unsigned long long>(seed));
    SeededRandom random(seed);
    Policy urgent = customer(u"Urgent"_s,
        { hourToAnswer, { ClockKind::NextResponse, hour }, { ClockKind::PeriodicUpdate, 2 * hour },
            { ClockKind::TotalResolution, 5 * hour } });
    urgent.isDefault = false;
    urgent.when.priorities = { Priority::Urgent };
    Policy rest = customer(u"Rest"_s,
        { { ClockKind::NextResponse, 3 * hour }, { ClockKind::RequesterWait, 9 * hour } });
    rest.pauses = { ClockKind::NextResponse };
    AgreementBook book = bookOf({ urgent, rest, internal({ { ClockKind::Accept, 5 * minute } }) });
    QVERIFY(book.add({ 2, on("12:00"), { rest } }));
    for (int round = 0; round < 500; ++round) {
        TicketPast past = opened();
        for (qint64 n = random.below(20); n > 0; --n) {
            past.facts.push_back({ .at = on("08:00") + minute * random.below(600),
                .kind = static_cast<Kind>(1 + random.below(static_cast<qint64>(Kind::TierSet))),
                .status = static_cast<Status>(random.below(6)),
                .tier = u"L2"_s,
                .tiers = { u"L2"_s },
                .until = on("20:00") });
        }
        Instant from = on("08:00");
        for (qint64 n = random.below(4); n > 0; --n) {
            from = from + minute * random.below(200);
            past.fields.push_back(
                { from, { .tier = u"L2"_s, .priority = static_cast<Priority>(random.below(4)) } });
        }
        TicketPast shuffled = past;
        sortFacts(past.facts);
        std::stable_sort(shuffled.facts.begin(), shuffled.facts.end(),
            [](const Fact &a, const Fact &b) { return a.kind < b.kind; });
        sortFacts(shuffled.facts);
        const Instant now = on("08:00") + minute * random.below(900);
        const QString once = told(clocksOf(past, book, now));
        QCOMPARE(told(clocksOf(shuffled, book, now)), once);
        // A breach that was seen is seen ever after, at the same instant.
        const auto early = clocksOf(past, book, now);
        const auto late = clocksOf(past, book, on("23:00"));
        for (const TicketClock &clock : early) {
            const auto same = std::ranges::find_if(late, [&](const TicketClock &other) {
                return other.kind == clock.kind && other.cycle.start == clock.cycle.start
                    && other.tier == clock.tier;
            });
            QVERIFY2(same != late.end(), qPrintable(once));
            QVERIFY2(
                !clock.reading.breachedAt || same->reading.breachedAt == clock.reading.breachedAt,
                qPrintable(once + u" / "_s + told(late)));
        }
    }
}

QTEST_GUILESS_MAIN(TestTicketClocks)
#include "tst_ticketclocks.moc"
