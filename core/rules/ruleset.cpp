#include "core/rules/ruleset.h"

#include "core/rules/print.h"

#include <numeric>

using namespace Qt::StringLiterals;

namespace tierline::rules {

namespace {

constexpr quint8 notLookedFor = 2;

QString foldedName(QStringView word)
{
    return word.trimmed().toString().toCaseFolded();
}

bool isFolded(const QString &word)
{
    const auto isPlain = [](QChar c) { return c.unicode() < 128 && c > u' ' && !c.isUpper(); };
    return std::ranges::all_of(word, isPlain);
}

Amount amountOf(const Value &value)
{
    if (value.kind == ValueKind::Percent)
        return { Amount::Kind::Percent, value.amount };
    return { value.isService ? Amount::Kind::Service : Amount::Kind::Wall, value.amount };
}

} // namespace

Ask askOf(const Test &test)
{
    Ask ask { .name = test.name };
    if (test.window)
        ask.window = test.window->duration();
    if (test.fact->type == FactType::Any && !test.values.empty())
        ask.compared = test.values.front().kind;
    return ask;
}

RuleSet::RuleSet(std::vector<Rule> rules, const Lists &lists)
    : m_rules(std::move(rules))
    , m_lists(lists)
{
    for (const Rule &rule : m_rules) {
        CompiledRule compiled;
        compiled.root = addNode(rule.when, compiled);
        for (const Action &action : rule.then)
            compiled.escalates = compiled.escalates || action.info->escalates;
        m_compiled.push_back(std::move(compiled));
    }
    makeIndex();
}

void RuleSet::makeIndex()
{
    m_readers.resize(factTable().all().size());
    for (size_t i = 0; i < m_compiled.size(); ++i) {
        for (size_t fact = 0; fact < m_readers.size(); ++fact) {
            if (m_compiled[i].facts[fact])
                m_readers[fact].push_back(int(i));
        }
        m_facts |= m_compiled[i].facts;
        if (m_compiled[i].isOnTime)
            m_onTime.push_back(int(i));
    }
}

qint32 RuleSet::intern(const QString &word)
{
    const QString name = foldedName(word);
    const auto known = m_symbols.constFind(name);
    if (known != m_symbols.cend())
        return *known;
    const auto made = qint32(m_symbols.size() + cell::firstSymbol);
    m_symbols.insert(name, made);
    return made;
}

qint32 RuleSet::symbol(const QString &word) const
{
    // Most names are written as they fold.
    if (isFolded(word))
        return m_symbols.value(word, qint32(cell::other));
    return m_symbols.value(foldedName(word), qint32(cell::other));
}

/// Words of an ordered choice are compared by their place.
qint32 RuleSet::rank(const FactInfo &fact, const QString &word) const
{
    for (qsizetype i = 0; i < fact.choices.size(); ++i) {
        if (fact.choices[i].compare(word, Qt::CaseInsensitive) == 0)
            return qint32(cell::firstSymbol + i);
    }
    return qint32(cell::other);
}

int RuleSet::slotFor(FactSlot wanted)
{
    for (size_t i = 0; i < m_slots.size(); ++i) {
        const FactSlot &slot = m_slots[i];
        if (slot.fact == wanted.fact && slot.store == wanted.store
            && slot.ask.name.compare(wanted.ask.name, Qt::CaseInsensitive) == 0
            && slot.ask.window == wanted.ask.window && slot.ask.compared == wanted.ask.compared
            && slot.ask.left.kind == wanted.ask.left.kind
            && slot.ask.left.amount == wanted.ask.left.amount
            && slot.serviceLength == wanted.serviceLength)
            return int(i);
    }
    using Store = FactSlot::Store;
    if (wanted.store == Store::Set) {
        wanted.sub = m_sets++;
    } else if (wanted.store == Store::Text) {
        wanted.sub = m_texts++;
        m_finders.emplace_back();
    } else if (wanted.store == Store::Span || wanted.serviceLength > 0) {
        wanted.sub = m_ends++;
    }
    m_slots.push_back(std::move(wanted));
    return int(m_slots.size() - 1);
}

int RuleSet::addTest(const Test &test)
{
    const QString printed = print(test);
    const QString key = printed.toCaseFolded();
    const auto known = m_testNumbers.constFind(key);
    if (known != m_testNumbers.cend())
        return *known;
    CompiledTest made = compile(test);
    made.written = &test;
    made.printed = printed;
    made.ask = askOf(test);
    m_tests.push_back(std::move(made));
    const int number = int(m_tests.size() - 1);
    m_testNumbers.insert(key, number);
    return number;
}

CompiledTest RuleSet::compile(const Test &test)
{
    using Kind = CompiledTest::Kind;
    using Store = FactSlot::Store;
    const FactInfo &fact = *test.fact;
    CompiledTest made;
    FactSlot slot { .fact = &fact, .ask = { .name = test.name } };
    if (test.window)
        slot.ask.window = test.window->duration();
    if (fact.isOnTime()) {
        compileTime(test, made, slot);
        return made;
    }
    const bool isWord = fact.type == FactType::Choice
        || (fact.type == FactType::Any
            && (test.values.empty() || test.values.front().kind == ValueKind::Word));
    if (fact.type == FactType::Any && !isWord)
        slot.ask.compared = test.values.front().kind;
    slot.store = fact.type == FactType::Names ? Store::Set
        : fact.type == FactType::Text         ? Store::Text
        : isWord                              ? Store::Symbol
                                              : Store::Number;
    made.slot = slotFor(slot);
    switch (test.op) {
    case Operator::Holds: made.kind = Kind::IsYes; return made;
    case Operator::IsEmpty: made.isNegated = true; [[fallthrough]];
    case Operator::IsFilled:
        made.kind = slot.store == Store::Set ? Kind::SetFilled
            : slot.store == Store::Text      ? Kind::TextFilled
                                             : Kind::Filled;
        return made;
    case Operator::Excludes: made.isNegated = true; [[fallthrough]];
    case Operator::Includes: made.kind = Kind::SetHas; break;
    case Operator::Mentions:
    case Operator::MentionsNot:
    case Operator::Matches:
    case Operator::MatchesNot: compileText(test, made, m_slots[size_t(made.slot)]); return made;
    case Operator::Under: made.isNegated = true; [[fallthrough]];
    case Operator::AtLeast: made.kind = Kind::AtLeast; break;
    case Operator::Over: made.isNegated = true; [[fallthrough]];
    case Operator::AtMost: made.kind = Kind::AtMost; break;
    case Operator::IsNot: made.isNegated = true; [[fallthrough]];
    case Operator::Is: made.kind = isWord ? Kind::AnyOf : Kind::Equals; break;
    }
    const auto number = [&](const Value &value) -> qint64 {
        return isWord ? rank(fact, value.text) : value.amount;
    };
    if (made.kind == Kind::AnyOf || made.kind == Kind::SetHas) {
        for (const Value &value : test.values)
            made.symbols.push_back(
                fact.choices.isEmpty() ? intern(value.text) : rank(fact, value.text));
        std::sort(made.symbols.begin(), made.symbols.end());
    } else {
        made.bound = number(test.values.front());
    }
    return made;
}

void RuleSet::compileTime(const Test &test, CompiledTest &made, FactSlot &slot)
{
    using Store = FactSlot::Store;
    made.kind = CompiledTest::Kind::Time;
    slot.store = Store::Instant;
    switch (test.fact->type) {
    case FactType::Elapsed: {
        const Value &length = test.values.front();
        // On the wall one column serves every length; on a calendar the instant is found for each.
        if (length.isService)
            slot.serviceLength = length.amount;
        else
            made.fromOffset = length.amount;
        break;
    }
    case FactType::Left:
        if (!test.values.empty())
            slot.ask.left = amountOf(test.values.front());
        break;
    case FactType::Within:
        slot.ask.window = Millis(0); // the offset does it
        made.fromOffset = -test.window->amount;
        made.endOffset = msOf(TimeUnit::Day);
        break;
    case FactType::Span:
        slot.store = Store::Span;
        made.hasEnd = true;
        break;
    default: break;
    }
    made.slot = slotFor(slot);
}

void RuleSet::compileText(const Test &test, CompiledTest &made, const FactSlot &slot)
{
    made.kind = CompiledTest::Kind::TextFinds;
    made.isNegated = test.op == Operator::MentionsNot || test.op == Operator::MatchesNot;
    made.text = int(m_patterns.size());
    TextTest text { .isPattern = test.op == Operator::Matches || test.op == Operator::MatchesNot };
    for (const Value &value : test.values) {
        if (text.isPattern) {
            text.patterns.push_back(std::make_unique<TextPattern>(value.text));
        } else if (value.kind == ValueKind::List) {
            bool isThere = false;
            for (const WordList &list : m_lists) {
                if (list.name.compare(value.text, Qt::CaseInsensitive) != 0)
                    continue;
                isThere = true;
                for (const QString &word : list.words)
                    m_finders[size_t(slot.sub)].add(made.text, word);
            }
            if (!isThere && !m_missingLists.contains(value.text))
                m_missingLists.append(value.text);
        } else {
            m_finders[size_t(slot.sub)].add(made.text, value.text);
        }
    }
    m_patterns.push_back(std::move(text));
}

int RuleSet::addNode(const Expr &expr, CompiledRule &rule)
{
    const auto place = m_nodes.size();
    m_nodes.push_back({ .kind = expr.kind });
    if (expr.kind == Expr::Kind::Test) {
        m_nodes[place].test = addTest(expr.test);
        rule.nodes.push_back(int(place));
        rule.facts.set(size_t(expr.test.fact->number));
        rule.isOnTime = rule.isOnTime || expr.test.fact->isOnTime();
        return int(place);
    }
    // Children that follow one another need their places before their own children do.
    std::vector<int> children;
    for (const Expr &child : expr.children)
        children.push_back(addNode(child, rule));
    m_nodes[place].firstChild = int(m_nodes.size());
    m_nodes[place].children = int(children.size());
    for (const int child : children)
        m_nodes.push_back(CompiledNode(m_nodes[size_t(child)]));
    return int(place);
}

std::vector<int> RuleSet::rulesReading(const FactSet &facts) const
{
    std::vector<int> rules;
    for (size_t fact = 0; fact < m_readers.size(); ++fact) {
        if (facts[fact])
            rules.insert(rules.end(), m_readers[fact].begin(), m_readers[fact].end());
    }
    std::sort(rules.begin(), rules.end());
    rules.erase(std::unique(rules.begin(), rules.end()), rules.end());
    return rules;
}

std::vector<int> RuleSet::allRules() const
{
    std::vector<int> rules(m_rules.size());
    std::iota(rules.begin(), rules.end(), 0);
    return rules;
}

bool RuleSet::readsAgreements() const
{
    return std::ranges::any_of(m_slots, [](const FactSlot &slot) {
        return slot.serviceLength > 0 || slot.fact->type == FactType::Span
            || (slot.fact->changes & Changes(Change::Clock)) != 0;
    });
}

FactRow RuleSet::unreadRow() const
{
    FactRow row;
    row.cells.resize(m_slots.size(), cell::unread);
    row.ends.resize(size_t(m_ends), cell::never);
    row.sets.resize(size_t(m_sets));
    row.texts.resize(size_t(m_texts));
    return row;
}

FactRow RuleSet::read(const Subject &subject) const
{
    FactRow row = unreadRow();
    row.cycleStart
        = subject.activity.cycleStart ? *subject.activity.cycleStart : subject.ticket->created;
    for (int slot = 0; slot < int(m_slots.size()); ++slot)
        readSlot(row, subject, slot);
    return row;
}

void RuleSet::read(FactRow &row, const Subject &subject, const FactSet &facts) const
{
    row.cycleStart
        = subject.activity.cycleStart ? *subject.activity.cycleStart : subject.ticket->created;
    for (int slot = 0; slot < int(m_slots.size()); ++slot) {
        if (facts[size_t(m_slots[size_t(slot)].fact->number)])
            readSlot(row, subject, slot);
    }
}

void RuleSet::readSlot(FactRow &row, const Subject &subject, int number) const
{
    using State = Reading::State;
    using Store = FactSlot::Store;
    const FactSlot &slot = m_slots[size_t(number)];
    const Reading reading = slot.fact->read(subject, slot.ask);
    qint64 &value = row.cells[size_t(number)];
    if (slot.store == Store::Text) {
        row.texts[size_t(slot.sub)] = { .text = reading.text };
        value = reading.state == State::Value ? 0 : cell::unknown;
        return;
    }
    if (slot.store == Store::Set) {
        auto &set = row.sets[size_t(slot.sub)];
        set.clear();
        for (const QString &name : reading.names)
            set.push_back(symbol(name));
        std::sort(set.begin(), set.end());
    }
    if (slot.serviceLength > 0)
        row.ends[size_t(slot.sub)] = cell::never; // nothing of an earlier reading stays
    switch (reading.state) {
    case State::Unknown: value = cell::unknown; return;
    case State::WrongType: value = cell::wrongType; return;
    case State::None:
        value = slot.store == Store::Symbol ? cell::empty
            : slot.store == Store::Number   ? cell::unknown
                                            : cell::never;
        return;
    case State::Value: break;
    }
    value = reading.number;
    if (slot.store == Store::Symbol)
        value
            = slot.fact->choices.isEmpty() ? symbol(reading.text) : rank(*slot.fact, reading.text);
    if (slot.store == Store::Span)
        row.ends[size_t(slot.sub)] = reading.to;
    if (slot.store == Store::Instant && slot.serviceLength > 0) {
        // Without a calendar it cannot be said when so much service time has passed.
        value = cell::unknown;
        if (subject.hours.isKnown()) {
            const auto at
                = subject.hours.whenHasRun({ reading.number }, Millis(slot.serviceLength));
            value = at ? at->ms : cell::never;
        }
        row.ends[size_t(slot.sub)] = reading.number;
    }
}

bool RuleSet::finds(const FactRow &row, const CompiledTest &test) const
{
    const FactSlot &slot = m_slots[size_t(test.slot)];
    RowText &text = row.texts[size_t(slot.sub)];
    if (text.found.empty())
        text.found.resize(m_patterns.size(), notLookedFor);
    quint8 &found = text.found[size_t(test.text)];
    const TextTest &wanted = m_patterns[size_t(test.text)];
    if (found != notLookedFor)
        return found != 0;
    if (wanted.isPattern) {
        const std::string utf8 = text.text.left(65'536).toStdString();
        found = std::any_of(wanted.patterns.begin(), wanted.patterns.end(),
            [&](const auto &pattern) { return pattern->isIn(utf8); });
        return found != 0;
    }
    if (!text.isRead) {
        text.isRead = true;
        for (size_t i = 0; i < m_patterns.size(); ++i) {
            if (!m_patterns[i].isPattern)
                text.found[i] = 0;
        }
        const text::WordedText words(text.text);
        for (const auto &hit : m_finders[size_t(slot.sub)].find(words)) {
            if (!hit.isNegated)
                text.found[size_t(hit.owner)] = 1;
        }
    }
    return text.found[size_t(test.text)] != 0;
}

} // namespace tierline::rules
