#pragma once

#include "core/desk/accountsetup.h"
#include "widgets/dialogs/formdialog.h"

class QLineEdit;
class QListWidget;
class QProgressBar;
class QStackedWidget;

namespace tierline::ui {

class FindingsView;
class PlacesEditor;
class StepLine;

/// Connects the workspace to a helpdesk in few steps, changes an account, or takes a new sign-in for
/// one: which helpdesk, address and sign-in, a live test, places, done. It can be left at any moment; a
/// test under way is stopped then, and nothing is stored before its last step. Thread: ui.
class AccountAssistant : public FormDialog
{
    Q_OBJECT
public:
    enum class Purpose : quint8 { Connect, Edit, SignIn };
    enum class Step : quint8 { Kind, SignIn, Test, Places, Done };

    /// `account` is the name of the one to change; of a new one it is empty.
    AccountAssistant(Workbench &workbench, desk::AccountSetup &setup, Purpose purpose,
        const QString &account, QWidget *parent);

    Step step() const { return m_step; }
    bool isTesting() const { return m_task && m_step == Step::Test; }
    /// What the test said, or the end.
    QStringList sentences() const;
    void fit() override;
    /// Stops a test; while the keychain is asked, leaves that and says where the secret is.
    void reject() override;

protected:
    void submit() override;

private:
    QWidget *makeKindPage();
    QWidget *makeSignInPage();
    QWidget *makeTestPage();
    QWidget *makePlacesPage();
    QWidget *makeDonePage();
    QWidget *makeAuthorityRow();
    QStringList stepNames() const;

    void readAccounts();
    void fill(const storage::Account &account);
    void showKind();
    void showAuthority();
    void chooseAuthority();
    void showTransport();
    desk::AccountForm form() const;
    bool isNew() const { return m_purpose == Purpose::Connect; }

    void go(Step step);
    void back();
    void leaveKind();
    void startTest();
    void stopTest();
    void tested(const Result<desk::AccountTest> &result);
    void describe(const desk::AccountTest &test);
    void leaveTest();
    void save(const QList<storage::PlaceMapping> &places);
    void saved(const Result<desk::SavedAccount> &result);
    void finish(const desk::SavedAccount &result);
    void showVerb();
    void refuseAt(const Error &error);

    Workbench &m_workbench;
    desk::AccountSetup &m_setup;
    const Purpose m_purpose;
    Step m_step = Step::Kind;
    QStringList m_taken; ///< names of accounts that are there
    std::optional<storage::Account> m_held; ///< the one that is changed
    desk::Authority m_authority;
    std::optional<desk::AccountTest> m_test; ///< what the last test found
    bool m_mayGoOnUntested = false;
    QString m_tried; ///< name of the account under test
    bool m_isStored = false; ///< the account is, and its secret is on its way
    std::unique_ptr<desk::AccountTask> m_task;
    std::unique_ptr<desk::AccountTask> m_reading; ///< of a file

    StepLine *m_line;
    QStackedWidget *m_pages;
    QListWidget *m_kind = nullptr;
    QLineEdit *m_name = nullptr;
    QLineEdit *m_url = nullptr;
    QLineEdit *m_user = nullptr;
    QLineEdit *m_secret = nullptr;
    PlainLabel *m_secretHint = nullptr;
    PlainLabel *m_transport = nullptr; ///< "not encrypted, this machine"
    PlainLabel *m_authorityNames = nullptr;
    QPushButton *m_dropAuthority = nullptr;
    PlainLabel *m_testing = nullptr;
    QProgressBar *m_bar = nullptr;
    FindingsView *m_findings = nullptr;
    QPushButton *m_untested = nullptr;
    PlainLabel *m_placesHint = nullptr;
    PlacesEditor *m_places = nullptr;
    FindingsView *m_end = nullptr;
    QPushButton *m_back;
};

} // namespace tierline::ui
