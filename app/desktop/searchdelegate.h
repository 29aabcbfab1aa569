#pragma once

#include <QStyledItemDelegate>

namespace tierline::ui {

/// A search hit in two lines: chip, subject, id; then what was found, with the matches in bold.
class SearchDelegate : public QStyledItemDelegate
{
    Q_OBJECT
public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void paint(QPainter *painter, const QStyleOptionViewItem &option,
        const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;
};

} // namespace tierline::ui
