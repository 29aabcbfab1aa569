#pragma once

#include <QByteArray>
#include <QStringView>

namespace tierline::text {

/// How much of a foreign document is looked at. What lies beyond is left out.
struct IntakeLimits {
    qsizetype characters = 2'000'000;
    int tags = 30'000; ///< tags that are handed on, opening and closing
    int depth = 128; ///< open elements
    qsizetype attributeCharacters = 8'192;
    qsizetype pictureCharacters = 400'000; ///< an img's src, which may hold the picture itself
};

struct Intake {
    QByteArray html; ///< UTF-8
    bool isShortened = false;
};

/// Foreign HTML rewritten so that the tree builder's work is bounded: only known elements and
/// attributes, each attribute once, quoted; every element closed in order; comments, scripts, styles
/// and all other raw text gone; depth and number of tags capped. This is not the security policy
/// (sanitize.cpp decides on the parsed tree); it keeps a tree builder, whose cost grows with the
/// square of the open elements, linear. Thread: any. O(n) time and memory.
Intake takeIn(QStringView html, const IntakeLimits &limits = {});

} // namespace tierline::text
