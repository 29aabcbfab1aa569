#pragma once

#include "core/notify/api/way.h"

// Slack answers 200 when it refuses; what it means is in a word. Pure.

namespace tierline::notify::slack {

/// A word of Slack's as such: small letters, digits and "_", at most 60; empty for anything else. Nothing that a
/// server says otherwise gets into a sentence.
QString codeOf(const QString &word);

/// What a refusal means for a telling at `address`, and what a person does about it. `needed`: the scopes that
/// Slack names with missing_scope. `wait`: what it asked for.
Told toldOfRefusal(
    const QString &code, const QString &needed, const QString &address, Millis wait = Millis(0));

/// Of an answer that is none of Slack's.
Error oddAnswer();

} // namespace tierline::notify::slack
