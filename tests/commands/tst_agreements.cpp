#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "core/escalation/eventdata.h"
#include "core/storage/agreements.h"
#include "core/storage/queues.h"
#include "tests/commands/commandtest.h"

#include <QTest>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;

namespace {

using namespace std::chrono_literals;

sla::Agreements agreements(QByteArray policies)
{
    const QByteArray text
        = "{'calendars':{'Always':{'zone':'UTC','hours':'24/7'}},'policies':[" + policies + "]}";
    const auto json = readJsonObject(QByteArray(text).replace('\'', '"'));
    const auto read = sla::agreementsFromJson(*json);
    if (!read)
        qFatal("%s", qPrintable(read.error().detail));
    return *read;
}

QByteArray customer(const QByteArray &target, const QByteArray &more = ",'default':true")
{
    return "{'name':'P','calendar':'Always','targets':[{'clock':'first_response','target':'"
        + target + "'},{'clock':'next_response','target':'" + target + "'}]" + more + "}";
}

} // namespace

/// What is agreed, kept and edited; and due times that stand in tickets' rows, which nothing of it may
/// leave behind.
class TestAgreements : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void nothingAgreedChangesNothing();
    void defaultsOnce();
    void firstAnswerIsDue();
    void answerMovesTheDueTime();
    void acceptTakesTheStagesPlace();
    void editMovesTickets();
    void previewSavesNothing();
    void refusals();
    void handDues();
    void promisesAndNoAnswer();
    void importedTicketsAreDue();
    void lateEventsMoveDueTimes();
    void zonesMoveDueTimes();
    void solvedTicketsHaveNone();
    void anIndexThatCanBeDropped();
    void slicesGoOnWhereTheyEnded();
    void aNewerAgreementBeginsAgain();
    void newZoneDataPlaceDueTimesAnew();
    void twoWorkspacesDoNotMix();
    void pastInstants();

private:
    Result<commands::MovedDues> save(const QByteArray &policies, const char *who = "lea")
    {
        commands::Context context = f->as(QString::fromLatin1(who));
        return commands::run(context,
            commands::SaveAgreements { .agreements = agreements(policies), .why = u"test"_s });
    }
    Ticket ticket(const QString &key = u"T-1"_s) { return f->state(key).ticket; }
    Instant now() const { return f->clock.now(); }
    /// What the rows say is what the log and the agreements give.
    void checkRebuilt(const QString &key = u"T-1"_s)
    {
        const auto id = storage::findAnyTicket(f->connection(), key);
        QVERIFY(id);
        QVERIFY(f->write([&](storage::WriteScope &scope) -> Result<Done> {
            const auto same = commands::rebuild(scope, *id);
            if (!same)
                return same.error();
            return *same ? Result<Done>(Done {}) : conflictError(u"rows were stale"_s);
        }));
    }
    std::vector<storage::SpineEntry> spine() const
    {
        std::vector<storage::SpineEntry> entries;
        const auto done = storage::readSpine(f->connection(), {}, Visibility::all(),
            [&entries](const storage::SpineEntry &entry) { entries.push_back(entry); });
        return done ? entries : std::vector<storage::SpineEntry>();
    }
    std::unique_ptr<CommandFixture> f;
};

void TestAgreements::init()
{
    f = std::make_unique<CommandFixture>();
    QVERIFY(f->begin());
}

void TestAgreements::nothingAgreedChangesNothing()
{
    QVERIFY(f->newTicket());
    QVERIFY(!ticket().due);
    QVERIFY(!*commands::loadAgreements(f->connection()));
    QVERIFY(commands::loadClocks(f->connection(), ticket(), now())->empty());
    QVERIFY(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(ticket().clock, u"accept"_s);
    QCOMPARE(f->wrong(u"T-1"_s), QString());
}

void TestAgreements::defaultsOnce()
{
    QVERIFY(commands::installDefaults(*f->store, f->random));
    QVERIFY(commands::installDefaults(*f->store, f->random));
    const auto book = commands::loadAgreements(f->connection());
    QVERIFY(book && *book);
    QCOMPARE((*book)->editions().size(), 1U);
    QCOMPARE((*book)->calendars().size(), 1U);
    QVERIFY(f->newTicket());
    QCOMPARE(ticket().clock, u"first_response"_s);
    QCOMPARE(ticket().due, now() + 1h);
}

void TestAgreements::firstAnswerIsDue()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    QCOMPARE(ticket().clock, u"first_response"_s);
    QCOMPARE(ticket().due, now() + 2h);
    QCOMPARE(ticket().clockStart, now());
    checkRebuilt();
}

void TestAgreements::answerMovesTheDueTime()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    f->clock.advance(10min);
    QVERIFY(f->run("ann", commands::Note { .ticket = u"T-1"_s, .text = u"looking"_s }));
    QCOMPARE(ticket().clock, u"first_response"_s);
    QVERIFY(f->run("ann", commands::Reply { .ticket = u"T-1"_s, .text = u"Try this."_s }));
    QVERIFY(!ticket().due);
    checkRebuilt();
    f->clock.advance(10min);
    QVERIFY(f->run("ann", commands::CustomerMessage { .ticket = u"T-1"_s, .text = u"No."_s }));
    QCOMPARE(ticket().clock, u"next_response"_s);
    QCOMPARE(ticket().due, now() + 2h);
    checkRebuilt();
    // Undone work gives the clocks back what they had.
    const auto clocks = commands::loadClocks(f->connection(), ticket(), now());
    QCOMPARE(clocks->size(), 2U);
    QCOMPARE(clocks->front().reading.state, sla::State::Met);
}

void TestAgreements::acceptTakesTheStagesPlace()
{
    QVERIFY(save("{'name':'In','for':'internal','default':true,'calendar':'Always','targets':["
                 "{'clock':'accept','target':'20m'},{'clock':'tier_response','target':'1h'}]}"));
    QVERIFY(f->newTicket());
    QVERIFY(!ticket().due);
    QVERIFY(f->run("ann", CommandFixture::escalation(u"T-1"_s)));
    QCOMPARE(ticket().clock, u"accept"_s);
    QCOMPARE(ticket().due, now() + 20min); // the tier's own limit says five
    checkRebuilt();
    f->clock.advance(5min);
    QVERIFY(f->run("bob", commands::Accept { .ticket = u"T-1"_s }));
    QCOMPARE(ticket().clock, u"tier_response"_s);
    QCOMPARE(ticket().due, now() + 55min);
    checkRebuilt();
    QVERIFY(f->run("bob", commands::Undo { .ticket = u"T-1"_s }));
    QCOMPARE(ticket().clock, u"accept"_s);
    checkRebuilt();
}

void TestAgreements::editMovesTickets()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    QVERIFY(f->newTicket());
    QVERIFY(f->run("ann", commands::Reply { .ticket = u"T-2"_s, .text = u"Hello."_s }));
    const Instant made = now();
    f->clock.advance(30min);
    const auto moved = save(customer("1h"));
    QVERIFY2(moved, moved ? "" : qPrintable(moved.error().detail));
    QCOMPARE(moved->moved, 1);
    QCOMPARE(moved->tickets, 2);
    QCOMPARE(moved->rows.front().ticket, u"T-1"_s);
    QCOMPARE(moved->rows.front().before, made + 2h);
    QCOMPARE(moved->rows.front().after, made + 1h);
    QCOMPARE(ticket().due, made + 1h);
    checkRebuilt();
    // A calendar too; the edition before ruled until now.
    commands::Context context = f->as(u"lea"_s);
    sla::Agreements night;
    Calendar::Definition definition { .zone = u"UTC"_s };
    definition.week[0] = { { 0, 3'600'000 } };
    night.calendars.emplace(u"Always"_s, *Calendar::make(definition));
    const auto closed = commands::run(context,
        commands::SaveAgreements { .agreements = night, .hasPolicies = false, .why = u"nights"_s });
    QVERIFY2(closed, closed ? "" : qPrintable(closed.error().detail));
    QCOMPARE(closed->moved, 1);
    QVERIFY(*ticket().due > made + 1h);
    // The change stands in the workspace's log, and each edition is kept.
    const auto log = storage::loadEvents(f->connection(), {});
    QCOMPARE(log->back().note, u"nights"_s);
    QCOMPARE(log->back().actor, u"lea"_s);
    const auto editions = storage::loadAgreementEditions(f->connection());
    QCOMPARE(editions->size(), 5U); // two of the policies, three of the calendar
}

void TestAgreements::previewSavesNothing()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    const Instant due = *ticket().due;
    const commands::SaveAgreements change { .agreements = agreements(customer("1h")),
        .why = u"x"_s };
    const auto shown = commands::preview(f->connection(), change, Visibility::all(), now());
    QVERIFY2(shown, shown ? "" : qPrintable(shown.error().detail));
    QCOMPARE(shown->moved, 1);
    QCOMPARE(shown->rows.front().after, due - 1h);
    QCOMPARE(ticket().due, due);
    QCOMPARE((*commands::loadAgreements(f->connection()))->editions().size(), 1U);
    // What it shows is what saving then does.
    const auto saved = save(customer("1h"));
    QCOMPARE(saved->rows.front().after, shown->rows.front().after);
    // Stopped on the way.
    QVERIFY(f->newTicket());
    const auto stopped = commands::preview(
        f->connection(), change, Visibility::all(), now(), [](qint64) { return false; });
    QVERIFY(!stopped);
    QCOMPARE(stopped.error().fault, Fault::Cancelled);
}

void TestAgreements::refusals()
{
    const auto notALead = save(customer("2h"), "ann");
    QVERIFY(!notALead);
    QCOMPARE(notALead.error().fault, Fault::NotAllowed);
    commands::Context context = f->as(u"lea"_s);
    const auto withoutWhy = commands::run(
        context, commands::SaveAgreements { .agreements = agreements(customer("1h")) });
    QVERIFY(!withoutWhy);
    QCOMPARE(withoutWhy.error().where, u"why"_s);
    commands::SaveAgreements unsound { .agreements = agreements(customer("1h")), .why = u"x"_s };
    unsound.agreements.policies.front().calendar = u"Mars"_s;
    QVERIFY(!commands::run(context, unsound));
    unsound.agreements.policies.front().calendar = u"Always"_s;
    unsound.agreements.policies.front().targets.front().length = Millis(0);
    QVERIFY(!commands::run(context, unsound));
    QVERIFY(
        !commands::run(context, commands::SaveAgreements { .hasPolicies = false, .why = u"x"_s }));
    QVERIFY(!*commands::loadAgreements(f->connection())); // nothing of all that was kept
}

void TestAgreements::handDues()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    const Instant made = now();
    const auto due = [&](std::optional<Instant> at, const QString &why, const char *who = "ann") {
        return f->run(who,
            commands::SetDue {
                .ticket = u"T-1"_s, .clock = u"first_response"_s, .due = at, .reason = why });
    };
    QVERIFY(!due(made + 5h, {})); // no reason
    QVERIFY(!due({}, u"x"_s)); // nothing to release
    QCOMPARE(due(made + 5h, u"x"_s, "bob").error().fault, Fault::NotAllowed);
    QVERIFY(!f->run("ann",
        commands::SetDue {
            .ticket = u"T-1"_s, .clock = u"accept"_s, .due = made + 5h, .reason = u"x"_s }));
    QVERIFY(due(made + 5h, u"agreed on the telephone"_s));
    QCOMPARE(ticket().due, made + 5h);
    checkRebuilt();
    QVERIFY(save(customer("1h"))); // an edit does not move it
    QCOMPARE(ticket().due, made + 5h);
    f->clock.advance(10min);
    QVERIFY(due({}, u"no longer"_s));
    QCOMPARE(ticket().due, made + 1h);
    checkRebuilt();
}

void TestAgreements::promisesAndNoAnswer()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    QVERIFY(f->run("ann", commands::Reply { .ticket = u"T-1"_s, .text = u"Hello."_s }));
    QVERIFY(!f->run("ann", commands::Promise { .ticket = u"T-1"_s, .until = now() }));
    QVERIFY(f->run("ann", commands::Promise { .ticket = u"T-1"_s, .until = now() + 30min }));
    QCOMPARE(ticket().clock, u"promise"_s);
    QCOMPARE(ticket().due, now() + 30min);
    f->clock.advance(5min);
    QVERIFY(f->run("ann", commands::Reply { .ticket = u"T-1"_s, .text = u"Here it is."_s }));
    QVERIFY(!ticket().due);
    f->clock.advance(5min);
    QVERIFY(f->run("ann", commands::CustomerMessage { .ticket = u"T-1"_s, .text = u"Thanks!"_s }));
    QCOMPARE(ticket().clock, u"next_response"_s);
    QVERIFY(!f->run("ann", commands::NeedsNoAnswer { .ticket = u"T-1"_s }));
    QVERIFY(
        f->run("ann", commands::NeedsNoAnswer { .ticket = u"T-1"_s, .reason = u"thanks only"_s }));
    QVERIFY(!ticket().due);
    checkRebuilt();
}

void TestAgreements::importedTicketsAreDue()
{
    QVERIFY(save(customer("2h")));
    const Instant long_ago = now() - 240h;
    commands::History history;
    history.ticket.key = u"INC1"_s;
    history.organization = { .name = u"Acme"_s, .plan = u"pro"_s };
    history.events.push_back({ .at = long_ago, .kind = EventKind::Created, .origin = 1 });
    history.events.front().tier = u"L1"_s;
    history.events.front().status = Status::New;
    history.events.push_back({ .at = long_ago, .kind = EventKind::Message, .origin = 2 });
    history.messages.push_back(
        { .at = long_ago, .author = AuthorKind::Customer, .text = u"Help"_s });
    history.messageOf = { -1, 0 };
    QVERIFY(f->write([&](storage::WriteScope &scope) -> Result<Done> {
        const auto id = commands::ingest(scope, history, {}, true);
        return id ? Result<Done>(Done {}) : id.error();
    }));
    QCOMPARE(ticket(u"INC1"_s).due, long_ago + 2h);
    QCOMPARE(ticket(u"INC1"_s).clock, u"first_response"_s);
    checkRebuilt(u"INC1"_s);
    // Nobody is told: it is history.
    QCOMPARE(storage::loadEvents(f->connection(), ticket(u"INC1"_s).id)->size(), 2U);
}

void TestAgreements::lateEventsMoveDueTimes()
{
    importedTicketsAreDue();
    const auto id = storage::findAnyTicket(f->connection(), u"INC1"_s);
    commands::History late;
    late.ticket.key = u"INC1"_s;
    const Instant answered = now() - 239h;
    late.events.push_back(
        { .at = answered, .kind = EventKind::Message, .actor = u"ann"_s, .origin = 3 });
    late.messages.push_back(
        { .at = answered, .author = AuthorKind::Agent, .authorName = u"ann"_s, .text = u"Yes"_s });
    late.messageOf = { 0 };
    QVERIFY(f->write([&](storage::WriteScope &scope) -> Result<Done> {
        const auto fresh = commands::merge(scope, *id, late);
        return fresh ? Result<Done>(Done {}) : fresh.error();
    }));
    QVERIFY(!ticket(u"INC1"_s).due);
    const auto clocks = commands::loadClocks(f->connection(), ticket(u"INC1"_s), now());
    QCOMPARE(clocks->front().reading.state, sla::State::Met);
    QVERIFY(!clocks->front().reading.breachedAt); // it only looked so
}

void TestAgreements::zonesMoveDueTimes()
{
    const QByteArray office
        = "{'calendars':{'Office':{'zone':'UTC','hours':{'mon':[['09:00','17:00']],"
          "'tue':[['09:00','17:00']],'wed':[['09:00','17:00']],'thu':[['09:00','17:00']],"
          "'fri':[['09:00','17:00']]}}},'policies':[{'name':'P','default':true,"
          "'calendar':'Office','zone':'organization','targets':["
          "{'clock':'first_response','target':'200h'}]}]}";
    const auto read = readJsonObject(QByteArray(office).replace('\'', '"')).and_then([](auto json) {
        return sla::agreementsFromJson(json);
    });
    commands::Context context = f->as(u"lea"_s);
    QVERIFY(
        commands::run(context, commands::SaveAgreements { .agreements = *read, .why = u"x"_s }));
    QVERIFY(f->newTicket());
    const Instant here = *ticket().due;
    const commands::SetZone zone { commands::SetZone::Owner::Organization, u"lind ab"_s,
        u"Asia/Tokyo"_s };
    QVERIFY(!commands::run(context,
        commands::SetZone { commands::SetZone::Owner::Organization, u"Nobody"_s, u"UTC"_s }));
    QVERIFY(!commands::run(
        context, commands::SetZone { commands::SetZone::Owner::Team, u"Technical"_s, u"Mars"_s }));
    QVERIFY(commands::run(context, zone));
    const auto moved = commands::placeDueTimes(context);
    QCOMPARE(moved->moved, 1);
    QVERIFY(*ticket().due < here); // the day begins nine hours earlier there
    const auto clocks = commands::loadClocks(f->connection(), ticket(), now());
    QCOMPARE(clocks->front().zone, u"Asia/Tokyo"_s);
    QCOMPARE(clocks->front().zoneBy, sla::ZoneChoice::Organization);
}

void TestAgreements::solvedTicketsHaveNone()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    QVERIFY(f->run("ann", commands::Solve { .ticket = u"T-1"_s }));
    QVERIFY(!ticket().due);
    checkRebuilt();
    QVERIFY(f->run("ann", commands::Reopen { .ticket = u"T-1"_s, .note = u"again"_s }));
    checkRebuilt();
}

/// Rows with wrong due times are made right from the logs.
void TestAgreements::anIndexThatCanBeDropped()
{
    QVERIFY(save(customer("2h")));
    for (int i = 0; i < 5; ++i)
        QVERIFY(f->newTicket());
    const auto before = spine();
    QVERIFY(f->write([](storage::WriteScope &scope) {
        return scope.connection().execute(
            "UPDATE ticket SET due = 9223372036854775807, clock = '', clock_start = NULL");
    }));
    commands::Context context = f->as(u"lea"_s);
    const auto placed = commands::placeDueTimes(context);
    QVERIFY(placed);
    QCOMPARE(placed->moved, 5);
    QCOMPARE(before.size(), 5U);
    QVERIFY(spine() == before);
    QCOMPARE(commands::placeDueTimes(context)->moved, 0);
}

/// Other changes get in between, and whoever comes after a kill goes on.
void TestAgreements::slicesGoOnWhereTheyEnded()
{
    QVERIFY(save(customer("2h")));
    constexpr int many = 250;
    for (int i = 0; i < many; ++i)
        QVERIFY(f->newTicket());
    const auto late = [&] {
        int count = 0;
        for (int i = 1; i <= many; ++i)
            count += f->state(u"T-%1"_s.arg(i)).ticket.due == now() + 1h ? 0 : 1;
        return count;
    };
    commands::Context context = f->as(u"lea"_s);
    DONE(commands::saveEditions(
        context, { .agreements = agreements(customer("1h")), .why = u"sooner"_s }));
    VALUE(begun, commands::dueProgress(f->connection()));
    QCOMPARE(begun, (commands::DueProgress { false, 0 }));
    QCOMPARE(late(), many); // nobody waits for that
    VALUE(first, commands::placeNextDueTimes(context));
    QVERIFY(!first.isWhole && first.percent > 20 && first.percent < 60);
    QCOMPARE(late(), many - 100);
    // Whoever changes a ticket brings its due time with it.
    QVERIFY(f->run("ann", commands::Note { u"T-250"_s, u"Seen."_s, {} }));
    QCOMPARE(late(), many - 101);
    // The program ends here, and another one begins.
    DONE(f->reopen());
    commands::Context next = f->as(u"adm"_s);
    VALUE(second, commands::placeNextDueTimes(next));
    QVERIFY(!second.isWhole && second.percent > first.percent && second.percent < 100);
    VALUE(third, commands::placeNextDueTimes(next));
    QVERIFY(!third.isWhole);
    QCOMPARE(late(), 0);
    VALUE(last, commands::placeNextDueTimes(next));
    QVERIFY(last.isWhole);
    VALUE(idle, commands::placeNextDueTimes(next));
    QVERIFY(idle.isWhole);
    checkRebuilt();
}

void TestAgreements::aNewerAgreementBeginsAgain()
{
    QVERIFY(save(customer("2h")));
    for (int i = 0; i < 120; ++i)
        QVERIFY(f->newTicket());
    commands::Context context = f->as(u"lea"_s);
    DONE(commands::saveEditions(
        context, { .agreements = agreements(customer("1h")), .why = u"sooner"_s }));
    VALUE(first, commands::placeNextDueTimes(context));
    QVERIFY(!first.isWhole);
    DONE(commands::saveEditions(
        context, { .agreements = agreements(customer("3h")), .why = u"later"_s }));
    VALUE(begun, commands::dueProgress(f->connection()));
    QCOMPARE(begun, (commands::DueProgress { false, 0 }));
    // Stopped in the middle, the rest waits for whoever goes on.
    const auto stopped = commands::placeDueTimes(context, [](qint64) { return false; });
    FAULT(stopped, Fault::Cancelled);
    VALUE(waiting, commands::dueProgress(f->connection()));
    QVERIFY(!waiting.isWhole);
    for (commands::DueProgress progress = waiting; !progress.isWhole;) {
        VALUE(more, commands::placeNextDueTimes(context));
        progress = more;
    }
    for (const char *key : { "T-1", "T-100", "T-101", "T-120" })
        QCOMPARE(f->state(QString::fromLatin1(key)).ticket.due, now() + 3h);
}

/// What a thread keeps of one workspace's agreements is never taken for another's.
void TestAgreements::newZoneDataPlaceDueTimesAnew()
{
    QByteArray text
        = "{'calendars':{'Berlin':{'zone':'Europe/Berlin','hours':'24/7'}},'policies':[{'name':'P',"
          "'calendar':'Berlin','default':true,'targets':[{'clock':'first_response','target':'2h'}]}]}";
    const auto json = readJsonObject(text.replace('\'', '"'));
    commands::Context context = f->as(u"lea"_s);
    QVERIFY(commands::run(context,
        commands::SaveAgreements {
            .agreements = *sla::agreementsFromJson(*json), .why = u"test"_s }));
    QVERIFY(f->newTicket());
    const auto events = [&] {
        auto row = f->connection().prepare("SELECT count(*) FROM event WHERE ticket = 0");
        return row && row->step() ? row->integer(0) : -1;
    };
    const qint64 before = events();
    QCOMPARE(*commands::takeUpZoneData(context), QStringList()); // seen for the first time
    QCOMPARE(*commands::takeUpZoneData(context), QStringList());
    QVERIFY(commands::dueProgress(f->connection())->isWhole);
    QCOMPARE(events(), before);

    // As if the last program had seen other rules, and one zone that is used no more.
    QVERIFY(f->write([](storage::WriteScope &scope) {
        return storage::saveSetting(scope, u"zone_data"_s,
            u"{\"Europe/Berlin\":\"0123456789abcdef\",\"Asia/Tokyo\":\"0\"}"_s);
    }));
    QCOMPARE(*commands::takeUpZoneData(context), QStringList { u"Europe/Berlin"_s });
    QVERIFY(!commands::dueProgress(f->connection())->isWhole);
    QCOMPARE(events(), before + 1);
    // A program that is ended here leaves the rest to the next one, which need not see a change.
    QCOMPARE(*commands::takeUpZoneData(context), QStringList());
    while (!commands::dueProgress(f->connection())->isWhole)
        QVERIFY(commands::placeNextDueTimes(context));
    checkRebuilt();
}

void TestAgreements::twoWorkspacesDoNotMix()
{
    QVERIFY(save(customer("2h")));
    CommandFixture other(1); // the same randomness
    QVERIFY(other.begin());
    QVERIFY(other.newTicket());
    QVERIFY(!other.state(u"T-1"_s).ticket.due);
    QVERIFY(f->newTicket());
    QCOMPARE(ticket().due, now() + 2h);
}

void TestAgreements::pastInstants()
{
    QVERIFY(save(customer("2h")));
    QVERIFY(f->newTicket());
    const Instant made = now();
    f->clock.advance(1h);
    QVERIFY(f->run("ann", commands::Reply { .ticket = u"T-1"_s, .text = u"Hello."_s }));
    const auto then = commands::loadClocks(
        f->connection(), ticket(), made + 30min, nullptr, commands::Knowledge::OnlyUntilThen);
    QCOMPARE(then->front().reading.state, sla::State::Running);
    QCOMPARE(then->front().reading.elapsed, Millis(30min));
}

QTEST_GUILESS_MAIN(TestAgreements)
#include "tst_agreements.moc"
