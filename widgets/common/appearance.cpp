#include "widgets/common/appearance.h"

#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QApplication>
#include <QEvent>
#include <QSettings>
#include <QToolTip>
#include <QWidget>
#include <QWindow>

#include <utility>

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

/// Qt tells widgets of a new palette or font only while the application runs its loop; those made
/// before must follow too.
void tellWidgets(QEvent::Type type)
{
    const auto widgets = QApplication::allWidgets();
    for (QWidget *widget : widgets) {
        QEvent event(type);
        QCoreApplication::sendEvent(widget, &event);
    }
}

} // namespace

Appearance::Appearance(QApplication &app, SchemeChoice choice)
    : m_app(app)
    , m_style(new TierlineStyle)
    , m_choice(choice)
{
    app.setStyle(m_style);
    app.setFont(textFont(TextRole::Body));
    apply();
    app.installEventFilter(this);
}

void Appearance::setChoice(SchemeChoice choice)
{
    m_choice = choice;
    apply();
}

void Appearance::setDensity(Density density)
{
    if (std::exchange(m_density, density) != density)
        emit densityChanged(density);
}

void Appearance::setTextScale(qreal scale)
{
    if (qFuzzyCompare(textScale(), scale))
        return;
    ui::setTextScale(scale);
    m_app.setFont(textFont(TextRole::Body));
    tellWidgets(QEvent::ApplicationFontChange);
    QToolTip::setFont(textFont(TextRole::Muted));
    emit textScaleChanged(textScale());
}

void Appearance::setMotion(bool on)
{
    m_hasMotion = on;
    m_style->setMotion(on);
}

Scheme Appearance::systemScheme()
{
#ifdef Q_OS_WIN
    // Qt 6.4 leaves the palette light there, whatever the person chose.
    const QSettings colors(
        uR"(HKEY_CURRENT_USER\Software\Microsoft\Windows\CurrentVersion\Themes\Personalize)"_s,
        QSettings::NativeFormat);
    return colors.value(u"AppsUseLightTheme"_s, 1).toInt() == 0 ? Scheme::Dark : Scheme::Light;
#else
    // The system's own palette shows only where the application has set none.
    QApplication::setPalette(QPalette());
    return Theme::of(QApplication::palette()).scheme();
#endif
}

void Appearance::apply()
{
    if (std::exchange(m_isApplying, true))
        return;
    const Scheme before = m_scheme;
    m_scheme = m_choice == SchemeChoice::System ? systemScheme()
        : m_choice == SchemeChoice::Dark        ? Scheme::Dark
                                                : Scheme::Light;
    QApplication::setPalette(theme().palette());
    tellWidgets(QEvent::ApplicationPaletteChange);
    QToolTip::setPalette(theme().palette());
    QToolTip::setFont(textFont(TextRole::Muted));
    m_isApplying = false;
    if (before != m_scheme)
        emit schemeChanged(m_scheme);
}

bool Appearance::eventFilter(QObject *watched, QEvent *event)
{
    // The system tells each window; the first telling is enough, the others find nothing to change.
    if (event->type() == QEvent::ThemeChange && m_choice == SchemeChoice::System && !m_isApplying
        && watched->isWindowType())
        QMetaObject::invokeMethod(
            this, [this] { apply(); }, Qt::QueuedConnection);
    return QObject::eventFilter(watched, event);
}

} // namespace tierline::ui
