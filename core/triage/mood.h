#pragma once

#include "core/triage/signs.h"

namespace tierline::triage {

// How the writer feels. Room-private.

struct MoodReading {
    int sentiment = 0;
    Mood mood = Mood::Neutral;
    std::vector<Evidence> evidence;
};

/// Weighs the words of mood: at each place the longest counts; negated, boosted and damped ones by what
/// stands before them in their clause; praise inside a wish or a question hardly. Emoticons count too,
/// capitals and exclamation marks make it louder.
MoodReading readMood(const Lexicon &lexicon, QStringView text, const text::WordedText &words);

/// Whether most of it is written in capitals.
bool isShouted(QStringView text);

} // namespace tierline::triage
