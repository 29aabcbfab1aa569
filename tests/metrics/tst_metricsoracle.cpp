#include "tests/metrics/generator.h"

#include <algorithm>

// A second implementation of every definition, as plain and slow as can be: it writes down all states
// of a ticket and looks at them again for each figure. Random histories must give both the same.

using namespace tierline;
using namespace tierline::metrics;
using namespace Qt::StringLiterals;

namespace {

struct State {
    Event event;
    QString tier, team;
    std::optional<Status> status;
};

/// The events that count, undone and withdrawn ones made harmless.
std::vector<Event> countingEvents(const History &history)
{
    std::vector<Event> events = history.events;
    for (size_t i = 0; i < events.size(); ++i) { // nothing here undoes an undoing
        if (events[i].kind != EventKind::Undone)
            continue;
        const qint64 id = events[i].data.value("undoes"_L1).toInteger();
        for (Event &e : events) {
            if (id != 0 && e.id.v == id)
                e.note = u"gone"_s;
        }
        events[i].note = u"gone"_s;
    }
    std::erase_if(events, [](const Event &e) { return e.note == u"gone"; });
    for (size_t i = 0; i < events.size(); ++i) {
        if (events[i].kind != EventKind::Withdrawn)
            continue;
        size_t up = i;
        while (events[up].kind != EventKind::Escalated)
            --up;
        for (size_t j = up; j <= i; ++j) {
            Event &e = events[j];
            if (e.kind == EventKind::Escalated)
                e.kind = EventKind::Message;
            e.tier = e.team = e.assignee = std::nullopt;
            e.priority.reset();
        }
    }
    return events;
}

std::vector<State> statesOf(const std::vector<Event> &events)
{
    std::vector<State> states;
    for (const Event &e : events) {
        State s = states.empty() ? State {} : states.back();
        s.event = e;
        if (e.tier && !e.tier->isEmpty())
            s.tier = *e.tier;
        if (e.team)
            s.team = *e.team;
        if (e.status)
            s.status = e.status;
        states.push_back(s);
    }
    return states;
}

int rankOf(const QString &tier)
{
    const QStringList ids { u"L0"_s, u"L1"_s, u"L2"_s, u"L3"_s };
    return static_cast<int>(ids.indexOf(tier));
}

/// -1 down, 0 none, 1 up: the step that leads to state i.
int stepAt(const std::vector<State> &s, size_t i)
{
    if (i == 0 || rankOf(s[i - 1].tier) < 0 || rankOf(s[i].tier) < 0)
        return 0;
    const int d = rankOf(s[i].tier) - rankOf(s[i - 1].tier);
    return d > 0 ? 1 : d < 0 ? -1 : 0;
}

qint64 turnsOf(const QStringList &places)
{
    QStringList merged;
    for (const QString &p : places) {
        if (!p.isEmpty() && (merged.isEmpty() || merged.last() != p))
            merged.append(p);
    }
    qint64 turns = 0;
    for (qsizetype i = 2; i < merged.size(); ++i)
        turns += merged[i] == merged[i - 2] ? 1 : 0;
    return turns;
}

bool solved(const State &s)
{
    return s.status && isSolved(*s.status);
}

/// All figures of some tickets, by their plain words.
class Oracle
{
public:
    explicit Oracle(const std::vector<History> &tickets)
    {
        for (const History &t : tickets)
            m_all.push_back({ &t, statesOf(countingEvents(t)) });
    }

    struct One {
        const History *t;
        std::vector<State> s;

        Millis sinceCreation(Instant at) const { return at - t->ticket.created; }
        std::vector<size_t> ups() const { return stepsTo(1); }
        std::vector<size_t> downs() const { return stepsTo(-1); }
        std::vector<size_t> stepsTo(int direction) const
        {
            std::vector<size_t> found;
            for (size_t i = 0; i < s.size(); ++i) {
                if (stepAt(s, i) == direction)
                    found.push_back(i);
            }
            return found;
        }
        bool isSolvedNow() const { return solved(s.back()); }
        /// Index of the first state of the last run of solved ones.
        size_t lastRun() const
        {
            size_t i = s.size() - 1;
            while (i > 0 && solved(s[i - 1]))
                --i;
            return i;
        }
        bool isReopened() const
        {
            for (size_t i = 1; i < s.size(); ++i) {
                if (solved(s[i - 1]) && !solved(s[i]) && s[i].status != Status::Deleted)
                    return true;
            }
            return false;
        }
        /// Indices of states that have a team.
        std::vector<size_t> withTeam() const
        {
            std::vector<size_t> found;
            for (size_t i = 0; i < s.size(); ++i) {
                if (!s[i].team.isEmpty())
                    found.push_back(i);
            }
            return found;
        }
        qint64 humanReplies() const
        {
            return std::count_if(t->messages.begin(), t->messages.end(), [](const MessageStamp &m) {
                return m.kind == MessageKind::PublicReply && m.author == AuthorKind::Agent;
            });
        }
    };

    template<typename F>
    qint64 count(F &&holds) const
    {
        return std::count_if(m_all.begin(), m_all.end(), holds);
    }
    template<typename F>
    qint64 sum(F &&value) const
    {
        qint64 total = 0;
        for (const One &o : m_all)
            total += value(o);
        return total;
    }
    /// The spread of what `value` gives (nothing: left out), by sorting.
    template<typename F>
    std::optional<Spread> spread(F &&value) const
    {
        std::vector<qint64> ms;
        for (const One &o : m_all) {
            if (const std::optional<Millis> v = value(o))
                ms.push_back(v->count());
        }
        if (ms.empty())
            return std::nullopt;
        std::sort(ms.begin(), ms.end());
        const size_t n = ms.size();
        size_t rank = 0;
        while (10 * rank < 9 * n)
            ++rank;
        return Spread { .n = static_cast<qint64>(n),
            .median = static_cast<double>(ms[(n - 1) / 2] + ms[n / 2]) / 2000,
            .p90 = static_cast<double>(ms[rank - 1]) / 1000 };
    }

    const std::vector<One> &all() const { return m_all; }

private:
    std::vector<One> m_all;
};

using One = Oracle::One;

bool isUp(const One &o)
{
    return !o.ups().empty();
}

} // namespace

class TestMetricsOracle : public QObject
{
    Q_OBJECT
private slots:
    void initTestCase();
    void init();
    void tierFigures();
    void teamFigures();
    void endFigures();
    void waitingAndPriority();
    void messageFigures();
    void answers();
    void agents();
    void weeks();
    void orderOfAddingDoesNotMatter();

private:
    quint64 m_seed = 0;
    std::vector<History> m_tickets;
    std::unique_ptr<Oracle> m_oracle;
    Row m_row;
};

void TestMetricsOracle::initTestCase()
{
    const QString given = qEnvironmentVariable("TIERLINE_SEED");
    m_seed = given.isEmpty() ? SystemRandom().next64() : given.toULongLong();
    qInfo("TIERLINE_SEED=%llu", static_cast<unsigned long long>(m_seed));
    Generator generator(m_seed);
    for (int i = 0; i < 3000; ++i)
        m_tickets.push_back(generator.next());
    m_oracle = std::make_unique<Oracle>(m_tickets);
    m_row = rowOf(m_tickets);
}

void TestMetricsOracle::init()
{
    QCOMPARE(m_row.tickets, 3000);
}

void TestMetricsOracle::tierFigures()
{
    const Oracle &o = *m_oracle;
    QVERIFY(*m_row.escalated > 100); // the histories are worth something
    QCOMPARE(m_row.escalated, o.count(isUp));
    QCOMPARE(m_row.escalationSteps, o.sum([](const One &t) { return qint64(t.ups().size()); }));
    QCOMPARE(m_row.returnSteps, o.sum([](const One &t) { return qint64(t.downs().size()); }));
    QCOMPARE(m_row.repeatEscalation, o.count([](const One &t) { return t.ups().size() >= 2; }));
    QCOMPARE(m_row.returnedAfterEscalation, o.count([](const One &t) {
        return isUp(t) && !t.downs().empty() && t.downs().back() > t.ups().front();
    }));
    QCOMPARE(m_row.timeToEscalate, o.spread([](const One &t) {
        return isUp(t) ? std::optional(t.sinceCreation(t.s[t.ups().front()].event.at))
                       : std::nullopt;
    }));
    for (const QString &tier : { u"L0"_s, u"L1"_s, u"L2"_s, u"L3"_s, u"X"_s }) {
        const auto starts = [&](const One &t) {
            for (const State &s : t.s) {
                if (!s.tier.isEmpty())
                    return s.tier == tier;
            }
            return false;
        };
        const TierTally start = m_row.byStartTier->value(tier), out = m_row.outOfTier->value(tier);
        QCOMPARE(start.tickets, o.count(starts));
        QCOMPARE(start.escalated, o.count([&](const One &t) { return starts(t) && isUp(t); }));
        QCOMPARE(out.tickets, o.count([&](const One &t) {
            return std::any_of(
                t.s.begin(), t.s.end(), [&](const State &s) { return s.tier == tier; });
        }));
        const auto leaves = [&](const One &t) {
            const auto ups = t.ups();
            return std::any_of(
                ups.begin(), ups.end(), [&](size_t i) { return t.s[i - 1].tier == tier; });
        };
        const auto arrives = [&](const One &t) {
            const auto ups = t.ups();
            return std::any_of(
                ups.begin(), ups.end(), [&](size_t i) { return t.s[i].tier == tier; });
        };
        QCOMPARE(out.escalated, o.count(leaves));
        QCOMPARE(m_row.intoTier->value(tier), o.count(arrives));
        for (const QString &to : { u"L1"_s, u"L2"_s, u"L3"_s }) {
            QCOMPARE(m_row.stepsByPair.value(tier + u'>' + to), o.sum([&](const One &t) {
                const auto ups = t.ups();
                return qint64(std::count_if(ups.begin(), ups.end(),
                    [&](size_t i) { return t.s[i - 1].tier == tier && t.s[i].tier == to; }));
            }));
        }
    }
    const auto tierTurns = [](const One &t) {
        QStringList tiers;
        for (const State &s : t.s)
            tiers.append(s.tier);
        return turnsOf(tiers);
    };
    QCOMPARE(m_row.pingPongTiers->turns, o.sum(tierTurns));
    QCOMPARE(m_row.pingPongTiers->tickets, o.count([&](const One &t) { return tierTurns(t) > 0; }));
    QCOMPARE(m_row.solvedAtL1->of, o.count([](const One &t) { return t.isSolvedNow(); }));
    QCOMPARE(m_row.solvedAtL1->n, o.count([](const One &t) {
        QStringList tiers;
        for (const State &s : t.s) {
            if (!s.tier.isEmpty() && (tiers.isEmpty() || tiers.last() != s.tier))
                tiers.append(s.tier);
        }
        if (!tiers.isEmpty() && tiers.first() == u"L0")
            tiers.removeFirst();
        return t.isSolvedNow() && tiers == QStringList { u"L1"_s };
    }));
}

void TestMetricsOracle::teamFigures()
{
    const Oracle &o = *m_oracle;
    const auto moves = [](const One &t) {
        std::vector<size_t> at;
        const auto states = t.withTeam();
        for (size_t i = 1; i < states.size(); ++i) {
            if (t.s[states[i]].team != t.s[states[i - 1]].team)
                at.push_back(i);
        }
        return at;
    };
    // A change of tier from outside at the same instant is the same move.
    const auto isOneMove = [](const One &t, const Event &e) {
        for (size_t i = 1; i < t.s.size(); ++i) {
            const Event &other = t.s[i].event;
            if (other.kind == EventKind::Moved && other.at == e.at && t.s[i].tier != t.s[i - 1].tier
                && !t.s[i - 1].tier.isEmpty())
                return e.kind == EventKind::Moved;
        }
        return false;
    };
    const auto reassignments = [&](const One &t) {
        const auto states = t.withTeam();
        qint64 n = 0;
        for (const size_t i : moves(t)) {
            const bool isSameTier = t.s[states[i]].tier == t.s[states[i - 1]].tier;
            n += isSameTier && !isOneMove(t, t.s[states[i]].event) ? 1 : 0;
        }
        return n;
    };
    const auto turns = [](const One &t) {
        QStringList teams;
        for (const State &s : t.s)
            teams.append(s.team);
        return turnsOf(teams);
    };
    QCOMPARE(m_row.moved, o.count([&](const One &t) { return !moves(t).empty(); }));
    QCOMPARE(m_row.moves, o.sum([&](const One &t) { return qint64(moves(t).size()); }));
    QCOMPARE(m_row.movedAgain, o.count([&](const One &t) { return moves(t).size() >= 2; }));
    QCOMPARE(m_row.reassignments->steps, o.sum(reassignments));
    QCOMPARE(
        m_row.reassignments->tickets, o.count([&](const One &t) { return reassignments(t) > 0; }));
    QCOMPARE(m_row.pingPongTeams->turns, o.sum(turns));
    QCOMPARE(m_row.pingPongTeams->tickets, o.count([&](const One &t) { return turns(t) > 0; }));
    QCOMPARE(m_row.timeToFirstMove, o.spread([&](const One &t) {
        const auto at = moves(t);
        return at.empty() ? std::nullopt
                          : std::optional(t.sinceCreation(t.s[t.withTeam()[at.front()]].event.at));
    }));
}

void TestMetricsOracle::endFigures()
{
    const Oracle &o = *m_oracle;
    const auto first = [](bool up) {
        return [up](const One &t) -> std::optional<Millis> {
            const auto at = std::find_if(t.s.begin(), t.s.end(), solved);
            return isUp(t) != up || at == t.s.end() ? std::nullopt
                                                    : std::optional(t.sinceCreation(at->event.at));
        };
    };
    const auto last = [](bool up) {
        return [up](const One &t) -> std::optional<Millis> {
            return isUp(t) != up || !t.isSolvedNow()
                ? std::nullopt
                : std::optional(t.sinceCreation(t.s[t.lastRun()].event.at));
        };
    };
    QCOMPARE(m_row.firstResolution.escalated, o.spread(first(true)));
    QCOMPARE(m_row.firstResolution.notEscalated, o.spread(first(false)));
    QCOMPARE(m_row.finalResolution.escalated, o.spread(last(true)));
    QCOMPARE(m_row.finalResolution.notEscalated, o.spread(last(false)));
    QCOMPARE(m_row.resolutionAfterEscalation, o.spread([](const One &t) {
        return isUp(t) && t.isSolvedNow()
            ? std::optional(t.s[t.lastRun()].event.at - t.s[t.ups().front()].event.at)
            : std::nullopt;
    }));
    QCOMPARE(m_row.reopened, o.count([](const One &t) { return t.isReopened(); }));
}

void TestMetricsOracle::waitingAndPriority()
{
    const Oracle &o = *m_oracle;
    QCOMPARE(m_row.priorityRaised, o.count([](const One &t) {
        std::optional<Priority> held;
        for (const State &s : t.s) {
            if (s.event.priority && held && *s.event.priority > *held)
                return true;
            held = s.event.priority ? s.event.priority : held;
        }
        return false;
    }));
    QCOMPARE(m_row.awaitedCustomer, o.count([](const One &t) {
        return std::any_of(t.s.begin(), t.s.end(), [](const State &s) {
            const bool isOurs
                = s.event.kind != EventKind::LogRow && s.event.kind != EventKind::Created;
            return s.event.data.contains("awaiting"_L1)
                || (isOurs && s.event.status == Status::Pending);
        });
    }));
}

void TestMetricsOracle::messageFigures()
{
    const Oracle &o = *m_oracle;
    QVERIFY(m_row.firstResponse->n > 100);
    QCOMPARE(m_row.firstResponse, o.spread([](const One &t) -> std::optional<Millis> {
        std::optional<Instant> word;
        for (const MessageStamp &m : t.t->messages) { // they are sorted
            if (!word && m.author == AuthorKind::Customer && m.kind != MessageKind::InternalNote)
                word = m.at;
        }
        for (const MessageStamp &m : t.t->messages) {
            if (word && m.at >= *word && m.author == AuthorKind::Agent
                && m.kind == MessageKind::PublicReply)
                return m.at - *word;
        }
        return std::nullopt;
    }));
    QCOMPARE(m_row.firstContactResolution->n, o.count([](const One &t) {
        return t.isSolvedNow() && t.humanReplies() == 1 && !t.isReopened() && !isUp(t);
    }));
}

void TestMetricsOracle::answers()
{
    CsatFigure all, after;
    qint64 total = 0, totalAfter = 0;
    for (const One &t : m_oracle->all()) {
        for (size_t i = 0; i < t.s.size(); ++i) {
            const Event &e = t.s[i].event;
            const qint64 score = e.data.value("score"_L1).toInteger();
            if (e.kind != EventKind::Csat || score < 1 || score > 5)
                continue;
            const auto ups = t.ups();
            const bool isAfter = !ups.empty() && ups.front() < i;
            ++all.n;
            all.satisfied += score >= 4 ? 1 : 0;
            total += score;
            after.n += isAfter ? 1 : 0;
            after.satisfied += isAfter && score >= 4 ? 1 : 0;
            totalAfter += isAfter ? score : 0;
        }
    }
    QVERIFY(after.n > 20);
    all.mean = double(total) / double(all.n);
    after.mean = double(totalAfter) / double(after.n);
    QCOMPARE(m_row.csat, std::optional(all));
    QCOMPARE(m_row.csatAfterEscalation, std::optional(after));
}

void TestMetricsOracle::agents()
{
    const Report report = reportOf(m_tickets, { .by = By::Agent });
    for (const QString &agent : { u"ana"_s, u"ben"_s, u"cem"_s }) {
        const Row row = rowNamed(report, qPrintable(agent));
        const auto isTheirs = [&](const State &s) {
            return s.event.actor == agent && s.event.actorKind == AuthorKind::Agent;
        };
        QCOMPARE(row.tickets, m_oracle->count([&](const One &t) {
            return std::any_of(t.s.begin(), t.s.end(), isTheirs);
        }));
        QCOMPARE(row.escalated, m_oracle->count([&](const One &t) {
            return isUp(t) && isTheirs(t.s[t.ups().front() - 1]);
        }));
    }
}

void TestMetricsOracle::weeks()
{
    const Summary summary = reportOf(m_tickets).summary;
    for (const WeekPoint &week : summary.weeks) {
        // UTC: a week is seven times 86,400 s from its Monday.
        const qint64 monday = (week.monday.toJulianDay() - 2'440'588) * 86'400'000;
        const auto isIn = [&](const One &t) {
            const qint64 at = t.t->ticket.created.ms;
            return at >= monday && at < monday + 7 * 86'400'000LL;
        };
        QCOMPARE(week.tickets, m_oracle->count(isIn));
        QCOMPARE(week.escalated, m_oracle->count([&](const One &t) { return isIn(t) && isUp(t); }));
    }
    QVERIFY(summary.weeks.size() >= 5);
}

void TestMetricsOracle::orderOfAddingDoesNotMatter()
{
    std::vector<History> turned(m_tickets.rbegin(), m_tickets.rend());
    for (const By by : { By::All, By::Team, By::Agent, By::Week }) {
        QCOMPARE(toJson(reportOf(turned, { .by = by })), toJson(reportOf(m_tickets, { .by = by })));
    }
}

QTEST_GUILESS_MAIN(TestMetricsOracle)
#include "tst_metricsoracle.moc"
