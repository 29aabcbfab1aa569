#pragma once

#include "core/desk/session.h"
#include "core/desk/syncservice.h"
#include "core/storage/outbox.h"
#include "tests/support/livedesk/livedesk.h"

#include <QElapsedTimer>
#include <QTemporaryDir>

namespace tierline::test {

inline constexpr int Patience = 20'000; ///< ms, for QTRY_*

/// A workspace with one account, and the program over it, which can be ended and started again.
struct LiveProgram {
    QTemporaryDir folder;
    FakeClock clock;
    LiveDesk live;
    MemorySecrets secrets;
    SeededRandom random { 5 };
    std::unique_ptr<desk::Session> session;

    explicit LiveProgram(const DeskOptions &options = { .tickets = 3 })
        : live(clock, options)
    {
        auto store = storage::Store::create(workspace(), clock);
        if (!store
            || !(*store)->write(storage::Durability::Person, [this](storage::WriteScope &scope) {
                   return storage::addAccount(scope, live.account());
               }))
            qFatal("no workspace");
        secrets.put(LiveDesk::secretKey(), Secret::fromText(QStringLiteral("token")));
    }
    ~LiveProgram() { session.reset(); }

    storage::Workspace workspace() const
    {
        return storage::Workspace(folder.filePath(QStringLiteral("w")));
    }
    desk::SyncService &sync() { return session->sync(); }
    desk::SyncState state()
    {
        const desk::SyncState *found = sync().account(QStringLiteral("desk"));
        return found ? *found : desk::SyncState();
    }
    void start()
    {
        session = std::make_unique<desk::Session>(workspace(), clock, random);
        session->open();
        sync().start({ .secrets = &secrets,
            .registry = live.registry(),
            .times = { .look = Millis(5), .quit = Millis(500) },
            .largestFile = 1000 });
        live.passTime();
    }
    /// How long the ui thread waits for the end.
    qint64 quit()
    {
        QElapsedTimer timer;
        timer.start();
        session->shutDown();
        session.reset();
        return timer.elapsed();
    }
    bool isInStep()
    {
        const desk::SyncState now = state();
        return now.phase == desk::SyncState::Phase::Idle && now.synced && now.waiting == 0;
    }
    std::vector<storage::OutboxEntry> outbox()
    {
        auto store = storage::Store::open(workspace(), clock);
        return store ? *storage::loadOutbox((*store)->connection())
                     : std::vector<storage::OutboxEntry>();
    }
    int requests(Calls calls)
    {
        return live.with([calls](FakeDesk &desk) { return desk.requests(calls); });
    }
    void tell(Calls calls, Lie lie)
    {
        live.with([&](FakeDesk &desk) { desk.always(calls, lie); });
    }
    void beHonest()
    {
        live.with([](FakeDesk &desk) { desk.beHonest(); });
    }
    int replies(const QString &text)
    {
        return live.with([&text](FakeDesk &desk) {
            int found = 0;
            for (const auto &[id, ticket] : desk.state().tickets) {
                for (const MessagePicture &message : ticket.messages)
                    found += message.text == text;
            }
            return found;
        });
    }
};

} // namespace tierline::test
