#pragma once

#include "core/domain/codes.h"
#include "widgets/common/theme.h"

#include <QWidget>

#include <optional>

namespace tierline::ui {

/// Priority and status in the person's words, lower case as they stand in a row.
QString priorityText(Priority priority);
QString statusText(Status status);
/// Colour of a priority's word; the word itself tells it too.
Token priorityToken(Priority priority);

/// A tier as a chip: its short name in a rounded outline, coloured by rank. The name carries the
/// meaning, the colour only repeats it.
namespace chip {
/// Outer size of a chip, 20 high at the usual scale. Names are cut after 16 characters.
QSize size(const QString &name);
/// Draws at the left of `rect`, vertically centred. `ground` fills the inside.
void paint(QPainter *painter, const QRect &rect, const QString &name, int rank, const Theme &theme,
    const QColor &ground);
} // namespace chip

/// A customer's health, 0 … 100, as a small bar of 4 pixels height.
namespace healthbar {
inline constexpr int Low = 50; ///< below this the bar takes the colour of risk
void paint(QPainter *painter, const QRectF &rect, int health, const Theme &theme);
QString spoken(int health);
} // namespace healthbar

/// A tier chip as a widget. Takes no keys; its accessible name is "Tier L2 Technical".
class TierChip : public QWidget
{
    Q_OBJECT
public:
    explicit TierChip(QWidget *parent = nullptr);
    /// `id` is what the chip shows ("L2"), `name` what it means ("Technical").
    void setTier(const QString &id, const QString &name, int rank);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override { return sizeHint(); }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    QString m_id;
    int m_rank = 1;
};

/// The health bar as a widget, 72 × 6.
class HealthBar : public QWidget
{
    Q_OBJECT
public:
    explicit HealthBar(QWidget *parent = nullptr);
    void setHealth(std::optional<int> health);
    QSize sizeHint() const override { return { 72, 6 }; }

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    std::optional<int> m_health;
};

} // namespace tierline::ui
