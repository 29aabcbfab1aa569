#include "app/cli/command.h"

#include "core/base/json.h"
#include "core/desk/rulepast.h"
#include "core/metrics/days.h"
#include "core/storage/tickets.h"

#include <QJsonArray>

namespace tierline::cli {

using namespace Qt::StringLiterals;

// What rules would have done: explain, backtest, diff. What stands in the rule book is in rulebookcommands.

namespace {

constexpr qsizetype shownRows = 20;

/// The past as this person may see it.
Result<std::unique_ptr<desk::RulePast>> openPast(Environment &env)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    return std::make_unique<desk::RulePast>(store->connection(), person->visibility());
}

Result<std::unique_ptr<rules::RuleSet>> compileFile(desk::RulePast &past, const QString &name)
{
    TIERLINE_TRY(bytes, readFile(name));
    auto set = past.compile(bytes);
    if (!set && set.error().fault == Fault::BadInput)
        return badInput(u"%1, %2"_s.arg(name, set.error().detail), set.error().where);
    return set;
}

/// `--from` and `--to`; nothing later than now is ever known.
Result<rules::BacktestSpan> spanOf(Environment &env, const Arguments &args)
{
    rules::BacktestSpan span;
    const Instant now = env.clock().now();
    span.to = now;
    const QTimeZone zone = QTimeZone::utc();
    if (args.has(u"--from"_s)) {
        TIERLINE_TRY(from, metrics::borderOf(args.value(u"--from"_s), zone));
        span.from = from;
    }
    if (args.has(u"--to"_s)) {
        TIERLINE_TRY(to, metrics::borderOf(args.value(u"--to"_s), zone));
        span.to = std::min(to, now);
    }
    if (span.to < span.from)
        return usageError(u"--from is later than --to, or than now."_s);
    span.progress = [&env](qint64 done) {
        env.progress(done > 0 ? u"played, ticket %1"_s.arg(done) : u"reading other tickets"_s);
        return !Environment::isInterrupted();
    };
    return span;
}

/// What people judged, a line a ticket: {"ticket":"T-1","should":true}.
Result<QHash<QString, bool>> readLabels(const QString &name)
{
    TIERLINE_TRY(bytes, readFile(name));
    QHash<QString, bool> labels;
    int number = 0;
    for (const QByteArray &line : bytes.split('\n')) {
        ++number;
        if (line.trimmed().isEmpty())
            continue;
        const auto read = readJsonObject(line);
        const QJsonValue ticket = read ? read->value("ticket"_L1) : QJsonValue();
        const QJsonValue should = read ? read->value("should"_L1) : QJsonValue();
        if (!ticket.isString() || !should.isBool())
            return badInput(
                u"%1, line %2 is no label; write {\"ticket\":\"T-1\",\"should\":true}."_s.arg(name)
                    .arg(number));
        labels.insert(ticket.toString(), should.toBool());
    }
    return labels;
}

QString shareText(const std::optional<double> &share)
{
    return share ? QString::number(*share * 100, 'f', 1) + u" %"_s : u"–"_s;
}
QJsonValue shareJson(const std::optional<double> &share)
{
    return share ? QJsonValue(*share) : QJsonValue();
}

QJsonObject countsJson(const std::map<QString, qint64> &counts)
{
    QJsonObject json;
    for (const auto &[name, count] : counts)
        json[name] = count;
    return json;
}
QString countsText(const std::map<QString, qint64> &counts)
{
    QStringList parts;
    for (const auto &[name, count] : counts)
        parts.append(u"%1 %2"_s.arg(name).arg(count));
    return parts.isEmpty() ? u"none"_s : parts.join(u", "_s);
}

QJsonObject ruleJson(const rules::BacktestRule &rule)
{
    QJsonArray fires;
    for (const rules::BacktestFire &fire : rule.fires)
        fires.append(QJsonObject { { u"ticket"_s, fire.key }, { u"at"_s, fire.at.iso() },
            { u"sentence"_s, fire.sentence } });
    QJsonObject days;
    for (const auto &[day, count] : rule.perDay)
        days[day.toString(Qt::ISODate)] = count;
    return { { u"name"_s, rule.name }, { u"fires"_s, fires }, { u"count"_s, rule.count },
        { u"per_day"_s, days }, { u"precision"_s, shareJson(rule.precision) },
        { u"recall"_s, shareJson(rule.recall) }, { u"tickets"_s, rule.tickets },
        { u"unjudged"_s, rule.unjudged },
        { u"unjudged_why"_s, rule.unjudged > 0 ? QJsonValue(rule.unjudgedWhy) : QJsonValue() } };
}

Result<Answer> backtest(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(span, spanOf(env, args));
    TIERLINE_TRY(past, openPast(env));
    TIERLINE_TRY(set, compileFile(*past, args.at(0)));
    if (args.has(u"--labels"_s)) {
        TIERLINE_TRY(labels, readLabels(args.value(u"--labels"_s)));
        past->setLabels(labels);
    }
    const Millis began = env.clock().monotonic();
    auto played = past->backtest(*set, span);
    env.endProgress();
    if (!played)
        return played.error();
    const double seconds = double((env.clock().monotonic() - began).count()) / 1'000;
    QJsonArray rules;
    QList<QStringList> lines;
    QString text;
    for (const rules::BacktestRule &rule : played->rules) {
        rules.append(ruleJson(rule));
        lines.append({ rule.name, QString::number(rule.count), QString::number(rule.tickets),
            shareText(rule.precision), shareText(rule.recall) });
        if (rule.unjudged > 0)
            text += u"“%1” could not be judged in %2 tickets, first because %3.\n"_s.arg(rule.name)
                        .arg(rule.unjudged)
                        .arg(rule.unjudgedWhy);
    }
    const QJsonObject document { { u"rules"_s, rules },
        { u"load_per_tier"_s, countsJson(played->loadPerTier) },
        { u"notices"_s, countsJson(played->notices) }, { u"tickets"_s, played->tickets },
        { u"seconds"_s, seconds } };
    text = table({ u"rule"_s, u"fires"_s, u"tickets"_s, u"precision"_s, u"recall"_s }, lines)
        + u"Escalations: %1. Notices: %2.\n"_s.arg(
            countsText(played->loadPerTier), countsText(played->notices))
        + text
        + u"%1 tickets played in %2 s; what rules would have changed is not played on. --json has"
          " every fire.\n"_s.arg(played->tickets)
              .arg(seconds, 0, 'f', 1);
    return Answer { document, printable(text) };
}

Result<Answer> diff(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(span, spanOf(env, args));
    TIERLINE_TRY(past, openPast(env));
    TIERLINE_TRY(a, compileFile(*past, args.at(0)));
    TIERLINE_TRY(b, compileFile(*past, args.at(1)));
    auto found = past->diff(*a, *b, span);
    env.endProgress();
    if (!found)
        return found.error();
    const auto orNull
        = [](const QString &text) { return text.isEmpty() ? QJsonValue() : QJsonValue(text); };
    QJsonArray tickets;
    QList<QStringList> lines;
    for (const rules::ChangedTicket &ticket : found->tickets) {
        tickets.append(QJsonObject { { u"id"_s, ticket.key }, { u"a"_s, orNull(ticket.a) },
            { u"b"_s, orNull(ticket.b) }, { u"flipped"_s, ticket.flipped } });
        if (lines.size() < shownRows)
            lines.append({ ticket.key, ticket.a.isEmpty() ? u"–"_s : ticket.a,
                ticket.b.isEmpty() ? u"–"_s : ticket.b, ticket.flipped });
    }
    QString text
        = u"%1 of %2 tickets come out differently.\n"_s.arg(found->changed).arg(found->played);
    if (!lines.isEmpty())
        text += table({ u"id"_s, u"a"_s, u"b"_s, u"flipped"_s }, lines, 60);
    if (found->changed > shownRows)
        text += u"--json has them all.\n"_s;
    return Answer { { { u"tickets"_s, tickets } }, printable(text) };
}

QString verdictText(rules::Truth verdict)
{
    return verdict == rules::Truth::Yes ? u"holds"_s
        : verdict == rules::Truth::No   ? u"does not hold"_s
                                        : u"cannot be judged"_s;
}

Answer policyAnswer(const desk::RulePast::PolicyVerdict &told, const QString &ticket, Instant at)
{
    QJsonArray conditions;
    QList<QStringList> lines;
    for (const rules::PriorityVerdict::Line &one : told.verdict.lines) {
        const bool isKnown = one.holds != rules::Truth::Unknown;
        conditions.append(QJsonObject { { u"text"_s, one.text }, { u"weight"_s, one.weight },
            { u"holds"_s, isKnown ? QJsonValue(one.holds == rules::Truth::Yes) : QJsonValue() } });
        lines.append({ one.holds == rules::Truth::Yes ? u"yes"_s
                : isKnown                             ? u"no"_s
                                                      : u"?"_s,
            QString::number(one.weight), one.text });
    }
    QString text
        = u"“%1” for %2 at %3: %4\n"_s.arg(told.name, ticket, at.iso(), told.verdict.sentence);
    text += table({ {}, u"weight"_s, u"condition"_s }, lines, 60);
    if (told.next)
        text += u"If nothing happens it is looked at again at %1.\n"_s.arg(told.next->iso());
    return Answer { { { u"policy"_s, told.name }, { u"ticket"_s, ticket }, { u"at"_s, at.iso() },
                        { u"priority"_s, code(told.verdict.priority) },
                        { u"score"_s, told.verdict.score },
                        { u"sentence"_s, told.verdict.sentence }, { u"conditions"_s, conditions },
                        { u"next"_s, told.next ? QJsonValue(told.next->iso()) : QJsonValue() } },
        printable(text) };
}

Result<Answer> explainRule(Environment &env, const Arguments &args)
{
    if (!args.has(u"--ticket"_s))
        return usageError(u"Say of which ticket with --ticket ID."_s);
    Instant at = env.clock().now();
    if (args.has(u"--at"_s)) {
        auto given = Instant::parse(args.value(u"--at"_s));
        if (!given)
            return usageError(u"--at: %1"_s.arg(given.error().detail));
        at = *given;
    }
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    TIERLINE_TRY(past, openPast(env));
    TIERLINE_TRY(id,
        storage::findTicket(store->connection(), args.value(u"--ticket"_s), person->visibility()));
    TIERLINE_TRY(state, storage::loadTicket(store->connection(), id));
    TIERLINE_TRY(policy, past->explainPolicy(args.at(0), id, at));
    if (policy)
        return policyAnswer(*policy, state.ticket.key, at);
    TIERLINE_TRY(stored, past->stored(args.at(0)));
    TIERLINE_TRY(words, past->wordsAt(stored, at));
    TIERLINE_TRY(set, past->compile(words.text.toUtf8()));
    TIERLINE_TRY(told, past->explain(*set, id, at));
    const QString name = set->rules().front().name;
    QJsonArray conditions;
    QList<QStringList> lines;
    for (const rules::Explained &one : told.conditions) {
        const bool isKnown = one.holds != rules::Truth::Unknown;
        conditions.append(QJsonObject { { u"text"_s, one.text }, { u"value"_s, one.value },
            { u"holds"_s, isKnown ? QJsonValue(one.holds == rules::Truth::Yes) : QJsonValue() } });
        lines.append({ one.holds == rules::Truth::Yes ? u"yes"_s
                : isKnown                             ? u"no"_s
                                                      : u"?"_s,
            one.text, one.value });
    }
    QString text = u"“%1” %2 for %3 at %4: %5\n"_s.arg(
        name, verdictText(told.verdict), state.ticket.key, at.iso(), told.sentence);
    text += table({ {}, u"condition"_s, u"value"_s }, lines, 60);
    if (words.isOther)
        text += u"Judged by version %1, which the rule was then; today it is version %2.\n"_s
                    .arg(words.version)
                    .arg(stored.version);
    if (words.written)
        text += u"Judged by today's words: the rule was first written at %1.\n"_s.arg(
            words.written->iso());
    if (told.next)
        text += u"If nothing happens it is looked at again at %1.\n"_s.arg(told.next->iso());
    return Answer { { { u"rule"_s, name }, { u"version"_s, words.version },
                        { u"ticket"_s, state.ticket.key }, { u"at"_s, at.iso() },
                        { u"verdict"_s, verdictText(told.verdict) },
                        { u"sentence"_s, told.sentence }, { u"conditions"_s, conditions },
                        { u"next"_s, told.next ? QJsonValue(told.next->iso()) : QJsonValue() } },
        printable(text) };
}

} // namespace

QList<Command> rulesCommands()
{
    const QStringList span { u"--from"_s, u"--to"_s };
    return {
        { u"rules explain"_s, u"NAME --ticket ID [--at T]"_s,
            u"each condition of a rule or priority policy at an instant, and the verdict"_s,
            { { u"NAME"_s }, { u"--ticket"_s, u"--at"_s }, {}, {} }, explainRule },
        { u"rules backtest"_s, u"FILE [--from T] [--to T] [--labels FILE]"_s,
            u"what the rules of a file would have done with the past"_s,
            { { u"FILE"_s }, span + QStringList { u"--labels"_s }, {}, {} }, backtest },
        { u"rules diff"_s, u"A B [--from T] [--to T]"_s,
            u"tickets for which two files of rules tell different things"_s,
            { { u"A"_s, u"B"_s }, span, {}, {} }, diff },
    };
}

} // namespace tierline::cli
