#include "widgets/docks/ticket/syncrow.h"

#include "core/desk/syncservice.h"
#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/syncwords.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using storage::OutboxState;

namespace {

constexpr int IconSide = 16;

bool isRefused(const desk::RemoteSide &side)
{
    return std::ranges::any_of(side.waiting,
        [](const desk::WaitingChange &change) { return change.state == OutboxState::Refused; });
}

} // namespace

SyncRow::SyncRow(Workbench &workbench, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_icon(new PlainLabel)
    , m_text(new PlainLabel)
    , m_action(named(new QPushButton, u"syncAction"_s, tr("Show")))
{
    m_text->setObjectName(u"ticketSync"_s);
    m_text->setElided(true);
    setTextRole(m_text, TextRole::Muted);
    setProminence(m_action, Prominence::Quiet);
    auto *layout = new QHBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(space::Hair);
    layout->addWidget(m_icon);
    layout->addWidget(m_text, 1);
    layout->addWidget(m_action);
    connect(m_action, &QPushButton::clicked, this, &SyncRow::act);
    connect(&m_workbench.session().sync(), &desk::SyncService::changed, this, [this] {
        if (m_workbench.ticket())
            tick();
    });
    hide();
}

void SyncRow::show(const desk::RemoteSide &side)
{
    m_side = side;
    tick();
}

void SyncRow::tick()
{
    const desk::SyncState *account = m_workbench.session().sync().account(m_side.account);
    const SyncWords::Said said = SyncWords::ticket(m_side, account, m_workbench.clock().now());
    setVisible(!said.text.isEmpty() && said.tone != SyncTone::Good);
    if (isHidden())
        return;
    const Theme &theme = Theme::of(this);
    m_text->setText(said.text);
    QPalette colours = palette();
    colours.setColor(QPalette::WindowText, theme[syncToken(said.tone)]);
    m_text->setForegroundRole(QPalette::WindowText);
    m_text->setPalette(colours);
    m_icon->setPixmap(icon(syncIcon(said.tone), theme, syncToken(said.tone)).pixmap(IconSide));
    const bool isSignIn = account && account->phase == desk::SyncState::Phase::SignIn;
    const bool isMerged = m_side.presence == desk::RemoteSide::Presence::Merged;
    QString verb;
    if (!m_side.disagreements.isEmpty())
        verb = tr("Choose");
    else if (isSignIn && !isRefused(m_side))
        verb = tr("Sign in…");
    else if (!m_side.waiting.isEmpty())
        verb = tr("Outbox");
    else if (isMerged && !m_side.mergedInto.isEmpty())
        verb = tr("Open it");
    m_action->setVisible(!verb.isEmpty());
    m_action->setText(verb);
    m_action->setAccessibleName(verb);
}

void SyncRow::act()
{
    const desk::SyncState *account = m_workbench.session().sync().account(m_side.account);
    if (!m_side.disagreements.isEmpty())
        emit m_workbench.dockWanted(u"conflicts"_s);
    else if (account && account->phase == desk::SyncState::Phase::SignIn && !isRefused(m_side))
        emit m_workbench.dialogWanted(u"signin:"_s + m_side.account);
    else if (!m_side.waiting.isEmpty())
        emit m_workbench.dockWanted(u"outbox"_s);
    else if (!m_side.mergedInto.isEmpty())
        m_workbench.openKey(m_side.mergedInto);
}

QString SyncRow::text() const
{
    return isHidden() ? QString() : m_text->text();
}

void SyncRow::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange && !isHidden())
        tick();
}

} // namespace tierline::ui
