#include "widgets/docks/ticket/ticketpages.h"

#include "core/escalation/eventdata.h"
#include "widgets/common/chip.h"
#include "widgets/common/plainlabel.h"
#include "widgets/docks/ticket/actorwords.h"

#include <QCoreApplication>

#include <algorithm>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

struct Pages {
    Q_DECLARE_TR_FUNCTIONS(TicketPages)
};

QString safe(const QString &foreign)
{
    return oneLine(foreign, 400).toHtmlEscaped();
}

QString timeHtml(const TimeWords &words, Instant at, Instant now)
{
    return u"<span title=\"%1\">%2</span>"_s.arg(
        words.exact(at).toHtmlEscaped(), words.stamp(at, now).toHtmlEscaped());
}

class Page
{
public:
    explicit Page(const Theme &theme)
        : m_muted(theme[Token::Muted].name())
    {
    }
    void head(const QString &title)
    {
        close();
        m_html += u"<p style=\"margin-top:16px; margin-bottom:4px\"><b>%1</b></p>"
                  "<table cellspacing=\"0\" cellpadding=\"2\" width=\"100%\">"_s.arg(
                      title.toHtmlEscaped());
        m_isOpen = true;
    }
    void row(const QString &name, const QString &value)
    {
        if (value.isEmpty())
            return;
        m_html += u"<tr><td width=\"34%\" style=\"color:%1\">%2</td><td>%3</td></tr>"_s.arg(
            m_muted, name.toHtmlEscaped(), safe(value));
    }
    /// A time in its short form, the whole instant behind it.
    void time(const QString &name, const TimeWords &words, Instant at, Instant now)
    {
        m_html += u"<tr><td width=\"34%\" style=\"color:%1\">%2</td><td>%3</td></tr>"_s.arg(
            m_muted, name.toHtmlEscaped(), timeHtml(words, at, now));
    }
    void note(const QString &text)
    {
        m_html += u"<p style=\"color:%1\">%2</p>"_s.arg(m_muted, text.toHtmlEscaped());
    }
    QString finished()
    {
        close();
        return m_html;
    }

private:
    void close()
    {
        if (std::exchange(m_isOpen, false))
            m_html += u"</table>"_s;
    }
    QString m_html, m_muted;
    bool m_isOpen = false;
};

QString stageName(Stage stage)
{
    switch (stage) {
    case Stage::Detection: return Pages::tr("Detection");
    case Stage::Triage: return Pages::tr("Triage");
    case Stage::Handoff: return Pages::tr("Waiting to be accepted");
    case Stage::Resolution: return Pages::tr("Resolution");
    case Stage::Communication: return Pages::tr("With the customer");
    case Stage::Closure: return Pages::tr("Awaiting the customer's yes");
    case Stage::Review: return Pages::tr("Review");
    }
    return {};
}

QString outcomeName(const Escalation &escalation)
{
    if (escalation.isOpen())
        return Pages::tr("open");
    switch (escalation.outcome) {
    case Outcome::None: break;
    case Outcome::Resolved: return Pages::tr("resolved");
    case Outcome::Returned: return Pages::tr("returned");
    case Outcome::Reversed: return Pages::tr("returned: the tier below could have solved it");
    case Outcome::Withdrawn: return Pages::tr("withdrawn");
    case Outcome::Dropped: return Pages::tr("dropped");
    case Outcome::Superseded: return Pages::tr("went further up");
    }
    return code(escalation.outcome);
}

/// What somebody wrote, by who reads it.
QString messageName(const Message &message)
{
    if (message.author == AuthorKind::System)
        return Pages::tr("told the customer");
    switch (message.kind) {
    case MessageKind::InternalNote: return Pages::tr("wrote an internal note");
    case MessageKind::PublicReply:
        return message.author == AuthorKind::Agent ? Pages::tr("replied") : Pages::tr("wrote");
    case MessageKind::BotTurn:
    case MessageKind::System: break;
    }
    return Pages::tr("wrote");
}

QString kindName(EventKind kind)
{
    switch (kind) {
    case EventKind::Created: return Pages::tr("opened");
    case EventKind::Message: return Pages::tr("wrote");
    case EventKind::Changed: return Pages::tr("changed");
    case EventKind::LogRow: return Pages::tr("recorded");
    case EventKind::Flagged: return Pages::tr("flagged as out of scope");
    case EventKind::Unflagged: return Pages::tr("removed the flag");
    case EventKind::Triaged: return Pages::tr("looked at the flag");
    case EventKind::Claimed: return Pages::tr("claimed");
    case EventKind::Reassigned: return Pages::tr("reassigned");
    case EventKind::Escalated: return Pages::tr("escalated");
    case EventKind::Accepted: return Pages::tr("accepted");
    case EventKind::Returned: return Pages::tr("returned");
    case EventKind::Withdrawn: return Pages::tr("withdrew the escalation");
    case EventKind::Solved: return Pages::tr("solved, asked for a yes");
    case EventKind::Confirmed: return Pages::tr("customer confirmed");
    case EventKind::Reopened: return Pages::tr("reopened");
    case EventKind::Reviewed: return Pages::tr("reviewed");
    case EventKind::Csat: return Pages::tr("customer's score");
    case EventKind::Undone: return Pages::tr("undid");
    case EventKind::Followed: return Pages::tr("follows");
    case EventKind::Moved: return Pages::tr("moved elsewhere");
    }
    return {};
}

} // namespace

QString eventWords(const Event &event, const Message *message, const desk::People &people)
{
    if (event.data.contains(eventdata::reached))
        return Pages::tr("the helpdesk has the reply");
    QStringList parts { message ? messageName(*message) : kindName(event.kind) };
    if (event.tier || event.team)
        parts.append(Pages::tr("to %1").arg(
            QStringList { event.tier.value_or(QString()), event.team.value_or(QString()) }
                .join(u' ')
                .trimmed()));
    // Who takes a ticket is named already, and one that has just moved is nobody's.
    const bool isPlain = event.assignee
        && (*event.assignee == event.actor
            || (event.assignee->isEmpty()
                && (event.kind == EventKind::Escalated || event.kind == EventKind::Created)));
    if (event.assignee && !isPlain)
        parts.append(event.assignee->isEmpty()
                ? Pages::tr("nobody has it")
                : Pages::tr("for %1").arg(people.nameOf(*event.assignee)));
    if (event.status)
        parts.append(Pages::tr("status %1").arg(statusText(*event.status)));
    if (event.priority)
        parts.append(Pages::tr("priority %1").arg(priorityText(*event.priority)));
    if (event.kind == EventKind::Csat)
        parts.append(Pages::tr("%1 of 5").arg(event.data.value("score"_L1).toInt()));
    if (!event.note.isEmpty())
        parts.append(u"“"_s + event.note + u"”"_s);
    return parts.join(u" · "_s);
}

QString factsHtml(const desk::OpenTicket &open, const desk::People &people, const TimeWords &words,
    const Theme &theme, Instant now)
{
    const desk::TicketDetails &d = open.details;
    const Ticket &t = d.state.ticket;
    const Organization &o = d.organization;
    Page page(theme);
    page.head(Pages::tr("Customer"));
    page.row(Pages::tr("Name"), d.requester.name);
    page.row(Pages::tr("Mail"), d.requester.email);
    page.row(Pages::tr("Company"), o.name);
    page.row(Pages::tr("Plan"), o.plan);
    page.row(Pages::tr("Revenue a year"), o.arr ? words.locale.toString(*o.arr) : QString());
    page.row(Pages::tr("Health"), o.health ? words.locale.toString(*o.health) : QString());
    page.row(Pages::tr("Renewal"),
        o.renewal.isValid() ? words.locale.toString(o.renewal, QLocale::ShortFormat) : QString());
    page.row(Pages::tr("Flags"), o.flags.join(u", "_s));
    page.head(Pages::tr("Ticket"));
    page.row(Pages::tr("Id"), t.key);
    page.row(Pages::tr("Status"),
        t.isAwaitingYes ? Pages::tr("solved, awaiting the customer's yes") : statusText(t.status));
    page.row(Pages::tr("Priority"), priorityText(t.priority));
    page.row(Pages::tr("Tier"), t.tier + (t.team.isEmpty() ? QString() : u" · "_s + t.team));
    page.row(
        Pages::tr("Owner"), t.assignee.isEmpty() ? Pages::tr("nobody") : people.nameOf(t.assignee));
    page.row(Pages::tr("Category"), t.category);
    page.row(Pages::tr("Product"), t.product);
    page.row(Pages::tr("Channel"), t.channel);
    page.row(Pages::tr("Tags"), t.tags.join(u", "_s));
    QStringList followers;
    for (const QString &id : t.followers)
        followers.append(people.nameOf(id));
    page.row(Pages::tr("Followers"), followers.join(u", "_s));
    page.time(Pages::tr("Opened"), words, t.created, now);
    page.row(Pages::tr("Flag"), t.flagNote);
    for (auto it = t.fields.begin(); it != t.fields.end(); ++it) {
        if (it.value().isString() || it.value().isDouble() || it.value().isBool())
            page.row(it.key(), it.value().toVariant().toString());
    }
    for (const Escalation &e : d.state.escalations) {
        page.head(Pages::tr("Escalation %1 → %2").arg(e.fromTier, e.toTier));
        page.row(Pages::tr("Why"), e.sentence);
        page.row(Pages::tr("By"),
            actorWords(e.actor, AuthorKind::Agent, d.requester.name, people).line());
        page.time(Pages::tr("Since"), words, e.moved.value_or(e.opened), now);
        page.row(Pages::tr("Outcome"), outcomeName(e));
        for (const StageEntry &s : e.stages) {
            const ClockFace clock {
                .due = s.limit, .start = s.entered, .isMet = s.left.has_value()
            };
            const QString spent = durationText(s.left.value_or(now) - s.entered);
            page.row(stageName(s.stage),
                s.left ? spent : Pages::tr("%1 so far, %2").arg(spent, words.brief(clock, now)));
        }
    }
    return page.finished();
}

QString logHtml(const desk::OpenTicket &open, const desk::People &people, const TimeWords &words,
    const Theme &theme, Instant now)
{
    const QString muted = theme[Token::Muted].name();
    QString html = u"<table cellspacing=\"0\" cellpadding=\"3\" width=\"100%\">"_s;
    // Newest first: what just happened is what is looked for.
    const auto &events = open.details.events;
    const auto &messages = open.details.messages;
    constexpr size_t most = 500;
    for (size_t i = 0; i < std::min(most, events.size()); ++i) {
        const Event &e = events[events.size() - 1 - i];
        const auto written = std::ranges::find(messages, e.message, &Message::id);
        const bool isWritten = e.kind == EventKind::Message && written != messages.end();
        const ActorWords who
            = actorWords(e.actor, e.actorKind, open.details.requester.name, people);
        // Multiple arguments at once: what is foreign may hold a "%1" of its own.
        html += u"<tr><td width=\"26%\" style=\"color:%1\">%2</td><td>%3%4 %5</td></tr>"_s.arg(
            muted, timeHtml(words, e.at, now),
            who.badge.isEmpty() ? QString()
                                : u"<span style=\"color:%1\"><b>%2</b></span> "_s.arg(
                                    muted, who.badge.toHtmlEscaped()),
            who.name.isEmpty() ? QString() : u"<b>%1</b>"_s.arg(safe(who.name)),
            safe(eventWords(e, isWritten ? &*written : nullptr, people)));
    }
    html += u"</table>"_s;
    if (events.size() > most)
        html += u"<p style=\"color:%1\">%2</p>"_s.arg(
            muted, Pages::tr("Older events: export the audit log.").toHtmlEscaped());
    return html;
}

} // namespace tierline::ui
