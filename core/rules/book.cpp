#include "core/rules/book.h"

#include "core/rules/print.h"

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

/// The document of one stored text, or nothing and a sentence that says why.
std::optional<Document> readOne(const StoredRule &stored, QStringList &unreadable)
{
    Parsed parsed = parse(stored.text);
    const Document &document = parsed.document;
    const size_t there = stored.kind == RuleKind::Rule ? document.rules.size()
        : stored.kind == RuleKind::List                ? document.lists.size()
                                                       : document.policies.size();
    if (parsed.isWhole() && there == 1)
        return std::move(parsed.document);
    unreadable.append(u"The %1 “%2” cannot be read%3"_s.arg(code(stored.kind), stored.name,
        parsed.problems.empty() ? u": its text holds something else."_s
                                : u": "_s + parsed.problems.front().text()));
    return std::nullopt;
}

} // namespace

BookRules readBook(const RuleBook &book, std::initializer_list<RuleState> states)
{
    BookRules read;
    for (const StoredRule &stored : book.rules) {
        if (std::ranges::find(states, stored.state) == states.end())
            continue;
        if (auto document = readOne(stored, read.unreadable)) {
            read.stored.push_back(stored);
            read.rules.push_back(std::move(document->rules.front()));
        }
    }
    for (const StoredRule &stored : book.lists) {
        if (stored.state != RuleState::Live)
            continue;
        if (auto document = readOne(stored, read.unreadable))
            read.lists.push_back(std::move(document->lists.front()));
    }
    if (const StoredRule *policy = book.livePolicy()) {
        if (auto document = readOne(*policy, read.unreadable))
            read.priority = std::move(document->policies.front());
    }
    return read;
}

std::vector<BookText> partsOf(const Document &document)
{
    std::vector<BookText> parts;
    for (const WordList &list : document.lists)
        parts.push_back({ RuleKind::List, list.name, print(list) });
    for (const Rule &rule : document.rules)
        parts.push_back({ RuleKind::Rule, rule.name, print(rule) });
    for (const PriorityPolicy &policy : document.policies)
        parts.push_back({ RuleKind::Policy, policy.name, print(policy) });
    return parts;
}

} // namespace tierline::rules
