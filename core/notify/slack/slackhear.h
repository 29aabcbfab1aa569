#pragma once

#include "core/notify/slack/slackdesk.h"

namespace tierline::notify::slack {

/// Reads who claimed what is open: of each channel the posts, with their reactions, and the threads that were
/// answered in; then who those people are. The first claim is first. A channel that is closed to the bot is left
/// out as long as others are heard.
std::unique_ptr<Errand> hearSlack(
    SlackDesk &desk, const std::vector<Open> &open, HeardHandler done);

} // namespace tierline::notify::slack
