#include "widgets/docks/rules/trialview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/chartview.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr size_t mostRows = 500;
constexpr int LabelColumn = 2;
constexpr int WhyColumn = 3;

} // namespace

TrialView::TrialView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_trial(workbench.session())
    , m_summary(new PlainLabel)
    , m_load(new PlainLabel)
    , m_days(named(new QComboBox, u"trialDays"_s, tr("How far back")))
    , m_turn(named(new QPushButton(tr("Threshold")), u"trialThreshold"_s,
          tr("Move the threshold over what it would have done")))
    , m_close(named(new QPushButton, u"trialClose"_s, tr("Close")))
    , m_progress(named(new QProgressBar, u"trialProgress"_s, tr("Tickets tried")))
    , m_chart(new GrowsFrom<ChartView>(LeastChart, m_words.locale))
    , m_labelled(new PlainLabel)
    , m_threshold(new ThresholdView(workbench, m_words))
    , m_table(named(new GrowsFrom<QTableView>(128), u"trialTickets"_s,
          tr("Tickets in which it would have fired")))
    , m_why(new PlainLabel)
{
    m_summary->setObjectName(u"trialSummary"_s);
    m_load->setObjectName(u"trialLoad"_s);
    setTextRole(m_summary, TextRole::Strong);
    setTextRole(m_load, TextRole::Muted);
    m_why->setObjectName(u"trialWhy"_s);
    for (PlainLabel *label : { m_summary, m_load, m_why })
        label->setWordWrap(true);
    for (const int days : { 7, 30, 90 })
        m_days->addItem(tr("last %Ln days", nullptr, days), days);
    m_days->setCurrentIndex(1);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_rows.setHorizontalHeaderLabels({ tr("Ticket"), tr("When"), tr("Should it?"), tr("Why") });
    m_table->setModel(&m_rows);
    dressReadTable(*m_table);
    auto *head = new QHBoxLayout;
    head->setSpacing(space::Tight);
    head->addWidget(m_days);
    head->addWidget(m_turn);
    head->addStretch();
    head->addWidget(m_close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addLayout(head);
    column->addWidget(m_summary);
    column->addWidget(m_load);
    column->addWidget(m_progress);
    column->addWidget(m_chart, 2);
    column->addWidget(m_table, 1);
    column->addWidget(m_why);
    column->addWidget(m_labels = makeLabels());
    column->addWidget(m_threshold, 2);
    m_threshold->hide();
    m_why->hide();
    m_turn->setCheckable(true);
    m_turn->setAutoDefault(false);
    connect(m_turn, &QPushButton::clicked, this, &TrialView::showThreshold);
    connect(&m_trial, &desk::RuleTrial::progressed, this, [this](qint64 tickets) {
        say(tr("Trying it on the past: %Ln tickets so far …", nullptr, int(tickets)), true);
    });
    connect(&m_trial, &desk::RuleTrial::finished, this, &TrialView::onFinished);
    connect(m_days, &QComboBox::currentIndexChanged, this, &TrialView::run);
    connect(m_close, &QPushButton::clicked, this, [this] {
        if (m_trial.isRunning())
            m_trial.stop();
        else if (m_threshold->isRunning())
            m_threshold->stop();
        else
            emit closeWanted();
    });
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this,
        &TrialView::showWhy);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        m_workbench.openKey(m_rows.item(index.row())->data(Qt::UserRole).toString());
        emit m_workbench.dockWanted(u"ticket"_s);
    });
}

/// Whether the rule was right is said here, where its tickets stand.
QWidget *TrialView::makeLabels()
{
    auto *box = new QWidget;
    auto *row = new QHBoxLayout(box);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(space::Hair);
    const auto button = [&](const QString &name, const QString &text, const QString &key,
                            std::optional<bool> should) {
        auto *made = named(new QPushButton(text), name, text);
        made->setAutoDefault(false);
        setProminence(made, Prominence::Quiet);
        setKeycap(made, key);
        connect(made, &QPushButton::clicked, this, [this, should] { label(should); });
        row->addWidget(made);
    };
    button(u"labelShould"_s, tr("Should"), u"+"_s, true);
    button(u"labelShouldNot"_s, tr("Should not"), u"-"_s, false);
    setTextRole(m_labelled, TextRole::Muted);
    m_labelled->setObjectName(u"trialLabelled"_s);
    m_labelled->setWordWrap(true);
    row->addWidget(m_labelled, 1);
    m_table->setAccessibleDescription(tr(
        "Plus says that a ticket should have been escalated, minus that it should not, Delete takes it back"));
    m_table->installEventFilter(this);
    box->hide();
    return box;
}

bool TrialView::eventFilter(QObject *watched, QEvent *event)
{
    if (watched == m_table && event->type() == QEvent::KeyPress && !m_labels->isHidden()) {
        switch (static_cast<QKeyEvent *>(event)->key()) {
        case Qt::Key_Plus: label(true); return true;
        case Qt::Key_Minus: label(false); return true;
        case Qt::Key_Delete: label(std::nullopt); return true;
        default: break;
        }
    }
    return QWidget::eventFilter(watched, event);
}

void TrialView::readLabels()
{
    desk::readLabels(m_workbench.session())
        .then(&m_workbench.session(),
            [self = QPointer(this)](const Result<commands::Labels> &labels) {
                if (!self || !labels)
                    return;
                self->m_known = *labels;
                self->showLabels();
            });
}

void TrialView::showLabels()
{
    for (int row = 0; row < m_rows.rowCount(); ++row) {
        const QString key = m_rows.item(row)->data(Qt::UserRole).toString();
        const auto label = m_known.constFind(key);
        m_rows.item(row, LabelColumn)
            ->setText(label == m_known.cend() ? QString()
                    : *label                  ? tr("should")
                                              : tr("should not"));
    }
    const Role role = m_workbench.people().me.role;
    const bool mayLabel = role == Role::Lead || role == Role::Admin;
    m_labels->setVisible(mayLabel && m_rows.rowCount() > 0 && !m_table->isHidden());
    m_labelled->setText(m_since > 0
            ? tr("%Ln said since it was counted: try it again to count them.", nullptr, m_since)
            : QString());
}

void TrialView::showWhy()
{
    const QStandardItem *why = m_rows.item(m_table->currentIndex().row(), WhyColumn);
    m_why->setText(why ? plainLines(why->text(), 300, 3) : QString());
    m_why->setVisible(why && !why->text().isEmpty() && !m_table->isHidden());
}

void TrialView::label(std::optional<bool> shouldEscalate)
{
    const int row = m_table->currentIndex().row();
    if (row < 0)
        return;
    const QString key = m_rows.item(row)->data(Qt::UserRole).toString();
    desk::saveLabel(m_workbench.session(), key, shouldEscalate)
        .then(&m_workbench.session(),
            [self = QPointer(this), key, shouldEscalate](
                const Result<commands::WorkspaceOutcome> &saved) {
                if (!self)
                    return;
                if (!saved)
                    return self->m_workbench.report(saved.error());
                if (shouldEscalate)
                    self->m_known.insert(key, *shouldEscalate);
                else
                    self->m_known.remove(key);
                ++self->m_since;
                self->showLabels();
            });
    // On to the next one: many are labelled one after another.
    if (row + 1 < m_rows.rowCount())
        m_table->setCurrentIndex(m_rows.index(row + 1, 0));
}

void TrialView::start(const QString &rule, const QString &text)
{
    m_rule = rule;
    m_text = text;
    m_isOfPast = true;
    const bool canMove = ThresholdView::canMove(text);
    m_turn->setVisible(canMove);
    if (!canMove)
        m_turn->setChecked(false);
    run();
}

void TrialView::showThreshold(bool on)
{
    m_turn->setChecked(on);
    run();
}

void TrialView::startDone(const QString &rule)
{
    m_trial.stop();
    m_rule = rule;
    m_text.clear();
    m_isOfPast = false;
    m_turn->hide();
    m_turn->setChecked(false);
    run();
}

void TrialView::run()
{
    if (m_isOfPast ? m_text.isEmpty() : m_rule.isEmpty())
        return;
    ++m_reading;
    m_isReading = false;
    m_to = m_workbench.clock().now();
    m_from = Instant { m_to.ms - m_days->currentData().toInt() * DayMs };
    m_chart->hide();
    m_table->hide();
    m_why->hide();
    m_load->hide();
    m_labels->hide();
    m_since = 0;
    m_threshold->stop();
    const bool isMoving = m_isOfPast && m_turn->isChecked();
    m_threshold->setVisible(isMoving);
    m_summary->setVisible(!isMoving);
    if (isMoving) {
        m_trial.stop();
        m_progress->hide();
        m_close->setText(tr("Close"));
        m_threshold->start(m_text, m_from, m_to);
        return;
    }
    if (!m_isOfPast) {
        readDeeds();
        return;
    }
    say(tr("Trying it on the past …"), true);
    m_trial.start(m_text, m_from, m_to);
}

void TrialView::readDeeds()
{
    m_isReading = true;
    say(tr("Reading what it did …"), true);
    m_workbench.session()
        .read([rule = m_rule, from = m_from](
                  storage::Connection &connection, const Visibility &visibility) {
            return desk::loadRuleDeeds(connection, visibility, rule, from, int(mostRows));
        })
        .then(&m_workbench.session(),
            [self = QPointer(this), reading = m_reading](
                const Result<std::vector<desk::RuleDeed>> &deeds) {
                if (!self || reading != self->m_reading)
                    return;
                self->m_isReading = false;
                if (deeds)
                    self->showDeeds(*deeds);
                else
                    self->say(errorLine(deeds.error()), false);
            });
}

void TrialView::stop()
{
    m_threshold->stop();
    m_trial.stop();
}

QString TrialView::summary() const
{
    return m_summary->text();
}

void TrialView::say(const QString &text, bool isWorking)
{
    m_summary->setText(text);
    m_progress->setVisible(isWorking);
    m_close->setText(isWorking ? tr("Stop") : tr("Close"));
    m_close->setAccessibleName(m_close->text());
}

void TrialView::onFinished(const Result<desk::Played> &played)
{
    if (played) {
        showResult(**played);
        return;
    }
    say(played.error().fault == Fault::Cancelled
            ? tr("Stopped. Choose how far back to try it again.")
            : errorLine(played.error()),
        false);
}

void TrialView::showResult(const rules::BacktestResult &result)
{
    const rules::BacktestRule none;
    const rules::BacktestRule &rule = result.rules.empty() ? none : result.rules.front();
    const QLocale &locale = m_words.locale;
    QString summary = rule.count == 0
        ? tr("It would not have fired once in %Ln tickets.", nullptr, int(result.tickets))
        : tr("It would have fired %1, in %2 of %3 tickets.")
              .arg(rule.count == 1 ? tr("once") : tr("%1 times").arg(locale.toString(rule.count)),
                  locale.toString(rule.tickets), locale.toString(result.tickets));
    if (rule.precision)
        summary += u' '
            + tr("%1 % of those that were judged rightly.").arg(qRound(*rule.precision * 100));
    else if (rule.count > 0)
        summary += u' ' + tr("Nobody has judged any of them.");
    say(summary, false);
    QStringList load;
    for (const auto &[tier, count] : result.loadPerTier)
        load.append(tr("%1 more for %2").arg(locale.toString(count), oneLine(tier, 40)));
    if (rule.unjudged > 0)
        load.append(tr("could not be judged in %1 tickets: %2")
                        .arg(locale.toString(rule.unjudged), oneLine(rule.unjudgedWhy, 120)));
    if (!rule.missed.isEmpty())
        load.append(tr("%1 missed that should have been escalated: %2")
                        .arg(locale.toString(rule.missed.size()),
                            oneLine(rule.missed.mid(0, 5).join(u", "_s), 120)));
    m_load->setText(load.join(u" · "_s));
    m_load->setVisible(!load.isEmpty());
    showChart(rule);
    m_rows.removeRows(0, m_rows.rowCount());
    for (size_t i = 0; i < std::min(mostRows, rule.fires.size()); ++i) {
        // The newest first.
        const rules::BacktestFire &fire = rule.fires[rule.fires.size() - 1 - i];
        addRow(fire.key, fire.at, fire.sentence);
    }
    showTable();
    announce(m_summary, summary);
    emit judged(m_rule, rule.precision);
}

void TrialView::showTable()
{
    fitColumns(*m_table, 3);
    m_table->setVisible(m_rows.rowCount() > 0);
    if (m_rows.rowCount() > 0)
        m_table->setCurrentIndex(m_rows.index(0, 0));
    showWhy();
    readLabels();
}

void TrialView::addRow(const QString &key, Instant at, const QString &why)
{
    auto *ticket = new QStandardItem(oneLine(key, 60));
    ticket->setData(key, Qt::UserRole);
    auto *when = new QStandardItem(m_words.stamp(at, m_to));
    when->setToolTip(m_words.exact(at));
    auto *reason = new QStandardItem(oneLine(why, 300));
    reason->setData(asRichSource(plainLines(why)), Qt::ToolTipRole);
    m_rows.appendRow({ ticket, when, new QStandardItem, reason });
}

/// An empty chart of every day that is looked at.
ChartData TrialView::daysChart(const QString &caption) const
{
    ChartData chart { .kind = ChartData::Kind::StackedBars,
        .title = tr("Fires by day"),
        .xTitle = tr("Day (UTC)"),
        .yTitle = tr("Fires"),
        .caption = caption,
        .hasRunningCategories = true };
    const QDate last = QDateTime::fromMSecsSinceEpoch(m_to.ms, Qt::UTC).date();
    const qint64 days = (m_to.ms - m_from.ms) / DayMs;
    for (QDate date = last.addDays(1 - days); date <= last; date = date.addDays(1))
        chart.categories.append(m_words.locale.toString(date, u"d MMM"_s));
    return chart;
}

void TrialView::showChart(const rules::BacktestRule &rule)
{
    ChartData chart
        = daysChart(tr("n = %1 fires, by days in UTC").arg(m_words.locale.toString(rule.count)));
    const QDate last = QDateTime::fromMSecsSinceEpoch(m_to.ms, Qt::UTC).date();
    ChartSeries fires { .name = tr("would have fired") };
    for (qsizetype i = 0; i < chart.categories.size(); ++i) {
        const auto found = rule.perDay.find(last.addDays(i + 1 - chart.categories.size()));
        fires.values.append(found == rule.perDay.end() ? 0.0 : double(found->second));
    }
    chart.series.append(fires);
    m_chart->setData(chart);
    m_chart->setVisible(rule.count > 0);
}

void TrialView::showDeeds(const std::vector<desk::RuleDeed> &deeds)
{
    ChartData chart
        = daysChart(tr("n = %1 fires, by days in UTC").arg(m_words.locale.toString(deeds.size())));
    const QDate last = QDateTime::fromMSecsSinceEpoch(m_to.ms, Qt::UTC).date();
    ChartSeries did { .name = tr("did") }, would { .name = tr("would have done") };
    did.values = QList<double>(chart.categories.size(), 0.0);
    would.values = did.values;
    m_rows.removeRows(0, m_rows.rowCount());
    int done = 0;
    for (const desk::RuleDeed &deed : deeds) {
        const bool isDone = deed.firing.outcome == FiringOutcome::Fired;
        done += isDone;
        const QDate date = QDateTime::fromMSecsSinceEpoch(deed.firing.at.ms, Qt::UTC).date();
        const qint64 place = chart.categories.size() - 1 - date.daysTo(last);
        if (place >= 0 && place < chart.categories.size())
            ++(isDone ? did : would).values[place];
        addRow(deed.key, deed.firing.at,
            isDone ? deed.firing.sentence : tr("Only noted: %1").arg(deed.firing.sentence));
    }
    chart.series = { did, would };
    m_chart->setData(chart);
    m_chart->setVisible(!deeds.empty());
    showTable();
    const int noted = int(deeds.size()) - done;
    say(deeds.empty() ? tr("It did nothing in this time. Run it in shadow to see what it would do.")
                      : tr("It acted %1 times, and noted %2 times what it would have done.")
                            .arg(done)
                            .arg(noted),
        false);
    announce(m_summary, m_summary->text());
}

} // namespace tierline::ui
