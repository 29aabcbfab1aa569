#include "core/escalation/transitions.h"

#include <array>

namespace tierline::escalation {

using namespace Qt::StringLiterals;

namespace {

constexpr auto none = std::nullopt;

/// Ends the record.
constexpr Transition ends(Stage from, Action action, Outcome outcome)
{
    return { from, action, none, outcome, false };
}

/// Ends the record and opens the next one in handoff.
constexpr Transition supersedes(Stage from)
{
    return { from, Action::Escalate, Stage::Handoff, Outcome::Superseded, true };
}

constexpr std::array table = std::to_array<Transition>({
    { none, Action::Flag, Stage::Detection },
    { none, Action::Escalate, Stage::Handoff },

    ends(Stage::Detection, Action::Unflag, Outcome::Dropped),
    { Stage::Detection, Action::Triage, Stage::Triage },
    { Stage::Detection, Action::Escalate, Stage::Handoff },
    { Stage::Detection, Action::Reassign, Stage::Detection },
    ends(Stage::Detection, Action::Solve, Outcome::Dropped),

    ends(Stage::Triage, Action::Unflag, Outcome::Dropped),
    { Stage::Triage, Action::Escalate, Stage::Handoff },
    { Stage::Triage, Action::Reassign, Stage::Triage },
    ends(Stage::Triage, Action::Solve, Outcome::Dropped),

    supersedes(Stage::Handoff),
    ends(Stage::Handoff, Action::Withdraw, Outcome::Withdrawn),
    { Stage::Handoff, Action::Accept, Stage::Resolution },
    ends(Stage::Handoff, Action::Return, Outcome::Returned),
    { Stage::Handoff, Action::Reassign, Stage::Handoff },
    { Stage::Handoff, Action::PublicReply, Stage::Resolution },

    supersedes(Stage::Resolution),
    ends(Stage::Resolution, Action::Return, Outcome::Returned),
    { Stage::Resolution, Action::Reassign, Stage::Resolution },
    { Stage::Resolution, Action::PublicReply, Stage::Communication },
    { Stage::Resolution, Action::Solve, Stage::Closure },

    supersedes(Stage::Communication),
    ends(Stage::Communication, Action::Return, Outcome::Returned),
    { Stage::Communication, Action::Reassign, Stage::Communication },
    { Stage::Communication, Action::CustomerWord, Stage::Resolution },
    { Stage::Communication, Action::Solve, Stage::Closure },

    supersedes(Stage::Closure),
    { Stage::Closure, Action::Confirm, Stage::Review },
    { Stage::Closure, Action::Reopen, Stage::Resolution },

    { Stage::Review, Action::Reopen, Stage::Resolution },
    ends(Stage::Review, Action::Review, Outcome::Resolved),
});

constexpr std::array actionCodes = std::to_array<QStringView>(
    { u"flag", u"unflag", u"triage", u"escalate", u"withdraw", u"accept", u"return", u"reassign",
        u"public-reply", u"customer-word", u"solve", u"confirm", u"reopen", u"review" });

} // namespace

std::span<const Transition> transitions()
{
    return table;
}

const Transition *find(std::optional<Stage> from, Action action)
{
    for (const Transition &line : table) {
        if (line.from == from && line.action == action)
            return &line;
    }
    return nullptr;
}

QString code(Action action)
{
    const auto index = static_cast<size_t>(action);
    return index < actionCodes.size() ? actionCodes[index].toString() : u"unknown"_s;
}

QString printedTable()
{
    QString text;
    for (const Transition &line : table) {
        const QString from = line.from ? code(*line.from) : u"none"_s;
        const QString to = line.to ? code(*line.to) : u"ended"_s;
        QString row
            = u"%1 %2 -> %3"_s.arg(from.leftJustified(13), code(line.action).leftJustified(13), to);
        if (line.opensNext)
            row += u" (this one ends %1, the next opens)"_s.arg(code(line.outcome));
        else if (line.action == Action::Return)
            row += u" (returned, or reversed where L1 could have solved it)"_s;
        else if (line.outcome != Outcome::None)
            row += u" (%1)"_s.arg(code(line.outcome));
        text += row + u'\n';
    }
    return text;
}

} // namespace tierline::escalation
