#include "core/desk/threadgate.h"

namespace tierline::desk {

/// Held while a piece of work runs, so that whoever closes it knows that none does.
struct ThreadGate::Door {
    std::mutex mutex;
    QObject *back = nullptr; ///< null: closed
};

ThreadGate::ThreadGate(storage::StoreThread &store, std::function<void()> wrote)
    : m_store(store)
    , m_wrote(std::move(wrote))
    , m_back(std::make_unique<QObject>())
    , m_door(std::make_shared<Door>())
{
    m_door->back = m_back.get();
}

ThreadGate::~ThreadGate()
{
    close();
}

void ThreadGate::close()
{
    {
        const std::scoped_lock lock(m_door->mutex);
        m_door->back = nullptr;
    }
    m_back.reset();
}

void ThreadGate::write(
    storage::Durability durability, Work work, std::function<void(Result<Done>)> done)
{
    m_store.run([door = m_door, wrote = m_wrote, durability, work = std::move(work),
                    done = std::move(done)](storage::Store &store) mutable -> Result<Done> {
        const std::scoped_lock lock(door->mutex);
        if (!door->back)
            return cancelled();
        const Result<Done> written = store.write(durability, work);
        QMetaObject::invokeMethod(
            door->back, [done = std::move(done), written] { done(written); }, Qt::QueuedConnection);
        wrote();
        return written;
    });
}

} // namespace tierline::desk
