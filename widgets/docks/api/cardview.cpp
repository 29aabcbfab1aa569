#include "widgets/docks/api/cardview.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/theme.h"
#include "widgets/common/typography.h"

#include <QHBoxLayout>
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
    m_clockTexts.clear();
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
    if (!clocks.isEmpty())
        addTitle(tr("Clocks"));
    m_clocks = clocks;
    for (const CardClock &clock : clocks) {
        auto *row = new QWidget;
        auto *line = new QHBoxLayout(row);
        line->setContentsMargins(0, 2, 0, 2);
        line->addWidget(new PlainLabel(clock.name), 1);
        auto *text = new PlainLabel;
        setTextRole(text, TextRole::Strong);
        line->addWidget(text);
        m_clockTexts.append(text);
        m_layout->addWidget(row);
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

void CardView::tick(Instant now)
{
    const Theme &theme = Theme::of(this);
    for (qsizetype i = 0; i < m_clockTexts.size(); ++i) {
        const ClockState state = clockState(m_clocks[i].face, now);
        m_clockTexts[i]->setText(m_words.brief(m_clocks[i].face, now));
        QPalette palette = m_clockTexts[i]->palette();
        palette.setColor(QPalette::WindowText, theme[clockToken(state)]);
        m_clockTexts[i]->setPalette(palette);
    }
}

QString CardView::text() const
{
    return m_lines.join(QLatin1Char('\n'));
}

} // namespace tierline::ui
