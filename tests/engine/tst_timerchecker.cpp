#include "enginetest.h"

#include "core/base/json.h"
#include "core/commands/agreements.h"
#include "core/import/importer.h"
#include "core/storage/migrations.h"

#include <QFile>
#include <QRegularExpression>

using namespace tierline;
using namespace tierline::test;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

// No edit, import, command or upgrade disarms a timer. After random steps every ticket is asked, at every five minutes of
// the next hours, which rules would hold if nothing happened to it: its one timer is armed for the first of those
// instants or before. That is found by judging again and again, and knows nothing of how due times are computed.

namespace {

constexpr Millis grid = 5min; ///< every instant and every span of these tests is a multiple of it
constexpr Millis horizon = 7h;

const QStringList timedRules {
    u"rule \"Waits\" when no agent reply for %1m then tag waits continue"_s,
    u"rule \"Idle\" when idle for %1m and tier is L1 then remind continue"_s,
    u"rule \"Nobody\" when unassigned for %1m and status is not pending then notify manager continue"_s,
    u"rule \"Stays\" when in tier for %1m or priority is urgent then tag stays continue"_s,
    u"rule \"Due\" when sla left below %1m then remind continue"_s,
};

QByteArray importedLine(int number, Instant now)
{
    const QByteArray at = (now - 2h).iso().toUtf8();
    return "{\"id\":\"I-" + QByteArray::number(number) + "\",\"created\":\"" + at
        + "\",\"subject\":\"Old\",\"tier\":\"L1\",\"status\":\"open\",\"requester\":{\"name\":\"Ann\","
          "\"email\":\"ann@example.org\"},\"messages\":[{\"at\":\""
        + at + "\",\"from\":\"customer\",\"author\":\"Ann\",\"text\":\"Well?\"}]}\n";
}

} // namespace

class Checked : public EngineFixture
{
public:
    explicit Checked(quint64 seed)
        : EngineFixture(seed)
        , dice(seed)
    {
    }

    Result<Done> setUp()
    {
        TIERLINE_CHECK(begin({ .batch = 4 }));
        TIERLINE_CHECK(agree(240));
        for (const QString &text : timedRules)
            TIERLINE_CHECK(rules(text.arg(30 + 5 * dice.below(30))));
        for (int i = 1; i <= 4; ++i) {
            TIERLINE_TRY(made, newTicket(u"T-%1"_s.arg(i)));
            keys.append(made.state.ticket.key);
        }
        settle();
        return Done {};
    }

    /// One thing that somebody does; a refusal is no matter here.
    Result<Done> step()
    {
        const QString key = keys[dice.below(keys.size())];
        switch (dice.below(16)) {
        case 0: std::ignore = run("ann", commands::Reply { key, u"Yes."_s }); break;
        case 1:
        case 2: std::ignore = run("ann", commands::CustomerMessage { key, u"Well?"_s }); break;
        case 3: std::ignore = run("ann", commands::Claim { key }); break;
        case 4: std::ignore = run("ann", escalation(key)); break;
        case 5: std::ignore = run("ann", commands::Undo { key }); break;
        case 6: std::ignore = run("ann", commands::Solve { key }); break;
        case 7: std::ignore = run("ann", commands::Reopen { key, u"Again."_s }); break;
        case 8:
            std::ignore = run("lea",
                commands::SetFields {
                    key, { { u"status"_s, dice.below(2) ? u"pending"_s : u"open"_s } } });
            break;
        case 9:
            std::ignore = run("lea",
                commands::SetFields {
                    key, { { u"priority"_s, dice.below(2) ? u"urgent"_s : u"low"_s } } });
            break;
        case 10: return editRule();
        case 11: return moveRule();
        case 12: return dice.below(3) ? Result<Done>(Done {}) : agree(60 * (1 + dice.below(8)));
        case 13: return dice.below(3) ? Result<Done>(Done {}) : import();
        case 14: restart(); break;
        default: clock.advance(grid * dice.below(20));
        }
        return Done {};
    }

    /// Empty, or which ticket has not the timer that it needs.
    QString check()
    {
        const auto frame = engine::Frame::load(connection());
        const auto all = storage::nextTickets(connection(), storage::Which::All, {}, 1'000);
        if (!frame || !all)
            return u"The store cannot be read."_s;
        for (const TicketId ticket : *all) {
            if (const QString wrong = check(**frame, ticket); !wrong.isEmpty())
                return wrong;
        }
        return {};
    }

    SeededRandom dice;
    QStringList keys;

private:
    Result<Done> agree(qint64 minutes)
    {
        const QByteArray text = "{'calendars':{'Always':{'zone':'UTC','hours':'24/7'}},'policies':"
                                "[{'name':'P','default':true,'calendar':'Always','targets':"
                                "[{'clock':'first_response','target':'"
            + QByteArray::number(minutes) + "m'},{'clock':'next_response','target':'"
            + QByteArray::number(minutes) + "m'}]}]}";
        TIERLINE_TRY(json, readJsonObject(QByteArray(text).replace('\'', '"')));
        TIERLINE_TRY(agreements, sla::agreementsFromJson(json));
        commands::Context context = as(u"lea"_s);
        TIERLINE_CHECK(commands::run(
            context, commands::SaveAgreements { .agreements = agreements, .why = u"a test"_s }));
        return Done {};
    }
    Result<Done> editRule()
    {
        const QString text = timedRules[dice.below(timedRules.size())].arg(30 + 5 * dice.below(30));
        return rules(text, dice.below(4) ? RuleState::Live : RuleState::Shadow, dice.below(2) == 0);
    }
    Result<Done> moveRule()
    {
        static const QStringList names { u"Waits"_s, u"Idle"_s, u"Nobody"_s, u"Stays"_s, u"Due"_s };
        static const RuleState states[] { RuleState::Live, RuleState::Shadow, RuleState::Retired };
        commands::Context context = as(u"lea"_s);
        TIERLINE_CHECK(commands::run(context,
            commands::SetRuleState { .rule = names[dice.below(names.size())],
                .state = states[dice.below(3)],
                .reason = { u"a test"_s },
                .appliesToStanding = dice.below(2) == 0,
                .weeklyCap = 0 }));
        return Done {};
    }
    Result<Done> import()
    {
        const int number = int(keys.size());
        const QString file = path(u"in-%1.jsonl"_s.arg(number));
        QFile out(file);
        if (!out.open(QIODevice::WriteOnly))
            return storageError(u"A test's file cannot be written."_s);
        out.write(importedLine(number, clock.now()));
        out.close();
        TIERLINE_TRY(job, importing::startTickets(*store, file, {}));
        TIERLINE_CHECK(importing::runToEnd(*job));
        keys.append(u"I-%1"_s.arg(number));
        return Done {};
    }

    QString check(const engine::Frame &frame, TicketId ticket)
    {
        const auto isLive = storage::isLiveTicket(connection(), ticket);
        const auto timer = storage::loadTimer(connection(), ticket);
        const auto state = storage::loadTicket(connection(), ticket);
        const auto events = storage::loadEvents(connection(), ticket);
        const auto spent = storage::loadSpentCauses(connection(), ticket);
        if (!isLive || !timer || !state || !events || !spent)
            return u"The store cannot be read."_s;
        const QString &key = state->ticket.key;
        const Instant now = clock.now();
        if (!*isLive)
            return *timer ? key + u" is history, and has a timer."_s : QString();
        if (*timer && (*timer)->due <= now)
            return key + u" has a timer that is due."_s;
        QString rule;
        const std::optional<Instant> first = firstThatHolds(frame, *events, *spent, now, rule);
        if (!first)
            return {};
        if (*first == now)
            return u"%1: %2 holds now and has not acted."_s.arg(key, rule);
        if (!*timer)
            return u"%1 has no timer, and %2 holds at %3."_s.arg(key, rule, first->iso());
        return (*timer)->due <= *first ? QString()
                                       : u"%1 is armed for %2, and %3 holds at %4."_s.arg(
                                           key, (*timer)->due.iso(), rule, first->iso());
    }

    std::optional<Instant> firstThatHolds(const engine::Frame &frame,
        const std::vector<Event> &events, const std::vector<storage::SpentCause> &spent,
        Instant now, QString &rule)
    {
        rules::TicketLife life(frame.life);
        life.begin(events.front().ticket);
        for (const Event &event : events)
            life.apply(event);
        // A rule that begins looks at open tickets; at a solved one not before something happens to it.
        const bool isOpen = isWorkable(life.state().ticket.status);
        const rules::Told<Instant> &statusSince = life.activity().statusSince;
        const rules::RuleSet &set = frame.withShadows ? *frame.withShadows : *frame.live;
        rules::Rounds rounds(set);
        std::vector<int> every(set.rules().size());
        std::iota(every.begin(), every.end(), 0);
        for (Instant at = now; at <= now + horizon; at = at + grid) {
            const auto isSpent = [&](int number, const rules::Anchor &held) {
                const QString anchor = held.text();
                const StoredRule &rule = frame.rules[size_t(number)].stored;
                const bool beganLater
                    = !isOpen && !(statusSince.hasValue() && rule.since < *statusSince);
                return at < rule.since || beganLater
                    || std::ranges::any_of(spent, [&](const storage::SpentCause &cause) {
                           return cause.rule == rule.id && cause.era == rule.era
                               && cause.anchor == anchor
                               && (cause.isReal || rule.state == RuleState::Shadow);
                       });
            };
            rounds.begin(life);
            const auto &fires = rounds.run(at, rules::Rounds::anything, every, isSpent).fires;
            if (fires.empty())
                continue;
            const StoredRule &held = frame.rules[size_t(fires.front().rule)].stored;
            rule = u"“%1” (%2 since %3, cause %4)"_s.arg(
                held.name, code(held.state), held.since.iso(), fires.front().anchor.text());
            return at;
        }
        return std::nullopt;
    }
};

class TestTimerChecker : public QObject
{
    Q_OBJECT
private slots:
    void everyStepLeavesEveryTimer();
    void everyUpgradeLeavesEveryTimer();
};

void TestTimerChecker::everyStepLeavesEveryTimer()
{
    const bool isLong = qEnvironmentVariable("TIERLINE_LONG") == u"1";
    const quint64 first = qEnvironmentVariable("TIERLINE_SEED", u"64"_s).toULongLong();
    int timers = 0;
    for (quint64 seed = first; seed < first + (isLong ? 200 : 4); ++seed) {
        Checked desk(seed);
        DONE(desk.setUp());
        for (int i = 0; i < 100; ++i) {
            const QByteArray where
                = "seed " + QByteArray::number(seed) + " step " + QByteArray::number(i) + ": ";
            DONE(desk.step());
            desk.settle();
            QVERIFY2(desk.problem.isEmpty(), (where + desk.problem.toUtf8()).constData());
            const QString wrong = desk.check();
            QVERIFY2(wrong.isEmpty(), (where + wrong.toUtf8()).constData());
            VALUE(armed, storage::countTimers(desk.connection()));
            timers += int(armed);
        }
    }
    QVERIFY(timers > 100); // there was something to check
}

/// As if an older program had made the workspace: what a file of the schema brought is taken away, and comes back with
/// the upgrade.
void TestTimerChecker::everyUpgradeLeavesEveryTimer()
{
    static const QRegularExpression table(u"CREATE TABLE (\\w+)"_s);
    // What takes a file back that changes a table, by the schema before it.
    static const QMap<int, QString> changesBack {
        { 6,
            u"DROP INDEX timer_due; ALTER TABLE timer DROP COLUMN urgency;"
            " CREATE INDEX timer_due ON timer (due, ticket, cause);"_s },
        { 7,
            u"DROP INDEX notice_waiting; CREATE INDEX notice_waiting ON notice (at) WHERE state = 0;"_s },
        { 8,
            u"DROP INDEX question_ticket; ALTER TABLE question DROP COLUMN approver;"
            " ALTER TABLE question DROP COLUMN approver_kind;"_s },
        { 11,
            u"DROP INDEX notice_waiting; DROP INDEX notice_ticket; ALTER TABLE notice RENAME TO notice_new;"
            " CREATE TABLE notice (id INTEGER PRIMARY KEY, firing INTEGER NOT NULL REFERENCES"
            " firing (number) ON DELETE CASCADE, ticket INTEGER NOT NULL REFERENCES ticket (id) ON"
            " DELETE CASCADE, at INTEGER NOT NULL, kind INTEGER NOT NULL, target TEXT NOT NULL,"
            " text TEXT NOT NULL, is_urgent INTEGER NOT NULL, state INTEGER NOT NULL) STRICT;"
            " INSERT INTO notice SELECT id, firing, ticket, at, kind, target, text, is_urgent, state"
            " FROM notice_new WHERE firing IS NOT NULL;"
            " CREATE INDEX notice_waiting ON notice (kind, target, at) WHERE state = 0;"
            " CREATE INDEX notice_ticket ON notice (ticket);"_s }
    };
    const auto files = storage::embeddedMigrations();
    for (int schema = 5; schema < int(files.size()); ++schema) {
        Checked desk(77);
        DONE(desk.setUp());
        for (int i = 0; i < 30; ++i)
            DONE(desk.step());
        desk.settle();
        desk.engine.reset();
        QString sql = u"PRAGMA foreign_keys = OFF; PRAGMA user_version = %1;"_s.arg(schema);
        for (int file = int(files.size()) - 1; file >= schema; --file) {
            const QString text = QString::fromUtf8(files[size_t(file)].text);
            QVERIFY2(!text.contains(u"ALTER TABLE") || changesBack.contains(file),
                "A file of the schema changes a table: say here how that is taken back.");
            sql += changesBack.value(file);
            for (auto made = table.globalMatch(text); made.hasNext();)
                sql += u" DROP TABLE %1;"_s.arg(made.next().captured(1));
        }
        DONE(desk.connection().execute(sql.toUtf8().constData()));
        DONE(desk.reopen());
        VALUE(version, storage::schemaVersion(desk.connection()));
        QCOMPARE(version, int(files.size()));
        desk.restart();
        desk.settle();
        QVERIFY2(desk.problem.isEmpty(), qPrintable(desk.problem));
        const QString wrong = desk.check();
        QVERIFY2(wrong.isEmpty(), qPrintable(wrong));
        VALUE(armed, storage::countTimers(desk.connection()));
        QVERIFY(armed > 0);
    }
}

QTEST_GUILESS_MAIN(TestTimerChecker)
#include "tst_timerchecker.moc"
