#include "app/desktop/desktopsink.h"

#include "core/desk/session.h"
#include "widgets/docks/api/workbench.h"

#include <QApplication>

namespace tierline::ui {

using namespace Qt::StringLiterals;

namespace {

constexpr int gatherMs = 400;
constexpr qsizetype longestShown = 240;

} // namespace

DesktopSink::DesktopSink(desk::Session &session, Workbench &workbench)
    : m_session(session)
    , m_workbench(&workbench)
{
    m_gather.setSingleShot(true);
    m_gather.setInterval(gatherMs);
    connect(&m_gather, &QTimer::timeout, this, &DesktopSink::tellAll);
    connect(&m_tray, &QSystemTrayIcon::messageClicked, this, [this] {
        if (m_workbench && m_told)
            m_workbench->open(m_told);
    });
}

QString DesktopSink::name() const
{
    return u"desktop"_s;
}

std::vector<NoticeAddress> DesktopSink::reaches() const
{
    const Agent &me = m_session.people().me;
    if (me.id.isEmpty())
        return {}; // nobody is known yet
    std::vector<NoticeAddress> all { { NoticeTarget::Agent, me.id },
        { NoticeTarget::Role, code(me.role) } };
    if (me.role == Role::Admin)
        all.push_back({ NoticeTarget::Role, code(Role::Lead) });
    const auto add = [&](NoticeTarget kind, const QString &target) {
        if (!target.isEmpty())
            all.push_back({ kind, target });
    };
    for (const QString &team : me.teams)
        add(NoticeTarget::Team, team);
    add(NoticeTarget::Tier, me.homeTier);
    for (const QString &tier : me.grantedTiers)
        add(NoticeTarget::Tier, tier);
    return all;
}

void DesktopSink::tell(const notify::Message &message)
{
    m_gathered.push_back(message);
    if (!m_gather.isActive())
        m_gather.start();
}

void DesktopSink::tellAll()
{
    if (m_gathered.empty())
        return;
    const std::vector<notify::Message> all = std::exchange(m_gathered, {});
    const auto urgent
        = std::ranges::find_if(all, [](const notify::Message &one) { return one.notice.isUrgent; });
    const notify::Message &first = urgent == all.end() ? all.front() : *urgent;
    m_told = first.notice.ticket;
    QString text = first.notice.text.simplified().left(longestShown);
    if (all.size() > 1)
        text += u' ' + tr("(%n more)", nullptr, int(all.size()) - 1);
    if (m_workbench)
        emit m_workbench->said(text, {});
    if (QApplication::activeWindow() || !QSystemTrayIcon::isSystemTrayAvailable()
        || !QSystemTrayIcon::supportsMessages())
        return;
    if (!m_tray.isVisible()) {
        m_tray.setIcon(QApplication::windowIcon());
        m_tray.show();
    }
    m_tray.showMessage(tr("Tierline: ticket %1").arg(first.ticket), text,
        first.notice.isUrgent ? QSystemTrayIcon::Warning : QSystemTrayIcon::Information);
}

} // namespace tierline::ui
