#pragma once

#include <QHash>
#include <QSet>
#include <QString>
#include <QStringList>
#include <QStringView>

namespace tierline::text {

/// What a foreign document may cost. The defaults keep every message within a small multiple of an
/// ordinary one in a rich-text view.
struct SanitizeLimits {
    qsizetype outputCharacters = 250'000; ///< without inline pictures
    int nodes = 6'000; ///< elements
    int gridCells
        = 8'000; ///< rows times columns of all tables; a view's work grows with them, not with the cells
    int elementDepth = 64;
    int tableDepth = 2; ///< each further level doubles the time of a rich-text view
    int wordCharacters = 400;
    int marksPerLetter = 8;
    qsizetype pictureBytes = 256 * 1024; ///< one data: picture, decoded
    qsizetype allPictureBytes = 1024 * 1024;
    int blockedPictures = 200; ///< how many addresses are listed
};

struct SanitizeOptions {
    /// Names of the message's own picture parts (Content-ID without brackets). Only these stay.
    QSet<QString> pictureNames;
    /// Pictures that a person asked to load and that were fetched: address as in
    /// Sanitized::blockedPictures, and the picture name under which the view finds it.
    QHash<QString, QString> fetchedPictures;
    /// Shown for a blocked picture that has no text of its own.
    QString pictureText = QStringLiteral("[picture]");
    SanitizeLimits limits;
};

struct Sanitized {
    QString html; ///< inner HTML of a body: no html, head or style element
    QStringList blockedPictures; ///< http(s) addresses, each once, in order of appearance
    int blockedPictureCount = 0; ///< all of them, also those beyond the list
    bool isShortened = false; ///< text is missing or was broken up: offer the original
    bool isSimplified
        = false; ///< tables beyond the second level or very deep elements became plain
    ///< blocks; nothing is missing, and ordinary newsletters do this
};

/// Foreign HTML as HTML that is safe to show, to quote in a reply, to print and to export; the only
/// way for foreign HTML into a rich-text view.
///
/// Elements: p br div span b strong i em u s code pre blockquote ul ol li h3-h6 table thead tbody tr
/// td th hr a img; all others lose their tag and keep their text, scripts and styles lose both. Of
/// styles weight, slant, underline and alignment stay; colours and sizes go, so that the text is
/// readable in a dark view and nothing can be invisible or gigantic. Links: http, https, mailto,
/// re-serialised. Pictures: `cid:` of the given names, and PNG, JPEG, GIF, WebP within `data:` whose
/// content is what it says; a remote picture becomes its alternative text and is counted.
///
/// Total: there is no input that fails, and sanitising the result again changes nothing.
/// Thread: any, but not the UI's for whole messages. O(n); some 20 KB take well under a millisecond.
Sanitized sanitizeHtml(QStringView foreign, const SanitizeOptions &options = {});

} // namespace tierline::text
