#include "core/storage/threads.h"

#include <QFileSystemWatcher>
#include <QFutureWatcher>
#include <QTimer>

using namespace Qt::StringLiterals;
using namespace std::chrono_literals;

namespace tierline::storage {

struct FeedWatcher::Private {
    Private(FeedWatcher *owner, Workspace workspace, ReaderPool &pool)
        : q(owner)
        , log(workspace.databasePath() + u"-wal"_s)
        , readers(pool)
    {
    }

    FeedWatcher *q;
    QString log;
    ReaderPool &readers;
    QFileSystemWatcher files;
    QTimer timer;
    QFutureWatcher<Result<ChangeSet>> answer;
    std::optional<qint64> revision; ///< nullopt until the first answer
    bool isLooking = false;
    bool isAskedAgain = false;

    void look();
    void take(const Result<ChangeSet> &changes);
};

void FeedWatcher::Private::look()
{
    if (isLooking) {
        isAskedAgain = true;
        return;
    }
    isLooking = true;
    // The file comes and goes with the store's opening; a lost watch is renewed here.
    if (!files.files().contains(log))
        files.addPath(log);
    answer.setFuture(readers.run([from = revision](Connection &connection) -> Result<ChangeSet> {
        if (from)
            return changesSince(connection, *from);
        TIERLINE_TRY(newest, feedRevision(connection));
        return ChangeSet { .from = newest, .to = newest };
    }));
}

void FeedWatcher::Private::take(const Result<ChangeSet> &changes)
{
    isLooking = false;
    if (!changes) {
        if (changes.error().fault != Fault::Cancelled)
            emit q->failed(changes.error());
    } else {
        const bool isFirst = !revision.has_value();
        revision = changes->to;
        if (isFirst)
            emit q->started(changes->to);
        else if (!changes->isEmpty())
            emit q->changed(*changes);
    }
    if (std::exchange(isAskedAgain, false))
        look();
}

FeedWatcher::FeedWatcher(Workspace workspace, ReaderPool &readers, QObject *parent)
    : QObject(parent)
    , d(std::make_unique<Private>(this, std::move(workspace), readers))
{
    connect(&d->files, &QFileSystemWatcher::fileChanged, this, [this] { d->look(); });
    connect(
        &d->answer, &QFutureWatcherBase::finished, this, [this] { d->take(d->answer.result()); });
    connect(&d->timer, &QTimer::timeout, this, [this] { d->look(); });
    d->timer.setInterval(2s);
}

FeedWatcher::~FeedWatcher() = default;

void FeedWatcher::start()
{
    d->timer.start();
    d->look();
}

void FeedWatcher::start(qint64 revision)
{
    d->revision = revision;
    start();
}

void FeedWatcher::poke()
{
    if (d->timer.isActive())
        d->look();
}

} // namespace tierline::storage
