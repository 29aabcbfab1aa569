#include "app/desktop/statusline.h"

#include "widgets/common/errortext.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/tierlinestyle.h"
#include "widgets/common/typography.h"

#include <QApplication>
#include <QPushButton>

namespace tierline::ui {

using namespace Qt::StringLiterals;

StatusLine::StatusLine(Workbench &workbench, QWidget *parent)
    : QStatusBar(parent)
    , m_workbench(workbench)
    , m_message(new PlainLabel(tr("Everything is kept on this machine.")))
    , m_undo(new QPushButton(tr("Undo")))
    , m_next(new QPushButton)
    , m_words { QTimeZone::systemTimeZone(), QLocale() }
{
    setSizeGripEnabled(false);
    setTextRole(m_message, TextRole::Muted);
    m_message->setElided(true);
    m_message->setObjectName(u"statusMessage"_s);
    setProminence(m_undo, Prominence::Quiet);
    setProminence(m_next, Prominence::Quiet);
    m_next->setObjectName(u"nextBreach"_s);
    m_undo->setObjectName(u"statusUndo"_s);
    m_undo->hide();
    m_next->hide();
    addWidget(m_message, 1);
    addWidget(m_undo);
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
    connect(&m_tick, &QTimer::timeout, this, &StatusLine::showNext);
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
