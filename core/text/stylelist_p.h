#pragma once

#include <QString>
#include <QStringView>

namespace tierline::text {

/// What of a style attribute survives, each from a short list of values.
struct StyleChoice {
    QLatin1StringView weight; ///< bold, normal or empty
    QLatin1StringView slant; ///< italic, normal or empty
    QLatin1StringView decoration; ///< underline, line-through, none or empty
    QLatin1StringView alignment; ///< left, right, center, justify or empty
    bool keepsLines = false; ///< white-space kept line breaks; the writer turns them into <br>

    /// The style attribute's value, always in the same order; alignment only where asked for.
    QString css(bool isBlock) const;
};

/// Reads a style attribute. Colours, sizes, positions, url() and all else are dropped: the first two
/// would break dark mode and legibility, the others reach outside the message. O(n).
StyleChoice readStyle(QStringView style);

/// The HTML align attribute as the same value.
QLatin1StringView readAlignment(QStringView value);

} // namespace tierline::text
