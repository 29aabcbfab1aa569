// The page of hours; see agreementpages.h.
#include "core/calendar/agreementjson.h"
#include "widgets/common/accessible.h"
#include "widgets/common/choicebox.h"
#include "widgets/common/clocktext.h"
#include "widgets/common/dialogseams.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/dialogs/agreementpages.h"
#include "widgets/dialogs/holidaydialog.h"
#include "widgets/dialogs/hourstext.h"

#include <QCheckBox>
#include <QGridLayout>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QTimeZone>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// Zones by the names that people know; those without a place are for machines, but UTC.
QStringList zoneNames()
{
    QStringList names { u"UTC"_s };
    for (const QByteArray &id : QTimeZone::availableTimeZoneIds()) {
        const QString name = QString::fromLatin1(id);
        if (name.contains(u'/') && !name.startsWith(u"Etc/"))
            names.append(name);
    }
    return names;
}

} // namespace

CalendarsPage::CalendarsPage(Workbench &workbench)
    : AgreementPage(workbench, tr("Hours"), tr("Add hours"))
    , m_name(new QLineEdit)
    , m_zone(new ChoiceBox)
    , m_isAlways(new QCheckBox(tr("Around the clock, every day")))
    , m_hours(new QWidget)
    , m_special(makeTextEdit(4, tr("2026-12-24 09:00-12:00\n2026-12-25\nevery 01-01")))
    , m_file(named(new QPushButton(tr("Holidays from a file…")), u"holidays"_s,
          tr("Holidays from a calendar file")))
    , m_facts(new PlainLabel)
{
    for (const QString &name : zoneNames())
        m_zone->add(name, name);
    m_name->setPlaceholderText(tr("“Office”"));
    m_isAlways->setObjectName(u"always"_s);
    m_file->setAutoDefault(false);
    m_facts->setObjectName(u"calendarFacts"_s);
    m_facts->setWordWrap(true);
    setTextRole(m_facts, TextRole::Muted);
    addRow(editor(),
        { set().make(u"name"_s, tr("Name"), m_name),
            set().make(u"zone"_s, tr("Time zone"), m_zone) });
    editor()->addWidget(m_isAlways);
    makeWeek();
    editor()->addWidget(m_hours);
    editor()->addWidget(m_facts);
    closeEditor();
    connect(m_isAlways, &QCheckBox::toggled, this, &CalendarsPage::showAlways);
    connect(m_file, &QPushButton::clicked, this, &CalendarsPage::askHolidays);
    QList<QWidget *> all { m_name, m_zone, m_isAlways };
    for (QLineEdit *day : std::as_const(m_week))
        all.append(day);
    all.append(m_special);
    setFields(all);
    m_file->setEnabled(mayChange());
}

void CalendarsPage::makeWeek()
{
    auto *column = new QVBoxLayout(m_hours);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Inner);
    auto *grid = new QGridLayout;
    grid->setHorizontalSpacing(space::Tight);
    grid->setVerticalSpacing(space::Hair);
    grid->setColumnStretch(1, 1);
    grid->setColumnStretch(3, 1);
    const QLocale locale;
    for (int day = 0; day < 7; ++day) {
        auto *field = new QLineEdit;
        field->setPlaceholderText(tr("closed"));
        auto *label = new PlainLabel(locale.standaloneDayName(day + 1, QLocale::ShortFormat));
        setTextRole(label, TextRole::Muted);
        const QString name = u"day.%1"_s.arg(day + 1);
        // Monday to Thursday at the left, Friday to Sunday at the right; Tab goes through the week.
        const int row = day % 4, side = day / 4 * 2;
        grid->addWidget(label, row, side, Qt::AlignTop);
        label->setMinimumHeight(ControlHeight);
        grid->addWidget(set().make(name, {}, field), row, side + 1);
        field->setAccessibleName(
            tr("Hours on %1").arg(locale.standaloneDayName(day + 1, QLocale::LongFormat)));
        m_week.append(field);
    }
    auto *how = new PlainLabel(
        tr("Several spans with commas: 09:00-12:00, 13:00-17:00. One such as 22:00-06:00 ends on "
           "the next day."));
    how->setWordWrap(true);
    setTextRole(how, TextRole::Muted);
    auto *special = new QHBoxLayout;
    special->addWidget(m_file);
    special->addStretch();
    column->addLayout(grid);
    column->addWidget(how);
    column->addWidget(set().make(u"special"_s, tr("Special days, one a line"), m_special,
        tr("A day without hours is closed. “every 12-25” comes each year.")));
    column->addLayout(special);
}

QList<std::pair<QString, QString>> CalendarsPage::entries() const
{
    QList<std::pair<QString, QString>> list;
    for (const QString &name : calendarNames())
        list.append({ name, name });
    return list;
}

void CalendarsPage::load(const QString &key)
{
    // A machine's zone may be one without a place, which the list does not offer.
    const QString own = QString::fromLatin1(QTimeZone::systemTimeZoneId());
    const auto &calendars = agreed().agreements.calendars;
    const auto found = calendars.find(key);
    const Calendar::Definition shown = found != calendars.end()
        ? found->second.definition()
        : Calendar::Definition { .zone = m_zone->findData(own) < 0 ? u"UTC"_s : own };
    m_name->setText(key);
    if (!m_zone->choose(shown.zone))
        m_zone->setEditText(shown.zone);
    m_isAlways->setChecked(shown.isAlways);
    for (int day = 0; day < 7; ++day)
        m_week[day]->setText(hoursText(shown.week[size_t(day)]));
    m_special->setPlainText(specialDaysText(shown));
    showAlways();
    QStringList users;
    for (const sla::Policy &policy : agreed().agreements.policies) {
        if (policy.calendar == key && !key.isEmpty())
            users.append(u"“%1”"_s.arg(oneLine(policy.name, 60)));
    }
    QStringList facts;
    if (const auto since = agreed().calendars.find(key); since != agreed().calendars.end()) {
        const TimeWords words { .zone = QTimeZone::systemTimeZone(), .locale = QLocale() };
        const Instant now = workbench().clock().now();
        facts.append(since->second.from ? tr("Version %1, holds since %2.")
                                              .arg(since->second.version)
                                              .arg(words.stamp(*since->second.from, now))
                                        : tr("Version %1.").arg(since->second.version));
        if (since->second.next)
            facts.append(
                tr("Another version holds from %1.").arg(words.exact(*since->second.next)));
        facts.append(users.isEmpty() ? tr("No policy uses it.")
                                     : tr("Used by %1.").arg(users.mid(0, 4).join(u", "_s)));
    }
    m_facts->setText(facts.join(u' '));
    m_facts->setVisible(!facts.isEmpty());
    if (key.isEmpty() && isAncestorOf(window()->focusWidget())) // not while somebody is elsewhere
        m_name->setFocus();
}

void CalendarsPage::agreementsChanged() { }

void CalendarsPage::showAlways()
{
    m_hours->setVisible(!m_isAlways->isChecked());
}

Result<Calendar::Definition> CalendarsPage::readFields()
{
    Calendar::Definition calendar { .zone = m_zone->value(), .isAlways = m_isAlways->isChecked() };
    if (calendar.zone.isEmpty())
        return badInput(
            tr("“%1” is no time zone that is known here: choose one of the list, such as Europe/Berlin.")
                .arg(m_zone->currentText().left(60)),
            u"zone"_s);
    if (calendar.isAlways)
        return calendar;
    for (int day = 0; day < 7; ++day) {
        const auto hours = hoursFromText(m_week[day]->text());
        if (!hours)
            return badInput(hours.error().detail, u"day.%1"_s.arg(day + 1));
        calendar.week[size_t(day)] = *hours;
    }
    auto whole = withSpecialDays(calendar, m_special->toPlainText());
    if (!whole)
        return badInput(whole.error().detail, u"special"_s);
    return *whole;
}

void CalendarsPage::save()
{
    const QString name = m_name->text().simplified();
    if (name.isEmpty() || name.size() > 120)
        return refuse(badInput(tr("Give these hours a name of at most 120 letters."), u"name"_s));
    if (isNew() && agreed().agreements.calendars.contains(name))
        return refuse(badInput(
            tr("There are hours “%1” already: choose another name, or edit those.").arg(name),
            u"name"_s));
    const auto definition = readFields();
    if (!definition)
        return refuse(definition.error());
    const auto calendar = Calendar::make(*definition);
    if (!calendar)
        return refuse(
            badInput(tr("These hours never open: give one day at least a time span."), u"day.1"_s));
    commands::SaveAgreements change { .hasPolicies = false };
    change.agreements.calendars.insert_or_assign(name, *calendar);
    review(name, std::move(change),
        isNew() ? tr("New hours “%1”. No policy uses them yet.").arg(name)
                : tr("A new version of the hours “%1”. Clocks use each version for its own time.")
                      .arg(name));
}

void CalendarsPage::askHolidays()
{
    set().clear();
    const auto definition = readFields();
    if (!definition)
        return refuse(definition.error());
    filedialog::open(window(),
        { .title = tr("Holidays from a calendar file"),
            .filters = { tr("Calendars (*.ics *.ical)"), tr("All files (*)") } },
        this, [this, zone = definition->zone](const QString &path) {
            auto *dialog = new HolidayDialog(workbench(), path, zone, window());
            dialog->setObjectName(u"holidayDialog"_s);
            connect(dialog, &HolidayDialog::chosen, this, &CalendarsPage::take);
            dialog->fit();
            dialog->open();
        });
}

void CalendarsPage::take(const std::vector<Holiday> &days)
{
    const auto before = readFields();
    const auto after
        = before ? withHolidays(*before, days) : Result<Calendar::Definition>(before.error());
    if (!after)
        return refuse(after.error());
    m_special->setPlainText(specialDaysText(*after));
    m_special->setFocus();
}

} // namespace tierline::ui
