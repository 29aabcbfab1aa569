#include "core/rules/explainpast.h"

namespace tierline::rules {

PastVerdict explainPast(
    const RuleSet &set, int rule, Replay &replay, PastTicket &ticket, Instant at)
{
    PastVerdict told;
    replay.goTo(ticket, at);
    if (replay.life().isEmpty())
        return told;
    told.isThere = true;
    Evaluator &evaluator = replay.rounds().evaluator();
    const Subject &subject = replay.rounds().subject();
    told.verdict = evaluator.judge(rule);
    told.sentence = sentence(set, rule, evaluator, subject);
    if (const auto why = evaluator.whyUnknown(rule))
        told.sentence = unjudgedText(set, *why);
    told.conditions = explain(set, rule, evaluator, subject);
    told.next = evaluator.nextLook(rule);
    return told;
}

} // namespace tierline::rules
