#include "widgets/common/chartview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/chartcanvas_p.h"
#include "widgets/common/icons.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/typography.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QPainter>
#include <QStackedWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tierline::ui {

/// Swatches and names of the series, in one line that ends where the room ends.
class ChartLegend : public QWidget
{
public:
    using QWidget::QWidget;

    void setData(const ChartData &data)
    {
        m_data = data;
        setVisible(data.series.size() > 1);
        updateGeometry();
        update();
    }
    QSize sizeHint() const override
    {
        const QFontMetrics metrics(textFont(TextRole::Muted));
        int width = 0;
        for (const ChartSeries &series : m_data.series)
            width += Swatch + Gap + metrics.horizontalAdvance(oneLine(series.name, 60)) + 1
                + space::Apart;
        return { std::max(0, width - space::Apart), std::max(20, metrics.height()) };
    }
    QSize minimumSizeHint() const override { return { 0, sizeHint().height() }; }

protected:
    void paintEvent(QPaintEvent *) override
    {
        QPainter p(this);
        p.setRenderHint(QPainter::Antialiasing);
        const Theme &t = Theme::of(this);
        const QFont small = textFont(TextRole::Muted);
        const QFontMetrics metrics(small);
        p.setFont(small);
        int x = 0;
        for (qsizetype i = 0; i < m_data.series.size() && x < width(); ++i) {
            const ChartSeries &series = m_data.series[i];
            const QColor color = series.color ? t[*series.color] : t.seriesColor(int(i));
            const QRect swatch = mirrored({ x, height() / 2 - Swatch / 2, Swatch, Swatch });
            if (m_data.kind == ChartData::Kind::Lines) {
                p.setPen(QPen(color, 2));
                p.drawLine(swatch.left() - 1, swatch.center().y() + 1, swatch.right() + 2,
                    swatch.center().y() + 1);
                const QImage mark = markerImage(
                    Marker(i % 6), color, palette().color(QPalette::Base), devicePixelRatioF());
                p.drawImage(QPointF(swatch.center().x() - 3.5, swatch.center().y() - 3.5), mark);
            } else {
                p.setPen(Qt::NoPen);
                p.setBrush(color);
                p.drawRoundedRect(swatch, 2, 2);
            }
            x += Swatch + Gap;
            const QString name = oneLine(series.name, 60);
            const int advance = metrics.horizontalAdvance(name) + 1;
            p.setPen(t[Token::Text]);
            p.drawText(mirrored({ x, 0, std::min(advance, width() - x), height() }),
                int(Qt::AlignVCenter | Qt::AlignLeft) | Qt::TextSingleLine,
                metrics.elidedText(name, Qt::ElideRight, width() - x));
            x += advance + space::Apart;
        }
    }

private:
    static constexpr int Swatch = 12;
    static constexpr int Gap = 6;
    QRect mirrored(const QRect &r) const
    {
        return QStyle::visualRect(layoutDirection(), rect(), r);
    }
    ChartData m_data;
};

ChartView::ChartView(const QLocale &locale, QWidget *parent)
    : QWidget(parent)
    , m_locale(locale)
    , m_canvas(new ChartCanvas)
    , m_legend(new ChartLegend)
    , m_rows(new ChartTableModel(this))
    , m_table(new QTableView)
    , m_stack(new QStackedWidget)
    , m_title(new PlainLabel)
    , m_caption(new PlainLabel)
    , m_toggle(new QToolButton)
{
    setTextRole(m_title, TextRole::Strong);
    m_title->setElided(true);
    setTextRole(m_caption, TextRole::Muted);
    m_caption->setWordWrap(true);
    m_toggle->setCheckable(true);
    m_toggle->setAutoRaise(true);
    m_toggle->setIcon(icon(Icon::ChartTable, palette(), Token::Muted));
    named(m_toggle, u"showTable"_s, tr("Show the figures as a table"));
    setPlainToolTip(m_toggle, tr("Show the figures as a table"));
    named(m_table, u"figures"_s, tr("Figures of the chart"));
    m_table->setModel(m_rows);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setShowGrid(false);
    m_table->verticalHeader()->hide();
    m_table->verticalHeader()->setDefaultSectionSize(HitArea);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);

    auto *head = new QHBoxLayout;
    head->setSpacing(space::Inner);
    head->addWidget(m_title, 1);
    head->addWidget(m_legend);
    head->addWidget(m_toggle);
    m_stack->addWidget(m_canvas);
    m_stack->addWidget(m_table);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins({});
    column->setSpacing(space::Tight);
    column->addLayout(head);
    column->addWidget(m_stack, 1);
    column->addWidget(m_caption);

    connect(m_toggle, &QToolButton::toggled, this, &ChartView::setTableShown);
    connect(m_canvas, &ChartCanvas::barClicked, this, &ChartView::activated);
    connect(m_table, &QTableView::activated, this, [this](const QModelIndex &ix) {
        if (m_data.kind != ChartData::Kind::Lines)
            emit activated(std::max(0, ix.column() - 1), ix.row());
    });
}

ChartView::~ChartView() = default;

void ChartView::setData(const ChartData &data)
{
    m_data = data;
    m_title->setText(oneLine(data.title));
    m_caption->setText(oneLine(data.caption));
    m_caption->setVisible(!data.caption.isEmpty());
    m_legend->setData(data);
    setAccessibleName(m_title->text());
    setAccessibleDescription(m_caption->text());
    m_rows->setData(data, m_locale);
    draw();
}

void ChartView::draw()
{
    m_canvas->show(m_data, Theme::of(this), m_locale);
}

QStringList ChartView::namesShown() const
{
    return m_canvas->namesShown();
}

void ChartView::setTableShown(bool on)
{
    const QSignalBlocker quiet(m_toggle);
    m_toggle->setChecked(on);
    m_stack->setCurrentWidget(on ? static_cast<QWidget *>(m_table) : m_canvas);
}

bool ChartView::isTableShown() const
{
    return m_stack->currentWidget() == m_table;
}

void ChartView::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange || event->type() == QEvent::FontChange) {
        m_toggle->setIcon(icon(Icon::ChartTable, palette(), Token::Muted));
        draw();
    }
}

void ChartView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    // Lines were thinned for the old width; bars stretch by themselves.
    if (m_data.kind == ChartData::Kind::Lines && event->size().width() != event->oldSize().width())
        draw();
}

Sparkline::Sparkline(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void Sparkline::setValues(const QList<double> &values)
{
    m_values = values;
    setAccessibleName(values.isEmpty()
            ? QString()
            : tr("from %1 to %2").arg(values.first(), 0, 'g', 4).arg(values.last(), 0, 'g', 4));
    update();
}

void Sparkline::paintEvent(QPaintEvent *)
{
    QList<QPointF> points;
    for (qsizetype i = 0; i < m_values.size(); ++i)
        if (std::isfinite(m_values[i]))
            points.append({ double(i), m_values[i] });
    points = thinned(points, width());
    if (points.size() < 2)
        return;
    const auto [low, high] = std::minmax_element(points.cbegin(), points.cend(),
        [](const QPointF &a, const QPointF &b) { return a.y() < b.y(); });
    const QRectF room = QRectF(rect()).adjusted(2, 3, -4, -3);
    const double span = high->y() - low->y();
    QPolygonF line;
    for (const QPointF &p : std::as_const(points)) {
        const double y = span > 0 ? (p.y() - low->y()) / span : 0.5;
        line.append({ room.left() + p.x() / double(m_values.size() - 1) * room.width(),
            room.bottom() - y * room.height() });
    }
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const QColor color = Theme::of(this)[Token::Accent];
    painter.setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
    painter.drawPolyline(line);
    painter.setBrush(color);
    painter.setPen(Qt::NoPen);
    painter.drawEllipse(line.last(), 2.5, 2.5);
}

} // namespace tierline::ui
