#include "core/rules/lint_p.h"

#include "core/rules/print.h"
#include "core/rules/words.h"

namespace tierline::rules {

using namespace Qt::StringLiterals;

namespace {

/// Ways by which customers write; a workspace's own come on top.
const QStringList &usualChannels()
{
    static const QStringList channels { u"email"_s, u"chat"_s, u"phone"_s, u"web"_s, u"whatsapp"_s,
        u"telegram"_s, u"social"_s, u"sms"_s, u"api"_s, u"bot"_s, u"form"_s, u"portal"_s };
    return channels;
}

class NameLint
{
public:
    NameLint(const Rule &rule, const LintContext &context, Findings &findings)
        : m_rule(rule)
        , m_context(context)
        , m_findings(findings)
    {
    }

    void check(const Test &test)
    {
        const QString &fact = test.fact->id;
        for (const PatternPart &part : test.fact->parts.front()) {
            if (part.kind == PatternPart::Kind::Name && part.slot != Slot::Field)
                name(part.slot, test.name, test.place, Gravity::Doubtful);
        }
        if (fact == u"field" && !m_context.fields.isEmpty())
            word(u"ticket has a field"_s, test.name, m_context.fields, test.place);
        if (test.op == Operator::Mentions || test.op == Operator::MentionsNot
            || test.op == Operator::Matches || test.op == Operator::MatchesNot)
            return;
        for (const Value &value : test.values) {
            if (value.kind != ValueKind::Word)
                continue;
            if (fact == u"tier")
                name(Slot::Tier, value.text, test.place, Gravity::Doubtful);
            else if (fact == u"team")
                name(Slot::Team, value.text, test.place, Gravity::Doubtful);
            else if (fact == u"assignee")
                name(Slot::Agent, value.text, test.place, Gravity::Doubtful);
            else
                seenWord(test, value.text);
        }
    }

    void check(const Action &action)
    {
        // Who is not told is missed by somebody; what cannot be moved stays where it is.
        const bool moves = action.info->id == u"escalate" || action.info->id == u"assign";
        for (const Argument &argument : action.arguments) {
            if (argument.value.kind == ValueKind::Word && argument.slot != Slot::Field)
                name(argument.slot, argument.value.text, action.place,
                    moves ? Gravity::Wrong : Gravity::Doubtful);
        }
    }

private:
    void name(Slot slot, const QString &name, Place place, Gravity gravity)
    {
        const QStringList known = m_context.vocabulary.names.value(slot);
        if (name.isEmpty() || known.isEmpty() || known.contains(name, Qt::CaseInsensitive))
            return;
        const QString close = nearest(name, known);
        add(u"unknown-name"_s, gravity, place,
            u"“%1” names the %2 “%3”, which this workspace does not have%4"_s.arg(m_rule.name,
                slotName(slot), name,
                close.isEmpty() ? u"; there is %1."_s.arg(known.mid(0, 8).join(u", "_s))
                                : u"; did you mean “%1”?"_s.arg(close)));
    }

    void seenWord(const Test &test, const QString &asked)
    {
        QStringList known = m_context.seen.value(test.fact->id);
        if (!test.fact->choices.isEmpty() || known.isEmpty())
            return;
        if (test.fact->id == u"channel")
            known += usualChannels();
        word(u"ticket has the %1"_s.arg(print(Test { .fact = test.fact }).section(u' ', 0, 0)),
            asked, known, test.place);
    }

    void word(const QString &what, const QString &asked, const QStringList &known, Place place)
    {
        if (known.contains(asked, Qt::CaseInsensitive))
            return;
        const QString close = nearest(asked, known);
        add(u"unknown-word"_s, close.isEmpty() ? Gravity::Advice : Gravity::Doubtful, place,
            u"“%1”: no %2 “%3”%4"_s.arg(m_rule.name, what, asked,
                close.isEmpty() ? u" so far."_s : u" so far; did you mean “%1”?"_s.arg(close)));
    }

    void add(const QString &code, Gravity gravity, Place place, const QString &message)
    {
        m_findings.push_back({ code, gravity, m_rule.name, {}, place, message });
    }

    const Rule &m_rule;
    const LintContext &m_context;
    Findings &m_findings;
};

} // namespace

void lintNames(const Rule &rule, const LintContext &context, Findings &findings)
{
    NameLint names(rule, context, findings);
    forEachTest(rule.when, [&](const Test &test) { names.check(test); });
    forEachAction(rule.then, [&](const Action &action) { names.check(action); });
}

} // namespace tierline::rules
