#pragma once

#include "core/notify/slack/slackdesk.h"

namespace tierline::notify::slack {

/// Tells: one post for each topic and place. What is told of it later changes that post, and stands in its thread.
std::unique_ptr<Errand> tellSlack(SlackDesk &desk, const Telling &telling, ToldHandler done);

/// Looks whether a telling arrived: by its id in the metadata of messages, in the thread and among the posts.
std::unique_ptr<Errand> lookInSlack(SlackDesk &desk, const Telling &telling, ToldHandler done);

} // namespace tierline::notify::slack
