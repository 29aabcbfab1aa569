#include "widgets/dialogs/holidaydialog.h"

#include "core/desk/agreementwork.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/hourstext.h"

#include <QFileInfo>
#include <QListWidget>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int years = 3;

} // namespace

HolidayDialog::HolidayDialog(
    Workbench &workbench, const QString &file, const QString &zone, QWidget *parent)
    : FormDialog(tr("Holidays"), tr("Take the ticked days"), parent)
    , m_list(named(new QListWidget, u"days"_s, tr("Days of the file")))
    , m_leftOut(new PlainLabel)
{
    setMinimumSize(560, 480);
    addIntroduction(tr(
        "Days of this and the next two years in “%1”. The desk is closed on those that are ticked. "
        "Nothing is saved yet.")
                        .arg(oneLine(QFileInfo(file).fileName(), 80)));
    m_list->setMinimumHeight(240);
    m_list->setSelectionMode(QAbstractItemView::SingleSelection);
    setTextRole(m_leftOut, TextRole::Muted);
    m_leftOut->setObjectName(u"leftOut"_s);
    m_leftOut->setWordWrap(true);
    m_leftOut->hide();
    fields()->addWidget(m_list, 1);
    fields()->addWidget(m_leftOut);
    verbButton()->setEnabled(false);
    hint()->setText(tr("Reading the file …"));
    connect(m_list, &QListWidget::itemChanged, this, &HolidayDialog::showCount);
    whenDone(workbench, desk::readHolidayFile(workbench.session(), file, zone, years),
        [this](const Result<HolidayFile> &read) {
            hint()->clear();
            if (read)
                showDays(*read);
            else
                refuse(read.error());
        });
}

void HolidayDialog::showDays(const HolidayFile &file)
{
    m_days = file.days;
    m_isRead = true;
    const QSignalBlocker quiet(m_list);
    for (const Holiday &day : file.days) {
        QStringList parts { day.isYearly
                ? tr("every %1").arg(m_locale.toString(day.date, u"d MMMM"_s))
                : m_locale.toString(day.date, u"ddd d MMM yyyy"_s) };
        parts.append(oneLine(day.name, 120));
        if (!day.closed.empty())
            parts.append(tr("closed %1").arg(hoursText(day.closed)));
        auto *item = new QListWidgetItem(parts.join(u"   "_s), m_list);
        item->setFlags(Qt::ItemIsEnabled | Qt::ItemIsSelectable | Qt::ItemIsUserCheckable);
        item->setCheckState(day.isTicked ? Qt::Checked : Qt::Unchecked);
    }
    m_leftOut->setText(plainLines(file.leftOut.join(u'\n'), 600, 4));
    m_leftOut->setVisible(!file.leftOut.isEmpty());
    if (m_days.empty()) {
        refuse(badInput(tr("No day of this file falls into these years. Choose another file.")));
        return;
    }
    m_list->setCurrentRow(0);
    m_list->setFocus();
    showCount();
    fit();
}

void HolidayDialog::showCount()
{
    int ticked = 0;
    for (int row = 0; row < m_list->count(); ++row)
        ticked += m_list->item(row)->checkState() == Qt::Checked;
    hint()->setText(tr("%1 of %2 ticked; Space changes one.").arg(ticked).arg(m_list->count()));
    verbButton()->setEnabled(ticked > 0);
}

void HolidayDialog::submit()
{
    if (!verbButton()->isEnabled())
        return;
    for (int row = 0; row < m_list->count(); ++row)
        m_days[size_t(row)].isTicked = m_list->item(row)->checkState() == Qt::Checked;
    emit chosen(m_days);
    accept();
}

} // namespace tierline::ui
