#include "core/rules/parser_p.h"

using namespace Qt::StringLiterals;

namespace tierline::rules {

std::vector<Action> Parser::actions()
{
    std::vector<Action> actions;
    actionList(actions, false);
    return actions;
}

bool Parser::actionList(std::vector<Action> &into, bool isInLadder)
{
    bool isWhole = action(into, isInLadder);
    while (!m_isRuleLost && now().isWord(u"and")) {
        advance();
        isWhole = action(into, isInLadder) && isWhole;
    }
    return isWhole;
}

bool Parser::action(std::vector<Action> &into, bool isInLadder)
{
    if (++m_actionCount > limits::actions) {
        complain(m_at, u"A rule has at most %1 actions; divide it."_s.arg(limits::actions));
        m_isRuleLost = true;
        skipToTop();
        return false;
    }
    startItem();
    if (now().isWord(u"ladder"))
        return ladder(into, isInLadder);
    m_failure = {};
    const size_t start = m_at;
    std::optional<FoundAction> best;
    for (const ActionInfo &info : actionTable().all()) {
        if (!info.isInLadder)
            continue;
        for (const Pattern &pattern : info.parts) {
            auto match = matchAction(info, pattern, start);
            if (match && (!best || match->next > best->next))
                best = std::move(match);
        }
    }
    if (!best) {
        tellFailure(start, u"action"_s, actionTable().names());
        skipAction(isInLadder);
        return false;
    }
    skipTo(best->next);
    Action action = std::move(best->action);
    action.comments = endItem();
    action.place = placeFrom(start);
    into.push_back(std::move(action));
    return true;
}

namespace {

/// Where an argument stands when it is printed.
size_t orderOf(const ActionInfo &info, Slot slot)
{
    size_t order = 0;
    for (const Pattern &pattern : info.parts) {
        for (const PatternPart &part : pattern) {
            if (part.kind == PatternPart::Kind::Argument) {
                if (part.slot == slot)
                    return order;
                ++order;
            }
        }
    }
    for (const ActionOption &option : info.options) {
        if (option.slot == slot)
            return order;
        ++order;
    }
    return order;
}

void sortArguments(Action &action)
{
    std::stable_sort(action.arguments.begin(), action.arguments.end(),
        [&](const Argument &a, const Argument &b) {
            return orderOf(*action.info, a.slot) < orderOf(*action.info, b.slot);
        });
}

} // namespace

std::optional<Parser::FoundAction> Parser::matchAction(
    const ActionInfo &info, const Pattern &pattern, size_t at)
{
    FoundAction match { .action = { .info = &info }, .next = at };
    Action &action = match.action;
    for (const PatternPart &part : pattern) {
        if (part.kind == PatternPart::Kind::Words) {
            const Token &t = token(match.next);
            if (std::none_of(part.words.begin(), part.words.end(),
                    [&](const QString &word) { return t.isWord(word); })) {
                fail(match.next, part.words.front());
                return std::nullopt;
            }
            ++match.next;
        } else {
            const auto value = argument(match.next, part.slot);
            if (!value)
                return std::nullopt;
            action.arguments.push_back({ part.slot, value->value });
            match.next = value->next;
        }
    }
    if (!options(action, match.next))
        return std::nullopt;
    sortArguments(action);
    return match;
}

bool Parser::options(Action &action, size_t &at)
{
    while (true) {
        const auto &options = action.info->options;
        const auto option = std::find_if(options.begin(), options.end(),
            [&](const ActionOption &known) { return token(at).isWord(known.keyword); });
        if (option == options.end() || isTop(at)) { // "priority policy" begins anew
            // What could stand here, should the action not be followed by anything known.
            for (const ActionOption &known : options)
                fail(at, known.keyword);
            return true;
        }
        if (action.find(option->slot)) {
            failWith(at + 1, u"\"%1\" is said twice; keep one of them."_s.arg(option->keyword));
            return false;
        }
        const auto value = argument(at + 1, option->slot);
        if (!value)
            return false;
        action.arguments.push_back({ option->slot, value->value });
        at = value->next;
    }
}

Parser::MaybeValue Parser::argument(size_t at, Slot slot)
{
    switch (slot) {
    case Slot::Kind: return oneOf(at, codes<EscalationKind>(), u"a kind of escalation"_s);
    case Slot::Reason: return reason(at);
    case Slot::Priority: return oneOf(at, codes<Priority>(), u"a priority"_s);
    case Slot::Severity: return oneOf(at, codes<Severity>(), u"a severity"_s);
    case Slot::Status:
        if (token(at).isWord(u"solved") || token(at).isWord(u"closed")
            || token(at).isWord(u"deleted")) {
            failWith(at,
                u"A rule does not solve, close or delete a ticket, a person does; set pending or "
                u"hold, or remind."_s);
            return std::nullopt;
        }
        return oneOf(at, { u"new"_s, u"open"_s, u"pending"_s, u"hold"_s }, u"a status"_s);
    case Slot::Role: return oneOf(at, codes<Role>(), u"a role"_s);
    case Slot::Until: return oneOf(at, { u"accepted"_s, u"solved"_s }, u"an end of a ladder"_s);
    case Slot::Repeat: {
        auto value = wholeNumber(at, 1, 9);
        if (value && token(value->next).isWord(u"times"))
            ++value->next;
        return value;
    }
    case Slot::Idle: return duration(at, true);
    case Slot::Text: return text(at);
    default: break;
    }
    const auto value = name(at, slot);
    if (value)
        checkName(at, slot, value->value.text);
    return value;
}

bool Parser::ladder(std::vector<Action> &into, bool isInLadder)
{
    const size_t start = m_at;
    const size_t problems = m_told;
    Action action { .info = actionTable().find(u"ladder") };
    advance();
    action.comments.above = std::exchange(m_pending, {});
    if (isInLadder)
        complain(start, u"A ladder has no ladder in it; write its steps one after the other."_s);
    else if (!now().isSign(u"("))
        complain(m_at,
            u"Behind \"ladder\" expected its steps in brackets, found %1; write: ladder (after 30m "
            u"remind, after 1h notify manager)."_s.arg(found(m_at)),
            {}, { u"("_s });
    else
        steps(action.steps);
    if (m_told == problems && now().isSign(u")")) {
        advance();
        m_failure = {};
        size_t next = m_at;
        if (options(action, next))
            skipTo(next);
        else
            tellFailure(start, u"action"_s, {});
    }
    if (m_told != problems) {
        if (!m_isRuleLost)
            skipAction(isInLadder);
        return false;
    }
    sortArguments(action);
    Comments comments = endItem();
    action.comments.above += comments.above;
    action.comments.beside = comments.beside;
    action.place = placeFrom(start);
    into.push_back(std::move(action));
    return true;
}

/// From the opening bracket to the closing one, which is left to be read.
void Parser::steps(std::vector<Step> &into)
{
    do {
        advance();
        if (!now().isWord(u"after")) {
            complain(m_at,
                u"A step of a ladder begins with \"after\" and a duration, as in: after 30m remind; "
                u"found %1."_s.arg(found(m_at)),
                {}, { u"after"_s });
            return;
        }
        m_failure = {};
        const auto after = duration(m_at + 1, true);
        if (!after) {
            tellFailure(m_at, u"step"_s, { u"after"_s });
            return;
        }
        if (!into.empty() && after->value.duration() <= into.back().after.duration()) {
            complain(m_at + 1,
                u"The steps of a ladder stand in the order of their times; this one is not "
                u"later than the one before."_s);
            return;
        }
        if (into.size() >= size_t(limits::steps)) {
            complain(m_at, u"A ladder has at most %1 steps."_s.arg(limits::steps));
            return;
        }
        skipTo(after->next);
        into.push_back({ .after = after->value });
        if (!actionList(into.back().actions, true))
            return;
    } while (now().isSign(u","));
    if (!now().isSign(u")"))
        complain(m_at,
            u"Expected a comma and the next step, or \")\", found %1."_s.arg(found(m_at)), {},
            { u","_s, u")"_s });
}

void Parser::skipAction(bool isInLadder)
{
    int depth = 0;
    for (; !isTop(m_at); ++m_at) {
        const Token &t = now();
        const bool isOutside = depth <= 0;
        if (isOutside && (t.isWord(u"and") || t.isWord(u"stop") || t.isWord(u"continue")))
            return;
        if (isOutside && isInLadder && (t.isSign(u",") || t.isSign(u")")))
            return;
        depth += t.isSign(u"(") ? 1 : t.isSign(u")") ? -1 : 0;
    }
}

} // namespace tierline::rules
