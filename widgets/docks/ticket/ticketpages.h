#pragma once

#include "core/desk/openticket.h"
#include "core/desk/session.h"
#include "widgets/common/clocktext.h"
#include "widgets/common/theme.h"

namespace tierline::ui {

/// Facts and log of a ticket as HTML of our own making: every foreign text in it is escaped.
QString factsHtml(const desk::OpenTicket &ticket, const desk::People &people,
    const TimeWords &words, const Theme &theme, Instant now);
QString logHtml(const desk::OpenTicket &ticket, const desk::People &people, const TimeWords &words,
    const Theme &theme, Instant now);

/// What an event did, in words: "escalated · to L2 Technical · status open". `message` is what was
/// written with it, or null.
QString eventWords(const Event &event, const Message *message, const desk::People &people);

} // namespace tierline::ui
