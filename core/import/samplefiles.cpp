#include "core/import/samplefiles.h"

#include "core/import/sampletext.h"

#include <QtEndian>

#include <array>

#include <zlib.h>

namespace tierline::importing {

using namespace Qt::StringLiterals;

namespace {

void addNumber(QByteArray &bytes, quint32 number)
{
    const quint32 big = qToBigEndian(number);
    bytes.append(reinterpret_cast<const char *>(&big), sizeof big);
}

void addChunk(QByteArray &png, const QByteArray &type, const QByteArray &data)
{
    addNumber(png, static_cast<quint32>(data.size()));
    const QByteArray body = type + data;
    png.append(body);
    addNumber(png,
        static_cast<quint32>(crc32(
            0, reinterpret_cast<const Bytef *>(body.constData()), static_cast<uInt>(body.size()))));
}

struct Colour {
    quint8 r, g, b;
};

/// A plan: rows of people, coloured shifts in columns of days, one of them marked.
QByteArray planPicture(RandomSource &random)
{
    constexpr int Width = 320;
    constexpr int Height = 180;
    static constexpr std::array<Colour, 4> shifts { { { 44, 92, 197 }, { 27, 110, 67 },
        { 135, 83, 0 }, { 107, 63, 160 } } };
    QByteArray pixels(Width * Height * 3, char(0xf8));
    const auto fill = [&](int x, int y, int w, int h, Colour c) {
        for (int row = y; row < qMin(y + h, Height); ++row) {
            for (int column = x; column < qMin(x + w, Width); ++column) {
                char *pixel = pixels.data() + (row * Width + column) * 3;
                pixel[0] = static_cast<char>(c.r);
                pixel[1] = static_cast<char>(c.g);
                pixel[2] = static_cast<char>(c.b);
            }
        }
    };
    fill(0, 0, Width, 16, { 59, 66, 80 });
    for (int row = 0; row < 8; ++row) {
        fill(6, 24 + row * 19, between(30, 54, random), 6, { 120, 128, 140 });
        for (int day = 0; day < 7; ++day) {
            if (chance(70, random))
                fill(70 + day * 35, 20 + row * 19, 31, 14,
                    shifts[static_cast<size_t>(random.below(4))]);
        }
    }
    const int x = 68 + between(0, 6, random) * 35;
    const int y = 18 + between(0, 7, random) * 19;
    fill(x, y, 35, 2, { 179, 38, 30 });
    fill(x, y + 16, 35, 2, { 179, 38, 30 });
    fill(x, y, 2, 18, { 179, 38, 30 });
    fill(x + 33, y, 2, 18, { 179, 38, 30 });
    return pngOf(Width, Height, pixels);
}

QByteArray logText(Instant at, RandomSource &random)
{
    static const QStringList lines { u"INFO  session opened"_s, u"INFO  plan loaded, 42 people"_s,
        u"WARN  answer took %1 ms"_s, u"INFO  retry in 5 s"_s,
        u"ERROR connection closed by peer (code %1)"_s, u"WARN  token is from an older login"_s,
        u"INFO  sending %1 kept entries"_s, u"ERROR could not store the session, giving up"_s };
    QString text;
    Instant moment = at - std::chrono::minutes(7);
    for (int i = between(18, 40, random); i > 0; --i) {
        moment = moment + Millis(between(200, 14'000, random));
        const QString line = lines[random.below(lines.size())];
        text += moment.iso() + u' '
            + (line.contains(u"%1") ? line.arg(between(31, 4800, random)) : line) + u'\n';
    }
    return text.toUtf8();
}

QByteArray csvText(Instant at, RandomSource &random)
{
    QString text = u"number;date;hours;correction\n"_s;
    for (int i = between(12, 45, random); i > 0; --i)
        text += u"%1;%2;%3;%4\n"_s.arg(between(1001, 1480, random))
                    .arg((at - std::chrono::hours(24 * (i % 30))).iso().left(10))
                    .arg(between(12, 40, random) / 4.0)
                    .arg(chance(15, random) ? u"-1.00"_s : u"0.00"_s);
    return text.toUtf8();
}

} // namespace

QByteArray pngOf(int width, int height, const QByteArray &pixels)
{
    QByteArray rows;
    rows.reserve((width * 3 + 1) * height);
    for (int row = 0; row < height; ++row)
        rows += '\0' + pixels.mid(row * width * 3, width * 3);
    QByteArray header;
    addNumber(header, static_cast<quint32>(width));
    addNumber(header, static_cast<quint32>(height));
    header += QByteArray::fromHex("0802000000"); // 8 bits, true colour, no interlace
    QByteArray png = QByteArray::fromHex("89504e470d0a1a0a");
    addChunk(png, "IHDR", header);
    addChunk(png, "IDAT", qCompress(rows, 9).mid(4)); // without Qt's own length in front
    addChunk(png, "IEND", {});
    return png;
}

SampleFile makeSampleFile(const QString &kind, Instant at, RandomSource &random)
{
    const QString day = at.iso().left(10);
    if (kind == u"png")
        return { u"screen-%1.png"_s.arg(day), u"image/png"_s, planPicture(random) };
    if (kind == u"log")
        return { u"client-%1.log"_s.arg(day), u"text/plain"_s, logText(at, random) };
    return { u"export-%1.csv"_s.arg(day), u"text/csv"_s, csvText(at, random) };
}

} // namespace tierline::importing
