#pragma once

#include "core/desk/accountsetup.h"
#include "widgets/common/clocktext.h"
#include "widgets/dialogs/settingspage.h"

namespace tierline::ui {

class EmptyState;

/// The workspace's accounts: kind, address, last sync, what is wrong; add, change, sign in again,
/// remove. Follows the store. Thread: ui.
class AccountsPage : public SettingsPage
{
    Q_OBJECT
public:
    AccountsPage(Workbench &workbench, desk::AccountSetup &setup);
    void save() override { }
    void refresh() override;
    QStringList unsaved() const override { return {}; }
    bool hasFields() const override { return false; }
    QString whoMay() const override
    {
        return tr("Helpdesks are an admin's to connect and to change.");
    }
    bool isRead() const { return m_isRead; }

private:
    QWidget *makeDetails();
    void readAccounts();
    void showList(const QList<desk::AccountState> &states);
    void showCurrent();
    const desk::AccountState *current() const;
    void open(const QString &id);
    void askRemove();
    void remove(const QString &name, bool evenIfPending);

    desk::AccountSetup &m_setup;
    QList<desk::AccountState> m_states;
    bool m_isReading = false;
    bool m_isStale = false; ///< something changed while it was read
    bool m_isRead = false;
    TimeWords m_words;
    QListWidget *m_list;
    QPushButton *m_add;
    EmptyState *m_empty;
    QWidget *m_details;
    PlainLabel *m_name = nullptr;
    PlainLabel *m_problem = nullptr;
    QPushButton *m_signIn = nullptr;
    QPushButton *m_edit = nullptr;
    QPushButton *m_remove = nullptr;
    QList<PlainLabel *> m_facts; ///< values, in the order of their titles
};

} // namespace tierline::ui
