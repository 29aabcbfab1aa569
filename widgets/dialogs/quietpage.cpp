#include "widgets/dialogs/quietpage.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/dialogs/hourstext.h"

#include <QCheckBox>
#include <QComboBox>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

QuietPage::QuietPage(Workbench &workbench, const QTimeZone &zone)
    : SettingsPage(workbench)
    , m_zone(zone)
    , m_calendar(new QComboBox)
    , m_spans(makeTextEdit(6, tr("2026-12-24 18:00 - 2026-12-27 08:00")))
    , m_critical(new QCheckBox(tr("What is critical wakes people all the same")))
    , m_why(new QLineEdit)
    , m_capacity(new QSpinBox)
{
    m_critical->setObjectName(u"critical"_s);
    m_critical->setChecked(true);
    m_why->setPlaceholderText(tr("“Maintenance over Christmas”"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addLayout(editor());
    editor()->addWidget(set().make(u"outside_of"_s, tr("Every day, quiet outside the hours of"),
        m_calendar, tr("Calendars are those of “Hours”.")));
    editor()->addWidget(set().make(u"spans"_s, tr("Quiet times, one a line"), m_spans,
        tr("Reminders, notices and escalations of ladders that fall into one wait for its end. Times are of %1.")
            .arg(QString::fromLatin1(m_zone.id()))));
    editor()->addWidget(m_critical);
    editor()->addWidget(set().make(u"why"_s, tr("Why (optional)"), m_why));
    m_capacity->setRange(0, commands::largestCapacity);
    m_capacity->setSpecialValueText(tr("not said"));
    editor()->addWidget(set().make(u"capacity"_s, tr("Open tickets that one agent can have"),
        m_capacity,
        tr("Rules such as “capacity of its team is under 10 %” count by it, and are not judged without it.")));
    for (QWidget *field :
        std::initializer_list<QWidget *> { m_calendar, m_spans, m_critical, m_why, m_capacity })
        field->setEnabled(mayChange());
    closeEditor();
    connect(&workbench.session(), &desk::Session::ticketsChanged, this,
        [this](const QList<TicketId> &, bool everything) {
            if (!everything)
                return;
            read();
            readCapacity();
        });
    read();
    readCapacity();
}

QString QuietPage::whoMay() const
{
    return tr("Quiet times, and how much an agent can have, are an admin's to change.");
}

void QuietPage::readCapacity()
{
    desk::readCapacity(workbench().session())
        .then(&workbench().session(),
            [self = QPointer(this)](const Result<std::optional<int>> &most) {
                if (!self)
                    return;
                if (!most)
                    return self->refuse(most.error());
                const bool isUntouched = !self->m_isCapacityRead || !self->isCapacityEdited();
                self->m_loadedCapacity = most->value_or(0);
                if (isUntouched)
                    self->m_capacity->setValue(self->m_loadedCapacity);
                self->m_isCapacityRead = true;
            });
}

void QuietPage::read()
{
    if (std::exchange(m_isReading, true))
        return;
    desk::readQuietTimes(workbench().session())
        .then(&workbench().session(),
            [self = QPointer(this)](const Result<desk::QuietSetting> &setting) {
                if (!self)
                    return;
                self->m_isReading = false;
                if (!setting)
                    return self->refuse(setting.error());
                if (!self->m_isRead || !self->isEdited())
                    self->show(*setting);
                self->m_isRead = true;
            });
}

void QuietPage::show(const desk::QuietSetting &setting)
{
    m_loaded = spansText(setting.times.spans, m_zone);
    m_wasCritical = setting.times.criticalPasses;
    m_wasOutsideOf = setting.times.outsideOf;
    m_spans->setPlainText(m_loaded);
    m_critical->setChecked(m_wasCritical);
    m_calendar->clear();
    m_calendar->addItem(tr("no calendar"), QString());
    for (const QString &name : setting.calendars)
        m_calendar->addItem(name, name);
    if (m_calendar->findData(m_wasOutsideOf) < 0)
        m_calendar->addItem(tr("%1 (not there any more)").arg(m_wasOutsideOf), m_wasOutsideOf);
    m_calendar->setCurrentIndex(m_calendar->findData(m_wasOutsideOf));
}

bool QuietPage::isEdited() const
{
    return m_spans->toPlainText().trimmed() != m_loaded.trimmed()
        || m_critical->isChecked() != m_wasCritical
        || m_calendar->currentData().toString() != m_wasOutsideOf;
}

QStringList QuietPage::unsaved() const
{
    QStringList names;
    if (mayChange() && m_isRead && isEdited())
        names.append(tr("quiet times"));
    if (mayChange() && m_isCapacityRead && isCapacityEdited())
        names.append(tr("open tickets of an agent"));
    return names;
}

/// What was changed of both, one after the other.
void QuietPage::save()
{
    const auto spans = spansFromText(m_spans->toPlainText(), m_zone);
    if (!spans)
        return refuse(badInput(spans.error().detail, u"spans"_s));
    if (!isEdited() && isCapacityEdited())
        return saveCapacity();
    m_savesCapacity = false;
    run(commands::SetQuietTimes {
        { *spans, m_critical->isChecked(), m_calendar->currentData().toString() },
        m_why->text().trimmed() });
}

void QuietPage::saveCapacity()
{
    m_savesCapacity = true;
    const int most = m_capacity->value();
    run(commands::SetCapacity { most > 0 ? std::optional(most) : std::nullopt });
}

void QuietPage::done()
{
    if (m_savesCapacity) {
        m_loadedCapacity = m_capacity->value();
        return;
    }
    m_loaded = m_spans->toPlainText();
    m_wasCritical = m_critical->isChecked();
    m_wasOutsideOf = m_calendar->currentData().toString();
    m_why->clear();
    read();
    if (isCapacityEdited())
        saveCapacity();
}

} // namespace tierline::ui
