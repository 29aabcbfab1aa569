#include "widgets/dialogs/agreementreview.h"

#include "core/calendar/zone.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/agreementwords.h"

#include <QHeaderView>
#include <QLineEdit>
#include <QPlainTextEdit>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QTimeZone>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

/// An instant as the wall of `zone` reads it: "2026-07-01", "2026-07-01 09:00".
std::optional<Instant> instantFrom(const QString &typed, const QTimeZone &zone)
{
    const QString text = typed.simplified();
    const QDate date = QDate::fromString(text.section(u' ', 0, 0), Qt::ISODate);
    const QString clock = text.section(u' ', 1);
    const QTime time = clock.isEmpty() ? QTime(0, 0) : QTime::fromString(clock, u"H:mm"_s);
    if (!date.isValid() || !time.isValid() || date.year() < 2000 || date.year() > 2100)
        return std::nullopt;
    const qint64 wall = QDate(1970, 1, 1).daysTo(date) * DayMs + time.msecsSinceStartOfDay();
    const auto known = Zone::named(QString::fromLatin1(zone.id()));
    if (!known)
        return Instant { wall };
    // The offset of the guess is right but in the hours around a switch, where the second guess is.
    const qint64 guess = wall - known->offsetAt(Instant { wall });
    return Instant { wall - known->offsetAt(Instant { guess }) };
}

} // namespace

AgreementReview::AgreementReview(
    Workbench &workbench, commands::SaveAgreements change, const QString &what, QWidget *parent)
    : FormDialog(tr("What this changes"), tr("Save"), parent)
    , m_workbench(workbench)
    , m_change(std::move(change))
    , m_work(workbench.session())
    , m_words { .zone = QTimeZone::systemTimeZone(), .locale = QLocale() }
    , m_summary(new PlainLabel)
    , m_progress(named(new QProgressBar, u"progress"_s, tr("Tickets looked at")))
    , m_table(named(new QTableView, u"moved"_s, tr("Tickets whose due time moves")))
    , m_from(new QLineEdit)
    , m_why(makeTextEdit(2, tr("“The support hours of the summer.”")))
{
    setMinimumWidth(640);
    addIntroduction(what);
    m_summary->setObjectName(u"summary"_s);
    m_summary->setWordWrap(true);
    setTextRole(m_summary, TextRole::Strong);
    m_progress->setTextVisible(false);
    m_progress->setRange(0, 0);
    makeTable();
    fields()->addWidget(m_summary);
    fields()->addWidget(m_progress);
    fields()->addWidget(m_table, 1);
    m_from->setPlaceholderText(tr("now"));
    addField(u"from"_s, tr("Holds from"), m_from,
        tr("A day and a time, such as 2026-07-01 09:00, or nothing for now. What has ended by then "
           "stays as it was."));
    // Policies hold from their saving on; only hours can be laid ready or put right for the past.
    m_from->parentWidget()->setVisible(!m_change.agreements.calendars.empty());
    addField(u"why"_s, tr("Why"), m_why, tr("Kept with this version for ever."));
    verbButton()->setEnabled(false);
    connect(m_from, &QLineEdit::editingFinished, this, [this] {
        if (m_from->text().trimmed() != m_counted && !m_isSaving)
            count();
    });
    connect(&m_work, &desk::AgreementWork::progressed, this, [this](qint64 tickets) {
        say(tr("Counting: %Ln tickets so far …", nullptr, int(tickets)), true);
    });
    connect(&m_work, &desk::AgreementWork::looked, this, &AgreementReview::onLooked);
    connect(&m_work, &desk::AgreementWork::saved, this, &AgreementReview::onSaved);
    count();
    m_why->setFocus();
}

void AgreementReview::makeTable()
{
    m_rows.setHorizontalHeaderLabels({ tr("Ticket"), tr("Due now"), tr("Due then") });
    m_table->setModel(&m_rows);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setTabKeyNavigation(false);
    m_table->setShowGrid(false);
    m_table->setMinimumHeight(160);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->hide();
}

QString AgreementReview::summary() const
{
    return m_summary->text();
}

void AgreementReview::say(const QString &summary, bool isWorking)
{
    m_summary->setText(summary);
    m_progress->setVisible(isWorking);
}

bool AgreementReview::readFrom()
{
    const QString typed = m_from->text().trimmed();
    m_counted = typed;
    m_change.calendarsFrom.reset();
    if (typed.isEmpty() || typed.compare(tr("now"), Qt::CaseInsensitive) == 0)
        return true;
    m_change.calendarsFrom = instantFrom(typed, m_words.zone);
    if (m_change.calendarsFrom)
        return true;
    refuse(badInput(tr("“%1” is no day: write it as 2026-07-01, with a time as 2026-07-01 09:00, "
                       "or leave it empty for now.")
                        .arg(typed.left(40)),
        u"from"_s));
    return false;
}

void AgreementReview::count()
{
    clearRefusal();
    m_isCounted = false;
    verbButton()->setEnabled(false);
    if (!readFrom()) {
        m_work.stop();
        say(tr("Not counted: say from when it holds."), false);
        return;
    }
    say(tr("Counting the tickets whose due time moves …"), true);
    commands::SaveAgreements asked = m_change;
    asked.why = u"preview"_s;
    m_work.look(asked);
}

void AgreementReview::onLooked(const Result<commands::MovedDues> &moved)
{
    if (!moved) {
        if (moved.error().fault == Fault::Cancelled)
            return;
        say(tr("It could not be counted, so it cannot be saved."), false);
        refuse(moved.error());
        return;
    }
    m_isCounted = true;
    m_moves = moved->moved;
    verbButton()->setEnabled(true);
    const Instant now = m_workbench.clock().now();
    const auto due = [&](const std::optional<Instant> &at, const QString &code) {
        if (!at)
            return tr("none");
        const auto kind = sla::clockFromCode(code);
        const QString when = m_words.stamp(*at, now);
        return kind ? when + u" · "_s + AgreementWords::clock(*kind) : when;
    };
    m_rows.removeRows(0, m_rows.rowCount());
    for (const commands::MovedDue &row : moved->rows) {
        const QList<QStandardItem *> items { new QStandardItem(oneLine(row.ticket, 60)),
            new QStandardItem(due(row.before, row.clockBefore)),
            new QStandardItem(due(row.after, row.clockAfter)) };
        for (qsizetype i = 1; i < items.size(); ++i) {
            const auto &at = i == 1 ? row.before : row.after;
            if (at)
                items[i]->setToolTip(m_words.exact(*at));
        }
        m_rows.appendRow(items);
    }
    const QString all = m_words.locale.toString(moved->tickets);
    QString summary = moved->tickets == 0 ? tr("There is no open ticket, so no due time moves.")
        : moved->moved == 0 ? tr("No due time moves. Open tickets looked at: %1.").arg(all)
        : moved->moved == 1 ? tr("1 open ticket of %1 gets another due time.").arg(all)
                            : tr("%1 of %2 open tickets get another due time.")
                                  .arg(m_words.locale.toString(moved->moved), all);
    if (moved->moved > qint64(moved->rows.size()) && !moved->rows.empty())
        summary += u' ' + tr("The first %Ln are listed.", nullptr, int(moved->rows.size()));
    say(summary, false);
    m_table->setVisible(!moved->rows.empty());
    announce(m_summary, summary);
    fit();
}

void AgreementReview::submit()
{
    if (m_from->text().trimmed() != m_counted) {
        count(); // shows what that moves before it is saved
        return;
    }
    if (!m_isCounted)
        return;
    clearRefusal();
    m_change.why = m_why->toPlainText().trimmed();
    if (m_change.why.isEmpty()) {
        refuse(badInput(
            tr("Say why: it is read when somebody asks what was promised, and since when."),
            u"why"_s));
        return;
    }
    m_isSaving = true;
    setBusy(true);
    say(tr("Saving …"), true);
    m_work.save(m_change);
}

void AgreementReview::onSaved(const Result<Done> &done)
{
    m_isSaving = false;
    setBusy(false);
    if (!done) {
        say(tr("Nothing was saved."), false);
        refuse(done.error());
        return;
    }
    // They move in the background; the status line says how far that is.
    emit m_workbench.said(
        m_moves > 0 ? tr("Saved. %Ln due times move.", nullptr, int(m_moves)) : tr("Saved."), {});
    emit saved();
    accept();
}

void AgreementReview::reject()
{
    m_work.stop();
    // What is being saved is saved whole; it ends by itself.
    if (!m_isSaving)
        FormDialog::reject();
}

} // namespace tierline::ui
