#pragma once

#include "core/triage/lexicon.h"

#include <QStringList>

namespace tierline::triage {

enum class Mood : quint8 { Negative, Neutral, Positive };
enum class Risk : quint8 { Low, Medium, High };
QString code(Mood mood); ///< "negative"
QString code(Risk risk); ///< "low"

/// A place in the text that speaks for one of the signs: what a view highlights.
struct Evidence {
    qsizetype start = 0;
    qsizetype length = 0;
    Meaning meaning = Meaning::Neutral;
    int weight = 0; ///< as its list has it; negated moods have changed sides

    bool operator==(const Evidence &) const = default;
};

/// What a customer's text says about how they are, and what they want.
struct Signs {
    int sentiment = 0; ///< -100 … 100
    Mood mood = Mood::Neutral;
    int urgency = 0; ///< 0 … 100
    Risk risk
        = Risk::Low; ///< that this ends in an escalation, a lawyer's letter or a lost customer
    bool hasChurnIntent = false;
    bool hasLegalWords = false;
    bool asksForHuman = false;
    bool asksForManager = false;
    QStringList categories; ///< most spoken of first
    QString language; ///< "en": what the text was taken for
    std::vector<Evidence> evidence; ///< in the order of the text

    /// The highlighted words as they are written, each once.
    QStringList words(QStringView text) const;
};

} // namespace tierline::triage
