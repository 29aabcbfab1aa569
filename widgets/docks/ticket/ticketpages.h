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
    const Theme &theme);

/// What an event did, in words: "moved to L2, Technical · status open".
QString eventWords(const Event &event, const desk::People &people);

} // namespace tierline::ui
