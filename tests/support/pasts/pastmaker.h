#pragma once

#include "core/base/ids.h"
#include "core/rules/replay.h"

namespace tierline::test {

/// Random histories of tickets as a helpdesk has them: written, answered, moved, escalated, solved, opened
/// again. Instants are whole minutes, ids of events ascend with the ticket, and the same seed gives the same.
class PastMaker
{
public:
    struct Shape {
        Instant start { 1'775'001'600'000 }; ///< Wed 2026-04-01T00:00:00Z
        int minutes = 60 * 24 * 3; ///< over which tickets are made
        int accounts = 4;
        int mostSteps = 12; ///< of one ticket, after its creation
        int gap = 180; ///< minutes between two steps, on average
        bool undoes = true; ///< some steps are undone
    };
    PastMaker(quint64 seed, Shape shape)
        : m_random(seed)
        , m_shape(shape)
    {
    }

    /// The next ticket; numbers from 1 on.
    rules::PastTicket ticket();
    std::vector<rules::PastTicket> tickets(int count);

    static constexpr int teams = 3;

private:
    struct Log;
    void step(Log &log);
    void message(Log &log);
    void change(Log &log);
    void move(Log &log);
    void solveOrReopen(Log &log);
    bool once(int in) { return m_random.below(in) == 0; }

    SeededRandom m_random;
    Shape m_shape;
    qint64 m_tickets = 0;
    qint64 m_events = 0;
};

/// Tickets that a test holds in memory.
class ListPast final : public rules::Past
{
public:
    explicit ListPast(std::vector<rules::PastTicket> tickets)
        : tickets(std::move(tickets))
    {
    }
    Result<Done> walk(const Visit &visit) override;
    Result<rules::PastTicket> one(TicketId id) override;
    bool isInMemory() const override { return true; }

    std::vector<rules::PastTicket> tickets;
};

/// Office hours in UTC on work days and first and next answers by priority, in two editions; the second begins
/// `days` after the start of a shape.
std::shared_ptr<const sla::AgreementBook> someAgreements(Instant start, int days);

} // namespace tierline::test
