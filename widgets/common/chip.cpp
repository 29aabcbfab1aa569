#include "widgets/common/chip.h"

#include "widgets/common/plainlabel.h"
#include "widgets/common/typography.h"

#include <QCoreApplication>
#include <QFontMetrics>
#include <QHash>
#include <QPainter>

namespace tierline::ui {

namespace {

struct ChipWords {
    Q_DECLARE_TR_FUNCTIONS(Chip)
};

constexpr qsizetype LongestName = 16;
constexpr int Sides = 6; ///< left and right of a chip's name

} // namespace

QString priorityText(Priority priority)
{
    switch (priority) {
    case Priority::Low:
        //: Priority of a ticket
        return ChipWords::tr("low");
    case Priority::Normal:
        //: Priority of a ticket
        return ChipWords::tr("normal");
    case Priority::High:
        //: Priority of a ticket
        return ChipWords::tr("high");
    case Priority::Urgent:
        //: Priority of a ticket
        return ChipWords::tr("urgent");
    }
    return {};
}

QString statusText(Status status)
{
    switch (status) {
    case Status::New:
        //: Status of a ticket
        return ChipWords::tr("new");
    case Status::Open:
        //: Status of a ticket
        return ChipWords::tr("open");
    case Status::Pending:
        //: Status of a ticket: the customer must answer
        return ChipWords::tr("on customer");
    case Status::Hold:
        //: Status of a ticket: somebody else must act
        return ChipWords::tr("on hold");
    case Status::Solved:
        //: Status of a ticket
        return ChipWords::tr("solved");
    case Status::Closed:
        //: Status of a ticket
        return ChipWords::tr("closed");
    case Status::Deleted:
        //: Status of a ticket
        return ChipWords::tr("deleted");
    }
    return {};
}

Token priorityToken(Priority priority)
{
    return priority == Priority::Urgent ? Token::Text : Token::Muted;
}

QSize chip::size(const QString &name)
{
    const QFontMetrics metrics(textFont(TextRole::MutedStrong));
    const int height = std::max(20, metrics.height() + 2);
    const int width = metrics.horizontalAdvance(oneLine(name, LongestName)) + 2 * Sides;
    return { std::max(width, 26), height };
}

void chip::paint(QPainter *painter, const QRect &rect, const QString &name, int rank,
    const Theme &theme, const QColor &ground)
{
    const QSize outer = size(name);
    const QRect box(rect.left(), rect.top() + (rect.height() - outer.height()) / 2, outer.width(),
        outer.height());
    const QColor color = theme.tierColor(rank);
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(QPen(color, 1));
    painter->setBrush(ground);
    painter->drawRoundedRect(
        QRectF(box).adjusted(0.5, 0.5, -0.5, -0.5), radius::Chip, radius::Chip);
    painter->setFont(textFont(TextRole::MutedStrong));
    painter->drawText(box, int(Qt::AlignCenter) | Qt::TextSingleLine, oneLine(name, LongestName));
    painter->restore();
}

void healthbar::paint(QPainter *painter, const QRectF &rect, int health, const Theme &theme)
{
    const qreal height = std::min<qreal>(rect.height(), 6);
    const QRectF groove(rect.left(), rect.center().y() - height / 2, rect.width(), height);
    const qreal share = std::clamp(health, 0, 100) / 100.0;
    painter->save();
    painter->setRenderHint(QPainter::Antialiasing);
    painter->setPen(Qt::NoPen);
    painter->setBrush(theme[Token::Border]);
    painter->drawRoundedRect(groove, height / 2, height / 2);
    if (share > 0) {
        QRectF filled = groove;
        filled.setWidth(std::max(height, groove.width() * share));
        if (painter->layoutDirection() == Qt::RightToLeft)
            filled.moveRight(groove.right());
        painter->setBrush(theme[health < Low ? Token::AtRisk : Token::Edge]);
        painter->drawRoundedRect(filled, height / 2, height / 2);
    }
    painter->restore();
}

QString healthbar::spoken(int health)
{
    return ChipWords::tr("health %1 of 100").arg(std::clamp(health, 0, 100));
}

TierChip::TierChip(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setTextRole(this, TextRole::MutedStrong);
}

void TierChip::setTier(const QString &id, const QString &name, int rank)
{
    m_id = id;
    m_rank = rank;
    //: %1 is a tier's short name, %2 its long one: "Tier L2 Technical"
    setAccessibleName(ChipWords::tr("Tier %1 %2").arg(oneLine(id), oneLine(name)));
    setPlainToolTip(this, name);
    updateGeometry();
    update();
}

QSize TierChip::sizeHint() const
{
    return chip::size(m_id);
}

void TierChip::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    chip::paint(&painter, rect(), m_id, m_rank, Theme::of(this), Qt::transparent);
}

HealthBar::HealthBar(QWidget *parent)
    : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
    setHealth(std::nullopt);
}

void HealthBar::setHealth(std::optional<int> health)
{
    m_health = health;
    setAccessibleName(health ? healthbar::spoken(*health) : ChipWords::tr("health unknown"));
    update();
}

void HealthBar::paintEvent(QPaintEvent *)
{
    if (!m_health)
        return;
    QPainter painter(this);
    painter.setLayoutDirection(layoutDirection());
    healthbar::paint(&painter, rect(), *m_health, Theme::of(this));
}

} // namespace tierline::ui
