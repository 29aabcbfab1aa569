#include "widgets/common/icons.h"

#include <QCache>
#include <QFile>
#include <QIconEngine>
#include <QPainter>
#include <QSvgRenderer>

#include <cmath>

// The drawings lie in a static library: without this the linker would drop them.
static void registerDrawings()
{
    Q_INIT_RESOURCE(tierline_icons);
}

using namespace Qt::StringLiterals;

namespace tierline::ui {

namespace {

constexpr std::array<const char *, IconCount> Names { "queue", "mine", "triage", "search", "reply",
    "note", "escalate", "accept", "return", "solve", "reopen", "flag", "claim", "reassign",
    "clock-running", "clock-at-risk", "clock-breached", "clock-met", "clock-paused", "customer",
    "team", "settings", "metrics", "handoff", "light", "dark", "close", "chevron-down",
    "chevron-up", "chevron-left", "chevron-right", "attach", "link", "warning", "check", "bot",
    "lock", "sync", "offline", "send", "snooze", "conflict", "rule", "bell", "add", "more", "undo",
    "copy", "chart-table" };

/// The drawing's own text, read once from the program itself.
const QByteArray &drawing(Icon icon)
{
    static std::array<QByteArray, IconCount> texts;
    QByteArray &text = texts[size_t(icon)];
    if (text.isEmpty()) {
        static const bool isRegistered = (registerDrawings(), true);
        Q_UNUSED(isRegistered);
        QFile file(u":/tierline/icons/"_s + iconName(icon) + u".svg"_s);
        if (file.open(QIODevice::ReadOnly))
            text = file.readAll();
    }
    return text;
}

QPixmap rendered(Icon icon, int size, qreal ratio, const QColor &color)
{
    QByteArray text = drawing(icon);
    text.replace("currentColor", color.name().toLatin1());
    // Drawn on a grid of 20; at other sizes the stroke keeps its 1.5 pixels, up to 24.
    const double stroke = 1.5 * 20.0 / std::clamp(size, 12, 24);
    text.replace(
        "stroke-width=\"1.5\"", "stroke-width=\"" + QByteArray::number(stroke, 'f', 3) + '"');
    QSvgRenderer renderer(text);
    QPixmap pixmap(QSize(size, size) * ratio);
    pixmap.setDevicePixelRatio(ratio);
    pixmap.fill(Qt::transparent);
    QPainter painter(&pixmap);
    painter.setRenderHint(QPainter::Antialiasing);
    renderer.render(&painter, QRectF(0, 0, size, size));
    return pixmap;
}

struct PixmapKey {
    QRgb color;
    quint16 size;
    quint16 ratio; ///< in hundredths
    Icon icon;

    bool operator==(const PixmapKey &) const = default;
};

size_t qHash(const PixmapKey &key, size_t seed = 0)
{
    return qHashMulti(seed, key.color, key.size, key.ratio, int(key.icon));
}

class Engine final : public QIconEngine
{
public:
    Engine(Icon icon, QColor color, QColor disabled)
        : m_icon(icon)
        , m_color(color)
        , m_disabled(disabled)
    {
    }

    QIconEngine *clone() const override { return new Engine(*this); }
    QString iconName() override { return ui::iconName(m_icon); }
    QList<QSize> availableSizes(QIcon::Mode, QIcon::State) override
    {
        return { QSize(16, 16), QSize(20, 20) };
    }
    QSize actualSize(const QSize &size, QIcon::Mode, QIcon::State) override
    {
        const int side = std::min(size.width(), size.height());
        return { side, side };
    }
    void paint(QPainter *painter, const QRect &rect, QIcon::Mode mode, QIcon::State) override
    {
        paintIcon(painter, rect, m_icon, color(mode));
    }
    QPixmap pixmap(const QSize &size, QIcon::Mode mode, QIcon::State state) override
    {
        return scaledPixmap(size, mode, state, 1.0);
    }
    QPixmap scaledPixmap(const QSize &size, QIcon::Mode mode, QIcon::State, qreal scale) override
    {
        // Qt sets the ratio itself. It hands the size in device pixels, and from 6.8 in logical ones.
        int side = std::min(size.width(), size.height());
        if constexpr (QT_VERSION >= QT_VERSION_CHECK(6, 8, 0))
            side = int(std::lround(side * scale));
        QPixmap pixmap
            = iconPixmap(m_icon, std::max(1, int(std::lround(side / scale))), scale, color(mode));
        pixmap.setDevicePixelRatio(1.0);
        return pixmap;
    }

private:
    QColor color(QIcon::Mode mode) const { return mode == QIcon::Disabled ? m_disabled : m_color; }

    Icon m_icon;
    QColor m_color;
    QColor m_disabled;
};

} // namespace

QString iconName(Icon icon)
{
    return QString::fromLatin1(Names[size_t(icon)]);
}

QIcon icon(Icon icon, const Theme &theme, Token token)
{
    static QHash<int, QIcon> icons;
    const int key = (int(icon) << 16) | (int(token) << 4) | int(theme.scheme());
    auto it = icons.constFind(key);
    if (it == icons.constEnd())
        it = icons.insert(key, QIcon(new Engine(icon, theme[token], theme[Token::Disabled])));
    return *it;
}

QIcon icon(Icon which, const QPalette &palette, Token token)
{
    return icon(which, Theme::of(palette), token);
}

QPixmap iconPixmap(Icon icon, int size, qreal ratio, const QColor &color)
{
    static QCache<PixmapKey, QPixmap> pixmaps(1'000);
    const PixmapKey key { color.rgb(), quint16(size), quint16(std::lround(ratio * 100)), icon };
    if (const QPixmap *found = pixmaps.object(key))
        return *found;
    auto *made = new QPixmap(rendered(icon, size, ratio, color));
    QPixmap pixmap = *made;
    pixmaps.insert(key, made);
    return pixmap;
}

void paintIcon(QPainter *painter, const QRectF &rect, Icon icon, const QColor &color)
{
    const int side = int(std::min(rect.width(), rect.height()));
    if (side <= 0)
        return;
    const qreal ratio = painter->device() ? painter->device()->devicePixelRatioF() : 1.0;
    const QPointF corner(
        std::round(rect.center().x() - side / 2.0), std::round(rect.center().y() - side / 2.0));
    painter->drawPixmap(corner, iconPixmap(icon, side, ratio, color));
}

} // namespace tierline::ui
