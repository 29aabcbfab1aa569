#pragma once

#include "core/base/ids.h"
#include "core/base/instant.h"

#include <QByteArray>

namespace tierline::importing {

/// A small file as customers attach them, made from nothing.
struct SampleFile {
    QString name;
    QString contentType;
    QByteArray bytes;
};

/// `kind`: "png" (a screen with a plan on it), "log" (lines of a program), "csv" (hours or payments).
SampleFile makeSampleFile(const QString &kind, Instant at, RandomSource &random);

/// A true colour PNG of `width` × `height` from its pixels, three bytes each.
QByteArray pngOf(int width, int height, const QByteArray &pixels);

} // namespace tierline::importing
