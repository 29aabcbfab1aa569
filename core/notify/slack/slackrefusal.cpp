#include "core/notify/slack/slackrefusal.h"

#include <QStringList>

using namespace Qt::StringLiterals;

namespace tierline::notify::slack {

namespace {

/// What follows of a word.
enum class Then : quint8 {
    Refused, ///< this message, or this place, is not for us
    Shut, ///< nothing gets through until a person sees to it
    Later, ///< nothing was done
    Unknown, ///< Slack says itself that some of it may have been done
};

struct Row {
    QStringList codes;
    Then then;
    Fault fault;
    QString sentence; ///< %1 the place, %2 the word, %3 the scopes
};

const QList<Row> &rows()
{
    static const QList<Row> all {
        { { u"not_in_channel"_s }, Then::Refused, Fault::NotAllowed,
            u"The bot is not in %1: invite it there with /invite."_s },
        { { u"channel_not_found"_s }, Then::Refused, Fault::NotFound,
            u"Slack has no %1, or does not show it to the bot: check the name, and invite the bot there with /invite where the channel is private."_s },
        { { u"is_archived"_s }, Then::Refused, Fault::NotAllowed,
            u"%1 is archived: unarchive it in Slack, or choose another channel."_s },
        { { u"restricted_action"_s, u"restricted_action_read_only_channel"_s,
              u"restricted_action_thread_only_channel"_s,
              u"restricted_action_non_threadable_channel"_s, u"restricted_action_thread_locked"_s },
            Then::Refused, Fault::NotAllowed,
            u"The rules of the workspace keep the bot from posting in %1 (%2): ask whoever runs it, or choose another channel."_s },
        { { u"user_not_found"_s, u"user_disabled"_s, u"cannot_dm_bot"_s, u"messages_tab_disabled"_s,
              u"is_bot"_s },
            Then::Refused, Fault::NotFound,
            u"%1 cannot be written to directly (%2): check the id, and that direct messages to the app are on in its settings."_s },
        { { u"message_not_found"_s, u"thread_not_found"_s, u"cant_update_message"_s,
              u"edit_window_closed"_s, u"cannot_reply_to_message"_s },
            Then::Refused, Fault::NotFound,
            u"The earlier post in %1 is gone or can no longer be changed (%2)."_s },
        { { u"msg_too_long"_s, u"msg_blocks_too_long"_s, u"invalid_blocks"_s,
              u"invalid_blocks_format"_s, u"no_text"_s, u"metadata_too_large"_s,
              u"invalid_metadata_format"_s, u"invalid_metadata_schema"_s, u"invalid_arguments"_s },
            Then::Refused, Fault::BadInput,
            u"Slack does not take this message as it is (%2), and would refuse it again; look at the ticket here instead."_s },
        { { u"invalid_auth"_s, u"not_authed"_s, u"not_allowed_token_type"_s }, Then::Shut,
            Fault::SignIn,
            u"Slack does not accept the bot token (%2): copy it anew from “OAuth & Permissions” of the app and enter it."_s },
        { { u"token_revoked"_s, u"token_expired"_s, u"account_inactive"_s }, Then::Shut,
            Fault::SignIn,
            u"The bot token is no longer valid (%2): install the app in the workspace again and enter the new token."_s },
        { { u"missing_scope"_s, u"no_permission"_s }, Then::Shut, Fault::NotAllowed,
            u"The bot lacks %3: add it under “OAuth & Permissions” of the app, install the app again and enter the token."_s },
        { { u"org_login_required"_s, u"ekm_access_denied"_s, u"team_access_not_granted"_s,
              u"access_denied"_s, u"accesslimited"_s, u"two_factor_setup_required"_s },
            Then::Shut, Fault::NotAllowed,
            u"The workspace does not let the bot in (%2): ask whoever runs it."_s },
        { { u"ratelimited"_s, u"rate_limited"_s, u"message_limit_exceeded"_s }, Then::Later,
            Fault::RateLimited, u"Slack wants to be asked more slowly; it goes on by itself."_s },
        { { u"service_unavailable"_s, u"request_timeout"_s, u"team_added_to_org"_s }, Then::Later,
            Fault::BadReply, u"Slack has trouble of its own (%2); it is asked again by itself."_s },
        { { u"fatal_error"_s, u"internal_error"_s }, Then::Unknown, Fault::BadReply,
            u"Slack had trouble of its own (%2), and may have done what was asked all the same."_s },
    };
    return all;
}

const Row &rowOf(const QString &code)
{
    static const Row other { {}, Then::Refused, Fault::BadReply,
        u"Slack refused what was meant for %1 and says “%2”."_s };
    for (const Row &row : rows()) {
        if (row.codes.contains(code))
            return row;
    }
    return other;
}

/// "the scope chat:write", of a list of such words and of nothing else.
QString scopesOf(const QString &needed)
{
    const bool isList
        = !needed.isEmpty() && needed.size() <= 200 && std::ranges::all_of(needed, [](QChar c) {
              return (c >= u'a' && c <= u'z') || c == u':' || c == u'.' || c == u'_' || c == u',';
          });
    if (!isList)
        return u"a permission"_s;
    return u"the scope "_s + QString(needed).replace(u',', u" or "_s);
}

} // namespace

QString codeOf(const QString &word)
{
    const bool isCode = word.size() <= 60 && std::ranges::all_of(word, [](QChar c) {
        return (c >= u'a' && c <= u'z') || (c >= u'0' && c <= u'9') || c == u'_';
    });
    return isCode ? word : QString();
}

Told toldOfRefusal(const QString &code, const QString &needed, const QString &address, Millis wait)
{
    using Outcome = Told::Outcome;
    const Row &row = rowOf(code);
    Error error { .fault = row.fault, .detail = row.sentence };
    error.detail.replace("%3"_L1, scopesOf(needed))
        .replace("%2"_L1, code.isEmpty() ? u"no reason"_s : code)
        .replace("%1"_L1, address.isEmpty() ? u"the channel"_s : address.left(100));
    switch (row.then) {
    case Then::Refused: return { .outcome = Outcome::Refused, .error = error };
    case Then::Shut:
        // The same arrives once a person has seen to it.
        error.retry = Retry::AfterSignIn;
        return { .outcome = Outcome::Later, .error = error, .isWayShut = true };
    case Then::Later:
    case Then::Unknown: break;
    }
    error.retry = Retry::Later;
    error.wait = wait;
    return { .outcome = row.then == Then::Later ? Outcome::Later : Outcome::Unknown,
        .wait = wait,
        .error = error };
}

Error oddAnswer()
{
    return { .fault = Fault::BadReply,
        .detail
        = u"The answer is not one of Slack's; check the address, and whether a proxy stands before it."_s,
        .retry = Retry::Later };
}

} // namespace tierline::notify::slack
