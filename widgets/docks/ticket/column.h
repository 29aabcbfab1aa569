#pragma once

#include <QHBoxLayout>
#include <QWidget>

namespace tierline::ui {

/// Gives `outer` one child in its middle that takes the whole width up to its maximum. What stands
/// in it never makes `outer` wider than it must be. The child is owned by `outer`.
inline QWidget *inColumn(QWidget *outer)
{
    auto *column = new QWidget;
    column->setObjectName(QStringLiteral("column"));
    auto *row = new QHBoxLayout(outer);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(0);
    row->addStretch(1);
    row->addWidget(column, 1000);
    row->addStretch(1);
    return column;
}

/// The child that inColumn() made.
inline QWidget *columnOf(const QWidget *outer)
{
    return outer->findChild<QWidget *>(QStringLiteral("column"), Qt::FindDirectChildrenOnly);
}

} // namespace tierline::ui
