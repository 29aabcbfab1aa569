#pragma once

#include "core/desk/quiettimes.h"
#include "widgets/dialogs/settingspage.h"

#include <QSpinBox>
#include <QTimeZone>

class QComboBox;
class QPlainTextEdit;

namespace tierline::ui {

/// When rules wake nobody: outside the hours of a calendar, and in quiet times, one a line, in the zone of this
/// machine; whether what is critical passes; and how many open tickets an agent can have, which rules on free capacity read. Admins change it. Thread: ui.
class QuietPage : public SettingsPage
{
    Q_OBJECT
public:
    QuietPage(Workbench &workbench, const QTimeZone &zone);

    void save() override;
    QString whoMay() const override;
    QStringList unsaved() const override;
    /// The first reading has come.
    bool isRead() const { return m_isRead && m_isCapacityRead; }

protected:
    void done() override;

private:
    void read();
    void show(const desk::QuietSetting &setting);
    bool isEdited() const;
    bool isCapacityEdited() const { return m_capacity->value() != m_loadedCapacity; }
    void readCapacity();
    void saveCapacity();

    QTimeZone m_zone;
    QComboBox *m_calendar; ///< its data is the name; empty: none
    QPlainTextEdit *m_spans;
    QCheckBox *m_critical;
    QLineEdit *m_why;
    QSpinBox *m_capacity; ///< 0: not said
    int m_loadedCapacity = 0;
    bool m_isCapacityRead = false;
    bool m_savesCapacity = false; ///< what is being saved; else the times
    QString m_loaded; ///< as the lines were filled
    QString m_wasOutsideOf;
    bool m_wasCritical = true;
    bool m_isRead = false;
    bool m_isReading = false;
};

} // namespace tierline::ui
