#include "core/rules/priority.h"

#include "core/rules/print.h"
#include "core/rules/sentence.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

std::vector<Rule> rulesOf(const PriorityPolicy &policy)
{
    std::vector<Rule> rules;
    for (const PolicyLine &line : policy.lines)
        rules.push_back({ .when = line.when, .goesOn = true });
    return rules;
}

QString scoreSentence(
    const PriorityPolicy &policy, const PriorityVerdict &verdict, const QStringList &parts)
{
    QString reached = u"below every threshold"_s;
    for (const auto &threshold : policy.thresholds) {
        if (verdict.score >= threshold.from) {
            reached = u"%1 from %2"_s.arg(code(threshold.priority)).arg(threshold.from);
            break;
        }
    }
    const QString sum = parts.isEmpty() ? u"nothing adds to it"_s : parts.join(u" + "_s);
    return u"%1: %2 = %3, %4"_s.arg(code(verdict.priority), sum).arg(verdict.score).arg(reached);
}

} // namespace

PriorityRules::PriorityRules(const PriorityPolicy &policy, const Lists &lists)
    : m_policy(policy)
    , m_set(rulesOf(policy), lists)
{
}

PriorityVerdict PriorityRules::judge(const Subject &subject) const
{
    const bool isScore = m_policy.mode == PriorityPolicy::Mode::Score;
    const FactRow row = m_set.read(subject);
    Evaluator evaluator(m_set);
    evaluator.start(row, subject.now);
    PriorityVerdict verdict { .priority = m_policy.otherwise };
    QStringList parts;
    for (int i = 0; i < int(m_policy.lines.size()); ++i) {
        const PolicyLine &line = m_policy.lines[size_t(i)];
        const Truth truth = evaluator.judge(i);
        verdict.lines.push_back({ print(line.when), line.weight, truth });
        if (truth == Truth::Unknown)
            verdict.unjudged.append(unjudgedText(m_set, *evaluator.whyUnknown(i)));
        if (truth != Truth::Yes)
            continue;
        const QString because = sentence(m_set, i, evaluator, subject);
        if (!isScore) {
            verdict.priority = line.priority;
            verdict.sentence = u"%1: %2"_s.arg(code(line.priority), because);
            return verdict;
        }
        verdict.score += line.weight;
        parts.append(u"%1 (%2)"_s.arg(line.weight).arg(because));
    }
    if (!isScore) {
        verdict.sentence = u"%1: no line holds"_s.arg(code(verdict.priority));
        return verdict;
    }
    for (const auto &threshold : m_policy.thresholds) {
        if (verdict.score >= threshold.from) {
            verdict.priority = threshold.priority;
            break;
        }
    }
    verdict.sentence = scoreSentence(m_policy, verdict, parts);
    return verdict;
}

std::optional<Instant> PriorityRules::nextChange(const Subject &subject) const
{
    const FactRow row = m_set.read(subject);
    Evaluator evaluator(m_set);
    evaluator.start(row, subject.now);
    std::optional<Instant> next;
    for (int i = 0; i < int(m_policy.lines.size()); ++i) {
        const auto turn = evaluator.nextTurn(i);
        if (turn && (!next || *turn < *next))
            next = turn;
    }
    return next;
}

} // namespace tierline::rules
