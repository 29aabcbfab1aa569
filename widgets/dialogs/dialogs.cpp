#include "widgets/dialogs/dialogs.h"

#include "widgets/dialogs/accountassistant.h"
#include "widgets/dialogs/escalatedialog.h"
#include "widgets/dialogs/filedialogs.h"
#include "widgets/dialogs/helpdialogs.h"
#include "widgets/dialogs/newticketdialog.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/verbdialog.h"

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// "connect", "account:NAME" and "signin:NAME"; none where this program reaches no helpdesk.
FormDialog *makeAccountDialog(const QString &id, Workbench &workbench, QWidget *parent)
{
    using Purpose = AccountAssistant::Purpose;
    desk::AccountSetup *setup = desk::AccountSetup::of(workbench.session());
    const QString account = id.section(u':', 1);
    if (!setup)
        return nullptr;
    if (id == u"connect")
        return new AccountAssistant(workbench, *setup, Purpose::Connect, {}, parent);
    const Purpose purpose = id.startsWith(u"signin:") ? Purpose::SignIn : Purpose::Edit;
    return new AccountAssistant(workbench, *setup, purpose, account, parent);
}

FormDialog *makeDialog(const QString &id, Workbench &workbench, QWidget *parent)
{
    if (id == u"escalate")
        return workbench.ticket()
            ? new EscalateDialog(workbench, workbench.ticket()->details.state.ticket.key, parent)
            : nullptr;
    if (id == u"newticket")
        return new NewTicketDialog(workbench, parent);
    if (id == u"import")
        return new ImportDialog(workbench, parent);
    if (id == u"export")
        return new ExportDialog(workbench, parent);
    if (id == u"backup")
        return new BackupDialog(workbench, parent);
    if (id.section(u':', 0, 0) == u"settings")
        return new SettingsDialog(workbench, id.section(u':', 1), parent);
    if (id == u"keys")
        return new KeysDialog(parent, parent);
    if (id == u"about")
        return new AboutDialog(parent);
    if (id == u"connect" || id.startsWith(u"account:") || id.startsWith(u"signin:"))
        return makeAccountDialog(id, workbench, parent);
    return VerbDialog::make(id, workbench, parent);
}

} // namespace

void openDialog(const QString &id, Workbench &workbench, QWidget *parent)
{
    // Which page of the settings is in front makes no dialog of its own.
    const bool isSettings = id.section(u':', 0, 0) == u"settings";
    const QString name = u"dialog."_s + (isSettings ? u"settings"_s : id);
    if (auto *open = parent->findChild<QDialog *>(name)) {
        if (auto *settings = qobject_cast<SettingsDialog *>(open); settings && isSettings)
            settings->showPage(id.section(u':', 1));
        open->raise();
        open->activateWindow();
        return;
    }
    if (FormDialog *dialog = makeDialog(id, workbench, parent)) {
        dialog->setObjectName(name);
        dialog->fit();
        dialog->open();
    }
}

} // namespace tierline::ui
