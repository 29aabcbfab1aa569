#include "app/cli/command.h"
#include "app/cli/keychaincheck.h"

#include "core/desk/keeping.h"
#include "core/desk/reading.h"
#include "core/import/exporter.h"
#include "core/import/importer.h"
#include "core/secrets/keychainsecrets.h"
#include "core/storage/accounts.h"
#include "core/storage/doctor.h"
#include "core/storage/people.h"
#include "core/storage/search.h"

#include <QJsonDocument>

namespace tierline::cli {

using namespace Qt::StringLiterals;

namespace {

QString phaseText(const importing::ImportProgress &p)
{
    using Phase = importing::ImportProgress::Phase;
    const qint64 percent = p.total > 0 ? p.done * 100 / p.total : 0;
    switch (p.phase) {
    case Phase::Checking: return u"checking, %1 %"_s.arg(percent);
    case Phase::Writing: return u"writing, %1 %"_s.arg(percent);
    case Phase::Indexing: return u"making the text searchable, %1 %"_s.arg(percent);
    case Phase::Finishing: return u"finishing"_s;
    case Phase::Undoing: return u"stopping; taking back what was written"_s;
    }
    return {};
}

Result<importing::ImportOptions> readOptions(const Arguments &args)
{
    importing::ImportOptions options;
    if (args.has(u"--max-bad"_s)) {
        bool isNumber = false;
        options.maxBad = args.value(u"--max-bad"_s).toLongLong(&isNumber);
        if (!isNumber || options.maxBad < 0)
            return usageError(u"--max-bad takes a whole number from 0."_s);
    }
    return options;
}

Result<Answer> finishImport(Environment &env, importing::ImportJob &job)
{
    TIERLINE_TRY(
        report, importing::runToEnd(job, [&env](const importing::ImportProgress &progress) {
            env.progress(phaseText(progress));
            return !Environment::isInterrupted();
        }));
    QString text = u"%1 rows, %2 tickets, %3 events, %4 new, %5 s\n"_s.arg(report.rows)
                       .arg(report.tickets)
                       .arg(report.events)
                       .arg(report.added)
                       .arg(report.seconds, 0, 'f', 1);
    for (const importing::BadRow &bad : report.bad)
        text += u"line %1 left out: %2\n"_s.arg(bad.line).arg(bad.why);
    return Answer { importing::toJson(report), printable(text), report.badCount > 0 ? 3 : 0 };
}

Result<storage::Store *> writableStore(Environment &env)
{
    TIERLINE_TRY(desk, env.desk());
    if (desk->actor().role == Role::ReadOnly)
        return notAllowed(u"A read-only agent cannot import; ask somebody with another role."_s);
    return env.store();
}

Result<Answer> importEventLog(Environment &env, const Arguments &args)
{
    if (!args.has(u"--map"_s))
        return usageError(u"--map is missing: a MAP.json, or one of: %1."_s.arg(
            importing::EventMap::shippedNames().join(u", "_s)));
    TIERLINE_TRY(options, readOptions(args));
    TIERLINE_TRY(map, importing::EventMap::load(args.value(u"--map"_s)));
    TIERLINE_TRY(store, writableStore(env));
    TIERLINE_TRY(job, importing::startEventLog(*store, args.at(0), map, options));
    return finishImport(env, *job);
}

Result<Answer> importTickets(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(options, readOptions(args));
    TIERLINE_TRY(store, writableStore(env));
    TIERLINE_TRY(job, importing::startTickets(*store, args.at(0), options));
    return finishImport(env, *job);
}

Result<importing::ExportReport> writeExport(Environment &env, storage::Store &store,
    const QString &what, const QString &file, const Visibility &visibility,
    const metrics::Options &measured)
{
    const importing::ExportOptions options { visibility, [&env](qint64 rows) {
                                                env.progress(u"exporting, %1 rows"_s.arg(rows));
                                                return !Environment::isInterrupted();
                                            } };
    if (what == u"tickets")
        return importing::exportTickets(store.connection(), file, options);
    if (what == u"events")
        return importing::exportEvents(store.connection(), file, options);
    if (what == u"audit")
        return importing::exportAudit(store.connection(), file, options);
    TIERLINE_TRY(report,
        desk::measure(store.connection(), visibility, measured, &Environment::isInterrupted));
    return importing::exportMetrics(metrics::toJson(report), file);
}

Result<Answer> exportAny(Environment &env, const Arguments &args)
{
    const QStringList known { u"tickets"_s, u"events"_s, u"metrics"_s, u"audit"_s };
    const QString what = args.at(0);
    const QString file = args.at(1);
    if (!known.contains(what))
        return usageError(u"“%1” cannot be exported; one of: %2."_s.arg(what, known.join(u", "_s)));
    TIERLINE_CHECK(importing::formOf(file));
    TIERLINE_TRY(options, readMetricsOptions(env, args));
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_TRY(store, env.store());
    TIERLINE_TRY(report, writeExport(env, *store, what, file, desk->visibility(), options));
    return Answer { { { u"file"_s, file }, { u"rows"_s, report.rows } },
        printable(u"%1 rows written to %2.\n"_s.arg(report.rows).arg(file)) };
}

/// Whether whoever works here may put another content in this one's place. Where the content cannot be read
/// nobody can say who they are, and a backup is what helps.
Result<Done> mayReplace(Environment &env)
{
    if (!env.workspace().exists())
        return Done {};
    const auto desk = env.desk();
    if (desk)
        return desk::mayKeepWorkspace((*desk)->actor());
    return desk.error().fault == Fault::Storage ? Result<Done>(Done {}) : desk.error();
}

Result<Answer> backup(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(desk, env.desk());
    TIERLINE_CHECK(desk::mayKeepWorkspace(desk->actor()));
    TIERLINE_TRY(store, env.store());
    TIERLINE_CHECK(store->backup(args.at(0), [&env](qint64 done, qint64 total) {
        env.progress(u"copying, %1 %"_s.arg(total > 0 ? done * 100 / total : 0));
        return !Environment::isInterrupted();
    }));
    return Answer { { { u"file"_s, args.at(0) } },
        printable(u"Backed up to %1.\n"_s.arg(args.at(0))) };
}

Result<Answer> restore(Environment &env, const Arguments &args)
{
    TIERLINE_CHECK(mayReplace(env));
    env.close();
    TIERLINE_CHECK(storage::Store::restore(
        env.workspace(), args.at(0), env.clock(), [&env](qint64 done, qint64 total) {
            env.progress(u"restoring, %1 %"_s.arg(total > 0 ? done * 100 / total : 0));
            return !Environment::isInterrupted();
        }));
    return Answer { { { u"workspace"_s, env.workspace().folder() } },
        printable(
            u"Restored from %1; what was there before is kept beside it.\n"_s.arg(args.at(0))) };
}

Result<Answer> doctor(Environment &env, const Arguments &args)
{
    TIERLINE_TRY(store, env.store());
    if (args.has(u"--repair"_s)) {
        TIERLINE_TRY(desk, env.desk());
        TIERLINE_CHECK(desk::mayRepair(desk->actor()));
        TIERLINE_CHECK(storage::repairSearch(*store));
    }
    QJsonArray checks;
    QList<QStringList> lines;
    bool isHealthy = true;
    bool isRepairable = false;
    QList<storage::HealthCheck> found = storage::checkHealth(store->connection(), env.workspace());
    TIERLINE_TRY(accounts, storage::loadAccounts(store->connection()));
    // Whoever asks what is wrong waits for no prompt that nobody sees.
    KeychainSecrets keychain(u"Tierline"_s, std::chrono::seconds(8));
    found.append(checkKeychain(accounts, keychain));
    for (const storage::HealthCheck &check : std::as_const(found)) {
        checks.append(QJsonObject {
            { u"name"_s, check.name }, { u"ok"_s, check.isOk }, { u"detail"_s, check.detail } });
        lines.append({ check.isOk ? u"ok"_s : u"PROBLEM"_s, check.name, check.detail });
        isHealthy = isHealthy && check.isOk;
        isRepairable = isRepairable || (!check.isOk && check.name == u"text-index"_s);
    }
    constexpr int widest = 110;
    QString text = table({ QString(), u"check"_s, u"found"_s }, lines, widest);
    // What to do stands at a sentence's end, which a table may cut off.
    for (const storage::HealthCheck &check : std::as_const(found)) {
        if (!check.isOk && check.detail.size() > widest)
            text += u"%1: %2\n"_s.arg(check.name, check.detail);
    }
    if (isRepairable)
        text += u"“tierline-cli doctor --repair” builds the text index anew from the tickets.\n"_s;
    return Answer { { { u"checks"_s, checks } }, text, isHealthy ? 0 : 1 };
}

} // namespace

QList<Command> dataCommands()
{
    const Shape file { { u"FILE"_s }, {}, {}, {} };
    return {
        { u"import eventlog"_s, u"FILE --map MAP.json [--max-bad N]"_s,
            u"an event log: CSV, CSV.gz or XES"_s,
            { { u"FILE"_s }, { u"--map"_s, u"--max-bad"_s }, {}, {} }, importEventLog },
        { u"import tickets"_s, u"FILE [--max-bad N]"_s, u"ticket lines: JSON lines, .gz too"_s,
            { { u"FILE"_s }, { u"--max-bad"_s }, {}, {} }, importTickets },
        { u"export"_s,
            u"tickets|events|metrics|audit FILE [--from T] [--to T] [--by WHAT] [--zone Z]"_s,
            u"CSV, JSON or JSON lines by the file's name"_s,
            { { u"WHAT"_s, u"FILE"_s }, { u"--from"_s, u"--to"_s, u"--by"_s, u"--zone"_s }, {},
                {} },
            exportAny },
        { u"backup"_s, u"FILE"_s, u"a consistent copy while in use"_s, file, backup },
        { u"restore"_s, u"FILE"_s, u"a backup in the place of the workspace"_s, file, restore },
        { u"doctor"_s, u"[--repair]"_s,
            u"is the workspace healthy; --repair builds a text index anew that is not"_s,
            { {}, {}, {}, { u"--repair"_s } }, doctor },
    };
}

} // namespace tierline::cli
