#include "widgets/docks/rules/shadowview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"
#include "widgets/docks/rules/rulelist.h"

#include <QComboBox>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QProgressBar>
#include <QPushButton>
#include <QTableView>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int Narrow
    = 560; ///< below this figures go before the state, which is on hover and heard all the same
constexpr int LeastName = 96;

} // namespace

ShadowView::ShadowView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_work(workbench.session())
    , m_summary(new PlainLabel)
    , m_days(named(new QComboBox, u"shadowDays"_s, tr("How far back")))
    , m_progress(named(new QProgressBar, u"shadowProgress"_s, tr("Tickets looked at")))
    , m_close(named(new QPushButton(tr("Close")), u"shadowClose"_s, tr("Close")))
    , m_table(named(new QTableView, u"shadowRules"_s, tr("Rules with what they would have done"),
          tr("Enter shows the tickets of a rule")))
{
    m_summary->setObjectName(u"shadowSummary"_s);
    setTextRole(m_summary, TextRole::Strong);
    m_summary->setWordWrap(true);
    for (const int days : { 7, 30, 90 })
        m_days->addItem(tr("last %Ln days", nullptr, days), days);
    m_days->setCurrentIndex(1);
    setFocusProxy(m_days);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_close->setAutoDefault(false);
    m_rows.setHorizontalHeaderLabels(
        { tr("Rule"), tr("State"), tr("Would"), tr("Did"), tr("Rightly"), tr("Missed") });
    m_table->setModel(&m_rows);
    dressReadTable(*m_table);
    m_table->horizontalHeader()->setStretchLastSection(false); // figures stand together
    auto *head = new QHBoxLayout;
    head->setSpacing(space::Tight);
    head->addWidget(m_days);
    head->addStretch();
    head->addWidget(m_close);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::Apart, space::Inner, space::Apart, space::Inner);
    column->setSpacing(space::Tight);
    column->addLayout(head);
    column->addWidget(m_summary);
    column->addWidget(m_progress);
    column->addWidget(m_table, 1);
    column->addStretch();
    connect(&m_work, &desk::ShadowWork::progressed, this, [this](qint64 tickets) {
        say(tr("Counting: %Ln tickets so far …", nullptr, int(tickets)), true);
    });
    connect(&m_work, &desk::ShadowWork::finished, this, &ShadowView::onFinished);
    connect(m_days, &QComboBox::activated, this, &ShadowView::start);
    connect(m_close, &QPushButton::clicked, this, [this] {
        if (m_work.isRunning())
            m_work.stop();
        else
            emit closeWanted();
    });
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &index) {
        emit ruleWanted(m_rows.item(index.row())->data(Qt::UserRole).toString());
    });
}

QString ShadowView::summary() const
{
    return m_summary->text();
}

void ShadowView::say(const QString &text, bool isWorking)
{
    m_summary->setText(text);
    m_progress->setVisible(isWorking);
    m_close->setText(isWorking ? tr("Stop") : tr("Close"));
    m_close->setAccessibleName(m_close->text());
}

void ShadowView::start()
{
    m_table->hide();
    say(tr("Reading what rules did and would have done …"), true);
    const qint64 back = m_days->currentData().toInt() * DayMs;
    m_work.start(Instant { m_workbench.clock().now().ms - back });
}

void ShadowView::addRow(const desk::ShadowLine &line)
{
    const QLocale &locale = m_words.locale;
    const auto share = [&](std::optional<double> part, qint64 of) {
        return part ? tr("%1 % of %2").arg(qRound(*part * 100)).arg(locale.toString(of))
                    : tr("not judged");
    };
    auto *name = new QStandardItem(oneLine(line.name, 120));
    name->setData(line.rule, Qt::UserRole);
    const QString missed = line.recall()
        ? tr("%1 of %2")
              .arg(locale.toString(line.missed), locale.toString(line.missed + line.rightly))
        : tr("not judged");
    const QString rightly = share(line.precision(), line.rightly + line.wrongly);
    const QStringList cells { stateWords(line.state), locale.toString(line.would),
        locale.toString(line.did), rightly, missed };
    QList<QStandardItem *> row { name };
    for (const QString &cell : cells)
        row.append(new QStandardItem(cell));
    name->setData(tr("%1, %2, would have acted %3 times, did %4 times, rightly %5, missed %6")
                      .arg(name->text(), cells[0], cells[1], cells[2], cells[3], cells[4]),
        Qt::AccessibleTextRole);
    name->setData(asRichSource(tr("%1 (%2)").arg(name->text(), cells[0])), Qt::ToolTipRole);
    m_rows.appendRow(row);
}

/// Names are long: they end in an ellipsis before the figures are pushed out of sight.
void ShadowView::fitTable()
{
    m_table->setColumnHidden(1, width() < Narrow);
    fitColumns(*m_table, m_rows.columnCount());
    int figures = 0;
    for (int column = 1; column < m_rows.columnCount(); ++column)
        figures += m_table->isColumnHidden(column) ? 0 : m_table->columnWidth(column);
    const int room = m_table->viewport()->width() - figures;
    m_table->setColumnWidth(0, std::min(m_table->columnWidth(0), std::max(LeastName, room)));
}

void ShadowView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    fitTable();
}

void ShadowView::onFinished(const Result<desk::ShadowReport> &report)
{
    if (!report) {
        say(report.error().fault == Fault::Cancelled
                ? tr("Stopped. Choose how far back to count again.")
                : errorLine(report.error()),
            false);
        return;
    }
    m_rows.removeRows(0, m_rows.rowCount());
    qint64 would = 0;
    for (const desk::ShadowLine &line : report->lines) {
        addRow(line);
        would += line.would;
    }
    const QLocale &locale = m_words.locale;
    say(report->lines.empty()
            ? tr(
                "No rule runs, and none said anything in this time. Run one in shadow to see what it would do.")
            : tr(
                "%1 rules would have acted %2 times beyond what they did. Of %3 tickets somebody said whether they "
                "should have been escalated.")
                  .arg(locale.toString(report->lines.size()), locale.toString(would),
                      locale.toString(report->judged)),
        false);
    m_table->setVisible(!report->lines.empty());
    fitTable();
    if (m_rows.rowCount() > 0) {
        m_table->setCurrentIndex(m_rows.index(0, 0));
        if (isAncestorOf(window()->focusWidget()))
            m_table->setFocus(Qt::OtherFocusReason);
    }
    announce(m_summary, m_summary->text());
}

} // namespace tierline::ui
