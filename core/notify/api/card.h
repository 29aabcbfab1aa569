#pragma once

#include <QString>

namespace tierline::notify {

/// What somebody is told of one ticket, in its final words (M89). Every part is plain text of people and customers,
/// foreign wherever it goes: a way escapes it for its destination, and puts nothing in the place of marks inside it.
/// Whoever composes a card leaves out what its reader may not see, so of a legal or security queue an outsider gets
/// the ticket alone; a way shows what is there and asks nothing.
struct Card {
    QString ticket; ///< key; never empty
    QString subject;
    QString customer; ///< person and organization: "Ada Byron, ACME"
    QString plan; ///< "enterprise"
    QString tier; ///< where the ticket is: "L2 Technical"
    QString reason; ///< why, as a rule prints it
    QString text; ///< what is said, at most `longestNotice`
    QString link; ///< opens the ticket; https, or empty
    bool isUrgent = false;

    bool operator==(const Card &) const = default;
};

/// The longest text of a notice, in UTF-16 units.
inline constexpr qsizetype longestNotice = 2'000;

/// One line for lists, pagers and subjects: "T-12 · SSO login loops · ACME (enterprise)". Without line breaks.
QString headline(const Card &card);

/// A text of at most so many UTF-16 units, "…" among them where it was cut; never cut inside a character
/// of ordinary length.
QString cut(const QString &text, qsizetype most);

/// All of it as lines of plain text, for whoever shows nothing else; without the headline.
QString inLines(const Card &card);

} // namespace tierline::notify
