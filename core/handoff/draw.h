#pragma once

#include "core/domain/handoff.h"

namespace tierline::handoff {

// The ways in which a package is shown. All are pure, take any JSON object (what is missing or of
// another type is left out) and treat every text in it as foreign. Labels are English; a desktop in
// another language takes them from CardSection::kind.

/// Plain text for mail and terminals: first screen, a rule, then everything else. Control characters
/// other than line ends are removed.
QString asText(const Handoff &handoff);
/// The first screen alone, as asText() begins: at most FirstScreenWords words.
QString firstScreenText(const Handoff &handoff);
/// Markdown for a helpdesk's internal note. Foreign text is escaped: it cannot make a heading, link,
/// image, mention, table or HTML.
QString asMarkdown(const Handoff &handoff);
/// One self-contained HTML page: no script, no external reference, readable offline and in print.
QString asHtml(const Handoff &handoff);

/// What a section is about, so that a desktop can name it in its own language.
enum class CardKind : quint8 {
    Expects,
    Who,
    Need,
    Why,
    Tried,
    Urgency,
    Promises,
    Next,
    // below the first screen
    Form, ///< the form's own words, whole
    History,
    Summary,
    Bot,
    Files,
    Original,
    Events,
};

enum class Emphasis : quint8 {
    Plain,
    Strong, ///< what the eye must meet first
    Warning, ///< urgency, promises that are still open, low health
    Muted,
};

/// One block of the card as the dock draws it. Texts are plain text, unescaped; never rich text.
struct CardSection {
    CardKind kind = CardKind::Expects;
    QString title;
    QStringList lines;
    Emphasis emphasis = Emphasis::Plain;

    bool operator==(const CardSection &) const = default;
};

struct Card {
    QString title; ///< "T-12 · L1 → L2"
    QString subject;
    QList<CardSection> first; ///< fits on one screen
    QList<CardSection> below; ///< for those who scroll
    int words = 0; ///< of the first screen, title and labels included

    bool operator==(const Card &) const = default;
};

Card asCard(const Handoff &handoff);

} // namespace tierline::handoff
