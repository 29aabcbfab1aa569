#include "core/escalation/transitions.h"
#include "tests/commands/commandtest.h"
#include "tests/support/caserange.h"

#include <QHash>

using namespace tierline;
using namespace tierline::commands;
using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace {

const char *const people[] = { "ann", "amy", "bob", "bea", "lex", "eve", "lea", "adm" };
constexpr int peopleCount = 8;

/// One random command by a random person on one ticket; the clock moves between them.
class Player
{
public:
    Player(test::CommandFixture &desk, quint64 seed, QString key)
        : m_desk(desk)
        , m_random(seed)
        , m_key(std::move(key))
    {
    }

    Result<commands::Outcome> play()
    {
        m_desk.clock.advance(Millis(m_random.below(4) == 0 ? 0 : m_random.below(6 * 3'600'000)));
        if (m_random.below(40) == 0)
            m_desk.clock.jumpTo(m_desk.clock.now() - Millis(m_random.below(7'200'000)));
        // Half of the steps follow the table, so that histories get everywhere; the rest is anything.
        const TicketState state = m_desk.state(m_key);
        if (state.openEscalation() && m_random.below(2) == 0)
            return play(nextAction(state.openEscalation()->openStage()->stage));
        switch (m_random.below(24)) {
        case 0: return run(Reply { m_key, u"A reply"_s });
        case 1: return run(Note { m_key, u"A note for @bob"_s, {} });
        case 2:
        case 3: return run(CustomerMessage { m_key, u"A word"_s });
        case 4: return run(randomChange());
        case 5:
        case 6: return run(Flag { m_key, u"why"_s });
        case 7: return run(Unflag { m_key });
        case 8: return run(Triage { m_key });
        case 9: return run(Claim { m_key });
        case 10: return run(randomReassignment());
        case 11:
        case 12:
        case 13: return run(randomEscalation());
        case 14:
        case 15: return run(Accept { m_key });
        case 16: return run(Return { m_key, static_cast<Verdict>(m_random.below(4)), u"why"_s });
        case 17: return run(Withdraw { m_key, u"why"_s });
        case 18: return run(Solve { m_key, {} });
        case 19: return run(Confirm { m_key, { u"done"_s } });
        case 20: return run(Reopen { m_key, u"why"_s });
        case 21: return run(Review { m_key, {} });
        case 22:
            return m_random.below(2) == 0
                ? run(Csat { m_key, static_cast<int>(1 + m_random.below(5)), {} })
                : run(Follow { m_key, {}, m_random.below(2) == 0 });
        default: return run(Undo { m_key });
        }
    }
    QString last() const { return m_last; }

private:
    escalation::Action nextAction(Stage stage)
    {
        std::vector<escalation::Action> possible;
        for (const escalation::Transition &line : escalation::transitions()) {
            if (line.from == stage)
                possible.push_back(line.action);
        }
        return possible[static_cast<size_t>(m_random.below(static_cast<qint64>(possible.size())))];
    }
    Result<commands::Outcome> play(escalation::Action action)
    {
        using escalation::Action;
        switch (action) {
        case Action::Flag: return run(Flag { m_key, u"why"_s });
        case Action::Unflag: return run(Unflag { m_key });
        case Action::Triage: return run(Triage { m_key });
        case Action::Escalate: return run(randomEscalation());
        case Action::Withdraw: return run(Withdraw { m_key, u"why"_s });
        case Action::Accept: return run(Accept { m_key });
        case Action::Return:
            return run(Return { m_key, static_cast<Verdict>(m_random.below(4)), u"why"_s });
        case Action::Reassign: return run(randomReassignment());
        case Action::PublicReply: return run(Reply { m_key, u"A reply"_s });
        case Action::CustomerWord: return run(CustomerMessage { m_key, u"A word"_s });
        case Action::Solve: return run(Solve { m_key, {} });
        case Action::Confirm: return run(Confirm { m_key, { u"done"_s } });
        case Action::Reopen: return run(Reopen { m_key, u"why"_s });
        case Action::Review: return run(Review { m_key, {} });
        }
        return run(Claim { m_key });
    }
    template<typename Command>
    Result<commands::Outcome> run(const Command &command)
    {
        QString who = QString::fromLatin1(pick());
        // Mostly whoever holds it: histories are to go far.
        const QString holder = m_desk.state(m_key).ticket.assignee;
        if (m_random.below(4) != 0 && !holder.isEmpty())
            who = holder;
        m_last = QString::fromLatin1(typeid(Command).name());
        Context context = m_desk.as(who);
        context.durability = storage::Durability::Background;
        return commands::run(context, command);
    }
    const char *pick() { return people[m_random.below(peopleCount)]; }
    SetFields randomChange()
    {
        const std::pair<QString, QString> changes[] = { { u"priority"_s, u"low"_s },
            { u"priority"_s, u"urgent"_s }, { u"status"_s, u"pending"_s },
            { u"assignee"_s, QString::fromLatin1(pick()) }, { u"assignee"_s, {} },
            { u"tags"_s, u"a,b"_s }, { u"field.x"_s, u"1"_s }, { u"severity"_s, u"high"_s } };
        return { m_key, { changes[m_random.below(8)] } };
    }
    Reassign randomReassignment()
    {
        const QString teams[]
            = { u"Frontline"_s, u"Technical"_s, u"Billing"_s, u"Engineering"_s, {} };
        return { m_key, teams[m_random.below(5)],
            m_random.below(2) == 0 ? QString::fromLatin1(pick()) : QString(), u"why"_s };
    }
    Escalate randomEscalation()
    {
        Escalate command
            = test::CommandFixture::escalation(m_key, m_random.below(3) == 0 ? u"L3"_s : u"L2"_s);
        if (m_random.below(12) == 0)
            command.reason = u"security"_s;
        if (m_random.below(4) == 0)
            command.to = QString::fromLatin1(pick());
        if (m_random.below(4) == 0)
            command.skipNotice = u"on the phone"_s;
        command.priorityStep = m_random.below(3) == 0 ? 0 : 1;
        command.kind = static_cast<EscalationKind>(m_random.below(4));
        return command;
    }

    test::CommandFixture &m_desk;
    SeededRandom m_random;
    QString m_key;
    QString m_last;
};

/// Where an escalation lives at this instant, exactly one stage holds it.
QString stagesAt(const Escalation &record, Instant at)
{
    int open = 0;
    for (const StageEntry &row : record.stages)
        open += row.entered <= at && (!row.left || at < *row.left);
    const bool lives = record.opened <= at && (!record.ended || at < *record.ended);
    return open == (lives ? 1 : 0) ? QString()
                                   : u"%1 stages are open at %2"_s.arg(open).arg(at.iso());
}

QString wrongAtAnyInstant(const TicketState &state, SeededRandom &random, Instant until)
{
    for (const Escalation &record : state.escalations) {
        std::vector<Instant> instants { record.opened - 1ms, record.opened, until };
        for (const StageEntry &row : record.stages) {
            instants.push_back(row.entered);
            if (row.left)
                instants.insert(instants.end(), { *row.left, *row.left - 1ms });
        }
        for (int i = 0; i < 10; ++i)
            instants.push_back(record.opened
                + Millis(random.below(1 + qMax<qint64>(0, until.ms - record.opened.ms))));
        for (const Instant at : instants) {
            if (const QString wrong = stagesAt(record, at); !wrong.isEmpty())
                return wrong;
        }
    }
    return {};
}

} // namespace

/// Random histories of commands: whatever people do, the record stays sound, and the log says what
/// the rows say. The number of a history is its seed.
class TestHistories : public QObject
{
    Q_OBJECT
private slots:
    void init();
    void randomHistories();

private:
    Result<Done> make(const QString &key);
    std::unique_ptr<test::CommandFixture> f;
};

void TestHistories::init()
{
    f = std::make_unique<test::CommandFixture>();
    DONE(f->begin());
}

Result<Done> TestHistories::make(const QString &key)
{
    Context context = f->as(u"ann"_s);
    context.durability = storage::Durability::Background;
    CreateTicket create;
    create.ticket.key = key;
    create.ticket.subject = u"Cannot log in"_s;
    create.text = u"Please help."_s;
    const auto made = commands::run(context, create);
    return made ? Result<Done>(Done {}) : made.error();
}

void TestHistories::randomHistories()
{
    const test::CaseRange cases = test::casesToRun(500, 10'000);
    qInfo("histories %lld to %lld; TIERLINE_LONG=1 and TIERLINE_SEEDS choose others",
        qlonglong(cases.first), qlonglong(cases.end - 1));
    QHash<QString, int> reached;
    int done = 0, refused = 0;
    for (qint64 number = cases.first; number < cases.end; ++number) {
        const QString key = u"H-%1"_s.arg(number);
        const auto where = [&](const QString &wrong) {
            return u"history %1: %2"_s.arg(number).arg(wrong).toUtf8();
        };
        DONE(make(key));
        Player player(*f, static_cast<quint64>(number), key);
        SeededRandom instants(static_cast<quint64>(number));
        const qint64 length = 5 + instants.below(35);
        for (qint64 step = 0; step < length; ++step) {
            const TicketState before = f->state(key);
            const auto outcome = player.play();
            const TicketState after = f->state(key);
            if (!outcome) {
                ++refused;
                const Fault fault = outcome.error().fault;
                QVERIFY2(fault == Fault::BadInput || fault == Fault::Conflict
                        || fault == Fault::NotAllowed || fault == Fault::NotFound,
                    where(player.last() + u' ' + outcome.error().detail).constData());
                QVERIFY2(
                    before == after, where(u"refused and changed: "_s + player.last()).constData());
                continue;
            }
            ++done;
            QVERIFY2((*outcome).state == after,
                where(u"told and stored differ: "_s + player.last()).constData());
            const QString wrong = escalation::inconsistency(after);
            QVERIFY2(wrong.isEmpty(), where(player.last() + u": "_s + wrong).constData());
        }
        const QString wrong = f->wrong(key);
        QVERIFY2(wrong.isEmpty(), where(wrong).constData());
        const TicketState end = f->state(key);
        const QString instant = wrongAtAnyInstant(end, instants, f->clock.now());
        QVERIFY2(instant.isEmpty(), where(instant).constData());
        for (const Escalation &record : end.escalations) {
            ++reached[code(record.outcome)];
            for (const StageEntry &row : record.stages)
                ++reached[code(row.stage)];
        }
    }
    qInfo("%d commands done, %d refused", done, refused);
    // The histories are worth something only where they get everywhere.
    for (const char *what :
        { "detection", "triage", "handoff", "resolution", "communication", "closure", "review",
            "resolved", "returned", "reversed", "withdrawn", "superseded", "dropped" })
        QVERIFY2(
            cases.end - cases.first < 400 || reached.value(QString::fromLatin1(what)) > 0, what);
}

QTEST_GUILESS_MAIN(TestHistories)
#include "tst_histories.moc"
