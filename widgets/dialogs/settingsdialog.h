#pragma once

#include "widgets/dialogs/formdialog.h"

class QListWidget;

namespace tierline::ui {

class SettingsPage;

/// Who works here: me, agents, teams, tiers. Ctrl+Enter saves the page in front; the dialog stays.
/// What is typed and not saved stays while other pages and entries are looked at; closing asks once,
/// in its own place, before it drops that.
/// Those whose role may not change a page read it, and read whose it is. Thread: ui.
class SettingsDialog : public FormDialog
{
    Q_OBJECT
public:
    /// `first`: the page in front by its id ("me", "agents", "teams", "tiers", "agreements", "hours",
    /// "quiet", "templates", "accounts"); unknown or empty: the first.
    SettingsDialog(Workbench &workbench, const QString &first, QWidget *parent);

    SettingsPage *page() const;
    void showPage(const QString &id);
    /// What closing would drop.
    QStringList unsaved() const;
    void reject() override;
    void fit() override;

protected:
    void submit() override;

private:
    void addPage(const QString &id, const QString &title, SettingsPage *page);
    void turnTo(int row);
    void showVerb();
    void say(const QString &sentence);

    QListWidget *m_rail;
    QList<SettingsPage *> m_pages; ///< one below the other, and only the one in front there
    int m_front = 0;
    PlainLabel *m_whoMay; ///< above pages that this person may only read
    QString m_role; ///< of this person, in words
    QStringList m_told; ///< what the person has been told would be dropped
};

} // namespace tierline::ui
