#pragma once

#include "core/commands/agreements.h"
#include "core/desk/desk.h"

namespace tierline::desk {

/// What is agreed and due times by hand, as whoever works at the desk: the door for both faces. Leads and
/// admins change what is agreed; who works at a ticket's tier sets its due times. Thread: the store's; the
/// desk outlives it.
class AgreementDesk
{
public:
    AgreementDesk(storage::Store &store, RandomSource &random, const Desk &desk)
        : m_store(store)
        , m_random(random)
        , m_desk(desk)
    {
    }
    Result<commands::MovedDues> preview(
        const commands::SaveAgreements &change, const commands::Progress &progress = {})
    {
        return commands::preview(
            m_store.connection(), change, m_desk.visibility(), m_store.clock().now(), progress);
    }
    Result<commands::MovedDues> save(
        const commands::SaveAgreements &change, const commands::Progress &progress = {})
    {
        commands::Context context = makeContext();
        return commands::run(context, change, progress);
    }
    /// The editions alone; a DueService places the due times meanwhile.
    Result<Done> saveEditions(const commands::SaveAgreements &change)
    {
        commands::Context context = makeContext();
        return commands::saveEditions(context, change);
    }
    /// Some of what is still to be placed, since somebody was stopped or killed in the middle of it.
    Result<commands::DueProgress> placeNextDueTimes()
    {
        commands::Context context = makeContext();
        return commands::placeNextDueTimes(context);
    }
    Result<commands::MovedDues> placeDueTimes(const commands::Progress &progress = {})
    {
        commands::Context context = makeContext();
        return commands::placeDueTimes(context, progress);
    }
    /// Gives a Result<Done> or a Result<Outcome>, as the command does.
    template<typename Command>
    auto run(const Command &command)
    {
        commands::Context context = makeContext();
        return commands::run(context, command);
    }

private:
    commands::Context makeContext() const
    {
        return { m_store, m_random, m_desk.actor(), m_desk.visibility(), m_store.clock().now() };
    }
    storage::Store &m_store;
    RandomSource &m_random;
    const Desk &m_desk;
};

} // namespace tierline::desk
