#pragma once

#include "core/storage/deliveries.h"
#include "core/storage/firings.h"
#include "core/storage/ways.h"
#include "tests/commands/commandtest.h"
#include "tests/engine/courier/fakeway.h"

#include <QTest>

namespace tierline::test {

/// A desk with two ways, "chat" to channels and "mail" to mailboxes, and a courier over them.
class CourierFixture : public CommandFixture
{
public:
    explicit CourierFixture(quint64 seed = 1)
        : CommandFixture(seed)
    {
        const auto kind = [](const char *type, NoticeTarget reaches, QChar sign) {
            return notify::WayKind { .type = QString::fromLatin1(type),
                .reaches = { reaches },
                .checkAddress = [sign](const QString &address) -> Result<Done> {
                    if (address.contains(sign))
                        return Done {};
                    return badInput(QStringLiteral("No such address."));
                } };
        };
        kinds.add(kind("chat", NoticeTarget::Channel, u'#'));
        kinds.add(kind("mail", NoticeTarget::Mail, u'@'));
    }
    ~CourierFixture() { courier.reset(); }

    Result<Done> begin()
    {
        if (auto made = CommandFixture::begin(); !made)
            return made;
        const Result<Done> done = write([&](storage::WriteScope &scope) -> Result<Done> {
            for (Agent &agent : agents) {
                agent.email = agent.id + QStringLiteral("@desk.test");
                if (agent.id == QStringLiteral("bea"))
                    agent.teams = { QStringLiteral("Technical") };
                TIERLINE_CHECK(storage::saveAgent(scope, agent));
            }
            for (const char *name : { "chat", "mail" })
                TIERLINE_CHECK(storage::saveWay(scope,
                    { .name = QString::fromLatin1(name), .type = QString::fromLatin1(name) }));
            return Done {};
        });
        if (done)
            restart();
        return done;
    }

    /// As if the program died where it stood, and another one began.
    void restart()
    {
        courier.reset();
        here = std::make_unique<engine::StoreHere>(*store);
        chat = std::make_shared<FakeWay>(chatSide);
        mail = std::make_shared<FakeWay>(mailSide);
        chat->isHeard = true;
        if (onRestart)
            onRestart();
        courier = std::make_unique<engine::Courier>(*here, kinds, clock, random, settings);
        courier->setWays({ { QStringLiteral("chat"), chat }, { QStringLiteral("mail"), mail } });
    }

    /// Lets everything happen that does not wait for time to pass.
    void rest()
    {
        for (int quiet = 0; quiet < 4;) {
            QTest::qWait(1);
            quiet = courier->isIdle() ? quiet + 1 : 0;
        }
    }
    void after(Millis time)
    {
        clock.advance(time);
        courier->wake();
        rest();
    }

    /// The team's escalations go to its channel.
    Result<Done> routeTeam(const QString &team, const QString &channel)
    {
        return write([&](storage::WriteScope &scope) {
            return storage::saveRoutes(
                scope, { { NoticeTarget::Team, team, QStringLiteral("chat"), channel } });
        });
    }
    Result<commands::Outcome> escalated(const QString &key,
        const QString &team = QStringLiteral("Technical"), const char *by = "ann")
    {
        if (auto made = newTicket(key); !made)
            return made;
        commands::Escalate command = escalation(key);
        command.team = team;
        return run(by, command);
    }
    std::vector<Delivery> deliveries()
    {
        return storage::loadDeliveries(connection(), { .limit = 100'000 })
            .value_or(std::vector<Delivery> {});
    }

    notify::WayRegistry kinds;
    engine::Courier::Settings settings;
    FarSide chatSide, mailSide;
    std::function<void()> onRestart;
    std::unique_ptr<engine::StoreHere> here;
    std::shared_ptr<FakeWay> chat, mail;
    std::unique_ptr<engine::Courier> courier;
};

} // namespace tierline::test
