#pragma once

#include "widgets/common/theme.h"

#include <QObject>

class QApplication;

namespace tierline::ui {

class TierlineStyle;

enum class SchemeChoice : quint8 { System, Light, Dark };

/// Puts theme, style and fonts on the whole application and keeps them there. Make one in main(),
/// before the first widget; it follows the system's scheme until told otherwise.
/// Painters and icons need no signal: they ask the palette. Signals are for what was laid out or
/// cached by size. Thread: ui. Owned by the caller, and outlived by the application.
class Appearance : public QObject
{
    Q_OBJECT
public:
    explicit Appearance(QApplication &app, SchemeChoice choice = SchemeChoice::System);

    SchemeChoice choice() const { return m_choice; }
    void setChoice(SchemeChoice choice);
    Scheme scheme() const { return m_scheme; }
    const Theme &theme() const { return Theme::of(m_scheme); }

    Density density() const { return m_density; }
    void setDensity(Density density);

    /// 0.8 … 2.0; fonts of every widget follow.
    void setTextScale(qreal scale);
    /// Whether anything may move. Off where the system or the person asks.
    void setMotion(bool on);
    bool hasMotion() const { return m_hasMotion; }

signals:
    void schemeChanged(tierline::ui::Scheme scheme);
    void densityChanged(tierline::ui::Density density);
    void textScaleChanged(qreal scale);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    void apply();
    Scheme systemScheme();

    QApplication &m_app;
    TierlineStyle *m_style = nullptr; ///< owned by the application
    SchemeChoice m_choice;
    Scheme m_scheme = Scheme::Light;
    Density m_density = Density::Comfortable;
    bool m_hasMotion = true;
    bool m_isApplying = false;
};

} // namespace tierline::ui
