#pragma once

#include "tests/engine/enginetest.h"

// Tickets to which something happens at random, while an engine looks whenever it asked to.

namespace tierline::test {

class RandomMonth
{
public:
    /// The desk has begun, and outlives it. `hasTurns`: the customer of all tickets buys other plans and is
    /// now well and now not.
    RandomMonth(EngineFixture &desk, quint64 seed, bool hasTurns = false)
        : m_desk(desk)
        , m_dice(seed)
        , m_hasTurns(hasTurns)
    {
    }

    int tickets() const { return m_tickets; }
    static QString key(int number) { return QStringLiteral("T-%1").arg(number); }

    void live(Millis length)
    {
        m_desk.settle();
        const Instant start = m_desk.clock.now();
        pass(Millis(1'000));
        while (m_desk.clock.now() < start + length) {
            something();
            pass(Millis(1 + m_dice.below(4 * 3'600'000)));
        }
    }
    /// Time passes, and the engine looks whenever it asked to.
    void pass(Millis time)
    {
        const Instant until = m_desk.clock.now() + time;
        while (m_desk.clock.now() < until) {
            m_desk.settle();
            const Millis left = until - m_desk.clock.now();
            m_desk.clock.advance(
                std::max(Millis(1), std::min(left, m_desk.last.wait.value_or(left))));
        }
        m_desk.settle();
    }
    /// One thing that somebody does; what is refused has simply not happened.
    void something()
    {
        const qint64 what = m_dice.below(12);
        if (m_tickets == 0 || (m_tickets < 30 && what == 0)) {
            newTicket();
            return;
        }
        const QString ticket = key(int(m_dice.below(m_tickets)) + 1);
        const char *who = m_desk.state(ticket).ticket.tier == QStringLiteral("L1") ? "ann" : "bea";
        switch (what) {
        case 1: run(who, commands::Reply { ticket, QStringLiteral("We look into it.") }); break;
        case 2: hear(ticket, QStringLiteral("And now?")); break;
        case 3: hear(ticket, QStringLiteral("I want a refund or I call my lawyer.")); break;
        case 4: run("ann", EngineFixture::escalation(ticket)); break;
        case 5: run("bea", commands::Accept { ticket }); break;
        case 6: run(who, commands::Solve { ticket }); break;
        case 7: run(who, commands::Reopen { ticket, QStringLiteral("It came back.") }); break;
        case 8: run(who, commands::Claim { ticket }); break;
        case 9: set(who, ticket, QStringLiteral("status"), QStringLiteral("pending")); break;
        case 10:
            set(who, ticket, QStringLiteral("priority"), code(Priority(m_dice.below(4))));
            break;
        default: run(who, commands::Note { ticket, QStringLiteral("Called."), {} }); break;
        }
    }

private:
    void newTicket()
    {
        const auto priority = Priority(m_dice.below(4));
        const QString ticket = key(++m_tickets);
        if (!m_hasTurns) {
            std::ignore = m_desk.newTicket(ticket, priority);
            return;
        }
        static const std::array<QString, 3> plans { QStringLiteral("enterprise"),
            QStringLiteral("team"), QStringLiteral("free") };
        const QString &plan = plans[size_t(m_dice.below(3))];
        std::ignore = m_desk.newTicket(ticket, priority, plan, int(m_dice.below(101)));
    }
    template<typename Command>
    void run(const char *who, const Command &command)
    {
        std::ignore = m_desk.run(who, command);
    }
    void hear(const QString &ticket, const QString &words)
    {
        run("ann", commands::CustomerMessage { ticket, words });
    }
    void set(const char *who, const QString &ticket, const QString &field, const QString &value)
    {
        run(who, commands::SetFields { ticket, { { field, value } } });
    }

    EngineFixture &m_desk;
    SeededRandom m_dice;
    bool m_hasTurns;
    int m_tickets = 0;
};

} // namespace tierline::test
