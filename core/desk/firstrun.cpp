#include "core/desk/firstrun.h"

#include "core/commands/agreements.h"
#include "core/desk/ruledesk.h"
#include "core/import/sample.h"

#include <QPromise>
#include <QThreadPool>

namespace tierline::desk {

namespace {

Result<Done> make(const storage::Workspace &workspace, const Clock &clock, RandomSource &random,
    bool withSample, QPromise<Result<Done>> &promise)
{
    TIERLINE_TRY(store, storage::Store::create(workspace, clock));
    // The sample's company has no agreements: its past was told with the tiers' limits alone.
    if (!withSample) {
        TIERLINE_CHECK(commands::installDefaults(*store, random));
        return installRules(*store, random);
    }
    return importing::makeSample(*store, clock, random, [&promise](int done, int total) {
        promise.setProgressRange(0, total);
        promise.setProgressValue(done);
    });
}

} // namespace

QFuture<Result<Done>> makeWorkspace(
    const storage::Workspace &workspace, const Clock &clock, RandomSource &random, bool withSample)
{
    auto promise = std::make_shared<QPromise<Result<Done>>>();
    QFuture<Result<Done>> future = promise->future();
    promise->start();
    QThreadPool::globalInstance()->start([promise, workspace, &clock, &random, withSample] {
        promise->addResult(make(workspace, clock, random, withSample, *promise));
        promise->finish();
    });
    return future;
}

} // namespace tierline::desk
