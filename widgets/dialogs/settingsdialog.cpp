#include "widgets/dialogs/settingsdialog.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/dialogs/accountspage.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/settingspage.h"
#include "widgets/dialogs/words.h"

#include <QListWidget>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

SettingsDialog::SettingsDialog(Workbench &workbench, const QString &first, QWidget *parent)
    : FormDialog(tr("Settings"), tr("Save"), parent)
    , m_rail(named(new QListWidget, u"pages"_s, tr("Pages")))
    , m_pages(new QStackedWidget)
    , m_mayChange(workbench.people().me.role == Role::Admin)
{
    setMinimumSize(1000, 640);
    cancelButton()->setText(tr("Close"));
    setRail(m_rail, true);
    m_rail->setFixedWidth(136);
    m_rail->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_rail->setFrameShape(QFrame::NoFrame);
    body()->insertWidget(0, m_rail);
    if (!m_mayChange) {
        addIntroduction(tr(
            "People, teams and tiers are an admin's to change. You are here as %1, so you can read them.")
                            .arg(roleText(workbench.people().me.role).toLower()));
    }
    fields()->addWidget(m_pages, 1);
    addPage(u"me"_s, tr("Me"), new MePage(workbench));
    addPage(u"agents"_s, tr("Agents"), new AgentsPage(workbench));
    addPage(u"teams"_s, tr("Teams"), new TeamsPage(workbench));
    addPage(u"tiers"_s, tr("Tiers"), new TiersPage(workbench));
    addPage(u"agreements"_s, tr("Agreements"), new PoliciesPage(workbench));
    addPage(u"hours"_s, tr("Hours"), new CalendarsPage(workbench));
    if (desk::AccountSetup *setup = desk::AccountSetup::of(workbench.session()))
        addPage(u"accounts"_s, tr("Accounts"), new AccountsPage(workbench, *setup));
    connect(m_rail, &QListWidget::currentRowChanged, this, [this](int row) {
        turnTo(row);
        showVerb();
        say({});
    });
    connect(&workbench.session(), &desk::Session::peopleChanged, this, [this] {
        for (int i = 0; i < m_pages->count(); ++i)
            static_cast<SettingsPage *>(m_pages->widget(i))->refresh();
    });
    m_rail->setCurrentRow(0);
    m_rail->setFocus();
    showPage(first);
}

void SettingsDialog::showPage(const QString &id)
{
    for (int i = 0; i < m_pages->count(); ++i) {
        if (!id.isEmpty() && m_rail->item(i)->data(Qt::UserRole) == id)
            m_rail->setCurrentRow(i);
    }
}

void SettingsDialog::turnTo(int row)
{
    // Only the page in front has a say in the height: the longest would make all of them scroll.
    for (int i = 0; i < m_pages->count(); ++i) {
        QSizePolicy policy = m_pages->widget(i)->sizePolicy();
        policy.setVerticalPolicy(i == row ? QSizePolicy::Preferred : QSizePolicy::Ignored);
        m_pages->widget(i)->setSizePolicy(policy);
    }
    m_pages->setCurrentIndex(row);
}

void SettingsDialog::showVerb()
{
    verbButton()->setVisible(page()->mayChange() && page()->hasFields());
    verbButton()->setText(page()->verb().isEmpty() ? tr("Save") : page()->verb());
}

void SettingsDialog::addPage(const QString &id, const QString &title, SettingsPage *page)
{
    page->setObjectName(u"page.%1"_s.arg(m_pages->count()));
    m_rail->addItem(title);
    m_rail->item(m_rail->count() - 1)->setData(Qt::UserRole, id);
    m_pages->addWidget(page);
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
    return static_cast<SettingsPage *>(m_pages->currentWidget());
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
    for (int i = 0; i < m_pages->count(); ++i)
        names += static_cast<SettingsPage *>(m_pages->widget(i))->unsaved();
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
