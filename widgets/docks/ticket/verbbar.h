#pragma once

#include "widgets/docks/api/workbench.h"

#include <QWidget>

class QToolButton;

namespace tierline::ui {

/// The verbs that fit the open ticket, as buttons with their keys; what does not fit in the width
/// stands in a menu. Thread: ui.
class VerbBar : public QWidget
{
    Q_OBJECT
public:
    explicit VerbBar(Workbench &workbench, QWidget *parent = nullptr);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void refresh();
    void arrange();

    Workbench &m_workbench;
    QList<QToolButton *> m_buttons;
    QToolButton *m_more;
};

} // namespace tierline::ui
