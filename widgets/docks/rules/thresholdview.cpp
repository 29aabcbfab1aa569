#include "widgets/docks/rules/thresholdview.h"

#include "core/rules/parse.h"
#include "core/rules/print.h"
#include "core/rules/registry.h"
#include "widgets/common/accessible.h"
#include "widgets/common/chartview.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/rules/readtable.h"

#include <QComboBox>
#include <QProgressBar>
#include <QSlider>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr double minute = 60'000, hour = 3'600'000, thousandth = 1'000;

/// The condition with this number, in written order.
const rules::Test *testAt(const rules::Rule &rule, int bound)
{
    const rules::Test *found = nullptr;
    int place = 0;
    rules::forEachTest(rule.when, [&](const rules::Test &test) {
        if (place++ == bound)
            found = &test;
    });
    return found;
}

std::optional<rules::Value> boundAt(const rules::Rule &rule, int bound)
{
    const rules::Test *test = testAt(rule, bound);
    if (!test)
        return std::nullopt;
    return test->values.empty() ? test->window : std::optional(test->values.front());
}

QString count(double number, const QLocale &locale)
{
    return locale.toString(qRound64(number));
}

/// "12 for L2, 2 for L3", by rank where the tier is known.
template<typename Number>
QString loadText(const std::map<QString, Number> &load, const QLocale &locale)
{
    QStringList parts;
    for (const auto &[tier, fires] : load)
        parts.append(
            ThresholdView::tr("%1 for %2").arg(count(double(fires), locale), oneLine(tier, 40)));
    return parts.join(u", "_s);
}

} // namespace

QList<std::pair<int, QString>> boundsOf(const rules::Rule &rule)
{
    QList<std::pair<int, QString>> bounds;
    for (const int bound : rules::movableBounds(rule)) {
        if (const rules::Test *test = testAt(rule, bound))
            bounds.append({ bound, rules::print(*test) });
    }
    return bounds;
}

QString outlookText(const desk::RuleOutlook &outlook, const rules::Rule &rule,
    const QList<Tier> &tiers, const QLocale &locale)
{
    QStringList said;
    const qint64 fires = qRound64(outlook.fires);
    said.append(fires == 0 ? ThresholdView::tr("In a month like the last it would not fire.")
            : fires == 1   ? ThresholdView::tr("In a month like the last it would fire once.")
                           : ThresholdView::tr("In a month like the last it would fire %1 times.")
                               .arg(locale.toString(fires)));
    if (!outlook.load.empty())
        said.append(
            ThresholdView::tr("More work a month: %1.").arg(loadText(outlook.load, locale)));
    if (outlook.matches.isJoined)
        said.append(
            ThresholdView::tr("With “and” between its conditions %1, with “or” %2.")
                .arg(count(outlook.matches.asAnd, locale), count(outlook.matches.asOr, locale)));
    const auto highest = std::ranges::max_element(tiers, {}, &Tier::rank);
    const bool isForHighest = highest != tiers.end()
        && std::ranges::any_of(rule.then, [&](const rules::Action &action) {
               return action.info->escalates
                   && action.text(rules::Slot::Tier).compare(highest->id, Qt::CaseInsensitive) == 0;
           });
    if (isForHighest && rule.when.kind == rules::Expr::Kind::Or)
        said.append(ThresholdView::tr("“And” is advised for %1: each of its conditions alone sends "
                                      "a ticket there now.")
                        .arg(oneLine(highest->id, 40)));
    return said.join(u' ');
}

ThresholdView::ThresholdView(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_forecast(workbench.session())
    , m_which(named(new QComboBox, u"thresholdWhich"_s, tr("Which bound moves")))
    , m_progress(named(new QProgressBar, u"thresholdProgress"_s, tr("Tickets tried")))
    , m_summary(new PlainLabel)
    , m_load(new PlainLabel)
    , m_chart(new GrowsFrom<ChartView>(LeastChart, m_words.locale))
    , m_slider(named(new QSlider(Qt::Horizontal), u"threshold"_s, tr("Threshold"),
          tr("Left and Right move it; the sentence follows")))
{
    setTextRole(m_summary, TextRole::Strong);
    setTextRole(m_load, TextRole::Muted);
    m_summary->setObjectName(u"thresholdSummary"_s);
    m_load->setObjectName(u"thresholdLoad"_s);
    for (PlainLabel *label : { m_summary, m_load })
        label->setWordWrap(true);
    m_which->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_which->setMinimumContentsLength(16);
    m_progress->setRange(0, 0);
    m_progress->setTextVisible(false);
    m_slider->setTickPosition(QSlider::TicksBelow);
    m_slider->setTickInterval(1);
    m_slider->setPageStep(2);
    m_slider->setMinimumHeight(HitArea);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(space::Tight);
    column->addWidget(m_which);
    column->addWidget(m_summary);
    column->addWidget(m_load);
    column->addWidget(m_progress);
    column->addWidget(m_slider);
    column->addWidget(m_chart, 1);
    connect(&m_forecast, &desk::RuleForecast::progressed, this, [this](qint64 tickets) {
        m_summary->setText(tr("Trying every value: %Ln tickets so far …", nullptr, int(tickets)));
    });
    connect(&m_forecast, &desk::RuleForecast::drawn, this, &ThresholdView::onDrawn);
    connect(m_which, &QComboBox::activated, this, &ThresholdView::draw);
    connect(m_slider, &QSlider::valueChanged, this, [this](int place) {
        if (m_isFilling || place < 0 || size_t(place) >= m_curve.points.size())
            return;
        showPoint();
        emit moved(m_curve.bound, m_curve.points[size_t(place)].value);
    });
}

bool ThresholdView::canMove(const QString &text)
{
    const rules::Parsed parsed = rules::parse(text);
    return parsed.isWhole() && parsed.document.rules.size() == 1
        && !rules::movableBounds(parsed.document.rules.front()).empty();
}

QString ThresholdView::summary() const
{
    return m_summary->text();
}

void ThresholdView::start(const QString &text, Instant from, Instant to)
{
    const rules::Parsed parsed = rules::parse(text);
    if (!parsed.isWhole() || parsed.document.rules.size() != 1)
        return;
    const int before = m_which->currentData().toInt();
    m_rule = parsed.document.rules.front();
    m_text = text;
    m_from = from;
    m_to = to;
    m_which->clear();
    for (const auto &[bound, words] : boundsOf(m_rule))
        m_which->addItem(oneLine(words, 120), bound);
    m_which->setCurrentIndex(std::max(0, m_which->findData(before)));
    m_which->setVisible(m_which->count() > 1);
    draw();
}

void ThresholdView::draw()
{
    m_slider->hide();
    m_chart->hide();
    m_load->hide();
    m_progress->show();
    m_summary->setText(tr("Trying every value on the past …"));
    m_forecast.drawCurve(m_text, m_which->currentData().toInt(), m_from, m_to);
}

void ThresholdView::onDrawn(const Result<desk::Curve> &curve)
{
    m_progress->hide();
    if (!curve) {
        m_summary->setText(curve.error().fault == Fault::Cancelled
                ? tr("Stopped. Choose how far back to try it again.")
                : errorLine(curve.error()));
        return;
    }
    m_curve = **curve;
    const std::optional<rules::Value> now = boundAt(m_rule, m_curve.bound);
    int place = 0;
    for (size_t i = 0; i < m_curve.points.size(); ++i) {
        if (now && m_curve.points[i].value.amount == now->amount)
            place = int(i);
    }
    m_isFilling = true;
    m_slider->setRange(0, std::max(0, int(m_curve.points.size()) - 1));
    m_slider->setValue(place);
    m_isFilling = false;
    m_slider->show();
    showChart();
    showPoint();
    announce(m_summary, m_summary->text());
}

QString ThresholdView::readOf(const rules::Value &value) const
{
    const rules::Rule moved = rules::withBound(m_rule, m_curve.bound, value);
    const rules::Test *test = testAt(moved, m_curve.bound);
    return test ? rules::print(*test) : rules::print(value);
}

void ThresholdView::showChart()
{
    // Values lie as far apart as they are: in hours or minutes, money, numbers or shares.
    const bool areTimes = !m_curve.points.empty()
        && m_curve.points.front().value.kind == rules::ValueKind::Duration;
    const bool areLong = areTimes && double(m_curve.points.back().value.amount) >= 2 * hour;
    const double unit = areLong ? hour : areTimes ? minute : thousandth;
    ChartData chart { .kind = ChartData::Kind::Lines,
        .title = tr("Fires by threshold"),
        .xTitle = areLong ? tr("Threshold (hours)")
            : areTimes    ? tr("Threshold (minutes)")
                          : tr("Threshold"),
        .yTitle = tr("Fires"),
        .caption = tr("n = %Ln days", nullptr, int(m_curve.days)) };
    ChartSeries fires { .name = tr("would have fired") };
    for (const rules::CurvePoint &point : m_curve.points)
        fires.points.append({ double(point.value.amount) / unit, double(point.outcome.count) });
    chart.series = { fires };
    m_chart->setData(chart);
    m_chart->setVisible(!m_curve.points.empty());
}

void ThresholdView::showPoint()
{
    if (m_curve.points.empty())
        return;
    const rules::CurvePoint &point = m_curve.points[size_t(m_slider->value())];
    const QLocale &locale = m_words.locale;
    const qint64 fired = point.outcome.count;
    const QString times = fired == 0 ? tr("would not have fired")
        : fired == 1                 ? tr("would have fired once")
                                     : tr("would have fired %1 times").arg(locale.toString(fired));
    m_summary->setText(tr("%1: %2 in %Ln days", nullptr, int(m_curve.days))
                           .arg(oneLine(readOf(point.value), 120), times));
    QStringList more;
    if (!point.loadPerTier.empty())
        more.append(loadText(point.loadPerTier, locale));
    if (point.outcome.precision)
        more.append(tr("%1 % rightly").arg(qRound(*point.outcome.precision * 100)));
    if (!point.outcome.missed.isEmpty())
        more.append(tr("%1 missed that should have been escalated: %2")
                        .arg(locale.toString(point.outcome.missed.size()),
                            oneLine(point.outcome.missed.mid(0, 5).join(u", "_s), 120)));
    m_load->setText(more.join(u" · "_s));
    m_load->setVisible(!more.isEmpty());
    m_slider->setAccessibleDescription(m_summary->text());
}

} // namespace tierline::ui
