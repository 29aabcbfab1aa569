#include "widgets/common/typography.h"

#include <QApplication>
#include <QFontDatabase>
#include <QFontInfo>
#include <QFontMetricsF>
#include <QHash>
#include <QVariant>
#include <QWidget>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

qreal currentScale = 1.0;
constexpr char RoleProperty[] = "tierlineTextRole";

/// Qt counts a point as a pixel on macOS and as 1/72 of an inch of 96 pixels elsewhere; the scale is
/// meant in the latter.
constexpr qreal platformScale()
{
#ifdef Q_OS_MACOS
    return 1.2;
#else
    return 1.0;
#endif
}

bool isStandIn(const QFont &system)
{
    // What fontconfig and the offscreen platform answer when nobody chose a font.
    const QString family = system.family();
    return family.isEmpty() || family.startsWith("Sans"_L1, Qt::CaseInsensitive)
        || family.startsWith("DejaVu"_L1) || family.startsWith("Bitstream"_L1)
        || family == "fixed"_L1 || family == "Helvetica"_L1
        || !QFontDatabase::isScalable(QFontInfo(system).family());
}

QFont interfaceFont()
{
    QFont system = QFontDatabase::systemFont(QFontDatabase::GeneralFont);
    if (isStandIn(system) && QFontDatabase::hasFamily(u"Inter"_s))
        system.setFamilies({ u"Inter"_s, system.family() });
    system.setWeight(QFont::Normal);
    system.setStyleStrategy(QFont::PreferAntialias);
    return system;
}

QFont made(TextRole role)
{
    struct Step {
        qreal points;
        QFont::Weight weight;
    };
    // In the order of TextRole.
    constexpr std::array<Step, int(TextRole::Mono) + 1> Steps { { { 11, QFont::Normal },
        { 11, QFont::DemiBold }, { 9.5, QFont::Normal }, { 9.5, QFont::DemiBold },
        { 13, QFont::DemiBold }, { 18, QFont::Bold }, { 40, QFont::Bold },
        { 10, QFont::Normal } } };
    static const QFont base = interfaceFont();
    static const QFont mono = QFontDatabase::systemFont(QFontDatabase::FixedFont);
    const Step &step = Steps[size_t(role)];
    QFont f = role == TextRole::Mono ? mono : base;
    f.setWeight(step.weight);
    f.setPointSizeF(step.points * platformScale() * currentScale);
    return f;
}

} // namespace

QFont textFont(TextRole role)
{
    static std::array<QFont, int(TextRole::Mono) + 1> fonts;
    static qreal builtFor = 0;
    if (builtFor != currentScale) {
        for (size_t i = 0; i < fonts.size(); ++i)
            fonts[i] = made(TextRole(i));
        builtFor = currentScale;
    }
    return fonts[size_t(role)];
}

int textColumn(TextRole role, int characters)
{
    // A font's own average counts capitals and figures as often as letters; running text is narrower.
    static const QString running = u"what was tried, and what the customer expects in the end "_s;
    const qreal width = QFontMetricsF(textFont(role)).horizontalAdvance(running);
    return int(width * characters / double(running.size()));
}

void setTextRole(QWidget *widget, TextRole role)
{
    widget->setProperty(RoleProperty, int(role));
    widget->setFont(textFont(role));
    if (role == TextRole::Muted || role == TextRole::MutedStrong)
        widget->setForegroundRole(
            QPalette::PlaceholderText); // which our palettes fill with Token::Muted
}

void setTextScale(qreal scale)
{
    currentScale = std::clamp(scale, 0.8, 2.0);
    if (!qApp)
        return;
    const auto widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        const QVariant role = widget->property(RoleProperty);
        if (role.isValid())
            widget->setFont(textFont(TextRole(role.toInt())));
    }
}

qreal textScale()
{
    return currentScale;
}

} // namespace tierline::ui
