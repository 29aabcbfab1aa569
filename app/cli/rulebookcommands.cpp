#include "app/cli/rulebookcommands.h"
#include "app/cli/rulebookjson.h"

#include "core/desk/ruledesk.h"
#include "core/desk/rulefigures.h"
#include "core/desk/rulestanding.h"
#include "core/rules/print.h"
#include "core/storage/firings.h"

#include <QSaveFile>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<commands::RuleReason> reasonOf(const Arguments &args)
{
    const commands::RuleReason reason { args.value(u"--why"_s), args.value(u"--metric"_s) };
    if (reason.why.trimmed().isEmpty())
        return usageError(u"Say why with --why; it is kept with the change."_s);
    return reason;
}

Result<rules::Readiness> readinessOf(Environment &env, storage::Connection &connection,
    const std::vector<rules::Rule> &rules, const rules::Lists &lists)
{
    return desk::countReadiness(connection, rules, lists, env.clock().now(), [&env](qint64 done) {
        env.progress(u"field readiness, ticket %1"_s.arg(done));
        return !Environment::isInterrupted();
    });
}

void noteFilled(rules::LintContext &context, const rules::Readiness &ready)
{
    for (const rules::RuleReadiness &rule : ready.rules)
        context.filled.insert(rule.rule, ready.percent(rule.judged));
}

struct Checked {
    desk::RuleCheck check;
    std::optional<rules::Readiness> ready;
};

/// Without a workspace a text is held to the language alone.
Result<Checked> checkFile(Environment &env, QByteArrayView bytes, bool isReadyAsked)
{
    auto store = env.store();
    if (!store && store.error().fault == Fault::NotFound && !isReadyAsked)
        return Checked { desk::checkRules(bytes, {}), {} };
    if (!store)
        return store.error();
    storage::Connection &connection = (*store)->connection();
    TIERLINE_TRY(context, desk::loadRuleContext(connection));
    TIERLINE_TRY(standing, storage::loadRuleBook(connection));
    Checked result;
    const rules::Parsed parsed = rules::parse(bytes);
    if (isReadyAsked && parsed.isWhole()) {
        const rules::Document &document = parsed.document;
        TIERLINE_TRY(ready, readinessOf(env, connection, document.rules, document.lists));
        noteFilled(context, ready);
        result.ready = ready;
    }
    result.check = desk::checkRules(bytes, context, standing);
    return result;
}

Result<Answer> check(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(bytes, readFile(args.at(0)));
    TIERLINE_TRY(result, checkFile(env, bytes, args.has(u"--ready"_s)));
    const desk::RuleCheck &found = result.check;
    const rules::Document &read = found.parsed.document;
    QJsonObject document = checkJson(found, bytes);
    document[u"file"_s] = args.at(0);
    QString text = checkText(found, bytes);
    if (result.ready) {
        document[u"readiness"_s] = readinessJson(*result.ready);
        text += readinessText(*result.ready);
    }
    if (found.isSound()) {
        text += u"%1: %2 rules, %3 lists, %4 priority policies; sound.\n"_s.arg(args.at(0))
                    .arg(read.rules.size())
                    .arg(read.lists.size())
                    .arg(read.policies.size());
    } else {
        document[u"error"_s] = QJsonObject { { u"code"_s, faultCode(Fault::BadInput) },
            { u"message"_s, firstError(found) }, { u"where"_s, args.at(0) } };
        printError(u"%1: %2"_s.arg(args.at(0), printable(firstError(found))));
    }
    return Answer { document, printable(text), found.isSound() ? 0 : 1 };
}

Result<Answer> format(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(bytes, readFile(args.at(0)));
    const rules::Parsed parsed = rules::parse(QByteArrayView(bytes));
    if (!parsed.isWhole()) {
        const desk::RuleCheck found { parsed, {} };
        if (env.isJson())
            return badInput(u"%1, %2"_s.arg(args.at(0), found.firstProblem()));
        printOut(printable(checkText(found, bytes)));
        return badInput(u"%1 is not formatted: %2"_s.arg(args.at(0), found.firstProblem()));
    }
    const QString text = rules::print(parsed.document);
    const bool isChanged = text.toUtf8() != bytes;
    if (args.has(u"--write"_s) && isChanged) {
        QSaveFile file(args.at(0));
        const QByteArray out = text.toUtf8();
        if (!file.open(QIODevice::WriteOnly) || file.write(out) != out.size() || !file.commit())
            return storageError(u"%1 cannot be written: %2."_s.arg(args.at(0), file.errorString()));
    }
    Answer answer { { { u"file"_s, args.at(0) }, { u"text"_s, text }, { u"changed"_s, isChanged } },
        text };
    answer.isFile = true;
    if (args.has(u"--write"_s)) {
        answer.text = isChanged ? u"%1 formatted.\n"_s.arg(args.at(0))
                                : u"%1 was in the one form already.\n"_s.arg(args.at(0));
        answer.isFile = false;
    }
    return answer;
}

Result<Answer> load(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(reason, reasonOf(args));
    TIERLINE_TRY(bytes, readFile(args.at(0)));
    TIERLINE_TRY(desk, openDesk<desk::RuleDesk>(env));
    TIERLINE_TRY(found, desk.check(bytes));
    if (!found.isWhole()) {
        if (!env.isJson())
            printOut(printable(checkText(found, bytes)));
        return badInput(u"%1, %2 Nothing was loaded."_s.arg(args.at(0), found.firstProblem()));
    }
    TIERLINE_TRY(outcome, desk.load(bytes, reason, args.has(u"--apply-again"_s)));
    TIERLINE_TRY(book, desk.book());
    QJsonArray rows;
    QList<QStringList> lines;
    for (const rules::BookText &part : rules::partsOf(found.parsed.document)) {
        const StoredRule *stored = book.find(part.kind, part.name);
        if (!stored)
            continue;
        QString what = u"unchanged"_s;
        for (const RuleChange &change : outcome.changes) {
            const bool isText
                = change.what == RuleChange::What::Added || change.what == RuleChange::What::Text;
            if (change.rule == stored->id && isText)
                what = change.what == RuleChange::What::Added ? u"added"_s : u"changed"_s;
        }
        rows.append(QJsonObject { { u"name"_s, stored->name }, { u"kind"_s, code(stored->kind) },
            { u"change"_s, what }, { u"version"_s, stored->version },
            { u"state"_s, code(stored->state) } });
        lines.append({ stored->name, code(stored->kind), what, QString::number(stored->version),
            code(stored->state) });
    }
    const QJsonObject document { { u"operation"_s, outcome.operation }, { u"rows"_s, rows },
        { u"total"_s, rows.size() }, { u"findings"_s, findingsJson(found.findings, bytes) } };
    return Answer { document,
        printable(table({ u"name"_s, {}, {}, u"version"_s, u"state"_s }, lines, 60)
            + findingsText(found.findings, bytes)) };
}

/// Rules that are live for a month and never fired.
Result<Done> noteSilent(Environment &env, storage::Connection &connection, const RuleBook &book,
    rules::LintContext &context)
{
    constexpr Millis month { 30LL * 24 * 3'600'000 };
    for (const StoredRule &rule : book.rules) {
        if (rule.state != RuleState::Live || env.clock().now() - rule.since < month)
            continue;
        TIERLINE_TRY(fires, storage::countFired(connection, rule.id, rule.since));
        if (fires == 0)
            context.neverFired.append(rule.name);
    }
    return Done {};
}

QJsonObject listRow(const StoredRule &rule, const desk::RuleFigures *figures)
{
    QJsonObject row { { u"name"_s, rule.name }, { u"version"_s, rule.version },
        { u"state"_s, code(rule.state) }, { u"order"_s, rule.order },
        { u"fires_7d"_s, QJsonValue() }, { u"precision"_s, QJsonValue() },
        { u"kind"_s, code(rule.kind) }, { u"since"_s, rule.since.iso() },
        { u"weekly_cap"_s, rule.weeklyCap > 0 ? QJsonValue(rule.weeklyCap) : QJsonValue() } };
    if (figures)
        row[u"fires_7d"_s] = figures->firesInWeek;
    if (figures && figures->precision)
        row[u"precision"_s] = *figures->precision;
    return row;
}

QStringList listLine(const StoredRule &rule, const desk::RuleFigures *figures)
{
    return { rule.order > 0 ? QString::number(rule.order) : QString(), rule.name,
        rule.kind == RuleKind::Rule ? QString() : code(rule.kind), code(rule.state),
        QString::number(rule.version), figures ? QString::number(figures->firesInWeek) : QString(),
        figures && figures->precision ? QString::number(qRound(*figures->precision * 100)) + u" %"_s
                                      : QString() };
}

/// What is to be said of the rules as they stand, and of how many tickets they can judge.
Result<Done> addFindings(
    Environment &env, storage::Connection &connection, const RuleBook &book, Answer &answer)
{
    TIERLINE_TRY(context, desk::loadRuleContext(connection));
    TIERLINE_CHECK(noteSilent(env, connection, book, context));
    const rules::BookRules running = rules::readBook(book, { RuleState::Live, RuleState::Shadow });
    TIERLINE_TRY(ready, readinessOf(env, connection, running.rules, running.lists));
    noteFilled(context, ready);
    const auto findings = desk::checkBook(book, context);
    answer.document[u"readiness"_s] = readinessJson(ready);
    answer.document[u"findings"_s] = findingsJson(findings, {});
    answer.text += printable(findingsText(findings, {}));
    return Done {};
}

Result<Answer> listRules(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    TIERLINE_TRY(book, storage::loadRuleBook(store->connection()));
    TIERLINE_TRY(figures,
        desk::loadRuleFigures(store->connection(), book, person->visibility(), env.clock().now()));
    QJsonArray rows, others;
    QList<QStringList> lines;
    for (const RuleKind kind : { RuleKind::Rule, RuleKind::List, RuleKind::Policy }) {
        for (const StoredRule &rule : book.of(kind)) {
            if (rule.state == RuleState::Retired && !args.has(u"--all"_s))
                continue;
            const auto known = figures.constFind(rule.id);
            const desk::RuleFigures *own = known == figures.cend() ? nullptr : &*known;
            (kind == RuleKind::Rule ? rows : others).append(listRow(rule, own));
            lines.append(listLine(rule, own));
        }
    }
    Answer answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() }, { u"others"_s, others } },
        lines.isEmpty()
            ? u"There are no rules; `rules load FILE` brings some.\n"_s
            : table({ {}, u"rule"_s, {}, u"state"_s, u"version"_s, u"7 days"_s, u"precision"_s },
                lines, 60) };
    if (args.has(u"--check"_s))
        TIERLINE_CHECK(addFindings(env, store->connection(), book, answer));
    return answer;
}

Answer changesAnswer(const commands::RuleOutcome &outcome, const QString &ifNothing)
{
    QJsonArray changes;
    QString text;
    for (const RuleChange &change : outcome.changes) {
        changes.append(changeJson(change));
        text += changeText(change) + u'\n';
    }
    return { { { u"operation"_s, outcome.operation }, { u"changes"_s, changes } },
        printable(text.isEmpty() ? ifNothing + u'\n' : text) };
}

Result<std::optional<int>> capOption(const Arguments &args, const QString &option)
{
    if (!args.has(option))
        return std::optional<int>();
    const QString word = args.value(option);
    if (word == u"none"_s)
        return std::optional(0);
    bool isNumber = false;
    const int cap = word.toInt(&isNumber);
    if (!isNumber || cap < 1)
        return usageError(u"%1 takes a number of fires in a week, or none."_s.arg(option));
    return std::optional(cap);
}

/// On how many open tickets a rule acts at once that goes live and applies to what stands; none of anything else.
Result<std::optional<desk::RuleStanding>> standingOf(
    Environment &env, const Arguments &args, RuleState state)
{
    if (state != RuleState::Live || !args.has(u"--apply-now"_s))
        return std::optional<desk::RuleStanding>();
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    TIERLINE_TRY(book, storage::loadRuleBook(store->connection()));
    const StoredRule *stored = book.find(RuleKind::Rule, args.at(0));
    if (!stored || stored->state == RuleState::Live)
        return std::optional<desk::RuleStanding>();
    TIERLINE_TRY(standing,
        desk::findStanding(store->connection(), person->visibility(), { stored->id, {} },
            env.clock().now(), [&env](qint64 done) {
                env.progress(u"what holds already, ticket %1"_s.arg(done));
                return !Environment::isInterrupted();
            }));
    return std::optional(std::move(standing));
}

Result<Answer> set(Environment &env, const Arguments &args)
{
    const auto state = fromCode<RuleState>(args.at(1));
    if (!state)
        return usageError(u"“%1” is no state of a rule; one of: %2."_s.arg(
            args.at(1), codes<RuleState>().join(u", "_s)));
    TIERLINE_TRY(reason, reasonOf(args));
    TIERLINE_TRY(cap, capOption(args, u"--cap"_s));
    TIERLINE_TRY(standing, standingOf(env, args, *state));
    TIERLINE_TRY(desk, openDesk<desk::RuleDesk>(env));
    TIERLINE_TRY(outcome,
        desk.run(commands::SetRuleState {
            args.at(0), *state, reason, args.has(u"--apply-now"_s), cap }));
    TIERLINE_TRY(book, desk.book());
    const StoredRule *stored = book.find(args.at(0));
    Answer answer = changesAnswer(
        outcome, u"“%1” is %2 already."_s.arg(stored ? stored->name : args.at(0), code(*state)));
    if (stored) {
        answer.document[u"name"_s] = stored->name;
        answer.document[u"state"_s] = code(stored->state);
        answer.document[u"version"_s] = stored->version;
    }
    if (standing) {
        answer.document[u"standing"_s] = standing->fresh;
        answer.document[u"open"_s] = standing->looked;
        answer.text += u"It holds for %1 of %2 open tickets already, and acts on them.\n"_s
                           .arg(standing->fresh)
                           .arg(standing->looked);
    }
    return answer;
}

Result<Answer> show(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    TIERLINE_TRY(book, storage::loadRuleBook(store->connection()));
    const StoredRule *stored = book.find(args.at(0));
    if (!stored)
        return notFound(
            u"There is no rule “%1”; `rules list` shows their names."_s.arg(args.at(0)));
    int number = stored->version;
    if (args.has(u"--version-number"_s)) {
        bool isNumber = false;
        number = args.value(u"--version-number"_s).toInt(&isNumber);
        if (!isNumber || number < 1)
            return usageError(u"--version-number takes a number from 1."_s);
    }
    TIERLINE_TRY(version, storage::loadRuleVersion(store->connection(), stored->id, number));
    const QJsonObject document { { u"name"_s, stored->name }, { u"kind"_s, code(stored->kind) },
        { u"state"_s, code(stored->state) }, { u"version"_s, version.number },
        { u"versions"_s, stored->version }, { u"text"_s, version.text }, { u"why"_s, version.why },
        { u"metric"_s, version.metric }, { u"actor"_s, version.actor },
        { u"made"_s, version.made.iso() } };
    Answer answer { document, version.text };
    answer.isFile = true;
    return answer;
}

Result<Answer> log(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(env.desk());
    QString id;
    if (!args.positionals().isEmpty()) {
        TIERLINE_TRY(book, storage::loadRuleBook(store->connection()));
        const StoredRule *stored = book.find(args.at(0));
        if (!stored)
            return notFound(u"There is no rule “%1”."_s.arg(args.at(0)));
        id = stored->id;
    }
    TIERLINE_TRY(changes, storage::loadRuleChanges(store->connection(), id, 1'000));
    QJsonArray rows;
    QString text;
    for (const RuleChange &change : changes) {
        rows.append(changeJson(change));
        text += u"%1  %2  %3\n    %4\n"_s.arg(
            change.at.iso(), change.actor, changeText(change), change.why);
    }
    return Answer { { { u"rows"_s, rows }, { u"total"_s, rows.size() } },
        printable(text.isEmpty() ? u"Nothing was changed yet.\n"_s : text) };
}

Result<Answer> move(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(reason, reasonOf(args));
    TIERLINE_TRY(desk, openDesk<desk::RuleDesk>(env));
    TIERLINE_TRY(book, desk.book());
    const StoredRule *stored = book.find(args.at(0));
    if (!stored || stored->kind == RuleKind::List)
        return notFound(
            u"There is no rule “%1”; `rules list` shows their names."_s.arg(args.at(0)));
    bool isNumber = false;
    const int to = args.value(u"--to"_s).toInt(&isNumber);
    const auto &all = book.of(stored->kind);
    if (!isNumber || to < 1 || to > static_cast<int>(all.size()))
        return usageError(u"--to takes a place from 1, which runs first, to %1."_s.arg(all.size()));
    QStringList ids;
    for (const StoredRule &rule : all) {
        if (rule.id != stored->id)
            ids.append(rule.id);
    }
    ids.insert(to - 1, stored->id);
    TIERLINE_TRY(outcome, desk.run(commands::OrderRules { ids, stored->kind, reason }));
    return changesAnswer(outcome, u"“%1” stands there already."_s.arg(stored->name));
}

Result<Answer> setCap(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(reason, reasonOf(args));
    const QString word = args.at(1);
    bool isNumber = word == u"none"_s;
    const int cap = isNumber ? 0 : word.toInt(&isNumber);
    if (!isNumber)
        return usageError(u"“%1” is no number of fires in a week, nor none."_s.arg(word));
    TIERLINE_TRY(desk, openDesk<desk::RuleDesk>(env));
    TIERLINE_TRY(outcome, desk.run(commands::SetRuleCap { args.at(0), cap, reason }));
    return changesAnswer(outcome, u"It has that cap already."_s);
}

Result<Answer> rollBack(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(reason, reasonOf(args));
    bool isNumber = false;
    const int to = args.value(u"--to"_s).toInt(&isNumber);
    if (!isNumber || to < 1)
        return usageError(
            u"--to takes the number of an earlier version; `rules log NAME` has them."_s);
    TIERLINE_TRY(desk, openDesk<desk::RuleDesk>(env));
    TIERLINE_TRY(outcome,
        desk.run(commands::RollBackRule { args.at(0), to, reason, args.has(u"--apply-again"_s) }));
    return changesAnswer(outcome, u"Nothing changed."_s);
}

} // namespace

QList<Command> rulebookCommands()
{
    const QStringList why { u"--why"_s, u"--metric"_s };
    return {
        { u"rules check"_s, u"FILE [--ready]"_s,
            u"reads a rule file: every error with its place, and what is doubtful; --ready counts the "
            "open tickets that have what the rules read"_s,
            { { u"FILE"_s }, {}, {}, { u"--ready"_s } }, check },
        { u"rules format"_s, u"FILE [--write]"_s, u"the file in its one form"_s,
            { { u"FILE"_s }, {}, {}, { u"--write"_s } }, format },
        { u"rules load"_s, u"FILE --why S [--metric S] [--apply-again]"_s,
            u"rules, lists and priority policies of a file: new ones as drafts"_s,
            { { u"FILE"_s }, why, {}, { u"--apply-again"_s } }, load },
        { u"rules list"_s, u"[--all] [--check]"_s,
            u"rules in running order; --all with retired ones, --check with what is doubtful"_s,
            { {}, {}, {}, { u"--all"_s, u"--check"_s } }, listRules },
        { u"rules set"_s,
            u"NAME draft|shadow|live|retired --why S [--metric S] [--cap N|none] [--apply-now]"_s,
            u"where a rule stands in its life"_s,
            { { u"NAME"_s, u"STATE"_s }, why + QStringList { u"--cap"_s }, {},
                { u"--apply-now"_s } },
            set },
        { u"rules show"_s, u"NAME [--version-number N]"_s, u"a rule's text, now or as it was"_s,
            { { u"NAME"_s }, { u"--version-number"_s }, {}, {} }, show },
        { u"rules log"_s, u"[NAME]"_s, u"who changed what, and why; the newest first"_s,
            { { u"[NAME]"_s }, {}, {}, {} }, log },
        { u"rules move"_s, u"NAME --to PLACE --why S"_s, u"another place in the running order"_s,
            { { u"NAME"_s }, why + QStringList { u"--to"_s }, {}, {} }, move },
        { u"rules cap"_s, u"NAME N|none --why S"_s, u"how often it may fire in a week"_s,
            { { u"NAME"_s, u"CAP"_s }, why, {}, {} }, setCap },
        { u"rules rollback"_s, u"NAME --to VERSION --why S [--apply-again]"_s,
            u"the text of an earlier version again"_s,
            { { u"NAME"_s }, why + QStringList { u"--to"_s }, {}, { u"--apply-again"_s } },
            rollBack },
    };
}

} // namespace tierline::cli
