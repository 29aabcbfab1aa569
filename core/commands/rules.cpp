#include "core/commands/rules.h"
#include "core/commands/rulework_p.h"

namespace tierline::commands {

using namespace Qt::StringLiterals;

namespace {

template<typename Body>
Result<RuleOutcome> onBook(Context &context, const RuleReason &reason, Body body)
{
    RuleOutcome outcome;
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            outcome = {};
            TIERLINE_TRY(work, RuleWork::begin(context, scope, reason));
            TIERLINE_CHECK(body(work, scope));
            outcome = work.finish();
            return Done {};
        }));
    return outcome;
}

Result<Done> checkOnce(const std::vector<const RuleText *> &texts)
{
    QSet<QString> seen;
    for (const RuleText *text : texts) {
        const QString key = code(text->kind) + u'\n' + text->name.trimmed().toCaseFolded();
        if (seen.contains(key))
            return badInput(u"There are two of the name “%1”; a %2's name stands for one."_s.arg(
                                text->name, code(text->kind)),
                u"name"_s);
        seen.insert(key);
    }
    return Done {};
}

/// A rule that goes live for the first time opens with a cap, whoever says so, unless they name another.
Result<Done> setCap(RuleWork &work, StoredRule &rule, RuleState to, std::optional<int> cap)
{
    TIERLINE_TRY(wasLive, work.wasEverLive(rule.id));
    const bool isFirst = rule.kind == RuleKind::Rule && to == RuleState::Live && !wasLive;
    return work.setCap(rule, cap.value_or(isFirst ? firstWeeklyCap : rule.weeklyCap));
}

/// The running order after texts were saved: those named follow one another as given, and what is new
/// stands behind the one above it.
QStringList orderAfter(const QStringList &before, const QStringList &named)
{
    QStringList order = before;
    QList<qsizetype> slots_;
    QStringList known;
    for (const QString &id : named) {
        if (before.contains(id)) {
            slots_.append(before.indexOf(id));
            known.append(id);
        }
    }
    std::ranges::sort(slots_);
    for (qsizetype i = 0; i < slots_.size(); ++i)
        order[slots_[i]] = known[i];
    QString above;
    for (const QString &id : named) {
        if (!before.contains(id)) {
            const qsizetype at = !above.isEmpty() ? order.indexOf(above) + 1
                : known.isEmpty()                 ? order.size()
                                                  : order.indexOf(known.first());
            order.insert(at, id);
        }
        above = id;
    }
    return order;
}

QStringList idsOf(const std::vector<StoredRule> &rules)
{
    QStringList ids;
    for (const StoredRule &rule : rules)
        ids.append(rule.id);
    return ids;
}

constexpr auto ordered = { RuleKind::Rule, RuleKind::Policy };

} // namespace

Result<RuleOutcome> run(Context &context, const SaveRules &command)
{
    std::vector<const RuleText *> texts;
    for (const RuleText &text : command.texts)
        texts.push_back(&text);
    TIERLINE_CHECK(checkOnce(texts));
    return onBook(
        context, command.reason, [&](RuleWork &work, storage::WriteScope &) -> Result<Done> {
            const RuleBook before = work.book();
            QMap<RuleKind, QStringList> named;
            for (const RuleText &text : command.texts) {
                TIERLINE_TRY(id, work.saveText(text, command.appliesAgain));
                named[text.kind].append(id);
                if (text.kind != RuleKind::List)
                    continue;
                TIERLINE_TRY(list, work.find(id));
                TIERLINE_CHECK(work.setState(*list, RuleState::Live, false));
            }
            for (const RuleKind kind : ordered)
                TIERLINE_CHECK(
                    work.setOrder(kind, orderAfter(idsOf(before.of(kind)), named[kind])));
            return Done {};
        });
}

Result<RuleOutcome> run(Context &context, const SetRuleState &command)
{
    return onBook(
        context, command.reason, [&](RuleWork &work, storage::WriteScope &) -> Result<Done> {
            TIERLINE_TRY(rule, work.find(command.rule));
            TIERLINE_CHECK(setCap(work, *rule, command.state, command.weeklyCap));
            return work.setState(*rule, command.state, command.appliesToStanding);
        });
}

Result<RuleOutcome> run(Context &context, const SetRuleCap &command)
{
    return onBook(
        context, command.reason, [&](RuleWork &work, storage::WriteScope &) -> Result<Done> {
            TIERLINE_TRY(rule, work.find(command.rule));
            return work.setCap(*rule, command.weeklyCap);
        });
}

Result<RuleOutcome> run(Context &context, const OrderRules &command)
{
    if (command.kind == RuleKind::List)
        return badInput(u"Lists have no order."_s);
    return onBook(
        context, command.reason, [&](RuleWork &work, storage::WriteScope &) -> Result<Done> {
            return work.setOrder(command.kind, command.ids);
        });
}

Result<RuleOutcome> run(Context &context, const RollBackRule &command)
{
    return onBook(
        context, command.reason, [&](RuleWork &work, storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(rule, work.find(command.rule));
            TIERLINE_TRY(
                to, storage::loadRuleVersion(scope.connection(), rule->id, command.version));
            if (to.text == rule->text)
                return conflictError(
                    u"“%1” says today what its version %2 said; there is nothing to roll back."_s
                        .arg(rule->name)
                        .arg(command.version));
            for (const StoredRule &other : work.book().of(rule->kind)) {
                if (other.id != rule->id && other.name.compare(to.name, Qt::CaseInsensitive) == 0)
                    return conflictError(
                        u"Version %1 was called “%2”, and so is another rule today; rename that first."_s
                            .arg(command.version)
                            .arg(to.name));
            }
            return work.setText(*rule, to.name, to.text, command.appliesAgain, command.version);
        });
}

Result<RuleOutcome> replaceRules(
    Context &context, storage::WriteScope &scope, const ReplaceRules &command)
{
    const auto rules = [](const ReplaceRules::Item &item) {
        return item.text.kind == RuleKind::Policy && item.state == RuleState::Live;
    };
    if (std::ranges::count_if(command.items, rules) > 1)
        return badInput(u"Two priority policies are live; one says how urgent tickets are."_s);
    std::vector<const RuleText *> texts;
    for (const ReplaceRules::Item &item : command.items)
        texts.push_back(&item.text);
    TIERLINE_CHECK(checkOnce(texts));
    TIERLINE_TRY(work, RuleWork::begin(context, scope, command.reason));
    if (command.isBeginning)
        work.setQuiet();
    QMap<RuleKind, QStringList> named;
    for (const ReplaceRules::Item &item : command.items) {
        TIERLINE_TRY(id, work.saveText(item.text, command.appliesAgain));
        named[item.text.kind].append(id);
    }
    for (const RuleKind kind : { RuleKind::Rule, RuleKind::List, RuleKind::Policy }) {
        for (const QString &id : idsOf(work.book().of(kind))) {
            if (named[kind].contains(id))
                continue;
            TIERLINE_TRY(rule, work.find(id));
            TIERLINE_CHECK(work.setState(*rule, RuleState::Retired, false));
            named[kind].append(id);
        }
    }
    for (const RuleKind kind : ordered)
        TIERLINE_CHECK(work.setOrder(kind, named[kind]));
    QMap<RuleKind, qsizetype> at;
    for (const ReplaceRules::Item &item : command.items) {
        TIERLINE_TRY(rule, work.find(named[item.text.kind][at[item.text.kind]++]));
        TIERLINE_CHECK(setCap(work, *rule, item.state, item.weeklyCap));
        TIERLINE_CHECK(work.setState(*rule, item.state, false));
    }
    return work.finish();
}

Result<RuleOutcome> run(Context &context, const ReplaceRules &command)
{
    RuleOutcome outcome;
    TIERLINE_CHECK(
        context.store.write(context.durability, [&](storage::WriteScope &scope) -> Result<Done> {
            TIERLINE_TRY(done, replaceRules(context, scope, command));
            outcome = done;
            return Done {};
        }));
    return outcome;
}

} // namespace tierline::commands
