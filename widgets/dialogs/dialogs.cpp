#include "widgets/dialogs/dialogs.h"

#include "widgets/dialogs/escalatedialog.h"
#include "widgets/dialogs/filedialogs.h"
#include "widgets/dialogs/helpdialogs.h"
#include "widgets/dialogs/newticketdialog.h"
#include "widgets/dialogs/settingsdialog.h"
#include "widgets/dialogs/verbdialog.h"

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

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
    if (id == u"settings")
        return new SettingsDialog(workbench, parent);
    if (id == u"keys")
        return new KeysDialog(parent, parent);
    if (id == u"about")
        return new AboutDialog(parent);
    return VerbDialog::make(id, workbench, parent);
}

} // namespace

void openDialog(const QString &id, Workbench &workbench, QWidget *parent)
{
    const QString name = u"dialog."_s + id;
    if (auto *open = parent->findChild<QDialog *>(name)) {
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
