#pragma once

#include <QStringList>

#include <vector>

namespace tierline::rules {

/// Something in a rule text that cannot be taken. Lines and columns from 1, in UTF-16 units as Qt's
/// editors count them; a tab is one.
struct Problem {
    int line = 1;
    int column = 1;
    qsizetype start = 0; ///< the same place, from the start of the text
    qsizetype length = 0; ///< 0 only at the end of the text
    QString message; ///< sentences: what is wrong, what was expected, what to write instead
    QString nearest; ///< the known word that was probably meant, or empty
    QStringList expected; ///< what could stand there, for completion; may be cut

    bool operator==(const Problem &) const = default;
    /// "line 2, column 8: …"
    QString text() const;
};
using Problems = std::vector<Problem>;

} // namespace tierline::rules
