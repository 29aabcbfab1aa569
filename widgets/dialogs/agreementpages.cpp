// What the pages of agreements share; see agreementpages.h.
#include "widgets/dialogs/agreementpages.h"

#include "widgets/common/plainlabel.h"
#include "widgets/dialogs/agreementreview.h"

#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

AgreementPage::AgreementPage(Workbench &workbench, const QString &listName, const QString &addText)
    : ListPage(workbench, listName, addText)
    , m_takeBack(new QPushButton(tr("Take back…")))
{
    m_takeBack->setObjectName(u"takeBack"_s);
    m_takeBack->setAccessibleName(tr("Take back what was saved last"));
    m_takeBack->setAutoDefault(false);
    setPlainToolTip(m_takeBack,
        tr("Puts back what ruled before the last saving, after a look at what that moves"));
    side()->addWidget(m_takeBack);
    showTakeBack();
    connect(m_takeBack, &QPushButton::clicked, this, &AgreementPage::takeBack);
    addButton()->setEnabled(AgreementPage::mayChange());
    // Somebody else may save meanwhile, here or from the command line.
    connect(&workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &, bool everything) {
            if (everything)
                read();
        });
    read();
}

bool AgreementPage::mayChange() const
{
    return people().me.role == Role::Admin || people().me.role == Role::Lead;
}

QString AgreementPage::whoMay() const
{
    return tr("Agreements and business hours are for leads and admins to change.");
}

QStringList AgreementPage::calendarNames() const
{
    QStringList names;
    for (const auto &[name, calendar] : m_agreed.agreements.calendars)
        names.append(name);
    return names;
}

void AgreementPage::read()
{
    if (std::exchange(m_isReading, true)) {
        m_isStale = true;
        return;
    }
    m_isStale = false;
    // The context must outlive the continuation, which a page need not.
    desk::readAgreements(workbench().session())
        .then(&workbench().session(),
            [self = QPointer(this)](const Result<desk::AgreementsNow> &agreed) {
                if (!self)
                    return;
                self->m_isReading = false;
                if (!agreed) {
                    self->refuse(agreed.error());
                    return;
                }
                self->m_agreed = *agreed;
                const bool isFirst = !std::exchange(self->m_isRead, true);
                self->agreementsChanged();
                if (isFirst)
                    self->start();
                else
                    self->follow();
                if (self->m_isStale)
                    self->read();
            });
}

commands::SaveAgreements AgreementPage::inverseOf(const commands::SaveAgreements &change) const
{
    commands::SaveAgreements back { .hasPolicies = change.hasPolicies };
    if (change.hasPolicies)
        back.agreements.policies = m_agreed.agreements.policies;
    for (const auto &[name, calendar] : change.agreements.calendars) {
        const auto known = m_agreed.agreements.calendars.find(name);
        if (known != m_agreed.agreements.calendars.end())
            back.agreements.calendars.insert_or_assign(name, known->second);
    }
    return back;
}

void AgreementPage::takeBack()
{
    if (!m_before || !mayChange())
        return;
    review(key(), *m_before,
        tr("What ruled before the last saving is put back, as a new version. What ended in between stays as it was."));
}

void AgreementPage::showTakeBack()
{
    m_takeBack->setVisible(m_before && mayChange());
}

void AgreementPage::review(const QString &key, commands::SaveAgreements change, const QString &what)
{
    set().clear();
    beginSave(key);
    const commands::SaveAgreements back = inverseOf(change);
    auto *dialog = new AgreementReview(workbench(), std::move(change), what, window());
    dialog->setObjectName(u"agreementReview"_s);
    connect(dialog, &AgreementReview::saved, this, [this, back] {
        // New hours have nothing before them; a first set of policies has none either.
        const bool hasBefore = !back.agreements.calendars.empty()
            || (back.hasPolicies && !back.agreements.policies.empty());
        m_before = hasBefore ? std::optional(back) : std::nullopt;
        showTakeBack();
        endSave();
        emit saved();
        read();
    });
    dialog->fit();
    dialog->open();
}

} // namespace tierline::ui
