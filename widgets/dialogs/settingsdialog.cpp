#include "widgets/dialogs/settingsdialog.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/dialogs/accountspage.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/matrixpage.h"
#include "widgets/dialogs/quietpage.h"
#include "widgets/dialogs/settingspage.h"
#include "widgets/dialogs/templatespage.h"
#include "widgets/dialogs/words.h"

#include <QListWidget>
#include <QPushButton>
#include <QTimeZone>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int MostHeight = 880; ///< at first; the screen may have less

} // namespace

SettingsDialog::SettingsDialog(Workbench &workbench, const QString &first, QWidget *parent)
    : FormDialog(tr("Settings"), tr("Save"), parent)
    , m_rail(named(new QListWidget, u"pages"_s, tr("Pages")))
    , m_whoMay(new PlainLabel)
    , m_role(roleText(workbench.people().me.role).toLower())
{
    setMinimumSize(1040, 640);
    cancelButton()->setText(tr("Close"));
    setRail(m_rail, true);
    m_rail->setFixedWidth(136);
    m_rail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rail->setFrameShape(QFrame::NoFrame);
    body()->insertWidget(0, m_rail);
    m_whoMay->setObjectName(u"whoMay"_s);
    m_whoMay->setWordWrap(true);
    fields()->addWidget(m_whoMay);
    addPage(u"me"_s, tr("Me"), new MePage(workbench));
    addPage(u"agents"_s, tr("Agents"), new AgentsPage(workbench));
    addPage(u"teams"_s, tr("Teams"), new TeamsPage(workbench));
    addPage(u"tiers"_s, tr("Tiers"), new TiersPage(workbench));
    addPage(u"agreements"_s, tr("Agreements"), new PoliciesPage(workbench));
    addPage(u"hours"_s, tr("Hours"), new CalendarsPage(workbench));
    addPage(u"quiet"_s, tr("Rules at work"), new QuietPage(workbench, QTimeZone::systemTimeZone()));
    addPage(u"matrix"_s, tr("Matrix"), new MatrixPage(workbench));
    addPage(u"templates"_s, tr("Templates"), new TemplatesPage(workbench));
    if (desk::AccountSetup *setup = desk::AccountSetup::of(workbench.session()))
        addPage(u"accounts"_s, tr("Accounts"), new AccountsPage(workbench, *setup));
    connect(m_rail, &QListWidget::currentRowChanged, this, [this](int row) {
        turnTo(row);
        showVerb();
        say({});
    });
    connect(&workbench.session(), &desk::Session::peopleChanged, this, [this] {
        for (SettingsPage *page : std::as_const(m_pages))
            page->refresh();
    });
    m_rail->setCurrentRow(0);
    m_rail->setFocus();
    showPage(first);
}

void SettingsDialog::showPage(const QString &id)
{
    for (int i = 0; i < m_pages.size(); ++i) {
        if (!id.isEmpty() && m_rail->item(i)->data(Qt::UserRole) == id)
            m_rail->setCurrentRow(i);
    }
}

/// Pages that are not in front take no room: a stack would make each as high as the highest of them.
void SettingsDialog::turnTo(int row)
{
    if (row < 0 || row >= m_pages.size())
        return;
    for (SettingsPage *page : std::as_const(m_pages))
        page->hide();
    m_front = row;
    m_whoMay->setText(
        tr("%1 You are here as %2, so you can read it.").arg(page()->whoMay(), m_role));
    m_whoMay->setVisible(!page()->mayChange());
    m_pages[row]->show();
}

/// One height for all pages, as high as the screen allows: it does not jump from page to page.
void SettingsDialog::fit()
{
    FormDialog::fit();
    resize(width(), std::max(height(), std::min(MostHeight, room().height())));
}

void SettingsDialog::showVerb()
{
    verbButton()->setVisible(page()->mayChange() && page()->hasFields());
    verbButton()->setText(page()->verb().isEmpty() ? tr("Save") : page()->verb());
}

void SettingsDialog::addPage(const QString &id, const QString &title, SettingsPage *page)
{
    page->setObjectName(u"page.%1"_s.arg(m_pages.size()));
    m_rail->addItem(title);
    m_rail->item(m_rail->count() - 1)->setData(Qt::UserRole, id);
    page->hide();
    fields()->addWidget(page, 1);
    m_pages.append(page);
    connect(page, &SettingsPage::saved, this, [this] { say(tr("Saved.")); });
    connect(page, &SettingsPage::refused, this, [this, page] {
        say({});
        // A page may be longer than the dialog: what is wrong must be in sight.
        if (page->set().foot()->isVisible())
            reveal(page->set().foot());
        else if (focusWidget())
            reveal(focusWidget());
    });
    connect(page, &SettingsPage::busyChanged, this, [this](bool isBusy) { setBusy(isBusy); });
}

SettingsPage *SettingsDialog::page() const
{
    return m_pages[m_front];
}

void SettingsDialog::say(const QString &sentence)
{
    hint()->setText(sentence);
    m_told.clear();
    cancelButton()->setText(tr("Close"));
}

QStringList SettingsDialog::unsaved() const
{
    QStringList names;
    for (const SettingsPage *page : m_pages)
        names += page->unsaved();
    return names;
}

void SettingsDialog::reject()
{
    const QStringList names = unsaved();
    if (names.isEmpty() || names == m_told) {
        FormDialog::reject();
        return;
    }
    say(tr("Not saved: %1. Close again to drop this.").arg(oneLine(names.join(u", "_s), 80)));
    announce(hint(), hint()->text());
    cancelButton()->setText(tr("Drop and close"));
    m_told = names;
}

void SettingsDialog::submit()
{
    if (page()->mayChange() && page()->hasFields())
        page()->save();
}

} // namespace tierline::ui
