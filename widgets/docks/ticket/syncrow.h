#pragma once

#include "core/desk/remoteside.h"
#include "widgets/docks/api/workbench.h"

class QPushButton;

namespace tierline::ui {

class PlainLabel;

/// One line below a ticket's title on how it stands at its helpdesk, with the one thing that can be done
/// about it. Hidden where there is nothing to say: what is well is quiet. Thread: ui.
class SyncRow : public QWidget
{
    Q_OBJECT
public:
    explicit SyncRow(Workbench &workbench, QWidget *parent = nullptr);

    void show(const desk::RemoteSide &side);
    /// Countdowns, and what the account has become since.
    void tick();
    QString text() const;

protected:
    void changeEvent(QEvent *event) override;

private:
    void act();

    Workbench &m_workbench;
    desk::RemoteSide m_side;
    PlainLabel *m_icon;
    PlainLabel *m_text;
    QPushButton *m_action;
};

} // namespace tierline::ui
