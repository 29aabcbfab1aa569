#pragma once

#include <QStringList>

class QLabel;
class QWidget;

namespace tierline::ui {

/// Names a control for screen readers and tests: `objectName` for code, `name` for people.
/// Returns the widget, so that it can be written around its making.
template<typename W>
W *named(W *widget, const QString &objectName, const QString &name, const QString &description = {})
{
    widget->setObjectName(objectName);
    widget->setAccessibleName(name);
    if (!description.isEmpty())
        widget->setAccessibleDescription(description);
    return widget;
}

/// Ties a label to its field: mnemonic, and the label's text as the field's name.
void tie(QLabel *label, QWidget *field);

/// Sets the tab order along the list. Hidden and null widgets are left out.
void setTabOrder(const QList<QWidget *> &widgets);

/// The controls below `root` that take keys or clicks but have neither a name nor a text nor a tied
/// label, as "class objectName". Tests hold this to be empty for every window.
QStringList unnamedControls(const QWidget *root);

/// Says something to screen readers that no control shows by itself ("3 tickets arrived").
/// `source` is the widget it belongs to.
void announce(QWidget *source, const QString &text);

} // namespace tierline::ui
