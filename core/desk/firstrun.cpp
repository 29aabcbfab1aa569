#include "core/desk/firstrun.h"

#include "core/base/json.h"
#include "core/calendar/agreementjson.h"
#include "core/commands/agreements.h"
#include "core/commands/paths.h"
#include "core/desk/ruledesk.h"
#include "core/import/sample.h"
#include "core/storage/people.h"

#include <QFile>
#include <QPromise>
#include <QTemporaryDir>
#include <QThreadPool>

namespace tierline::desk {

using namespace Qt::StringLiterals;

namespace {

/// What the sample's company has promised its customers; agreed before the first of them writes.
Result<Done> agreeForSample(storage::Store &store, const Clock &clock, RandomSource &random)
{
    QFile file(u":/tierline/sample/agreements.json"_s);
    if (!file.open(QIODevice::ReadOnly))
        return Error { .fault = Fault::Bug,
            .detail = u"The sample's agreements are not in the program."_s };
    TIERLINE_TRY(json, readJsonObject(file.readAll()));
    TIERLINE_TRY(agreements, sla::agreementsFromJson(json));
    TIERLINE_TRY(me, storage::loadMe(store.connection()));
    commands::Context context { .store = store,
        .random = random,
        .actor = { .id = me, .role = Role::Admin },
        .visibility = Visibility::all(),
        .now = clock.now() - std::chrono::days(61) };
    return commands::saveEditions(
        context, { .agreements = agreements, .why = u"What Fennmark promises its customers."_s });
}

/// The sample goes by the shipped matrix, and one department has the account of its largest customer.
Result<Done> pathsForSample(storage::Store &store, const Clock &clock, RandomSource &random)
{
    TIERLINE_TRY(me, storage::loadMe(store.connection()));
    commands::Context context { .store = store,
        .random = random,
        .actor = { .id = me, .role = Role::Admin },
        .visibility = Visibility::all(),
        .now = clock.now() };
    TIERLINE_CHECK(commands::run(
        context, commands::BeginMatrix { u"Where Fennmark's tickets go when they go up."_s }));
    TIERLINE_CHECK(commands::run(context,
        commands::SetAccountTeam { u"Harbourline Logistics"_s, u"Customer success"_s,
            u"Their account manager sits there."_s }));
    return Done {};
}

/// Makes the workspace in a folder that nobody looks at, and gives its one file.
Result<Done> makeAside(const storage::Workspace &aside, const Clock &clock, RandomSource &random,
    bool withSample, const MakingProgress &progress, const QString &file)
{
    TIERLINE_TRY(store, storage::Store::create(aside, clock));
    if (withSample) {
        TIERLINE_CHECK(agreeForSample(*store, clock, random));
        TIERLINE_CHECK(importing::makeSample(*store, clock, random, progress));
        TIERLINE_CHECK(pathsForSample(*store, clock, random));
    } else {
        TIERLINE_CHECK(commands::installDefaults(*store, random));
    }
    TIERLINE_CHECK(installRules(*store, random));
    return store->backup(file, {});
}

} // namespace

Result<Done> makeWorkspaceNow(const storage::Workspace &workspace, const Clock &clock,
    RandomSource &random, bool withSample, const MakingProgress &progress)
{
    if (workspace.exists())
        return conflictError(u"There is a workspace in %1 already."_s.arg(workspace.folder()));
    TIERLINE_CHECK(workspace.create()); // what is wrong with the place is said before the work
    QTemporaryDir aside;
    if (!aside.isValid())
        return storageError(u"No temporary folder can be made (%1): free some room there."_s.arg(
            aside.errorString()));
    const QString file = aside.filePath(u"made.db"_s);
    TIERLINE_CHECK(makeAside(storage::Workspace(aside.filePath(u"workspace"_s)), clock, random,
        withSample, progress, file));
    if (workspace.exists()) // by another program meanwhile: theirs stays
        return conflictError(u"There is a workspace in %1 already."_s.arg(workspace.folder()));
    return storage::Store::restore(workspace, file, clock);
}

QFuture<Result<Done>> makeWorkspace(
    const storage::Workspace &workspace, const Clock &clock, RandomSource &random, bool withSample)
{
    auto promise = std::make_shared<QPromise<Result<Done>>>();
    QFuture<Result<Done>> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, workspace, &clock, &random, withSample] {
        promise->addResult(
            makeWorkspaceNow(workspace, clock, random, withSample, [&promise](int done, int total) {
                promise->setProgressRange(0, total);
                promise->setProgressValue(done);
            }));
        promise->finish();
    });
    return future;
}

} // namespace tierline::desk
