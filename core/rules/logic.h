#pragma once

#include "core/rules/tree.h"

namespace tierline::rules {

// What follows from conditions alone, whatever the ticket. Each fact is taken for itself: that a negative
// sentiment goes with a low score is not known here. Pure, thread: any. Where a condition branches into more
// than some hundred cases nothing is claimed.

/// Whether something is so for every ticket of which enough is known.
enum class Claim : quint8 { No, Yes, TooManyCases };

/// No ticket makes it hold.
Claim neverHolds(const Expr &expr);
/// Every ticket makes it hold.
Claim alwaysHolds(const Expr &expr);
/// Whatever makes `narrow` hold makes `wide` hold.
Claim implies(const Expr &narrow, const Expr &wide);
/// Some ticket may make both hold. TooManyCases counts as yes.
bool mayHoldTogether(const Expr &a, const Expr &b);

/// Whether a fact with this value (a tier, a priority, a tag that was added) makes a test of it hold.
bool holdsFor(const Test &test, const QString &value);

} // namespace tierline::rules
