#pragma once

#include "core/calendar/holidays.h"
#include "widgets/dialogs/formdialog.h"

class QListWidget;

namespace tierline::ui {

/// The days that a calendar file names, each with a tick; the verb takes those that are ticked. Reads the
/// file off the ui thread. Thread: ui.
class HolidayDialog : public FormDialog
{
    Q_OBJECT
public:
    HolidayDialog(Workbench &workbench, const QString &file, const QString &zone, QWidget *parent);

    bool isRead() const { return m_isRead; }

signals:
    /// All days of the file, with the person's ticks.
    void chosen(const std::vector<tierline::Holiday> &days);

protected:
    void submit() override;

private:
    void showDays(const HolidayFile &file);
    void showCount();

    QLocale m_locale;
    std::vector<Holiday> m_days;
    QListWidget *m_list;
    PlainLabel *m_leftOut;
    bool m_isRead = false;
};

} // namespace tierline::ui
