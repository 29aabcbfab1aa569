#include "widgets/common/tabulartext.h"

#include <QFontMetricsF>
#include <QGlyphRun>
#include <QHash>
#include <QPainter>
#include <QRawFont>

namespace tierline::ui::tabular {

namespace {

/// What is needed of a font, found once for each.
struct Face {
    QRawFont raw;
    QFontMetricsF metrics;
    qreal digit = 0;
};

const Face &faceOf(const QFont &font)
{
    static QHash<QFont, Face> faces;
    auto it = faces.find(font);
    if (it == faces.end()) {
        if (faces.size() > 64)
            faces.clear();
        Face face { QRawFont::fromFont(font), QFontMetricsF(font) };
        for (char16_t c = u'0'; c <= u'9'; ++c)
            face.digit = std::max(face.digit, face.metrics.horizontalAdvance(QChar(c)));
        it = faces.insert(font, face);
    }
    return *it;
}

bool isPlain(const QString &text)
{
    return std::all_of(text.cbegin(), text.cend(), [](QChar c) {
        return c.unicode() >= 0x20
            && (c.unicode() < 0x0300 || (c.unicode() >= 0x2000 && c.unicode() < 0x2028));
    });
}

struct Laid {
    QList<quint32> glyphs;
    QList<QPointF> positions;
    qreal width = 0;
};

/// Glyphs at their places, or nothing where the font lacks one of them.
std::optional<Laid> laid(const QString &text, const Face &face)
{
    Laid out;
    if (!face.raw.isValid() || !isPlain(text))
        return std::nullopt;
    out.glyphs = face.raw.glyphIndexesForString(text);
    if (out.glyphs.size() != text.size() || out.glyphs.contains(0))
        return std::nullopt;
    const QList<QPointF> advances = face.raw.advancesForGlyphIndexes(out.glyphs);
    out.positions.reserve(text.size());
    for (qsizetype i = 0; i < text.size(); ++i) {
        const bool isDigit = text[i] >= u'0' && text[i] <= u'9';
        const qreal own = advances[i].x();
        const qreal cell = isDigit ? face.digit : own;
        out.positions.append({ out.width + (cell - own) / 2, 0 });
        out.width += cell;
    }
    return out;
}

} // namespace

qreal width(const QString &text, const QFont &font)
{
    const Face &face = faceOf(font);
    const auto line = laid(text, face);
    return line ? line->width : face.metrics.horizontalAdvance(text);
}

void draw(QPainter *painter, const QRectF &rect, Qt::Alignment alignment, const QString &text,
    const QFont &font)
{
    const Face &face = faceOf(font);
    const auto line = laid(text, face);
    if (!line) {
        painter->setFont(font);
        if (!(alignment & Qt::AlignVertical_Mask))
            alignment |= Qt::AlignVCenter;
        painter->drawText(rect, int(alignment) | Qt::TextSingleLine, text);
        return;
    }
    qreal x = rect.left();
    if (alignment & Qt::AlignRight)
        x = rect.right() - line->width;
    else if (alignment & Qt::AlignHCenter)
        x = rect.center().x() - line->width / 2;
    qreal y = rect.center().y() + (face.metrics.ascent() - face.metrics.descent()) / 2;
    if (alignment & Qt::AlignTop)
        y = rect.top() + face.metrics.ascent();
    else if (alignment & Qt::AlignBottom)
        y = rect.bottom() - face.metrics.descent();
    QGlyphRun run;
    run.setRawFont(face.raw);
    run.setGlyphIndexes(line->glyphs);
    run.setPositions(line->positions);
    painter->drawGlyphRun({ x, std::round(y) }, run);
}

} // namespace tierline::ui::tabular
