#include "widgets/common/emptystate.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/tierlinestyle.h"

#include <QEvent>
#include <QHBoxLayout>
#include <QPushButton>
#include <QVBoxLayout>

namespace tierline::ui {

namespace {
constexpr int IconSide = 24;
constexpr int SentenceWidth = 320;
} // namespace

EmptyState::EmptyState(QWidget *parent)
    : QWidget(parent)
    , m_picture(new PlainLabel)
    , m_sentence(new PlainLabel)
    , m_button(new QPushButton)
{
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(space::Wide, space::Wide, space::Wide, space::Wide);
    column->setSpacing(space::Inner);
    column->addStretch(2);
    column->addWidget(m_picture, 0, Qt::AlignHCenter);
    // As wide as it reads well, and narrower where the place is narrow.
    auto *row = new QHBoxLayout;
    row->setSpacing(0);
    row->addStretch(1);
    row->addWidget(m_sentence, 1000);
    row->addStretch(1);
    column->addLayout(row);
    column->addWidget(m_button, 0, Qt::AlignHCenter);
    column->addStretch(3);
    m_sentence->setWordWrap(true);
    m_sentence->setAlignment(Qt::AlignCenter);
    m_sentence->setMinimumWidth(120);
    m_sentence->setForegroundRole(QPalette::PlaceholderText);
    m_sentence->setObjectName(QStringLiteral("sentence"));
    m_button->setObjectName(QStringLiteral("action"));
    m_button->hide();
    connect(m_button, &QPushButton::clicked, this, &EmptyState::actionRequested);
}

EmptyState::EmptyState(Icon icon, const QString &sentence, const QString &action, QWidget *parent)
    : EmptyState(parent)
{
    set(icon, sentence, action);
}

void EmptyState::set(Icon icon, const QString &sentence, const QString &action)
{
    m_icon = icon;
    m_sentence->setText(sentence);
    m_sentence->setMaximumWidth(std::max(m_sentence->minimumWidth(),
        std::min(SentenceWidth, m_sentence->fontMetrics().horizontalAdvance(sentence) + 2)));
    setAccessibleName(sentence);
    m_button->setText(action);
    m_button->setVisible(!action.isEmpty());
    showIcon();
}

QString EmptyState::sentence() const
{
    return m_sentence->text();
}

void EmptyState::showIcon()
{
    m_picture->setPixmap(
        iconPixmap(m_icon, IconSide, devicePixelRatioF(), Theme::of(this)[Token::Muted]));
}

void EmptyState::changeEvent(QEvent *event)
{
    QWidget::changeEvent(event);
    if (event->type() == QEvent::PaletteChange)
        showIcon();
}

} // namespace tierline::ui
