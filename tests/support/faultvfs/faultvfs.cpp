#include "tests/support/faultvfs/faultvfs.h"

#include <sqlite3.h>

namespace tierline::test {

namespace {

struct Plan {
    std::atomic<bool> isSet = false;
    std::atomic<bool> hasFailed = false;
    std::atomic<int> seen = 0;
    int kth = 0;
    unsigned calls = 0;
    int code = SQLITE_OK;
    bool lasts = false;
};
Plan plan;
sqlite3_vfs *real = nullptr;

/// SQLITE_OK, or what the call has to give instead of being made.
int verdict(FaultVfs::Call call)
{
    if (!plan.isSet || !(plan.calls & (1U << unsigned(call))))
        return SQLITE_OK;
    const int number = ++plan.seen;
    if (number != plan.kth && !(plan.lasts && number > plan.kth))
        return SQLITE_OK;
    plan.hasFailed = true;
    return plan.code;
}

/// SQLite gives the room; the real file's own state follows this.
struct File {
    sqlite3_file base;
    sqlite3_file *inner() { return reinterpret_cast<sqlite3_file *>(this + 1); }
};

File *own(sqlite3_file *file)
{
    return reinterpret_cast<File *>(file);
}
sqlite3_file *inner(sqlite3_file *file)
{
    return own(file)->inner();
}
const sqlite3_io_methods *methods(sqlite3_file *file)
{
    return inner(file)->pMethods;
}

int closeFile(sqlite3_file *file)
{
    return methods(file)->xClose(inner(file));
}
int readFile(sqlite3_file *file, void *to, int bytes, sqlite3_int64 at)
{
    if (const int code = verdict(FaultVfs::Call::Read))
        return code;
    return methods(file)->xRead(inner(file), to, bytes, at);
}
int writeFile(sqlite3_file *file, const void *from, int bytes, sqlite3_int64 at)
{
    if (const int code = verdict(FaultVfs::Call::Write)) {
        // A real disk that fills up often takes the first part.
        methods(file)->xWrite(inner(file), from, bytes / 2, at);
        return code;
    }
    return methods(file)->xWrite(inner(file), from, bytes, at);
}
int truncateFile(sqlite3_file *file, sqlite3_int64 size)
{
    if (const int code = verdict(FaultVfs::Call::Truncate))
        return code;
    return methods(file)->xTruncate(inner(file), size);
}
int syncFile(sqlite3_file *file, int flags)
{
    if (const int code = verdict(FaultVfs::Call::Sync))
        return code;
    return methods(file)->xSync(inner(file), flags);
}
int fileSize(sqlite3_file *file, sqlite3_int64 *size)
{
    return methods(file)->xFileSize(inner(file), size);
}
int lockFile(sqlite3_file *file, int level)
{
    return methods(file)->xLock(inner(file), level);
}
int unlockFile(sqlite3_file *file, int level)
{
    return methods(file)->xUnlock(inner(file), level);
}
int checkReserved(sqlite3_file *file, int *isReserved)
{
    return methods(file)->xCheckReservedLock(inner(file), isReserved);
}
int fileControl(sqlite3_file *file, int what, void *argument)
{
    return methods(file)->xFileControl(inner(file), what, argument);
}
int sectorSize(sqlite3_file *file)
{
    return methods(file)->xSectorSize(inner(file));
}
int deviceFacts(sqlite3_file *file)
{
    return methods(file)->xDeviceCharacteristics(inner(file));
}
int shmMap(sqlite3_file *file, int page, int size, int extend, void volatile **memory)
{
    return methods(file)->xShmMap(inner(file), page, size, extend, memory);
}
int shmLock(sqlite3_file *file, int offset, int count, int flags)
{
    return methods(file)->xShmLock(inner(file), offset, count, flags);
}
void shmBarrier(sqlite3_file *file)
{
    methods(file)->xShmBarrier(inner(file));
}
int shmUnmap(sqlite3_file *file, int isDelete)
{
    return methods(file)->xShmUnmap(inner(file), isDelete);
}

const sqlite3_io_methods faultMethods { 2, closeFile, readFile, writeFile, truncateFile, syncFile,
    fileSize, lockFile, unlockFile, checkReserved, fileControl, sectorSize, deviceFacts, shmMap,
    shmLock, shmBarrier, shmUnmap, nullptr, nullptr };

int openFile(sqlite3_vfs *, const char *name, sqlite3_file *file, int flags, int *outFlags)
{
    const int code = real->xOpen(real, name, inner(file), flags, outFlags);
    file->pMethods = inner(file)->pMethods ? &faultMethods : nullptr;
    return code;
}

sqlite3_vfs faultVfs;

} // namespace

FaultVfs::FaultVfs()
{
    real = sqlite3_vfs_find(nullptr);
    faultVfs = *real;
    faultVfs.pNext = nullptr;
    faultVfs.zName = "tierline-fault";
    faultVfs.szOsFile = real->szOsFile + static_cast<int>(sizeof(File));
    faultVfs.xOpen = openFile;
    sqlite3_vfs_register(&faultVfs, 1);
    heal();
}

FaultVfs::~FaultVfs()
{
    heal();
    sqlite3_vfs_unregister(&faultVfs);
    sqlite3_vfs_register(real, 1);
}

void FaultVfs::failAt(int kth, unsigned calls, int sqliteCode, bool lasts)
{
    plan.isSet = false;
    plan.kth = kth;
    plan.calls = calls;
    plan.code = sqliteCode;
    plan.lasts = lasts;
    plan.seen = 0;
    plan.hasFailed = false;
    plan.isSet = true;
}

void FaultVfs::heal()
{
    plan.isSet = false;
}

int FaultVfs::seen() const
{
    return plan.seen;
}

bool FaultVfs::hasFailed() const
{
    return plan.hasFailed;
}

} // namespace tierline::test
