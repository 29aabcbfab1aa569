#pragma once

#include <QColor>
#include <QPalette>

#include <array>

class QWidget;

namespace tierline::ui {

enum class Scheme : quint8 { Light, Dark };

/// Colours by meaning; the only place where a colour of the interface has a value. Grounds first, then
/// text and lines, then meanings. Whatever is text reaches a contrast of 4.5 on every ground.
enum class Token : quint8 {
    Window, ///< behind everything
    Panel, ///< what is read and worked in
    Raised, ///< cards and side panels, one step up
    Hover, ///< under the pointer
    Selection,
    NoteGround, ///< internal notes
    BotGround, ///< turns of a bot

    Text,
    Muted, ///< details, hints, captions
    Disabled, ///< cannot be used at present; never carries a message
    Border, ///< quiet lines between things
    Edge, ///< outline of what takes input: 3 to 1 against its ground
    NoteText,

    Accent, ///< the one action of a view, focus, links
    AccentHover,
    AccentPressed,
    OnAccent, ///< text on any of the three accents
    Breached, ///< and failed
    AtRisk,
    Met, ///< and synced

    TierBot,
    Tier1,
    Tier2,
    Tier3,

    Series1, ///< six series of a chart, told apart under the three common colour blindnesses
    Series2,
    Series3,
    Series4,
    Series5,
    Series6,
};
inline constexpr int TokenCount = int(Token::Series6) + 1;

/// One of the two colour schemes: a plain value that costs nothing to ask. Painters take the theme of
/// the palette that they paint with, so that a change of scheme needs no wiring. Thread: any.
class Theme
{
public:
    static const Theme &light();
    static const Theme &dark();
    static const Theme &of(Scheme scheme);
    /// The theme that a palette was made from; any other palette is judged by its lightness.
    static const Theme &of(const QPalette &palette);
    static const Theme &of(const QWidget *widget);

    Scheme scheme() const { return m_scheme; }
    QColor color(Token token) const { return m_colors[size_t(token)]; }
    QColor operator[](Token token) const { return color(token); }

    /// Tier colour by rank: 0 bot, 1, 2, 3 and above.
    QColor tierColor(int rank) const { return color(tierToken(rank)); }
    static Token tierToken(int rank);
    /// Colour of the n-th series of a chart, n counted from 0, repeating after six.
    QColor seriesColor(int n) const;

    /// Every role of QPalette filled, also for disabled and inactive.
    QPalette palette() const;

private:
    Theme(Scheme scheme, const std::array<QRgb, TokenCount> &values);

    Scheme m_scheme;
    std::array<QColor, TokenCount> m_colors;
};

/// Distances, in device-independent pixels. Nothing sits at other distances.
namespace space {
inline constexpr int Hair = 4;
inline constexpr int Tight = 8; ///< between related things
inline constexpr int Inner = 12; ///< inside a panel
inline constexpr int Apart = 16; ///< between strangers
inline constexpr int Wide = 24;
inline constexpr int Page = 32;
} // namespace space

namespace radius {
inline constexpr int Chip = 4;
inline constexpr int Corner = 6;
} // namespace radius

inline constexpr int HitArea = 28; ///< smallest side of whatever can be pressed
inline constexpr int ControlHeight = 32; ///< buttons, fields
inline constexpr int FocusRing = 2;

enum class Density : quint8 { Comfortable, Compact };

/// `over` laid on `ground` with an opacity of 0 … 1.
QColor mixed(const QColor &ground, const QColor &over, qreal opacity);
/// WCAG 2 contrast of two opaque colours, 1 … 21.
qreal contrast(const QColor &a, const QColor &b);

} // namespace tierline::ui
