#pragma once

#include <QtGlobal>

namespace tierline::text {

/// Where in the output the writer stands; handed down by value.
struct Place {
    int depth = 0;
    int tables = 0;
    quint32 formatting = 0; ///< bits of the formatting elements around
    bool isPre = false;
    bool keepsLines = false;
    bool isInList = false; ///< directly
    bool isInLink = false;
    bool isInHeading = false;
    bool isInFlatTable = false; ///< of a table that became plain blocks
    bool isInFrame = false; ///< directly in a table's structure, where text has no place
};

} // namespace tierline::text
