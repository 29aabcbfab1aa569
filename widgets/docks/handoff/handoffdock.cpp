#include "widgets/docks/handoff/handoffdock.h"

#include "widgets/common/accessible.h"
#include "widgets/common/emptystate.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"
#include "widgets/docks/api/agreementwords.h"
#include "widgets/docks/api/dockregistry.h"
#include "widgets/docks/api/ledgerpopover.h"

#include <QClipboard>
#include <QGuiApplication>
#include <QHBoxLayout>
#include <QLocale>
#include <QMimeData>
#include <QScrollArea>
#include <QStackedWidget>
#include <QTimeZone>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using namespace Qt::StringLiterals;
using handoff::CardKind;
using handoff::CardSection;
using handoff::Emphasis;

namespace {

/// The first screen of the card is to fit without scrolling; the ledger has them all.
constexpr qsizetype MostAgreed = 3;

} // namespace

handoff::Card customerCard(const desk::TicketDetails &d)
{
    handoff::Card card;
    const Organization &o = d.organization;
    QStringList who { o.name.isEmpty() ? d.requester.name : o.name };
    QStringList facts;
    if (!o.plan.isEmpty())
        facts.append(o.plan);
    if (o.arr)
        facts.append(HandoffDock::tr("%1 a year").arg(QLocale().toString(*o.arr)));
    if (o.health)
        facts.append(HandoffDock::tr("health %1").arg(*o.health));
    if (o.renewal.isValid())
        facts.append(
            HandoffDock::tr("renews %1").arg(QLocale().toString(o.renewal, QLocale::ShortFormat)));
    if (!facts.isEmpty())
        who.append(facts.join(u" · "_s));
    if (!o.name.isEmpty() && !d.requester.name.isEmpty())
        who.append(d.requester.name);
    card.first.append({ CardKind::Who, {}, who, Emphasis::Plain });
    if (!o.flags.isEmpty())
        card.first.append({ CardKind::Urgency, {}, { o.flags.join(u", "_s) }, Emphasis::Warning });
    if (d.state.ticket.isFlagged())
        card.first.append({ CardKind::Why, {}, { d.state.ticket.flagNote }, Emphasis::Plain });
    return card;
}

QList<CardClock> cardClocks(const TicketState &state)
{
    QList<CardClock> clocks;
    for (const Escalation &e : state.escalations) {
        if (!e.isOpen())
            continue;
        for (const StageEntry &s : e.stages) {
            if (!s.limit)
                continue;
            QString name;
            switch (s.stage) {
            case Stage::Detection: name = HandoffDock::tr("Flag looked at"); break;
            case Stage::Triage: name = HandoffDock::tr("Decision"); break;
            case Stage::Handoff: name = HandoffDock::tr("Accept"); break;
            case Stage::Resolution: name = HandoffDock::tr("Resolution"); break;
            case Stage::Communication: name = HandoffDock::tr("Next word to the customer"); break;
            case Stage::Closure: name = HandoffDock::tr("The customer's yes"); break;
            case Stage::Review: name = HandoffDock::tr("Review"); break;
            }
            clocks.append({ name,
                { .due = s.limit, .start = s.entered, .isMet = s.left && *s.left < *s.limit } });
            if (s.left && *s.left >= *s.limit)
                clocks.removeLast(); // a missed limit of a past stage is history, not a clock
        }
    }
    return clocks;
}

QList<CardClock> agreedClocks(const std::vector<sla::TicketClock> &clocks, qsizetype most)
{
    std::vector<const sla::TicketClock *> open;
    for (const sla::TicketClock &clock : clocks) {
        if (clock.isOpen() && (clock.reading.due || clock.reading.state == sla::State::Paused))
            open.push_back(&clock);
    }
    std::ranges::stable_sort(open, {}, [](const sla::TicketClock *clock) {
        return clock->reading.due.value_or(Instant { Instant::MaxMs }); // paused: last
    });
    QList<CardClock> shown;
    for (const sla::TicketClock *clock : open) {
        if (shown.size() < most)
            shown.append({ AgreementWords::clock(clock->kind, clock->tier),
                AgreementWords::face(*clock), true });
    }
    return shown;
}

HandoffDock::HandoffDock(Workbench &workbench, TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_workbench(workbench)
    , m_words(std::move(words))
    , m_title(new PlainLabel(tr("Handoff")))
    , m_time(new PlainLabel)
    , m_stack(new QStackedWidget)
    , m_empty(new EmptyState(Icon::Handoff,
          tr("Open a ticket to see who the customer is and, where it was escalated, its handoff card."),
          {}))
    , m_scroll(new QScrollArea)
    , m_card(new CardView(m_words))
    , m_copy(named(new QToolButton, u"copyCard"_s, tr("Copy the card")))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    setTextRole(m_title, TextRole::Strong);
    setTextRole(m_time, TextRole::Muted);
    m_scroll->setWidgetResizable(true);
    m_scroll->setFrameShape(QFrame::NoFrame);
    m_scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_scroll->setWidget(m_card);
    named(m_scroll, u"handoffCard"_s, tr("Handoff card"));
    m_copy->setIcon(icon(Icon::Copy, palette()));
    m_copy->setToolTip(tr("Copy the card"));
    m_copy->setAutoRaise(true);
    connect(m_copy, &QToolButton::clicked, this, &HandoffDock::copy);

    auto *header = new QWidget;
    header->setObjectName(u"dockHeader"_s);
    header->setAutoFillBackground(true);
    header->setBackgroundRole(QPalette::AlternateBase);
    auto *head = new QHBoxLayout(header);
    head->setContentsMargins(space::Apart, space::Inner, space::Tight, space::Tight);
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(m_time);
    head->addWidget(m_copy);
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_scroll);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(0);
    layout->addWidget(header);
    layout->addWidget(m_stack, 1);

    connect(&m_workbench, &Workbench::ticketChanged, this, &HandoffDock::refresh);
    connect(m_card, &CardView::ledgerWanted, this, [this](QWidget *from, const QRect &row) {
        if (m_workbench.ticket())
            LedgerPopover::open(m_workbench, m_workbench.current(), from, row, m_words);
    });
    connect(&m_tick, &QTimer::timeout, this, &HandoffDock::tick);
    m_tick.start(1000);
    refresh();
}

void HandoffDock::refresh()
{
    const auto &open = m_workbench.ticket();
    if (m_workbench.loading() == Workbench::Loading::Loading)
        return;
    m_stack->setCurrentIndex(open ? 1 : 0);
    m_copy->setVisible(open && open->details.handoff);
    if (!open) {
        m_title->setText(tr("Handoff"));
        m_time->clear();
        return;
    }
    const desk::TicketDetails &d = open->details;
    const bool hasPackage = d.handoff.has_value();
    const handoff::Card card = hasPackage ? handoff::asCard(*d.handoff) : customerCard(d);
    m_title->setText(hasPackage ? tr("Handoff") : tr("Customer"));
    // 238 words a minute is what adults read silently.
    m_time->setText(
        hasPackage ? tr("%Ln s to read", nullptr, std::max(1, card.words * 60 / 238)) : QString());
    m_card->show(card, agreedClocks(open->clocks, MostAgreed) + cardClocks(d.state),
        m_workbench.clock().now());
    m_scroll->ensureVisible(0, 0);
}

void HandoffDock::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() != QEvent::PaletteChange)
        return;
    m_copy->setIcon(icon(Icon::Copy, palette()));
    refresh(); // the card's colours
}

void HandoffDock::tick()
{
    if (isVisible())
        m_card->tick(m_workbench.clock().now());
}

void HandoffDock::copy()
{
    const auto &open = m_workbench.ticket();
    if (!open || !open->details.handoff)
        return;
    auto *both = new QMimeData;
    both->setText(handoff::asText(*open->details.handoff));
    both->setHtml(handoff::asHtml(*open->details.handoff));
    QGuiApplication::clipboard()->setMimeData(both);
    emit m_workbench.said(tr("The card is on the clipboard, as text and as a page."), {});
}

/// Found by the build through the folder's name.
void registerhandoff(DockRegistry &registry, Workbench &)
{
    registry.add({ .id = u"handoff"_s,
        .title = HandoffDock::tr("Handoff"),
        .place = DockPlace::Side,
        .shortcut = QKeySequence(u"G, H"_s),
        .make = [](Workbench &bench, QWidget *parent) -> QWidget * {
            return new HandoffDock(bench, { QTimeZone::systemTimeZone(), QLocale() }, parent);
        } });
}

} // namespace tierline::ui
