#pragma once

#include "core/base/ids.h"
#include "core/engine/courier.h"

#include <QTimer>

// A place where tellings arrive that goes on when the program that sends dies, and a way to it that does all that ways
// may do.

namespace tierline::test {

/// What has arrived somewhere, whoever sent it.
struct FarSide {
    std::vector<notify::Telling> arrived; ///< each id once
    int again = 0; ///< an id arrived a second time
    std::vector<notify::Heard> heard;
    int asked = 0; ///< tries and looks

    bool has(const QString &id) const
    {
        return std::ranges::any_of(
            arrived, [&](const notify::Telling &one) { return one.id == id; });
    }
    void take(const notify::Telling &telling)
    {
        if (has(telling.id))
            ++again;
        else
            arrived.push_back(telling);
    }
    std::vector<notify::Telling> at(const QString &address) const
    {
        std::vector<notify::Telling> some;
        for (const notify::Telling &one : arrived) {
            if (one.address == address)
                some.push_back(one);
        }
        return some;
    }
};

/// Every errand ends in a later turn of the loop, or never where its owner drops it: what had arrived stays.
class FakeWay final : public notify::Way
{
public:
    enum class Does : quint8 {
        Arrives,
        FailsLater,
        Refuses,
        Shuts, ///< the sign-in is refused
        LosesAnswer, ///< it arrives, and nobody knows
        LosesRequest, ///< it does not arrive, and nobody knows
        LooksBlind, ///< as LosesAnswer, and looking does not tell
    };
    std::function<Does(const notify::Telling &)> does
        = [](const notify::Telling &) { return Does::Arrives; };
    bool isHeard = false;
    bool isBlind = false;
    int turns = 1; ///< of the loop until an errand has ended

    explicit FakeWay(FarSide &side)
        : m_side(side)
    {
    }

    std::unique_ptr<notify::Errand> tell(
        const notify::Telling &telling, notify::ToldHandler done) override
    {
        ++m_side.asked;
        const Does what = does(telling);
        const bool arrives
            = what == Does::Arrives || what == Does::LosesAnswer || what == Does::LooksBlind;
        if (arrives)
            m_side.take(telling);
        return later(toldOf(what, telling), std::move(done));
    }
    std::unique_ptr<notify::Errand> look(
        const notify::Telling &telling, notify::ToldHandler done) override
    {
        ++m_side.asked;
        using Outcome = notify::Told::Outcome;
        if (isBlind)
            return later(unknown(), std::move(done));
        if (m_side.has(telling.id))
            return later(
                { .outcome = Outcome::Arrived, .receipt = QStringLiteral("r") }, std::move(done));
        return later({ .outcome = Outcome::Later,
                         .error = Error { .fault = Fault::Offline,
                             .detail = QStringLiteral("It is not there.") } },
            std::move(done));
    }
    bool hears() const override { return isHeard; }
    std::unique_ptr<notify::Errand> hear(
        const std::vector<notify::Open> &open, notify::HeardHandler done) override
    {
        std::vector<notify::Heard> heard;
        for (const notify::Heard &one : m_side.heard) {
            if (std::ranges::any_of(
                    open, [&](const notify::Open &place) { return place.topic == one.topic; }))
                heard.push_back(one);
        }
        return std::make_unique<Later>(turns, [heard, done = std::move(done)] { done(heard); });
    }
    std::unique_ptr<notify::Errand> test(std::function<void(Result<QString>)> done) override
    {
        return std::make_unique<Later>(
            turns, [done = std::move(done)] { done(QStringLiteral("It is there.")); });
    }

private:
    class Later final : public notify::Errand
    {
    public:
        Later(int turns, std::function<void()> then)
            : m_left(turns)
            , m_then(std::move(then))
        {
            m_timer.callOnTimeout([this] {
                if (--m_left > 0)
                    return;
                m_timer.stop();
                const auto then = std::exchange(m_then, nullptr);
                then(); // which may destroy this
            });
            m_timer.start(0);
        }

    private:
        QTimer m_timer;
        int m_left;
        std::function<void()> m_then;
    };
    static std::unique_ptr<notify::Errand> later(
        notify::Told told, notify::ToldHandler done, int turns)
    {
        return std::make_unique<Later>(
            turns, [told = std::move(told), done = std::move(done)] { done(told); });
    }
    std::unique_ptr<notify::Errand> later(notify::Told told, notify::ToldHandler done) const
    {
        return later(std::move(told), std::move(done), turns);
    }
    static notify::Told unknown()
    {
        return { .outcome = notify::Told::Outcome::Unknown,
            .error = Error { .fault = Fault::Timeout,
                .detail = QStringLiteral("Nobody knows whether it arrived.") } };
    }
    static notify::Told toldOf(Does what, const notify::Telling &telling)
    {
        using Outcome = notify::Told::Outcome;
        const auto failed = [](Outcome outcome, Fault fault, const char *why) {
            return notify::Told { .outcome = outcome,
                .error = Error { .fault = fault, .detail = QString::fromLatin1(why) } };
        };
        switch (what) {
        case Does::Arrives:
            return { .outcome = Outcome::Arrived,
                .receipt = QStringLiteral("post of ") + telling.topic };
        case Does::FailsLater: return failed(Outcome::Later, Fault::Offline, "It is away.");
        case Does::Refuses: return failed(Outcome::Refused, Fault::BadInput, "No such place.");
        case Does::Shuts: {
            notify::Told told = failed(Outcome::Later, Fault::SignIn, "The sign-in was refused.");
            told.isWayShut = true;
            return told;
        }
        default: return unknown();
        }
    }

    FarSide &m_side;
};

} // namespace tierline::test
