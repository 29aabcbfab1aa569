#pragma once

#include "core/storage/threads.h"
#include "core/sync/round.h"

namespace tierline::desk {

/// The way from the sync thread to the store's thread and back. Neither thread waits for the other,
/// except close() for a transaction that runs at this moment.
/// Thread: the sync thread, whose loop must run. `store` outlives it; `wrote` is called on the store's
/// thread after each commit, and must not wait.
class ThreadGate final : public sync::StoreGate
{
public:
    ThreadGate(storage::StoreThread &store, std::function<void()> wrote);
    ~ThreadGate() override;

    void write(
        storage::Durability durability, Work work, std::function<void(Result<Done>)> done) override;
    /// From now on no work runs and no answer comes: what was written for may be destroyed.
    void close();

private:
    struct Door;
    storage::StoreThread &m_store;
    std::function<void()> m_wrote;
    std::unique_ptr<QObject> m_back; ///< answers end here
    std::shared_ptr<Door> m_door; ///< shared with what is queued
};

} // namespace tierline::desk
