#include "core/rules/parser_p.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

void Parser::policy(Document &document)
{
    PriorityPolicy policy;
    const size_t start = m_at;
    startItem();
    advance();
    const size_t problems = m_told;
    if (!now().isWord(u"policy")) {
        complain(m_at,
            u"Expected \"policy\" behind \"priority\", found %1; write: priority policy \"Name\" by "
            u"score."_s.arg(found(m_at)));
        skipToTop();
        return;
    }
    advance();
    policy.comments = std::exchange(m_pending, {});
    const auto name = topName(u"priority policy"_s);
    if (!name) {
        skipToTop();
        return;
    }
    policy.name = *name;
    if (now().isWord(u"by") && token(m_at + 1).isWord(u"score")) {
        policy.mode = PriorityPolicy::Mode::Score;
        skipTo(m_at + 2);
    } else if (now().isWord(u"by") && token(m_at + 1).isWord(u"first")
        && token(m_at + 2).isWord(u"match")) {
        policy.mode = PriorityPolicy::Mode::FirstMatch;
        skipTo(m_at + 3);
    } else {
        complain(m_at,
            u"Expected \"by score\" or \"by first match\" behind the policy's name, found %1."_s
                .arg(found(m_at)),
            {}, { u"by score"_s, u"by first match"_s });
        skipToTop();
        return;
    }
    bool isDone = false;
    while (!isDone && m_told == problems) {
        m_tests = m_depth = 0;
        m_isRuleLost = false;
        const bool isThreshold
            = policy.mode == PriorityPolicy::Mode::Score && now().kind == Token::Kind::Word;
        if (now().isWord(u"otherwise")) {
            isDone = otherwise(policy);
            break;
        }
        if (!(isThreshold ? threshold(policy) : policyLine(policy)))
            break;
    }
    if (m_told == problems && !isTop(m_at))
        complain(m_at, u"Behind \"otherwise\" the policy ends; found %1."_s.arg(found(m_at)));
    if (m_told == problems
        && (policy.lines.empty()
            || (policy.mode == PriorityPolicy::Mode::Score && policy.thresholds.empty())))
        complain(start,
            u"The policy decides nothing; give it a line such as \"40 when plan is enterprise\" "
            u"and a threshold such as \"high from 40\"."_s);
    startItem();
    if (m_told != problems) {
        skipToTop();
        return;
    }
    policy.comments += std::exchange(m_pending, {});
    policy.place = placeFrom(start);
    if (!isGarbled(policy.place))
        document.policies.push_back(std::move(policy));
}

bool Parser::policyLine(PriorityPolicy &policy)
{
    PolicyLine line;
    const size_t start = m_at;
    startItem();
    m_failure = {};
    if (policy.mode == PriorityPolicy::Mode::Score) {
        if (now().kind != Token::Kind::Number || !now().text.isEmpty() || now().amount % 1'000 != 0
            || now().amount == 0 || std::abs(now().amount) > 1'000'000) {
            complain(m_at,
                u"Expected a weight from -1000 to 1000 and \"when\", a threshold such as \"high from "
                u"50\", or \"otherwise\" with a priority; found %1."_s.arg(found(m_at)),
                {}, { u"otherwise"_s });
            return false;
        }
        line.weight = int(now().amount / 1'000);
    } else {
        const auto value = oneOf(m_at, codes<Priority>(), u"a priority"_s);
        if (!value) {
            complain(m_at,
                u"Expected a priority and \"when\", or \"otherwise\" with a priority; found %1."_s
                    .arg(found(m_at)),
                m_failure.nearest, codes<Priority>() + QStringList { u"otherwise"_s });
            return false;
        }
        line.priority = *fromCode<Priority>(value->value.text);
    }
    advance();
    if (policy.lines.size() >= size_t(limits::policyLines)) {
        complain(start, u"A policy has at most %1 lines."_s.arg(limits::policyLines));
        return false;
    }
    const size_t problems = m_told;
    if (!expectWord(u"when", u"Expected \"when\" and a condition, found %1."_s))
        return false;
    line.comments.above = std::exchange(m_pending, {});
    line.when = orExpr();
    policy.lines.push_back(std::move(line));
    return m_told == problems;
}

bool Parser::threshold(PriorityPolicy &policy)
{
    startItem();
    m_failure = {};
    const auto priority = oneOf(m_at, codes<Priority>(), u"a priority"_s);
    const auto from = priority && token(m_at + 1).isWord(u"from")
        ? MaybeValue(FoundValue { Value::number(token(m_at + 2).amount / 1'000), m_at + 3 })
        : std::nullopt;
    const Token &number = token(m_at + 2);
    if (!from || number.kind != Token::Kind::Number || !number.text.isEmpty()
        || number.amount % 1'000 != 0 || std::abs(number.amount) > 1'000'000'000) {
        complain(m_at,
            u"Expected a threshold such as \"high from 50\", a weight, or \"otherwise\" with a "
            u"priority; found %1."_s.arg(found(m_at)),
            m_failure.nearest, codes<Priority>() + QStringList { u"otherwise"_s });
        return false;
    }
    const PriorityPolicy::Threshold told { *fromCode<Priority>(priority->value.text),
        int(number.amount / 1'000) };
    if (!policy.thresholds.empty()
        && (told.from >= policy.thresholds.back().from
            || told.priority >= policy.thresholds.back().priority)) {
        complain(m_at,
            u"Thresholds stand in falling order, the most urgent with the highest number first."_s);
        return false;
    }
    policy.thresholds.push_back(told);
    skipTo(from->next);
    return true;
}

bool Parser::otherwise(PriorityPolicy &policy)
{
    startItem();
    advance();
    m_failure = {};
    const auto priority = oneOf(m_at, codes<Priority>(), u"a priority"_s);
    if (!priority) {
        tellFailure(m_at - 1, u"priority"_s, codes<Priority>());
        return false;
    }
    policy.otherwise = *fromCode<Priority>(priority->value.text);
    advance();
    return true;
}

} // namespace tierline::rules
