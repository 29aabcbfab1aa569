#include "widgets/dialogs/wholefield.h"

#include "widgets/common/plainlabel.h"

#include <QPainter>
#include <QStyleOptionFrame>

namespace tierline::ui {

namespace {

constexpr int Least = 56;
constexpr int Edges = 20; ///< frame, padding and the cursor's own room, both sides together

} // namespace

WholeField::WholeField(int most, QWidget *parent)
    : QLineEdit(parent)
    , m_most(most)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    connect(this, &QLineEdit::textChanged, this, [this](const QString &text) {
        setPlainToolTip(this, text);
        if (!hasFocus()) // columns stand still while somebody types
            updateGeometry();
    });
    connect(this, &QLineEdit::editingFinished, this, [this] { updateGeometry(); });
}

int WholeField::wanted() const
{
    const QString &shown = text().isEmpty() ? placeholderText() : text();
    return fontMetrics().horizontalAdvance(shown) + Edges;
}

QSize WholeField::sizeHint() const
{
    return { std::clamp(wanted(), Least, m_most), QLineEdit::sizeHint().height() };
}

bool WholeField::isWhole() const
{
    return wanted() <= width();
}

void WholeField::paintEvent(QPaintEvent *event)
{
    if (hasFocus() || text().isEmpty() || isWhole()) {
        QLineEdit::paintEvent(event);
        return;
    }
    QPainter painter(this);
    QStyleOptionFrame option;
    initStyleOption(&option);
    style()->drawPrimitive(QStyle::PE_PanelLineEdit, &option, &painter, this);
    const QRect room
        = style()->subElementRect(QStyle::SE_LineEditContents, &option, this).adjusted(2, 0, -2, 0);
    painter.setPen(
        palette().color(isEnabled() ? QPalette::Active : QPalette::Disabled, QPalette::Text));
    painter.drawText(room, int(Qt::AlignVCenter | Qt::AlignLeading),
        fontMetrics().elidedText(text(), Qt::ElideRight, room.width()));
}

} // namespace tierline::ui
