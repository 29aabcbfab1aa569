#pragma once

#include "core/desk/ticketsigns.h"

#include <QToolButton>

namespace tierline::ui {

/// What the customer's words say, small beside the tabs: "legal, urgent +1". Pressed, the words that say so are marked
/// in the conversation. Gone where nothing is remarkable. Thread: ui.
class SignsButton : public QToolButton
{
    Q_OBJECT
public:
    explicit SignsButton(QWidget *parent = nullptr);

    void setSigns(const desk::TicketSigns &signs);

protected:
    void changeEvent(QEvent *event) override;

private:
    void colour();

    desk::TicketSigns m_signs;
};

} // namespace tierline::ui
