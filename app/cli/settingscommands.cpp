#include "app/cli/settingscommands.h"

#include "core/desk/settingsfolder.h"

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

Result<Answer> exportSettings(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    TIERLINE_TRY(
        files, desk::settingsOf(store->connection(), env.clock().now(), person->visibility()));
    TIERLINE_CHECK(desk::writeSettingsFolder(args.at(0), files));
    return Answer { { { u"folder"_s, args.at(0) },
                        { u"files"_s, QJsonArray::fromStringList(files.keys()) } },
        printable(u"%1 written to %2.\n"_s.arg(files.keys().join(u", "_s), args.at(0))) };
}

Result<Answer> importSettings(Environment &env, const Arguments &args)
{
    const bool applies = args.has(u"--apply"_s);
    const QString why = args.value(u"--why"_s);
    if (applies && why.trimmed().isEmpty())
        return usageError(u"Say why with --why; it is kept with every change."_s);
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(person, env.desk());
    TIERLINE_TRY(files, desk::readSettingsFolder(args.at(0)));
    const Instant now = env.clock().now();
    TIERLINE_TRY(plan, desk::planSettings(store->connection(), files, now, person->visibility()));
    QJsonObject document { { u"folder"_s, args.at(0) },
        { u"diff"_s, QJsonArray::fromStringList(plan.diff) },
        { u"remarks"_s, QJsonArray::fromStringList(plan.remarks) }, { u"applied"_s, false } };
    QString text;
    for (const QString &line : plan.diff + plan.remarks)
        text += line + u'\n';
    if (plan.isEmpty())
        return Answer { document, printable(text + u"The workspace is so already.\n"_s) };
    if (!applies)
        return Answer { document,
            printable(text + u"Nothing is changed yet; --apply --why S does it.\n"_s) };
    plan.command.rules.reason = { why, args.value(u"--metric"_s) };
    if (plan.command.agreements)
        plan.command.agreements->why = why;
    commands::Context context { *store, env.random(), person->actor(), person->visibility(), now };
    TIERLINE_TRY(outcome, commands::run(context, plan.command, [&env](qint64 done) {
        env.progress(u"due times, ticket %1"_s.arg(done));
        return !Environment::isInterrupted();
    }));
    document[u"applied"_s] = true;
    document[u"operation"_s] = outcome.rules.operation;
    document[u"moved"_s] = outcome.dues.moved;
    return Answer { document, printable(text + u"Applied.\n"_s) };
}

} // namespace

QList<Command> settingsCommands()
{
    return {
        { u"settings export"_s, u"FOLDER"_s,
            u"rules, agreements, tiers, teams, people, templates and labels as readable text"_s,
            { { u"FOLDER"_s }, {}, {}, {} }, exportSettings },
        { u"settings import"_s, u"FOLDER [--apply --why S [--metric S]]"_s,
            u"shows what such a folder would change; --apply changes it, all or nothing"_s,
            { { u"FOLDER"_s }, { u"--why"_s, u"--metric"_s }, {}, { u"--apply"_s } },
            importSettings },
    };
}

} // namespace tierline::cli
