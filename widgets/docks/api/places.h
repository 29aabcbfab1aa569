#pragma once

#include "core/desk/session.h"

#include <QKeySequence>

namespace tierline::ui {

/// A queue that can be gone to: a tier, or one of the person's own views.
struct Place {
    QString id; ///< "tier:L2", "mine", "flagged", "unassigned"
    QString title; ///< "L2 Technical"
    QString shortTitle; ///< for a tab: "L2"
    QString section; ///< heading in the rail
    QString emptySentence; ///< why it may be empty
    QKeySequence shortcut; ///< g and a letter
    storage::QueueQuery query;
};

/// The places of this person, in the order of the rail: work first, then the tiers from the lowest.
/// The home tier is what the window starts with.
QList<Place> placesFor(const desk::People &people);
QString homePlace(const desk::People &people);

} // namespace tierline::ui
