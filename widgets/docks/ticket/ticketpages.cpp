#include "widgets/docks/ticket/ticketpages.h"

#include "widgets/common/chip.h"
#include "widgets/common/plainlabel.h"

#include <QCoreApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

QString tr(const char *text)
{
    return QCoreApplication::translate("TicketPages", text);
}

QString safe(const QString &foreign)
{
    return oneLine(foreign, 400).toHtmlEscaped();
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
    case Stage::Detection: return tr("Detection");
    case Stage::Triage: return tr("Triage");
    case Stage::Handoff: return tr("Waiting to be accepted");
    case Stage::Resolution: return tr("Resolution");
    case Stage::Communication: return tr("With the customer");
    case Stage::Closure: return tr("Awaiting the customer's yes");
    case Stage::Review: return tr("Review");
    }
    return {};
}

QString kindName(EventKind kind)
{
    switch (kind) {
    case EventKind::Created: return tr("opened");
    case EventKind::Message: return tr("wrote");
    case EventKind::Changed: return tr("changed");
    case EventKind::LogRow: return tr("recorded");
    case EventKind::Flagged: return tr("flagged as out of scope");
    case EventKind::Unflagged: return tr("removed the flag");
    case EventKind::Triaged: return tr("looked at the flag");
    case EventKind::Claimed: return tr("claimed");
    case EventKind::Reassigned: return tr("reassigned");
    case EventKind::Escalated: return tr("escalated");
    case EventKind::Accepted: return tr("accepted");
    case EventKind::Returned: return tr("returned");
    case EventKind::Withdrawn: return tr("withdrew the escalation");
    case EventKind::Solved: return tr("solved, asked for a yes");
    case EventKind::Confirmed: return tr("customer confirmed");
    case EventKind::Reopened: return tr("reopened");
    case EventKind::Reviewed: return tr("reviewed");
    case EventKind::Csat: return tr("customer's score");
    case EventKind::Undone: return tr("undid");
    case EventKind::Followed: return tr("follows");
    case EventKind::Moved: return tr("moved elsewhere");
    }
    return {};
}

} // namespace

QString eventWords(const Event &event, const desk::People &people)
{
    QStringList parts { kindName(event.kind) };
    if (event.tier || event.team)
        parts.append(tr("to %1").arg(
            QStringList { event.tier.value_or(QString()), event.team.value_or(QString()) }
                .join(u' ')
                .trimmed()));
    if (event.assignee)
        parts.append(event.assignee->isEmpty() ? tr("nobody has it")
                                               : tr("for %1").arg(people.nameOf(*event.assignee)));
    if (event.status)
        parts.append(tr("status %1").arg(statusText(*event.status)));
    if (event.priority)
        parts.append(tr("priority %1").arg(priorityText(*event.priority)));
    if (event.kind == EventKind::Csat)
        parts.append(tr("%1 of 5").arg(event.data.value("score"_L1).toInt()));
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
    page.head(tr("Customer"));
    page.row(tr("Name"), d.requester.name);
    page.row(tr("Mail"), d.requester.email);
    page.row(tr("Company"), o.name);
    page.row(tr("Plan"), o.plan);
    page.row(tr("Revenue a year"), o.arr ? words.locale.toString(*o.arr) : QString());
    page.row(tr("Health"), o.health ? words.locale.toString(*o.health) : QString());
    page.row(tr("Renewal"),
        o.renewal.isValid() ? words.locale.toString(o.renewal, QLocale::ShortFormat) : QString());
    page.row(tr("Flags"), o.flags.join(u", "_s));
    page.head(tr("Ticket"));
    page.row(tr("Id"), t.key);
    page.row(tr("Status"),
        t.isAwaitingYes ? tr("solved, awaiting the customer's yes") : statusText(t.status));
    page.row(tr("Priority"), priorityText(t.priority));
    page.row(tr("Tier"), t.tier + (t.team.isEmpty() ? QString() : u" · "_s + t.team));
    page.row(tr("Owner"), t.assignee.isEmpty() ? tr("nobody") : people.nameOf(t.assignee));
    page.row(tr("Category"), t.category);
    page.row(tr("Product"), t.product);
    page.row(tr("Channel"), t.channel);
    page.row(tr("Tags"), t.tags.join(u", "_s));
    QStringList followers;
    for (const QString &id : t.followers)
        followers.append(people.nameOf(id));
    page.row(tr("Followers"), followers.join(u", "_s));
    page.row(tr("Opened"), words.exact(t.created));
    page.row(tr("Flag"), t.flagNote);
    for (auto it = t.fields.begin(); it != t.fields.end(); ++it) {
        if (it.value().isString() || it.value().isDouble() || it.value().isBool())
            page.row(it.key(), it.value().toVariant().toString());
    }
    for (const Escalation &e : d.state.escalations) {
        page.head(tr("Escalation %1 → %2").arg(e.fromTier, e.toTier));
        page.row(tr("Why"), e.sentence);
        page.row(tr("By"), people.nameOf(e.actor));
        page.row(tr("Outcome"), e.isOpen() ? tr("open") : code(e.outcome));
        for (const StageEntry &s : e.stages) {
            const ClockFace clock {
                .due = s.limit, .start = s.entered, .isMet = s.left.has_value()
            };
            const QString spent = durationText(s.left.value_or(now) - s.entered);
            page.row(stageName(s.stage),
                s.left ? spent : tr("%1 so far, %2").arg(spent, words.brief(clock, now)));
        }
    }
    return page.finished();
}

QString logHtml(const desk::OpenTicket &open, const desk::People &people, const TimeWords &words,
    const Theme &theme)
{
    const QString muted = theme[Token::Muted].name();
    QString html = u"<table cellspacing=\"0\" cellpadding=\"3\" width=\"100%\">"_s;
    // Newest first: what just happened is what is looked for.
    const auto &events = open.details.events;
    constexpr size_t most = 500;
    for (size_t i = 0; i < std::min(most, events.size()); ++i) {
        const Event &e = events[events.size() - 1 - i];
        const QString who = e.actorKind == AuthorKind::Agent ? people.nameOf(e.actor) : e.actor;
        html += u"<tr><td width=\"30%\" style=\"color:%1\">%2</td><td><b>%3</b> %4</td></tr>"_s.arg(
            muted, safe(words.exact(e.at)), safe(who), safe(eventWords(e, people)));
    }
    html += u"</table>"_s;
    if (events.size() > most)
        html += u"<p style=\"color:%1\">%2</p>"_s.arg(
            muted, tr("Older events: export the audit log.").toHtmlEscaped());
    return html;
}

} // namespace tierline::ui
