#pragma once

#include <QStringList>

namespace tierline::desk {

/// The difference of two texts as people read it: lines that go begin with "-", lines that come with "+", up to
/// two that stay around them with a space, and "@@ line N" before each stretch. Empty where they are equal.
/// Pure; above some thousand different lines on each side they are told as one block.
QStringList lineDiff(const QString &before, const QString &after);

} // namespace tierline::desk
