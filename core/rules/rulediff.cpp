#include "core/rules/rulediff.h"

#include "core/rules/explainpast.h"
#include "core/rules/print.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr qint64 ticketsBetweenWords = 500;
constexpr size_t namedFires = 20;

struct Acted {
    Instant at;
    QString rule; ///< its name without regard to case
    bool escalates = false;
    QString name; ///< as the set has it

    bool operator==(const Acted &other) const
    {
        return at == other.at && rule == other.rule && escalates == other.escalates;
    }
};

bool comesBefore(const Acted &x, const Acted &y)
{
    if (x.at != y.at)
        return x.at < y.at;
    return x.rule != y.rule ? x.rule < y.rule : x.escalates < y.escalates;
}

/// One of the two sets with what it needs to be played.
struct Side {
    const RuleSet &set;
    std::unique_ptr<Neighbours> neighbours;
    LifeFrame frame;
    std::unique_ptr<Replay> replay;
    std::vector<Acted> acted;

    explicit Side(const RuleSet &rules)
        : set(rules)
    {
    }

    Result<Done> begin(Past &past, const LifeFrame &shared, const BacktestProgress &progress)
    {
        TIERLINE_TRY(others, neighboursOf(set, past, shared, progress));
        neighbours = std::move(others);
        frame = shared;
        frame.tracesNeighbours = neighbours != nullptr;
        replay = std::make_unique<Replay>(set, frame, neighbours.get());
        return Done {};
    }
    void play(PastTicket &ticket, const BacktestSpan &span)
    {
        acted.clear();
        replay->run(ticket, span.to, [&](const ReplayFire &fire) {
            const QString &name = set.rules()[size_t(fire.fire->rule)].name;
            if (fire.at >= span.from)
                acted.push_back({ fire.at, name.toCaseFolded(), fire.fire->escalates, name });
        });
        std::ranges::sort(acted, comesBefore);
    }
    int find(const QString &name) const
    {
        for (size_t i = 0; i < set.rules().size(); ++i) {
            if (set.rules()[i].name.compare(name, Qt::CaseInsensitive) == 0)
                return int(i);
        }
        return -1;
    }
    QString text() const
    {
        QStringList parts;
        for (const Acted &one : acted) {
            if (parts.size() == qsizetype(namedFires)) {
                parts.append(u"and %1 more"_s.arg(acted.size() - namedFires));
                break;
            }
            parts.append(u"%1 at %2%3"_s.arg(
                one.name, one.at.iso(), one.escalates ? u" (escalates)"_s : QString()));
        }
        return parts.join(u"; "_s);
    }
};

QString verdictText(const RuleSet &set, int rule, Evaluator &evaluator, const Subject &subject)
{
    QStringList parts;
    for (const Decisive &decisive : evaluator.decisive(rule)) {
        const Test &test = *set.tests()[size_t(decisive.test)].written;
        const QString value = valueText(test, subject);
        parts.append(value.isEmpty() ? print(test) : u"%1 (%2)"_s.arg(print(test), value));
    }
    return parts.join(u" + "_s);
}

/// Why a set did not act as the other one did.
QString whyNot(Side &side, PastTicket &ticket, const Acted &missing, const QString &name)
{
    const int rule = side.find(missing.rule);
    if (rule < 0)
        return u"no rule “%1” in %2"_s.arg(missing.name, name);
    const PastVerdict told = explainPast(side.set, rule, *side.replay, ticket, missing.at);
    if (told.verdict == Truth::Unknown)
        return told.sentence;
    if (told.verdict == Truth::No)
        return verdictText(
            side.set, rule, side.replay->rounds().evaluator(), side.replay->rounds().subject());
    for (const Acted &one : side.acted) {
        if (one.at == missing.at && one.rule == missing.rule)
            return missing.escalates ? u"another rule escalated first in %1"_s.arg(name)
                                     : u"it escalates in %1"_s.arg(name);
    }
    for (const Acted &one : side.acted) {
        if (one.at == missing.at)
            return u"“%1” stopped the round in %2"_s.arg(one.name, name);
    }
    for (const Acted &one : side.acted) {
        if (one.rule == missing.rule && one.at < missing.at)
            return u"it acted already at %1 in %2"_s.arg(one.at.iso(), name);
    }
    return u"a rule above it stopped an earlier round in %1"_s.arg(name);
}

} // namespace

Result<RuleDiff> diff(const RuleSet &a, const RuleSet &b, Past &past, const LifeFrame &frame,
    const BacktestSpan &span)
{
    Side first(a), second(b);
    TIERLINE_CHECK(first.begin(past, frame, span.progress));
    TIERLINE_CHECK(second.begin(past, frame, span.progress));
    RuleDiff result;
    TIERLINE_CHECK(past.walk([&](PastTicket &ticket) -> Result<Done> {
        if (span.progress && result.played % ticketsBetweenWords == 0
            && !span.progress(result.played))
            return cancelled();
        ++result.played;
        first.play(ticket, span);
        second.play(ticket, span);
        if (first.acted == second.acted)
            return Done {};
        if (result.changed++ >= qint64(RuleDiff::most))
            return Done {};
        const auto [inA, inB] = std::ranges::mismatch(first.acted, second.acted);
        const bool isMissingInB
            = inB == second.acted.end() || (inA != first.acted.end() && comesBefore(*inA, *inB));
        const Acted missing = isMissingInB ? *inA : *inB;
        ChangedTicket changed { .ticket = ticket.id,
            .key = ticket.key,
            .a = first.text(),
            .b = second.text(),
            .at = missing.at };
        changed.flipped = whyNot(
            isMissingInB ? second : first, ticket, missing, isMissingInB ? u"b"_s : u"a"_s);
        result.tickets.push_back(std::move(changed));
        return Done {};
    }));
    std::ranges::sort(result.tickets, [](const ChangedTicket &x, const ChangedTicket &y) {
        return x.at != y.at ? x.at < y.at : x.ticket.v < y.ticket.v;
    });
    return result;
}

} // namespace tierline::rules
