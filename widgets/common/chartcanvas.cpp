#include "widgets/common/chartcanvas_p.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/typography.h"

#include <QBarCategoryAxis>
#include <QBarSeries>
#include <QBarSet>
#include <QChart>
#include <QGraphicsLayout>
#include <QLineSeries>
#include <QPainter>
#include <QStackedBarSeries>
#include <QValueAxis>

#include <cmath>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

constexpr int MarkerSide = 9;
constexpr qsizetype MostMarkedPoints = 40; ///< beyond this markers hide the line
constexpr qsizetype MostSeries = 6;

QColor colorOf(const ChartSeries &series, qsizetype place, const Theme &theme)
{
    return series.color ? theme[*series.color] : theme.seriesColor(int(place));
}

/// Lowest and highest finite y of all lines.
std::pair<double, double> rangeOf(const ChartData &data)
{
    double low = 0;
    double high = 0;
    for (const ChartSeries &series : data.series) {
        for (const QPointF &p : series.points) {
            if (!std::isfinite(p.y()))
                continue;
            low = std::min(low, p.y());
            high = std::max(high, p.y());
        }
    }
    return { low, high };
}

double highestBar(const ChartData &data)
{
    double high = 0;
    for (qsizetype c = 0; c < data.categories.size(); ++c) {
        double stack = 0;
        for (const ChartSeries &series : data.series) {
            const double v = series.values.value(c, 0);
            if (!std::isfinite(v))
                continue;
            stack += v;
            high = std::max(high, data.kind == ChartData::Kind::StackedBars ? stack : v);
        }
    }
    return high;
}

/// A round step and the first multiple of it that is not below `high`: 4 to 6 lines on the axis.
std::pair<double, double> niceSteps(double high, int decimals)
{
    const double least = std::pow(10.0, -decimals);
    const double raw = std::max(high, least) / 4;
    const double power = std::pow(10.0, std::floor(std::log10(raw)));
    double step = power * 10;
    for (const double factor : { 1.0, 2.0, 2.5, 5.0 }) {
        if (raw <= power * factor) {
            step = power * factor;
            break;
        }
    }
    step = std::max(step, least);
    return { step, std::ceil(std::max(high, step) / step - 1e-9) * step };
}

} // namespace

QImage markerImage(Marker marker, const QColor &color, const QColor &ground, qreal ratio)
{
    QImage image(QSize(MarkerSide, MarkerSide) * ratio, QImage::Format_ARGB32_Premultiplied);
    image.setDevicePixelRatio(ratio);
    image.fill(Qt::transparent);
    QPainter p(&image);
    p.setRenderHint(QPainter::Antialiasing);
    p.setPen(Qt::NoPen);
    p.setBrush(color);
    const QRectF box(1, 1, MarkerSide - 2, MarkerSide - 2);
    const QPointF c = box.center();
    switch (marker) {
    case Marker::Circle: p.drawEllipse(box); break;
    case Marker::Square: p.drawRect(box.adjusted(0.5, 0.5, -0.5, -0.5)); break;
    case Marker::Triangle:
        p.drawPolygon(QPolygonF { { c.x(), box.top() }, box.bottomRight(), box.bottomLeft() });
        break;
    case Marker::Diamond:
        p.drawPolygon(
            QPolygonF { { c.x(), 0 }, { MarkerSide, c.y() }, { c.x(), MarkerSide }, { 0, c.y() } });
        break;
    case Marker::Cross:
        p.setPen(QPen(color, 2));
        p.drawLine(box.topLeft(), box.bottomRight());
        p.drawLine(box.topRight(), box.bottomLeft());
        break;
    case Marker::Ring:
        p.setBrush(ground);
        p.setPen(QPen(color, 2));
        p.drawEllipse(box.adjusted(0.5, 0.5, -0.5, -0.5));
        break;
    }
    return image;
}

ChartCanvas::ChartCanvas(QWidget *parent)
    : QChartView(parent)
{
    setRenderHint(QPainter::Antialiasing);
    setFrameShape(QFrame::NoFrame);
    setFocusPolicy(Qt::NoFocus); // keys go to the table
    setBackgroundBrush(Qt::NoBrush);
    viewport()->setAutoFillBackground(false);
    setRubberBand(QChartView::NoRubberBand);
    chart()->legend()->hide();
    chart()->setBackgroundVisible(false);
    chart()->setMargins({});
    chart()->layout()->setContentsMargins(0, 0, 0, 0);
    chart()->setAnimationOptions(QChart::NoAnimation);
}

int ChartCanvas::columns() const
{
    const int plot = int(chart()->plotArea().width());
    return std::max(plot > 0 ? plot : width(), 100);
}

void ChartCanvas::styleAxis(
    QAbstractAxis *axis, const QString &title, const Theme &theme, bool hasGrid)
{
    axis->setTitleText(title.toHtmlEscaped());
    axis->setTitleFont(textFont(TextRole::Muted));
    axis->setTitleBrush(theme[Token::Muted]);
    axis->setTitleVisible(!title.isEmpty());
    axis->setLabelsFont(textFont(TextRole::Muted));
    axis->setLabelsColor(theme[Token::Muted]);
    axis->setGridLinePen(QPen(theme[Token::Border], 1));
    axis->setGridLineVisible(hasGrid);
    axis->setLinePen(QPen(theme[Token::Border], 1));
    axis->setLineVisible(!hasGrid);
}

void ChartCanvas::show(const ChartData &data, const Theme &theme, const QLocale &locale)
{
    chart()->removeAllSeries();
    const auto axes = chart()->axes();
    for (QAbstractAxis *axis : axes) {
        chart()->removeAxis(axis);
        delete axis;
    }
    m_names.clear();
    chart()->setMargins({});
    chart()->setLocalizeNumbers(true);
    chart()->setLocale(locale);
    if (data.isEmpty())
        return;
    auto *y = new QValueAxis;
    const auto [low, high]
        = data.kind == ChartData::Kind::Lines ? rangeOf(data) : std::pair(0.0, highestBar(data));
    const auto [step, top] = niceSteps(std::max(high, -low), data.decimals);
    const double bottom = low < 0 ? -std::ceil(-low / step - 1e-9) * step : 0;
    y->setRange(bottom, std::max(top, step));
    y->setTickCount(int(std::lround((std::max(top, step) - bottom) / step)) + 1);
    y->setLabelFormat(u"%.%1f"_s.arg(step < 1 ? std::max(data.decimals, 1)
            : step == std::floor(step)        ? 0
                                              : 1));
    styleAxis(y, data.yTitle, theme, true);
    chart()->addAxis(y, Qt::AlignLeft);
    if (data.kind == ChartData::Kind::Lines)
        addLines(data, theme);
    else
        addBars(data, theme);
}

void ChartCanvas::addBars(const ChartData &data, const Theme &theme)
{
    QAbstractBarSeries *bars = data.kind == ChartData::Kind::StackedBars
        ? static_cast<QAbstractBarSeries *>(new QStackedBarSeries)
        : new QBarSeries;
    bars->setBarWidth(0.78);
    for (qsizetype i = 0; i < std::min(data.series.size(), MostSeries); ++i) {
        const ChartSeries &series = data.series[i];
        auto *set = new QBarSet(oneLine(series.name, 60));
        const QColor color = colorOf(series, i, theme);
        set->setColor(color);
        // A gap in the ground's colour keeps neighbours apart.
        set->setPen(QPen(palette().color(QPalette::Base), 1));
        for (qsizetype c = 0; c < data.categories.size(); ++c) {
            const double v = series.values.value(c, 0);
            set->append(std::isfinite(v) ? v : 0);
        }
        connect(set, &QBarSet::clicked, this,
            [this, i](int category) { emit barClicked(int(i), category); });
        bars->append(set);
    }
    chart()->addSeries(bars);
    auto *x = new QBarCategoryAxis;
    QStringList names;
    for (const QString &category : data.categories)
        names << oneLine(category, 40);
    // The axis takes each name once; equal ones get invisible endings of their own.
    for (qsizetype i = 0; i < names.size(); ++i)
        while (names.indexOf(names[i]) < i)
            names[i] += QChar(0x200B);
    x->append(names);
    styleAxis(x, data.xTitle, theme, false);
    if (data.hasRunningCategories) {
        // The axis gives each name the width of its bar and cuts what is wider: they are drawn here instead.
        m_names = data.categories;
        m_namesColor = theme[Token::Muted];
        x->setLabelsVisible(false);
        x->setTitleVisible(false);
        const int line = QFontMetrics(textFont(TextRole::Muted)).height();
        chart()->setMargins({ 0, 0, 0, space::Hair + line });
    }
    chart()->addAxis(x, Qt::AlignBottom);
    const auto axes = chart()->axes();
    for (QAbstractAxis *axis : axes)
        bars->attachAxis(axis);
}

/// From the last one backwards, as many as stand apart; the outer ones keep within the picture.
std::vector<ChartCanvas::Name> ChartCanvas::placeNames() const
{
    std::vector<Name> placed;
    const QRectF plot = chart()->mapRectToScene(chart()->plotArea());
    if (m_names.isEmpty() || plot.width() <= 0)
        return placed;
    const QFontMetricsF metrics(textFont(TextRole::Muted));
    double widest = 0;
    for (const QString &name : m_names)
        widest = std::max(widest, metrics.horizontalAdvance(oneLine(name, 40)));
    const double bar = plot.width() / double(m_names.size());
    const qsizetype step
        = std::max<qsizetype>(1, qsizetype(std::ceil((widest + space::Tight) / bar)));
    // What is seen of the scene, which may be wider for a moment while a scroll bar comes.
    const QRectF seen = mapToScene(viewport()->rect()).boundingRect();
    double end = seen.right();
    for (qsizetype i = m_names.size() - 1; i >= 0; i -= step) {
        const QString text = oneLine(m_names[i], 40);
        QRectF box(
            0, plot.bottom() + space::Hair, metrics.horizontalAdvance(text), metrics.height());
        box.moveCenter({ plot.left() + bar * (double(i) + 0.5), box.center().y() });
        box.moveRight(std::min(box.right(), end));
        if (box.left() < seen.left())
            break;
        placed.push_back({ box, text });
        end = box.left() - space::Tight;
    }
    return placed;
}

QStringList ChartCanvas::namesShown() const
{
    QStringList names;
    for (const Name &name : placeNames())
        names.prepend(name.text);
    return names;
}

void ChartCanvas::drawForeground(QPainter *painter, const QRectF &rect)
{
    QChartView::drawForeground(painter, rect);
    const std::vector<Name> names = placeNames();
    if (names.empty())
        return;
    painter->setFont(textFont(TextRole::Muted));
    painter->setPen(m_namesColor);
    for (const Name &name : names)
        painter->drawText(name.box, int(Qt::AlignCenter | Qt::TextDontClip), name.text);
}

void ChartCanvas::addLines(const ChartData &data, const Theme &theme)
{
    auto *x = new QValueAxis;
    double low = std::numeric_limits<double>::infinity();
    double high = -low;
    for (const ChartSeries &series : data.series) {
        if (series.points.isEmpty())
            continue;
        low = std::min(low, series.points.first().x());
        high = std::max(high, series.points.last().x());
    }
    if (!(high > low))
        high = low + 1;
    // A little room at both ends keeps markers whole; labels stand at whole numbers only.
    const double margin = (high - low) * 0.02;
    x->setRange(low - margin, high + margin);
    x->setLabelFormat(u"%.0f"_s);
    x->setTickType(QValueAxis::TicksDynamic);
    x->setTickAnchor(std::ceil(low));
    x->setTickInterval(std::max(1.0, std::ceil((high - low) / 12)));
    styleAxis(x, data.xTitle, theme, false);
    chart()->addAxis(x, Qt::AlignBottom);
    const auto axes = chart()->axes();
    for (qsizetype i = 0; i < std::min(data.series.size(), MostSeries); ++i) {
        const ChartSeries &series = data.series[i];
        auto *line = new QLineSeries;
        const QColor color = colorOf(series, i, theme);
        line->setName(oneLine(series.name, 60));
        line->setPen(QPen(color, 2, Qt::SolidLine, Qt::RoundCap, Qt::RoundJoin));
        QList<QPointF> points = series.points;
        points.removeIf([](const QPointF &p) { return !std::isfinite(p.y()); });
        line->replace(thinned(points, columns()));
        if (points.size() <= MostMarkedPoints) {
            line->setMarkerSize(MarkerSide);
            line->setLightMarker(markerImage(Marker(i), color, palette().color(QPalette::Base), 1));
        }
        chart()->addSeries(line);
        for (QAbstractAxis *axis : axes)
            line->attachAxis(axis);
    }
}

} // namespace tierline::ui
