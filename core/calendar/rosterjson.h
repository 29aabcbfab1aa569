#pragma once

#include "core/calendar/roster.h"

#include <QJsonObject>

namespace tierline::roster {

// A roster as text: `{"name","zone","escalate_after":"5m","loops":1,"layers":[{"name","agents":["priya","tom"],
// "starts":"2026-06-01","handover":"09:00","every":1,"unit":"hours|days|weeks","weekday":"mon",
// "hours":{"mon":[["18:00","08:00"]]}}],"overrides":[{"from","to","layer","agent","instead","why"}]}`.
// "weekday" is of weeks only; "hours", "overrides" and, of an override, "layer", "instead" and "why" may be left out.
// What is written reads back as the same roster, its hours in order and joined, and is written the same again.

/// BadInput with the place where it cannot be used: an unknown key, too many of anything, or what check() refuses.
Result<Roster> rosterFromJson(const QJsonObject &json);
/// Of a roster that check() takes.
QJsonObject rosterToJson(const Roster &roster);

} // namespace tierline::roster
