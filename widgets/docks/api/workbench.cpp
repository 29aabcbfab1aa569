#include "widgets/docks/api/workbench.h"

namespace tierline::ui {

Workbench::Workbench(desk::Session &session, QObject *parent)
    : QObject(parent)
    , m_session(session)
    , m_verbs(new Verbs(*this))
{
    connect(&session, &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &tickets, bool everything) {
            if (m_current && (everything || tickets.contains(m_current)))
                load();
        });
}

void Workbench::open(TicketId ticket)
{
    if (ticket == m_current && m_loading != Loading::Failed)
        return;
    m_current = ticket;
    m_ticket.reset();
    emit currentChanged(ticket);
    load();
}

void Workbench::openKey(const QString &key)
{
    m_session.findTicket(key).then(this, [this](const Result<TicketId> &id) {
        if (id)
            open(*id);
        else
            report(id.error());
    });
}

void Workbench::load()
{
    const quint64 generation = ++m_generation;
    if (!m_current) {
        m_loading = Loading::Nothing;
        emit ticketChanged();
        return;
    }
    m_loading = Loading::Loading;
    if (!m_ticket)
        emit ticketChanged();
    m_session.openTicket(m_current).then(
        this, [this, generation](const Result<std::shared_ptr<const desk::OpenTicket>> &ticket) {
            if (generation != m_generation)
                return;
            if (ticket) {
                m_ticket = *ticket;
                m_loading = Loading::Ready;
            } else {
                m_error = ticket.error();
                m_loading = Loading::Failed;
            }
            emit ticketChanged();
        });
}

void Workbench::goTo(const QString &place)
{
    if (place == m_place)
        return;
    m_place = place;
    emit placeChanged(place);
}

void Workbench::report(const Error &error)
{
    if (error.fault != Fault::Cancelled)
        emit reported(error);
}

} // namespace tierline::ui
