#include "app/desktop/statusline.h"

#include "core/desk/dueservice.h"
#include "core/desk/engineservice.h"
#include "core/desk/syncservice.h"
#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/syncwords.h"

#include <QApplication>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

StatusLine::StatusLine(Workbench &workbench, QWidget *parent)
    : QStatusBar(parent)
    , m_workbench(workbench)
    , m_message(new PlainLabel(tr("Everything is kept on this machine.")))
    , m_undo(new QPushButton(tr("Undo")))
    , m_dues(new PlainLabel)
    , m_sync(new QPushButton)
    , m_questions(new QPushButton)
    , m_next(new QPushButton)
    , m_words { QTimeZone::systemTimeZone(), QLocale() }
{
    setSizeGripEnabled(false);
    setTextRole(m_message, TextRole::Muted);
    m_message->setElided(true);
    m_message->setObjectName(u"statusMessage"_s);
    setProminence(m_undo, Prominence::Quiet);
    setProminence(m_sync, Prominence::Quiet);
    setProminence(m_questions, Prominence::Quiet);
    setProminence(m_next, Prominence::Quiet);
    m_sync->setObjectName(u"syncState"_s);
    m_sync->setIconSize({ 16, 16 });
    m_sync->hide();
    m_questions->setObjectName(u"openQuestions"_s);
    m_questions->setIconSize({ 16, 16 });
    m_questions->hide();
    m_dues->setObjectName(u"duesPlaced"_s);
    setTextRole(m_dues, TextRole::Muted);
    setPlainToolTip(m_dues,
        tr("What is agreed has changed: the due times of open tickets follow, and work goes on"));
    m_dues->hide();
    m_next->setObjectName(u"nextBreach"_s);
    m_undo->setObjectName(u"statusUndo"_s);
    m_undo->hide();
    m_next->hide();
    addWidget(m_message, 1);
    addWidget(m_undo);
    addPermanentWidget(m_dues);
    addPermanentWidget(m_sync);
    addPermanentWidget(m_questions);
    addPermanentWidget(m_next);
    setContentsMargins(space::Apart - space::Hair, 0, space::Hair, 0);

    connect(&m_workbench, &Workbench::said, this, &StatusLine::say);
    connect(&m_workbench, &Workbench::reported, this, &StatusLine::showError);
    connect(m_undo, &QPushButton::clicked, this, [this] {
        const TicketId ticket = std::exchange(m_undoable, {});
        m_undo->hide();
        if (ticket && ticket == m_workbench.current())
            m_workbench.verbs().action(Verbs::Undo)->trigger();
    });
    connect(m_next, &QPushButton::clicked, this, [this] { m_workbench.open(m_nextTicket); });
    connect(&m_workbench.session(), &desk::Session::opened, this, &StatusLine::askNext);
    connect(&m_workbench.session(), &desk::Session::ticketsChanged, this, [this] {
        if (!m_gather.isActive())
            m_gather.start(300);
    });
    m_gather.setSingleShot(true);
    connect(&m_gather, &QTimer::timeout, this, &StatusLine::askNext);
    connect(m_questions, &QPushButton::clicked, this,
        [this] { emit m_workbench.dockWanted(u"questions"_s); });
    connect(&m_workbench.session().engine(), &desk::EngineService::changed, this,
        &StatusLine::showQuestions);
    connect(&m_workbench.session().dues(), &desk::DueService::changed, this, &StatusLine::showDues);
    connect(m_sync, &QPushButton::clicked, this, &StatusLine::actOnSync);
    connect(
        &m_workbench.session().sync(), &desk::SyncService::changed, this, &StatusLine::showSync);
    connect(&m_workbench.session().sync(), &desk::SyncService::signInNeeded, this,
        [this](const QString &account) {
            say(tr("%1 asks for a new sign-in. Work goes on here, and is sent after it.")
                    .arg(oneLine(account, 40)));
        });
    connect(&m_tick, &QTimer::timeout, this, &StatusLine::showNext);
    connect(&m_tick, &QTimer::timeout, this, &StatusLine::showSync);
    connect(&m_tick, &QTimer::timeout, this, &StatusLine::showQuestions);
    m_tick.start(1000);
}

QString StatusLine::text() const
{
    return m_message->text();
}

void StatusLine::say(const QString &sentence, TicketId undoable)
{
    m_message->setText(oneLine(sentence));
    m_message->setPalette(QPalette());
    m_undoable = undoable;
    m_undo->setVisible(undoable && undoable == m_workbench.current());
}

void StatusLine::showError(const Error &error)
{
    say(errorLine(error));
    QPalette palette = m_message->palette();
    palette.setColor(QPalette::WindowText, Theme::of(this)[Token::Breached]);
    m_message->setPalette(palette);
}

void StatusLine::showSync()
{
    const QList<desk::SyncState> &states = m_workbench.session().sync().accounts();
    const desk::SyncState *most = SyncWords::mostUrgent(states);
    m_sync->setVisible(most);
    if (!most)
        return;
    const Instant now = m_workbench.clock().now();
    const SyncWords::Said said = SyncWords::account(*most, m_words, now);
    const Theme &theme = Theme::of(this);
    const QColor colour = theme[syncToken(said.tone)];
    QPalette palette = QApplication::palette();
    palette.setColor(QPalette::ButtonText, colour);
    m_sync->setPalette(palette);
    const bool isChoice = most->conflicts > 0 && most->phase != desk::SyncState::Phase::SignIn;
    m_sync->setIcon(
        icon(isChoice ? Icon::Conflict : syncIcon(said.tone), theme, syncToken(said.tone)));
    m_sync->setText(said.text);
    m_sync->setAccessibleName(said.text);
    QStringList lines;
    for (const desk::SyncState &state : states) {
        lines.append(SyncWords::account(state, m_words, now).text);
        if (!state.problem.isEmpty())
            lines.append(oneLine(state.problem));
        for (const QString &problem : state.setAside.mid(0, 5))
            lines.append(oneLine(problem));
    }
    setPlainToolTip(m_sync, lines.join(u'\n'));
}

void StatusLine::showQuestions()
{
    const int count = m_workbench.session().engine().state().questions;
    m_questions->setVisible(count > 0);
    const Theme &theme = Theme::of(this);
    QPalette palette = QApplication::palette();
    palette.setColor(QPalette::ButtonText, theme[Token::AtRisk]);
    m_questions->setPalette(palette);
    m_questions->setIcon(icon(Icon::Bell, theme, Token::AtRisk));
    const QString text = count == 1 ? tr("1 waits for a yes") : tr("%1 wait for a yes").arg(count);
    if (m_questions->text() == text)
        return;
    m_questions->setText(text);
    m_questions->setAccessibleName(text);
    setPlainToolTip(
        m_questions, tr("What rules do not do without a person: show it, and answer (G, Q)"));
}

void StatusLine::showDues()
{
    const commands::DueProgress &progress = m_workbench.session().dues().progress();
    m_dues->setVisible(!progress.isWhole);
    m_dues->setText(tr("Due times move: %1 %").arg(progress.percent));
}

/// Where something is to be done, there; else a round now.
void StatusLine::actOnSync()
{
    desk::SyncService &sync = m_workbench.session().sync();
    const desk::SyncState *most = SyncWords::mostUrgent(sync.accounts());
    if (!most)
        return;
    if (most->phase == desk::SyncState::Phase::SignIn)
        emit m_workbench.dialogWanted(u"signin:"_s + most->account);
    else if (most->conflicts > 0)
        emit m_workbench.dockWanted(u"conflicts"_s);
    else if (most->waiting > 0)
        emit m_workbench.dockWanted(u"outbox"_s);
    else
        sync.syncNow();
}

void StatusLine::askNext()
{
    const QString tier = m_workbench.people().me.homeTier;
    if (tier.isEmpty())
        return;
    m_workbench.session()
        .queues()
        .firstRows({ .tier = tier }, 1)
        .then(this, [this](const Result<std::vector<storage::QueueRow>> &rows) {
            const bool hasNext = rows && !rows->empty() && rows->front().due;
            m_nextTicket = hasNext ? rows->front().id : TicketId {};
            if (hasNext) {
                m_nextKey = rows->front().key;
                m_nextClock = { .due = rows->front().due, .start = rows->front().clockStart };
            }
            showNext();
        });
}

void StatusLine::showNext()
{
    m_next->setVisible(bool(m_nextTicket));
    if (!m_nextTicket)
        return;
    const Instant now = m_workbench.clock().now();
    const QString when = m_words.brief(m_nextClock, now);
    const ClockState state = clockState(m_nextClock, now);
    const bool isLate = state == ClockState::Breached;
    const Theme &theme = Theme::of(this);
    QPalette palette = QApplication::palette();
    palette.setColor(QPalette::ButtonText,
        theme[state == ClockState::Running ? Token::Text : clockToken(state)]);
    m_next->setPalette(palette);
    setPlainToolTip(m_next, tr("Open %1").arg(m_nextKey));
    m_next->setText(isLate ? tr("%1 is %2").arg(m_nextKey, when)
                           : tr("next breach %1 in %2").arg(m_nextKey, when));
}

} // namespace tierline::ui
