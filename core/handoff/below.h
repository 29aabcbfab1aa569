#pragma once

#include "core/handoff/draw.h"

#include <QJsonObject>

// Internal to core/handoff: what stands below the first screen, as parts that every drawing uses.

namespace tierline::handoff {

struct BelowLine {
    QString text; ///< foreign wherever it is not a mere label
    bool isBlock = false; ///< several lines that must stay as they are, word for word
};

struct BelowPart {
    CardKind kind = CardKind::Form;
    QString title;
    std::vector<BelowLine> lines;
};

/// The parts that have something in them, in the order in which they are read.
std::vector<BelowPart> belowParts(const QJsonObject &document);

} // namespace tierline::handoff
