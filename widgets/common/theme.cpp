#include "widgets/common/theme.h"

#include <QWidget>

#include <cmath>

namespace tierline::ui {

namespace {

// In the order of Token.
constexpr std::array<QRgb, TokenCount> Light {
    0xFFF3F4F7, 0xFFFFFFFF, 0xFFFBFBFD, 0xFFE9ECF2, 0xFFDCE6FA, 0xFFFFF5D6, 0xFFEEF0FA, //
    0xFF1A1D23, 0xFF5A6372, 0xFF9AA1AE, 0xFFD5D9E0, 0xFF7F8898, 0xFF4A3A00, //
    0xFF2C5CC5, 0xFF244EAB, 0xFF1D4193, 0xFFFFFFFF, 0xFFB3261E, 0xFF875300, 0xFF1B6E43, //
    0xFF5A6372, 0xFF4A5A70, 0xFF6B3FA0, 0xFFA3254A, //
    0xFF2C5CC5, 0xFFB65D0B, 0xFF10A37C, 0xFFB96EC5, 0xFF5E0E20, 0xFF0D2952 //
};
constexpr std::array<QRgb, TokenCount> Dark {
    0xFF14161A, 0xFF1B1E24, 0xFF22262E, 0xFF262B34, 0xFF263656, 0xFF2F2912, 0xFF23273A, //
    0xFFE8EAEE, 0xFFA0A8B5, 0xFF666E7B, 0xFF353B46, 0xFF7A8394, 0xFFF2E3AE, //
    0xFF8AB0FF, 0xFFA3C1FF, 0xFF6F9AF5, 0xFF14161A, 0xFFFF9A8F, 0xFFF0BC5E, 0xFF76D6A0, //
    0xFFA0A8B5, 0xFFA9B8CC, 0xFFC9A7F5, 0xFFFF9DB8, //
    0xFFDAE1F8, 0xFFECA325, 0xFF20EFA1, 0xFFB584D5, 0xFFE0204F, 0xFF3F78F2 //
};

qreal linear(qreal channel)
{
    return channel <= 0.04045 ? channel / 12.92 : std::pow((channel + 0.055) / 1.055, 2.4);
}

qreal luminance(const QColor &c)
{
    return 0.2126 * linear(c.redF()) + 0.7152 * linear(c.greenF()) + 0.0722 * linear(c.blueF());
}

} // namespace

Theme::Theme(Scheme scheme, const std::array<QRgb, TokenCount> &values)
    : m_scheme(scheme)
{
    for (size_t i = 0; i < values.size(); ++i)
        m_colors[i] = QColor::fromRgb(values[i]);
}

const Theme &Theme::light()
{
    static const Theme theme(Scheme::Light, Light);
    return theme;
}

const Theme &Theme::dark()
{
    static const Theme theme(Scheme::Dark, Dark);
    return theme;
}

const Theme &Theme::of(Scheme scheme)
{
    return scheme == Scheme::Dark ? dark() : light();
}

const Theme &Theme::of(const QPalette &palette)
{
    return luminance(palette.color(QPalette::Active, QPalette::Window)) < 0.2 ? dark() : light();
}

const Theme &Theme::of(const QWidget *widget)
{
    return widget ? of(widget->palette()) : light();
}

Token Theme::tierToken(int rank)
{
    if (rank <= 0)
        return Token::TierBot;
    return rank == 1 ? Token::Tier1 : rank == 2 ? Token::Tier2 : Token::Tier3;
}

QColor Theme::seriesColor(int n) const
{
    return m_colors[size_t(Token::Series1) + size_t(std::max(n, 0) % 6)];
}

QPalette Theme::palette() const
{
    const auto &t = *this;
    QPalette p;
    const auto set = [&](QPalette::ColorRole role, Token token) { p.setColor(role, t[token]); };
    set(QPalette::Window, Token::Window);
    set(QPalette::Base, Token::Panel);
    set(QPalette::AlternateBase, Token::Raised);
    set(QPalette::Button, Token::Panel);
    set(QPalette::ToolTipBase, Token::Raised);
    for (const auto role : { QPalette::Text, QPalette::WindowText, QPalette::ButtonText,
             QPalette::ToolTipText, QPalette::HighlightedText })
        set(role, Token::Text);
    set(QPalette::PlaceholderText, Token::Muted);
    set(QPalette::BrightText, Token::Breached);
    set(QPalette::Highlight, Token::Selection);
    set(QPalette::Link, Token::Accent);
    set(QPalette::LinkVisited, Token::Accent);
    set(QPalette::Light, Token::Raised);
    set(QPalette::Midlight, Token::Hover);
    set(QPalette::Mid, Token::Border);
    set(QPalette::Dark, Token::Edge);
    p.setColor(QPalette::Shadow, m_scheme == Scheme::Dark ? QColor(Qt::black) : t[Token::Edge]);
    for (const auto role : { QPalette::Text, QPalette::WindowText, QPalette::ButtonText,
             QPalette::HighlightedText, QPalette::PlaceholderText })
        p.setColor(QPalette::Disabled, role, t[Token::Disabled]);
    p.setColor(QPalette::Disabled, QPalette::Base, t[Token::Window]);
    p.setColor(QPalette::Disabled, QPalette::Highlight, t[Token::Hover]);
    return p;
}

QColor mixed(const QColor &ground, const QColor &over, qreal opacity)
{
    const auto part = [opacity](qreal a, qreal b) { return float(a + (b - a) * opacity); };
    return QColor::fromRgbF(part(ground.redF(), over.redF()), part(ground.greenF(), over.greenF()),
        part(ground.blueF(), over.blueF()));
}

qreal contrast(const QColor &a, const QColor &b)
{
    const qreal x = luminance(a);
    const qreal y = luminance(b);
    return (std::max(x, y) + 0.05) / (std::min(x, y) + 0.05);
}

} // namespace tierline::ui
