#include "widgets/docks/metrics/metricsdock.h"

#include "widgets/common/chartview.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/metrics/tile.h"

#include <QHBoxLayout>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

MetricsDock::MetricsDock(Workbench &workbench, QTimeZone zone, QLocale locale, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_zone(std::move(zone))
    , m_locale(std::move(locale))
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(Icon::Metrics, tr("The figures are being counted."), {}))
    , m_period(new PlainLabel)
    , m_chart(new ChartView(m_locale))
{
    setAutoFillBackground(true);
    auto *title = new PlainLabel(tr("Escalations"));
    setTextRole(title, TextRole::Title);
    setTextRole(m_period, TextRole::Muted);
    auto *header = new QWidget;
    header->setObjectName(u"dockHeader"_s);
    header->setAutoFillBackground(true);
    auto *head = new QHBoxLayout(header);
    head->setContentsMargins(space::Apart, space::Inner, space::Apart, 0);
    head->addWidget(title);
    head->addStretch();
    head->addWidget(m_period);
    auto *tiles = new QHBoxLayout;
    tiles->setSpacing(space::Inner);
    for (int i = 0; i < FigureCount; ++i) {
        m_tiles[i] = new Tile;
        m_tiles[i]->setObjectName(u"tile%1"_s.arg(i));
        connect(m_tiles[i], &Tile::clicked, this, [this, i] { choose(static_cast<Figure>(i)); });
        tiles->addWidget(m_tiles[i]);
    }
    m_tiles[0]->setChecked(true);
    auto *figures = new QWidget;
    auto *column = new QVBoxLayout(figures);
    column->setContentsMargins(space::Apart, space::Inner, space::Apart, space::Apart);
    column->setSpacing(space::Inner);
    column->addLayout(tiles);
    column->addWidget(m_chart, 1);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(figures);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header);
    layout->addWidget(m_stack, 1);

    m_gather.setSingleShot(true);
    m_gather.setInterval(3000);
    connect(&m_gather, &QTimer::timeout, this, &MetricsDock::measure);
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this, [this] {
        m_isStale = true;
        if (isVisible() && !m_gather.isActive())
            m_gather.start();
    });
    connect(m_empty, &EmptyState::actionRequested, this, [this] {
        if (m_report)
            emit m_workbench.dialogWanted(u"import"_s);
        else
            measure();
    });
}

void MetricsDock::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    if (m_isStale)
        measure();
}

void MetricsDock::measure()
{
    if (m_isMeasuring || !isVisible())
        return;
    m_isMeasuring = true;
    m_isStale = false;
    metrics::Options options;
    options.zone = m_zone;
    m_workbench.session().measure(options).then(
        this, [this](const Result<metrics::Report> &report) {
            m_isMeasuring = false;
            if (report) {
                show(*report);
            } else {
                m_report.reset();
                m_empty->set(Icon::Warning, errorLine(report.error()), tr("Count again"));
                m_stack->setCurrentIndex(0);
            }
            if (m_isStale)
                m_gather.start();
        });
}

void MetricsDock::show(const metrics::Report &report)
{
    m_report = std::make_unique<metrics::Report>(report);
    if (report.summary.weeks.empty()) {
        m_empty->set(Icon::Metrics,
            tr("There are no tickets yet. Import a log, or make the first ticket, and the figures stand here."),
            tr("Import a log"));
        m_stack->setCurrentIndex(0);
    } else {
        m_stack->setCurrentIndex(1);
        m_period->setText(report.zone);
        for (int i = 0; i < FigureCount; ++i)
            m_tiles[i]->set(tileText(static_cast<Figure>(i), report, m_locale));
        choose(m_figure);
    }
    emit measured();
}

void MetricsDock::choose(Figure figure)
{
    m_figure = figure;
    m_tiles[int(figure)]->setChecked(true);
    if (m_report)
        m_chart->setData(chartOf(figure, *m_report, m_workbench.people().tiers, m_locale));
}

/// Found by the build through the folder's name.
void registermetrics(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"metrics"_s,
        .title = MetricsDock::tr("Metrics"),
        .place = DockPlace::Ticket,
        .shortcut = QKeySequence(u"G, E"_s),
        .order = 1,
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new MetricsDock(bench, QTimeZone::systemTimeZone(), QLocale(), parent);
        } });
}

} // namespace tierline::ui
