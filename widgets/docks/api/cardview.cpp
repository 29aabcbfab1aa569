#include "widgets/docks/api/cardview.h"

#include "widgets/common/accessible.h"
#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QHBoxLayout>
#include <QToolButton>
#include <QVBoxLayout>

namespace tierline::ui {

using handoff::CardKind;
using handoff::Emphasis;

QString sectionTitle(CardKind kind)
{
    switch (kind) {
    case CardKind::Expects: return CardView::tr("Expects");
    case CardKind::Who: return CardView::tr("Who");
    case CardKind::Need: return CardView::tr("Need");
    case CardKind::Why: return CardView::tr("Why");
    case CardKind::Tried: return CardView::tr("Tried");
    case CardKind::Urgency: return CardView::tr("Urgent because");
    case CardKind::Promises: return CardView::tr("Promised");
    case CardKind::Next: return CardView::tr("Next");
    case CardKind::Form: return CardView::tr("As escalated");
    case CardKind::History: return CardView::tr("Last 30 days");
    case CardKind::Summary: return CardView::tr("Conversation so far");
    case CardKind::Bot: return CardView::tr("Bot");
    case CardKind::Files: return CardView::tr("Files");
    case CardKind::Original: return CardView::tr("Original message");
    case CardKind::Events: return CardView::tr("Event log");
    }
    return {};
}

CardView::CardView(TimeWords words, QWidget *parent)
    : QWidget(parent)
    , m_words(std::move(words))
    , m_layout(new QVBoxLayout(this))
{
    setAutoFillBackground(true);
    setBackgroundRole(QPalette::AlternateBase);
    m_layout->setContentsMargins(space::Apart, 0, space::Apart, space::Apart);
    m_layout->setSpacing(2);
}

void CardView::clear()
{
    m_clocks.clear();
    m_lines.clear();
    while (QLayoutItem *item = m_layout->takeAt(0)) {
        if (QWidget *widget = item->widget()) {
            widget->hide();
            widget->deleteLater();
        }
        delete item;
    }
}

void CardView::addTitle(const QString &title)
{
    auto *label = new PlainLabel(title);
    setTextRole(label, TextRole::MutedStrong);
    label->setContentsMargins(0, m_lines.isEmpty() ? 0 : space::Tight, 0, 0);
    m_layout->addWidget(label);
    m_lines.append(title);
}

PlainLabel *CardView::addLine(const QString &line, Emphasis emphasis)
{
    auto *label = new PlainLabel(plainLines(line));
    label->setWordWrap(true);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    setTextRole(label,
        emphasis == Emphasis::Muted        ? TextRole::Muted
            : emphasis == Emphasis::Strong ? TextRole::Strong
                                           : TextRole::Body);
    if (emphasis == Emphasis::Warning) {
        QPalette palette = label->palette();
        palette.setColor(QPalette::WindowText, Theme::of(this)[Token::AtRisk]);
        label->setPalette(palette);
    }
    m_layout->addWidget(label);
    m_lines.append(line);
    return label;
}

void CardView::asItem(PlainLabel *label)
{
    m_layout->removeWidget(label);
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, 0, 0, 0);
    line->setSpacing(space::Tight);
    auto *dot = new PlainLabel(QStringLiteral("·"));
    dot->setFont(textFont(TextRole::Strong));
    dot->setPalette(label->palette());
    line->addWidget(dot, 0, Qt::AlignTop);
    line->addWidget(label, 1);
    m_layout->addWidget(row);
}

void CardView::addSection(const handoff::CardSection &section)
{
    if (section.lines.isEmpty())
        return;
    addTitle(sectionTitle(section.kind));
    const bool isList = section.kind == CardKind::Tried || section.kind == CardKind::Urgency
        || section.kind == CardKind::Promises;
    for (qsizetype i = 0; i < section.lines.size(); ++i) {
        Emphasis emphasis = section.emphasis;
        // A name warns of nothing, its facts do; and where advice comes from is a detail of it.
        if (section.kind == CardKind::Who && i == 0 && emphasis == Emphasis::Warning)
            emphasis = Emphasis::Plain;
        else if (section.kind == CardKind::Next && i > 0)
            emphasis = Emphasis::Muted;
        PlainLabel *label = addLine(section.lines[i], emphasis);
        // Steps and reasons are a list: a dot before each tells where a wrapped one ends.
        if (isList && section.lines.size() > 1)
            asItem(label);
    }
}

void CardView::show(const handoff::Card &card, const QList<CardClock> &clocks, Instant now)
{
    setUpdatesEnabled(false);
    clear();
    for (const handoff::CardSection &section : card.first)
        addSection(section);
    for (const bool isAgreed : { true, false }) {
        if (std::ranges::none_of(
                clocks, [&](const CardClock &clock) { return clock.isAgreed == isAgreed; }))
            continue;
        addTitle(isAgreed ? tr("Agreed") : tr("Clocks"));
        for (const CardClock &clock : clocks) {
            if (clock.isAgreed == isAgreed)
                addClock(clock);
        }
    }
    const int firstLines = int(m_lines.size());
    if (!card.below.isEmpty()) {
        auto *rule = new QFrame;
        rule->setFrameShape(QFrame::HLine);
        m_layout->addSpacing(space::Apart);
        m_layout->addWidget(rule);
        for (const handoff::CardSection &section : card.below)
            addSection(section);
    }
    m_lines.resize(firstLines);
    m_layout->addStretch();
    tick(now);
    setUpdatesEnabled(true);
}

void CardView::addClock(const CardClock &clock)
{
    ClockRow shown { .clock = clock };
    auto *row = new QWidget;
    auto *line = new QHBoxLayout(row);
    line->setContentsMargins(0, clock.isAgreed ? 0 : 2, 0, clock.isAgreed ? 0 : 2);
    auto *name = new PlainLabel(plainLines(clock.name));
    name->setWordWrap(true);
    line->addWidget(name, 1);
    if (clock.isAgreed) {
        auto *button = shown.button = named(
            new QToolButton, QStringLiteral("cardClock.%1").arg(m_clocks.size()), clock.name);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        button->setFont(textFont(TextRole::Strong));
        setPlainToolTip(button, tr("Why it is due then"));
        connect(button, &QToolButton::clicked, this,
            [this, button] { emit ledgerWanted(button, button->rect()); });
        line->addWidget(button);
    } else {
        shown.label = new PlainLabel;
        setTextRole(shown.label, TextRole::Strong);
        line->addWidget(shown.label);
    }
    m_clocks.append(shown);
    m_layout->addWidget(row);
}

void CardView::tick(Instant now)
{
    const Theme &theme = Theme::of(this);
    for (const ClockRow &row : std::as_const(m_clocks)) {
        const QColor colour = theme[clockToken(clockState(row.clock.face, now))];
        const QString text = m_words.brief(row.clock.face, now);
        QWidget *shown = row.button ? static_cast<QWidget *>(row.button) : row.label;
        QPalette palette = shown->palette();
        palette.setColor(row.button ? QPalette::ButtonText : QPalette::WindowText, colour);
        shown->setPalette(palette);
        if (!row.button) {
            row.label->setText(text);
            continue;
        }
        if (row.button->text() != text)
            row.button->setText(text);
        row.button->setAccessibleName(
            tr("%1: %2").arg(row.clock.name, m_words.spoken(row.clock.face, now)));
    }
}

QString CardView::text() const
{
    return m_lines.join(QLatin1Char('\n'));
}

} // namespace tierline::ui
