#pragma once

#include "widgets/dialogs/formdialog.h"

class QListWidget;
class QStackedWidget;

namespace tierline::ui {

class SettingsPage;

/// Who works here: me, agents, teams, tiers. Ctrl+Enter saves the page in front; the dialog stays.
/// Those whose role may not change it read it, and read why. Thread: ui.
class SettingsDialog : public FormDialog
{
    Q_OBJECT
public:
    SettingsDialog(Workbench &workbench, QWidget *parent);

    SettingsPage *page() const;

protected:
    void submit() override;

private:
    void addPage(const QString &title, SettingsPage *page);

    QListWidget *m_rail;
    QStackedWidget *m_pages;
    bool m_mayChange;
};

} // namespace tierline::ui
