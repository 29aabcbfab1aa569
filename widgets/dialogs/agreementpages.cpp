// What the pages of agreements share; see agreementpages.h.
#include "widgets/dialogs/agreementpages.h"

#include "widgets/dialogs/agreementreview.h"

#include <QListWidget>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

AgreementPage::AgreementPage(Workbench &workbench, const QString &listName, const QString &addText)
    : ListPage(workbench, listName, addText)
{
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

void AgreementPage::review(const QString &key, commands::SaveAgreements change, const QString &what)
{
    set().clear();
    beginSave(key);
    auto *dialog = new AgreementReview(workbench(), std::move(change), what, window());
    dialog->setObjectName(u"agreementReview"_s);
    connect(dialog, &AgreementReview::saved, this, [this] {
        endSave();
        emit saved();
        read();
    });
    dialog->fit();
    dialog->open();
}

} // namespace tierline::ui
