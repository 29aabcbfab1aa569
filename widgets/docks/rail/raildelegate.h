#pragma once

#include <QStyledItemDelegate>

namespace tierline::ui {

/// A line of the rail: name at the left, the count at risk in its colour and the total at the right;
/// section headings in small letters. Thread: ui.
class RailDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    enum Role {
        PlaceRole = Qt::UserRole + 1, ///< QString, empty for headings
        TotalRole, ///< qlonglong, -1: not counted yet
        RiskRole, ///< qlonglong, at risk and late together
        LateRole, ///< qlonglong
    };
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;
    /// What a place needs so that its name is never cut, counts included.
    static int widthOf(const QModelIndex &index);
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tierline::ui
