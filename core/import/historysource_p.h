#pragma once

#include "core/commands/commands.h"
#include "core/import/importer.h"

namespace tierline::importing {

/// One ticket of a file on its way into the store.
struct Incoming {
    commands::History history;
    qint64 handle = 0; ///< by which its source finds it again
    QByteArray raw; ///< the same, where the source has lines
};

enum class Supply : quint8 { Item, NotYet, End };

/// What the two kinds of import do differently: reading a file twice and giving whole tickets.
/// Thread: the import's, which is the store's; a source may have threads of its own.
class HistorySource
{
public:
    virtual ~HistorySource() = default;
    /// Checks the next stretch of the file, at most some 20 ms of it, into the report. False: done.
    virtual Result<bool> checkSome(ImportReport &report, qint64 maxBad) = 0;
    /// The next ticket, oldest creation first where the source can. Gives NotYet where waiting
    /// would take longer than a moment.
    virtual Result<Supply> next(Incoming &incoming) = 0;
    /// Keeps a ticket for the end: the store has it already, but not all of its events.
    virtual Result<Done> putAside(const Incoming &incoming) = 0;
    virtual Result<Supply> nextAside(Incoming &incoming) = 0;
    /// Bytes or tickets: how far, of how much.
    virtual std::pair<qint64, qint64> progress() const = 0;
};

/// Notes a bad row; the error to stop with where there are too many.
Result<Done> noteBad(
    ImportReport &report, qint64 maxBad, qint64 line, const QString &why, const QString &file);

} // namespace tierline::importing
